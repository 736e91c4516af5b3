"""Where two models change places when one number of the scenario moves, with the same patients at every value.

The difference of the two models is looked at in even steps between two ends, and bisected where its mean changes sign.
The interval of a crossing is where the two ends of the t interval of the difference cross zero. Draws are nested, so
two values differ by what the number does and not by luck.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.decide.facts import keeps_up
from sim.statistics import Interval, mean_interval
from sim.study.stages import Kept, make_stages

if TYPE_CHECKING:
    from sim.decide.aims import Aim
    from sim.organisation import Organisation
    from sim.scenario import Scenario
    from sim.study.stages import Draw

LOOKED_AT: Final = 7  # values between the ends and at them, before any bisection
PRECISION: Final = 1 / 256  # of the distance between the ends


@dataclass(frozen=True)
class Step:
    """The difference model - other at one value: over the years, and in how many of them both keep up."""

    value: float
    difference: Interval
    steady: int


@dataclass(frozen=True)
class Crossing:
    """Where the mean difference changes sign: about `value`, between `low` and `high` with the confidence asked for
    (infinite where an end of the interval is beyond what was looked at). `rising`: from below zero to above, as the
    number grows. `steady`: both models keep up on both sides."""

    value: float
    low: float
    high: float
    rising: bool
    steady: bool


@dataclass(frozen=True)
class BreakEven:
    """Of one pair of models: the crossings between the ends, in order, and every step looked at, by value."""

    model: str
    other: str
    crossings: tuple[Crossing, ...]
    steps: tuple[Step, ...]


@dataclass(eq=False)
class Differences:
    """Differences of two models in `aim` at values of the field `key`, each run once; `years` are replications."""

    scenario: Scenario
    key: str
    aim: Aim
    model: Organisation
    other: Organisation
    years: Sequence[int]
    jobs: int = 1
    kept: Kept = field(default_factory=Kept)
    _found: dict[float, Step] = field(default_factory=dict)

    def at(self, value: float) -> Step:
        """The step at a value. Raises ScenarioError, OrganisationError where it cannot be run."""
        if value not in self._found:
            asked = self.scenario.with_changes({self.key: value})
            stages = make_stages(asked, [self.model, self.other], kept=self.kept)
            stages.check()
            with ThreadPoolExecutor(max(1, min(self.jobs, len(self.years)))) as pool:
                rows = list(pool.map(lambda year: self._year(stages.draw(year)), self.years))
            found = mean_interval([difference for difference, _ in rows], asked.study.confidence)
            self._found[value] = Step(value, found, sum(steady for _, steady in rows))
        return self._found[value]

    def _year(self, draw: Draw) -> tuple[float, bool]:
        values, steady = [], True
        for item in (self.model, self.other):
            journal = draw.stages.run_one(item.name, draw)
            values.append(self.aim.of(draw.stages.measures(item.name, draw, journal)))
            steady &= keeps_up(draw.stages.met(item.name, draw).tape, journal)
        return values[0] - values[1], steady

    @property
    def steps(self) -> tuple[Step, ...]:
        """All that were run, by value."""
        return tuple(self._found[value] for value in sorted(self._found))


def break_even(differences: Differences, low: float, high: float) -> BreakEven:
    """The crossings between `low` and `high`. ValueError unless low < high and there are two years."""
    if not low < high or len(differences.years) < 2:
        raise ValueError("needs low < high, and two years")
    values = np.linspace(low, high, LOOKED_AT).tolist()
    means = [differences.at(value).difference.mean for value in values]
    found = []
    for left, right, before, after in zip(values[:-1], values[1:], means[:-1], means[1:], strict=True):
        if before * after < 0 or (after == 0 and before != 0):
            found.append(_crossing(differences, (left, right), (low, high), rising=after > before))
    return BreakEven(differences.model.name, differences.other.name, tuple(found), differences.steps)


def _crossing(
    differences: Differences, around: tuple[float, float], ends: tuple[float, float], *, rising: bool
) -> Crossing:
    """The crossing inside `around`, and where the ends of the interval cross on either side of it."""
    sign, exact = (1.0 if rising else -1.0), PRECISION * (ends[1] - ends[0])

    def bound(step: Step, side: float) -> float:
        """Ends of the interval of the difference, turned so that it rises."""
        edges = sign * step.difference.lower, sign * step.difference.upper
        return max(edges) if side > 0 else min(edges)

    left, right = bisected(lambda v: sign * differences.at(v).difference.mean > 0, *around, exact)
    low = _where(differences, lambda step: bound(step, 1.0) > 0, ends, exact, right)
    high = _where(differences, lambda step: bound(step, -1.0) > 0, ends, exact, left)
    years = len(differences.years)
    steady = all(differences.at(value).steady == years for value in (left, right))
    return Crossing((left + right) / 2, low, high, rising, steady)


def _where(
    differences: Differences, holds: Callable[[Step], bool], ends: tuple[float, float], exact: float, near: float
) -> float:
    """Where `holds` begins to hold, nearest to `near` on the side where it is: infinite beyond the ends."""
    steps = differences.steps
    if holds(differences.at(near)):
        below = [step.value for step in steps if step.value < near and not holds(step)]
        return -math.inf if not below else bisected(lambda v: holds(differences.at(v)), max(below), near, exact)[0]
    above = [step.value for step in steps if step.value > near and holds(step)]
    return math.inf if not above else bisected(lambda v: holds(differences.at(v)), near, min(above), exact)[1]


def bisected(holds: Callable[[float], bool], left: float, right: float, exact: float) -> tuple[float, float]:
    """Two values no further apart than `exact` with `holds` false at the first and true at the second, as it is at
    `left` and `right`."""
    while right - left > exact:
        middle = (left + right) / 2
        left, right = (left, middle) if holds(middle) else (middle, right)
    return left, right
