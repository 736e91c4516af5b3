"""Who can need a physician at home: one row a patient, drawn for each replication.

The numbers are fixed by the region's tables; where the enrolled live, where they are listed and how much each one needs
are drawn. The order, and so the number of a patient: G1 by municipality, then the residents of the facilities of G2,
G3 and G4, each group in the order of the facility table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from sim.errors import Problem, RegionError
from sim.world.streams import Purpose, address, stream_key, uniforms
from sim.world.tables import read_table
from sim.world.world import Facility, Municipality, World

if TYPE_CHECKING:
    from sim.scenario import Scenario

ENROLLED_FILE: Final = "municipalities.csv"
ENROLLED_COLUMN: Final = "homecare_enrolled_2023_est"
HOME_KINDS: Final = ("sabo", "korttid", "lss")  # in the order of the groups G2, G3, G4

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Population:
    """Patients, each array of length n: `group` (code), `node`, `municipality`, `vardcentral` (-1 if none), `named`
    (uniform in (0, 1)), `multiplier` (own rate over the group's mean; gamma, mean 1)."""

    group: Ints
    node: Ints
    municipality: Ints
    vardcentral: Ints
    named: Floats
    multiplier: Floats

    def __len__(self) -> int:
        return len(self.group)


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


def draw_population(
    scenario: Scenario, world: World, replication: int, enrolled: Ints, enrolment: Floats
) -> Population:
    """Draw the patients of one replication.

    `enrolled` (M,) people of G1 in each municipality; `enrolment` (4,) share enrolled by age group, which weighs the
    places of a municipality against each other. RegionError if people are enrolled where nobody lives.
    """
    homes = home_facilities(world)
    sizes = np.array([residents(world.facilities[index]) for index in homes], dtype=np.int64)
    home_group = np.array([1 + HOME_KINDS.index(world.facilities[index].kind) for index in homes], dtype=np.int64)
    n_enrolled = int(enrolled.sum())
    n = n_enrolled + int(sizes.sum())
    seed = scenario.study.seed
    first = address(np.arange(n), 0)

    def draws(purpose: Purpose, count: int) -> Floats:
        return uniforms(stream_key(seed, replication, purpose), first[:count])

    g1_municipality = np.repeat(np.arange(len(enrolled)), enrolled)
    g1_node = _home_places(draws(Purpose.HOME_PLACE, n_enrolled), g1_municipality, world, enrolled, enrolment)
    g1_vardcentral = _listed_at(draws(Purpose.LISTED_AT, n_enrolled), g1_node, world.listing)

    def of_homes(values: list[int]) -> Ints:
        return np.repeat(np.array(values, dtype=np.int64), sizes)

    facilities = [world.facilities[index] for index in homes]
    return Population(
        group=np.concatenate([np.zeros(n_enrolled, dtype=np.int64), np.repeat(home_group, sizes)]),
        node=np.concatenate([g1_node, of_homes([facility.node for facility in facilities])]),
        municipality=np.concatenate([g1_municipality, of_homes([facility.municipality for facility in facilities])]),
        vardcentral=np.concatenate([g1_vardcentral, of_homes([facility.vardcentral for facility in facilities])]),
        named=draws(Purpose.NAMED_PHYSICIAN, n),
        multiplier=gamma_mean_one(draws(Purpose.RATE_MULTIPLIER, n), scenario.demand.heterogeneity_cv),
    )


def home_facilities(world: World) -> list[int]:
    """Indices of the homes in the order of their residents: sabo, korttid, lss, each in the order of the table."""
    return [i for kind in HOME_KINDS for i, facility in enumerate(world.facilities) if facility.kind == kind]


def gamma_mean_one(u: Floats, cv: float) -> Floats:
    """Gamma values with mean 1 and coefficient of variation `cv` at the probabilities `u`; all 1 when `cv` is 0."""
    if cv == 0:
        return np.ones_like(u)
    shape = 1 / cv**2
    values: Floats = np.asarray(gammaincinv(shape, u) / shape, dtype=np.float64)
    return values


def _home_places(u: Floats, municipality: Ints, world: World, enrolled: Ints, enrolment: Floats) -> Ints:
    """Inverse distribution over the places of each one's municipality, weighted by expected enrolled people."""
    weight = world.population @ enrolment
    node = np.empty(len(u), dtype=np.int64)
    for m, count in enumerate(enrolled):
        if count == 0:
            continue
        places = np.flatnonzero(world.node_municipality == m)
        cumulative = np.cumsum(weight[places])
        if len(places) == 0 or cumulative[-1] <= 0:
            name = world.municipalities[m].name
            message = f"{count} people are enrolled in {name}, where no place has people of the ages enrolled"
            raise RegionError([Problem(ENROLLED_FILE, 0, 0, ENROLLED_COLUMN, message + "; give its places people")])
        here = municipality == m
        node[here] = places[np.searchsorted(cumulative / cumulative[-1], u[here], side="left")]
    return node


def _listed_at(u: Floats, node: Ints, listing: Floats) -> Ints:
    """Inverse distribution over the vårdcentraler of each one's place; -1 where a place lists nobody."""
    if listing.shape[1] == 0:
        return np.full(len(u), -1, dtype=np.int64)
    cumulative = np.cumsum(listing, axis=1)
    total = cumulative[:, -1]
    share = np.where(total[:, None] > 0, cumulative / np.where(total > 0, total, 1)[:, None], 1.0)
    chosen = (u[:, None] > share[node]).sum(axis=1)
    return np.where(total[node] > 0, chosen, -1)
