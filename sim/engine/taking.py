"""What a free physician takes next: acute work that waits, a stop of the tour, planned work that is due.

Small functions that both clocks call, as in `rules.py`.
"""

from __future__ import annotations

from sim.engine.choosing import NEVER, may_begin, may_take, minutes_until, spares
from sim.engine.places import nearest_by_place
from sim.engine.queues import first_planned, planned_after
from sim.engine.state import ACUTE_LEVELS, PLANNED_LEVEL, WAITING, ShiftNo, State, StepNo
from sim.jit import rule

SHORT = 64  # planned work that waits with a team and is sooner looked through than found by place


@rule
def next_acute(state: State, now: float, shift_no: ShiftNo) -> StepNo:
    """Step of the first queued acute request, by class and then order, that the physician may begin; -1 if none."""
    shift = state.shifts[shift_no]
    for level in range(ACUTE_LEVELS):
        if shift.breaks > 0 and level > 0:  # a break that is due waits for A1 only
            return -1
        step_no = state.queues[shift.team * (ACUTE_LEVELS + state.n_days) + level].head
        while step_no >= 0 and spares(state, shift, level):
            request = state.requests[state.steps[step_no].request]
            if may_begin(state, shift, step_no, now + minutes_until(state, now, shift, request)):
                return step_no
            step_no = state.steps[step_no].after
    return -1


@rule
def next_planned(state: State, now: float, shift_no: ShiftNo) -> StepNo:
    """Step of the planned visit or round that comes next: the next stop of the physician's tour; without a tour the
    one with the earliest due day, nearest first, that is in nobody's tour. -1 if none may begin."""
    shift = state.shifts[shift_no]
    hour = int(now / 60.0)
    if hour >= len(state.day_end) or state.day_end[hour] <= now or not spares(state, shift, PLANNED_LEVEL):
        return -1
    while shift.tour >= 0:
        step_no = shift.tour
        request = state.requests[state.steps[step_no].request]
        shift.tour = request.tour_after
        request.planned_for = -1
        if request.stage == WAITING:
            if may_begin(state, shift, step_no, now + minutes_until(state, now, shift, request)):
                return step_no
            state.courses[state.steps[step_no].request].broken += 1
    waiting = state.teams[shift.team].planned
    if waiting == 0 or now + min(state.least.visit, state.least.round) > shift.end:
        return -1
    return nearest_in_queue(state, now, shift_no) if waiting <= SHORT else nearest_by_place(state, now, shift_no)


@rule
def nearest_in_queue(state: State, now: float, shift_no: ShiftNo) -> StepNo:
    """Of the planned work in nobody's tour that may begin, that which is due first, nearest first, in order: what is
    due today at any time, other work within the planned share. -1 if there is none."""
    shift = state.shifts[shift_no]
    best = -1
    best_min = NEVER
    due_day = -1
    step_no = first_planned(state, shift.team)
    while step_no >= 0:
        request = state.requests[state.steps[step_no].request]
        if best >= 0 and request.due_day != due_day:
            break
        if request.planned_for < 0:
            minutes = minutes_until(state, now, shift, request)
            if minutes < best_min and may_take(state, now, shift, step_no, minutes):
                best = step_no
                best_min = minutes
                due_day = request.due_day
        step_no = planned_after(state, step_no)
    return best
