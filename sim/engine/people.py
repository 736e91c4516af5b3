"""The people behind a line of shifts: who may work, by daily rest and the hours of a week."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled, part

Ints = NDArray[np.int64]

REST_MIN = 11 * 60  # daily rest, Working Hours Act (1982:673) 13 §
WEEK_LIMIT_MIN = 45 * 60  # seven days: 40 ordinary hours (Working Hours Act 5 §) and meal breaks; overtime on top
WEEK_MIN = 7 * 1440


@compiled
def people(starts: Ints, ends: Ints, first: Ints) -> Ints:
    """(S,) who (0, 1, ...) works each shift. The shifts of line i are `first[i]` to `first[i + 1]` of `starts` and
    `ends`, in order of start; its people are numbered on from those of the line before.

    The first person of the line who has rested 11 hours and stays within 45 hours in the seven days up to the end of
    the shift; a new person if nobody can.
    """
    who = np.empty_like(starts)
    before = np.empty_like(starts)  # the last shift of the same person, -1
    latest = np.empty_like(starts)  # shift of each person of the line
    nobody = 0
    for line in range(len(first) - 1):
        hired = 0
        for s in range(first[line], first[line + 1]):
            person = 0
            while person < hired and not may_work(starts, ends, before, latest[person], s):
                person += 1
            before[s] = -1 if person == hired else latest[person]
            hired = max(hired, person + 1)
            latest[person] = s
            who[s] = nobody + person
        nobody += hired
    return who


@part
def may_work(starts: Ints, ends: Ints, before: Ints, latest: int, s: int) -> bool:
    """Whether the person whose last shift is `latest` may work shift `s`."""
    if starts[s] - ends[latest] < REST_MIN:
        return False
    week = ends[s] - WEEK_MIN
    worked = ends[s] - starts[s]
    while latest >= 0 and ends[latest] > week:  # a person's shifts do not overlap, so they end in order
        worked += ends[latest] - max(starts[latest], week)
        latest = before[latest]
    return bool(worked <= WEEK_LIMIT_MIN)
