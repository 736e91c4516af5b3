"""One pass over the requests of a journal and one over its physician-shifts, compiled: sums by cell.

Numbers only, no labels and no pandas; what the columns mean is said beside their names. The same source runs
uncompiled. Times are minutes on the dyadic grid, so sums of them are exact and the order of adding cannot matter.
Functions called for every request take arrays and numbers, not the tuples of columns: handing a tuple on counts
references to each of its arrays, which took ten times as long as the work itself.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import A3, ACUTE, CANCELLED, CLASSES, DONE, ESCALATED, GROUPS, NATT, OPEN, TELEPHONE, WINDOWS
from sim.jit import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GROUP_COUNT: Final = len(GROUPS)
CLASS_COUNT: Final = len(CLASSES)
WINDOW_COUNT: Final = len(WINDOWS)
ACUTE_COUNT: Final = len(ACUTE)  # the acute classes have the first codes
MINUTES_PER_DAY: Final = 1440.0

# What is kept of the requests of a cell: numbers of requests, and sums over some of them.
ALL, DONE_COUNT, DONE_VISITS, ESCALATED_COUNT, OPEN_COUNT, OPEN_AGE = 0, 1, 2, 3, 4, 5
VISITED, RESPONSE, RESPONSE_LOGGED, QUEUE, TRAVEL = 6, 7, 8, 9, 10
ORDERED, JUDGED, IN_TARGET = 11, 12, 13  # of the acute
DUE, ON_DAY = 14, 15
REQUEST_SUMS: Final = 16

# What is kept of the shifts of a base.
SHIFTS, SCHEDULED, PAID, DRIVING, ON_SCENE, DOCUMENTING, IDLE, OVERTIME = 0, 1, 2, 3, 4, 5, 6, 7
KM, STOPS, VISITS, NIGHTS, DISTURBED = 8, 9, 10, 11, 12
SHIFT_SUMS: Final = 13


class RequestColumns(NamedTuple):
    """The requests of a tape and what became of them; (R,) each, as in `DemandTape` and `Journal`."""

    klass: Ints
    municipality: Ints
    group: Ints
    visits: Ints
    due_day: Ints
    t0: Floats
    t1: Floats
    t3: Floats
    t4: Floats
    t5: Floats
    t6: Floats
    te: Floats
    outcome: Ints
    shift: Ints


class ShiftColumns(NamedTuple):
    """The physician-shifts of a journal; (S,) each, minutes and kilometres."""

    physician: Ints
    municipality: Ints
    start: Floats
    end: Floats
    home: Floats
    driving: Floats
    on_scene: Floats
    documenting: Floats
    idle: Floats
    overtime: Floats
    km: Floats
    stops: Ints
    visits: Ints


class Period(NamedTuple):
    """The minutes that are counted, and the calendar's window of each hour."""

    begin: float
    end: float
    window: Ints


class RequestCounts(NamedTuple):
    """`cells` (municipalities, groups, classes, windows, REQUEST_SUMS).

    Curves of acute requests, by municipality and class: how many were `followed` long enough, and how many of them
    `arrived` and `escalated` first at each point of the grid (the last column: after it).
    Of each ordered acute request: minutes `waited` (inf: never visited) and the number of its cell.
    """

    cells: Floats
    followed: Floats
    arrived: Floats
    escalated: Floats
    waited: Floats
    cell: Ints


@compiled
def count_requests(
    r: RequestColumns, period: Period, targets: Floats, municipalities: int, step: float, points: int
) -> RequestCounts:
    """Everything about requests logged in the period. `targets` in minutes of A1, A2, A3; curves have a point every
    `step` minutes from 0, `points` in all."""
    t0, t1, t3, t4, te = r.t0, r.t1, r.t3, r.t4, r.te
    begin, end, window = period.begin, period.end, period.window
    cells = np.zeros((municipalities * GROUP_COUNT * CLASS_COUNT * WINDOW_COUNT, REQUEST_SUMS))
    followed = np.zeros((municipalities, ACUTE_COUNT))
    arrived = np.zeros((municipalities, ACUTE_COUNT, points + 1))
    escalated = np.zeros((municipalities, ACUTE_COUNT, points + 1))
    waited = np.empty(len(t0))
    cell_of = np.empty(len(t0), dtype=np.int64)
    last_hour = min(len(window), int(np.ceil(end / 60.0))) - 1
    long_enough = step * (points - 1)
    ordered = 0
    for i in range(len(t0)):
        if t0[i] < begin:
            continue
        known = not np.isnan(t1[i])
        visited = not np.isnan(t4[i])
        outcome = r.outcome[i]
        place = r.municipality[i]
        klass = r.klass[i]
        hour = min(int(t1[i] / 60.0), last_hour) if known else last_hour
        cell = ((place * GROUP_COUNT + r.group[i]) * CLASS_COUNT + klass) * WINDOW_COUNT + window[hour]
        cells[cell, ALL] += 1.0
        if outcome == DONE:
            cells[cell, DONE_COUNT] += 1.0
            cells[cell, DONE_VISITS] += r.visits[i]
        elif outcome == ESCALATED:
            cells[cell, ESCALATED_COUNT] += 1.0
        elif outcome == OPEN:
            cells[cell, OPEN_COUNT] += 1.0
            cells[cell, OPEN_AGE] += end - t0[i]
        if visited:
            cells[cell, VISITED] += 1.0
            cells[cell, RESPONSE] += t4[i] - t1[i]
            cells[cell, RESPONSE_LOGGED] += t4[i] - t0[i]
            cells[cell, QUEUE] += t3[i] - t1[i]
            cells[cell, TRAVEL] += t4[i] - t3[i]
        if klass > A3:
            midnight = (r.due_day[i] + 1) * MINUTES_PER_DAY
            if 0.0 < midnight <= end:
                cells[cell, DUE] += 1.0
                if t4[i] < midnight:  # never true of NaN
                    cells[cell, ON_DAY] += 1.0
        elif known and outcome != TELEPHONE and outcome != CANCELLED:
            age = end - t1[i]
            wait = t4[i] - t1[i] if visited else np.inf
            waited[ordered] = wait
            cell_of[ordered] = cell
            ordered += 1
            cells[cell, ORDERED] += 1.0
            if visited or outcome != OPEN or age >= targets[klass]:
                cells[cell, JUDGED] += 1.0
                if wait <= targets[klass]:
                    cells[cell, IN_TARGET] += 1.0
            if age >= long_enough:
                followed[place, klass] += 1.0
                if visited:
                    arrived[place, klass, grid_point(wait, step, points)] += 1.0
                if not np.isnan(te[i]):
                    escalated[place, klass, grid_point(te[i] - t1[i], step, points)] += 1.0
    return RequestCounts(cells, followed, arrived, escalated, waited[:ordered], cell_of[:ordered])


@compiled
def grid_point(minutes: float, step: float, points: int) -> int:
    """The first grid point that is not before `minutes`; `points` when all are."""
    if minutes > step * (points - 1):
        return points
    return int(np.ceil(minutes / step))


class ShiftCounts(NamedTuple):
    """`bases` (municipalities, SHIFT_SUMS); `busy` and `scheduled` minutes by (municipality, physician); `by_visits`
    (municipalities, most visits + 1) how many shifts made each number of visits."""

    bases: Floats
    busy: Floats
    scheduled: Floats
    by_visits: Floats


@compiled
def count_shifts(s: ShiftColumns, called: NDArray[np.bool_], period: Period, municipalities: int) -> ShiftCounts:
    """Everything about the shifts that began in the period; `called` of each shift by `night_calls`."""
    people = 0
    most = 0
    for u in range(len(s.start)):
        people = max(people, s.physician[u] + 1)
        most = max(most, s.visits[u])
    bases = np.zeros((municipalities, SHIFT_SUMS))
    busy = np.zeros((municipalities, people))
    scheduled = np.zeros((municipalities, people))
    by_visits = np.zeros((municipalities, most + 1))
    for u in range(len(s.start)):
        if s.start[u] < period.begin:
            continue
        base = s.municipality[u]
        person = s.physician[u]
        length = s.end[u] - s.start[u]
        bases[base, SHIFTS] += 1.0
        bases[base, SCHEDULED] += length
        bases[base, PAID] += s.home[u] - s.start[u]
        bases[base, DRIVING] += s.driving[u]
        bases[base, ON_SCENE] += s.on_scene[u]
        bases[base, DOCUMENTING] += s.documenting[u]
        bases[base, IDLE] += s.idle[u]
        bases[base, OVERTIME] += s.overtime[u]
        bases[base, KM] += s.km[u]
        bases[base, STOPS] += s.stops[u]
        bases[base, VISITS] += s.visits[u]
        if covers_night(period.window, s.start[u], s.end[u]):
            bases[base, NIGHTS] += 1.0
            if called[u]:
                bases[base, DISTURBED] += 1.0
        busy[base, person] += s.driving[u] + s.on_scene[u] + s.documenting[u]
        scheduled[base, person] += length
        by_visits[base, s.visits[u]] += 1.0
    return ShiftCounts(bases, busy, scheduled, by_visits)


@compiled
def covers_night(window: Ints, start: float, end: float) -> bool:
    """Whether an hour of the night window has rostered time."""
    hour = int(start / 60.0)
    after = min(int(np.ceil(end / 60.0)), len(window))
    while hour < after and window[hour] != NATT:
        hour += 1
    return hour < after


@compiled
def night_calls(r: RequestColumns, window: Ints, shifts: int) -> NDArray[np.bool_]:
    """(shifts,) whether the physician set out at least once in the night window."""
    called = np.zeros(shifts, dtype=np.bool_)
    for i in range(len(r.t3)):
        if r.shift[i] >= 0 and not np.isnan(r.t3[i]):
            called[r.shift[i]] |= window[min(int(r.t3[i] / 60.0), len(window) - 1)] == NATT
    return called
