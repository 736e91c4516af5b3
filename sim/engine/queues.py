"""Who waits where: the queues of each team.

A queue is linked through steps (a request put to a team) and sorted by the requests' order, which is settled before the
run: acute ones as they are ordered, planned ones by promised day first. Acute requests wait in a queue for each level,
planned ones in one for each promised day, so that one is put in or taken out in no time however many wait.

Small functions that both clocks call, as in `rules.py`.
"""

from __future__ import annotations

from sim.engine.state import ACUTE_LEVELS, PLANNED_LEVEL, RequestNo, RequestRow, State, StepNo, TeamNo
from sim.jit import rule


@rule
def join_queue(state: State, step_no: StepNo) -> None:
    """The request of a step becomes visible to its team: by class, then by the order of being ordered (planned work by
    due day first)."""
    step = state.steps[step_no]
    request = state.requests[step.request]
    queue = state.queues[queue_of(state, step.team, request)]
    before = queue.tail
    while before >= 0 and state.requests[state.steps[before].request].order > request.order:
        before = state.steps[before].before
    after = queue.head if before < 0 else state.steps[before].after
    step.before = before
    step.after = after
    if before < 0:
        queue.head = step_no
    else:
        state.steps[before].after = step_no
    if after < 0:
        queue.tail = step_no
    else:
        state.steps[after].before = step_no
    step.queued = 1
    if request.level == PLANNED_LEVEL:
        count_planned(state, step.team, request.due_day)


@rule
def leave_queues(state: State, request_no: RequestNo) -> None:
    """The request waits no longer anywhere."""
    request = state.requests[request_no]
    for step_no in range(request.first_step, request.end_step):
        step = state.steps[step_no]
        if step.queued == 1:
            queue = state.queues[queue_of(state, step.team, request)]
            if step.before < 0:
                queue.head = step.after
            else:
                state.steps[step.before].after = step.after
            if step.after < 0:
                queue.tail = step.before
            else:
                state.steps[step.after].before = step.before
            step.queued = 0
            if request.level == PLANNED_LEVEL:
                state.teams[step.team].planned -= 1


@rule
def queue_of(state: State, team_no: TeamNo, request: RequestRow) -> int:
    """The queue of a team in which a request waits."""
    if request.level == PLANNED_LEVEL:
        return queue_of_day(state, team_no, request.due_day)
    return team_no * (ACUTE_LEVELS + state.n_days) + request.level


@rule
def queue_of_day(state: State, team_no: TeamNo, day: int) -> int:
    """The queue of planned work promised by a day; what is promised beyond the run waits in the last."""
    return team_no * (ACUTE_LEVELS + state.n_days) + ACUTE_LEVELS + min(day, state.n_days - 1)


# --- the planned work of a team, day after day --------------------------------------------------------


@rule
def count_planned(state: State, team_no: TeamNo, day: int) -> None:
    """One more waits, promised by this day: the days that are looked through span it."""
    team = state.teams[team_no]
    if team.planned == 0:
        team.first_day = day
        team.last_day = day
    team.planned += 1
    team.first_day = min(team.first_day, day)
    team.last_day = max(team.last_day, day)


@rule
def first_planned(state: State, team_no: TeamNo) -> StepNo:
    """The first step of a team's planned work, -1 if none waits; days before it are not looked at again."""
    team = state.teams[team_no]
    if team.planned == 0:
        return -1
    head = state.queues[queue_of_day(state, team_no, team.first_day)].head
    while head < 0:
        team.first_day += 1
        head = state.queues[queue_of_day(state, team_no, team.first_day)].head
    return head


@rule
def planned_after(state: State, step_no: StepNo) -> StepNo:
    """The step that follows in its team's planned work, on the same day or a later one; -1 if it is the last."""
    step = state.steps[step_no]
    after = step.after
    day = state.requests[step.request].due_day
    last = min(state.teams[step.team].last_day, state.n_days - 1)
    while after < 0 and day < last:
        day += 1
        after = state.queues[queue_of_day(state, step.team, day)].head
    return after
