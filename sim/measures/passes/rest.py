"""Rest and working time of each physician, from the hours really worked; compiled.

The whole shift, from its start until the physician is home, counts as working time. That is how jour on the premises
is counted; for beredskap at home the law counts only the work done, so the figures of such pools are upper bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.columns import Floats, Ints
from sim.jit import part
from sim.measures.passes.sums import LONG_DAYS, SHORT_RESTS

if TYPE_CHECKING:
    from sim.engine.journal import Duties

REST_MIN: Final = 11 * 60.0  # dygnsvila, arbetstidslagen 13 §
DAY_MIN: Final = 13 * 60.0  # what is left of 24 hours
WEEK_MIN: Final = 48 * 60.0  # arbetstidslagen 10 b §, there as a mean over at most four months
MINUTES_PER_WEEK: Final = 10080.0


class RestCounts(NamedTuple):
    """`longest` (1 + municipalities,) the longest stretch in minutes, all of them first, NaN where there is no shift;
    `long_weeks` and `weeks`:
    how many physician-weeks went past 48 hours, and how many had work in them."""

    longest: Floats
    long_weeks: int
    weeks: int


@part
def by_physician(physician: Ints, start: Floats) -> Ints:
    """The shifts physician by physician, each in order of start (equal ones as they stand). They are inserted: rosters
    lie so already."""
    order = np.arange(len(start))
    for n in range(1, len(order)):
        at = n
        while at > 0 and (physician[order[at - 1]], start[order[at - 1]]) > (physician[n], start[n]):
            order[at] = order[at - 1]
            at -= 1
        order[at] = n
    return order


@part
def count_rest(s: Duties, begin: float, end: float, bases: Floats) -> RestCounts:
    """Breaches are added to `bases` (municipalities, SHIFT_SUMS).

    A stretch goes from the start of a shift after at least 11 hours of rest to the home-coming before the next such
    rest. A rest under 11 hours is a breach when the stretch has by then gone past 13 hours: within 24 hours from its
    start there was no rest of 11. A shift longer than 13 hours is a long day. Shifts that start before `begin` only
    tell how long a stretch has lasted. Weeks are counted whole from `begin`, hours by when they are worked.
    """
    physician, start, home = s.physician, s.start, s.home
    order = by_physician(physician, start)
    longest = np.full(1 + len(bases), -1.0)
    weeks = max(int((end - begin) / MINUTES_PER_WEEK), 0)
    worked = np.zeros(weeks)
    long_weeks = 0
    some_weeks = 0
    stretch = 0.0
    rested = 0.0
    for n in range(len(order)):
        u = order[n]
        follows = n > 0 and physician[order[n - 1]] == physician[u]
        if not follows:
            rested = -np.inf
        if start[u] - rested >= REST_MIN:
            stretch = start[u]
            short = False
        else:
            short = True
        rested = max(rested, home[u])
        if start[u] >= begin:
            base = s.municipality[u]
            longest[1 + base] = max(longest[1 + base], rested - stretch)
            if home[u] - start[u] > DAY_MIN:
                bases[base, LONG_DAYS] += 1.0
            if short and rested - stretch > DAY_MIN:
                bases[base, SHORT_RESTS] += 1.0
        week = int(max(start[u] - begin, 0.0) / MINUTES_PER_WEEK)
        while week < weeks and begin + week * MINUTES_PER_WEEK < home[u]:
            monday = begin + week * MINUTES_PER_WEEK
            worked[week] += max(min(home[u], monday + MINUTES_PER_WEEK) - max(start[u], monday), 0.0)
            week += 1
        if n + 1 == len(order) or physician[order[n + 1]] != physician[u]:
            for week in range(weeks):
                if worked[week] > 0.0:
                    some_weeks += 1
                if worked[week] > WEEK_MIN:
                    long_weeks += 1
                worked[week] = 0.0
    for place in range(1, len(longest)):
        longest[0] = max(longest[0], longest[place])
    for place in range(len(longest)):  # loops, which compile in a tenth of the time that numpy's functions take
        if longest[place] < 0.0:
            longest[place] = np.nan
    return RestCounts(longest, long_weeks, some_weeks)
