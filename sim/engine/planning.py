"""How a team plans its tours; `tours.py` has the planner's algorithms.

Small functions that both clocks call, as in `rules.py`.
"""

from __future__ import annotations

from sim.engine.choosing import NEVER, ahead_min, hand_over_min, work_min
from sim.engine.queues import first_planned, planned_after
from sim.engine.state import (
    BUSY,
    HOMEBOUND,
    LEAST_ROOM,
    LOOK_AHEAD,
    MAX_STOPS,
    PAUSED,
    RETURNING,
    WAITING,
    ShiftNo,
    ShiftRow,
    State,
    StepNo,
    TeamNo,
)
from sim.engine.tours import cheapest_position, improve, insert, insertion_cost
from sim.jit import rule


@rule
def drop_tour(state: State, shift_no: ShiftNo, broken: int) -> None:
    """The stops that are left of a tour go back. `broken`: 1 if that breaks a promise, 0 if they are planned anew."""
    shift = state.shifts[shift_no]
    step_no = shift.tour
    while step_no >= 0:
        request = state.requests[state.steps[step_no].request]
        request.planned_for = -1
        if request.stage == WAITING:
            state.courses[state.steps[step_no].request].broken += broken
        step_no = request.tour_after
    shift.tour = -1


@rule
def expected_free(state: State, now: float, shift: ShiftRow) -> float:
    """When a physician is expected to be free: what has not ended by now takes as long as expected, and ends now if it
    should have ended already. A pause ends when it does."""
    if shift.status == BUSY:
        request = state.requests[shift.patient]
        arrive = shift.leg_end if shift.leg_end <= now else max(now, shift.since + shift.leg_plan)
        leave = shift.scene_end if shift.scene_end <= now else max(now, arrive + request.on_scene_plan)
        return max(now, leave + request.documentation_plan + hand_over_min(state, shift.step))
    free = now
    if now < shift.leg_end and (shift.status == RETURNING or shift.status == HOMEBOUND or shift.open_leg == 1):
        free += ahead_min(now, shift)
    if shift.status == PAUSED:
        free += shift.busy_until - max(now, shift.leg_end)
    return free


@rule
def find_planners(state: State, now: float, team_no: TeamNo) -> int:
    """Who of the team has room for planned work today: from where, and how many minutes. Gives how many they are."""
    n = 0
    day_ends = state.day_end[int(now / 60.0)]
    shift_no = state.teams[team_no].on_duty
    while shift_no >= 0:
        shift = state.shifts[shift_no]
        drop_tour(state, shift_no, 0)
        origin = shift.place
        if shift.status == BUSY and state.requests[shift.patient].telephone == 0:
            origin = state.requests[shift.patient].node
        elif shift.status == RETURNING or shift.status == HOMEBOUND or shift.open_leg == 1:
            origin = shift.goal
        time = min(shift.end, day_ends) - expected_free(state, now, shift)
        if time >= LEAST_ROOM:
            planner = state.planners[n]
            planner.shift = shift_no
            planner.stops = 0
            planner.origin = origin
            planner.left = min(shift.planned_left, time)
            planner.time = time
            n += 1
        shift_no = shift.duty_after
    return n


@rule
def most_room(state: State, n: int, due: bool) -> float:
    """The most room that any of the `n` planners has, for what is due today or for other work."""
    most = 0.0
    for k in range(n):
        planner = state.planners[k]
        if planner.stops < MAX_STOPS:
            most = max(most, planner.time if due else planner.left)
    return most


@rule
def put_into_a_tour(state: State, n: int, step_no: StepNo, due: bool) -> int:
    """Put the request of a step where it adds least to the tour of one of the `n` planners; nowhere if no tour has
    room. What is due today may fill the shift, other work the planned share of it. Gives the planner, or -1."""
    request = state.requests[state.steps[step_no].request]
    work = work_min(state, step_no)
    best = -1
    best_i = 0
    best_cost = NEVER
    best_value = NEVER
    for k in range(n):
        planner = state.planners[k]
        shift = state.shifts[planner.shift]
        room = planner.time if due else planner.left
        if planner.stops < MAX_STOPS and work <= room:
            first = k * MAX_STOPS
            i = cheapest_position(
                state.travel_min, state.n_nodes, state.tour, first, planner.stops, planner.origin, shift.base,
                request.node,
            )  # fmt: skip
            c = insertion_cost(
                state.travel_min, state.n_nodes, state.tour, first, planner.stops, planner.origin, shift.base,
                request.node, i,
            )  # fmt: skip
            value = c - state.named_weight if shift.physician == request.named else c
            if value < best_value and c + work <= room:
                best = k
                best_i = i
                best_cost = c
                best_value = value
    if best >= 0:
        planner = state.planners[best]
        planner.stops = insert(
            state.tour, state.item, best * MAX_STOPS, planner.stops, best_i, request.node, step_no
        )  # fmt: skip
        planner.left -= best_cost + work
        planner.time -= best_cost + work
        request.planned_for = planner.shift
    return best


@rule
def fill_tours(state: State, now: float, team_no: TeamNo, n: int) -> None:
    """The planned work that waits, in order, into the tours of the `n` planners, until all are full or enough has been
    looked at. What takes longer than the room that anybody may still have is passed by."""
    today = int(now / 1440.0)
    looked = 0
    most_time = most_room(state, n, True)
    most_left = most_room(state, n, False)
    narrower = False  # a stop has been put in since: nobody may have so much room any more
    step_no = first_planned(state, team_no)
    least = min(state.least.visit, state.least.round)
    while step_no >= 0 and looked < LOOK_AHEAD * n and least <= most_time:
        request = state.requests[state.steps[step_no].request]
        if request.planned_for < 0:
            looked += 1
            due = request.due_day <= today
            if work_min(state, step_no) <= (most_time if due else most_left):
                best = put_into_a_tour(state, n, step_no, due)
                full = False
                if best >= 0:
                    planner = state.planners[best]
                    most_time = max(most_time, planner.time)  # a detour may be shorter than the way
                    most_left = max(most_left, planner.left)
                    full = planner.time < LEAST_ROOM or planner.stops == MAX_STOPS
                    narrower = True
                if narrower and (best < 0 or full):
                    most_time = most_room(state, n, True)
                    most_left = most_room(state, n, False)
                    narrower = False
        step_no = planned_after(state, step_no)


@rule
def plan_tours(state: State, now: float, team_no: TeamNo) -> None:
    """The planned visits and rounds that wait, by due day, into the tours of those on duty by cheapest insertion; then
    each tour is made shorter."""
    n = find_planners(state, now, team_no)
    fill_tours(state, now, team_no, n)
    for k in range(n):
        planner = state.planners[k]
        shift = state.shifts[planner.shift]
        first = k * MAX_STOPS
        improve(
            state.travel_min, state.n_nodes, state.tour, state.item, first, planner.stops, planner.origin, shift.base
        )  # fmt: skip
        for i in range(planner.stops - 1, -1, -1):
            step_no = state.item[first + i]
            state.requests[state.steps[step_no].request].tour_after = shift.tour
            shift.tour = step_no
