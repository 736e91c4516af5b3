"""Who can need a physician at home: one row a patient, drawn for each replication.

Enrolments and places are *slots*: their number is fixed by the region's tables, and a slot whose patient leaves gets
the next at once. Where the enrolled live, where they are listed, how much each one needs and how long each one stays
are drawn. The order of slots: G1 by municipality, the places of the facilities of G2, G3 and G4, each group in the
order of the facility table, then G6 by municipality; the patients of a slot follow each other. After them come visitors
(G7 and G8, `sim.world.visitors`), one patient for each request.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import G1, G3, G5, G6
from sim.errors import Problem, RegionError
from sim.jit import compiled
from sim.world.arrivals import DAYS_PER_YEAR, YEAR_MIN, unit_arrivals
from sim.world.csvfile import read_table
from sim.world.elementary import log, normal_quantiles
from sim.world.laws import first_at_least, gamma_of, gamma_table, on_grid
from sim.world.streams import SLOTS, VISITORS, Keys, uniform_at, wrapping
from sim.world.world import Facility, Municipality, World

if TYPE_CHECKING:
    from sim.scenario import Scenario

ENROLLED_FILE: Final = "municipalities.csv"
ENROLLED_COLUMN: Final = "homecare_enrolled_2023_est"
HOME_KINDS: Final = ("sabo", "korttid", "lss")  # in the order of the groups G2, G3, G4
MONTHS_PER_YEAR: Final = 12

# Who is spread over the places of a municipality, each kind by weights of its own.
BY_ENROLMENT: Final = 0
BY_65_PLUS: Final = 1
BY_EVERYBODY: Final = 2
BY_UNDER_65: Final = 3
SPREADS: Final = 4

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Population(NamedTuple):
    """Patients, each array of length n: `group` (code), `origin` (the group before palliative needs, which decides the
    acute rate), `node`, `municipality`, `vardcentral` (-1 if none), `named` (uniform in (0, 1)), `multiplier` (own rate
    over the group's mean; gamma, mean 1), `mobility` (0 to 1; 0 outside G6), presence in minutes, and (`owner`,
    `ordinal`) the address of what is drawn for the patient."""

    group: Ints
    origin: Ints
    node: Ints
    municipality: Ints
    vardcentral: Ints
    named: Floats
    multiplier: Floats
    mobility: Floats
    from_min: Floats
    to_min: Floats
    owner: Ints
    ordinal: Ints


class Visitors(NamedTuple):
    """Those who come and go, one row each: group, municipality, how they are spread over its places, their process of
    arrival and number in it."""

    group: Ints
    municipality: Ints
    spread: Ints
    process: Ints
    number: Ints


class PopulationPlan(NamedTuple):
    """What is the same in every replication. S slots; where `spread` is not -1 home place and vårdcentral are drawn,
    else `node` and `vardcentral` hold. `stay_rate` departures a year.

    The places of spread s in municipality m (number j = s * M + m) are entries `place_first[j]` to `place_first[j + 1]`
    of `place`, with cumulative shares in `place_share`; `listed_share` is (N * V,), the cumulative shares of a place's
    vårdcentraler, zeros where nobody is listed. `palliative` (groups,) share who become G5.
    """

    n_municipalities: int
    n_vardcentraler: int
    years: float
    group: Ints
    node: Ints
    municipality: Ints
    vardcentral: Ints
    spread: Ints
    stay_rate: Floats
    place_first: Ints
    place: Ints
    place_share: Floats
    listed_share: Floats
    palliative: Floats
    multiplier_table: Floats


def residents(facility: Facility) -> int:
    """How many people live in (or how many places has) a home: its size rounded, halves upward; 0 for other kinds."""
    return max(0, math.floor(facility.size + 0.5)) if facility.kind in HOME_KINDS else 0


def read_enrolled(folder: Path, municipalities: tuple[Municipality, ...]) -> Ints:
    """People enrolled in home care in each municipality, rounded (halves upward), from `municipalities.csv`.

    The table needs the columns `code` and `homecare_enrolled_2023_est`. RegionError carries every problem found.
    """
    numbers = read_column(folder, municipalities, ENROLLED_COLUMN, "the number of people enrolled")
    return np.floor(numbers + 0.5).astype(np.int64)


def read_column(folder: Path, municipalities: tuple[Municipality, ...], column: str, what: str) -> Floats:
    """(municipalities,) numbers of at least 0 in a column of `municipalities.csv`."""
    problems: list[Problem] = []
    table = read_table(folder / ENROLLED_FILE, ("code", column), problems)
    found: dict[str, float] = {}
    for row in table.rows:
        found[table.text(row, "code")] = table.number(row, column, 0, 1e7, what)
    for municipality in municipalities if table.rows else ():
        if municipality.code not in found:
            message = f"no line has the code {municipality.code} ({municipality.name}); add one"
            problems.append(Problem(str(table.path), 0, 0, "code", message))
    if problems:
        raise RegionError(problems)
    return np.array([found[m.code] for m in municipalities], dtype=np.float64)


def plan_population(
    scenario: Scenario, world: World, enrolled: Ints, enrolment: Floats, years: float = 0.0
) -> PopulationPlan:
    """All that can be said of the patients before a replication is drawn.

    `enrolled` (M,) people of G1 in each municipality; `enrolment` (4,) share enrolled by age group, which weighs the
    places of a municipality against each other; `years` the length of the run. RegionError if people are enrolled where
    nobody lives.
    """
    demand = scenario.demand
    homes = [world.facilities[index] for index in home_facilities(world)]
    sizes = np.array([residents(home) for home in homes], dtype=np.int64)
    older = np.bincount(
        world.node_municipality, weights=world.population[:, 2:].sum(axis=1), minlength=len(world.municipalities)
    )
    borderline = np.floor(demand.G6.share_65plus * older + 0.5).astype(np.int64)
    first, last = int(enrolled.sum()), int(borderline.sum())

    def everybody(before: Ints | int, values: list[int], after: Ints | int) -> Ints:
        own = np.repeat(np.array(values, dtype=np.int64), sizes)
        return np.concatenate([np.broadcast_to(before, first), own, np.broadcast_to(after, last)]).astype(np.int64)

    group = everybody(G1, [1 + HOME_KINDS.index(home.kind) for home in homes], G6)
    numbers = np.arange(len(world.municipalities))
    place_first, place, place_share = _all_spreads(world, enrolled, enrolment)
    return PopulationPlan(
        n_municipalities=len(world.municipalities),
        n_vardcentraler=world.listing.shape[1],
        years=years,
        group=group,
        node=everybody(-1, [home.node for home in homes], -1),
        municipality=everybody(
            np.repeat(numbers, enrolled), [home.municipality for home in homes], np.repeat(numbers, borderline)
        ),
        vardcentral=everybody(-1, [home.vardcentral for home in homes], -1),
        spread=everybody(BY_ENROLMENT, [-1] * len(homes), BY_65_PLUS),
        stay_rate=stay_rates(scenario)[group],
        place_first=place_first,
        place=place,
        place_share=place_share,
        listed_share=_listed_shares(world.listing),
        palliative=np.array([demand.G5.share_G1, demand.G5.share_G2, demand.G5.share_G3, 0.0, 0.0, 0.0, 0.0, 0.0]),
        multiplier_table=gamma_table(demand.heterogeneity_cv),
    )


def stay_rates(scenario: Scenario) -> Floats:
    """(groups,) departures a year of a patient who is there: G1 from the monthly turnover, G3 from the mean stay."""
    rates = np.zeros(8)
    rates[G1] = -MONTHS_PER_YEAR * log(1.0 - scenario.demand.G1.turnover_per_month)
    rates[G3] = DAYS_PER_YEAR / scenario.demand.G3.stay_days
    return rates


def draw_population(plan: PopulationPlan, keys: Keys, visitors: Visitors | None = None) -> Population:
    """Draw the patients of one replication: those of the slots, and the visitors that are known by then."""
    come = no_visitors() if visitors is None else visitors
    slot, _, left = unit_arrivals(int(keys.stay), plan.stay_rate, plan.years)
    n = len(plan.group) + len(slot) + len(come.group)
    whole = {"group", "origin", "node", "municipality", "vardcentral", "owner", "ordinal"}
    drawn = Population(*(np.empty(n, dtype=np.int64 if name in whole else float) for name in Population._fields))
    spread = np.empty(n, dtype=np.int64)
    with wrapping():
        line_up(plan, slot, left, come, drawn, spread)
        settle(plan, keys, spread, drawn)
    return drawn


def no_visitors() -> Visitors:
    """Nobody comes and goes."""
    return Visitors(*(np.empty(0, dtype=np.int64) for _ in Visitors._fields))


@compiled
def line_up(plan: PopulationPlan, slot: Ints, left: Floats, come: Visitors, drawn: Population, spread: Ints) -> None:
    """Who follows whom: the patients of every slot in turn, then the visitors. `slot` and `left` (years) of every
    departure, those of a slot in order of time."""
    slots = len(plan.group)
    first = np.zeros(slots + 1, dtype=np.int64)
    for d in range(len(slot)):
        first[slot[d] + 1] += 1
    for s in range(slots):
        first[s + 1] += first[s] + 1
        for row in range(first[s], first[s + 1]):
            drawn.origin[row] = plan.group[s]
            drawn.node[row] = plan.node[s]
            drawn.municipality[row] = plan.municipality[s]
            drawn.vardcentral[row] = plan.vardcentral[s]
            drawn.owner[row] = s + (row - first[s]) * SLOTS
            drawn.ordinal[row] = 0
            drawn.from_min[row] = 0.0
            drawn.to_min[row] = np.inf
            spread[row] = plan.spread[s]
    present = first[:slots].copy()
    for d in range(len(slot)):
        row = present[slot[d]]
        minute = on_grid(left[d] * YEAR_MIN)
        drawn.to_min[row] = minute
        drawn.from_min[row + 1] = minute
        present[slot[d]] = row + 1
    row = first[slots]
    for v in range(len(come.group)):
        drawn.origin[row] = come.group[v]
        drawn.node[row] = -1
        drawn.municipality[row] = come.municipality[v]
        drawn.vardcentral[row] = -1
        drawn.owner[row] = VISITORS + come.process[v]
        drawn.ordinal[row] = come.number[v]
        drawn.from_min[row] = 0.0
        drawn.to_min[row] = np.inf
        spread[row] = come.spread[v]
        row += 1


@compiled
def settle(plan: PopulationPlan, keys: Keys, spread: Ints, drawn: Population) -> None:
    """Fill in what chance decides about each patient."""
    owner, ordinal = drawn.owner, drawn.ordinal
    for i in range(len(owner)):
        if spread[i] >= 0:
            j = spread[i] * plan.n_municipalities + drawn.municipality[i]
            u = uniform_at(keys.home_place, owner[i], ordinal[i])
            node = plan.place[first_at_least(plan.place_share, plan.place_first[j], plan.place_first[j + 1], u)]
            drawn.node[i] = node
            begin = node * plan.n_vardcentraler
            end = begin + plan.n_vardcentraler
            listed = first_at_least(plan.listed_share, begin, end, uniform_at(keys.listed_at, owner[i], ordinal[i]))
            drawn.vardcentral[i] = listed - begin if listed < end else -1
    for i in range(len(owner)):
        share = plan.palliative[drawn.origin[i]]
        drawn.group[i] = drawn.origin[i]
        if share > 0.0 and uniform_at(keys.palliative, owner[i], ordinal[i]) < share:
            drawn.group[i] = G5
        drawn.mobility[i] = 0.0
        if drawn.origin[i] == G6:
            drawn.mobility[i] = mobility_score(uniform_at(keys.mobility, owner[i], ordinal[i]))
    for i in range(len(owner)):
        drawn.named[i] = uniform_at(keys.named_physician, owner[i], ordinal[i])
        drawn.multiplier[i] = uniform_at(keys.rate_multiplier, owner[i], ordinal[i])
    normal_quantiles(drawn.multiplier)
    for i in range(len(owner)):
        drawn.multiplier[i] = gamma_of(drawn.multiplier[i], plan.multiplier_table)


@compiled
def mobility_score(u: float) -> float:
    """The symmetric triangular value on 0 to 1 at probability `u`: the share below a threshold t <= 0.5 is 2 t**2."""
    if u < 0.5:
        return float(np.sqrt(0.5 * u))
    return float(1.0 - np.sqrt(0.5 * (1.0 - u)))


def home_facilities(world: World) -> list[int]:
    """Indices of the homes in the order of their residents: sabo, korttid, lss, each in the order of the table."""
    return [i for kind in HOME_KINDS for i, facility in enumerate(world.facilities) if facility.kind == kind]


def _all_spreads(world: World, enrolled: Ints, enrolment: Floats) -> tuple[Ints, Ints, Floats]:
    """The places and shares of every spread and municipality, laid end to end."""
    ages = {BY_ENROLMENT: enrolment, BY_65_PLUS: [0, 0, 1, 1], BY_EVERYBODY: [1, 1, 1, 1], BY_UNDER_65: [1, 1, 0, 0]}
    first, places, shares = [np.zeros(1, dtype=np.int64)], [], []
    for spread in range(SPREADS):
        need = enrolled if spread == BY_ENROLMENT else np.zeros_like(enrolled)
        begin, place, share = _home_places(world, need, np.asarray(ages[spread], dtype=np.float64))
        first.append(first[-1][-1] + begin[1:])
        places.append(place)
        shares.append(share)
    return np.concatenate(first), np.concatenate(places), np.concatenate(shares)


def _home_places(world: World, enrolled: Ints, enrolment: Floats) -> tuple[Ints, Ints, Floats]:
    """Per municipality its places and their cumulative shares of the expected enrolled people, laid end to end."""
    weight = world.population @ enrolment
    first = np.zeros(len(enrolled) + 1, dtype=np.int64)
    places, shares = [np.empty(0, dtype=np.int64)], [np.empty(0)]
    for m, count in enumerate(enrolled.tolist()):
        here = np.flatnonzero(world.node_municipality == m)
        cumulative = np.cumsum(weight[here])
        nobody = len(here) == 0 or cumulative[-1] <= 0
        if nobody and count > 0:
            name = world.municipalities[m].name
            message = f"{count} people are enrolled in {name}, where no place has people of the ages enrolled"
            raise RegionError([Problem(ENROLLED_FILE, 0, 0, ENROLLED_COLUMN, message + "; give its places people")])
        if not nobody:
            places.append(here.astype(np.int64))
            shares.append(cumulative / cumulative[-1])
        first[m + 1] = sum(len(part) for part in places)
    return first, np.concatenate(places), np.concatenate(shares)


def _listed_shares(listing: Floats) -> Floats:
    """Cumulative shares of the vårdcentraler of each place, end to end."""
    if listing.shape[1] == 0:
        return np.empty(0)
    cumulative = np.cumsum(listing, axis=1)
    total = cumulative[:, -1:]
    shares: Floats = (cumulative / np.where(total > 0, total, 1.0)).ravel()
    return shares
