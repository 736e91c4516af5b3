"""What counting for some months would tell of how much is asked for.

Whoever counts the requests of n months by group of patients, and the patients, has an estimate of each yearly rate. The
variance of its logarithm is 1 / requests counted (Poisson), plus what the own rates of those who happen to be patients
add (cv squared / patients), plus what is not known of the season while months are missing from a year. Visits planned
ahead have no season. Luck that many share, such as an epidemic, is not in the model and not here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.decide.plausible import Floats
from sim.decide.sources import SOURCES
from sim.scenario.fields import value_of
from sim.study.stages import make_stages
from sim.world.demand import read_inputs
from sim.world.extent import WEEKS_PER_YEAR, requests
from sim.world.projection import grown

if TYPE_CHECKING:
    from sim.scenario.plausible import Plausible
    from sim.scenario.schema import Scenario
    from sim.world.profiles import Profiles

MONTHS: Final = (1, 3, 6, 12)
COUNTED: Final = tuple(f"source.{name}" for name in ("acute_rates", "planned_rates", "certificates"))
ALL: Final = "counted"  # the three at once
YEAR: Final = 12
_EDGES: Final = 2 * 1.6448536269514722  # standard deviations from 5 % to 95 %
_ALIKE: Final = ("demand.G[78].*", "*.certificates_per_*", "*.round_visits_per_year")  # rates without own multipliers
_EVEN: Final = ("*.planned_per_*", "*.round_visits_per_year")  # without season


def counted_patterns() -> tuple[str, ...]:
    """The inputs that a count tells of."""
    return tuple(p for source in SOURCES if f"source.{source.name}" in COUNTED for p in source.patterns)


def noise_of(scenario: Scenario, laws: Mapping[str, Plausible], keys: Sequence[str]) -> Floats:
    """(len(MONTHS), keys): the variance with which a count of so many months tells the normal score of each rate; where
    nothing is asked for, infinite. Raises RegionError."""
    numbers, profiles = expected_requests(scenario)
    season = season_variance(profiles)
    cv = scenario.demand.heterogeneity_cv
    found = np.full((len(MONTHS), len(keys)), math.inf)
    for column, key in enumerate(keys):
        number = numbers.get(key, 0.0)
        if number <= 0 or key not in laws:
            continue
        spread = math.log(laws[key].high / laws[key].low) / _EDGES
        patients = number / (float(value_of(scenario, key)) * scenario.demand.scale)
        own = 0.0 if _is(key, _ALIKE) else cv**2 / patients
        for row, months in enumerate(MONTHS):
            left = 0.0 if _is(key, _EVEN) else season / months * (YEAR - months) / (YEAR - 1)
            found[row, column] = (YEAR / (months * number) + own + left) / spread**2
    return found


def expected_requests(scenario: Scenario) -> tuple[dict[str, float], Profiles]:
    """The requests expected in a year (on rounds the residents seen) by the field that makes them as many; and the
    region's profiles. Raises RegionError."""
    world = make_stages(scenario, ()).world
    inputs = read_inputs(scenario, world)
    world, enrolled = grown(scenario, world, inputs.enrolled, inputs.profiles.enrolment, inputs.projection)
    years = (scenario.calendar.warm_up_weeks + scenario.calendar.weeks) / WEEKS_PER_YEAR
    parts = requests(scenario, world, enrolled, inputs.profiles, inputs.guests)
    return {part.key: part.number / years for part in parts}, inputs.profiles


def season_variance(profiles: Profiles) -> float:
    """The variance of the logarithm of how much busier one month is than the mean, as far as it is not known."""
    spreads = [
        math.log(row.high / row.low) / _EDGES for row in profiles.rows if row.dimension == "month" and row.low > 0
    ]
    return float(np.mean(np.square(spreads))) if spreads else 0.0


def _is(key: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(key, pattern) for pattern in patterns)
