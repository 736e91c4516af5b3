"""Where physicians' time goes, hour by hour of the week; compiled."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.jit import compiled
from sim.measures.kernel import Floats, Ints, Period, RequestColumns, ShiftColumns

HOURS_PER_WEEK: Final = 168

# The rows of the hours of the week: `HOUR_STATES`, and the minutes that the period holds.
ON_SHIFT, AT_WHEEL, WITH_PATIENT, AT_NOTES, ON_TELEPHONE, HELD = 0, 1, 2, 3, 4, 5


@compiled
def stops_by_shift(r: RequestColumns, shifts: int) -> tuple[Ints, Ints]:
    """The requests that somebody set out to, shift by shift and in order of setting out (equal times by number).

    Shift u has `stops[first[u]:first[u + 1]]`. A shift has few stops, found nearly in order: they are inserted.
    """
    first = np.zeros(shifts + 1, dtype=np.int64)
    for i in range(len(r.t3)):
        if r.shift[i] >= 0 and not np.isnan(r.t3[i]):
            first[r.shift[i] + 1] += 1
    for u in range(shifts):
        first[u + 1] += first[u]
    stops = np.empty(first[shifts], dtype=np.int64)
    filled = first[:shifts].copy()
    for i in range(len(r.t3)):
        if r.shift[i] >= 0 and not np.isnan(r.t3[i]):
            u = r.shift[i]
            at = filled[u]
            while at > first[u] and r.t3[stops[at - 1]] > r.t3[i]:
                stops[at] = stops[at - 1]
                at -= 1
            stops[at] = i
            filled[u] += 1
    return first, stops


@compiled
def count_hours(r: RequestColumns, s: ShiftColumns, first: Ints, stops: Ints, period: Period) -> Floats:
    """Minutes of all physicians in each state, by hour of the week; (HELD + 1, 168), the last row being the minutes
    that the period holds."""
    minutes = np.zeros((int(np.ceil(period.end / 60.0)) + 1, HELD + 1))
    begin, end = period.begin, period.end
    outward = visits_by_hour(minutes, r, s.home, begin, end)
    legs_home_by_hour(minutes, r, s, outward, first, stops, period)
    for u in range(len(s.start)):
        spread(minutes, ON_SHIFT, max(s.start[u], begin), min(s.home[u], end), 1.0)
    spread(minutes, HELD, begin, end, 1.0)
    return fold_week(minutes)


@compiled
def visits_by_hour(minutes: Floats, r: RequestColumns, home: Floats, begin: float, end: float) -> Floats:
    """Add the legs to patients, the time with them or on the telephone and the time documenting to `minutes`. Gives the
    minutes that each shift drove to patients. Of a call t3 to t4 is the end of a drive before it, t4 to t5 the call."""
    t3, t4, t5, t6, shift = r.t3, r.t4, r.t5, r.t6, r.shift
    outward = np.zeros(len(home))
    for i in range(len(t3)):
        if shift[i] < 0 or np.isnan(t3[i]):
            continue
        arrives = until(t4[i], end)
        leaves = until(t5[i], end)
        spread(minutes, AT_WHEEL, max(t3[i], begin), min(arrives, end), 1.0)
        doing = WITH_PATIENT if r.telephone[i] == 0 else ON_TELEPHONE
        spread(minutes, doing, max(arrives, begin), min(leaves, end), 1.0)
        spread(minutes, AT_NOTES, max(leaves, begin), min(until(t6[i], end), end), 1.0)
        outward[shift[i]] += max(until(t4[i], home[shift[i]]) - t3[i], 0.0)
    return outward


@compiled
def legs_home_by_hour(
    minutes: Floats, r: RequestColumns, s: ShiftColumns, outward: Floats, first: Ints, stops: Ints, period: Period
) -> None:
    """Add the legs home to `minutes`.

    The journal tells how long each shift drove, but not when it drove home. What is left when the legs to patients are
    taken away is spread evenly over the shift's time from each stop to the next setting out, where it must have been.
    """
    t3, t6, home, driving = r.t3, r.t6, s.home, s.driving
    begin, end = period.begin, period.end
    ready = np.empty(len(stops))
    leave = np.empty(len(stops))
    for u in range(len(home)):
        free = 0.0
        for n in range(first[u], first[u + 1]):
            ready[n] = until(t6[stops[n]], end)
            leave[n] = t3[stops[n + 1]] if n + 1 < first[u + 1] else home[u]
            free += max(leave[n] - ready[n], 0.0)
        rate = min(max((driving[u] - outward[u]) / free, 0.0), 1.0) if free > 0.0 else 0.0
        if rate > 0.0:
            for n in range(first[u], first[u + 1]):
                spread(minutes, AT_WHEEL, max(ready[n], begin), min(leave[n], end), rate)


@compiled
def until(time: float, otherwise: float) -> float:
    """`time`, or `otherwise` when it is not known."""
    return otherwise if np.isnan(time) else time


@compiled
def spread(minutes: Floats, state: int, start: float, stop: float, weight: float) -> None:
    """Add the time from `start` to `stop`, split at the hours, to the column of `state`, times `weight`; nothing when
    empty. A row is an hour.

    Most intervals touch one hour or two, and which is a toss-up: both are added to without asking. So there must be
    room for an hour more.
    """
    if stop <= start:
        return
    hour = int(start / 60.0)
    edge = 60.0 * (hour + 1)
    minutes[hour, state] += weight * (min(stop, edge) - start)
    minutes[hour + 1, state] += weight * min(max(stop - edge, 0.0), 60.0)
    while stop > edge + 60.0:
        hour += 1
        edge += 60.0
        minutes[hour + 1, state] += weight * min(stop - edge, 60.0)


@compiled
def fold_week(minutes: Floats) -> Floats:
    """Sums over all weeks: (hours, states) to (states, 168). Hour 0 is a Monday 00."""
    week = np.zeros((minutes.shape[1], HOURS_PER_WEEK))
    for first in range(0, len(minutes), HOURS_PER_WEEK):
        for cell in range(min(HOURS_PER_WEEK, len(minutes) - first)):
            for state in range(minutes.shape[1]):
                week[state, cell] += minutes[first + cell, state]
    return week
