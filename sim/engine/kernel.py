"""The compiled clock: the same events in the same order as `processes.py`, over arrays.

Shift starts, planning and visits ordered come sorted, so they wait in line; the heap holds only what events bring
about today: shift ends, breaks, completions, next pools and patience. What comes on a later day waits in lists by day.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.columns import Floats, Ints
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
    Run,
    ShiftNo,
    State,
    TeamNo,
)
from sim.jit import entry, rule

DAY_MIN: Final = 1440.0


@rule
def push(times: Floats, keys: Ints, size: int, time: float, key: int) -> int:
    """Add to the binary heap ordered by (time, key); gives the new size. The arrays must have room."""
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        if times[parent] < time or (times[parent] == time and keys[parent] < key):
            break
        times[i] = times[parent]
        keys[i] = keys[parent]
        i = parent
    times[i] = time
    keys[i] = key
    return size + 1


@rule
def pop(times: Floats, keys: Ints, size: int) -> int:
    """Take away the first of the heap; gives the new size."""
    size -= 1
    time = times[size]
    key = keys[size]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        right = child + 1
        if right < size and (
            times[right] < times[child] or (times[right] == times[child] and keys[right] < keys[child])
        ):
            child = right
        if times[child] > time or (times[child] == time and keys[child] > key):
            break
        times[i] = times[child]
        keys[i] = keys[child]
        i = child
    times[i] = time
    keys[i] = key
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


@entry
def loop(state: State, agenda: Agenda, times: Floats, keys: Ints, pushed: Ints, first: Ints, after: Ints) -> int:
    """From minute 0 to the horizon. `times` and `keys` are room for the heap, `first` (days) and `after` (requests and
    steps) lists of what is put off. Gives the number of events."""
    size = 0
    today = 0
    tomorrow = DAY_MIN
    start = 0
    plan = 0
    arrival = 0
    events = 0
    while True:
        time = state.horizon
        key = 0
        if size > 0:
            time = times[0]
            key = keys[0]
        if start < len(agenda.starts):
            number = agenda.starts[start]
            k = SHIFT_START * NUMBERS + number
            if state.shifts[number].start < time or (state.shifts[number].start == time and k < key):
                time = state.shifts[number].start
                key = k
        if plan < len(agenda.plan_times):
            k = PLAN * NUMBERS + agenda.plan_teams[plan]
            if agenda.plan_times[plan] < time or (agenda.plan_times[plan] == time and k < key):
                time = agenda.plan_times[plan]
                key = k
        if arrival < len(agenda.arrivals):
            number = agenda.arrivals[arrival]
            k = ORDERED * NUMBERS + number
            if state.requests[number].ordered < time or (state.requests[number].ordered == time and k < key):
                time = state.requests[number].ordered
                key = k
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
            request = state.requests[number]
            taken_by = is_ordered(state, time, number)
            if taken_by >= 0:
                size = push_busy(state, times, keys, pushed, size, taken_by)
                continue
            if request.gives_up < tomorrow:
                size = push(times, keys, size, request.gives_up, PATIENCE * NUMBERS + number)
            elif request.gives_up < state.horizon:
                put_off(first, after, number, request.gives_up)
            for step_no in range(request.first_step, request.end_step):
                at = state.steps[step_no].at
                if time < at < tomorrow:
                    size = push(times, keys, size, at, NEXT_POOL * NUMBERS + step_no)
                elif tomorrow <= at < state.horizon:
                    put_off(first, after, len(state.requests) + step_no, at)
        elif kind == SHIFT_START:
            start += 1
            size = push(times, keys, size, state.shifts[number].end, SHIFT_END * NUMBERS + number)
            due = time + state.shifts[number].break_every
            while due < state.shifts[number].end:
                size = push(times, keys, size, due, BREAK * NUMBERS + number)
                due += state.shifts[number].break_every
            shift_starts(state, time, number)
            looks = number
        elif kind == PLAN:
            plan += 1
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
