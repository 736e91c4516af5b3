"""The best of a few candidates with a stated probability, from as few years as that takes.

Kim & Nelson (2001), A fully sequential procedure for indifference-zone selection in simulation, ACM TOMACS 11: with
common random numbers, and differences of at least `indifference` worth telling apart, the candidate that is kept is the
best with at least 1 - alpha. Candidates that fall behind get no more years.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Selected(NamedTuple):
    """`best` of the candidates (by number), how many `years` it took, who was left `among` at the end (only the best
    when the rule decided, several when the years ended first), and the means of those."""

    best: int
    years: int
    among: tuple[int, ...]
    means: dict[int, float]


def constants(k: int, alpha: float, first: int) -> tuple[float, float]:
    """(eta, h squared) of `k` candidates and `first` years before anyone may fall behind, with c = 1."""
    eta = 0.5 * ((2.0 * alpha / (k - 1)) ** (-2.0 / (first - 1)) - 1.0)
    return eta, 2.0 * eta * (first - 1)


def smallest(
    sample: Callable[[int, int], float],
    candidates: int,
    indifference: float,
    *,
    alpha: float = 0.05,
    first: int = 10,
    most: int = 200,
) -> Selected:
    """The candidate with the smallest mean of `sample(candidate, year)`, years counted from 0.

    ValueError for no candidate, an indifference of 0 or less, or fewer than two years to begin with.
    """
    if candidates < 1 or indifference <= 0.0 or first < 2:
        raise ValueError("needs a candidate, an indifference above 0 and at least two years")
    values = np.array([[sample(i, year) for year in range(first)] for i in range(candidates)])
    if candidates == 1:
        return Selected(0, first, (0,), {0: float(values[0].mean())})
    _, h2 = constants(candidates, alpha, first)
    spread = np.var(values[:, None, :] - values[None, :, :], axis=2, ddof=1)
    left, year = list(range(candidates)), first
    held = {i: list(values[i]) for i in left}
    while True:
        left = _kept(left, held, spread, indifference, h2, year)
        if len(left) == 1 or year >= most:
            break
        for i in left:
            held[i].append(sample(i, year))
        year += 1
    means = {i: float(np.mean(held[i])) for i in left}
    return Selected(min(left, key=lambda i: (means[i], i)), year, tuple(left), means)


def _kept(
    left: Sequence[int], held: dict[int, list[float]], spread: Floats, indifference: float, h2: float, year: int
) -> list[int]:
    """Those who are behind nobody by more than what chance allows after `year` years."""
    means = {i: float(np.mean(held[i])) for i in left}

    def slack(i: int, other: int) -> float:
        return max(0.0, indifference / (2.0 * year) * (h2 * float(spread[i, other]) / indifference**2 - year))

    found = [i for i in left if all(means[i] <= means[other] + slack(i, other) for other in left if other != i)]
    return found or [min(left, key=lambda i: (means[i], i))]
