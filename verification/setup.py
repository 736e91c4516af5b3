"""Worlds, tapes and organisations of the cases, from the project's own public pieces; and running them.

Nothing here asks an engine for anything special: a queue is a place without distances, a server a physician who never
goes off duty, a customer an acute request.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.codes import DAG, HELG, KVALL, NATT
from sim.columns import filled, rows_of
from sim.engine import ENGINES, Journal
from sim.grid import to_grid
from sim.organisation import ALWAYS, Area, Between, Organisation, Pool, Post, Principal, Sharing, route
from sim.scenario import Scenario
from sim.study.stages import Kept, Stages, make_stages
from sim.text import Text, same
from sim.world.calendar import Calendar
from sim.world.tape import DemandTape, Patients, Requests
from sim.world.world import Municipality, World
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


def bare_calendar(days: int, office: bool = False) -> Calendar:
    """`days` days from a Monday, without holidays; with `office` every hour is an office hour."""
    day = np.arange(days)
    weekday = (day % 7).astype(np.int64)
    open_day = np.ones(days, dtype=np.bool_) if office else weekday < 5
    hour = np.tile(np.arange(24), days)
    by_day = np.repeat(open_day, 24)
    window = np.where((hour >= 22) | (hour < 8), NATT, np.where(~by_day, HELG, np.where(hour < 17, DAG, KVALL)))
    if office:
        window = np.full(24 * days, DAG)
    return Calendar(dt.date(2024, 1, 1), weekday, open_day, np.ones(days, dtype=np.int64), window.astype(np.int64))


def make_world(travel_min: Sequence[Sequence[float]] | Floats, days: int, *, one_municipality: bool = False,
               office: bool = False) -> World:  # fmt: skip
    """Places with these minutes between them (kilometres the same number), each its own municipality unless told."""
    minutes = np.asarray(travel_min, dtype=np.float64)
    n = len(minutes)
    owner = np.zeros(n, dtype=np.int64) if one_municipality else np.arange(n)
    return World(
        region="theory",
        municipalities=tuple(Municipality(str(m), f"Kommun {m}", 1000) for m in range(int(owner.max()) + 1)),
        node_name=tuple(f"Ort {i}" for i in range(n)), node_kind=("locality",) * n,
        node_lat=np.zeros(n), node_lon=np.zeros(n), node_municipality=owner, population=np.ones((n, 4)),
        facilities=(), vardcentraler=(), listing=np.zeros((n, 0)), travel_min=to_grid(minutes),
        travel_km=to_grid(minutes), calendar=bare_calendar(days, office), outlines=((),) * (int(owner.max()) + 1),
        travel_note=same(""), checksums=(),
    )  # fmt: skip


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
    n = len(times_h)
    node = np.zeros(n, dtype=np.int64) if node is None else node
    where = {"node": node, "municipality": world.node_municipality[node]}
    requests = filled(
        Requests, n, **where, patient=np.arange(n), klass=klass, t0_min=to_grid(times_h * HOUR),
        on_scene_min=to_grid(service_h * HOUR), patience_min=patience_h * HOUR, due_day=due_day,
    )  # fmt: skip
    patients = filled(Patients, n, **where)
    return DemandTape(len(world.calendar.weekday) * DAY, warm_up_h * HOUR, requests, patients)


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
    return staged(organisation, world, engine).run_one(organisation.name, tape)


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
        for key, value in measure(tape, stages.run_one(organisation.name, tape)).items():
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
