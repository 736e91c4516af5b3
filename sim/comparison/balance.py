"""What a long run says of a model: whether it keeps up, and how soon its queues have filled.

Whether it keeps up: is what waits larger one year later, in the same weeks of the year?

Where it is, a mean over the run says how long the run was, not how the model works. The load that is shown need not
tell: windows and borders can leave a queue growing beside physicians who are free. Holidays and summers make any queue
rise and fall within a year, so trends within one say little; a year later the same weeks come again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.statistics import mser, t_quantile

YEAR_WEEKS: Final = 52
BATCH: Final = 5  # whole weeks
GROWS: Final = 0.005  # of what is ordered is never reached: more is a backlog that grows
CONFIDENCE: Final = 0.99  # one-sided: of models in balance at most one in a hundred is said not to be
SURE: Final = 0.999  # one-sided: of models that grow by GROWS at most one in a thousand is let go after a first look

Floats = NDArray[np.float64]


class Growth(NamedTuple):
    """How what waits grows: requests a week, the same as a share of those ordered with its lower bound, and the mean
    number that waits in the second year. NaN where it cannot be told."""

    per_week: float
    share: float
    lower: float
    waiting: float

    @property
    def steady(self) -> bool:
        """Whether nothing says that it grows; a share or bound that is not known says nothing."""
        return not (self.share >= GROWS and self.lower > 0)


UNTOLD: Final = Growth(math.nan, math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class Balance:
    """Growth of what waits: unplanned requests, and planned visits and rounds; and the shortest warm-up that is enough
    (`weeks_to_fill`), NaN where it is not known."""

    acute: Growth = UNTOLD
    planned: Growth = UNTOLD
    warm_up_weeks: float = math.nan

    @property
    def steady(self) -> bool:
        """Whether neither grows."""
        return self.acute.steady and self.planned.steady


def balance(waiting: ArrayLike, ordered: ArrayLike, from_empty: ArrayLike) -> Balance:
    """The balance of a model from (replications, 2, 104): what waits at the end of each week of two years after one
    that filled the queues, and what was ordered in it, by `sim.measures.backlog.KINDS`; and what waits `from_empty`, in
    a run without that year (see `weeks_to_fill`)."""
    waits, asked, empty = (np.asarray(item, dtype=float) for item in (waiting, ordered, from_empty))
    acute, planned = (growth(waits[:, kind], asked[:, kind]) for kind in range(2))
    return Balance(acute, planned, weeks_to_fill(*(item[:, :, :YEAR_WEEKS].sum(axis=1) for item in (waits, empty))))


def in_balance(waiting: ArrayLike, ordered: ArrayLike) -> bool:
    """Whether a first look, at a few replications as in `balance`, is enough: that what waits grows by less than
    `GROWS` is sure for both kinds. Never for one that grows, which is looked at with all replications."""
    waits, asked = (np.asarray(item, dtype=float) for item in (waiting, ordered))
    if len(waits) < 2:
        return False
    for kind in range(2):
        rise = _rise(waits[:, kind])
        if rise.any() and float(rise.mean()) + _bound(rise, SURE) >= GROWS * float(asked[:, kind].mean()):
            return False
    return True


def weeks_to_fill(waiting: Floats, from_empty: Floats) -> float:
    """The shortest warm-up, in weeks, after which MSER-5 leaves out nothing more; infinite when half a year is not
    enough, NaN with fewer than two replications.

    Both (replications, 52), of the same patients: what waits at the end of each week with a year before it, and in a
    run that begins with empty queues. What the empty beginning takes from it is known without summers, holidays and
    luck, which are the same in both; MSER-5 (batches of five whole weeks) weighs it against the luck that a run has.
    """
    if len(waiting) < 2:
        return math.nan
    batches = waiting[:, : YEAR_WEEKS // BATCH * BATCH].reshape(len(waiting), -1, BATCH).mean(axis=2)
    luck = float(batches.var(axis=0, ddof=1).mean())
    lacking = (waiting - from_empty).mean(axis=0)
    if float(lacking[-BATCH:].mean()) ** 2 > luck:  # not forgotten after a year: MSER would take it for the level
        return math.inf
    cuts = range(YEAR_WEEKS // 2 + 1)
    return next((float(cut) for cut in cuts if mser(lacking[cut:], BATCH, luck).values == 0), math.inf)


def growth(waiting: Floats, ordered: Floats) -> Growth:
    """From (replications, 104): the difference between the years' means, with a t bound over replications.

    ValueError for another number of weeks; nothing is told by fewer than two replications.
    """
    n, weeks = waiting.shape
    if weeks != 2 * YEAR_WEEKS:
        raise ValueError(f"two years of {YEAR_WEEKS} weeks are compared, got {weeks} weeks")
    if n < 2:
        return UNTOLD
    rise, asked = _rise(waiting), float(ordered.mean())
    mean, waits = float(rise.mean()), float(waiting[:, YEAR_WEEKS:].mean())
    if asked == 0.0:
        return Growth(mean, 0.0, 0.0, waits)
    lower = mean - _bound(rise, CONFIDENCE)
    return Growth(mean, mean / asked, lower / asked, waits)


def _rise(waiting: Floats) -> Floats:
    """By replication, how many more wait each week: the difference between the years' means."""
    years = waiting.reshape(len(waiting), 2, YEAR_WEEKS).mean(axis=2)
    rise: Floats = (years[:, 1] - years[:, 0]) / YEAR_WEEKS
    return rise


def _bound(values: Floats, confidence: float) -> float:
    """How far from the mean of replications a one-sided t bound lies."""
    n = len(values)
    return float(t_quantile(2.0 * (1.0 - confidence), n - 1)) * float(values.std(ddof=1)) / math.sqrt(n)
