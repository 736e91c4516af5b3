"""Results: everything a study gave, as the report and a reader see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.comparison.sentences import sentences
from sim.text import LANGUAGES, Language, Text

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.comparison import Finding
    from sim.comparison.standing import Standing
    from sim.decide.robust import WideFinding
    from sim.measures import MeasureDefinition
    from sim.scenario import Scenario
    from sim.world.world import World


@dataclass(frozen=True)
class ModelInfo:
    """What a reader needs to know about a model: names, the physician-hours a week it was given, the `model` it is one
    of and all `settings` by dotted key (empty for an organisation made in Python)."""

    name: str
    title: Text
    description: Text
    hours_per_week: float
    n_physicians: int
    pools: tuple[Text, ...]
    model: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Results:
    """A study's results.

    `scenarios` by name; `models` by name in the order they are shown; `measures`, `curves`, `hours` as in
    `sim.measures`, each with scenario, model, replication in front; `comparison` as in comparison.csv; `findings`
    its headline measures, which readers say in words; `manifest` as stored; `world` of the first scenario;
    `warnings` come before all else; `standings` by scenario and model: their hours, and whether they keep up;
    `own` measures besides those of the program. `worlds` by scenario are its plausible worlds as in worlds.parquet,
    `wide` what they say of the headline measures, `information` what would be worth finding out, as in
    information.csv; `at_best` lays models at their best beside them (`sim.decide.at_best`).
    """

    name: str
    scenarios: dict[str, Scenario]
    models: dict[str, ModelInfo]
    measures: DataFrame
    curves: DataFrame
    hours: DataFrame
    comparison: DataFrame
    findings: tuple[Finding, ...]
    manifest: dict[str, Any]
    world: World
    warnings: tuple[Text, ...] = ()
    standings: Mapping[str, Mapping[str, Standing]] = field(default_factory=dict)
    own: tuple[MeasureDefinition, ...] = ()
    worlds: Mapping[str, DataFrame] = field(default_factory=dict)
    wide: tuple[WideFinding, ...] = ()
    information: DataFrame | None = None
    at_best: DataFrame | None = None

    def steady(self, model: str) -> bool:
        """Whether a model keeps up in every scenario, as far as is known."""
        return all(known[model].steady for known in self.standings.values() if model in known)

    @property
    def titles(self) -> dict[str, Text]:
        """The models' titles by name."""
        return {name: model.title for name, model in self.models.items()}

    @property
    def verdicts(self) -> dict[Language, list[str]]:
        """The findings in sentences, by language."""
        return {lang: sentences(self.findings, self.titles, lang, self.own) for lang in LANGUAGES}
