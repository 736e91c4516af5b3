"""Where physicians' time goes, hour by hour of the week; compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.columns import Floats, Ints
from sim.jit import part
from sim.measures.passes.layout import Period

if TYPE_CHECKING:
    from sim.engine.journal import Courses, Duties
    from sim.world.tape import Requests

HOURS_PER_WEEK: Final = 168
# To multiply is three times as fast as to divide, and finds the same hour and week (a test tries twenty years).
HOURS: Final = 1.0 / 60.0
WEEKS: Final = 1.0 / HOURS_PER_WEEK

# The rows of the hours of the week: `HOUR_STATES`, and the minutes that the period holds.
ON_SHIFT, AT_WHEEL, WITH_PATIENT, AT_NOTES, ON_TELEPHONE, HELD = 0, 1, 2, 3, 4, 5

# Kept of a shift: minutes driven to patients, minutes from setting out to documented, first time of setting out.
OUTWARD, AWAY, FIRST = 0, 1, 2


@part
def count_hours(asked: Requests, became: Courses, s: Duties, period: Period) -> Floats:
    """Minutes of all physicians in each state, by hour of the week; (HELD + 1, 168), the last row being the minutes
    that the period holds."""
    week = np.zeros((HELD + 1, HOURS_PER_WEEK + 1))  # the last column is the first of the next week
    begin, end = period.begin, period.end
    kept = visits_by_hour(week, asked.telephone, became, s.home, begin, end)
    for state in range(len(week)):
        week[state, 0] += week[state, HOURS_PER_WEEK]
    add_presence(week, AT_WHEEL, legs_home(kept, became, s, begin, end))
    there, held = np.zeros((2, HOURS_PER_WEEK + 1)), np.zeros((2, HOURS_PER_WEEK + 1))
    for u in range(len(s.start)):
        attend(there, max(s.start[u], begin), min(s.home[u], end), 1.0)
    add_presence(week, ON_SHIFT, there)
    attend(held, begin, end, 1.0)
    add_presence(week, HELD, held)
    return week[:, :HOURS_PER_WEEK].copy()


@part
def visits_by_hour(week: Floats, telephone: Ints, became: Courses, home: Floats, begin: float, end: float) -> Floats:
    """Add the legs to patients, the time with them or on the telephone and the time documenting to `week`. Gives
    (shifts, 3) what is kept of each shift. Of a call t3 to t4 is the end of a drive before it, t4 to t5 the call."""
    t3, t4, t5, t6, shift = became.t3, became.t4, became.t5, became.t6, became.shift
    kept = np.zeros((len(home), 3))
    kept[:, FIRST] = np.inf
    for i in range(len(t3)):
        u = shift[i]
        if u < 0 or np.isnan(t3[i]):
            continue
        arrives, leaves, ready = until(t4[i], end), until(t5[i], end), until(t6[i], end)
        spread(week, AT_WHEEL, max(t3[i], begin), min(arrives, end))
        spread(week, WITH_PATIENT if telephone[i] == 0 else ON_TELEPHONE, max(arrives, begin), min(leaves, end))
        spread(week, AT_NOTES, max(leaves, begin), min(ready, end))
        kept[u, OUTWARD] += max(until(t4[i], home[u]) - t3[i], 0.0)
        kept[u, AWAY] += ready - t3[i]
        kept[u, FIRST] = min(kept[u, FIRST], t3[i])
    return kept


@part
def legs_home(kept: Floats, became: Courses, s: Duties, begin: float, end: float) -> Floats:
    """The legs home, as `attend` notes them.

    The journal tells how long each shift drove, but not when it drove home. What is left when the legs to patients are
    taken away is spread evenly over the shift's time between its stops and after the last: the time from its first
    setting out until home, without the times from setting out to documented.
    """
    t3, t6, shift, home = became.t3, became.t6, became.shift, s.home
    legs = np.zeros((2, HOURS_PER_WEEK + 1))
    rate = np.zeros(len(home))
    for u in range(len(home)):
        free = home[u] - kept[u, FIRST] - kept[u, AWAY]
        if free > 0.0:
            rate[u] = min(max((s.driving_min[u] - kept[u, OUTWARD]) / free, 0.0), 1.0)
            attend(legs, max(kept[u, FIRST], begin), min(home[u], end), rate[u])
    for i in range(len(t3)):
        if shift[i] >= 0 and not np.isnan(t3[i]):
            attend(legs, max(t3[i], begin), min(until(t6[i], end), end), -rate[shift[i]])
    return legs


@part
def attend(presence: Floats, start: float, stop: float, weight: float) -> None:
    """Note that somebody is there from `start` to `stop`; nothing when empty. Row 0: minutes in the hours of coming and
    leaving; row 1: how many more stay for the whole hours after; the last column: how many stay over a Sunday night."""
    stop = max(stop, start)
    came, left = int(start * HOURS), int(stop * HOURS)
    first_week, last_week = int((came + 0.5) * WEEKS), int((left + 0.5) * WEEKS)
    first, last = came - HOURS_PER_WEEK * first_week, left - HOURS_PER_WEEK * last_week
    presence[0, first] += weight * (60.0 * (came + 1) - start)
    presence[0, last] -= weight * (60.0 * (left + 1) - stop)
    presence[1, first] += weight
    presence[1, last] -= weight
    presence[1, HOURS_PER_WEEK] += weight * (last_week - first_week)


@part
def add_presence(week: Floats, state: int, presence: Floats) -> None:
    """Add what `attend` noted to the row of `state`."""
    there = presence[1, HOURS_PER_WEEK]
    for hour in range(HOURS_PER_WEEK):
        week[state, hour] += presence[0, hour] + 60.0 * there
        there += presence[1, hour]


@part
def spread(week: Floats, state: int, start: float, stop: float) -> None:
    """Add the time from `start` to `stop`, split at the hours, to the row of `state`; nothing when empty.

    Most intervals touch one hour or two, and which is a toss-up: both are added to without asking.
    """
    stop = max(stop, start)
    hour = int(start * HOURS)
    edge = 60.0 * (hour + 1)
    cell = hour - HOURS_PER_WEEK * int((hour + 0.5) * WEEKS)
    week[state, cell] += min(stop, edge) - start
    week[state, cell + 1] += min(max(stop - edge, 0.0), 60.0)
    while stop > edge + 60.0:
        edge += 60.0
        cell = cell + 1 if cell + 1 < HOURS_PER_WEEK else 0
        week[state, cell + 1] += min(stop - edge, 60.0)


@part
def until(time: float, otherwise: float) -> float:
    """`time`, or `otherwise` when it is not known."""
    return otherwise if np.isnan(time) else time
