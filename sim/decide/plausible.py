"""Plausible worlds: every number of the world drawn, around what the scenario states, with the same patients.

World n (from 1) is a draw of all inputs and replication n of the streams of chance, so that a point of a design is one
year of a plausible world. Decisions and preferences stay as the scenario states them. The sources of the region's
tables are drawn too (`sim.world.moved`), and where the scenario asks for it how needs depend on the organisation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from sim.decide.sequence import points
from sim.decide.sources import OF_OWN, OF_SOURCE, SOURCES, source_of
from sim.errors import ScenarioError
from sim.language.nearest import did_you_mean
from sim.scenario.changes import is_idle
from sim.scenario.fields import leaves, value_of
from sim.scenario.plausible import Plausible, distribution, is_uncertain, together
from sim.scenario.ranges import FACTOR, MODELS, known_sources, range_problems, stated_needs, stated_ranges
from sim.scenario.schema import Scenario
from sim.settings import ACUTE_DEMAND_BOUNDS, ACUTE_DEMAND_RANGE
from sim.study.stages import make_stages
from sim.text import Text
from sim.world.demand import read_inputs
from sim.world.moved import table_sources

if TYPE_CHECKING:
    from sim.organisation import Organisation
    from sim.scenario.fields import Leaf
    from sim.world.moved import TableSource

Floats = NDArray[np.float64]

REST: Final = "demand.acute_mix.A3"  # what A1 and A2 leave, also where the scenario has stated it
DUMMY: Final = "dummy"  # drawn like an input and read by nobody: what chance alone looks like
SHARED: Final = (*(f"source.{source.name}" for source in SOURCES), DUMMY)


@dataclass(frozen=True, eq=False)
class PlausibleWorlds:
    """`scenario` with `count` draws of its uncertain inputs `laws` (by dotted key, in the order of declaration), of the
    factors `needs` on acute demand (by model), and of where in their ranges the sources `tables` of the region are."""

    scenario: Scenario
    laws: Mapping[str, Plausible]
    count: int
    needs: Mapping[str, Plausible] = field(default_factory=dict)
    tables: tuple[str, ...] = ()

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

    @cached_property
    def factors(self) -> Floats:
        """(count, models): the factors on acute demand."""
        names, seed = [needs_key(model) for model in self.needs], self.scenario.study.seed
        where = points(seed, names, self.count)
        columns = [[law.at(float(u)) for u in column] for law, column in zip(self.needs.values(), where.T, strict=True)]
        return np.array(columns).reshape(len(names), self.count).T

    @cached_property
    def places(self) -> Floats:
        """(count, sources of the region's tables): where in its range each is, 0 to 1."""
        return points(self.scenario.study.seed, self.tables, self.count)

    def moved(self, number: int) -> tuple[tuple[str, float], ...]:
        """Where the sources of the region's tables are in world `number`."""
        return tuple(zip(self.tables, self.places[number - 1].tolist(), strict=True))

    def organisations(self, number: int, made: Iterable[Organisation]) -> list[Organisation]:
        """The organisations in world `number`, which differ from those `made` where needs depend on them."""
        factors = dict(zip(self.needs, self.factors[number - 1].tolist(), strict=True))
        return [replace(item, acute_demand=factors.get(item.name, item.acute_demand)) for item in made]

    def changes(self, number: int) -> dict[str, float | None]:
        """What world `number` (from 1) changes in the scenario, for `with_changes`."""
        return _all_of(self.scenario, dict(zip(self.keys, self.values[number - 1].tolist(), strict=True)))

    def drawn(self, number: int) -> dict[str, float]:
        """All that is drawn of world `number`: the inputs, the factors on acute demand, where the region's tables are,
        then the draws of the sources and the dummy."""
        inputs = zip(self.keys, self.values[number - 1].tolist(), strict=True)
        factors = zip(map(needs_key, self.needs), self.factors[number - 1].tolist(), strict=True)
        shared = zip(SHARED, self.shared[number - 1].tolist(), strict=True)
        return dict(inputs) | dict(factors) | dict(self.moved(number)) | dict(shared)

    def world(self, number: int) -> Scenario:
        """The scenario in plausible world `number`."""
        return self.scenario.with_changes(self.changes(number))


def plausible_worlds(
    scenario: Scenario, count: int, organisations: Iterable[Organisation] = (), *, tables: bool = True
) -> PlausibleWorlds:
    """So many draws around what `scenario` states. Fewer are the first of more. `organisations` are those run; without
    `tables` the region's stay as they are. Raises ScenarioError, RegionError."""
    laws, needs = laws_of(scenario), needs_of(scenario, organisations)
    return PlausibleWorlds(scenario, laws, count, needs, tables_of(scenario) if tables else ())


def needs_key(model: str) -> str:
    """The name of a model's factor on acute demand, as a scenario writes it."""
    return f"{MODELS}.{model}.{FACTOR}"


def needs_of(scenario: Scenario, organisations: Iterable[Organisation]) -> dict[str, Plausible]:
    """The distribution of every factor on acute demand that the scenario asks to have drawn, by the name of an
    organisation, around the one in use. ScenarioError where that lies outside its range."""
    stated, found, problems = stated_needs(scenario.plausible), {}, []
    for item in organisations:
        if item.name not in stated:
            continue
        where, span = stated[item.name]
        used = item.acute_demand
        low, high = span or (used * ACUTE_DEMAND_RANGE[0], used * ACUTE_DEMAND_RANGE[1])
        if not low < used < high:
            message = _OUTSIDE.format(low=low, high=high, used=f"{used:g}")
            problems.append(scenario.places.problem(where, message))
        found[item.name] = Plausible(used, low, high, False, *ACUTE_DEMAND_BOUNDS)
    if problems:
        raise ScenarioError(problems)
    return found


def tables_of(scenario: Scenario) -> tuple[str, ...]:
    """The names of the sources in the region's tables that are drawn. ScenarioError for one said to be known that does
    not exist; RegionError."""
    there = [source.name for source in sources_of_tables(scenario)]
    known = known_sources(scenario)
    problems = [
        scenario.places.problem(where, _NO_SOURCE.format(name=name, hint=did_you_mean(name, there)), is_key=True)
        for name, where in known.items()
        if name not in there
    ]
    if problems:
        raise ScenarioError(problems)
    return tuple(name for name in there if name not in known)


def sources_of_tables(scenario: Scenario) -> tuple[TableSource, ...]:
    """Those of the scenario's region. Raises RegionError."""
    return table_sources(read_inputs(scenario, make_stages(scenario, ()).world))


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


_OUTSIDE: Final = Text(
    "modellens värde i bruk, {used}, ska ligga mellan låg och hög; fick {low} och {high}",
    "the model's value in use, {used}, must lie between low and high; got {low} and {high}",
)
_NO_SOURCE: Final = Text(
    "{name} är ingen källa i regionens tabeller; {hint}", "{name} is no source in the region's tables; {hint}"
)


def _odds(share: float) -> float:
    return share / (1.0 - share)
