"""The best of a few candidates.

`smallest`, of means, with a stated probability and from as few years as that takes: Kim & Nelson (2001), A fully
sequential procedure for indifference-zone selection in simulation, ACM TOMACS 11. With common random numbers, and
differences of at least `indifference` worth telling apart, the candidate that is kept is the best with at least
1 - alpha. Candidates that fall behind get no more years. `sim.decide.allocation` is another way.

`resampled`, of what else is made of the same years (a worst case, a quantile, a regret): nothing is promised. How often
the best is the best when the years are drawn again from those at hand is told beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RESAMPLES: Final = 1000


class Selected(NamedTuple):
    """`best` of the candidates (by number), how many `years` it took, who was left `among` at the end (only the best
    when the rule decided, several when the years ended first), and the means of those. `probability` that the best is
    the best: at least so much where `promised`, else an estimate (NaN: none)."""

    best: int
    years: int
    among: tuple[int, ...]
    means: dict[int, float]
    probability: float = math.nan
    promised: bool = False


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
        return Selected(0, first, (0,), {0: float(values[0].mean())}, 1.0, True)
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
    best = min(left, key=lambda i: (means[i], i))
    decided = len(left) == 1
    return Selected(best, year, tuple(left), means, 1.0 - alpha if decided else math.nan, decided)


def _kept(
    left: Sequence[int], held: dict[int, list[float]], spread: Floats, indifference: float, h2: float, year: int
) -> list[int]:
    """Those who are behind nobody by more than what chance allows after `year` years."""
    means = {i: float(np.mean(held[i])) for i in left}

    def slack(i: int, other: int) -> float:
        return max(0.0, indifference / (2.0 * year) * (h2 * float(spread[i, other]) / indifference**2 - year))

    found = [i for i in left if all(means[i] <= means[other] + slack(i, other) for other in left if other != i)]
    return found or [min(left, key=lambda i: (means[i], i))]


def resampled(values: Floats, statistic: Callable[[Floats], Floats], seed: int, resamples: int = RESAMPLES) -> Selected:
    """The candidate whose `statistic` is smallest: (candidates,) of (candidates, scenarios, years). Among are those
    that were the smallest in at least one of twenty resamplings."""
    found = statistic(values)
    best = int(np.argmin(found))
    wins = np.bincount([int(np.argmin(statistic(values[..., d]))) for d in redrawn(values.shape[-1], seed, resamples)],
                       minlength=len(values)) / resamples  # fmt: skip
    among = tuple(i for i in range(len(values)) if i == best or wins[i] >= 0.05)
    means = {i: float(found[i]) for i in among}
    return Selected(best, values.shape[-1], among, means, float(wins[best]))


def redrawn(years: int, seed: int, resamples: int = RESAMPLES) -> NDArray[np.int64]:
    """(resamples, years) numbers of years, drawn with replacement."""
    return np.random.default_rng([seed, years]).integers(0, years, (resamples, years))


def percentiles(
    of: Callable[[NDArray[np.int64]], float], years: int, seed: int, resamples: int = RESAMPLES
) -> tuple[float, float]:
    """The 2.5 and 97.5 % percentiles of `of` (numbers of years) when the years are drawn again: an interval that is too
    narrow with few years, above all of a worst case (`tests/test_selection.py`)."""
    low, high = np.quantile([of(draw) for draw in redrawn(years, seed, resamples)], (0.025, 0.975))
    return float(low), float(high)
