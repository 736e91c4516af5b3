"""Planned work by place: finds among thousands that wait the one that `taking.nearest_in_queue` would find.

All steps of planned requests, whenever they come to wait, are listed once by team, by place, and in the requests'
order. What is listed together is equally far away, so of each list only the first that fits can be the one. A place is
the visits at a node, the calls, or the rounds at a node. The lists are made when they are first needed: a run whose
teams keep up has no use for them.
"""

from __future__ import annotations

from sim.engine.choosing import NEVER, call_min, may_take, reach_min
from sim.engine.state import PLANNED_LEVEL, WAITING, PlaceRow, ShiftNo, ShiftRow, State, StepNo, TeamNo
from sim.jit import out_of_line, rule


@out_of_line
def nearest_by_place(state: State, now: float, shift_no: ShiftNo) -> StepNo:
    """Of the planned work in nobody's tour that may begin, that which is due first, nearest first, in order; -1 if
    there is none."""
    if state.places[0].first < 0:
        list_places(state)
    shift = state.shifts[shift_no]
    best = -1
    best_min = NEVER
    best_day = NEVER
    first = place_no(state, shift.team, 0)
    for place_in_team in range(places_of_team(state)):
        place = state.places[first + place_in_team]
        if place.first < place.end and place.soonest <= now and place.due_day <= best_day:
            minutes = minutes_to(state, now, shift, place_in_team)
            nearer = place.due_day < best_day or minutes <= best_min
            if nearer and some_time(state, shift, place_in_team, now + minutes) and settle(state, place):
                step_no = first_that_fits(state, now, shift, minutes, place)
                if step_no >= 0 and (best < 0 or goes_before(state, step_no, minutes, best, best_min)):
                    best = step_no
                    best_min = minutes
                    best_day = state.requests[state.steps[step_no].request].due_day
    return best


@rule
def minutes_to(state: State, now: float, shift: ShiftRow, place_in_team: int) -> float:
    """Expected minutes until a free physician is with the patients of a place, or on the telephone."""
    if place_in_team == state.n_nodes:
        return call_min(now, shift)
    node = place_in_team - state.n_nodes - 1 if place_in_team > state.n_nodes else place_in_team
    return reach_min(state, now, shift, node)


@rule
def settle(state: State, place: PlaceRow) -> bool:
    """What has been taken, has given up or was refused is not looked at again. Gives whether anything is left."""
    while place.first < place.end:
        entry = state.placed[place.first]
        request = state.requests[state.steps[entry.step].request]
        if request.stage <= WAITING:
            place.due_day = request.due_day
            place.soonest = entry.soonest
            return True
        place.first += 1
    return False


@rule
def some_time(state: State, shift: ShiftRow, place_in_team: int, arrive: float) -> bool:
    """May the shortest work of this kind begin at `arrive`? Spares a walk where none may."""
    is_round = place_in_team > state.n_nodes
    on_scene = state.least.round_on_scene if is_round else state.least.visit_on_scene
    work = state.least.round if is_round else state.least.visit
    hour = int(arrive / 60.0)
    return arrive + work <= shift.end and hour < len(state.day_end) and arrive + on_scene <= state.day_end[hour]


@rule
def first_that_fits(state: State, now: float, shift: ShiftRow, minutes: float, place: PlaceRow) -> StepNo:
    """The first of a place that waits, is in nobody's tour and may begin in so many minutes; -1 if none."""
    for k in range(place.first, place.end):
        if state.placed[k].soonest > now:
            return -1
        step_no = state.placed[k].step
        request = state.requests[state.steps[step_no].request]
        waits = state.steps[step_no].queued == 1 and request.planned_for < 0
        if waits and may_take(state, now, shift, step_no, minutes):
            return step_no
    return -1


@rule
def goes_before(state: State, step_no: StepNo, minutes: float, other_no: StepNo, other_min: float) -> bool:
    """Of two pieces of planned work: due earlier, then nearer, then first in order."""
    request = state.requests[state.steps[step_no].request]
    other = state.requests[state.steps[other_no].request]
    if request.due_day != other.due_day:
        return request.due_day < other.due_day
    return minutes < other_min or (minutes == other_min and request.order < other.order)


# --- the lists --------------------------------------------------------------------------------------


@rule
def places_of_team(state: State) -> int:
    """How many places each team has."""
    return 2 * state.n_nodes + 1


@rule
def place_no(state: State, team_no: TeamNo, place: int) -> int:
    """The number of a team's place."""
    return team_no * places_of_team(state) + place


@rule
def list_places(state: State) -> None:
    """Sort all steps of planned requests by team, place and order (a counting sort twice over)."""
    n = sort_planned(state)
    for number in range(len(state.places)):
        state.places[number].end = 0
    for k in range(n):
        request = state.requests[state.placed[k].by_order]
        for step_no in range(request.first_step, request.end_step):
            state.places[place_no(state, state.steps[step_no].team, request.place)].end += 1
    total = 0
    for number in range(len(state.places)):
        place = state.places[number]
        place.first = total
        total += place.end
        place.end = place.first
    for k in range(n):
        request = state.requests[state.placed[k].by_order]
        for step_no in range(request.first_step, request.end_step):
            place = state.places[place_no(state, state.steps[step_no].team, request.place)]
            if place.first == place.end:
                place.due_day = request.due_day
            state.placed[place.end].step = step_no
            place.end += 1
    for number in range(len(state.places)):
        place = state.places[number]
        place.soonest = NEVER
        for k in range(place.end - 1, place.first - 1, -1):
            place.soonest = min(place.soonest, state.steps[state.placed[k].step].at)
            state.placed[k].soonest = place.soonest


@rule
def sort_planned(state: State) -> int:
    """The planned requests by order, which is their number among them; gives how many there are."""
    n = 0
    for request_no in range(len(state.requests)):
        if state.requests[request_no].level == PLANNED_LEVEL:
            state.placed[state.requests[request_no].order].by_order = request_no
            n += 1
    return n
