"""One pass over the requests of a journal, compiled: sums by cell, and the curves.

Times are minutes on the dyadic grid, so sums of them are exact and the order of adding cannot matter. Functions called
for every request take arrays and numbers, not the tuples of columns: handing a tuple on counts references to each of
its arrays, which took ten times as long as the work itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.codes import CANCELLED, DONE, OPEN, REFERRED, TELEPHONE
from sim.columns import Floats, Ints
from sim.jit import part
from sim.measures.passes.continuity import is_named
from sim.measures.passes.layout import (
    ACUTE_COUNT,
    CLASS_COUNT,
    GROUP_COUNT,
    MINUTES_PER_DAY,
    UNPLANNED_COUNT,
    WINDOW_COUNT,
    Period,
)
from sim.measures.passes.sums import (
    ALL,
    AT_PATIENT,
    AT_VARDCENTRAL,
    BROKEN,
    BY_NAMED,
    BY_OWN,
    CONVEYED_COUNT,
    DONE_VISITS,
    DUE,
    ENDED,
    IN_TARGET,
    JUDGED,
    LISTED,
    NOT_REACHED,
    ON_DAY,
    OPEN_AGE,
    ORDERED,
    QUEUE,
    REQUEST_SUMS,
    RESPONSE,
    RESPONSE_LOGGED,
    TRAVEL,
    VISITED,
    WAITING,
)

if TYPE_CHECKING:
    from sim.engine.journal import Courses, Duties
    from sim.measures.staff import Staff
    from sim.world.tape import Requests


class Curves(NamedTuple):
    """Of acute requests by municipality and class: how many were `followed` long enough, and how many of them `arrived`
    and `escalated` first at each point of the grid (the last column: after it)."""

    followed: Floats
    arrived: Floats
    escalated: Floats


class RequestCounts(NamedTuple):
    """`cells` (cells, REQUEST_SUMS), a cell being a municipality, group, class and window, in that order. Of each
    ordered unplanned request: minutes `waited` (inf: never visited) and the number of its `cell`."""

    cells: Floats
    curves: Curves
    waited: Floats
    cell: Ints


@part
def count_requests(
    asked: Requests, became: Courses, duties: Duties, staff: Staff, period: Period,
    municipalities: int, step: float, points: int,
) -> RequestCounts:  # fmt: skip
    """Everything about requests logged in the period; curves have a point every `step` minutes from 0, `points` in
    all."""
    t0, t1, t3, t4, t5, te = asked.t0_min, became.t1, became.t3, became.t4, became.t5, became.te
    begin, end, window, targets = period.begin, period.end, period.window, period.targets
    known_staff = len(staff.vardcentral) > 0
    cells = np.zeros((municipalities * GROUP_COUNT * CLASS_COUNT * WINDOW_COUNT, REQUEST_SUMS))
    followed = np.zeros((municipalities, UNPLANNED_COUNT))
    arrived = np.zeros((municipalities, UNPLANNED_COUNT, points + 1))
    escalated = np.zeros((municipalities, UNPLANNED_COUNT, points + 1))
    waited = np.empty(len(t0) + 1)
    cell_of = np.empty(len(t0) + 1, dtype=np.int64)
    last_hour = min(len(window), int(np.ceil(end / 60.0))) - 1
    long_enough = step * (points - 1)
    ordered = 0
    for i in range(len(t0)):
        if t0[i] < begin:
            continue
        known = not np.isnan(t1[i])
        visited = (asked.telephone[i] == 0) & (not np.isnan(t4[i]))
        outcome = became.outcome[i]
        place = asked.municipality[i]
        klass = asked.klass[i]
        hour = min(int(t1[i] / 60.0), last_hour) if known else last_hour
        cell = ((place * GROUP_COUNT + asked.group[i]) * CLASS_COUNT + klass) * WINDOW_COUNT + window[hour]
        done = 1.0 * (outcome == DONE)
        cells[cell, ALL] += 1.0
        cells[cell, ENDED + outcome] += 1.0
        cells[cell, DONE_VISITS] += done * asked.visits[i]
        cells[cell, CONVEYED_COUNT] += done * asked.conveyed[i]
        cells[cell, OPEN_AGE] += end - t0[i] if outcome == OPEN else 0.0
        if outcome == REFERRED and became.referred_to[i] >= 0:
            cells[cell, AT_VARDCENTRAL + became.referred_to[i]] += 1.0
        if known_staff and asked.vardcentral[i] >= 0 and became.shift[i] >= 0:
            own, shift = asked.vardcentral[i], became.shift[i]
            named = is_named(duties.physician[shift], own, asked.named[i], staff.named_first, staff.named)
            cells[cell, LISTED] += done
            cells[cell, BY_OWN] += done * (staff.vardcentral[shift] == own)
            cells[cell, BY_NAMED] += done * named
        cells[cell, VISITED] += visited
        cells[cell, RESPONSE] += t4[i] - t1[i] if visited else 0.0
        cells[cell, RESPONSE_LOGGED] += t4[i] - t0[i] if visited else 0.0
        cells[cell, QUEUE] += t3[i] - t1[i] if visited else 0.0
        cells[cell, TRAVEL] += t4[i] - t3[i] if visited else 0.0
        leaves = end if np.isnan(t5[i]) else t5[i]
        cells[cell, AT_PATIENT] += leaves - t4[i] if visited else 0.0
        helped_away = (outcome == TELEPHONE) | (outcome == REFERRED) | ((outcome == OPEN) & (asked.telephone[i] == 1))
        if klass >= UNPLANNED_COUNT:
            midnight = (asked.due_day[i] + 1) * MINUTES_PER_DAY
            kept = visited & (t4[i] < midnight)
            promised = (midnight > 0.0) & (midnight <= end) & (kept | (asked.leaves_min[i] >= midnight))
            due = 1.0 * (promised & (not helped_away))
            cells[cell, NOT_REACHED] += became.broken[i] * (not helped_away)
            cells[cell, DUE] += due
            cells[cell, ON_DAY] += due * kept
            cells[cell, BROKEN] += due * (not kept)
        else:
            counts = known & (outcome != CANCELLED) & (not helped_away)
            age = end - t1[i]
            wait = t4[i] - t1[i] if visited else np.inf
            gone = np.inf if np.isnan(te[i]) else te[i] - t1[i]
            waited[ordered] = wait
            cell_of[ordered] = cell
            ordered += counts
            judged = 1.0 * (counts & (visited | (outcome != OPEN) | (age >= targets[klass])))
            cells[cell, ORDERED] += counts
            cells[cell, WAITING] += min(wait, gone, age) if counts else 0.0
            cells[cell, JUDGED] += judged
            cells[cell, IN_TARGET] += judged * (wait <= targets[klass])
            if counts and age >= long_enough:
                followed[place, klass] += 1.0
                arrived[place, klass, grid_point(wait, step, points)] += visited
                escalated[place, klass, grid_point(gone, step, points)] += not np.isnan(te[i])
    curves = Curves(
        followed[:, :ACUTE_COUNT].copy(), arrived[:, :ACUTE_COUNT].copy(), escalated[:, :ACUTE_COUNT].copy()
    )
    return RequestCounts(cells, curves, waited[:ordered], cell_of[:ordered])


@part
def grid_point(minutes: float, step: float, points: int) -> int:
    """The first grid point that is not before `minutes`; `points` when all are."""
    return points if minutes > step * (points - 1) else int(np.ceil(minutes / step))
