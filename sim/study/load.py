"""Before a run: how much work is asked for, of whom, and how many physicians are there for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import CLASSES, DAG, PLANNED, WINDOWS

if TYPE_CHECKING:
    from sim.engine import Prepared, Tables
    from sim.world.tape import DemandTape
    from sim.world.world import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

YEAR_MIN = 52 * 7 * 1440.0
PLANNED_CLASSES = np.array([CLASSES.index(name) for name in PLANNED])


@dataclass(frozen=True)
class OfferedLoad:
    """(municipalities, windows) arrays: `requests` a year, and `busy`, the mean number of physicians kept busy in the
    window's hours if every request were met at once. A window that the calendar does not hold has 0."""

    requests: Floats
    busy: Floats


@dataclass(frozen=True)
class PoolLoad:
    """What an organisation's pools have to do and to do it with, P pools, M municipalities, W windows.

    Over the whole calendar: `hours_per_week` (P, W) rostered, which with `rest_hours_per_week` (P,), paid after shifts,
    sum to the hours of the pool; `on_duty` (P, W) physicians on duty in the window's hours on average.
    After the warm-up: `requests` (P, M, W) a year that the pool is asked about first, and `busy` (P, M, W), the
    mean number of physicians they keep busy in the window's hours if every one were met at once.
    """

    hours_per_week: Floats
    rest_hours_per_week: Floats
    on_duty: Floats
    requests: Floats
    busy: Floats

    @property
    def utilisation(self) -> Floats:
        """(P, W) busy physicians to a physician on duty; infinite where work is asked for and nobody is there, NaN
        where there is neither."""
        with np.errstate(divide="ignore", invalid="ignore"):
            shares: Floats = self.busy.sum(axis=1) / self.on_duty
        return shares


def offered_load(tape: DemandTape, world: World) -> OfferedLoad:
    """The work in one drawn tape, after the warm-up. What a scenario refuses is in it."""
    work = work_of(tape, world)
    shape = (len(world.municipalities), len(WINDOWS))
    case = work.municipality * len(WINDOWS) + work.window
    return OfferedLoad(total(case, shape) / work.years, busy_in(total(case, shape, work.minutes), work))


def pool_load(tape: DemandTape, world: World, tables: Tables, prepared: Prepared | None = None) -> PoolLoad:
    """The work in one drawn tape by the pool that is asked first, as the routes say, beside the hours of the pools.

    Work as for `offered_load`, without what is refused. `prepared` (of the same world and tables) spares work.
    OrganisationError if nobody is there for a request.
    """
    work = work_of(tape, world)
    pool = first_asked(tape, world, tables, prepared)[work.request]
    shape = (len(tables.pool_names), len(world.municipalities), len(WINDOWS))
    asked = pool >= 0
    case = ((pool * shape[1] + work.municipality) * shape[2] + work.window)[asked]
    hours, rest = hours_by_window(world, tables)
    open_hours = np.bincount(world.calendar.window, minlength=len(WINDOWS)) / (len(world.calendar.weekday) / 7)
    return PoolLoad(
        hours,
        rest,
        divide(hours, open_hours),
        total(case, shape) / work.years,
        busy_in(total(case, shape, work.minutes[asked]), work),
    )


# --- work -----------------------------------------------------------------------------------------


class Work(NamedTuple):
    """Requests after the warm-up: number on the tape, municipality, window in which the work counts, and minutes of it.
    `open_hours` (windows,) and `years` are those of the same time."""

    request: Ints
    municipality: Ints
    window: Ints
    minutes: Floats
    open_hours: Floats
    years: float


def work_of(tape: DemandTape, world: World) -> Work:
    """A request's work is its minutes on scene and of documentation plus the mean expected trip between two requests of
    its municipality; of one solved by telephone, the call. It counts in the window when it was logged; planned visits
    and rounds in dag, when they are made."""
    request = np.flatnonzero(tape.t0_min >= tape.warm_up_min)
    municipality = tape.municipality[request]
    hours = world.calendar.window
    logged = hours[np.minimum(tape.t0_min[request] // 60.0, len(hours) - 1).astype(np.int64)]
    window = np.where(np.isin(tape.klass[request], PLANNED_CLASSES), DAG, logged)
    trip = mean_trip(municipality, tape.node[request], world)
    visit = tape.on_scene_min[request] + tape.documentation_min[request] + trip[municipality]
    return Work(
        request,
        municipality,
        window,
        np.where(tape.telephone[request] == 1, tape.call_min[request], visit),
        np.bincount(hours[int(tape.warm_up_min // 60.0) :], minlength=len(WINDOWS)).astype(np.float64),
        (tape.horizon_min - tape.warm_up_min) / YEAR_MIN,
    )


def mean_trip(municipality: Ints, node: Ints, world: World) -> Floats:
    """Per municipality, the mean expected minutes between two of its requests."""
    weight = np.zeros((len(world.municipalities), len(world.node_name)))
    np.add.at(weight, (municipality, node), 1.0)
    total = np.maximum(weight.sum(axis=1), 1.0)
    trips: Floats = np.einsum("mi,ij,mj->m", weight, world.travel_min, weight) / total**2
    return trips


def total(case: Ints, shape: tuple[int, ...], weights: Floats | None = None) -> Floats:
    """How many there are of each case, or the sum of their weights, as an array of that shape."""
    sums = np.bincount(case, weights=weights, minlength=int(np.prod(shape)))
    return sums.reshape(shape).astype(np.float64)


def busy_in(minutes: Floats, work: Work) -> Floats:
    """Physicians kept busy by (..., windows) minutes of work."""
    return divide(minutes / 60.0, work.open_hours)


def divide(hours: Floats, open_hours: Floats) -> Floats:
    """(..., windows) hours of work to an hour of the window; 0 in a window without hours."""
    quotient: Floats = np.divide(hours, open_hours, out=np.zeros_like(hours), where=open_hours > 0)
    return quotient


def first_asked(tape: DemandTape, world: World, tables: Tables, prepared: Prepared | None = None) -> Ints:
    """The pool that each request is put to first, as a run would: -1 for what is refused."""
    from sim.engine.running import make_run
    from sim.engine.state import REFUSED

    of_team = np.full(tables.n_teams, -1, dtype=np.int64)
    for pool, asked in enumerate(tables.asked):
        of_team[[team.team for teams in asked.teams for team in teams]] = pool
    run = make_run(tape, world, tables, prepared)
    rows, steps = np.asarray(run.state.requests), np.asarray(run.state.steps)
    return np.where(rows["stage"] == REFUSED, -1, of_team[steps["team"][rows["first_step"]]])


# --- hours ----------------------------------------------------------------------------------------


def hours_by_window(world: World, tables: Tables) -> tuple[Floats, Floats]:
    """(P, W) rostered hours a week of each pool in each window, and (P,) those of paid rest. They sum to
    `tables.pool_hours_per_week`."""
    roster, pools = tables.roster, tables.organisation.pools
    weeks = len(world.calendar.weekday) / 7
    minutes = minutes_by_window(world, roster.start, roster.end)
    hours = np.stack([np.bincount(roster.pool, weights=part, minlength=len(pools)) for part in minutes.T], axis=1)
    rest = np.bincount(roster.pool, minlength=len(pools)) * np.array([pool.rest_h for pool in pools])
    return hours / 60.0 / weeks, rest / weeks


def minutes_by_window(world: World, start: Floats, end: Floats) -> Floats:
    """(S, W) minutes of each stretch that lie in each window. What goes on after the calendar's end counts as on its
    first days."""
    calendar = world.calendar.window
    window = np.resize(calendar, max(len(calendar), int(end.max(initial=0.0) // 60.0)) + 1)
    inside = window[:, None] == np.arange(len(WINDOWS))
    before = np.concatenate([np.zeros((1, len(WINDOWS))), 60.0 * np.cumsum(inside, axis=0)])

    def up_to(time: Floats) -> Floats:
        hour = (time // 60.0).astype(np.int64)
        minutes: Floats = before[hour] + inside[hour] * (time - 60.0 * hour)[:, None]
        return minutes

    return up_to(end) - up_to(start)
