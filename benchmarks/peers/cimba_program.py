"""The team in cimba (models compiled by Numba on a C engine), twice.

`VisitTeam` is written as its guides teach: a process for each visit, a priority store as queue, a timer for patience.
`EventTeam` is the fastest way that was found: cimba moves time by one event a visit, and all the rest is Numba over
arrays; patience is looked at when somebody becomes free. Both read and write numpy arrays through their addresses,
because cimba's own results are captured samples, which are slower.

Import this before Numba has compiled anything else: cimba's view of model fields has to be known first.
"""

# mypy: ignore-errors
# The methods below are Numba's, compiled by cimba; their types are only known there.

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import cimba as cb
import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from benchmarks.common import TICKS, Case, PeerJournal

LEVELS = 3  # A1, A2, A3


@intrinsic
def as_pointer(context: Any, address: Any) -> Any:
    """An address as the pointer that `numba.carray` takes."""

    def make(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(types.int64), make


@numba.njit
def floats(address: int, n: int) -> Any:
    """The array of n numbers at an address."""
    return numba.carray(as_pointer(address), n, np.float64)


@numba.njit
def ints(address: int, n: int) -> Any:
    """The array of n whole numbers at an address."""
    return numba.carray(as_pointer(address), n, np.int64)


@numba.njit
def nearest(team: Any, now: float, r: int) -> tuple[int, float]:
    """The nearest free physician (-1: none) and the expected minutes."""
    m = team.people
    travel = floats(team.travel, team.nodes * team.nodes)
    busy, base, place = ints(team.busy, m), ints(team.base, m), ints(team.place, m)
    since, home_at = floats(team.since, m), floats(team.home_at, m)
    node = ints(team.node, team.n)[r]
    best, least = -1, math.inf
    for u in range(m):
        if busy[u] == 0:
            minutes = travel[base[u] * team.nodes + node]
            if now < home_at[u]:
                homeward = travel[place[u] * team.nodes + base[u]]
                part = (now - since[u]) / (home_at[u] - since[u])
                driven = math.floor(homeward * part * TICKS + 0.5) / TICKS
                onward = homeward - driven + minutes
                back = driven + travel[place[u] * team.nodes + node]
                minutes = back if back <= onward else onward
            if minutes < least:
                best, least = u, minutes
    return best, least


@numba.njit
def set_out(team: Any, now: float, u: int, r: int, expected: float) -> float:
    """Physician u sets out to request r; gives the minutes until the visit is documented."""
    n = team.n
    arrive = now + math.floor(expected * floats(team.factor, n)[r] * TICKS + 0.5) / TICKS
    leave = arrive + floats(team.on_scene, n)[r]
    documented = leave + floats(team.documentation, n)[r]
    floats(team.t3, n)[r] = now
    floats(team.t4, n)[r] = arrive
    floats(team.t5, n)[r] = leave
    floats(team.t6, n)[r] = documented
    ints(team.taken_by, n)[r] = u
    ints(team.busy, team.people)[u] = 1
    ints(team.patient, team.people)[u] = r
    return documented - now


@numba.njit
def wait(team: Any, r: int) -> None:
    """Request r joins the queue of its class."""
    level = ints(team.klass, team.n)[r]
    head, tail, after = ints(team.head, LEVELS), ints(team.tail, LEVELS), ints(team.after, team.n)
    if head[level] < 0:
        head[level] = r
    else:
        after[tail[level]] = r
    tail[level] = r


@numba.njit
def go_home(team: Any, now: float, u: int, place: int, factor: float) -> None:
    """Physician u is free and drives home from `place`."""
    trip = floats(team.travel, team.nodes * team.nodes)[place * team.nodes + ints(team.base, team.people)[u]]
    ints(team.place, team.people)[u] = place
    floats(team.since, team.people)[u] = now
    floats(team.home_at, team.people)[u] = now + math.floor(trip * factor * TICKS + 0.5) / TICKS
    ints(team.busy, team.people)[u] = 0


@numba.njit
def finish(team: Any, now: float, u: int) -> float:
    """Physician u has documented a visit: sets out to the next in the queue (gives the minutes), or home (gives -1)."""
    n = team.n
    travel = floats(team.travel, team.nodes * team.nodes)
    done = ints(team.patient, team.people)[u]
    node = ints(team.node, n)
    place = node[done]
    head, after = ints(team.head, LEVELS), ints(team.after, n)
    gives_up, te = floats(team.gives_up, n), floats(team.te, n)
    for level in range(LEVELS):
        while head[level] >= 0:
            r = head[level]
            head[level] = after[r]
            if gives_up[r] >= now:
                return set_out(team, now, u, r, travel[place * team.nodes + node[r]])
            te[r] = gives_up[r]
    go_home(team, now, u, place, floats(team.factor, n)[done])
    return -1.0


@numba.njit
def close(team: Any) -> None:
    """Who still waits at the end gave up if patience ran out before it."""
    head, after = ints(team.head, LEVELS), ints(team.after, team.n)
    gives_up, te = floats(team.gives_up, team.n), floats(team.te, team.n)
    for level in range(LEVELS):
        r = head[level]
        while r >= 0:
            if gives_up[r] < team.horizon:
                te[r] = gives_up[r]
            r = after[r]


class Shared(cb.Model):
    """What all look at: lengths, and the addresses of arrays of the tape, the journal, physicians and queues."""

    n: int
    people: int
    nodes: int
    horizon: float
    travel: int
    ordered: int
    gives_up: int
    on_scene: int
    documentation: int
    factor: int
    node: int
    klass: int
    t3: int
    t4: int
    t5: int
    t6: int
    te: int
    taken_by: int
    base: int
    place: int
    busy: int
    patient: int
    since: int
    home_at: int
    after: int
    head: int
    tail: int


class EventPhysician(cb.Model):
    """A physician whose visits end by an event."""

    team: cb.Ref[Shared]
    number: int

    @cb.event
    def documented(self) -> None:
        if cb.now() < self.team.horizon:
            minutes = finish(self.team, cb.now(), self.number)
            if minutes >= 0.0:
                cb.schedule(self.documented, minutes)


class EventTeam(cb.Model):
    """Arrivals, and physicians as events."""

    shared: Shared
    physicians: list[EventPhysician]

    @cb.process
    def arrivals(self) -> None:
        ordered = floats(self.shared.ordered, self.shared.n)
        for r in range(self.shared.n):
            cb.hold(ordered[r] - cb.now())
            u, expected = nearest(self.shared, cb.now(), r)
            if u >= 0:
                minutes = set_out(self.shared, cb.now(), u, r, expected)
                cb.schedule(self.physicians[u].documented, minutes)
            else:
                wait(self.shared, r)

    @cb.on_end
    def end(self) -> None:
        close(self.shared)


class Visit(cb.Model):
    """A visit as a process, spawned when it is ordered."""

    team: cb.Ref[VisitTeam]
    number: int
    handle: int = 0
    physician: int = -1

    @cb.process
    def happen(self) -> None:
        shared = self.team.shared
        n, people, r = shared.n, shared.people, self.number
        node = ints(shared.node, n)
        travel = floats(shared.travel, shared.nodes * shared.nodes)
        u, expected = nearest(shared, cb.now(), r)
        if u < 0:
            self.handle = cb.this_process().pointer
            ticket = self.team.queue.enqueue(self, -ints(shared.klass, n)[r])
            patience = floats(shared.gives_up, n)[r] - cb.now()
            if patience < math.inf:
                cb.this_process().timer_set(patience, 1)
            if cb.suspend() == 1:
                self.team.queue.cancel(ticket)
                floats(shared.te, n)[r] = cb.now()
                cb.release(self)
                return
            cb.this_process().timers_clear()
            u = self.physician
            expected = travel[ints(shared.place, people)[u] * shared.nodes + node[r]]
        set_out(shared, cb.now(), u, r, expected)
        cb.hold(floats(shared.t4, n)[r] - cb.now())
        cb.hold(floats(shared.on_scene, n)[r])
        cb.hold(floats(shared.documentation, n)[r])
        ints(shared.place, people)[u] = node[r]
        if self.team.queue.length() > 0:
            waiting = self.team.queue.get()
            waiting.physician = u
            cb.Process(waiting.handle).resume(0)
        else:
            go_home(shared, cb.now(), u, node[r], floats(shared.factor, n)[r])
        cb.release(self)


class VisitTeam(cb.Model):
    """Arrivals, visits as processes, a priority store as the queue."""

    shared: Shared
    queue: cb.PriorityStore[Visit]

    @cb.process
    def arrivals(self) -> None:
        ordered = floats(self.shared.ordered, self.shared.n)
        for r in range(self.shared.n):
            cb.hold(ordered[r] - cb.now())
            cb.spawn(Visit, team=self, number=r)


def prepare(case: Case, events: bool) -> Callable[[], PeerJournal]:
    """The model of a case, built and compiled once; each call runs it anew. Only the call is to be timed."""
    tape, n, people = case.tape, len(case.tape), len(case.bases)
    columns: dict[str, NDArray[Any]] = {
        "travel": case.world.travel_min,
        "ordered": case.ordered,
        "gives_up": case.ordered + tape.patience_min,
        "on_scene": tape.on_scene_min,
        "documentation": tape.documentation_min,
        "factor": tape.travel_factor,
        "node": tape.node,
        "klass": tape.klass,
        "base": case.bases,
    }
    fixed = {name: np.ascontiguousarray(column) for name, column in columns.items()}
    times = {name: np.empty(n) for name in ("t3", "t4", "t5", "t6", "te")}
    state: dict[str, tuple[NDArray[Any], float]] = {
        "taken_by": (np.empty(n, dtype=np.int64), -1),
        "after": (np.empty(n, dtype=np.int64), -1),
        "head": (np.empty(LEVELS, dtype=np.int64), -1),
        "tail": (np.empty(LEVELS, dtype=np.int64), -1),
        "place": (np.empty(people, dtype=np.int64), 0),
        "busy": (np.empty(people, dtype=np.int64), 0),
        "patient": (np.empty(people, dtype=np.int64), -1),
        "since": (np.empty(people), 0.0),
        "home_at": (np.empty(people), 0.0),
    }
    shared = Shared()
    shared.n, shared.people, shared.nodes, shared.horizon = n, people, len(case.world.node_name), tape.horizon_min
    for name, array in {**fixed, **times, **{key: array for key, (array, _) in state.items()}}.items():
        setattr(shared, name, array.ctypes.data)
    team: Any = EventTeam() if events else VisitTeam()
    team.shared = shared
    if events:
        team.physicians = [EventPhysician() for _ in range(people)]
        for u, physician in enumerate(team.physicians):
            physician.team, physician.number = shared, u
    experiment = cb.Experiment(team, window=cb.Window(duration=tape.horizon_min))

    def run() -> PeerJournal:
        for array in times.values():
            array.fill(np.nan)
        for array, value in state.values():
            array.fill(value)
        results = experiment.run(workers=1)
        if results.failed.any():
            raise RuntimeError(f"cimba: {results.failure_reasons}")
        return PeerJournal(*times.values(), state["taken_by"][0])

    run.keep = fixed  # the addresses must outlive this function
    return run
