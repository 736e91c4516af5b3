"""People who are not followed over time but come to need a visit: temporary stay (G7), children and others (G8).

Each request is of a new patient. For each source and kind of request every municipality has a Poisson process: for G7
the people in summer houses and on guest nights of the month x a rate, for G8 the people under 65 x a rate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import G7, G8
from sim.errors import Problem, RegionError
from sim.text import Text, listed
from sim.world.arrivals import YEAR_MIN, AcuteTimes, unit_arrivals
from sim.world.calendar import Calendar
from sim.world.csvfile import read_table
from sim.world.laws import guide_table, invert
from sim.world.population import BY_EVERYBODY, BY_UNDER_65, ENROLLED_FILE, Visitors, no_visitors, read_column
from sim.world.profiles import FILE_NAME, GUEST_DIMENSIONS, Profiles, flat_profiles, hourly_weights
from sim.world.projection import expected
from sim.world.streams import VISITORS, Keys
from sim.world.world import Municipality, World

if TYPE_CHECKING:
    from sim.scenario import Scenario

GUEST_COLUMNS: Final = ("summer_house_guests_per_day_july_est", "commercial_guests_per_day_jun_aug_2025")

EVERYBODY: Final = np.ones(4)  # by age group
UNDER_65: Final = np.array([1.0, 1.0, 0.0, 0.0])

ACUTE_NEED: Final = 0  # kinds of request
PLANNED_NEED: Final = 1
CERTIFICATE_NEED: Final = 2

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Source:
    """Requests of one kind from one group: `rate` (municipalities,) a year at intensity 1, and when they come."""

    kind: int
    group: int
    spread: int
    first_process: int
    rate: Floats
    times: AcuteTimes


class Arrivals(NamedTuple):
    """Requests of one source: the visitor's place among the visitors, number, and unit time (mean years)."""

    source: Source
    visitor: Ints
    number: Ints
    unit: Floats


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
    scenario: Scenario, world: World, profiles: Profiles, guests: Floats | None, days: int, acute: AcuteTimes
) -> tuple[Source, ...]:
    """The sources that can give a request. `acute`: when the acute requests of residents come, which those of G8 do
    too; guests follow the same hours and weekdays, and their own months."""
    demand, calendar = scenario.demand, world.calendar
    flat = spread_over(flat_profiles(), calendar, days, acute)
    listed: list[tuple[int, int, int, Floats, AcuteTimes]] = []
    if guests is not None and profiles.guest_month is not None:
        inhabited = expected(world, world.population, EVERYBODY) > 0
        for there, weights in zip(guests * inhabited, profiles.guest_month, strict=True):
            month = np.tile(weights, (3, 1))
            when = spread_over(replace(profiles, month=month), calendar, days, acute)
            calm = spread_over(replace(flat_profiles(), month=month), calendar, days, acute)
            listed.append((ACUTE_NEED, G7, BY_EVERYBODY, demand.G7.acute_per_year * there, when))
            listed.append((PLANNED_NEED, G7, BY_EVERYBODY, demand.G7.planned_per_year * there, calm))
    else:  # the processes of G8 keep their numbers
        nobody = np.zeros(len(world.municipalities))
        listed += [(PLANNED_NEED, G7, BY_EVERYBODY, nobody, flat)] * (2 * len(GUEST_COLUMNS))
    young = expected(world, world.population, UNDER_65) / 1000.0
    listed.append((ACUTE_NEED, G8, BY_UNDER_65, demand.G8.acute_per_1000 * young, acute))
    listed.append((PLANNED_NEED, G8, BY_UNDER_65, demand.G8.planned_per_1000 * young, flat))
    listed.append((CERTIFICATE_NEED, G8, BY_UNDER_65, demand.G8.certificates_per_1000 * young, acute))
    sources = (
        Source(kind, group, spread, number * len(rate), demand.scale * rate, times)
        for number, (kind, group, spread, rate, times) in enumerate(listed)
    )
    return tuple(source for source in sources if source.rate.any())


def spread_over(profiles: Profiles, calendar: Calendar, days: int, acute: AcuteTimes) -> AcuteTimes:
    """When requests come by the weights of the first class; the mix of classes is that of `acute`."""
    weights = hourly_weights(profiles, calendar, days)[0]
    cumulative = np.concatenate([[0.0], np.cumsum(weights * 60.0 / YEAR_MIN)])
    return AcuteTimes(acute.minutes, cumulative, *guide_table(cumulative), acute.class_share)


def draw_visitors(sources: tuple[Source, ...], keys: Keys) -> tuple[Visitors, list[Arrivals]]:
    """Everybody who comes in one replication, and their requests source by source."""
    if not sources:
        return no_visitors(), []
    width = len(sources[0].rate)
    process = np.concatenate([source.first_process + np.arange(width) for source in sources])
    end = np.repeat([source.times.cumulative[-1] for source in sources], width)
    rate = np.concatenate([source.rate for source in sources])
    row, number, unit = unit_arrivals(int(keys.visitor_gap), rate, end, owner=VISITORS + process)
    by_source = np.argsort(row // width, kind="stable")
    row, number, unit = row[by_source], number[by_source], unit[by_source]
    which = row // width
    group, spread = (np.array(values)[which] for values in zip(*((s.group, s.spread) for s in sources), strict=True))
    bounds = np.searchsorted(which, np.arange(len(sources) + 1))
    arrivals = [
        Arrivals(source, np.arange(first, last), number[first:last], unit[first:last])
        for source, (first, last) in zip(sources, pairwise(bounds.tolist()), strict=True)
    ]
    return Visitors(group, row % width, spread, process[row], number), arrivals


def years_of(arrivals: Arrivals) -> Floats:
    """When the requests come, in years from the start; those beyond the run are infinite."""
    times = arrivals.source.times
    interval, minutes = np.empty(len(arrivals.unit), dtype=np.int64), np.empty(len(arrivals.unit))
    invert(arrivals.unit, times.minutes, times.cumulative, times.guide, times.per_cell, interval, minutes)
    years: Floats = minutes / YEAR_MIN
    return years


_NO_MONTHS: Final = Text(
    "rader för klass G7, {dimensions}, saknas; {file} har gäster",
    "rows of class G7, {dimensions}, are missing; {file} has guests",
)
_GUESTS: Final = Text("antalet gäster", "the number of guests")
