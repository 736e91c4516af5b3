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
from sim.engine.rows import as_objects
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
    RequestNo,
    Run,
    ShiftNo,
    StepNo,
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
        self.state, self.agenda = run
        self.clock = Clock()
        self.woken: dict[int, simpy.Event] = {}

    def run(self) -> None:
        """From minute 0 to the horizon; what would happen at the horizon itself does not."""
        self.clock.process(self.roster())
        self.clock.process(self.planning())
        self.clock.process(self.requests())
        while self.clock.peek() < self.state.horizon:
            self.clock.step()
        rules.close_books(self.state)

    # --- physicians ---

    def roster(self) -> Generator[simpy.Event]:
        """Start every physician-shift at its hour."""
        for shift_no in self.agenda.starts:
            shift = self.state.shifts[shift_no]
            yield self.clock.at(shift.start, SHIFT_START, shift_no)
            self.clock.call(shift.end, SHIFT_END, shift_no, self.shift_ends)
            due = shift.start + shift.break_every
            while due < shift.end:
                self.clock.call(due, BREAK, shift_no, self.break_due)
                due += shift.break_every
            rules.shift_starts(self.state, self.clock.now, shift_no)
            self.looks_for_work(shift_no, begins=True)
            self.clock.process(self.physician(shift_no))

    def physician(self, shift_no: ShiftNo) -> Generator[simpy.Event]:
        """A shift: visit after visit, and stand-by until woken."""
        shift = self.state.shifts[shift_no]
        while shift.status != GONE:
            if shift.status == BUSY:
                yield self.clock.at(shift.leg_end, COMPLETION, shift_no)  # arrives, or calls
                yield self.clock.at(shift.scene_end, COMPLETION, shift_no)  # leaves the patient
                yield self.clock.at(shift.busy_until, COMPLETION, shift_no)  # has documented
                rules.completes(self.state, self.clock.now, shift_no)
                self.looks_for_work(shift_no)
            elif shift.status in (HOMEBOUND, PAUSED):
                yield self.clock.at(shift.busy_until, COMPLETION, shift_no)
                rules.completes(self.state, self.clock.now, shift_no)
                self.looks_for_work(shift_no)
            else:
                self.woken[shift_no] = simpy.Event(self.clock)
                yield self.woken[shift_no]

    def looks_for_work(self, shift_no: ShiftNo, begins: bool = False) -> None:
        """A physician has become free, or the shift begins."""
        rules.looks_for_work(self.state, self.clock.now, shift_no, begins)
        self.wake_busy()

    def wake(self, shift_no: ShiftNo) -> None:
        """Something was decided for a physician on stand-by: off to a patient, to a break, or home."""
        if shift_no in self.woken:
            self.woken.pop(shift_no).succeed()

    def wake_busy(self) -> None:
        """All on stand-by for whom a visit or a pause was decided."""
        for shift_no in [shift_no for shift_no in self.woken if self.state.shifts[shift_no].status in (BUSY, PAUSED)]:
            self.wake(shift_no)

    def shift_ends(self, shift_no: ShiftNo) -> None:
        """The rostered end of a physician-shift."""
        rules.shift_ends(self.state, self.clock.now, shift_no)
        if self.state.shifts[shift_no].status == GONE:
            self.wake(shift_no)

    def break_due(self, shift_no: ShiftNo) -> None:
        """A break is due."""
        rules.break_due(self.state, self.clock.now, shift_no)
        self.wake_busy()

    def planning(self) -> Generator[simpy.Event]:
        """Teams plan their tours, and physicians on stand-by set out."""
        for minute, team in zip(self.agenda.plan_times, self.agenda.plan_teams, strict=True):
            yield self.clock.at(minute, PLAN, team)
            rules.team_plans(self.state, self.clock.now, team)
            self.wake_busy()

    # --- requests ---

    def requests(self) -> Generator[simpy.Event]:
        """Every request from the tape at the minute its visit is ordered."""
        for request_no in self.agenda.arrivals:
            request = self.state.requests[request_no]
            yield self.clock.at(request.ordered, ORDERED, request_no)
            shift_no = rules.is_ordered(self.state, self.clock.now, request_no)
            if shift_no >= 0:
                self.wake(shift_no)
                continue
            if request.gives_up < self.state.horizon:
                self.clock.call(request.gives_up, PATIENCE, request_no, self.gives_up)
            for step_no in range(request.first_step, request.end_step):
                if self.clock.now < self.state.steps[step_no].at < self.state.horizon:
                    self.clock.call(self.state.steps[step_no].at, NEXT_POOL, step_no, self.next_pool)

    def next_pool(self, step_no: StepNo) -> None:
        """A later pool of a route is asked."""
        shift_no = rules.next_pool(self.state, self.clock.now, step_no)
        if shift_no >= 0:
            self.wake(shift_no)

    def gives_up(self, request_no: RequestNo) -> None:
        """A request's patience is out."""
        rules.gives_up(self.state, self.clock.now, request_no)


def run_simpy(run: Run, observers: Iterable[Observer] = ()) -> Run:
    """Run on the SimPy clock, observed or not. Gives the finished run; `run` itself (numpy arrays) is not changed."""
    held = as_objects(run)
    simulation = Simulation(held)
    observe(simulation.clock, held.state, observers)
    simulation.run()
    return held
