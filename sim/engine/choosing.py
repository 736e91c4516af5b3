"""Who is near, who may, who is chosen: the decisions about which physician takes which request.

Small functions that both clocks call, as in `rules.py`; none of them changes anything.
"""

from __future__ import annotations

import math

from sim.codes import TO_ED, TO_TELEPHONE, TO_VARDCENTRAL
from sim.engine.state import (
    ACUTE_ONLY,
    CONTINUITY,
    FEWEST_HOURS,
    FREE,
    PLANNED_LEVEL,
    REFER,
    RETURNING,
    RequestNo,
    RequestRow,
    ShiftNo,
    ShiftRow,
    State,
    StepNo,
)
from sim.jit import rule

TICKS = 2.0**26
DAY_MIN = 1440.0
NEVER = math.inf


@rule
def on_grid(value: float) -> float:
    """The nearest point of the dyadic grid."""
    return math.floor(value * TICKS + 0.5) / TICKS


# --- who is near ----------------------------------------------------------------------------------


@rule
def on_the_way(now: float, shift: ShiftRow) -> bool:
    """Driving to base or stand-by place, not there yet."""
    return shift.status == RETURNING and now < shift.leg_end


@rule
def where(now: float, shift: ShiftRow) -> int:
    """The node of a free physician who is not on the way."""
    return shift.goal if shift.status == RETURNING else shift.place


@rule
def behind(now: float, shift: ShiftRow, whole: float) -> float:
    """How much of a leg that is not over lies behind: of its kilometres, or of its expected minutes."""
    return on_grid(whole * ((now - shift.since) / (shift.leg_end - shift.since)))


@rule
def back_min(state: State, now: float, shift: ShiftRow, node: int) -> float:
    """Expected minutes to `node` for one on the way who turns round."""
    return behind(now, shift, shift.leg_plan) + state.travel_min[shift.place * state.n_nodes + node]


@rule
def ahead_min(now: float, shift: ShiftRow) -> float:
    """Expected minutes that are left of a leg that is not over."""
    return shift.leg_plan - behind(now, shift, shift.leg_plan)


@rule
def onward_min(state: State, now: float, shift: ShiftRow, node: int) -> float:
    """Expected minutes to `node` for one on the way who goes on by way of `goal`."""
    return ahead_min(now, shift) + state.travel_min[shift.goal * state.n_nodes + node]


@rule
def reach_min(state: State, now: float, shift: ShiftRow, node: int) -> float:
    """Expected minutes for a free physician to reach `node` from where the physician is: on the way, the shorter of
    turning round and going on."""
    if on_the_way(now, shift):
        return min(back_min(state, now, shift, node), onward_min(state, now, shift, node))
    return state.travel_min[where(now, shift) * state.n_nodes + node]


@rule
def reach_km(state: State, now: float, shift: ShiftRow, node: int) -> float:
    """Kilometres of the trip whose minutes `reach_min` gives."""
    if on_the_way(now, shift):
        driven = behind(now, shift, shift.leg_km)
        if back_min(state, now, shift, node) <= onward_min(state, now, shift, node):
            return driven + state.travel_km[shift.place * state.n_nodes + node]
        return shift.leg_km - driven + state.travel_km[shift.goal * state.n_nodes + node]
    return state.travel_km[where(now, shift) * state.n_nodes + node]


@rule
def call_min(now: float, shift: ShiftRow) -> float:
    """Expected minutes until a free physician is on the telephone: at once where they stand, or when a drive that has
    begun is over."""
    return ahead_min(now, shift) if on_the_way(now, shift) else 0.0


@rule
def minutes_until(state: State, now: float, shift: ShiftRow, request: RequestRow) -> float:
    """Expected minutes until a free physician is with the patient, or on the telephone."""
    return call_min(now, shift) if request.telephone == 1 else reach_min(state, now, shift, request.node)


# --- who may --------------------------------------------------------------------------------------


@rule
def hand_over_min(state: State, step_no: StepNo) -> float:
    """Minutes more of documentation when a pool takes a visit over from another."""
    step = state.steps[step_no]
    request = state.requests[step.request]
    return request.hand_over if step.taken_over == 1 and request.telephone == 0 else 0.0


@rule
def work_min(state: State, step_no: StepNo) -> float:
    """Expected minutes of the request of a step, from the arrival until it is documented."""
    request = state.requests[state.steps[step_no].request]
    return request.on_scene_plan + request.documentation_plan + hand_over_min(state, step_no)


@rule
def keeps_to_share(state: State, now: float, shift: ShiftRow, step_no: StepNo, minutes: float) -> bool:
    """Planned work `minutes` away is within what is left of the planned share of the shift. What is due today may fill
    the shift, and acute work asks for no share."""
    request = state.requests[state.steps[step_no].request]
    if request.level != PLANNED_LEVEL or request.due_day <= int(now / DAY_MIN):
        return True
    return minutes + work_min(state, step_no) <= shift.planned_left


@rule
def may_begin(state: State, shift: ShiftRow, step_no: StepNo, arrive: float) -> bool:
    """No visit is begun that cannot end inside the shift plus the allowed overtime, by what is expected (`arrive`
    included). Planned visits and rounds take place in office hours and are never begun into overtime."""
    request = state.requests[state.steps[step_no].request]
    leave = arrive + request.on_scene_plan
    ends = arrive + work_min(state, step_no)
    if request.level == PLANNED_LEVEL:
        hour = int(arrive / 60.0)
        return ends <= shift.end and hour < len(state.day_end) and leave <= state.day_end[hour]
    return ends <= shift.latest


@rule
def may_take(state: State, now: float, shift: ShiftRow, step_no: StepNo, minutes: float) -> bool:
    """May what is in nobody's tour be begun in so many minutes?"""
    return keeps_to_share(state, now, shift, step_no, minutes) and may_begin(state, shift, step_no, now + minutes)


@rule
def is_free(shift: ShiftRow) -> bool:
    """On duty and able to take a request at once."""
    return shift.status == FREE or shift.status == RETURNING


@rule
def spares(state: State, shift: ShiftRow, level: int) -> bool:
    """The reserve: a physician takes other work than A1 only if enough of the team's free physicians are left."""
    team = state.teams[shift.team]
    return level == 0 or team.n_free - shift.listed >= team.reserve


@rule
def refused(
    is_borderline: bool, is_guest: bool, planned: bool, mobility: float, single_visit: float,
    threshold: float, single_share: float, policy: int,
) -> bool:  # fmt: skip
    """Not for home visits: above the threshold (tröskelprincipen) without a single visit being granted, or a guest
    where the municipality's policy for temporary stay says no."""
    if is_borderline:
        return mobility >= threshold and single_visit >= single_share
    return is_guest and (policy == REFER or (policy == ACUTE_ONLY and planned))


@rule
def goes_to(acute: bool, elsewhere: float, to_vardcentral: float, to_ed: float) -> int:
    """Where a refused request goes: the acute ones (A1) to the emergency department, the others by shares."""
    if acute:
        return TO_ED
    if elsewhere < to_vardcentral:
        return TO_VARDCENTRAL
    return TO_ED if elsewhere < to_vardcentral + to_ed else TO_TELEPHONE


# --- who is chosen --------------------------------------------------------------------------------


@rule
def tier(state: State, shift: ShiftRow, request: RequestRow) -> int:
    """Continuity: 0 named physician, 1 own vårdcentral, 2 anybody. Without continuity everybody is 0."""
    if state.choice != CONTINUITY or shift.physician == request.named:
        return 0
    if shift.vardcentral >= 0 and shift.vardcentral == request.vardcentral:
        return 1
    return 2


@rule
def worked_min(now: float, shift: ShiftRow) -> float:
    """Minutes that a free physician has spent this shift driving, with patients, calling and documenting."""
    minutes = shift.driving + shift.on_scene + shift.calling + shift.documenting
    if shift.status == RETURNING:  # the way back is booked when something follows it
        minutes += min(now, shift.leg_end) - shift.since
    return minutes


@rule
def cost(state: State, now: float, shift: ShiftRow, request: RequestRow, minutes: float) -> float:
    """What the choice makes small among equals: expected minutes to the patient, of a call too, or minutes worked.
    `minutes` are those until the visit or call begins."""
    if state.choice == FEWEST_HOURS:
        return worked_min(now, shift)
    return reach_min(state, now, shift, request.node) if request.telephone == 1 else minutes


@rule
def choose(state: State, now: float, request_no: RequestNo, first: StepNo, end: StepNo) -> ShiftNo:
    """The physician-shift that takes a request among the free ones of the teams in steps first..end-1; -1 if none.
    Equal cost: the lower number, which is the lower physician."""
    request = state.requests[request_no]
    best = -1
    best_tier = 3
    best_cost = NEVER
    for step_no in range(first, end):
        shift_no = state.teams[state.steps[step_no].team].free
        while shift_no >= 0:
            shift = state.shifts[shift_no]
            minutes = minutes_until(state, now, shift, request)
            t = tier(state, shift, request)
            c = cost(state, now, shift, request, minutes)
            better = t < best_tier or (t == best_tier and (c < best_cost or (c == best_cost and shift_no < best)))
            if better and spares(state, shift, request.level) and may_take(state, now, shift, step_no, minutes):
                best = shift_no
                best_tier = t
                best_cost = c
            shift_no = shift.free_after
    return best
