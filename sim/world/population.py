"""Who can need a physician at home: one row a patient, drawn for each replication.

The numbers are fixed by the region's tables; where the enrolled live, where they are listed and how much each one needs
are drawn. The order, and so the number of a patient: G1 by municipality, then the residents of the facilities of G2,
G3 and G4, each group in the order of the facility table.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem, RegionError
from sim.jit import compiled
from sim.world.elementary import normal_quantiles
from sim.world.laws import first_at_least, gamma_of, gamma_table
from sim.world.streams import Keys, uniform_at, wrapping
from sim.world.tables import read_table
from sim.world.world import Facility, Municipality, World

if TYPE_CHECKING:
    from sim.scenario import Scenario

ENROLLED_FILE: Final = "municipalities.csv"
ENROLLED_COLUMN: Final = "homecare_enrolled_2023_est"
HOME_KINDS: Final = ("sabo", "korttid", "lss")  # in the order of the groups G2, G3, G4

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Population(NamedTuple):
    """Patients, each array of length n: `group` (code), `node`, `municipality`, `vardcentral` (-1 if none), `named`
    (uniform in (0, 1)), `multiplier` (own rate over the group's mean; gamma, mean 1)."""

    group: Ints
    node: Ints
    municipality: Ints
    vardcentral: Ints
    named: Floats
    multiplier: Floats


class PopulationPlan(NamedTuple):
    """What is the same in every replication. n patients, of which the first `n_enrolled` are G1 and choose home place
    and vårdcentral: `node` and `vardcentral` (n,) hold for the others.

    The places of municipality m are entries `place_first[m]` to `place_first[m + 1]` of `place`, with cumulative
    shares in `place_share`; `listed_share` is (N * V,), the cumulative shares of a place's vårdcentraler, zeros where
    nobody is listed.
    """

    n_enrolled: int
    n_vardcentraler: int
    group: Ints
    node: Ints
    municipality: Ints
    vardcentral: Ints
    place_first: Ints
    place: Ints
    place_share: Floats
    listed_share: Floats
    multiplier_table: Floats


def residents(facility: Facility) -> int:
    """How many people live in (or how many places has) a home: its size rounded, halves upward; 0 for other kinds."""
    return max(0, math.floor(facility.size + 0.5)) if facility.kind in HOME_KINDS else 0


def read_enrolled(folder: Path, municipalities: tuple[Municipality, ...]) -> Ints:
    """People enrolled in home care in each municipality, rounded (halves upward), from `municipalities.csv`.

    The table needs the columns `code` and `homecare_enrolled_2023_est`. RegionError carries every problem found.
    """
    problems: list[Problem] = []
    table = read_table(folder / ENROLLED_FILE, ("code", ENROLLED_COLUMN), problems)
    enrolled: dict[str, float] = {}
    for row in table.rows:
        enrolled[table.text(row, "code")] = table.number(row, ENROLLED_COLUMN, 0, 1e7, "the number of people enrolled")
    for municipality in municipalities if table.rows else ():
        if municipality.code not in enrolled:
            message = f"no line has the code {municipality.code} ({municipality.name}); add one"
            problems.append(Problem(str(table.path), 0, 0, "code", message))
    if problems:
        raise RegionError(problems)
    return np.array([math.floor(enrolled[m.code] + 0.5) for m in municipalities], dtype=np.int64)


def plan_population(scenario: Scenario, world: World, enrolled: Ints, enrolment: Floats) -> PopulationPlan:
    """All that can be said of the patients before a replication is drawn.

    `enrolled` (M,) people of G1 in each municipality; `enrolment` (4,) share enrolled by age group, which weighs the
    places of a municipality against each other. RegionError if people are enrolled where nobody lives.
    """
    homes = [world.facilities[index] for index in home_facilities(world)]
    sizes = np.array([residents(home) for home in homes], dtype=np.int64)
    n_enrolled = int(enrolled.sum())

    def everybody(first: Ints, values: list[int]) -> Ints:
        return np.concatenate([first, np.repeat(np.array(values, dtype=np.int64), sizes)])

    to_come = np.full(n_enrolled, -1, dtype=np.int64)
    place_first, place, place_share = _home_places(world, enrolled, enrolment)
    return PopulationPlan(
        n_enrolled=n_enrolled,
        n_vardcentraler=world.listing.shape[1],
        group=everybody(np.zeros(n_enrolled, dtype=np.int64), [1 + HOME_KINDS.index(home.kind) for home in homes]),
        node=everybody(to_come, [home.node for home in homes]),
        municipality=everybody(np.repeat(np.arange(len(enrolled)), enrolled), [home.municipality for home in homes]),
        vardcentral=everybody(to_come, [home.vardcentral for home in homes]),
        place_first=place_first,
        place=place,
        place_share=place_share,
        listed_share=_listed_shares(world.listing),
        multiplier_table=gamma_table(scenario.demand.heterogeneity_cv),
    )


def draw_population(plan: PopulationPlan, keys: Keys) -> Population:
    """Draw the patients of one replication."""
    n = len(plan.group)
    drawn = Population(
        plan.group.copy(), plan.node.copy(), plan.municipality.copy(), plan.vardcentral.copy(), np.empty(n), np.empty(n)
    )
    with wrapping():
        settle(plan, keys, drawn)
    return drawn


@compiled
def settle(plan: PopulationPlan, keys: Keys, drawn: Population) -> None:
    """Fill in what chance decides about each patient."""
    for i in range(plan.n_enrolled):
        m = plan.municipality[i]
        u = uniform_at(keys.home_place, i, 0)
        node = plan.place[first_at_least(plan.place_share, plan.place_first[m], plan.place_first[m + 1], u)]
        drawn.node[i] = node
        begin = node * plan.n_vardcentraler
        end = begin + plan.n_vardcentraler
        listed = first_at_least(plan.listed_share, begin, end, uniform_at(keys.listed_at, i, 0))
        drawn.vardcentral[i] = listed - begin if listed < end else -1
    for i in range(len(drawn.named)):
        drawn.named[i] = uniform_at(keys.named_physician, i, 0)
        drawn.multiplier[i] = uniform_at(keys.rate_multiplier, i, 0)
    normal_quantiles(drawn.multiplier)
    for i in range(len(drawn.multiplier)):
        drawn.multiplier[i] = gamma_of(drawn.multiplier[i], plan.multiplier_table)


def home_facilities(world: World) -> list[int]:
    """Indices of the homes in the order of their residents: sabo, korttid, lss, each in the order of the table."""
    return [i for kind in HOME_KINDS for i, facility in enumerate(world.facilities) if facility.kind == kind]


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
