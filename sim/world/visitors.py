"""People who are not followed over time but come to need a visit: temporary stay (G7), children and others (G8).

Each request is of a new patient. For each source and kind of need every municipality has a Poisson process: for G7
the people in summer houses and on guest nights of the month x a rate, for G8 the people under 65 x a rate.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.codes import G7, G8
from sim.columns import Floats, Ints, rows_of
from sim.errors import Problem, RegionError
from sim.text import Text, listed
from sim.world.arrivals import ACUTE, CERTIFICATE, PLANNED
from sim.world.csvfile import read_table
from sim.world.points import HOUR_MIN, MARGIN, Processes, Weights, points_below, weights
from sim.world.population import BY_EVERYBODY, BY_UNDER_65, ENROLLED_FILE, Visitors, read_column
from sim.world.profiles import FILE_NAME, GUEST_DIMENSIONS, Profiles, flat_profiles, hourly_weights
from sim.world.projection import expected
from sim.world.streams import MUNICIPALITIES, ORDINALS, VISITORS, Keys
from sim.world.world import Municipality, World

if TYPE_CHECKING:
    from sim.scenario import Scenario

GUEST_COLUMNS: Final = ("summer_house_guests_per_day_july_est", "commercial_guests_per_day_jun_aug_2025")

EVERYBODY: Final = np.ones(4)  # by age group
UNDER_65: Final = np.array([1.0, 1.0, 0.0, 0.0])


class Sources(NamedTuple):
    """Needs of one kind of one group. By source: `kind`, `group` and `spread` over the places of a municipality, and
    the weights of the run; by process, one for each source and municipality: `municipality`, and rates with the source
    as profile."""

    kind: Ints
    group: Ints
    spread: Ints
    weights: Weights
    municipality: Ints
    processes: Processes


def read_guests(folder: Path, municipalities: tuple[Municipality, ...], profiles: Profiles) -> Floats | None:
    """(2, M) people in summer houses on a day in July and on guest nights on a mean day of June to August, from
    `municipalities.csv`; None if the table has neither column. RegionError if one is missing, or the months of them in
    `profiles.csv`, or a number is wrong."""
    header = read_table(folder / ENROLLED_FILE, ("code",), []).header
    if not any(column in header for column in GUEST_COLUMNS):
        return None
    if profiles.guest_month is None:
        message = _NO_MONTHS.format(dimensions=listed(GUEST_DIMENSIONS), file=ENROLLED_FILE)
        raise RegionError([Problem(str(folder / FILE_NAME), 0, 0, "class", message)])
    return np.array([read_column(folder, municipalities, column, _GUESTS) for column in GUEST_COLUMNS])


def plan_sources(
    scenario: Scenario, world: World, profiles: Profiles, guests: Floats | None, acute: Floats, wave: Floats
) -> Sources:
    """All sources. `acute` (hours,): when the acute requests of residents come, which those of G8 do too; guests follow
    the same hours and weekdays, and their own months. `wave` (hours,): factor on acute needs."""
    demand, calendar, days = scenario.demand, world.calendar, len(acute) // 24
    flat = np.ones(len(acute))
    young = expected(world, world.population, UNDER_65) / 1000.0
    listed: list[tuple[int, int, int, Floats, Floats]] = [
        (ACUTE, G8, BY_UNDER_65, acute * wave, demand.G8.acute_per_1000 * young),
        (PLANNED, G8, BY_UNDER_65, flat, demand.G8.planned_per_1000 * young),
        (CERTIFICATE, G8, BY_UNDER_65, acute, demand.G8.certificates_per_1000 * young),
    ]
    if guests is not None and profiles.guest_month is not None:
        inhabited = expected(world, world.population, EVERYBODY) > 0
        for there, by_month in zip(guests * inhabited, profiles.guest_month, strict=True):
            month = np.tile(by_month, (3, 1))
            when = hourly_weights(replace(profiles, month=month), calendar, days)[0]
            calm = hourly_weights(replace(flat_profiles(), month=month), calendar, days)[0]
            listed.append((ACUTE, G7, BY_EVERYBODY, when * wave, demand.G7.acute_per_year * there))
            listed.append((PLANNED, G7, BY_EVERYBODY, calm, demand.G7.planned_per_year * there))
    kind, group, spread, weight, rate = map(np.array, zip(*listed, strict=True))
    number, municipality = (part.ravel() for part in np.indices(rate.shape))
    first = (VISITORS + number * MUNICIPALITIES + municipality) * ORDINALS
    processes = Processes(first, demand.scale * rate.reshape(1, -1), number)
    return Sources(kind, group, spread, weights(weight), municipality, processes)


def draw_visitors(sources: Sources, keys: Keys, factor: float = 1.0) -> Visitors:
    """Everybody who comes in one replication, and when, where acute demand is `factor` times as large."""
    rate, profile = sources.processes.rate[0], sources.processes.profile
    acute = sources.kind == ACUTE
    widest = sources.processes._replace(rate=(rate * np.where(acute[profile], factor * MARGIN, 1.0))[None, :])
    points = points_below(keys.need_gap, keys.need_minute, widest, sources.weights)
    source = profile[points.process]
    level = rate[points.process] * sources.weights.by_hour[source, (points.minute / HOUR_MIN).astype(np.int64)]
    least = np.where(acute[source], points.mark / level, 0.0)
    points, source, least = rows_of(points, least < factor), source[least < factor], least[least < factor]
    return Visitors(
        group=sources.group[source],
        municipality=sources.municipality[points.process],
        spread=sources.spread[source],
        kind=sources.kind[source],
        address=points.address,
        minute=points.minute,
        least_factor=least,
    )


_NO_MONTHS: Final = Text(
    "rader för klass G7, {dimensions}, saknas; {file} har gäster",
    "rows of class G7, {dimensions}, are missing; {file} has guests",
)
_GUESTS: Final = Text("antalet gäster", "the number of guests")
