"""Every decision of the model, written once: who may take what, who is chosen, what a free physician does next.

Small functions that both clocks call: the SimPy clock (`processes.py`) with rows that are Python objects, the
compiled clock (`kernel.py`) with rows of structured arrays (`state.py` names every field). They decide and write
down what happens; they never move time. `u` is the number of a physician-shift, `r` of a request, `e` of a step (a
request put to a team), `now` minutes on the dyadic grid.
"""

from __future__ import annotations

import math

from sim.codes import TO_ED, TO_TELEPHONE, TO_VARDCENTRAL
from sim.engine import tours
from sim.engine.state import (
    ACUTE_ONLY,
    AT_BASE,
    AT_PATIENT,
    AT_STAND_BY,
    AWAY,
    BLOCKS,
    BUSY,
    COMING,
    CONTINUITY,
    FEWEST_HOURS,
    FREE,
    GONE,
    HOMEBOUND,
    LEAST_ROOM,
    LEFT,
    LEVELS,
    LOOK_AHEAD,
    MAX_STOPS,
    PAUSED,
    PLANNED_LEVEL,
    REFER,
    RETURN_FIRST,
    RETURNING,
    STAY,
    TAKEN,
    WAITING,
    RequestRow,
    Run,
    ShiftRow,
)
from sim.jit import apart, rule

TICKS = 2.0**26
NEVER = math.inf

cheapest_position = tours.cheapest_position
insertion_cost = tours.insertion_cost
insert = tours.insert
improve = tours.improve


@rule
def on_grid(value: float) -> float:
    """The nearest point of the dyadic grid."""
    return math.floor(value * TICKS + 0.5) / TICKS


# --- who is near ----------------------------------------------------------------------------------


@rule
def turns_back(run: Run, now: float, shift: ShiftRow, node: int) -> bool:
    """A physician driving to `goal` is called to `node`: is it shorter to turn round than to go on by way of it?"""
    back = now - shift.since + run.travel_min[shift.place * run.n_nodes + node]
    onward = shift.leg_end - now + run.travel_min[shift.goal * run.n_nodes + node]
    return back <= onward


@rule
def on_the_way(now: float, shift: ShiftRow) -> bool:
    """Driving to base or stand-by place, not there yet."""
    return shift.status == RETURNING and now < shift.leg_end


@rule
def where(now: float, shift: ShiftRow) -> int:
    """The node of a free physician who is not on the way."""
    return shift.goal if shift.status == RETURNING else shift.place


@rule
def reach_min(run: Run, now: float, shift: ShiftRow, node: int) -> float:
    """Expected minutes for a free physician to reach `node` from where the physician is."""
    if on_the_way(now, shift):
        if turns_back(run, now, shift, node):
            return now - shift.since + run.travel_min[shift.place * run.n_nodes + node]
        return shift.leg_end - now + run.travel_min[shift.goal * run.n_nodes + node]
    return run.travel_min[where(now, shift) * run.n_nodes + node]


@rule
def driven_km(now: float, shift: ShiftRow) -> float:
    """Kilometres driven so far on a leg that is not over."""
    return on_grid(shift.leg_km * ((now - shift.since) / (shift.leg_end - shift.since)))


@rule
def reach_km(run: Run, now: float, shift: ShiftRow, node: int) -> float:
    """Kilometres of the trip whose minutes `reach_min` gives."""
    if on_the_way(now, shift):
        if turns_back(run, now, shift, node):
            return driven_km(now, shift) + run.travel_km[shift.place * run.n_nodes + node]
        return shift.leg_km - driven_km(now, shift) + run.travel_km[shift.goal * run.n_nodes + node]
    return run.travel_km[where(now, shift) * run.n_nodes + node]


@rule
def minutes_until(run: Run, now: float, shift: ShiftRow, request: RequestRow) -> float:
    """Expected minutes until a free physician is with the patient, or on the telephone: at once where they stand, or
    when a drive that has begun is over."""
    if request.telephone == 1:
        return shift.leg_end - now if on_the_way(now, shift) else 0.0
    return reach_min(run, now, shift, request.node)


# --- who may --------------------------------------------------------------------------------------


@rule
def hand_over_min(run: Run, e: int) -> float:
    """Minutes more of documentation when a pool takes a visit over from another."""
    request = run.requests[run.steps[e].request]
    return request.hand_over if run.steps[e].taken_over == 1 and request.telephone == 0 else 0.0


@rule
def may_begin(run: Run, shift: ShiftRow, e: int, arrive: float) -> bool:
    """No visit is begun that cannot end inside the shift plus the allowed overtime, by what is expected (`arrive`
    included). Planned visits and rounds take place in office hours and are never begun into overtime."""
    request = run.requests[run.steps[e].request]
    leave = arrive + request.on_scene_plan
    ends = leave + request.documentation_plan + hand_over_min(run, e)
    if request.level == PLANNED_LEVEL:
        hour = int(arrive / 60.0)
        return ends <= shift.end and hour < run.n_hours and leave <= run.day_end[hour]
    return ends <= shift.latest


@rule
def is_free(shift: ShiftRow) -> bool:
    """On duty and able to take a request at once."""
    return shift.status == FREE or shift.status == RETURNING


@rule
def spares(run: Run, shift: ShiftRow, level: int) -> bool:
    """The reserve: a physician takes other work than A1 only if enough of the team's free physicians are left."""
    team = run.teams[shift.team]
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
            minutes = minutes_until(run, now, shift, request)
            t = tier(run, shift, request)
            c = cost(run, shift, minutes)
            better = t < best_tier or (t == best_tier and (c < best_cost or (c == best_cost and u < best)))
            if better and spares(run, shift, request.level) and may_begin(run, shift, e, now + minutes):
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
        if shift.breaks > 0 and level > 0:  # a break that is due waits for A1 only
            return -1
        e = run.queues[shift.team * LEVELS + level].head
        while e >= 0 and spares(run, shift, level):
            request = run.requests[run.steps[e].request]
            if may_begin(run, shift, e, now + minutes_until(run, now, shift, request)):
                return e
            e = run.steps[e].after
    return -1


@rule
def next_planned(run: Run, now: float, u: int) -> int:
    """Step of the planned visit or round that comes next: the next stop of the physician's tour; without a tour the
    one with the earliest due day, nearest first, that is in nobody's tour. -1 if none may begin."""
    shift = run.shifts[u]
    hour = int(now / 60.0)
    if hour >= run.n_hours or run.day_end[hour] <= now or not spares(run, shift, PLANNED_LEVEL):
        return -1
    while shift.tour >= 0:
        e = shift.tour
        request = run.requests[run.steps[e].request]
        shift.tour = request.tour_after
        request.planned_for = -1
        if request.stage == WAITING:
            if may_begin(run, shift, e, now + minutes_until(run, now, shift, request)):
                return e
            request.broken += 1
    best = -1
    best_min = NEVER
    due_day = -1
    today = int(now / 1440.0)
    e = run.queues[shift.team * LEVELS + PLANNED_LEVEL].head
    while e >= 0:
        request = run.requests[run.steps[e].request]
        if best >= 0 and request.due_day != due_day:
            break
        if request.planned_for < 0:
            minutes = minutes_until(run, now, shift, request)
            room = minutes + request.on_scene_plan + request.documentation_plan <= shift.planned_left
            fits = (room or request.due_day <= today) and may_begin(run, shift, e, now + minutes)
            if minutes < best_min and fits:
                best = e
                best_min = minutes
                due_day = request.due_day
        e = run.steps[e].after
    return best


# --- planning -------------------------------------------------------------------------------------


@rule
def drop_tour(run: Run, u: int, broken: int) -> None:
    """The stops that are left of a tour go back. `broken`: 1 if that breaks a promise, 0 if they are planned anew."""
    shift = run.shifts[u]
    e = shift.tour
    while e >= 0:
        request = run.requests[run.steps[e].request]
        request.planned_for = -1
        if request.stage == WAITING:
            request.broken += broken
        e = request.tour_after
    shift.tour = -1


@rule
def find_planners(run: Run, now: float, team: int) -> int:
    """Who of the team has room for planned work today: from where, and how many minutes. Gives how many they are."""
    n = 0
    day_ends = run.day_end[int(now / 60.0)]
    u = run.teams[team].on_duty
    while u >= 0:
        shift = run.shifts[u]
        drop_tour(run, u, 0)
        begin = now
        origin = shift.place
        if shift.status == BUSY or shift.status == PAUSED or shift.status == HOMEBOUND:
            begin = max(now, shift.busy_until)
        if shift.status == BUSY and run.requests[shift.patient].telephone == 0:
            origin = run.requests[shift.patient].node
        elif shift.status == RETURNING or shift.status == HOMEBOUND or shift.open_leg == 1:
            origin = shift.goal
        time = min(shift.end, day_ends) - begin
        if time >= LEAST_ROOM:
            planner = run.planners[n]
            planner.shift = u
            planner.stops = 0
            planner.origin = origin
            planner.left = min(shift.planned_left, time)
            planner.time = time
            n += 1
        u = shift.duty_after
    return n


@rule
def put_into_a_tour(run: Run, n: int, e: int, today: int) -> bool:
    """Put the request of step `e` where it adds least to the tour of one of the `n` planners; nowhere if no tour has
    room. What is due today may fill the shift, other work the planned share of it. True if that planner has no room for
    more."""
    request = run.requests[run.steps[e].request]
    due = request.due_day <= today
    work = request.on_scene_plan + request.documentation_plan
    best = -1
    best_i = 0
    best_cost = NEVER
    best_value = NEVER
    for k in range(n):
        planner = run.planners[k]
        shift = run.shifts[planner.shift]
        room = planner.time if due else planner.left
        if planner.stops < MAX_STOPS and work <= room:
            first = k * MAX_STOPS
            i = cheapest_position(
                run.travel_min, run.n_nodes, run.tour, first, planner.stops, planner.origin, shift.base, request.node
            )
            c = insertion_cost(
                run.travel_min, run.n_nodes, run.tour, first, planner.stops, planner.origin, shift.base, request.node, i
            )
            value = c - run.named_weight if shift.physician == request.named else c
            if value < best_value and c + work <= room:
                best = k
                best_i = i
                best_cost = c
                best_value = value
    if best >= 0:
        planner = run.planners[best]
        planner.stops = insert(run.tour, run.item, best * MAX_STOPS, planner.stops, best_i, request.node, e)
        planner.left -= best_cost + work
        planner.time -= best_cost + work
        request.planned_for = planner.shift
        return planner.time < LEAST_ROOM or planner.stops == MAX_STOPS
    return False


@apart
def plan_tours(run: Run, now: float, team: int) -> None:
    """The planned visits and rounds that wait, by due day, into the tours of those on duty by cheapest insertion; then
    each tour is made shorter."""
    n = find_planners(run, now, team)
    e = run.queues[team * LEVELS + PLANNED_LEVEL].head
    looked = 0
    filled = 0
    while e >= 0 and filled < n and looked < LOOK_AHEAD * n:
        if run.requests[run.steps[e].request].planned_for < 0:
            filled += put_into_a_tour(run, n, e, int(now / 1440.0))
            looked += 1
        e = run.steps[e].after
    for k in range(n):
        planner = run.planners[k]
        shift = run.shifts[planner.shift]
        first = k * MAX_STOPS
        improve(
            run.travel_min, run.n_nodes, run.tour, run.item, first, planner.stops, planner.origin, shift.base
        )  # fmt: skip
        for i in range(planner.stops - 1, -1, -1):
            e = run.item[first + i]
            run.requests[run.steps[e].request].tour_after = shift.tour
            shift.tour = e


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


@apart
def seldom_step(run: Run, now: float, u: int) -> None:
    """`next_step` for what happens a few times a day."""
    next_step(run, now, u, True)


@apart
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
def looks_for_work(run: Run, now: float, u: int) -> None:
    """Whoever has become free takes the next step. One who comes on duty within office hours, when the team is about
    to plan, takes acute work only."""
    shift = run.shifts[u]
    if shift.status != FREE:  # on the way back to base first
        return
    next_step(run, now, u, now > shift.start or run.day_end[int(now / 60.0)] <= now)
    list_free(run, u)
    if run.teams[shift.team].reserve > 0 and shift.listed == 1:
        others_look(run, now, u)


@rule
def shift_ends(run: Run, now: float, u: int) -> None:
    """The rostered end: a free physician goes home; a visit in hand is finished first, as overtime."""
    if is_free(run.shifts[u]):
        go_home(run, now, u)


@apart
def team_plans(run: Run, now: float, team: int) -> None:
    """The team plans its tours, and those who are free set out, lower number first."""
    plan_tours(run, now, team)
    u = run.teams[team].on_duty
    while u >= 0:
        after = run.shifts[u].duty_after
        if is_free(run.shifts[u]):
            seldom_step(run, now, u)
        u = after


@apart
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
