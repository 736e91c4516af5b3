"""Inverse distribution functions: one uniform in, one value out. Compiled, the same bits uncompiled.

What takes long to find (binomial and gamma probabilities) is tabled once for a scenario, by SciPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy.special import bdtr, gammainccinv, gammaincinv, gammaln, ndtr

from sim.columns import Floats, Ints
from sim.grid import TICKS_PER_MINUTE
from sim.jit import compiled, part
from sim.world.elementary import exp, log, normal_quantile, normal_quantiles

GAMMA_REACH: Final = 8.25  # the table goes from -8.25 to 8.25 standard deviations; a uniform lies within 8.21
GAMMA_STEPS: Final = 64  # intervals to one standard deviation
GUIDE_SLACK: Final = 1e-9  # a guide may begin too early, and must not begin too late


@compiled
def on_grid(minutes: float) -> float:
    """`sim.grid.to_grid` of one number."""
    return float(np.floor(minutes * TICKS_PER_MINUTE + 0.5) / TICKS_PER_MINUTE)


@compiled
def log_spread(cv: float) -> float:
    """The standard deviation of the logarithm of a lognormal value with coefficient of variation `cv`."""
    square = cv * cv
    one_more = 1.0 + square
    if one_more == 1.0:
        return cv
    return float(np.sqrt(log(one_more) * (square / (one_more - 1.0))))  # the factor mends what 1 + square lost


@compiled
def lognormal(u: float, mean: float, spread: float) -> float:
    """The lognormal value at probability `u`; `spread` as `log_spread` gives it. Spread 0: the mean itself."""
    return lognormal_of(normal_quantile(u), mean, spread)


@part
def lognormal_of(z: float, mean: float, spread: float) -> float:
    """The lognormal value that belongs to the standard normal value `z`."""
    return mean * exp(spread * (z - 0.5 * spread))


@compiled
def weibull(u: float, scale: float, shape: float) -> float:
    """The Weibull value at probability `u` (1 - u is exact for our uniforms)."""
    return scale * exp(log(-log(1.0 - u)) / shape)


class Shares(NamedTuple):
    """Laws on whole numbers, end to end: entries `first[j]` to `first[j + 1]` of `share` are the cumulative shares of
    the values 0, 1, .. of law j, and of `guide` where to begin looking in as many equal parts of (0, 1)."""

    first: Ints
    share: Floats
    guide: Ints


def shares_of(laws: Sequence[Floats]) -> Shares:
    """The laws with these cumulative shares."""
    size = np.array([len(law) for law in laws], dtype=np.int64)
    first = np.concatenate([[0], np.cumsum(size)])
    share = np.concatenate([np.empty(0), *laws])
    law = np.repeat(np.arange(len(size)), size)
    part = (np.arange(len(share)) - first[law]) / size[law]
    rising = np.maximum.accumulate(np.minimum(share, 1.0) + law)  # no law below the one before it
    guide = np.searchsorted(rising, part + law - GUIDE_SLACK)
    return Shares(first, share, np.maximum(guide, first[law]))


@compiled
def value_at(u: float, laws: Shares, which: int) -> int:
    """The first value of a law whose cumulative share reaches `u`; the number of its values if none does."""
    first, end = laws.first[which], laws.first[which + 1]
    if first == end:
        return 0
    k = laws.guide[first + int(u * (end - first))]
    while k < end and laws.share[k] < u:
        k += 1
    return int(k - first)


@compiled
def values_at(u: Floats, laws: Shares, which: Ints) -> Ints:
    """`value_at` for many."""
    values = np.empty(len(u), dtype=np.int64)
    for i in range(len(u)):
        values[i] = value_at(u[i], laws, which[i])
    return values


def binomial_table(n: int, p: float) -> Floats:
    """P(X <= k) for k = 0 .. n of a binomial(n, p); the last is 1."""
    table: Floats = np.asarray(bdtr(np.arange(n + 1, dtype=np.float64), n, p), dtype=np.float64)
    table[n] = 1.0
    return table


def gamma_table(cv: float) -> Floats:
    """A gamma law of mean 1 for `gammas_mean_one`: (intervals, 4) coefficients of cubics that give the logarithm of its
    quantile for a normal value; relative error below 1e-9 for cv up to 3. With `cv` 0 all values are 1.
    """
    z = np.arange(-GAMMA_REACH, GAMMA_REACH + 0.5 / GAMMA_STEPS, 1 / GAMMA_STEPS)
    if cv == 0:
        return np.zeros((len(z) - 1, 4))
    shape = 1 / cv**2
    with np.errstate(divide="ignore", under="ignore"):  # far down the quantile may be below what a float can hold
        value = np.where(z < 0, gammaincinv(shape, ndtr(z)), gammainccinv(shape, ndtr(-z)))
        height = np.log(value)
    known = height > -600
    height = np.where(known, height, -600.0)
    density = shape * height - np.where(known, value, 0.0) - gammaln(shape)  # log of x times the density at x
    slope = np.where(known, np.exp(-0.5 * z**2 - 0.5 * np.log(2 * np.pi) - density), 0.0) / GAMMA_STEPS
    rise = np.diff(height)
    first, last = slope[:-1], slope[1:]
    height = height - np.log(shape)
    return np.stack([height[:-1], first, 3 * rise - 2 * first - last, first + last - 2 * rise], axis=1)


@compiled
def gammas_mean_one(u: Floats, table: Floats) -> None:
    """Replace shares by the values there of the gamma law that `gamma_table` made `table` for. Step by step, so that a
    processor can do several numbers at once."""
    normal_quantiles(u)
    for i in range(len(u)):
        place = (u[i] + GAMMA_REACH) * GAMMA_STEPS
        k = min(max(int(place), 0), len(table) - 1)
        t = place - k
        u[i] = table[k, 0] + t * (table[k, 1] + t * (table[k, 2] + t * table[k, 3]))
    for i in range(len(u)):
        u[i] = exp(u[i])
