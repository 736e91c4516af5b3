"""The compiled clock: the same events in the same order as `processes.py`, over arrays.

Shift starts, planning and visits ordered come sorted, so they wait in line; the heap holds only what events bring
about today: shift ends, breaks, completions, next pools and patience. What comes on a later day waits in lists by day.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

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
    Run,
    as_objects,
)
from sim.jit import rule

DAY_MIN: Final = 1440.0

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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
def push_busy(run: Run, times: Floats, keys: Ints, pushed: Ints, size: int, u: int) -> int:
    """If physician-shift `u` has something in hand whose end is not on the heap (`pushed` 0), it goes there."""
    status = run.shifts[u].status
    if pushed[u] == 0 and status in (BUSY, HOMEBOUND, PAUSED):
        pushed[u] = 1
        return push(times, keys, size, run.shifts[u].busy_until, COMPLETION * NUMBERS + u)
    return size


@rule
def push_team(run: Run, times: Floats, keys: Ints, pushed: Ints, size: int, team: int) -> int:
    """The same for everybody of a team."""
    u = run.teams[team].on_duty
    while u >= 0:
        size = push_busy(run, times, keys, pushed, size, u)
        u = run.shifts[u].duty_after
    return size


@rule
def put_off(first: Ints, after: Ints, entry: int, time: float) -> None:
    """Keep what comes on a later day out of the heap: into the list of its day. Most of it is settled before."""
    day = int(time / DAY_MIN)
    after[entry] = first[day]
    first[day] = entry


@rule
def bring(run: Run, times: Floats, keys: Ints, size: int, entry: int, after: Ints) -> int:
    """A day begins: what was put off to it and still matters goes on the heap. Entries are requests (patience) and,
    beyond their number, steps (next pools). Gives the new size."""
    while entry >= 0:
        e = entry - len(run.requests)
        if e < 0:
            if run.requests[entry].stage == WAITING:
                size = push(times, keys, size, run.requests[entry].gives_up, PATIENCE * NUMBERS + entry)
        elif run.requests[run.steps[e].request].stage == WAITING:
            size = push(times, keys, size, run.steps[e].at, NEXT_POOL * NUMBERS + e)
        entry = after[entry]
    return size


@rule
def loop(run: Run, times: Floats, keys: Ints, pushed: Ints, first: Ints, after: Ints) -> int:
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
        time = run.horizon
        key = 0
        if size > 0:
            time = times[0]
            key = keys[0]
        if start < len(run.starts_order):
            u = run.starts_order[start]
            k = SHIFT_START * NUMBERS + u
            if run.shifts[u].start < time or (run.shifts[u].start == time and k < key):
                time = run.shifts[u].start
                key = k
        if plan < len(run.plan_times):
            k = PLAN * NUMBERS + run.plan_teams[plan]
            if run.plan_times[plan] < time or (run.plan_times[plan] == time and k < key):
                time = run.plan_times[plan]
                key = k
        if arrival < len(run.arrivals_order):
            r = run.arrivals_order[arrival]
            k = ORDERED * NUMBERS + r
            if run.requests[r].ordered < time or (run.requests[r].ordered == time and k < key):
                time = run.requests[r].ordered
                key = k
        if time >= run.horizon:
            break
        if time >= tomorrow:
            today += 1
            tomorrow += DAY_MIN
            size = bring(run, times, keys, size, first[today], after)
            continue
        events += 1
        looks = -1
        kind = key // NUMBERS
        number = key % NUMBERS
        if kind == ORDERED:
            arrival += 1
            request = run.requests[number]
            u = is_ordered(run, time, number)
            if u >= 0:
                size = push_busy(run, times, keys, pushed, size, u)
                continue
            if request.gives_up < tomorrow:
                size = push(times, keys, size, request.gives_up, PATIENCE * NUMBERS + number)
            elif request.gives_up < run.horizon:
                put_off(first, after, number, request.gives_up)
            for e in range(request.first_step, request.end_step):
                at = run.steps[e].at
                if time < at < tomorrow:
                    size = push(times, keys, size, at, NEXT_POOL * NUMBERS + e)
                elif tomorrow <= at < run.horizon:
                    put_off(first, after, len(run.requests) + e, at)
        elif kind == SHIFT_START:
            start += 1
            size = push(times, keys, size, run.shifts[number].end, SHIFT_END * NUMBERS + number)
            due = time + run.shifts[number].break_every
            while due < run.shifts[number].end:
                size = push(times, keys, size, due, BREAK * NUMBERS + number)
                due += run.shifts[number].break_every
            shift_starts(run, time, number)
            looks = number
        elif kind == PLAN:
            plan += 1
            team_plans(run, time, number)
            size = push_team(run, times, keys, pushed, size, number)
        else:
            size = pop(times, keys, size)
            if kind == COMPLETION:
                pushed[number] = 0
                completes(run, time, number)
                looks = number
            elif kind == SHIFT_END:
                shift_ends(run, time, number)
            elif kind == NEXT_POOL:
                u = next_pool(run, time, number)
                if u >= 0:
                    size = push_busy(run, times, keys, pushed, size, u)
            elif kind == BREAK:
                break_due(run, time, number)
                size = push_busy(run, times, keys, pushed, size, number)
            else:
                gives_up(run, time, number)
        if looks >= 0:
            looks_for_work(run, time, looks, kind == SHIFT_START)
            size = push_busy(run, times, keys, pushed, size, looks)
            team = run.shifts[looks].team
            if run.teams[team].reserve > 0:
                size = push_team(run, times, keys, pushed, size, team)
    close_books(run)
    return events


def room_for(run: Run) -> tuple[Floats, Ints, Ints, Ints, Ints]:
    """What `loop` needs beside the run. On the heap can be, of each shift, its end, what is in hand and its breaks, and
    all requests and steps."""
    entries = len(run.requests) + len(run.steps)
    heap = entries + 3 * len(run.shifts) + run.n_breaks + 16
    return (
        np.empty(heap),
        np.empty(heap, dtype=np.int64),
        np.zeros(len(run.shifts), dtype=np.int64),
        np.full(int(run.horizon / DAY_MIN) + 2, -1, dtype=np.int64),
        np.empty(entries, dtype=np.int64),
    )


def run_compiled(run: Run) -> Run:
    """Run on the compiled clock: changes `run` (numpy arrays) and gives it back. With Numba switched off
    (NUMBA_DISABLE_JIT=1) the same source runs on objects."""
    if not hasattr(loop, "py_func"):
        run = as_objects(run)
    loop(run, *room_for(run))
    return run
