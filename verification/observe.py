"""What is read from a journal: waits, time averages, numbers present. Times in minutes, results in hours or shares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine import Journal
from sim.world.tape import DemandTape
from verification.setup import END_H, HOUR, SKIP_H

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def window(tape: DemandTape) -> tuple[float, float]:
    """The stretch that is counted: past the empty beginning, before the censored end."""
    return SKIP_H * HOUR, tape.horizon_min - END_H * HOUR


def counted(tape: DemandTape) -> Bools:
    """Requests logged in the stretch that is counted."""
    begin, end = window(tape)
    return np.asarray((tape.t0_min >= begin) & (tape.t0_min < end))


def waits_h(tape: DemandTape, journal: Journal) -> Floats:
    """Queue times in hours of the counted requests that were visited."""
    wait = (journal.t3 - journal.t1)[counted(tape)] / HOUR
    return np.asarray(wait[~np.isnan(wait)])


def mean_present(start: Floats, end: Floats, begin: float, until: float) -> float:
    """Time average of how many of the intervals [start, end) are open; an end that is missing is never."""
    last = np.where(np.isnan(end), until, end)
    inside = np.minimum(last, until) - np.maximum(start, begin)
    return float(np.nansum(np.maximum(inside, 0.0)) / (until - begin))


def waiting(tape: DemandTape, journal: Journal) -> float:
    """Lq: time average of the number that wait."""
    left = np.where(np.isnan(journal.t3), journal.te, journal.t3)
    return mean_present(journal.t1, left, *window(tape))


def in_system(tape: DemandTape, journal: Journal) -> float:
    """L: time average of the number that wait or are visited."""
    left = np.where(np.isnan(journal.t3), journal.te, journal.t6)
    return mean_present(journal.t1, left, *window(tape))


def share_of_time(steps: list[tuple[Floats, int]], begin: float, until: float) -> dict[int, float]:
    """Share of the time that a sum of steps spends at each value: (minutes, how much the sum changes then), ...;
    minutes that are missing never come."""
    minutes = np.concatenate([when for when, _ in steps])
    change = np.concatenate([np.full(len(when), by, dtype=np.int64) for when, by in steps])
    known = ~np.isnan(minutes)
    minutes, change = minutes[known], change[known]
    order = np.argsort(minutes, kind="stable")
    edges = np.clip(np.concatenate([[begin], minutes[order], [until]]), begin, until)
    value = np.concatenate([[0], np.cumsum(change[order])])
    lasted = np.diff(edges)
    values, where = np.unique(value, return_inverse=True)
    total = np.bincount(where, weights=lasted, minlength=len(values)) / (until - begin)
    return {int(v): float(t) for v, t in zip(values, total, strict=True)}


def happened_by(when: Floats, minutes: Floats) -> Ints:
    """How many of the minutes lie at or before each of `when`; what did not happen is not counted."""
    return np.asarray(np.searchsorted(np.sort(minutes[~np.isnan(minutes)]), when, "right"))


def numbers_at(when: Floats, came: Floats, left: Floats) -> Ints:
    """How many have come and not left at each of the minutes."""
    return happened_by(when, came) - happened_by(when, left)
