"""Whether a model may be compared at all: the same physician-hours as the reference, and a backlog that does not grow.

One rule for fairness, in one place; who shows a difference asks here first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sim.comparison.balance import Balance
from sim.comparison.findings import Reason

HOURS_TOLERANCE: Final = 0.01  # of the reference's hours


@dataclass(frozen=True)
class Standing:
    """What a comparison must know of a model in a scenario: rostered physician-hours a week (NaN: not known), and
    whether it keeps up with its work (None: not known)."""

    hours_per_week: float = math.nan
    balance: Balance | None = None

    @property
    def steady(self) -> bool:
        """Whether nothing says that its backlog grows."""
        return self.balance is None or self.balance.steady


UNKNOWN: Final = Standing()


def hours_apart(one: float, other: float) -> float:
    """How much more the larger has than the smaller, as a share; NaN when one is not known, infinite when one has
    none."""
    if math.isnan(one) or math.isnan(other):
        return math.nan
    least, most = sorted((one, other))
    return most / least - 1.0 if least > 0 else (0.0 if most == 0 else math.inf)


def unequal(one: float, other: float) -> bool:
    """Whether two models have so different hours that no difference may be put down to how they are organised."""
    return hours_apart(one, other) > HOURS_TOLERANCE


def spread(standings: Mapping[str, Standing]) -> float:
    """How far the hours of all models are apart, as a share of the least; NaN when none is known."""
    hours = [item.hours_per_week for item in standings.values() if not math.isnan(item.hours_per_week)]
    return hours_apart(min(hours), max(hours)) if hours else math.nan


def barrier(model: Standing, reference: Standing, *, allow_unequal_hours: bool) -> Reason | None:
    """What forbids any verdict between two models; None when nothing does."""
    if not (model.steady and reference.steady):
        return Reason.NOT_IN_BALANCE
    if unequal(model.hours_per_week, reference.hours_per_week) and not allow_unequal_hours:
        return Reason.UNEQUAL_HOURS
    return None
