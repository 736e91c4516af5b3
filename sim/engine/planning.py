"""What a free physician takes next, and how a team plans its tours.

Small functions that both clocks call, as in `rules.py`; `tours.py` has the planner's algorithms.
"""

from __future__ import annotations

from sim.engine.choosing import NEVER, may_begin, minutes_until, spares
from sim.engine.state import (
    BUSY,
    HOMEBOUND,
    LEAST_ROOM,
    LEVELS,
    LOOK_AHEAD,
    MAX_STOPS,
    PAUSED,
    PLANNED_LEVEL,
    RETURNING,
    WAITING,
    Run,
)
from sim.engine.tours import cheapest_position, improve, insert, insertion_cost
from sim.jit import out_of_line, rule

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


@out_of_line
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
