"""What is plausible of each number about the world: a distribution made of its value, low and high.

The value is the median and low to high a central 90 % interval. On each side of the median the distribution is that of
a lognormal (of a logit-normal for shares), with the spread that its own bound asks for; it is cut at the bounds of the
field. Decisions and preferences have none: they are chosen, not guessed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from statistics import NormalDist
from typing import Final, NamedTuple

from sim.scenario.fields import Leaf, leaves
from sim.scenario.schema import Scenario

HIGH: Final = 0.95  # the quantile that `high` is; `low` is 0.05
_EDGE: Final = NormalDist().inv_cdf(HIGH)


class Plausible(NamedTuple):
    """The distribution of one number: median `value`, 5 % below `low`, 5 % above `high`, none beyond `least` or `most`.

    `share`: between 0 and 1, so spread on the scale of log-odds; else above 0 and spread on the scale of logarithms.
    """

    value: float
    low: float
    high: float
    share: bool
    least: float = 0.0
    most: float = math.inf

    def at(self, uniform: float) -> float:
        """The quantile at `uniform`, 0 < uniform < 1."""
        z = NormalDist().inv_cdf(uniform) / _EDGE
        middle, low, high = map(self._wide, (self.value, self.low, self.high))
        wide = middle + z * (middle - low if z < 0 else high - middle)
        return min(max(self._narrow(wide), self.least), self.most)

    def where(self, number: float) -> float:
        """The share of the distribution at or below `number`: 0.05 at `low`, 0.5 at `value`, 0.95 at `high`."""
        if number <= 0 or (self.share and number >= 1):
            return float(number > 0)
        middle, low, high, wide = map(self._wide, (self.value, self.low, self.high, number))
        side = middle - low if wide < middle else high - middle
        return NormalDist().cdf(_EDGE * (wide - middle) / side)

    def _wide(self, number: float) -> float:
        return math.log(number / (1 - number)) if self.share else math.log(number)

    def _narrow(self, wide: float) -> float:
        return 1 / (1 + math.exp(-wide)) if self.share else math.exp(wide)


def distributions() -> dict[str, Plausible]:
    """Of every number about the world that stands by itself, by dotted key in the order of declaration."""
    return {leaf.key: distribution(leaf) for leaf in leaves(Scenario) if is_uncertain(leaf)}


def is_uncertain(leaf: Leaf) -> bool:
    """Whether the field is of the world and has a range."""
    return leaf.extra.get("kind") == "world" and "low" in leaf.extra


def distribution(leaf: Leaf) -> Plausible:
    """That of one field; ValueError if value, low and high are not in this order inside what can be."""
    extra = leaf.extra
    limits = {name: getattr(item, name) for item in leaf.field.metadata for name in _BOUNDS if hasattr(item, name)}
    share = extra["unit"] == "share"
    value, low, high = (float(extra[name]) for name in ("value", "low", "high"))
    if not 0 < low < value < high < (1 if share else math.inf):
        raise ValueError(
            f"{leaf.key}: {low:g}, {value:g} and {high:g} cannot be 5 %, median and 95 %; a number about the world has "
            f"0 < low < value < high{' < 1' if share else ''}, and what is chosen is a `decision` or a `setting`"
        )
    least = max(limits.get("ge", 0.0), limits.get("gt", 0.0))
    return Plausible(value, low, high, share, least, min(limits.get("le", math.inf), limits.get("lt", math.inf)))


def world_at(uniforms: Mapping[str, float]) -> dict[str, float]:
    """Changes that set each number named in `uniforms` (dotted key: 0 to 1) to that quantile, for `with_changes`."""
    known = distributions()
    return together({key: known[key].at(uniform) for key, uniform in uniforms.items()})


def together(drawn: Mapping[str, float]) -> dict[str, float]:
    """Numbers by dotted key; shares of one whole that come to more than 1 are made less in proportion, so that every
    world can be run."""
    found = dict(drawn)
    for keys in wholes():
        total = sum(found.get(key, 0.0) for key in keys)
        if total > 1:
            found |= {key: found[key] / total for key in keys if key in found}
    return found


@cache
def wholes() -> tuple[tuple[str, ...], ...]:
    """The dotted keys of shares that are parts of one whole, whole by whole."""
    found: dict[str, list[str]] = {}
    for leaf in leaves(Scenario):
        if "whole" in leaf.extra:
            found.setdefault(leaf.extra["whole"], []).append(leaf.key)
    return tuple(map(tuple, found.values()))


_BOUNDS: Final = ("ge", "gt", "le", "lt")
