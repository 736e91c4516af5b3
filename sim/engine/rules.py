"""What happens: queues, duty, driving, setting out, pausing, and what each event does.

Every decision of the model is written once, in `choosing.py` (who is near, who may, who is chosen), `planning.py` (what
is taken next) and here. They are small functions that both clocks call: the SimPy clock (`processes.py`) with rows that
are Python objects, the compiled clock (`kernel.py`) with rows of structured arrays (`state.py` names every field). They
decide and write down what happens; they never move time. `u` is the number of a physician-shift, `r` of a request, `e`
of a step (a request put to a team), `now` minutes on the dyadic grid.
"""

from __future__ import annotations

from sim.engine.choosing import (
    choose,
    driven_km,
    hand_over_min,
    is_free,
    minutes_until,
    on_grid,
    on_the_way,
    reach_km,
    reach_min,
)
from sim.engine.planning import drop_tour, next_acute, next_planned, plan_tours
from sim.engine.state import (
    AT_BASE,
    AT_PATIENT,
    AT_STAND_BY,
    AWAY,
    BLOCKS,
    BUSY,
    COMING,
    FREE,
    GONE,
    HOMEBOUND,
    LEFT,
    LEVELS,
    PAUSED,
    PLANNED_LEVEL,
    RETURN_FIRST,
    RETURNING,
    STAY,
    TAKEN,
    WAITING,
    Run,
    ShiftRow,
)
from sim.jit import out_of_line, rule

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
    team.n_free += 1
    shift.listed = 1


@rule
def unlist_free(run: Run, u: int) -> None:
    """No longer among the free of the team."""
    shift = run.shifts[u]
    if shift.listed == 0:
        return
    team = run.teams[shift.team]
    team.n_free -= 1
    if shift.free_before < 0:
        team.free = shift.free_after
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
    drop_tour(run, u, 1)
    if shift.duty_before < 0:
        run.teams[shift.team].on_duty = shift.duty_after
    else:
        run.shifts[shift.duty_before].duty_after = shift.duty_after
    if shift.duty_after >= 0:
        run.shifts[shift.duty_after].duty_before = shift.duty_before
    shift.status = GONE


# --- driving, setting out, pausing ------------------------------------------------------------------


@rule
def start_leg(run: Run, now: float, u: int, status: int, goal: int, goal_at: int) -> None:
    """Drive from where the physician is to base or stand-by place, in road conditions like the last visit's."""
    shift = run.shifts[u]
    trip = shift.place * run.n_nodes + goal
    shift.since = now
    shift.leg_end = now + on_grid(run.travel_min[trip] * shift.factor)
    shift.leg_km = run.travel_km[trip]
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
        shift.km += driven_km(now, shift)


@rule
def set_out(run: Run, now: float, u: int, e: int) -> None:
    """Physician-shift `u` sets out to the request of step `e`, or calls; all that follows from it is on the tape
    already."""
    r = run.steps[e].request
    shift = run.shifts[u]
    request = run.requests[r]
    leave_queues(run, r)
    unlist_free(run, u)
    expected = minutes_until(run, now, shift, request)
    factor = request.travel_factor
    if request.telephone == 0:
        request.km = reach_km(run, now, shift, request.node)
    else:
        factor = 1.0
        request.km = shift.leg_km - driven_km(now, shift) if on_the_way(now, shift) else 0.0
    if shift.status == RETURNING:
        book_leg(now, shift)
        if request.telephone == 1:  # the call is made at the end of the drive
            shift.place = shift.goal
            shift.at = shift.goal_at
    if request.level == PLANNED_LEVEL:
        shift.planned_left -= expected + request.on_scene_plan + request.documentation_plan
    request.stage = TAKEN
    request.shift = u
    request.step = e - request.first_step
    request.t3 = now
    request.t4 = now + on_grid(expected * factor)
    request.t5 = request.t4 + request.on_scene
    request.t6 = request.t5 + request.documentation + hand_over_min(run, e)
    shift.status = BUSY
    shift.patient = r
    shift.busy_until = request.t6
    if request.telephone == 0:
        shift.at = AT_PATIENT
        shift.factor = request.travel_factor


@rule
def pause_begins(now: float, shift: ShiftRow) -> float:
    """A pause begins now, or when a drive that has begun is over."""
    return shift.leg_end if on_the_way(now, shift) else now


@rule
def pause(run: Run, now: float, u: int, minutes: float) -> None:
    """Cannot be reached for so long, counted from when the pause begins; not beyond the end of the shift."""
    shift = run.shifts[u]
    unlist_free(run, u)
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
def go_home(run: Run, now: float, u: int) -> None:
    """End of duty: home to base from wherever the physician is. What lies past the horizon is not booked."""
    shift = run.shifts[u]
    if shift.status == RETURNING and now >= shift.leg_end:
        book_leg(now, shift)
    if shift.status == RETURNING and shift.goal_at != AT_BASE:  # on the way to a stand-by place: by the shorter way
        minutes = reach_min(run, now, shift, shift.base)
        km = reach_km(run, now, shift, shift.base)
        book_leg(now, shift)
        shift.since = now
        shift.leg_end = now + minutes
        shift.leg_km = km
        shift.goal = shift.base
        shift.goal_at = AT_BASE
    if shift.status == FREE and shift.at != AT_BASE:
        start_leg(run, now, u, RETURNING, shift.base, AT_BASE)
    if shift.status == RETURNING:
        shift.home = min(shift.leg_end, run.horizon)
        book_leg(shift.home, shift)
    else:
        shift.home = now
    leave_duty(run, u)


@rule
def stand_by(run: Run, now: float, u: int) -> None:
    """Without work: to the place where the physician waits, by what the pool does between visits."""
    shift = run.shifts[u]
    if shift.between == BLOCKS:
        if shift.status == FREE and shift.at != AT_BASE:
            start_leg(run, now, u, RETURNING, shift.base, AT_BASE)
        pause(run, now, u, shift.block_min)
    elif shift.status == FREE and shift.between != STAY:
        if shift.stand_by >= 0 and shift.at != AT_STAND_BY:
            start_leg(run, now, u, RETURNING, shift.stand_by, AT_STAND_BY)
        elif shift.stand_by < 0 and shift.at != AT_BASE:
            start_leg(run, now, u, RETURNING, shift.base, AT_BASE)


@rule
def next_step(run: Run, now: float, u: int, plans: bool) -> None:
    """What a physician who is free now does: a queued acute request, a break that is due, planned work, home if the
    shift is over, or stand-by. `plans` is False before a team that will plan this minute has done so."""
    shift = run.shifts[u]
    if now >= shift.end:
        go_home(run, now, u)
        return
    e = next_acute(run, now, u)
    if e < 0 and shift.breaks > 0:
        shift.breaks -= 1
        if pause_begins(now, shift) + shift.break_min <= shift.end:
            pause(run, now, u, shift.break_min)
            return
        e = next_acute(run, now, u)
    if e < 0 and plans:
        e = next_planned(run, now, u)
    if e >= 0:
        set_out(run, now, u, e)
    elif plans:
        stand_by(run, now, u)


@out_of_line
def seldom_step(run: Run, now: float, u: int) -> None:
    """`next_step` for what happens a few times a day."""
    next_step(run, now, u, True)


@out_of_line
def others_look(run: Run, now: float, u: int) -> None:
    """Somebody stays free in a team with a reserve: what the reserve has kept the others from may go now, lower number
    first."""
    other = run.teams[run.shifts[u].team].on_duty
    while other >= 0:
        after = run.shifts[other].duty_after
        if other != u and run.shifts[other].listed == 1:
            seldom_step(run, now, other)
        other = after


# --- what each event does ---------------------------------------------------------------------------


@rule
def shift_starts(run: Run, now: float, u: int) -> None:
    """A physician comes on duty at base, and looks for acute work that waits; planned work comes when the team
    plans."""
    shift = run.shifts[u]
    join_duty(run, u)
    shift.status = FREE
    shift.place = shift.base
    shift.at = AT_BASE


@rule
def looks_for_work(run: Run, now: float, u: int, begins: bool) -> None:
    """Whoever has become free takes the next step. One whose shift `begins` within office hours, when the team is about
    to plan, takes acute work only."""
    shift = run.shifts[u]
    if shift.status != FREE:  # on the way back to base first
        return
    next_step(run, now, u, not begins or run.day_end[int(now / 60.0)] <= now)
    list_free(run, u)
    if run.teams[shift.team].reserve > 0 and shift.listed == 1:
        others_look(run, now, u)


@rule
def shift_ends(run: Run, now: float, u: int) -> None:
    """The rostered end: a free physician goes home; a visit in hand is finished first, as overtime."""
    if is_free(run.shifts[u]):
        go_home(run, now, u)


@out_of_line
def team_plans(run: Run, now: float, team: int) -> None:
    """The team plans its tours, and those who are free set out, lower number first."""
    plan_tours(run, now, team)
    u = run.teams[team].on_duty
    while u >= 0:
        after = run.shifts[u].duty_after
        if is_free(run.shifts[u]):
            seldom_step(run, now, u)
        u = after


@out_of_line
def break_due(run: Run, now: float, u: int) -> None:
    """A break is due: at once if the physician is free, else before the next work but A1."""
    shift = run.shifts[u]
    shift.breaks += 1
    if is_free(shift):
        seldom_step(run, now, u)


@rule
def book_visit(run: Run, until: float, u: int) -> None:
    """Book driving, on-scene (or calling) and documenting minutes of the visit in hand up to `until`."""
    shift = run.shifts[u]
    request = run.requests[shift.patient]
    shift.driving += min(request.t4, until) - request.t3
    if until >= request.t4:
        minutes = min(request.t5, until) - request.t4
        if request.telephone == 1:
            shift.calling += minutes
        else:
            shift.on_scene += minutes
        shift.km += request.km
    if until >= request.t5:
        shift.documenting += min(request.t6, until) - request.t5


@rule
def completes(run: Run, now: float, u: int) -> None:
    """A visit or call is documented, a pause is over, or a physician who had to return first is back: free again, to
    look for work, unless the way back to base comes first."""
    shift = run.shifts[u]
    if shift.status == HOMEBOUND:
        book_leg(now, shift)
    elif shift.status == PAUSED:
        end_pause(now, shift)
    else:
        book_visit(run, now, u)
        request = run.requests[shift.patient]
        if request.telephone == 0:
            shift.stops += 1
            shift.visits += request.visits
            shift.place = request.node
        shift.patient = -1
        shift.status = FREE
        if shift.between == RETURN_FIRST and now < shift.end and shift.at != AT_BASE:
            start_leg(run, now, u, HOMEBOUND, shift.base, AT_BASE)
            shift.busy_until = shift.leg_end


@rule
def is_ordered(run: Run, now: float, r: int) -> int:
    """A visit is ordered, unless the patient has left: the chosen free physician sets out, else the request joins the
    queues of the teams that may take it at once. Gives the physician-shift that set out, or -1."""
    request = run.requests[r]
    if request.leaves == 1 and request.gives_up <= now:
        request.stage = LEFT
        return -1
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
    request = run.requests[r]
    if request.stage != WAITING:
        return -1
    u = -1
    if request.planned_for < 0:
        u = choose(run, now, r, e, e + 1)
    if u >= 0:
        set_out(run, now, u, e)
    else:
        join_queue(run, e)
    return u


@rule
def gives_up(run: Run, now: float, r: int) -> None:
    """Patience is out before anybody has set out: the request escalates. Or the patient leaves: it is cancelled."""
    request = run.requests[r]
    if request.stage == WAITING:
        leave_queues(run, r)
        if request.leaves == 1:
            request.stage = LEFT
        else:
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
        elif shift.status == RETURNING or shift.status == HOMEBOUND or shift.open_leg == 1:
            book_leg(run.horizon, shift)
        shift.home = run.horizon
