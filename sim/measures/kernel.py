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

from sim.codes import (
    ACUTE,
    CANCELLED,
    CLASSES,
    DONE,
    ESCALATED,
    GROUPS,
    OPEN,
    REFERRED,
    TELEPHONE,
    UNPLANNED,
    WINDOWS,
)
from sim.jit import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GROUP_COUNT: Final = len(GROUPS)
CLASS_COUNT: Final = len(CLASSES)
WINDOW_COUNT: Final = len(WINDOWS)
ACUTE_COUNT: Final = len(ACUTE)  # the acute classes have the first codes
UNPLANNED_COUNT: Final = len(UNPLANNED)  # and PAL and ADM the next
MINUTES_PER_DAY: Final = 1440.0

# What is kept of the requests of a cell: numbers of requests, and sums over some of them.
ALL, DONE_COUNT, DONE_VISITS, ESCALATED_COUNT, OPEN_COUNT, OPEN_AGE = 0, 1, 2, 3, 4, 5
VISITED, RESPONSE, RESPONSE_LOGGED, QUEUE, TRAVEL = 6, 7, 8, 9, 10
ORDERED, JUDGED, IN_TARGET, WAITING = 11, 12, 13, 14  # of the unplanned
DUE, ON_DAY = 15, 16  # of the planned
TELEPHONE_COUNT, CANCELLED_COUNT, REFERRED_COUNT, CONVEYED_COUNT, AT_PATIENT = 17, 18, 19, 20, 21
AT_VARDCENTRAL, AT_ED, ON_TELEPHONE = 22, 23, 24  # of the referred, in the order of `sim.codes.ELSEWHERE`
LISTED, BY_OWN, BY_NAMED = 25, 26, 27  # of the done
NOT_REACHED = 28
REQUEST_SUMS: Final = 29

# Marks of a request that was done, see `continuity.familiar`.
IS_LISTED, IS_OWN, IS_NAMED = 1, 2, 4

# What is kept of the shifts of a base.
SHIFTS, SCHEDULED, PAID, DRIVING, ON_SCENE, DOCUMENTING, IDLE, OVERTIME = 0, 1, 2, 3, 4, 5, 6, 7
KM, STOPS, VISITS, NIGHTS, DISTURBED, CALLS = 8, 9, 10, 11, 12, 13
CONTRACTOR_TIME, CLINIC_TIME, CLINIC_SHIFTS = 14, 15, 16
SHIFT_SUMS: Final = 17

NIGHT_TO: Final = 300.0  # nights that are counted as disturbed are 00-05, here in minutes after midnight


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
    broken: Ints
    telephone: Ints
    conveyed: Ints
    no_show: Ints
    leaves: Floats
    referred_to: Ints
    patient: Ints
    vardcentral: Ints
    named: Floats


class ShiftColumns(NamedTuple):
    """The physician-shifts of a journal and of what kind their pools are; (S,) each, minutes and kilometres;
    `contractor` and `clinic` (the pool's hours are taken from clinic sessions) are 0 or 1."""

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
    telephone: Floats
    km: Floats
    stops: Ints
    visits: Ints
    contractor: Floats
    clinic: Floats


class Period(NamedTuple):
    """The minutes that are counted, and the calendar's window of each hour."""

    begin: float
    end: float
    window: Ints


class RequestCounts(NamedTuple):
    """`cells` (municipalities, groups, classes, windows, REQUEST_SUMS).

    Curves of acute requests, by municipality and class: how many were `followed` long enough, and how many of them
    `arrived` and `escalated` first at each point of the grid (the last column: after it).
    Of each ordered unplanned request: minutes `waited` (inf: never visited) and the number of its cell.
    """

    cells: Floats
    followed: Floats
    arrived: Floats
    escalated: Floats
    waited: Floats
    cell: Ints


@compiled
def count_requests(
    r: RequestColumns, marks: Ints, period: Period, targets: Floats, municipalities: int, step: float, points: int
) -> RequestCounts:
    """Everything about requests logged in the period. `marks` by `continuity.familiar`; `targets` in minutes of the
    unplanned classes; curves have a point every `step` minutes from 0, `points` in all."""
    t0, t1, t3, t4, t5, te = r.t0, r.t1, r.t3, r.t4, r.t5, r.te
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
        visited = r.telephone[i] == 0 and not np.isnan(t4[i])
        outcome = r.outcome[i]
        place = r.municipality[i]
        klass = r.klass[i]
        hour = min(int(t1[i] / 60.0), last_hour) if known else last_hour
        cell = ((place * GROUP_COUNT + r.group[i]) * CLASS_COUNT + klass) * WINDOW_COUNT + window[hour]
        cells[cell, ALL] += 1.0
        if outcome == DONE:
            cells[cell, DONE_COUNT] += 1.0
            cells[cell, DONE_VISITS] += r.visits[i]
            cells[cell, CONVEYED_COUNT] += r.conveyed[i]
            if marks[i] != 0:
                cells[cell, LISTED] += 1.0
                if marks[i] & IS_OWN:
                    cells[cell, BY_OWN] += 1.0
                if marks[i] & IS_NAMED:
                    cells[cell, BY_NAMED] += 1.0
        elif outcome == ESCALATED:
            cells[cell, ESCALATED_COUNT] += 1.0
        elif outcome == OPEN:
            cells[cell, OPEN_COUNT] += 1.0
            cells[cell, OPEN_AGE] += end - t0[i]
        elif outcome == TELEPHONE:
            cells[cell, TELEPHONE_COUNT] += 1.0
        elif outcome == CANCELLED:
            cells[cell, CANCELLED_COUNT] += 1.0
        else:
            cells[cell, REFERRED_COUNT] += 1.0
            if r.referred_to[i] >= 0:
                cells[cell, AT_VARDCENTRAL + r.referred_to[i]] += 1.0
        if visited:
            cells[cell, VISITED] += 1.0
            cells[cell, RESPONSE] += t4[i] - t1[i]
            cells[cell, RESPONSE_LOGGED] += t4[i] - t0[i]
            cells[cell, QUEUE] += t3[i] - t1[i]
            cells[cell, TRAVEL] += t4[i] - t3[i]
            cells[cell, AT_PATIENT] += (end if np.isnan(t5[i]) else t5[i]) - t4[i]
        if outcome in (TELEPHONE, REFERRED) or (outcome == OPEN and r.telephone[i] == 1):
            continue
        if klass >= UNPLANNED_COUNT:
            midnight = (r.due_day[i] + 1) * MINUTES_PER_DAY
            kept = visited and t4[i] < midnight
            cells[cell, NOT_REACHED] += r.broken[i]
            if 0.0 < midnight <= end and (kept or r.leaves[i] >= midnight):
                cells[cell, DUE] += 1.0
                if kept:
                    cells[cell, ON_DAY] += 1.0
        elif known and outcome != CANCELLED:
            age = end - t1[i]
            wait = t4[i] - t1[i] if visited else np.inf
            gone = np.inf if np.isnan(te[i]) else te[i] - t1[i]
            waited[ordered] = wait
            cell_of[ordered] = cell
            ordered += 1
            cells[cell, ORDERED] += 1.0
            cells[cell, WAITING] += min(wait, gone, age)
            if visited or outcome != OPEN or age >= targets[klass]:
                cells[cell, JUDGED] += 1.0
                if wait <= targets[klass]:
                    cells[cell, IN_TARGET] += 1.0
            if klass < ACUTE_COUNT and age >= long_enough:
                followed[place, klass] += 1.0
                if visited:
                    arrived[place, klass, grid_point(wait, step, points)] += 1.0
                if not np.isnan(te[i]):
                    escalated[place, klass, grid_point(gone, step, points)] += 1.0
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
        if s.start[u] < period.begin or s.end[u] <= s.start[u]:  # one that fell away has no length
            continue
        base = s.municipality[u]
        person = s.physician[u]
        length = s.end[u] - s.start[u]
        paid = s.home[u] - s.start[u]
        bases[base, SHIFTS] += 1.0
        bases[base, SCHEDULED] += length
        bases[base, PAID] += paid
        bases[base, DRIVING] += s.driving[u]
        bases[base, ON_SCENE] += s.on_scene[u]
        bases[base, DOCUMENTING] += s.documenting[u]
        bases[base, CALLS] += s.telephone[u]
        bases[base, IDLE] += s.idle[u]
        bases[base, OVERTIME] += s.overtime[u]
        bases[base, KM] += s.km[u]
        bases[base, STOPS] += s.stops[u]
        bases[base, VISITS] += s.visits[u]
        bases[base, CONTRACTOR_TIME] += paid * s.contractor[u]
        bases[base, CLINIC_TIME] += length * s.clinic[u]
        bases[base, CLINIC_SHIFTS] += s.clinic[u]
        if covers_night(s.start[u], s.end[u]):
            bases[base, NIGHTS] += 1.0
            if called[u]:
                bases[base, DISTURBED] += 1.0
        busy[base, person] += s.driving[u] + s.on_scene[u] + s.documenting[u] + s.telephone[u]
        scheduled[base, person] += length
        by_visits[base, s.visits[u]] += 1.0
    return ShiftCounts(bases, busy, scheduled, by_visits)


@compiled
def covers_night(start: float, stop: float) -> bool:
    """Whether some of the time from `start` to `stop` lies between 00 and 05; an empty time does not."""
    if stop <= start:
        return False
    clock = start - MINUTES_PER_DAY * int(start / MINUTES_PER_DAY)  # % takes four times as long
    return clock < NIGHT_TO or clock + (stop - start) > MINUTES_PER_DAY


@compiled
def night_calls(r: RequestColumns, end: float, shifts: int) -> NDArray[np.bool_]:
    """(shifts,) whether the physician was out for a patient, from setting out to documented, or on the telephone with
    one, between 00 and 05."""
    called = np.zeros(shifts, dtype=np.bool_)
    t3, t6, shift = r.t3, r.t6, r.shift
    for i in range(len(t3)):
        if shift[i] >= 0 and not np.isnan(t3[i]):
            called[shift[i]] |= covers_night(t3[i], end if np.isnan(t6[i]) else t6[i])
    return called
