"""Who can need a physician at home: one row a patient, drawn for each replication.

Enrolments and places are *slots*: their number is fixed by the region's tables, and a slot whose patient leaves gets
the next at once. Where the enrolled live, where they are listed, how much each one needs and how long each one stays
are drawn. The order of slots: G1 by municipality, the places of the facilities of G2, G3 and G4, each group in the
order of the facility table, then G6 by municipality; the patients of a slot follow each other. After them come visitors
(G7 and G8, `sim.world.visitors`), one patient for each request.

A slot is known by its municipality or home and its number there, and a patient by the slot and the change that brought
him, so that more people are more people and the others stay who they are.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import G1, G3, G5, G6
from sim.errors import HembesokError, Problem, RegionError
from sim.jit import compiled
from sim.world.arrivals import ACUTE, CERTIFICATE, CRISIS, PLANNED
from sim.world.csvfile import read_table
from sim.world.elementary import exp, log, normal_quantiles
from sim.world.laws import Shares, gamma_table, log_gamma_of, shares_of, value_at
from sim.world.points import DAY_MIN, YEAR_MIN, Points, Processes, Weights, points_below, table, weights
from sim.world.streams import BORDERLINE, HOMES, ORDINALS, PERSONS, ROUNDS, UNITS, Keys, uniform_of, wrapping
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
    over the group's mean; gamma, mean 1), `mobility` (0 to 1; 0 outside G6), presence in minutes, and `address` of what
    is drawn for the patient."""

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
    address: Ints


class Visitors(NamedTuple):
    """Those who come and go, one row each: group, municipality, how they are spread over its places, kind of need,
    address of all that is drawn for them, and the minute of the need."""

    group: Ints
    municipality: Ints
    spread: Ints
    kind: Ints
    address: Ints
    minute: Floats


class PopulationPlan(NamedTuple):
    """What is the same in every replication. S slots; where `spread` is not -1 home place and vårdcentral are drawn,
    else `node` and `vardcentral` hold. `owner` of the draws; `stays` the processes of departures, `always` their
    weight.

    The places of spread s in municipality m (number j = s * M + m) are entries `homes.first[j]` to `homes.first[j + 1]`
    of `place`, chosen by the shares `homes`; `listed` the shares of the vårdcentraler by place, zeros where nobody is
    listed. `palliative` (groups,) share who become G5.
    """

    n_municipalities: int
    n_vardcentraler: int
    owner: Ints
    group: Ints
    node: Ints
    municipality: Ints
    vardcentral: Ints
    spread: Ints
    stays: Processes
    always: Weights
    place: Ints
    homes: Shares
    listed: Shares
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
    scenario: Scenario, world: World, enrolled: Ints, enrolment: Floats, hours: int = 0
) -> PopulationPlan:
    """All that can be said of the patients before a replication is drawn.

    `enrolled` (M,) people of G1 in each municipality; `enrolment` (4,) share enrolled by age group, which weighs the
    places of a municipality against each other; `hours` the length of the run. RegionError if people are enrolled where
    nobody lives.
    """
    demand = scenario.demand
    of_homes = home_facilities(world)
    homes = [world.facilities[index] for index in of_homes]
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
    unit = np.concatenate([numbers, HOMES + np.array(of_homes, dtype=np.int64), BORDERLINE + numbers])
    owner = owners(unit, np.concatenate([enrolled, sizes, borderline]))
    place, homes_of = _all_spreads(world, enrolled, enrolment)
    return PopulationPlan(
        n_municipalities=len(world.municipalities),
        n_vardcentraler=world.listing.shape[1],
        owner=owner,
        group=group,
        node=everybody(-1, [home.node for home in homes], -1),
        municipality=everybody(
            np.repeat(numbers, enrolled), [home.municipality for home in homes], np.repeat(numbers, borderline)
        ),
        vardcentral=everybody(-1, [home.vardcentral for home in homes], -1),
        spread=everybody(BY_ENROLMENT, [-1] * len(homes), BY_65_PLUS),
        stays=Processes(owner * ORDINALS, stay_rates(scenario)[group], np.zeros_like(group)),
        always=weights(np.ones((1, hours))),
        place=place,
        homes=homes_of,
        listed=_listed_shares(world.listing),
        palliative=np.array([demand.G5.share_G1, demand.G5.share_G2, demand.G5.share_G3, 0.0, 0.0, 0.0, 0.0, 0.0]),
        multiplier_table=gamma_table(demand.heterogeneity_cv),
    )


def owners(unit: Ints, size: Ints) -> Ints:
    """The owners of the places of every unit, end to end. HembesokError if there are more than addresses."""
    if size.max(initial=0) > ROUNDS:
        message = f"{size.max()} patients at a time in one municipality or home; at most {ROUNDS} are possible"
        raise HembesokError(message)
    if unit.max(initial=0) >= UNITS:
        raise HembesokError(
            f"a home is facility {unit.max() - HOMES} of the region; at most {UNITS - HOMES} are possible"
        )
    number = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    owner: Ints = np.repeat(unit, size) * PERSONS + number
    return owner


def stay_rates(scenario: Scenario) -> Floats:
    """(groups,) departures a year of a patient who is there: G1 from the monthly turnover, G3 from the mean stay."""
    rates = np.zeros(8)
    rates[G1] = -MONTHS_PER_YEAR * log(1.0 - scenario.demand.G1.turnover_per_month)
    rates[G3] = YEAR_MIN / DAY_MIN / scenario.demand.G3.stay_days
    return rates


def draw_population(plan: PopulationPlan, keys: Keys, visitors: Visitors | None = None) -> tuple[Population, Ints]:
    """The patients of one replication: those of the slots, and the visitors that are known by then; and where the
    patients of each slot begin (one more entry for the end)."""
    come = no_visitors() if visitors is None else visitors
    left = points_below(keys.stay_gap, keys.stay_minute, plan.stays, plan.always)
    slots, n = len(plan.group), len(plan.group) + len(left.mark) + len(come.group)
    drawn = table(Population, n, {"named", "multiplier", "mobility", "from_min", "to_min"})
    first, spread = np.zeros(slots + 1, dtype=np.int64), np.empty(n, dtype=np.int64)
    with wrapping():
        line_up(plan, left, come, first, drawn, spread)
        settle(plan, keys, spread, drawn)
    return drawn, first


def no_visitors() -> Visitors:
    """Nobody comes and goes."""
    return table(Visitors, 0, {"minute"})


@compiled
def line_up(plan: PopulationPlan, left: Points, come: Visitors, first: Ints, drawn: Population, spread: Ints) -> None:
    """Who follows whom: the patients of every slot in turn, then the visitors. `left`: every departure, in any order;
    `first` (slots + 1,) zeros, filled in."""
    slots = len(plan.group)
    for d in range(len(left.mark)):
        first[left.process[d] + 1] += 1
    for s in range(slots):
        first[s + 1] += first[s] + 1
        for row in range(first[s], first[s + 1]):
            drawn.origin[row] = plan.group[s]
            drawn.node[row] = plan.node[s]
            drawn.municipality[row] = plan.municipality[s]
            drawn.vardcentral[row] = plan.vardcentral[s]
            drawn.address[row] = plan.owner[s] * ORDINALS
            drawn.from_min[row] = 0.0 if row == first[s] else np.inf
            spread[row] = plan.spread[s]
    for d in range(len(left.mark)):
        end = first[left.process[d] + 1]
        row = end - 1
        while drawn.from_min[row] < np.inf:  # the last that is free
            row -= 1
        while row + 1 < end and drawn.from_min[row + 1] < left.minute[d]:
            drawn.from_min[row] = drawn.from_min[row + 1]
            drawn.address[row] = drawn.address[row + 1]
            row += 1
        drawn.from_min[row] = left.minute[d]
        drawn.address[row] = left.address[d]
    for s in range(slots):
        for row in range(first[s], first[s + 1]):
            drawn.to_min[row] = drawn.from_min[row + 1] if row + 1 < first[s + 1] else np.inf
    n = first[slots]
    for v in range(len(come.group)):
        drawn.origin[n] = come.group[v]
        drawn.node[n] = -1
        drawn.municipality[n] = come.municipality[v]
        drawn.vardcentral[n] = -1
        drawn.address[n] = come.address[v]
        drawn.from_min[n] = 0.0
        drawn.to_min[n] = np.inf
        spread[n] = come.spread[v]
        n += 1


@compiled
def settle(plan: PopulationPlan, keys: Keys, spread: Ints, drawn: Population) -> None:
    """Fill in what chance decides about each patient."""
    address = drawn.address
    for i in range(len(address)):
        if spread[i] >= 0:
            j = spread[i] * plan.n_municipalities + drawn.municipality[i]
            home = value_at(uniform_of(keys.home_place, address[i]), plan.homes, j)
            drawn.node[i] = plan.place[plan.homes.first[j] + home]
            listed = value_at(uniform_of(keys.listed_at, address[i]), plan.listed, drawn.node[i])
            drawn.vardcentral[i] = listed if listed < plan.n_vardcentraler else -1
    for i in range(len(address)):
        share = plan.palliative[drawn.origin[i]]
        drawn.group[i] = drawn.origin[i]
        if share > 0.0 and uniform_of(keys.palliative, address[i]) < share:
            drawn.group[i] = G5
        drawn.mobility[i] = 0.0
        if drawn.origin[i] == G6:
            drawn.mobility[i] = mobility_score(uniform_of(keys.mobility, address[i]))
    for i in range(len(address)):
        drawn.named[i] = uniform_of(keys.named_physician, address[i])
        drawn.multiplier[i] = uniform_of(keys.rate_multiplier, address[i])
    normal_quantiles(drawn.multiplier)
    for i in range(len(address)):
        drawn.multiplier[i] = log_gamma_of(drawn.multiplier[i], plan.multiplier_table)
    for i in range(len(address)):  # apart, for the processor to take several at a time
        drawn.multiplier[i] = exp(drawn.multiplier[i])


@compiled
def rates_of(a_year: Floats, people: Population, first: Ints, rate: Floats, highest: Floats) -> None:
    """The yearly rate (kinds, patients) of every need of each patient in a slot, and the highest (kinds, slots) of a
    slot. The own rate holds for acute and planned needs and crises, not for certificates."""
    for s in range(len(first) - 1):
        for kind in range(len(a_year)):
            highest[kind, s] = 0.0
        for row in range(first[s], first[s + 1]):
            rate[ACUTE, row] = a_year[ACUTE, people.origin[row]] * people.multiplier[row]
            rate[CRISIS, row] = a_year[CRISIS, people.group[row]] * people.multiplier[row]
            rate[CERTIFICATE, row] = a_year[CERTIFICATE, people.origin[row]]
            rate[PLANNED, row] = a_year[PLANNED, people.group[row]] * people.multiplier[row]
            for kind in range(len(a_year)):
                highest[kind, s] = max(highest[kind, s], rate[kind, row])


@compiled
def mobility_score(u: float) -> float:
    """The symmetric triangular value on 0 to 1 at probability `u`: the share below a threshold t <= 0.5 is 2 t**2."""
    if u < 0.5:
        return float(np.sqrt(0.5 * u))
    return float(1.0 - np.sqrt(0.5 * (1.0 - u)))


def home_facilities(world: World) -> list[int]:
    """Indices of the homes in the order of their residents: sabo, korttid, lss, each in the order of the table."""
    return [i for kind in HOME_KINDS for i, facility in enumerate(world.facilities) if facility.kind == kind]


def _all_spreads(world: World, enrolled: Ints, enrolment: Floats) -> tuple[Ints, Shares]:
    """The places of every spread and municipality, laid end to end, and their shares of the people in question."""
    ages = {BY_ENROLMENT: enrolment, BY_65_PLUS: [0, 0, 1, 1], BY_EVERYBODY: [1, 1, 1, 1], BY_UNDER_65: [1, 1, 0, 0]}
    places, shares = [np.empty(0, dtype=np.int64)], []
    for spread in range(SPREADS):
        weight = world.population @ np.asarray(ages[spread], dtype=np.float64)
        for m, count in enumerate(enrolled.tolist()):
            here = np.flatnonzero(world.node_municipality == m)
            cumulative = np.cumsum(weight[here])
            nobody = len(here) == 0 or cumulative[-1] <= 0
            if nobody and spread == BY_ENROLMENT and count > 0:
                name = world.municipalities[m].name
                message = f"{count} people are enrolled in {name}, where no place has people of the ages enrolled"
                raise RegionError([Problem(ENROLLED_FILE, 0, 0, ENROLLED_COLUMN, message + "; give its places people")])
            places.append(here[:0] if nobody else here)
            shares.append(np.empty(0) if nobody else cumulative / cumulative[-1])
    return np.concatenate(places), shares_of(shares)


def _listed_shares(listing: Floats) -> Shares:
    """Cumulative shares of the vårdcentraler of each place."""
    cumulative = np.cumsum(listing, axis=1)
    total = cumulative[:, -1:] if listing.shape[1] else 1.0
    return shares_of(list(cumulative / np.where(total > 0, total, 1.0)))
