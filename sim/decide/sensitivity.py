"""One input at a time: what the difference between two models is at the low and the high end of each, patients alike.

A tornado with signs. Every input is set to its 5 % and 95 % quantile while the others stay, in the same years; so the
change against the scenario's own difference is paired, and its interval tells it from the luck of the years. What
inputs do together is not in it: that is what plausible worlds are for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from sim.decide.differences import ModelDifferences
from sim.decide.plausible import Floats
from sim.statistics import Interval, mean_interval

CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class Bar:
    """One input of the tornado of one model: what its `low` and `high` values add to the difference from the reference,
    in the measure's own unit, with intervals over the years."""

    model: str
    key: str
    low: float
    high: float
    at_low: Interval
    at_high: Interval

    @property
    def swing(self) -> float:
        """The larger of the two changes, whatever its sign."""
        return max(abs(self.at_low.mean), abs(self.at_high.mean))

    @property
    def sure(self) -> bool:
        """Whether either change is told from the luck of the years."""
        return any(end.lower > 0 or end.upper < 0 for end in (self.at_low, self.at_high))


@dataclass(frozen=True)
class Tornado:
    """The difference of each model from `reference` in the scenario itself, and the bars of all models, the widest
    first."""

    reference: str
    base: Mapping[str, Interval]
    bars: tuple[Bar, ...]

    def of(self, model: str) -> tuple[Bar, ...]:
        """The bars of one model."""
        return tuple(bar for bar in self.bars if bar.model == model)


def tornado(
    differences: ModelDifferences, jobs: int = 1, on_input: Callable[[str], None] = lambda key: None
) -> Tornado:
    """Of every uncertain input. Two runs of every model and year an input; `on_input` is told of each when it is done.
    ValueError for fewer than two years."""
    if len(differences.years) < 2:
        raise ValueError("needs two years")
    laws, organisations, reference = differences.laws, differences.organisations, differences.reference

    def both_ends(key: str) -> tuple[Floats, Floats]:
        found = differences.by_year({key: laws[key].low}), differences.by_year({key: laws[key].high})
        on_input(key)
        return found

    base = differences.by_year({})
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        ends = list(pool.map(both_ends, laws))
    bars = [
        Bar(
            name, key, laws[key].low, laws[key].high,
            mean_interval(low[:, place] - base[:, place], CONFIDENCE),
            mean_interval(high[:, place] - base[:, place], CONFIDENCE),
        )
        for place, name in enumerate(organisations) if name != reference
        for key, (low, high) in zip(laws, ends, strict=True)
    ]  # fmt: skip
    middle = {name: mean_interval(base[:, place], CONFIDENCE) for place, name in enumerate(organisations)}
    return Tornado(reference, middle, tuple(sorted(bars, key=lambda bar: -bar.swing)))
