"""How far each mean may be trusted: replications, the same patients, and the warm-up before the count.

Of every headline measure: with how many replications its difference would be known closely enough to be told from one
that matters in practice, and what it gives that both models meet the same patients. Of every model: whether the
scenario's warm-up is as long as its queues take to fill (`sim.comparison.balance`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.columns import Floats
from sim.language.numbers import plain_number
from sim.statistics import PairedDifference, replications_needed, variance_reduction

if TYPE_CHECKING:
    import pandas as pd

    from sim.comparison.standing import Standing
    from sim.scenario import Scenario

COLUMNS: Final = ("replications_needed", "variance_reduction")
# Of the practical difference. At half of it, whoever differs by less than half is practically equal, and whoever
# differs by more than one and a half is not.
PRECISION: Final = 0.5


class Trust(NamedTuple):
    """Arrays alike in shape, NaN where it cannot be told and in rows that were not asked for."""

    replications_needed: Floats
    variance_reduction: Floats


def trust(
    pair: PairedDifference, x: Floats, y: Floats, level: Floats, limit: Floats, asked: NDArray[np.bool_]
) -> Trust:
    """Of the differences x - y (replications on the last axis) in the rows `asked` for (first axis): how many
    replications give an interval at `level` of no more than `PRECISION` of the practical difference `limit` to either
    side, as far as these ones show how much they vary; and the variance reduction. No number is needed for a measure
    without a practical difference."""
    needed, reduction = np.full(pair.mean.shape, np.nan), np.full(pair.mean.shape, np.nan)
    sd, width = pair.standard_error * np.sqrt(pair.n), PRECISION * np.broadcast_to(limit, pair.mean.shape)
    needed[asked] = replications_needed(sd[asked], np.where(width > 0, width, np.nan)[asked], level[asked])
    reduction[asked] = variance_reduction(x[asked], y[asked])
    return Trust(needed, reduction)


class Filling(NamedTuple):
    """The warm-up of a scenario in weeks, and the shortest that each model needs; without models that do not keep up,
    and those of which it is not known."""

    warm_up_weeks: int
    needed: Mapping[str, float]

    @property
    def too_short_for(self) -> tuple[str, ...]:
        """The models whose queues take longer to fill."""
        return tuple(model for model, weeks in self.needed.items() if weeks > self.warm_up_weeks)


def filling(scenario: Scenario, standings: Mapping[str, Standing]) -> Filling:
    """Of the models with these `standings`."""
    known = {name: item.balance.warm_up_weeks for name, item in standings.items() if item.balance and item.steady}
    weeks = {name: value for name, value in known.items() if not math.isnan(value)}
    return Filling(scenario.calendar.warm_up_weeks, weeks)


class Enough(NamedTuple):
    """Of the headline measures of a comparison: replications run, the comparisons with a number of those needed, how
    many of them need more than were run, and the most that any needs (NaN where none has a number)."""

    run: int
    told: int
    short: int
    most: float


def enough(frame: pd.DataFrame) -> Enough:
    """Of the comparison of one scenario, with `COLUMNS`."""
    told = frame[frame["replications_needed"].notna()]
    if not len(told):
        return Enough(int(frame["n"].max()) if len(frame) else 0, 0, 0, math.nan)
    short = int((told["replications_needed"] > told["n"]).sum())
    return Enough(int(told["n"].max()), len(told), short, float(told["replications_needed"].max()))


def trust_records(
    frame: pd.DataFrame, scenarios: Mapping[str, Scenario], standings: Mapping[str, Mapping[str, Standing]]
) -> dict[str, dict[str, Any]]:
    """By scenario, as plain data; what stands by measure and model is in the comparison's own rows."""
    found = {}
    for name, scenario in scenarios.items():
        fills = filling(scenario, standings.get(name, {}))
        counts = enough(frame[frame["scenario"] == name])
        found[name] = {
            "warm_up_weeks": fills.warm_up_weeks,
            "warm_up_weeks_needed": {model: _count(weeks) for model, weeks in fills.needed.items()},
            "warm_up_too_short_for": list(fills.too_short_for),
            "replications": counts.run,
            "replications_needed": _count(counts.most),
            "comparisons": counts.told,
            "comparisons_with_too_few": counts.short,
        }
    return found


def _count(value: float) -> float | str | None:
    return int(value) if math.isfinite(value) else plain_number(value)
