"""From paired differences to verdicts: arrays in, arrays out.

The intervals of a family hold all together (`sim.statistics.simultaneous`), so everything read from them does:

* `practically equal`: the interval lies within +- the practical threshold;
* `better`, `worse`: it lies wholly at or beyond the threshold, on one side;
* `undecided` otherwise, with the reason.

Where a value is infinite in a replication (a 90th percentile of which more than a tenth gave up) there is no mean
difference. Then replications are counted in which the model is ahead, or behind, by at least the threshold; two
infinite values are ahead of nobody. A verdict is given when the sign test, adjusted for the family, says that it would
be so in more than half of all replications.

Where only one of the two models has a value in some replication, what is left over would be the lucky ones: undecided.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.comparison.findings import Reason, Verdict
from sim.statistics import PairedDifference, sign_p, simultaneous, t_quantile

Floats = NDArray[np.float64]
Words = NDArray[np.object_]


class Judged(NamedTuple):
    """Arrays alike in shape. `lower` and `upper` bound the mean difference at `level`, NaN where there is none;
    `verdict` and `reason` ("" where decided) are values of `Verdict` and `Reason`; `ahead` and `behind` count the
    replications in which the model was at least the threshold better or worse."""

    lower: Floats
    upper: Floats
    adjusted_p: Floats
    verdict: Words
    reason: Words
    ahead: NDArray[np.int64]
    behind: NDArray[np.int64]
    level: Floats


def judge(
    pair: PairedDifference, x: Floats, y: Floats, family: NDArray[Any], alpha: float, sign: Floats, limit: Floats
) -> Judged:
    """Verdicts of the differences x - y, whose replications are on the last axis.

    `family` has a name for each row (first axis): the rows of a name are judged together at `alpha`. `sign` is 1 where
    higher is better, -1 where lower is, 0 where neither is; `limit` the practical threshold; both have the shape of the
    differences or one column.
    """
    sign, limit = np.broadcast_to(sign, pair.mean.shape), np.broadcast_to(limit, pair.mean.shape)
    gain = gains(x, y) * sign[..., None]
    ahead, behind = counts_beyond(gain, limit), counts_beyond(-gain, limit)
    counted = pair.infinite > 0
    p = np.where(counted & (pair.n > 1), sign_p(np.maximum(ahead, behind), pair.n), pair.p)
    p = np.where(pair.one_sided > 0, np.nan, p)
    adjusted, level = np.full(p.shape, np.nan), np.full(p.shape, np.nan)
    for name in dict.fromkeys(family.tolist()):
        rows = family == name
        found, own = simultaneous(p[rows].ravel(), alpha)
        adjusted[rows], level[rows] = found.reshape(p[rows].shape), own
    half = t_quantile(level, np.maximum(pair.n - 1, 1)) * pair.standard_error
    lower, upper = pair.mean - half, pair.mean + half
    low, high = np.where(sign < 0, -upper, lower), np.where(sign < 0, -lower, upper)  # bounds of what is gained
    sure = (adjusted < alpha) & counted
    equal = (lower >= -limit) & (upper <= limit)
    better = np.where(counted, sure & (ahead > behind), (low >= limit) & (low > 0)) & (sign != 0)
    worse = np.where(counted, sure & (behind > ahead), (high <= -limit) & (high < 0)) & (sign != 0)
    verdict = np.select(
        [equal, better, worse], [Verdict.EQUAL.value, Verdict.BETTER.value, Verdict.WORSE.value],
        Verdict.UNDECIDED.value,
    )  # fmt: skip
    apart = (lower > 0) | (upper < 0)
    reason = np.select(
        [
            equal | better | worse,
            pair.one_sided > 0,
            pair.n == 0,
            pair.n == 1,
            counted,
            apart & (sign == 0),
            apart,
        ],
        [
            "", Reason.ONE_SIDED.value, Reason.NO_VALUE.value, Reason.ONE_REPLICATION.value, Reason.INFINITE.value,
            Reason.NO_DIRECTION.value, Reason.MAY_BE_SMALL.value,
        ],
        Reason.ZERO_INSIDE.value,
    )  # fmt: skip
    return Judged(lower, upper, adjusted, verdict.astype(object), reason.astype(object), ahead, behind, level)


def gains(x: Floats, y: Floats) -> Floats:
    """x - y; NaN where one is missing or both are infinite, which says nothing of the two."""
    with np.errstate(invalid="ignore"):
        return np.asarray(x - y, dtype=float)


def counts_beyond(gain: Floats, limit: Floats) -> NDArray[np.int64]:
    """In how many replications (last axis) the gain is above 0 and at least the limit."""
    found = (gain >= limit[..., None]) & (gain > 0)
    return np.asarray(found.sum(axis=-1), dtype=np.int64)
