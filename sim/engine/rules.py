"""What happens: the next step of a physician, and what each event does.

Every decision of the model is written once: in `choosing.py` who is near, who may, who is chosen, in `taking.py` what
is taken next, in `planning.py` how tours are planned, and here. They are small functions that both clocks call: the
SimPy clock (`processes.py`) with rows that are Python objects, the compiled clock (`kernel.py`) with rows of structured
arrays (`state.py` names every field). They decide and write down what happens; they never move time. `now` is in
minutes on the dyadic grid.
"""

from __future__ import annotations

from sim.codes import CANCELLED, DONE, ESCALATED, TELEPHONE
from sim.engine.choosing import choose, is_free
from sim.engine.duty import join_duty, list_free
from sim.engine.moving import book_leg, end_pause, go_home, pause, pause_begins, set_out, stand_by, start_leg
from sim.engine.planning import drop_tour, plan_tours
from sim.engine.queues import join_queue, leave_queues
from sim.engine.state import (
    AT_BASE,
    AT_PATIENT,
    AWAY,
    BUSY,
    COMING,
    FREE,
    GONE,
    HOMEBOUND,
    LEFT,
    PAUSED,
    RETURN_FIRST,
    RETURNING,
    WAITING,
    RequestNo,
    ShiftNo,
    State,
    StepNo,
    TeamNo,
)
from sim.engine.taking import next_acute, next_planned
from sim.jit import out_of_line, rule

# --- what a physician does next ---------------------------------------------------------------------


@rule
def next_step(state: State, now: float, shift_no: ShiftNo, plans: bool) -> None:
    """What a physician who is free now does: a queued acute request, a break that is due, planned work, home if the
    shift is over, or stand-by. `plans` is False before a team that will plan this minute has done so."""
    shift = state.shifts[shift_no]
    if now >= shift.end:
        go_home(state, now, shift_no)
        return
    step_no = next_acute(state, now, shift_no)
    if step_no < 0 and shift.breaks > 0:
        shift.breaks -= 1
        if pause_begins(now, shift) + shift.break_min <= shift.end:
            pause(state, now, shift_no, shift.break_min)
            return
        step_no = next_acute(state, now, shift_no)
    if step_no < 0 and plans:
        step_no = next_planned(state, now, shift_no)
    if step_no >= 0:
        set_out(state, now, shift_no, step_no)
    elif plans:
        stand_by(state, now, shift_no)


@out_of_line
def seldom_step(state: State, now: float, shift_no: ShiftNo) -> None:
    """`next_step` for what happens a few times a day."""
    next_step(state, now, shift_no, True)


@rule
def others_look(state: State, now: float, shift_no: ShiftNo) -> None:
    """Somebody stays free in a team with a reserve: what the reserve has kept the others from may go now, lower number
    first."""
    other = state.teams[state.shifts[shift_no].team].on_duty
    while other >= 0:
        after = state.shifts[other].duty_after
        if other != shift_no and state.shifts[other].listed == 1:
            seldom_step(state, now, other)
        other = after


# --- what each event does ---------------------------------------------------------------------------


@rule
def shift_starts(state: State, now: float, shift_no: ShiftNo) -> None:
    """A physician comes on duty at base, and looks for acute work that waits; planned work comes when the team
    plans."""
    shift = state.shifts[shift_no]
    join_duty(state, shift_no)
    shift.status = FREE
    shift.place = shift.base
    shift.at = AT_BASE


@rule
def looks_for_work(state: State, now: float, shift_no: ShiftNo, begins: bool) -> None:
    """Whoever has become free takes the next step. One whose shift `begins` within office hours, when the team is about
    to plan, takes acute work only."""
    shift = state.shifts[shift_no]
    if shift.status != FREE:  # on the way back to base first
        return
    next_step(state, now, shift_no, not begins or state.day_end[int(now / 60.0)] <= now)
    list_free(state, shift_no)
    if state.teams[shift.team].reserve > 0 and shift.listed == 1:
        others_look(state, now, shift_no)


@rule
def shift_ends(state: State, now: float, shift_no: ShiftNo) -> None:
    """The rostered end: a free physician goes home; a visit in hand is finished first, as overtime. Stops that are left
    are not reached."""
    if is_free(state.shifts[shift_no]):
        go_home(state, now, shift_no)
    else:
        drop_tour(state, shift_no, 1)


@rule
def team_plans(state: State, now: float, team_no: TeamNo) -> None:
    """The team plans its tours, and those who are free set out, lower number first."""
    plan_tours(state, now, team_no)
    shift_no = state.teams[team_no].on_duty
    while shift_no >= 0:
        after = state.shifts[shift_no].duty_after
        if is_free(state.shifts[shift_no]):
            seldom_step(state, now, shift_no)
        shift_no = after


@rule
def break_due(state: State, now: float, shift_no: ShiftNo) -> None:
    """A break is due: at once if the physician is free, else before the next work but A1."""
    shift = state.shifts[shift_no]
    shift.breaks += 1
    if is_free(shift):
        seldom_step(state, now, shift_no)


@rule
def book_visit(state: State, until: float, shift_no: ShiftNo) -> None:
    """Book driving, on-scene (or calling) and documenting minutes of the visit in hand up to `until`, and write
    down its times: the horizon and what lies beyond it has not happened."""
    shift = state.shifts[shift_no]
    request = state.requests[shift.patient]
    shift.driving += min(shift.leg_end, until) - shift.since
    if until >= shift.leg_end:
        minutes = min(shift.scene_end, until) - shift.leg_end
        if request.telephone == 1:
            shift.calling += minutes
        else:
            shift.on_scene += minutes
        shift.km += shift.leg_km
    if until >= shift.scene_end:
        shift.documenting += min(shift.busy_until, until) - shift.scene_end
    course = state.courses[shift.patient]
    course.t3 = shift.since
    course.km = shift.leg_km
    course.shift = shift_no
    course.step = shift.step - request.first_step
    if shift.leg_end < state.horizon:
        course.t4 = shift.leg_end
    if shift.scene_end < state.horizon:
        course.t5 = shift.scene_end
    if shift.busy_until < state.horizon:
        course.t6 = shift.busy_until
        course.outcome = TELEPHONE if request.telephone == 1 else DONE


@rule
def completes(state: State, now: float, shift_no: ShiftNo) -> None:
    """A visit or call is documented, a pause is over, or a physician who had to return first is back: free again, to
    look for work, unless the way back to base comes first."""
    shift = state.shifts[shift_no]
    if shift.status == HOMEBOUND:
        book_leg(now, shift)
    elif shift.status == PAUSED:
        end_pause(now, shift)
    else:
        book_visit(state, now, shift_no)
        request = state.requests[shift.patient]
        if request.telephone == 0:
            shift.stops += 1
            shift.visits += request.visits
            shift.place = request.node
        shift.patient = -1
        shift.status = FREE
        if shift.between == RETURN_FIRST and now < shift.end and shift.at == AT_PATIENT:
            start_leg(state, now, shift_no, HOMEBOUND, shift.base, AT_BASE)
            shift.busy_until = shift.leg_end


@rule
def is_ordered(state: State, now: float, request_no: RequestNo) -> ShiftNo:
    """A visit is ordered, unless the patient has left: the chosen free physician sets out, else the request joins the
    queues of the teams that may take it at once. Gives the physician-shift that set out, or -1."""
    request = state.requests[request_no]
    if request.leaves == 1 and request.gives_up <= now:
        request.stage = LEFT
        state.courses[request_no].outcome = CANCELLED
        return -1
    end = request.first_step
    while end < request.end_step and state.steps[end].at <= now:
        end += 1
    shift_no = choose(state, now, request_no, request.first_step, end)
    if shift_no >= 0:
        set_out(state, now, shift_no, step_of_team(state, shift_no, request.first_step, end))
        return shift_no
    request.stage = WAITING
    for step_no in range(request.first_step, end):
        join_queue(state, step_no)
    return -1


@rule
def step_of_team(state: State, shift_no: ShiftNo, first: StepNo, end: StepNo) -> StepNo:
    """The step in first..end-1 by which the physician was asked."""
    for step_no in range(first, end):
        if state.steps[step_no].team == state.shifts[shift_no].team:
            return step_no
    return first


@rule
def next_pool(state: State, now: float, step_no: StepNo) -> ShiftNo:
    """A later pool of the route may take over: one of its free physicians sets out, or the request joins its queue too.
    Gives the physician-shift that set out, or -1."""
    request_no = state.steps[step_no].request
    request = state.requests[request_no]
    if request.stage != WAITING:
        return -1
    shift_no = -1
    if request.planned_for < 0:
        shift_no = choose(state, now, request_no, step_no, step_no + 1)
    if shift_no >= 0:
        set_out(state, now, shift_no, step_no)
    else:
        join_queue(state, step_no)
    return shift_no


@rule
def gives_up(state: State, now: float, request_no: RequestNo) -> None:
    """Patience is out before anybody has set out: the request escalates. Or the patient leaves: it is cancelled."""
    request = state.requests[request_no]
    if request.stage == WAITING:
        leave_queues(state, request_no)
        if request.leaves == 1:
            request.stage = LEFT
            state.courses[request_no].outcome = CANCELLED
        else:
            request.stage = AWAY
            state.courses[request_no].outcome = ESCALATED
            state.courses[request_no].te = now


@rule
def close_books(state: State) -> None:
    """The horizon: book what every physician on duty has done so far."""
    for shift_no in range(len(state.shifts)):
        shift = state.shifts[shift_no]
        if shift.status == COMING or shift.status == GONE:
            continue
        if shift.status == BUSY:
            book_visit(state, state.horizon, shift_no)
        elif shift.status == RETURNING or shift.status == HOMEBOUND or shift.open_leg == 1:
            book_leg(state.horizon, shift)
        shift.home = state.horizon
