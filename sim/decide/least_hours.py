"""Equal service instead of equal hours: the fewest physician-hours a week at which a model holds what is asked.

Bisection over hours a week in whole steps, the same patients at every step. It is taken that more hours are not worse;
where a step that was tried says otherwise, the result tells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.statistics import mean_interval

if TYPE_CHECKING:
    from sim.decide.aims import Limit
    from sim.decide.candidates import Bench
    from sim.organisation import Organisation
    from sim.statistics import Interval

HOURS: Final = "staffing.hours_per_week"


@dataclass(frozen=True)
class Least:
    """`hours` a week at which every limit holds in the mean; None: at none up to `most`, the highest tried (None where
    the model cannot be run at that either). `possible` and `sure` are the hours at which the upper and lower ends of
    the intervals hold: what is sought lies between them with the confidence asked for. `values` at `hours`, or at
    `most`, with their intervals, and by `uneven` whether some more hours did worse than fewer."""

    name: str
    hours: float | None
    possible: float | None
    sure: float | None
    most: float | None
    values: tuple[tuple[Limit, Interval], ...]
    uneven: bool

    @property
    def missed(self) -> tuple[Limit, ...]:
        """The limits that do not hold at `most`; none where `hours` are found."""
        return tuple(limit for limit, found in self.values if not limit.holds(found.mean))


def least_hours(
    bench: Bench,
    organisation: Organisation,
    limits: Sequence[Limit],
    years: Sequence[int],
    *,
    most: float,
    step: float = 10.0,
    confidence: float = 0.95,
) -> Least:
    """The least of one model. `bench` reads the limits' measures. ValueError without limits or years."""
    if not limits or len(years) < 2:
        raise ValueError("needs a limit and two years")
    last = int(most // step)
    level = 1.0 - (1.0 - confidence) / len(limits)  # all limits' intervals hold together
    held: dict[int, tuple[Interval, ...]] = {}

    def runs(place: int) -> bool:
        return bench.can_run(organisation, {HOURS: place * step})

    def intervals(place: int) -> tuple[Interval, ...]:
        if place not in held:
            found = bench.values(organisation, years, {HOURS: place * step})
            held[place] = tuple(mean_interval(found[limit.aim], level) for limit in limits)
        return held[place]

    first = first_true(runs, 1, last)
    if first is None:
        return Least(organisation.name, None, None, None, None, (), False)

    def at(value: Callable[[Limit, Interval], float]) -> int | None:
        """The first step at which every limit holds for that value of its interval."""

        def holds(place: int) -> bool:
            pairs = zip(limits, intervals(place), strict=True)
            return all(limit.holds(value(limit, found)) for limit, found in pairs)

        return first_true(holds, first, last)

    mean = at(lambda limit, found: found.mean)
    possible = at(lambda limit, found: found.lower if limit.at_most else found.upper)
    sure = at(lambda limit, found: found.upper if limit.at_most else found.lower)
    shown = intervals(last if mean is None else mean)
    tried = sorted(held)
    fits = [all(limit.holds(item.mean) for limit, item in zip(limits, held[place], strict=True)) for place in tried]
    hours, low, high = (None if place is None else place * step for place in (mean, possible, sure))
    values = tuple(zip(limits, shown, strict=True))
    uneven = bool(np.any(np.diff(np.array(fits, dtype=int)) < 0))
    return Least(organisation.name, hours, low, high, last * step, values, uneven)


def first_true(holds: Callable[[int], bool], first: int, last: int) -> int | None:
    """The smallest number from `first` to `last` for which it holds, by bisection; None when it does not at `last`."""
    if not holds(last):
        return None
    low, high = first - 1, last
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
