"""The compiled clock: the same events in the same order as `processes.py`, over arrays.

Shift starts, planning and visits ordered come sorted, so they wait in line; the heap holds only what events bring
about today: shift ends, breaks, completions, next pools and patience. What comes on a later day waits in lists by day.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.columns import Floats, Ints
from sim.engine.choosing import NEVER
from sim.engine.rows import as_objects
from sim.engine.rules import (
    break_due,
    close_books,
    completes,
    gives_up,
    is_ordered,
    looks_for_work,
    next_pool,
    shift_ends,
    shift_starts,
    team_plans,
)
from sim.engine.state import (
    BREAK,
    BUSY,
    COMPLETION,
    HOMEBOUND,
    NEXT_POOL,
    NUMBERS,
    ORDERED,
    PATIENCE,
    PAUSED,
    PLAN,
    SHIFT_END,
    SHIFT_START,
    WAITING,
    Agenda,
    RequestNo,
    Run,
    ShiftNo,
    State,
    TeamNo,
)
from sim.jit import entry, rule

DAY_MIN: Final = 1440.0


@rule
def goes_before(time: float, key: int, other: float, other_key: int) -> bool:
    """Whether an event comes before another."""
    return time < other or (time == other and key < other_key)


@rule
def push(times: Floats, keys: Ints, size: int, time: float, key: int) -> int:
    """Add to the binary heap ordered by (time, key); gives the new size. The arrays must have room."""
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        if goes_before(times[parent], keys[parent], time, key):
            break
        times[i] = times[parent]
        keys[i] = keys[parent]
        i = parent
    times[i] = time
    keys[i] = key
    return size + 1


@rule
def pop(times: Floats, keys: Ints, size: int) -> int:
    """Take away the first of the heap; gives the new size. The gap goes down to the end of the heap by the smaller
    child, and the last entry rises from there: most often nowhere."""
    size -= 1
    gap = 0
    child = 1
    while child < size:
        right = child + 1
        if right < size:  # without a branch: nothing could predict which of two is smaller
            child += (times[right] < times[child]) | ((times[right] == times[child]) & (keys[right] < keys[child]))
        times[gap] = times[child]
        keys[gap] = keys[child]
        gap = child
        child = 2 * gap + 1
    push(times, keys, gap, times[size], keys[size])
    return size


@rule
def push_busy(state: State, times: Floats, keys: Ints, pushed: Ints, size: int, shift_no: ShiftNo) -> int:
    """If a physician has something in hand whose end is not on the heap (`pushed` 0), it goes there."""
    status = state.shifts[shift_no].status
    if pushed[shift_no] == 0 and status in (BUSY, HOMEBOUND, PAUSED):
        pushed[shift_no] = 1
        return push(times, keys, size, state.shifts[shift_no].busy_until, COMPLETION * NUMBERS + shift_no)
    return size


@rule
def push_team(state: State, times: Floats, keys: Ints, pushed: Ints, size: int, team_no: TeamNo) -> int:
    """The same for everybody of a team."""
    shift_no = state.teams[team_no].on_duty
    while shift_no >= 0:
        size = push_busy(state, times, keys, pushed, size, shift_no)
        shift_no = state.shifts[shift_no].duty_after
    return size


@rule
def put_off(first: Ints, after: Ints, entry: int, time: float) -> None:
    """Keep what comes on a later day out of the heap: into the list of its day. Most of it is settled before."""
    day = int(time / DAY_MIN)
    after[entry] = first[day]
    first[day] = entry


@rule
def bring(state: State, times: Floats, keys: Ints, size: int, entry: int, after: Ints) -> int:
    """A day begins: what was put off to it and still matters goes on the heap. Entries are requests (patience) and,
    beyond their number, steps (next pools). Gives the new size."""
    while entry >= 0:
        step_no = entry - len(state.requests)
        if step_no < 0:
            if state.requests[entry].stage == WAITING:
                size = push(times, keys, size, state.requests[entry].gives_up, PATIENCE * NUMBERS + entry)
        elif state.requests[state.steps[step_no].request].stage == WAITING:
            size = push(times, keys, size, state.steps[step_no].at, NEXT_POOL * NUMBERS + step_no)
        entry = after[entry]
    return size


@rule
def next_start(state: State, agenda: Agenda, start: int) -> tuple[float, int]:
    """Time and key of a shift start by its place in the agenda."""
    if start >= len(agenda.starts):
        return NEVER, 0
    number = agenda.starts[start]
    return state.shifts[number].start, SHIFT_START * NUMBERS + number


@rule
def next_plan(agenda: Agenda, plan: int) -> tuple[float, int]:
    """The same of a team that plans."""
    if plan >= len(agenda.plan_times):
        return NEVER, 0
    return agenda.plan_times[plan], PLAN * NUMBERS + agenda.plan_teams[plan]


@rule
def next_arrival(state: State, agenda: Agenda, arrival: int) -> tuple[float, int]:
    """The same of a visit that is ordered."""
    if arrival >= len(agenda.arrivals):
        return NEVER, 0
    number = agenda.arrivals[arrival]
    return state.requests[number].ordered, ORDERED * NUMBERS + number


@rule
def begin_shift(state: State, times: Floats, keys: Ints, size: int, now: float, shift_no: ShiftNo) -> int:
    """A shift starts: its end and its breaks are to come. Gives the new size of the heap."""
    shift = state.shifts[shift_no]
    size = push(times, keys, size, shift.end, SHIFT_END * NUMBERS + shift_no)
    due = now + shift.break_every
    while due < shift.end:
        size = push(times, keys, size, due, BREAK * NUMBERS + shift_no)
        due += shift.break_every
    shift_starts(state, now, shift_no)
    return size


@rule
def begin_wait(
    state: State, times: Floats, keys: Ints, size: int, first: Ints, after: Ints, now: float, tomorrow: float,
    request_no: RequestNo,
) -> int:  # fmt: skip
    """Nobody has set out to a request at once: patience and the next pools are to come. Gives the new size."""
    request = state.requests[request_no]
    if request.gives_up < tomorrow:
        size = push(times, keys, size, request.gives_up, PATIENCE * NUMBERS + request_no)
    elif request.gives_up < state.horizon:
        put_off(first, after, request_no, request.gives_up)
    for step_no in range(request.first_step, request.end_step):
        at = state.steps[step_no].at
        if now < at < tomorrow:
            size = push(times, keys, size, at, NEXT_POOL * NUMBERS + step_no)
        elif tomorrow <= at < state.horizon:
            put_off(first, after, len(state.requests) + step_no, at)
    return size


@entry
def loop(state: State, agenda: Agenda, times: Floats, keys: Ints, pushed: Ints, first: Ints, after: Ints) -> int:
    """From minute 0 to the horizon. `times` and `keys` are room for the heap, `first` (days) and `after` (requests and
    steps) lists of what is put off. Gives the number of events."""
    size, today, tomorrow, events = 0, 0, DAY_MIN, 0
    start, plan, arrival = 0, 0, 0
    start_time, start_key = next_start(state, agenda, start)
    plan_time, plan_key = next_plan(agenda, plan)
    arrival_time, arrival_key = next_arrival(state, agenda, arrival)
    while True:
        time, key = state.horizon, 0
        if size > 0:
            time, key = times[0], keys[0]
        if goes_before(start_time, start_key, time, key):
            time, key = start_time, start_key
        if goes_before(plan_time, plan_key, time, key):
            time, key = plan_time, plan_key
        if goes_before(arrival_time, arrival_key, time, key):
            time, key = arrival_time, arrival_key
        if time >= state.horizon:
            break
        if time >= tomorrow:
            today += 1
            tomorrow += DAY_MIN
            size = bring(state, times, keys, size, first[today], after)
            continue
        events += 1
        looks = -1
        kind = key // NUMBERS
        number = key % NUMBERS
        if kind == ORDERED:
            arrival += 1
            arrival_time, arrival_key = next_arrival(state, agenda, arrival)
            taken_by = is_ordered(state, time, number)
            if taken_by >= 0:
                size = push_busy(state, times, keys, pushed, size, taken_by)
            else:
                size = begin_wait(state, times, keys, size, first, after, time, tomorrow, number)
        elif kind == SHIFT_START:
            start += 1
            start_time, start_key = next_start(state, agenda, start)
            size = begin_shift(state, times, keys, size, time, number)
            looks = number
        elif kind == PLAN:
            plan += 1
            plan_time, plan_key = next_plan(agenda, plan)
            team_plans(state, time, number)
            size = push_team(state, times, keys, pushed, size, number)
        else:
            size = pop(times, keys, size)
            if kind == COMPLETION:
                pushed[number] = 0
                completes(state, time, number)
                looks = number
            elif kind == SHIFT_END:
                shift_ends(state, time, number)
            elif kind == NEXT_POOL:
                taken_by = next_pool(state, time, number)
                if taken_by >= 0:
                    size = push_busy(state, times, keys, pushed, size, taken_by)
            elif kind == BREAK:
                break_due(state, time, number)
                size = push_busy(state, times, keys, pushed, size, number)
            else:
                gives_up(state, time, number)
        if looks >= 0:
            looks_for_work(state, time, looks, kind == SHIFT_START)
            size = push_busy(state, times, keys, pushed, size, looks)
            team_no = state.shifts[looks].team
            if state.teams[team_no].reserve > 0:
                size = push_team(state, times, keys, pushed, size, team_no)
    close_books(state)
    return events


def room_for(state: State, agenda: Agenda) -> tuple[Floats, Ints, Ints, Ints, Ints]:
    """What `loop` needs beside. On the heap can be, of each shift, its end, what is in hand and its breaks, and all
    requests and steps."""
    entries = len(state.requests) + len(state.steps)
    heap = entries + 3 * len(state.shifts) + agenda.n_breaks + 16
    return (
        np.empty(heap),
        np.empty(heap, dtype=np.int64),
        np.zeros(len(state.shifts), dtype=np.int64),
        np.full(int(state.horizon / DAY_MIN) + 2, -1, dtype=np.int64),
        np.empty(entries, dtype=np.int64),
    )


def run_compiled(run: Run) -> Run:
    """Run on the compiled clock: changes `run` (numpy arrays) and gives it back. With Numba switched off
    (NUMBA_DISABLE_JIT=1) the same source runs on objects."""
    if not hasattr(loop, "py_func"):
        run = as_objects(run)
    loop(run.state, run.agenda, *room_for(run.state, run.agenda))
    return run
