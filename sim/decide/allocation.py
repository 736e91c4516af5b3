"""The best of a few candidates when so many runs may be spent: where should they go?

Chen, Lin, Yucesan & Chick (2000), Simulation budget allocation for further enhancing the efficiency of ordinal
optimization, Discrete Event Dynamic Systems 10: most to the best and to those that are hardest to tell from it. The
probability that it is the best is estimated, not promised. Their candidates have luck of their own; here all meet the
same patients, so spreads are taken of what is left when each year's mean is subtracted, and two candidates are compared
on the years that both have run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from sim.decide.selection import Selected

Floats = NDArray[np.float64]
_TINY = 1e-12  # of the largest difference: two that agree altogether are a little apart


def shares(means: ArrayLike, deviations: ArrayLike) -> Floats:
    """(candidates,) parts of the runs, sum 1, for the smallest of `means`. Where nothing varies all get the same."""
    m, s = np.asarray(means, dtype=float), np.asarray(deviations, dtype=float)
    best = int(np.argmin(m))
    others = np.arange(len(m)) != best
    behind = m - m[best]
    behind = np.maximum(behind, _TINY * max(1.0, float(np.max(np.abs(behind)))))
    found = np.zeros(len(m))
    if len(m) == 1 or not np.any(s[others] > 0):
        return np.full(len(m), 1.0 / len(m))
    found[others] = (s[others] / behind[others]) ** 2
    found /= found.max()
    varies = others & (s > 0)
    found[best] = s[best] * np.sqrt(np.sum((found[varies] / s[varies]) ** 2))
    return np.asarray(found / found.sum())


def allocated(
    sample: Callable[[int, int], float],
    candidates: int,
    budget: int,
    *,
    first: int = 10,
    most: int = 200,
    step: int = 10,
) -> Selected:
    """The candidate with the smallest mean of `sample(candidate, year)`, years counted from 0, after `budget` runs in
    all: `first` of each, then `step` at a time where `shares` sends them, no candidate more than `most` years.

    ValueError for no candidate or fewer than two years to begin with."""
    if candidates < 1 or first < 2:
        raise ValueError("needs a candidate and at least two years")
    held = [[sample(i, year) for year in range(first)] for i in range(candidates)]
    while candidates > 1 and sum(map(len, held)) < budget and any(len(row) < most for row in held):
        ahead = _next(held, min(step, budget - sum(map(len, held))), most)
        for i, more in enumerate(ahead):
            held[i] += [sample(i, year) for year in range(len(held[i]), len(held[i]) + more)]
    means, _ = _estimates(held)
    best = int(np.argmin(means))
    told = {i: float(means[i]) for i in range(candidates)}
    return Selected(best, max(map(len, held)), tuple(range(candidates)), told, _sure(held, best))


def _next(held: Sequence[Sequence[float]], step: int, most: int) -> list[int]:
    """How many more years each gets: towards its part of all runs so far and of the next step."""
    n = np.array([len(row) for row in held])
    means, deviations = _estimates(held)
    wanted = shares(means, deviations) * (n.sum() + step)
    lacking = np.where(n < most, np.maximum(wanted - n, 0.0), 0.0)
    if not lacking.any():
        lacking = np.where(n < most, 1.0, 0.0)
    more = np.floor(step * lacking / lacking.sum()).astype(int)
    for i in np.argsort(-(step * lacking / lacking.sum() - more), kind="stable")[: step - int(more.sum())]:
        more[i] += 1
    return [int(count) for count in np.minimum(more, most - n)]


def _estimates(held: Sequence[Sequence[float]]) -> tuple[Floats, Floats]:
    """(means, deviations): means by way of the candidate with most years, on the years shared with it; deviations of
    what is left of the years that all have when the mean of each is subtracted."""
    rows = [np.array(row) for row in held]
    base = max(range(len(rows)), key=lambda i: (len(rows[i]), -i))
    means = np.array([rows[base].mean() + (row - rows[base][: len(row)]).mean() for row in rows])
    shared = np.array([row[: min(map(len, rows))] for row in rows])
    return means, (shared - shared.mean(axis=0)).std(axis=1, ddof=1)


def _sure(held: Sequence[Sequence[float]], best: int) -> float:
    """A lower bound of the probability that `best` is the best, by Bonferroni, from the spread of its differences."""
    wrong = 0.0
    for i, row in enumerate(held):
        if i != best:
            shared = min(len(row), len(held[best]))
            apart = np.array(row[:shared]) - np.array(held[best][:shared])
            error = float(apart.std(ddof=1)) / np.sqrt(shared)
            wrong += float(ndtr(-apart.mean() / error)) if error > 0 else 0.5 * (apart.mean() <= 0)
    return max(0.0, 1.0 - wrong)
