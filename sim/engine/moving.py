"""Driving, setting out, pausing, going home: what a physician does between being free and being free again.

Small functions that both clocks call, as in `rules.py`. They write down what follows; they never move time.
"""

from __future__ import annotations

from sim.engine.choosing import (
    behind,
    hand_over_min,
    minutes_until,
    on_grid,
    on_the_way,
    reach_km,
    reach_min,
    work_min,
)
from sim.engine.duty import leave_duty, unlist_free
from sim.engine.queues import leave_queues
from sim.engine.state import (
    AT_BASE,
    AT_PATIENT,
    AT_STAND_BY,
    BLOCKS,
    BUSY,
    FREE,
    PAUSED,
    PLANNED_LEVEL,
    RETURNING,
    STAY,
    TAKEN,
    ShiftNo,
    ShiftRow,
    State,
    StepNo,
)
from sim.jit import rule


@rule
def start_leg(state: State, now: float, shift_no: ShiftNo, status: int, goal: int, goal_at: int) -> None:
    """Drive from where the physician is to base or stand-by place, in road conditions like the last visit's."""
    shift = state.shifts[shift_no]
    trip = shift.place * state.n_nodes + goal
    shift.since = now
    shift.leg_plan = state.travel_min[trip]
    shift.leg_end = now + on_grid(shift.leg_plan * shift.factor)
    shift.leg_km = state.travel_km[trip]
    shift.goal = goal
    shift.goal_at = goal_at
    shift.status = status


@rule
def book_leg(now: float, shift: ShiftRow) -> None:
    """Book what is driven of a leg; one that is over puts the physician there, free."""
    if now >= shift.leg_end:
        shift.driving += shift.leg_end - shift.since
        shift.km += shift.leg_km
        shift.place = shift.goal
        shift.at = shift.goal_at
        shift.status = FREE
    else:
        shift.driving += now - shift.since
        shift.km += behind(now, shift, shift.leg_km)


@rule
def set_out(state: State, now: float, shift_no: ShiftNo, step_no: StepNo) -> None:
    """A physician sets out to the request of a step, or calls; all that follows from it is on the tape already."""
    request_no = state.steps[step_no].request
    shift = state.shifts[shift_no]
    request = state.requests[request_no]
    leave_queues(state, request_no)
    unlist_free(state, shift_no)
    expected = minutes_until(state, now, shift, request)
    arrive = now
    km = 0.0
    if request.telephone == 0:
        arrive += on_grid(expected * request.travel_factor)
        km = reach_km(state, now, shift, request.node)
    elif on_the_way(now, shift):
        arrive = shift.leg_end
        km = shift.leg_km - behind(now, shift, shift.leg_km)
    if shift.status == RETURNING:
        book_leg(now, shift)
        if request.telephone == 1:  # the call is made at the end of the drive
            shift.place = shift.goal
            shift.at = shift.goal_at
    if request.level == PLANNED_LEVEL:
        shift.planned_left -= expected + work_min(state, step_no)
    request.stage = TAKEN
    shift.status = BUSY
    shift.patient = request_no
    shift.step = step_no
    shift.since = now
    shift.leg_plan = expected
    shift.leg_end = arrive
    shift.leg_km = km
    shift.scene_end = shift.leg_end + request.on_scene
    shift.busy_until = shift.scene_end + request.documentation + hand_over_min(state, step_no)
    if request.telephone == 0:
        shift.at = AT_PATIENT
        shift.factor = request.travel_factor


@rule
def pause_begins(now: float, shift: ShiftRow) -> float:
    """A pause begins now, or when a drive that has begun is over."""
    return shift.leg_end if on_the_way(now, shift) else now


@rule
def pause(state: State, now: float, shift_no: ShiftNo, minutes: float) -> None:
    """Cannot be reached for so long, counted from when the pause begins; not beyond the end of the shift."""
    shift = state.shifts[shift_no]
    unlist_free(state, shift_no)
    if shift.status == RETURNING and now >= shift.leg_end:
        book_leg(now, shift)
    begin = pause_begins(now, shift)
    if shift.status == RETURNING:
        shift.open_leg = 1
    shift.busy_until = max(begin, min(begin + minutes, shift.end))
    shift.status = PAUSED


@rule
def end_pause(now: float, shift: ShiftRow) -> None:
    """Free again, at the end of the drive in which the pause began."""
    if shift.open_leg == 1:
        book_leg(now, shift)
        shift.open_leg = 0
    shift.status = FREE


@rule
def go_home(state: State, now: float, shift_no: ShiftNo) -> None:
    """End of duty: home to base from wherever the physician is. What lies past the horizon is not booked."""
    shift = state.shifts[shift_no]
    if shift.status == RETURNING and now >= shift.leg_end:
        book_leg(now, shift)
    if shift.status == RETURNING and shift.goal_at != AT_BASE:  # on the way to a stand-by place: by the shorter way
        minutes = reach_min(state, now, shift, shift.base)
        km = reach_km(state, now, shift, shift.base)
        book_leg(now, shift)
        shift.since = now
        shift.leg_end = now + on_grid(minutes * shift.factor)
        shift.leg_km = km
        shift.goal = shift.base
        shift.goal_at = AT_BASE
    if shift.status == FREE and shift.at != AT_BASE:
        start_leg(state, now, shift_no, RETURNING, shift.base, AT_BASE)
    if shift.status == RETURNING:
        shift.home = min(shift.leg_end, state.horizon)
        book_leg(shift.home, shift)
    else:
        shift.home = now
    leave_duty(state, shift_no)


@rule
def stand_by(state: State, now: float, shift_no: ShiftNo) -> None:
    """Without work: to the place where the physician waits, by what the pool does between visits."""
    shift = state.shifts[shift_no]
    if shift.between == BLOCKS:
        if shift.status == FREE and shift.at != AT_BASE:
            start_leg(state, now, shift_no, RETURNING, shift.base, AT_BASE)
        pause(state, now, shift_no, shift.block_min)
    elif shift.status == FREE and shift.between != STAY:
        if shift.stand_by >= 0 and shift.at != AT_STAND_BY:
            start_leg(state, now, shift_no, RETURNING, shift.stand_by, AT_STAND_BY)
        elif shift.stand_by < 0 and shift.at != AT_BASE:
            start_leg(state, now, shift_no, RETURNING, shift.base, AT_BASE)
