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
GROWS: Final = 0.005  # of what is ordered is never reached: more is a backlog that grows
CONFIDENCE: Final = 0.99  # one-sided: of models in balance at most one in a hundred is said not to be

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


def balance(waiting: ArrayLike, ordered: ArrayLike) -> Balance:
    """The balance of a model from (replications, 2, weeks): what waits at the end of each week of three years that
    begin with empty queues, and what was ordered in it, by `sim.measures.backlog.KINDS`. The first year fills the
    queues, the two after it are compared."""
    waits, asked = np.asarray(waiting, dtype=float), np.asarray(ordered, dtype=float)
    acute, planned = (growth(waits[:, kind, YEAR_WEEKS:], asked[:, kind, YEAR_WEEKS:]) for kind in range(2))
    return Balance(acute, planned, weeks_to_fill(waits.sum(axis=1)))


def weeks_to_fill(waiting: Floats) -> float:
    """From (replications, 156): the shortest warm-up, in weeks, after which MSER-5 leaves out nothing more of what
    waits beyond the same weeks of the years that follow. Infinite when no warm-up of a year or less is enough.

    The mean over replications is taken first, and from it that of the second and third year, week by week: what is left
    has neither summers nor Christmases in it, which vary more than queues that fill do. Batches are of five weeks, so
    that Easter moves within one. ValueError for another number of weeks.
    """
    weeks = waiting.shape[1]
    if weeks != 3 * YEAR_WEEKS:
        raise ValueError(f"three years of {YEAR_WEEKS} weeks are looked at, got {weeks} weeks")
    mean = waiting.mean(axis=0)
    beyond = mean - np.tile(mean[YEAR_WEEKS:].reshape(2, YEAR_WEEKS).mean(axis=0), 3)
    return next((float(cut) for cut in range(YEAR_WEEKS + 1) if mser(beyond[cut:]).values == 0), math.inf)


def growth(waiting: Floats, ordered: Floats) -> Growth:
    """From (replications, 104): the difference between the years' means, with a t bound over replications.

    ValueError for another number of weeks; nothing is told by fewer than two replications.
    """
    n, weeks = waiting.shape
    if weeks != 2 * YEAR_WEEKS:
        raise ValueError(f"two years of {YEAR_WEEKS} weeks are compared, got {weeks} weeks")
    if n < 2:
        return UNTOLD
    years = waiting.reshape(n, 2, YEAR_WEEKS).mean(axis=2)
    rise = (years[:, 1] - years[:, 0]) / YEAR_WEEKS
    asked = float(ordered.mean())
    mean, waits = float(rise.mean()), float(years[:, 1].mean())
    if asked == 0.0:
        return Growth(mean, 0.0, 0.0, waits)
    error = float(rise.std(ddof=1)) / math.sqrt(n)
    lower = mean - float(t_quantile(2.0 * (1.0 - CONFIDENCE), n - 1)) * error
    return Growth(mean, mean / asked, lower / asked, waits)
