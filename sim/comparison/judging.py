"""Differences from the reference and what is said of them, as numbers.

Families for Holm's adjustment, in each scenario: the headline rows (a headline measure, its class, all municipalities)
of all models are one family, because they are spoken together; the other rows of a measure (municipalities x classes x
models) are one family each. The interval of a row is at the level of its Holm step, so an adjusted p below
1 - confidence and an interval without 0 are the same thing.

Verdicts: `practically equal` when the interval lies within +- the practical threshold; `better` or `worse` when it
leaves out 0, the difference reaches the threshold and the measure has a direction; `undecided` otherwise. A measure
without a threshold has the threshold 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.columns import Floats, Ints
from sim.comparison.findings import Verdict
from sim.measures.definitions import MEASURES, headlines
from sim.measures.forms import MeasureDefinition
from sim.statistics import holm, paired_difference, t_quantile

if TYPE_CHECKING:
    from sim.scenario import Scenario

_SIGN: Final = {"lower": -1.0, "higher": 1.0, "none": 0.0}
CODES: Final = (Verdict.UNDECIDED, Verdict.EQUAL, Verdict.BETTER, Verdict.WORSE)  # by number
_UNDECIDED, _EQUAL, _BETTER, _WORSE = range(4)


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows that are compared, in order of presentation: measure, municipality and class of each; `own` are the
    measures besides those of the program."""

    measure: Sequence[str]
    municipality: Sequence[str]
    class_: Sequence[str]
    own: Sequence[MeasureDefinition] = ()

    @cached_property
    def spoken(self) -> tuple[tuple[str, int], ...]:
        """The headline measures that there are, in the order they are spoken, and the row of each."""
        keys = zip(self.measure, self.class_, self.municipality, strict=True)
        where = {key: row for row, key in enumerate(keys)}
        listed = headlines((*MEASURES, *self.own))
        return tuple((key[0], where[*key, "all"]) for key in listed if (*key, "all") in where)

    @cached_property
    def families(self) -> tuple[Ints, ...]:
        """The rows of each of Holm's families."""
        spoken = np.array([row for _, row in self.spoken], dtype=np.int64)
        names, number = np.unique(np.asarray(self.measure, dtype=str), return_inverse=True)
        number[spoken] = len(names)
        return tuple(rows for family in range(len(names) + 1) if len(rows := np.flatnonzero(number == family)))

    @cached_property
    def sign(self) -> Floats:
        """(rows, 1) which direction is better: -1, 1, or 0 for neither."""
        known = {item.name: _SIGN[item.better] for item in (*MEASURES, *self.own)}
        return np.array([known.get(name, 0.0) for name in self.measure])[:, None]

    def limits(self, scenario: Scenario) -> Floats:
        """(rows, 1) the smallest difference that matters, in the unit of each."""
        known = {item.name: limit_of(item, scenario) for item in (*MEASURES, *self.own)}
        return np.array([known.get(name, 0.0) for name in self.measure])[:, None]


class Judged(NamedTuple):
    """(rows, models other than the reference) each: means over the `n` replications that both have, `difference` from
    the reference, its bounds at the level of Holm's step, `adjusted_p`, and the number of the `verdict` in `CODES`."""

    mean: Floats
    reference_mean: Floats
    difference: Floats
    lower: Floats
    upper: Floats
    n: Ints
    adjusted_p: Floats
    verdict: Ints


def judge(rows: Rows, values: Floats, reference: int, scenario: Scenario) -> Judged:
    """`values` (rows, models, replications), NaN where one is missing; `reference` is the number of its model."""
    others = [place for place in range(values.shape[1]) if place != reference]
    pair = paired_difference(values[:, others], values[:, [reference]])
    adjusted, level = np.full(pair.p.shape, np.nan), np.full(pair.p.shape, np.nan)
    for family in rows.families if not np.isnan(pair.p).all() else ():
        one, two = holm(pair.p[family].ravel(), 1.0 - scenario.study.confidence)
        adjusted[family], level[family] = one.reshape(-1, len(others)), two.reshape(-1, len(others))
    half = t_quantile(level, np.maximum(pair.n - 1, 1)) * pair.standard_error
    lower, upper = pair.mean - half, pair.mean + half
    verdict = _verdict(pair.mean, lower, upper, rows.sign, rows.limits(scenario))
    return Judged(pair.x_mean, pair.y_mean, pair.mean, lower, upper, pair.n, adjusted, verdict)


def _verdict(difference: Floats, lower: Floats, upper: Floats, sign: Floats, limit: Floats) -> Ints:
    """An interval with NaN bounds decides nothing."""
    equal = (lower >= -limit) & (upper <= limit)
    sure = ((lower > 0) | (upper < 0)) & (np.abs(difference) >= limit) & (sign != 0)
    improved = difference * sign > 0
    return np.select([equal, sure & improved, sure], [_EQUAL, _BETTER, _WORSE], _UNDECIDED)


def limit_of(item: MeasureDefinition, scenario: Scenario) -> float:
    """The practical-difference threshold of a measure in its own unit (a share for percentage points); 0 for none."""
    if not isinstance(item.practical, str):
        return float(item.practical)
    if not item.practical:
        return 0.0
    value = float(getattr(scenario.comparison.practical, item.practical))
    return value / 100.0 if item.practical.endswith("_pp") else value
