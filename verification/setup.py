"""Worlds, tapes and organisations of the cases, from the project's own public pieces; and running them.

Nothing here asks an engine for anything special: a queue is a place without distances, a server a physician who never
goes off duty, a customer an acute request.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.columns import rows_of
from sim.engine import ENGINES, Journal
from sim.grid import to_grid
from sim.organisation import ALWAYS, Area, Between, Organisation, Pool, Post, Principal, Sharing, route
from sim.scenario import Scenario
from sim.scripted import scripted_calendar, scripted_world, tape_of_columns
from sim.study.stages import Kept, Stages, make_stages
from sim.text import Text
from sim.world.tape import DemandTape
from sim.world.world import World
from verification.draws import Draws
from verification.rows import BOTH, Z_LIMIT, Figure, Figures, Row, exact

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HOUR: Final = 60.0
DAY: Final = 1440.0
SKIP_H: Final = 500.0  # a case begins empty: not counted
END_H: Final = 100.0  # nor is the end, where requests are cut off
COMPARED: Final = 10_000  # requests of each case that are run on both clocks
NAMELESS: Final = Text("", "")


@dataclasses.dataclass(frozen=True)
class Effort:
    """How often a case is repeated: `share` of its replications, `least` at least. `slack` widens the half-width
    that is asked for; `z_limit` is how far off an estimate may be."""

    share: float = 1.0
    least: int = 30
    slack: float = 1.0
    z_limit: float = Z_LIMIT
    compared: int = COMPARED

    def replications(self, usual: int) -> int:
        """Replications of a case that usually takes this many."""
        return max(min(usual, self.least), round(self.share * usual))

    def accepts(self, row: Row) -> bool:
        """The verdict on a row."""
        return row.passes(self.slack, self.z_limit)


FULL: Final = Effort()
QUICK: Final = Effort(share=0.2, least=10, slack=4.0, z_limit=6.0, compared=1_000)  # t with 9 degrees of freedom


# --- worlds ---------------------------------------------------------------------------------------


def make_world(travel_min: Sequence[Sequence[float]] | Floats, days: int, *, one_municipality: bool = False,
               office: bool = False) -> World:  # fmt: skip
    """Places with these minutes between them, each its own municipality unless told; with `office` every hour is an
    office hour."""
    owner = [0] * len(travel_min) if one_municipality else None
    return scripted_world(travel_min, municipality=owner, calendar=scripted_calendar(days, always_office=office))


def one_place(requests: float, per_hour: float, **how: bool) -> World:
    """A single place without distances, for as many days as bring about this many requests."""
    return make_world([[0.0]], int(requests / per_hour / 24) + 1, **how)


def hours_of(world: World) -> float:
    """Length of a run in hours."""
    return len(world.calendar.weekday) * 24.0


# --- tapes ----------------------------------------------------------------------------------------


def queue_tape(
    world: World,
    times_h: Floats,
    service_h: Floats,
    *,
    node: Ints | None = None,
    klass: Ints | None = None,
    patience_h: float = np.inf,
    due_day: Ints | None = None,
    warm_up_h: float = SKIP_H,
) -> DemandTape:
    """A tape of requests with these times and on-scene durations in hours, all else zero; acute unless `klass` says
    otherwise. Nobody plans: expected durations are 0."""
    return tape_of_columns(
        world, warm_up_h * HOUR, node=0 if node is None else node, klass=klass, t0_min=to_grid(times_h * HOUR),
        on_scene_min=to_grid(service_h * HOUR), patience_min=patience_h * HOUR, due_day=due_day,
    )  # fmt: skip


def beginning(tape: DemandTape, requests: int) -> DemandTape:
    """The first requests of a tape."""
    return dataclasses.replace(tape, requests=rows_of(tape.requests, slice(requests)))


# --- organisations --------------------------------------------------------------------------------


def always(base: int = 0, lines: int = 1) -> Post:
    """Physicians at a place, on duty from the first minute to the last."""
    return Post(f"Ort {base}", ALWAYS, lines)


def team(
    *posts: Post,
    area: Area = Area.EVERYBODY,
    between: Between = Between.STAND_BY,
    sharing: Sharing = Sharing.SILO,
) -> Organisation:
    """An organisation of one pool that all requests go to. Nothing of the scenario's staffing is left to it: overtime
    without limit, no breaks, planned work at any time, blocks of half an hour."""
    pool = Pool(
        "team", NAMELESS, Principal.REGION, posts, area, between, overtime_min=np.inf, break_min=0.0, planned_share=1.0,
        block_min=30.0,
    )  # fmt: skip
    only = route(pool, hand_over_min=0.0)
    return Organisation("theory", NAMELESS, NAMELESS, (pool,), (only,), sharing=sharing)


def staged(organisation: Organisation, world: World, engine: str = "compiled") -> Stages:
    """The organisation in a world under the default scenario; what a case depends on, its pool states itself."""
    return make_stages(Scenario(), [organisation], engine, world, Kept())


def go(tape: DemandTape, world: World, organisation: Organisation, engine: str = "compiled") -> Journal:
    """One run."""
    stages = staged(organisation, world, engine)
    return stages.run_one(organisation.name, stages.draw(1, tape))


# --- running --------------------------------------------------------------------------------------

Draw = Callable[[Draws], DemandTape]
Measure = Callable[[DemandTape, Journal], Figures]


def replicate(
    name: str, world: World, organisation: Organisation, draw: Draw, measure: Measure, replications: int,
    compared: int = COMPARED,
) -> tuple[dict[str, list[Figure]], Row]:  # fmt: skip
    """Each measure over the replications on the compiled clock, and the row of comparing the clocks."""
    stages = staged(organisation, world)
    found: dict[str, list[Figure]] = {}
    clocks = None
    for i in range(1, replications + 1):
        tape = draw(Draws(name, i))
        clocks = clocks or clocks_row(name, beginning(tape, compared), world, organisation)
        for key, value in measure(tape, stages.run_one(organisation.name, stages.draw(i, tape))).items():
            found.setdefault(key, []).append(value)
    assert clocks is not None
    return found, clocks


def clocks_row(name: str, tape: DemandTape, world: World, organisation: Organisation) -> Row:
    """Fields of the journal in which the clocks differ in any bit: none."""
    differ = differing_fields(*(go(tape, world, organisation, engine) for engine in ENGINES))
    return exact(name, f"fields that differ between the clocks ({len(tape)} requests)", 0, len(differ), engine=BOTH)


def differing_fields(one: Journal, other: Journal) -> list[str]:
    """Names of the journal's fields that differ in type or in any bit."""
    both = zip(one.columns(), other.columns(), strict=True)
    return [name for (name, a), (_, b) in both if a.dtype != b.dtype or not np.array_equal(a, b, equal_nan=True)]
