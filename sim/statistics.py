"""The statistics of replications: intervals, paired differences, simultaneous levels, how many replications and how
much of a beginning left out are enough, Gini. Small and pure.

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

# Differences smaller than this, relative to the numbers subtracted, are rounding (of measures, to 37 binary digits) and
# count as nothing.
ROUNDING = 4 * 2.0**-37


class Interval(NamedTuple):
    """A mean with its t interval; NaN bounds when n < 2."""

    mean: float
    lower: float
    upper: float
    half_width: float
    n: int


class PairedDifference(NamedTuple):
    """Mean of x - y over pairs, with t interval and two-sided p; arrays of the shape of x without its last axis.

    `n` counts the pairs in which both have a value, infinite ones included; `one_sided` those in which only one of the
    two has (NaN in the other), and `infinite` those in which one or both are infinite. Where either is above 0 a mean
    of what is left would be a mean of the lucky pairs, so there is neither standard error nor p, and no mean unless it
    is infinite.
    """

    x_mean: Floats
    y_mean: Floats
    mean: Floats
    standard_error: Floats
    p: Floats  # NaN when n < 2
    n: Ints
    one_sided: Ints
    infinite: Ints


def t_quantile(level: ArrayLike, df: ArrayLike) -> Floats:
    """Two-sided critical value of Student's t: |T| exceeds it with probability `level` (0.05 for a 95 % interval)."""
    return np.asarray(special.stdtrit(np.asarray(df, dtype=float), 1.0 - np.asarray(level, dtype=float) / 2.0))


def mean_interval(x: ArrayLike, confidence: float = 0.95) -> Interval:
    """t interval of the mean of independent replications `x` (1-D, NaN left out). With an infinite value the mean is
    infinite, and without bounds."""
    values = np.asarray(x, dtype=float)
    values = values[~np.isnan(values)]
    n = len(values)
    if n == 0:
        return Interval(np.nan, np.nan, np.nan, np.nan, 0)
    mean = float(average(values))
    if n == 1 or not np.isfinite(mean):
        return Interval(mean, np.nan, np.nan, np.nan, 1)
    half = float(t_quantile(1.0 - confidence, n - 1)) * float(values.std(ddof=1)) / float(np.sqrt(n))
    return Interval(mean, mean - half, mean + half, half, n)


def relative_half_width(x: ArrayLike, confidence: float = 0.95) -> float:
    """Half width of the t interval over |mean|: the precision of a set of replications. NaN when n < 2 or mean is 0."""
    interval = mean_interval(x, confidence)
    return interval.half_width / abs(interval.mean) if interval.mean else float("nan")


def average(values: ArrayLike) -> Floats:
    """Mean over the last axis of what is known (NaN left out): infinite when one of them is, NaN when none is known or
    both infinities are there."""
    v = np.asarray(values, dtype=float)
    known = ~np.isnan(v)
    with np.errstate(invalid="ignore"):  # inf - inf
        total = np.where(known, v, 0.0).sum(axis=-1)
    count = known.sum(axis=-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def paired_difference(x: ArrayLike, y: ArrayLike) -> PairedDifference:
    """Paired t over the last axis (replications); no warning when all differences agree.

    A pair in which neither has a value (nothing happened there, under either) is left out. When every difference is the
    same number, its standard error is 0 and p is 0 (or 1 when that number is 0). With infinite values the mean is
    infinite if they all point the same way, else unknown: two infinite values are no tie, since neither says by how
    much.
    """
    a, b = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    missing = np.isnan(a), np.isnan(b)
    both = ~(missing[0] | missing[1])
    endless = both & (np.isinf(a) | np.isinf(b))
    x_mean, y_mean = average(np.where(both, a, np.nan)), average(np.where(both, b, np.nan))
    usable = both & ~endless
    one_sided, infinite, n = (missing[0] ^ missing[1]).sum(axis=-1), endless.sum(axis=-1), both.sum(axis=-1)
    whole = (one_sided == 0) & (infinite == 0)
    a, b = np.where(usable, a, 0.0), np.where(usable, b, 0.0)
    size = np.maximum(np.abs(a), np.abs(b))
    difference = np.where(np.abs(a - b) <= ROUNDING * size, 0.0, a - b)
    some, two = n > 0, (n > 1) & whole
    count = np.maximum(n, 1)
    mean = difference.sum(axis=-1) / count
    deviation = np.where(usable, difference - mean[..., None], 0.0)
    sd = np.sqrt((deviation**2).sum(axis=-1) / np.maximum(n - 1, 1))
    sd = np.where(sd <= ROUNDING * size.max(axis=-1, initial=0.0), 0.0, sd)
    se = sd / np.sqrt(count)
    varies = se > 0
    t = np.where(varies, mean / np.where(varies, se, 1.0), np.where(mean == 0.0, 0.0, np.inf))
    p = np.minimum(2.0 * special.stdtr(np.maximum(n - 1, 1), -np.abs(t)), 1.0)
    with np.errstate(invalid="ignore"):  # inf - inf: not known
        apart = np.where(infinite > 0, x_mean - y_mean, np.nan)
    return PairedDifference(
        x_mean=x_mean,
        y_mean=y_mean,
        mean=np.where(whole, np.where(some, mean, np.nan), np.where(one_sided == 0, apart, np.nan)),
        standard_error=np.where(two, se, np.nan),
        p=np.where(two, p, np.nan),
        n=n.astype(np.int64),
        one_sided=one_sided.astype(np.int64),
        infinite=infinite.astype(np.int64),
    )


def simultaneous(p: ArrayLike, alpha: float = 0.05) -> tuple[Floats, float]:
    """Bonferroni's adjustment of a family of p-values (1-D; NaN stay NaN and do not count in the family).

    Returns (adjusted p, the level of every interval). Intervals at that level hold all together with at least
    1 - alpha, whatever the dependence between them, so that everything read from them does: a difference, its size, and
    that two models are equal within a margin. Holm's step-down p would be smaller, but intervals at its steps do not
    hold together (Strassburger & Bretz 2008, Statistics in Medicine 27).
    """
    values = np.asarray(p, dtype=float)
    m = max(int(np.count_nonzero(~np.isnan(values))), 1)
    return np.minimum(values * m, 1.0), alpha / m


def replications_needed(sd: ArrayLike, half_width: ArrayLike, level: ArrayLike = 0.05) -> Floats:
    """The fewest replications with which the t interval at `level` (0.05 for a 95 % interval) of a mean is no wider
    than `half_width` to either side, with standard deviation `sd`; arrays alike in shape, or numbers.

    At least 2; infinite where no number is enough (a half width of 0 and a deviation above it), NaN where either is
    not known. With `sd` the coefficient of variation, `half_width` is the relative precision (Law 2015, section 9.4.1).
    """
    s, h, a = np.broadcast_arrays(*(np.asarray(item, dtype=float) for item in (sd, half_width, level)))

    def enough(n: Floats) -> NDArray[np.bool_]:
        return np.asarray(t_quantile(a, n - 1.0) * s <= h * np.sqrt(n))

    known, endless = ~(np.isnan(s) | np.isnan(h) | np.isnan(a)), (h <= 0) & (s > 0)
    least, most = np.full(s.shape, 1.0), np.full(s.shape, 2.0)  # the answer lies above `least`, up to `most`
    while (grows := known & ~endless & ~enough(most)).any():
        least, most = np.where(grows, most, least), np.where(grows, 2.0 * most, most)
    while (wide := most - least > 1.0).any():
        middle = np.where(wide, np.floor((least + most) / 2.0), most)
        fits = enough(middle)
        least, most = np.where(fits, least, middle), np.where(fits, middle, most)
    return np.where(known, np.where(endless, np.inf, most), np.nan)


def variance_reduction(x: ArrayLike, y: ArrayLike) -> Floats:
    """How many times as many independent runs it would take to know x - y as well as these pairs do: the variances of
    x and y together over that of x - y, over the last axis. Infinite where all differences agree though x varies; NaN
    with fewer than two pairs, where only one of a pair has a value or one is infinite, and where nothing varies."""
    a, b = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    pair = paired_difference(a, b)
    both = ~(np.isnan(a) | np.isnan(b))
    whole = (pair.n > 1) & (pair.one_sided == 0) & (pair.infinite == 0)
    kept = both & whole[..., None]
    apart = sum(_variance(item, kept) for item in (a, b))
    together = pair.standard_error**2 * pair.n
    with np.errstate(invalid="ignore", divide="ignore"):  # 0 / 0: nothing varies; above 0 / 0: all of it is shared
        return np.where(whole, apart / together, np.nan)


def _variance(values: Floats, kept: NDArray[np.bool_]) -> Floats:
    """Over the last axis, of those kept; 0 where none is."""
    count = np.maximum(kept.sum(axis=-1), 1)
    v = np.where(kept, values, 0.0)
    off = np.where(kept, v - (v.sum(axis=-1) / count)[..., None], 0.0)
    return np.asarray((off**2).sum(axis=-1) / np.maximum(count - 1, 1))


class Truncation(NamedTuple):
    """How many values to leave out from the beginning of a series, and the MSER statistic of what is left."""

    values: int
    statistic: float


def mser(series: ArrayLike, batch: int = 5, luck: float = 0.0) -> Truncation:
    """MSER: the beginning whose loss gives the mean of what is left its smallest squared standard error (White 1997,
    Simulation 69(6); MSER-5 with batches of five).

    `series` (1-D) is cut into whole batches and their means are taken; whole batches are left out, up to half of them,
    the fewest of those that do as well. For a series that is an expectation `luck` is the variance that the mean of a
    batch of a run has around it: then the smallest is that of the statistic's expectation. ValueError for fewer than
    two batches.
    """
    values = np.asarray(series, dtype=float)
    n = len(values) // batch
    if n < 2:
        raise ValueError(f"MSER needs at least two batches of {batch}, got {len(values)} values")
    means = values[: n * batch].reshape(n, batch).mean(axis=1)
    left = [means[cut:] for cut in range(n // 2 + 1)]
    found = [(float(((part - part.mean()) ** 2).sum()) + luck * len(part)) / len(part) ** 2 for part in left]
    cut = int(np.argmin(found))
    return Truncation(cut * batch, found[cut])


def sign_p(wins: ArrayLike, n: ArrayLike) -> Floats:
    """Two-sided p of the sign test: the chance that a fair coin gives `wins` heads or more in `n` tosses, doubled."""
    k, of = np.asarray(wins, dtype=float), np.asarray(n, dtype=float)
    tail = np.where(k > 0, special.bdtrc(np.maximum(k - 1.0, 0.0), np.maximum(of, 1.0).astype(np.int64), 0.5), 1.0)
    return np.where(of > 0, np.minimum(2.0 * tail, 1.0), np.nan)


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


def ranks(values: Floats) -> Floats:
    """From 1 by size, equal ones with the mean of their ranks. (`scipy.stats` has it too, and takes half a second to
    load in every process.)"""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2.0)[place])
