"""Who is on duty in a team, and who of them is free.

Small functions that both clocks call, as in `rules.py`.
"""

from __future__ import annotations

from sim.engine.choosing import is_free
from sim.engine.planning import drop_tour
from sim.engine.state import GONE, ShiftNo, State
from sim.jit import rule


@rule
def join_duty(state: State, shift_no: ShiftNo) -> None:
    """Into the team's list of those on duty, by number."""
    shift = state.shifts[shift_no]
    team = state.teams[shift.team]
    before = -1
    after = team.on_duty
    while after >= 0 and after < shift_no:
        before = after
        after = state.shifts[after].duty_after
    shift.duty_before = before
    shift.duty_after = after
    if before < 0:
        team.on_duty = shift_no
    else:
        state.shifts[before].duty_after = shift_no
    if after >= 0:
        state.shifts[after].duty_before = shift_no


@rule
def list_free(state: State, shift_no: ShiftNo) -> None:
    """Whoever is free now is among the free of the team. The order says nothing: `choose` settles ties itself."""
    shift = state.shifts[shift_no]
    if shift.listed == 1 or not is_free(shift):
        return
    team = state.teams[shift.team]
    shift.free_before = -1
    shift.free_after = team.free
    if team.free >= 0:
        state.shifts[team.free].free_before = shift_no
    team.free = shift_no
    team.n_free += 1
    shift.listed = 1


@rule
def unlist_free(state: State, shift_no: ShiftNo) -> None:
    """No longer among the free of the team."""
    shift = state.shifts[shift_no]
    if shift.listed == 0:
        return
    team = state.teams[shift.team]
    team.n_free -= 1
    if shift.free_before < 0:
        team.free = shift.free_after
    else:
        state.shifts[shift.free_before].free_after = shift.free_after
    if shift.free_after >= 0:
        state.shifts[shift.free_after].free_before = shift.free_before
    shift.listed = 0


@rule
def leave_duty(state: State, shift_no: ShiftNo) -> None:
    """The shift is over: nothing more can be asked of the physician."""
    shift = state.shifts[shift_no]
    unlist_free(state, shift_no)
    drop_tour(state, shift_no, 1)
    if shift.duty_before < 0:
        state.teams[shift.team].on_duty = shift.duty_after
    else:
        state.shifts[shift.duty_before].duty_after = shift.duty_after
    if shift.duty_after >= 0:
        state.shifts[shift.duty_after].duty_before = shift.duty_before
    shift.status = GONE
