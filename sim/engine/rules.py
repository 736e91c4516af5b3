"""Every decision of the model, written once: who may take what, who is chosen, what a free physician does next.

Small functions that both clocks call: the SimPy clock (`processes.py`) with rows that are Python objects, the
compiled clock (`kernel.py`) with rows of structured arrays (`state.py` names every field). They decide and write
down what happens; they never move time. `u` is the number of a physician-shift, `r` of a request, `e` of a step (a
request put to a team), `now` minutes on the dyadic grid.
"""

from __future__ import annotations

import math

from sim.engine.state import (
    AWAY,
    BUSY,
    COMING,
    CONTINUITY,
    FEWEST_HOURS,
    FREE,
    GONE,
    HOMEBOUND,
    LEVELS,
    PLANNED_LEVEL,
    RETURN_FIRST,
    RETURNING,
    STAY,
    TAKEN,
    WAITING,
    RequestRow,
    Run,
    ShiftRow,
)
from sim.jit import rule

TICKS = 2.0**26
NEVER = math.inf


@rule
def on_grid(value: float) -> float:
    """The nearest point of the dyadic grid."""
    return math.floor(value * TICKS + 0.5) / TICKS


# --- who is near ----------------------------------------------------------------------------------


@rule
def turns_back(run: Run, now: float, shift: ShiftRow, node: int) -> bool:
    """A physician driving home is called to `node`: is it shorter to turn round than to go on by way of the base?"""
    back = now - shift.since + run.travel_min[shift.place * run.n_nodes + node]
    onward = shift.leg_end - now + run.travel_min[shift.base * run.n_nodes + node]
    return back <= onward


@rule
def on_the_way(now: float, shift: ShiftRow) -> bool:
    """Driving home, not there yet."""
    return shift.status == RETURNING and now < shift.leg_end


@rule
def where(now: float, shift: ShiftRow) -> int:
    """The node of a free physician who is not on the way."""
    return shift.base if shift.status == RETURNING else shift.place


@rule
def reach_min(run: Run, now: float, shift: ShiftRow, node: int) -> float:
    """Expected minutes for a free physician to reach `node` from where the physician is."""
    if on_the_way(now, shift):
        if turns_back(run, now, shift, node):
            return now - shift.since + run.travel_min[shift.place * run.n_nodes + node]
        return shift.leg_end - now + run.travel_min[shift.base * run.n_nodes + node]
    return run.travel_min[where(now, shift) * run.n_nodes + node]


@rule
def driven_km(now: float, shift: ShiftRow) -> float:
    """Kilometres driven so far on a leg home that is not over."""
    return on_grid(shift.leg_km * ((now - shift.since) / (shift.leg_end - shift.since)))


@rule
def reach_km(run: Run, now: float, shift: ShiftRow, node: int) -> float:
    """Kilometres of the trip whose minutes `reach_min` gives."""
    if on_the_way(now, shift):
        if turns_back(run, now, shift, node):
            return driven_km(now, shift) + run.travel_km[shift.place * run.n_nodes + node]
        return shift.leg_km - driven_km(now, shift) + run.travel_km[shift.base * run.n_nodes + node]
    return run.travel_km[where(now, shift) * run.n_nodes + node]


# --- who may --------------------------------------------------------------------------------------


@rule
def may_begin(run: Run, shift: ShiftRow, request: RequestRow, arrive: float) -> bool:
    """No visit is begun that cannot end inside the shift plus the allowed overtime, by what is expected (`arrive`
    included). Planned visits and rounds take place in office hours and are never begun into overtime."""
    leave = arrive + request.on_scene_plan
    ends = leave + request.documentation_plan
    if request.level == PLANNED_LEVEL:
        hour = int(arrive / 60.0)
        return ends <= shift.end and hour < run.n_hours and leave <= run.day_end[hour]
    return ends <= shift.latest


@rule
def is_free(shift: ShiftRow) -> bool:
    """On duty and able to take a request at once."""
    return shift.status == FREE or shift.status == RETURNING


# --- who is chosen --------------------------------------------------------------------------------


@rule
def tier(run: Run, shift: ShiftRow, request: RequestRow) -> int:
    """Continuity: 0 named physician, 1 own vårdcentral, 2 anybody. Without continuity everybody is 0."""
    if run.choice != CONTINUITY or shift.physician == request.named:
        return 0
    if shift.vardcentral >= 0 and shift.vardcentral == request.vardcentral:
        return 1
    return 2


@rule
def cost(run: Run, shift: ShiftRow, minutes: float) -> float:
    """What the choice makes small among equals: expected minutes of travel, or minutes worked this shift."""
    if run.choice == FEWEST_HOURS:
        return shift.driving + shift.on_scene + shift.documenting
    return minutes


@rule
def choose(run: Run, now: float, r: int, first: int, end: int) -> int:
    """The physician-shift that takes request `r` among the free ones of the teams in steps first..end-1; -1 if none.
    Equal cost: the lower number, which is the lower physician."""
    request = run.requests[r]
    best = -1
    best_tier = 3
    best_cost = NEVER
    for e in range(first, end):
        u = run.teams[run.steps[e].team].free
        while u >= 0:
            shift = run.shifts[u]
            minutes = reach_min(run, now, shift, request.node)
            t = tier(run, shift, request)
            c = cost(run, shift, minutes)
            better = t < best_tier or (t == best_tier and (c < best_cost or (c == best_cost and u < best)))
            if better and may_begin(run, shift, request, now + minutes):
                best = u
                best_tier = t
                best_cost = c
            u = shift.free_after
    return best


# --- what a free physician takes next ----------------------------------------------------------------


@rule
def next_acute(run: Run, now: float, u: int) -> int:
    """Step of the first queued acute request, by class and then order, that the physician may begin; -1 if none."""
    shift = run.shifts[u]
    for level in range(PLANNED_LEVEL):
        e = run.queues[shift.team * LEVELS + level].head
        while e >= 0:
            request = run.requests[run.steps[e].request]
            if may_begin(run, shift, request, now + reach_min(run, now, shift, request.node)):
                return e
            e = run.steps[e].after
    return -1


@rule
def next_planned(run: Run, now: float, u: int) -> int:
    """Step of the planned visit or round with the earliest due day, nearest first, that the physician may begin; -1 if
    none."""
    best = -1
    best_min = NEVER
    due_day = -1
    shift = run.shifts[u]
    hour = int(now / 60.0)
    if hour >= run.n_hours or run.day_end[hour] <= now:
        return -1
    e = run.queues[shift.team * LEVELS + PLANNED_LEVEL].head
    while e >= 0:
        request = run.requests[run.steps[e].request]
        if best >= 0 and request.due_day != due_day:
            break
        minutes = reach_min(run, now, shift, request.node)
        if minutes < best_min and may_begin(run, shift, request, now + minutes):
            best = e
            best_min = minutes
            due_day = request.due_day
        e = run.steps[e].after
    return best


# --- queues ---------------------------------------------------------------------------------------


@rule
def join_queue(run: Run, e: int) -> None:
    """The request of step `e` becomes visible to its team: by class, then by the order of being ordered (planned work
    by due day first)."""
    step = run.steps[e]
    request = run.requests[step.request]
    queue = run.queues[step.team * LEVELS + request.level]
    before = queue.tail
    while before >= 0 and run.requests[run.steps[before].request].order > request.order:
        before = run.steps[before].before
    after = queue.head if before < 0 else run.steps[before].after
    step.before = before
    step.after = after
    if before < 0:
        queue.head = e
    else:
        run.steps[before].after = e
    if after < 0:
        queue.tail = e
    else:
        run.steps[after].before = e
    step.queued = 1


@rule
def leave_queues(run: Run, r: int) -> None:
    """The request waits no longer anywhere."""
    request = run.requests[r]
    for e in range(request.first_step, request.end_step):
        step = run.steps[e]
        if step.queued == 1:
            queue = run.queues[step.team * LEVELS + request.level]
            if step.before < 0:
                queue.head = step.after
            else:
                run.steps[step.before].after = step.after
            if step.after < 0:
                queue.tail = step.before
            else:
                run.steps[step.after].before = step.before
            step.queued = 0


# --- duty -----------------------------------------------------------------------------------------


@rule
def join_duty(run: Run, u: int) -> None:
    """Into the team's list of those on duty, by number."""
    shift = run.shifts[u]
    team = run.teams[shift.team]
    before = -1
    after = team.on_duty
    while after >= 0 and after < u:
        before = after
        after = run.shifts[after].duty_after
    shift.duty_before = before
    shift.duty_after = after
    if before < 0:
        team.on_duty = u
    else:
        run.shifts[before].duty_after = u
    if after >= 0:
        run.shifts[after].duty_before = u


@rule
def list_free(run: Run, u: int) -> None:
    """Whoever is free now is among the free of the team. The order says nothing: `choose` settles ties itself."""
    shift = run.shifts[u]
    if shift.listed == 1 or not is_free(shift):
        return
    team = run.teams[shift.team]
    shift.free_before = -1
    shift.free_after = team.free
    if team.free >= 0:
        run.shifts[team.free].free_before = u
    team.free = u
    shift.listed = 1


@rule
def unlist_free(run: Run, u: int) -> None:
    """No longer among the free of the team."""
    shift = run.shifts[u]
    if shift.listed == 0:
        return
    if shift.free_before < 0:
        run.teams[shift.team].free = shift.free_after
    else:
        run.shifts[shift.free_before].free_after = shift.free_after
    if shift.free_after >= 0:
        run.shifts[shift.free_after].free_before = shift.free_before
    shift.listed = 0


@rule
def leave_duty(run: Run, u: int) -> None:
    """The shift is over: nothing more can be asked of the physician."""
    shift = run.shifts[u]
    unlist_free(run, u)
    if shift.duty_before < 0:
        run.teams[shift.team].on_duty = shift.duty_after
    else:
        run.shifts[shift.duty_before].duty_after = shift.duty_after
    if shift.duty_after >= 0:
        run.shifts[shift.duty_after].duty_before = shift.duty_before
    shift.status = GONE


# --- driving home, setting out ----------------------------------------------------------------------


@rule
def start_leg_home(run: Run, now: float, u: int, status: int) -> None:
    """Drive from the last visit towards base in road conditions like that visit's."""
    shift = run.shifts[u]
    trip = shift.place * run.n_nodes + shift.base
    shift.since = now
    shift.leg_end = now + on_grid(run.travel_min[trip] * shift.factor)
    shift.leg_km = run.travel_km[trip]
    shift.status = status


@rule
def book_leg_home(now: float, shift: ShiftRow) -> None:
    """Book what is driven of the leg home; a leg that is over puts the physician at base, free."""
    if now >= shift.leg_end:
        shift.driving += shift.leg_end - shift.since
        shift.km += shift.leg_km
        shift.place = shift.base
        shift.at_base = 1
        shift.status = FREE
    else:
        shift.driving += now - shift.since
        shift.km += driven_km(now, shift)


@rule
def set_out(run: Run, now: float, u: int, e: int) -> None:
    """Physician-shift `u` sets out to the request of step `e`; all that follows from it is on the tape already."""
    r = run.steps[e].request
    shift = run.shifts[u]
    request = run.requests[r]
    leave_queues(run, r)
    unlist_free(run, u)
    expected = reach_min(run, now, shift, request.node)
    request.km = reach_km(run, now, shift, request.node)
    if shift.status == RETURNING:
        book_leg_home(now, shift)
    request.stage = TAKEN
    request.shift = u
    request.step = e - request.first_step
    request.t3 = now
    request.t4 = now + on_grid(expected * request.travel_factor)
    request.t5 = request.t4 + request.on_scene
    request.t6 = request.t5 + request.documentation
    shift.status = BUSY
    shift.patient = r
    shift.at_base = 0
    shift.factor = request.travel_factor
    shift.busy_until = request.t6


@rule
def go_home(run: Run, now: float, u: int) -> None:
    """End of duty: home to base from wherever the physician is. What lies past the horizon is not booked."""
    shift = run.shifts[u]
    if shift.status == RETURNING and now >= shift.leg_end:
        book_leg_home(now, shift)
    if shift.status == FREE and shift.at_base == 0:
        start_leg_home(run, now, u, RETURNING)
    if shift.status == RETURNING:
        shift.home = min(shift.leg_end, run.horizon)
        book_leg_home(shift.home, shift)
    else:
        shift.home = now
    leave_duty(run, u)


@rule
def next_step(run: Run, now: float, u: int) -> None:
    """What a physician who is free now does: a queued acute request, planned work, home if the shift is over, or
    stand-by."""
    shift = run.shifts[u]
    if now >= shift.end:
        go_home(run, now, u)
        return
    e = next_acute(run, now, u)
    if e < 0:
        e = next_planned(run, now, u)
    if e >= 0:
        set_out(run, now, u, e)
    elif shift.status == FREE and shift.at_base == 0 and shift.between != STAY:
        start_leg_home(run, now, u, RETURNING)


# --- what each event does ---------------------------------------------------------------------------


@rule
def shift_starts(run: Run, now: float, u: int) -> None:
    """A physician comes on duty at base and looks for work."""
    shift = run.shifts[u]
    join_duty(run, u)
    shift.status = FREE
    shift.place = shift.base
    shift.at_base = 1
    next_step(run, now, u)
    list_free(run, u)


@rule
def shift_ends(run: Run, now: float, u: int) -> None:
    """The rostered end: a free physician goes home; a visit in hand is finished first, as overtime."""
    if is_free(run.shifts[u]):
        go_home(run, now, u)


@rule
def day_begins(run: Run, now: float) -> None:
    """Office hours begin: the free physicians on duty look for planned work, team by team, lower number first."""
    for team in run.teams:
        u = team.on_duty
        while u >= 0:
            after = run.shifts[u].duty_after
            if is_free(run.shifts[u]):
                next_step(run, now, u)
            u = after


@rule
def book_visit(run: Run, until: float, u: int) -> None:
    """Book driving, on-scene and documenting minutes of the visit in hand up to `until`."""
    shift = run.shifts[u]
    request = run.requests[shift.patient]
    shift.driving += min(request.t4, until) - request.t3
    if until >= request.t4:
        shift.on_scene += min(request.t5, until) - request.t4
        shift.km += request.km
    if until >= request.t5:
        shift.documenting += min(request.t6, until) - request.t5


@rule
def completes(run: Run, now: float, u: int) -> None:
    """A visit is documented, or a physician who had to return first is back: free again."""
    shift = run.shifts[u]
    if shift.status == HOMEBOUND:
        book_leg_home(now, shift)
    else:
        book_visit(run, now, u)
        request = run.requests[shift.patient]
        shift.stops += 1
        shift.visits += request.visits
        shift.place = request.node
        shift.patient = -1
        shift.status = FREE
        if shift.between == RETURN_FIRST and now < shift.end:
            start_leg_home(run, now, u, HOMEBOUND)
            shift.busy_until = shift.leg_end
            return
    next_step(run, now, u)
    list_free(run, u)


@rule
def is_ordered(run: Run, now: float, r: int) -> int:
    """A visit is ordered: the chosen free physician sets out, else the request joins the queues of the teams that may
    take it at once. Gives the physician-shift that set out, or -1."""
    request = run.requests[r]
    end = request.first_step
    while end < request.end_step and run.steps[end].at <= now:
        end += 1
    u = choose(run, now, r, request.first_step, end)
    if u >= 0:
        set_out(run, now, u, step_of_team(run, u, request.first_step, end))
        return u
    request.stage = WAITING
    for e in range(request.first_step, end):
        join_queue(run, e)
    return -1


@rule
def step_of_team(run: Run, u: int, first: int, end: int) -> int:
    """The step in first..end-1 by which physician-shift `u` was asked."""
    for e in range(first, end):
        if run.steps[e].team == run.shifts[u].team:
            return e
    return first


@rule
def next_pool(run: Run, now: float, e: int) -> int:
    """A later pool of the route may take over: one of its free physicians sets out, or the request joins its queue too.
    Gives the physician-shift that set out, or -1."""
    r = run.steps[e].request
    if run.requests[r].stage != WAITING:
        return -1
    u = choose(run, now, r, e, e + 1)
    if u >= 0:
        set_out(run, now, u, e)
    else:
        join_queue(run, e)
    return u


@rule
def gives_up(run: Run, now: float, r: int) -> None:
    """Patience is out before anybody has set out: the request escalates."""
    request = run.requests[r]
    if request.stage == WAITING:
        leave_queues(run, r)
        request.stage = AWAY
        request.te = now


@rule
def close_books(run: Run) -> None:
    """The horizon: book what every physician on duty has done so far."""
    for u in range(len(run.shifts)):
        shift = run.shifts[u]
        if shift.status == COMING or shift.status == GONE:
            continue
        if shift.status == BUSY:
            book_visit(run, run.horizon, u)
        elif shift.status == RETURNING or shift.status == HOMEBOUND:
            book_leg_home(run.horizon, shift)
        shift.home = run.horizon
