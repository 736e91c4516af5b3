"""The SimPy clock: the readable reference. Each physician-shift is a process; the rules decide, SimPy lets time pass.

Equal times are settled by the specification, not by the order of insertion: shift end, shift start, planning,
completion, visit ordered, next pool, patience, break; within a kind the lower number first. SimPy sorts equal times by
priority, so kind and number are packed into it. Priorities from 1 up leave 0 to SimPy's own urgent events.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import Any

import simpy

from sim.engine import rules as compiled_rules
from sim.engine.observing import Observer, observe
from sim.engine.state import (
    BREAK,
    BUSY,
    COMPLETION,
    GONE,
    HOMEBOUND,
    NEXT_POOL,
    NUMBERS,
    ORDERED,
    PATIENCE,
    PAUSED,
    PLAN,
    SHIFT_END,
    SHIFT_START,
    Run,
    as_objects,
)
from sim.jit import uncompiled

rules = uncompiled(compiled_rules)


class Clock(simpy.Environment):
    """A SimPy environment in which things happen at a minute, by kind and number; listeners are told of them."""

    listeners: tuple[Callable[[int, int], None], ...] = ()

    def at(self, minute: float, kind: int, number: int) -> simpy.Event:
        """An event at `minute`; yield it, or append a callback."""
        event = simpy.Event(self)
        event._ok, event._value = True, number
        priority: Any = kind * NUMBERS + number
        self.schedule(event, priority, minute - self.now)
        for heard in self.listeners:
            _callbacks(event).append(lambda event, heard=heard: heard(kind, number))
        return event

    def call(self, minute: float, kind: int, number: int, what: Callable[[int], None]) -> None:
        """Call `what(number)` at `minute`."""
        _callbacks(self.at(minute, kind, number)).append(lambda event: what(number))


def _callbacks(event: simpy.Event) -> list[Any]:
    assert event.callbacks is not None
    return event.callbacks


class Simulation:
    """One run: the physicians' processes and the requests' events on one clock."""

    def __init__(self, run: Run) -> None:
        self.held = run
        self.clock = Clock()
        self.woken: dict[int, simpy.Event] = {}

    def run(self) -> None:
        """From minute 0 to the horizon; what would happen at the horizon itself does not."""
        self.clock.process(self.roster())
        self.clock.process(self.planning())
        self.clock.process(self.requests())
        while self.clock.peek() < self.held.horizon:
            self.clock.step()
        rules.close_books(self.held)

    # --- physicians ---

    def roster(self) -> Generator[simpy.Event]:
        """Start every physician-shift at its hour."""
        for u in self.held.starts_order:
            shift = self.held.shifts[u]
            yield self.clock.at(shift.start, SHIFT_START, u)
            self.clock.call(shift.end, SHIFT_END, u, self.shift_ends)
            due = shift.start + shift.break_every
            while due < shift.end:
                self.clock.call(due, BREAK, u, self.break_due)
                due += shift.break_every
            rules.shift_starts(self.held, self.clock.now, u)
            self.looks_for_work(u, begins=True)
            self.clock.process(self.physician(u))

    def physician(self, u: int) -> Generator[simpy.Event]:
        """A shift: visit after visit, and stand-by until woken."""
        shift = self.held.shifts[u]
        while shift.status != GONE:
            if shift.status == BUSY:
                visit = self.held.requests[shift.patient]
                yield self.clock.at(visit.t4, COMPLETION, u)  # arrives, or calls
                yield self.clock.at(visit.t5, COMPLETION, u)  # leaves the patient
                yield self.clock.at(visit.t6, COMPLETION, u)  # has documented
                rules.completes(self.held, self.clock.now, u)
                self.looks_for_work(u)
            elif shift.status in (HOMEBOUND, PAUSED):
                yield self.clock.at(shift.busy_until, COMPLETION, u)
                rules.completes(self.held, self.clock.now, u)
                self.looks_for_work(u)
            else:
                self.woken[u] = simpy.Event(self.clock)
                yield self.woken[u]

    def looks_for_work(self, u: int, begins: bool = False) -> None:
        """A physician has become free, or the shift begins."""
        rules.looks_for_work(self.held, self.clock.now, u, begins)
        self.wake_busy()

    def wake(self, u: int) -> None:
        """Something was decided for a physician on stand-by: off to a patient, to a break, or home."""
        if u in self.woken:
            self.woken.pop(u).succeed()

    def wake_busy(self) -> None:
        """All on stand-by for whom a visit or a pause was decided."""
        for u in [u for u in self.woken if self.held.shifts[u].status in (BUSY, PAUSED)]:
            self.wake(u)

    def shift_ends(self, u: int) -> None:
        """The rostered end of a physician-shift."""
        rules.shift_ends(self.held, self.clock.now, u)
        if self.held.shifts[u].status == GONE:
            self.wake(u)

    def break_due(self, u: int) -> None:
        """A break is due."""
        rules.break_due(self.held, self.clock.now, u)
        self.wake_busy()

    def planning(self) -> Generator[simpy.Event]:
        """Teams plan their tours, and physicians on stand-by set out."""
        for minute, team in zip(self.held.plan_times, self.held.plan_teams, strict=True):
            yield self.clock.at(minute, PLAN, team)
            rules.team_plans(self.held, self.clock.now, team)
            self.wake_busy()

    # --- requests ---

    def requests(self) -> Generator[simpy.Event]:
        """Every request from the tape at the minute its visit is ordered."""
        for r in self.held.arrivals_order:
            request = self.held.requests[r]
            yield self.clock.at(request.ordered, ORDERED, r)
            u = rules.is_ordered(self.held, self.clock.now, r)
            if u >= 0:
                self.wake(u)
                continue
            if request.gives_up < self.held.horizon:
                self.clock.call(request.gives_up, PATIENCE, r, self.gives_up)
            for e in range(request.first_step, request.end_step):
                if self.clock.now < self.held.steps[e].at < self.held.horizon:
                    self.clock.call(self.held.steps[e].at, NEXT_POOL, e, self.next_pool)

    def next_pool(self, e: int) -> None:
        """A later pool of a route is asked."""
        u = rules.next_pool(self.held, self.clock.now, e)
        if u >= 0:
            self.wake(u)

    def gives_up(self, r: int) -> None:
        """A request's patience is out."""
        rules.gives_up(self.held, self.clock.now, r)


def run_simpy(run: Run, observers: Iterable[Observer] = ()) -> Run:
    """Run on the SimPy clock, observed or not. Gives the finished run; `run` itself (numpy arrays) is not changed."""
    held = as_objects(run)
    simulation = Simulation(held)
    observe(simulation.clock, held, observers)
    simulation.run()
    return held
