"""The statistics of replications: intervals, paired differences, Holm's adjustment, Gini. Small and pure.

Paired differences on common random numbers with a t interval, because multiple-comparison procedures that assume
independent samples (Dunnett, Tukey) would throw the pairing away.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Differences smaller than this, relative to the numbers subtracted, are rounding and count as nothing.
ROUNDING = 1e-12


class Interval(NamedTuple):
    """A mean with its t interval; NaN bounds when n < 2."""

    mean: float
    lower: float
    upper: float
    half_width: float
    n: int


class PairedDifference(NamedTuple):
    """Mean of x - y over pairs, with t interval and two-sided p; arrays of the shape of x without its last axis."""

    x_mean: Floats
    y_mean: Floats
    mean: Floats
    standard_error: Floats
    p: Floats  # NaN when n < 2
    n: Ints


def t_quantile(level: ArrayLike, df: ArrayLike) -> Floats:
    """Two-sided critical value of Student's t: |T| exceeds it with probability `level` (0.05 for a 95 % interval)."""
    return np.asarray(special.stdtrit(np.asarray(df, dtype=float), 1.0 - np.asarray(level, dtype=float) / 2.0))


def mean_interval(x: ArrayLike, confidence: float = 0.95) -> Interval:
    """t interval of the mean of independent replications `x` (1-D, NaN left out)."""
    values = np.asarray(x, dtype=float)
    values = values[~np.isnan(values)]
    n = len(values)
    if n == 0:
        return Interval(np.nan, np.nan, np.nan, np.nan, 0)
    mean = float(values.mean())
    if n == 1:
        return Interval(mean, np.nan, np.nan, np.nan, 1)
    half = float(t_quantile(1.0 - confidence, n - 1)) * float(values.std(ddof=1)) / float(np.sqrt(n))
    return Interval(mean, mean - half, mean + half, half, n)


def relative_half_width(x: ArrayLike, confidence: float = 0.95) -> float:
    """Half width of the t interval over |mean|: the precision of a set of replications. NaN when n < 2 or mean is 0."""
    interval = mean_interval(x, confidence)
    return interval.half_width / abs(interval.mean) if interval.mean else float("nan")


def paired_difference(x: ArrayLike, y: ArrayLike) -> PairedDifference:
    """Paired t over the last axis (replications). Pairs with a NaN are left out; no warning when all differences agree.

    When every difference is the same number, its standard error is 0 and p is 0 (or 1 when that number is 0).
    """
    a, b = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    both = ~(np.isnan(a) | np.isnan(b))
    a, b = np.where(both, a, 0.0), np.where(both, b, 0.0)
    size = np.maximum(np.abs(a), np.abs(b))
    difference = np.where(np.abs(a - b) <= ROUNDING * size, 0.0, a - b)
    n = both.sum(axis=-1)
    some, two = n > 0, n > 1
    count = np.maximum(n, 1)
    mean = difference.sum(axis=-1) / count
    deviation = np.where(both, difference - mean[..., None], 0.0)
    sd = np.sqrt((deviation**2).sum(axis=-1) / np.maximum(n - 1, 1))
    sd = np.where(sd <= ROUNDING * size.max(axis=-1, initial=0.0), 0.0, sd)
    se = sd / np.sqrt(count)
    varies = se > 0
    t = np.where(varies, mean / np.where(varies, se, 1.0), np.where(mean == 0.0, 0.0, np.inf))
    p = np.minimum(2.0 * special.stdtr(np.maximum(n - 1, 1), -np.abs(t)), 1.0)
    return PairedDifference(
        x_mean=np.where(some, a.sum(axis=-1) / count, np.nan),
        y_mean=np.where(some, b.sum(axis=-1) / count, np.nan),
        mean=np.where(some, mean, np.nan),
        standard_error=np.where(two, se, np.nan),
        p=np.where(two, p, np.nan),
        n=n.astype(np.int64),
    )


def holm(p: ArrayLike, alpha: float = 0.05) -> tuple[Floats, Floats]:
    """Holm's step-down adjustment of a family of p-values (1-D; NaN stay NaN and do not count in the family).

    Returns (adjusted p, level of each one's interval). The level is alpha / (number of hypotheses left) at the step
    that decided it; those after the first that is not rejected share its level. So adjusted p < alpha exactly when an
    interval at that level excludes 0: the test and the interval beside it never disagree.
    """
    values = np.asarray(p, dtype=float)
    adjusted = np.full(values.shape, np.nan)
    level = np.full(values.shape, np.nan)
    order = np.argsort(values, kind="stable")
    order = order[: int(np.count_nonzero(~np.isnan(values)))]
    m = len(order)
    if m == 0:
        return adjusted, level
    left = np.arange(m, 0, -1)
    steps = np.maximum.accumulate(left * values[order])
    rejected = int(np.count_nonzero(steps < alpha))  # steps never fall, so these are the first ones
    adjusted[order] = np.minimum(steps, 1.0)
    level[order] = alpha / left[np.minimum(np.arange(m), min(rejected, m - 1))]
    return adjusted, level


def weighted_gini(values: ArrayLike, weights: ArrayLike) -> float:
    """Gini coefficient of `values` held by `weights` people: mean absolute difference over twice the mean.

    Values that are NaN and places without people are left out; NaN when none is left.
    """
    v, w = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    known = ~np.isnan(v) & (w > 0)
    return gini(v[known], w[known])


def gini(v: Floats, weights: Floats) -> float:
    """The same of known values and weights above 0."""
    if len(v) == 0:
        return float("nan")
    w = weights / weights.sum()
    mean = float(w @ v)
    if mean == 0.0:
        return 0.0 if not v.any() else float("nan")
    return float(w @ np.abs(v[:, None] - v[None, :]) @ w) / (2.0 * mean)


def gap(values: ArrayLike) -> tuple[float, int]:
    """Largest minus smallest of the known values, and how many are known; NaN when none is."""
    v = np.asarray(values, dtype=float)
    v = v[~np.isnan(v)]
    return (float(v.max() - v.min()), len(v)) if len(v) else (float("nan"), 0)
