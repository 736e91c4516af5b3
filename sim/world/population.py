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
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import numpy as np

from sim.codes import G1, G3, G5, G6
from sim.columns import Column, Floats, Ints, room
from sim.errors import HembesokError, Problem, RegionError
from sim.jit import compiled
from sim.text import Text
from sim.world.arrivals import ACUTE, CERTIFICATE, CRISIS, KINDS, PLANNED
from sim.world.csvfile import read_table
from sim.world.elementary import log
from sim.world.laws import Shares, gamma_table, gammas_mean_one, shares_of, values_at
from sim.world.points import BLOCK_MIN, DAY_MIN, YEAR_MIN, Points, Processes, Weights, points_below, weights
from sim.world.streams import BORDERLINE, HOMES, ORDINALS, PERSONS, ROUNDS, UNITS, Keys, uniforms_of, wrapping
from sim.world.world import Facility, Municipality, World

if TYPE_CHECKING:
    from sim.scenario import Scenario

ENROLLED_FILE: Final = "municipalities.csv"
ENROLLED_COLUMN: Final = "homecare_enrolled_2023_est"
ENROLLED_RANGE: Final = ("homecare_low", "homecare_high")
HOME_KINDS: Final = ("sabo", "korttid", "lss")  # in the order of the groups G2, G3, G4
MONTHS_PER_YEAR: Final = 12

# Who is spread over the places of a municipality, each kind by weights of its own.
BY_ENROLMENT: Final = 0
BY_65_PLUS: Final = 1
BY_EVERYBODY: Final = 2
BY_UNDER_65: Final = 3
SPREADS: Final = 4


class Population(NamedTuple):
    """Patients."""

    group: Annotated[Ints, Column("code of the group")]
    origin: Annotated[Ints, Column("the group before palliative needs, which decides the acute rate")]
    node: Annotated[Ints, Column("home place")]
    municipality: Annotated[Ints, Column("municipality of that place")]
    vardcentral: Annotated[Ints, Column("vårdcentral where listed, -1 if none")]
    named: Annotated[Floats, Column("uniform that points out the named physician")]
    multiplier: Annotated[Floats, Column("own rate over the group's mean")]
    mobility: Annotated[Floats, Column("mobility score, 0 to 1; 0 outside G6")]
    from_min: Annotated[Floats, Column("present from (0: from the start)")]
    to_min: Annotated[Floats, Column("present to before (inf: to the end)")]
    address: Annotated[Ints, Column("index of what is drawn for the patient")]


class Visitors(NamedTuple):
    """Those who come and go, each for one need."""

    group: Annotated[Ints, Column("code of the group")]
    municipality: Annotated[Ints, Column("where they are")]
    spread: Annotated[Ints, Column("how they are spread over its places")]
    kind: Annotated[Ints, Column("kind of need")]
    address: Annotated[Ints, Column("index of all that is drawn for them")]
    minute: Annotated[Floats, Column("when the need comes, on the grid")]
    least_factor: Annotated[Floats, Column("asked for where acute demand is more than so many times; 0 if not acute")]


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
    numbers = read_column(folder, municipalities, ENROLLED_COLUMN, _ENROLLED_PEOPLE)
    return np.floor(numbers + 0.5).astype(np.int64)


def read_enrolled_range(folder: Path, municipalities: tuple[Municipality, ...]) -> Floats | None:
    """(2, municipalities) low and high of the people enrolled; None where the table does not give both. RegionError
    carries every problem found."""
    header = read_table(folder / ENROLLED_FILE, ("code",), []).header
    if not all(column in header for column in ENROLLED_RANGE):
        return None
    return np.array([read_column(folder, municipalities, column, _ENROLLED_PEOPLE) for column in ENROLLED_RANGE])


def read_column(folder: Path, municipalities: tuple[Municipality, ...], column: str, what: Text) -> Floats:
    """(municipalities,) numbers of at least 0 in a column of `municipalities.csv`."""
    problems: list[Problem] = []
    table = read_table(folder / ENROLLED_FILE, ("code", column), problems)
    found: dict[str, float] = {}
    for row in table.rows:
        found[table.text(row, "code")] = table.number(row, column, 0, 1e7, what)
    for municipality in municipalities if table.rows else ():
        if municipality.code not in found:
            message = _NO_LINE.format(code=municipality.code, name=municipality.name)
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
        stays=Processes(owner * ORDINALS, stay_rates(scenario)[group][None, :], np.zeros_like(group)),
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
    count = 1 + np.bincount(left.process, minlength=len(plan.group))
    first = np.concatenate([[0], np.cumsum(count)])
    slot, end = np.repeat(np.arange(len(plan.group)), count), first[-1]
    people, spread = room(Population, end + len(come.group)), np.empty(end + len(come.group), dtype=np.int64)
    for column, own, theirs in (
        (people.origin, plan.group, come.group), (people.municipality, plan.municipality, come.municipality),
        (people.node, plan.node, -1), (people.vardcentral, plan.vardcentral, -1), (spread, plan.spread, come.spread),
        (people.address, plan.stays.first, come.address),
    ):  # fmt: skip
        np.take(own, slot, out=column[:end], mode="wrap")  # "raise" would copy
        column[end:] = theirs
    people.from_min[:], people.to_min[:] = 0.0, np.inf
    line_up(first, left, people.from_min, people.address)
    people.to_min[: end - 1] = people.from_min[1:end]
    people.to_min[first[1:] - 1] = np.inf
    with wrapping():
        settle(plan, keys, spread, people)
    return people, first


def no_visitors() -> Visitors:
    """Nobody comes and goes."""
    return room(Visitors, 0)


@compiled
def line_up(first: Ints, left: Points, came: Floats, address: Ints) -> None:
    """Put the departures in order of time: who comes after each has the next row of its slot. The first row of a slot
    is its first patient's."""
    end = first[:-1].copy()  # the last row of each slot that is written
    for d in range(len(left.mark)):
        end[left.process[d]] += 1
        row = end[left.process[d]]
        while came[row - 1] > left.minute[d]:
            came[row] = came[row - 1]
            address[row] = address[row - 1]
            row -= 1
        came[row] = left.minute[d]
        address[row] = left.address[d]


def settle(plan: PopulationPlan, keys: Keys, spread: Ints, people: Population) -> None:
    """Fill in what chance decides about each patient: home place and vårdcentral where `spread` is not -1, group, own
    rate, named physician, mobility."""
    address = people.address
    rows = np.flatnonzero(spread >= 0)
    at, which = address[rows], spread[rows] * plan.n_municipalities + people.municipality[rows]
    node = plan.place[plan.homes.first[which] + values_at(uniforms_of(keys.home_place, at), plan.homes, which)]
    listed = values_at(uniforms_of(keys.listed_at, at), plan.listed, node)
    people.node[rows] = node
    people.vardcentral[rows] = np.where(listed < plan.n_vardcentraler, listed, -1)
    people.group[:] = people.origin
    people.group[np.flatnonzero(uniforms_of(keys.palliative, address) < plan.palliative[people.origin])] = G5
    people.mobility[:] = 0.0
    rows = np.flatnonzero(people.origin == G6)
    people.mobility[rows] = mobility_score(uniforms_of(keys.mobility, address[rows]))
    people.named[:] = uniforms_of(keys.named_physician, address)
    people.multiplier[:] = uniforms_of(keys.rate_multiplier, address)
    gammas_mean_one(people.multiplier, plan.multiplier_table)


def rates_of(a_year: Floats, people: Population, first: Ints, blocks: int) -> tuple[Floats, Floats]:
    """The yearly rate (kinds, patients) of every need of each patient in a slot, and the highest (blocks, kinds *
    slots) of a slot. The own rate holds for acute and planned needs and crises, not for certificates."""
    rate, highest = np.empty((KINDS, first[-1])), np.zeros((blocks, KINDS * (len(first) - 1)))
    group, origin, own = (column[: first[-1]] for column in (people.group, people.origin, people.multiplier))
    rate[ACUTE] = a_year[ACUTE, origin] * own
    rate[CRISIS] = a_year[CRISIS, group] * own
    rate[CERTIFICATE] = a_year[CERTIFICATE, origin]
    rate[PLANNED] = a_year[PLANNED, group] * own
    find_highest(first, people.from_min, people.to_min, rate, highest)
    return rate, highest


@compiled
def find_highest(first: Ints, from_min: Floats, to_min: Floats, rate: Floats, highest: Floats) -> None:
    """The highest rate of each need in each slot and block, among those who are there in the block."""
    slots = len(first) - 1
    end = len(highest) * BLOCK_MIN
    for kind in range(len(rate)):
        for s in range(slots):
            for row in range(first[s], first[s + 1]):
                block = int(from_min[row] / BLOCK_MIN)
                while block < len(highest) and block * BLOCK_MIN <= min(to_min[row], end):
                    highest[block, kind * slots + s] = max(highest[block, kind * slots + s], rate[kind, row])
                    block += 1


def mobility_score(u: Floats) -> Floats:
    """The symmetric triangular value on 0 to 1 at probability `u`: the share below a threshold t <= 0.5 is 2 t**2."""
    return np.where(u < 0.5, np.sqrt(0.5 * u), 1.0 - np.sqrt(0.5 * (1.0 - u)))


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
                message = _NOBODY.format(count=count, name=world.municipalities[m].name)
                raise RegionError([Problem(ENROLLED_FILE, 0, 0, ENROLLED_COLUMN, message)])
            places.append(here[:0] if nobody else here)
            shares.append(np.empty(0) if nobody else cumulative / cumulative[-1])
    return np.concatenate(places), shares_of(shares)


def _listed_shares(listing: Floats) -> Shares:
    """Cumulative shares of the vårdcentraler of each place."""
    cumulative = np.cumsum(listing, axis=1)
    total = cumulative[:, -1:] if listing.shape[1] else 1.0
    return shares_of(list(cumulative / np.where(total > 0, total, 1.0)))


_ENROLLED_PEOPLE: Final = Text("antalet inskrivna i hemsjukvård", "the number of people enrolled")
_NO_LINE: Final = Text(
    "ingen rad har koden {code} ({name}); lägg till en", "no line has the code {code} ({name}); add one"
)
_NOBODY: Final = Text(
    "{count} personer är inskrivna i {name}, där ingen ort har invånare i de åldrar som skrivs in; ge orterna invånare",
    "{count} people are enrolled in {name}, where no place has people of the ages enrolled; give its places people",
)
