"""Plausible worlds: every number of the world drawn, around what the scenario states, with the same patients.

World n (from 1) is a draw of all inputs and replication n of the streams of chance, so that a point of a design is one
year of a plausible world. Decisions and preferences stay as the scenario states them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from sim.decide.sequence import points
from sim.decide.sources import OF_OWN, OF_SOURCE, SOURCES, source_of
from sim.errors import ScenarioError
from sim.scenario.changes import is_idle
from sim.scenario.fields import leaves, value_of
from sim.scenario.plausible import Plausible, distribution, is_uncertain, together
from sim.scenario.ranges import range_problems, stated_ranges
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.scenario.fields import Leaf

Floats = NDArray[np.float64]

REST: Final = "demand.acute_mix.A3"  # what A1 and A2 leave, also where the scenario has stated it
DUMMY: Final = "dummy"  # drawn like an input and read by nobody: what chance alone looks like
SHARED: Final = (*(f"source.{source.name}" for source in SOURCES), DUMMY)


@dataclass(frozen=True, eq=False)
class PlausibleWorlds:
    """`scenario` with `count` draws of its uncertain inputs `laws` (by dotted key, in the order of declaration)."""

    scenario: Scenario
    laws: Mapping[str, Plausible]
    count: int

    @property
    def keys(self) -> tuple[str, ...]:
        """The inputs drawn: columns of `uniforms` and `values`."""
        return tuple(self.laws)

    @cached_property
    def shared(self) -> Floats:
        """(count, sources + 1): the draws of the sources (`SOURCES`), and of an input that nothing reads."""
        return points(self.scenario.study.seed, SHARED, self.count)

    @cached_property
    def uniforms(self) -> Floats:
        """(count, inputs): where in its distribution each input lies, 0 to 1; inputs of one source go together."""
        found, common = ndtri(points(self.scenario.study.seed, self.keys, self.count)), ndtri(self.shared)
        for column, key in enumerate(self.keys):
            source = source_of(key)
            if source is not None:
                found[:, column] = OF_SOURCE * common[:, SOURCES.index(source)] + OF_OWN * found[:, column]
        return np.asarray(ndtr(found))

    @cached_property
    def values(self) -> Floats:
        """(count, inputs): the inputs drawn, each inside the bounds of its field, shares of one whole at most 1."""
        found = np.empty_like(self.uniforms)
        for row, uniforms in enumerate(self.uniforms):
            drawn = {key: self.laws[key].at(float(u)) for key, u in zip(self.keys, uniforms, strict=True)}
            found[row] = list(together(drawn).values())
        return found

    def changes(self, number: int) -> dict[str, float | None]:
        """What world `number` (from 1) changes in the scenario, for `with_changes`."""
        return _all_of(self.scenario, dict(zip(self.keys, self.values[number - 1].tolist(), strict=True)))

    def drawn(self, number: int) -> dict[str, float]:
        """All that is drawn of world `number`: the inputs, then the draws of the sources and the dummy."""
        inputs = zip(self.keys, self.values[number - 1].tolist(), strict=True)
        return dict(inputs) | dict(zip(SHARED, self.shared[number - 1].tolist(), strict=True))

    def world(self, number: int) -> Scenario:
        """The scenario in plausible world `number`."""
        return self.scenario.with_changes(self.changes(number))


def plausible_worlds(scenario: Scenario, count: int) -> PlausibleWorlds:
    """So many draws around what `scenario` states. Fewer are the first of more."""
    return PlausibleWorlds(scenario, laws_of(scenario), count)


def changes_at(scenario: Scenario, laws: Mapping[str, Plausible], uniforms: Mapping[str, float]) -> dict[str, Any]:
    """What `with_changes` needs for the world in which every factor named in `uniforms` (inputs by dotted key, sources
    as in `SHARED`) lies there in its distribution, and every other input is as the scenario states it.

    A source that is named moves all its inputs, as in `PlausibleWorlds`; without it an input moves by itself alone.
    """
    found = {}
    for key, law in laws.items():
        source = source_of(key)
        common = None if source is None else uniforms.get(f"source.{source.name}")
        if key not in uniforms and common is None:
            found[key] = law.value
            continue
        own = ndtri(uniforms.get(key, 0.5))
        score = own if common is None else OF_SOURCE * ndtri(common) + OF_OWN * own
        found[key] = law.at(float(ndtr(score)))
    return _all_of(scenario, together(found))


def _all_of(scenario: Scenario, drawn: Mapping[str, float]) -> dict[str, Any]:
    """The inputs drawn, and A3 as what they leave, also where the scenario has stated it."""
    return dict(drawn) | ({} if scenario.demand.acute_mix.A3 is None else {REST: None})


def laws_of(scenario: Scenario) -> dict[str, Plausible]:
    """The distribution of every uncertain input that has an effect in the scenario, around the value stated there and
    with the range that it states. ScenarioError where such a range is wrong."""
    problems = range_problems(scenario, scenario.places)
    if problems:
        raise ScenarioError(problems)
    ranges, found = stated_ranges(scenario), {}
    for leaf in leaves(Scenario):
        if not is_uncertain(leaf) or is_idle(leaf, scenario):
            continue
        value = float(value_of(scenario, leaf.key))
        law, stated = around(leaf, value), ranges.get(leaf.key, ())
        if stated:
            law = distribution(leaf)._replace(value=value, low=stated[0], high=stated[1])
        if law is not None and stated is not None:
            found[leaf.key] = law
    return found


def around(leaf: Leaf, value: float) -> Plausible | None:
    """The distribution of a field with another median: as wide on its scale (odds of a share, else the number itself)
    as that of the default. None for a value that is certain: 0, or all of a share."""
    law = distribution(leaf)
    if value == law.value:
        return law
    if value <= 0 or (law.share and value >= 1):
        return None
    if not law.share:
        return law._replace(value=value, low=law.low * value / law.value, high=law.high * value / law.value)
    step = _odds(value) / _odds(law.value)
    low, high = (step * _odds(end) / (1 + step * _odds(end)) for end in (law.low, law.high))
    return law._replace(value=value, low=low, high=high)


def todays_decisions(scenario: Scenario) -> dict[str, Any]:
    """What would make every decision about demand, classes, staffing and organisation the default's: what is known of
    today was seen under today's decisions. Empty where they are so already."""
    default = Scenario()
    return {
        leaf.key: value_of(default, leaf.key)
        for leaf in leaves(Scenario)
        if leaf.extra.get("kind") == "decision"
        and leaf.key.partition(".")[0] in ("demand", "classes", "staffing", "organisation")
        and value_of(default, leaf.key) != value_of(scenario, leaf.key)
    }


def _odds(share: float) -> float:
    return share / (1.0 - share)
