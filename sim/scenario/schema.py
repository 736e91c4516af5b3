"""The Scenario: everything a user may state, group by group."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import PrivateAttr

from sim.scenario.classes import Classes
from sim.scenario.demand import Demand
from sim.scenario.editing import edited
from sim.scenario.fields import Name, Part, Words, group, setting
from sim.scenario.places import Places
from sim.scenario.practical import ComparisonPart
from sim.scenario.prices import Costs
from sim.scenario.resources import OrganisationPart, Staffing, Travel
from sim.scenario.runs import Calendar, Study
from sim.scenario.stated import ModelSettings, Ranges, Stated


class Scenario(Part):
    """Everything that was asked for. `Scenario()` is the default; a file states what differs."""

    title: Words = group(Words(), "titel", "title")
    """What the scenario is called in reports."""
    question: Words = group(Words(), "fråga", "question")
    """The question it answers, in a sentence."""
    region: Name = setting("halland", "region", "region")
    """The region: a folder that comes with the program (halland), or the path of a folder relative to this file."""
    calendar: Calendar = group(Calendar(), "kalender", "calendar")
    """When the run takes place."""
    study: Study = group(Study(), "studie", "study")
    """How the experiment is run."""
    models: ModelSettings = setting(Stated(), "modellernas inställningar", "settings of the models")
    """Settings of the models, and variants of them beside them (from: a model). docs/settings.md lists them all."""
    demand: Demand = group(Demand(), "efterfrågan", "demand")
    """How much is asked for, by whom."""
    classes: Classes = group(Classes(), "klasser av ärenden", "classes of request")
    """What each class of request is promised and what it takes."""
    travel: Travel = group(Travel(), "resor", "travel")
    """How travel is found."""
    staffing: Staffing = group(Staffing(), "bemanning", "staffing")
    """What every model gets to work with."""
    organisation: OrganisationPart = group(OrganisationPart(), "organisation", "organisation")
    """Choices that cut across the models."""
    costs: Costs = group(Costs(), "kostnader", "costs")
    """What things cost, and what they take from the region and the municipalities."""
    comparison: ComparisonPart = group(ComparisonPart(), "jämförelse", "comparison")
    """How models are compared."""
    plausible: Ranges = setting(Stated(), "tänkbara spann", "plausible ranges")
    """Other ranges for numbers of the world, by dotted key: [low, high] is a central 90 % interval around the value in
    use, known means that it is not drawn. What is not named here has the range of its default, moved to the value.
    models.NAME.acute_demand_factor is drawn only where it is named: drawn, or [low, high]. A source in the region's
    tables, such as region.profiles.acute.month, may be known."""

    _file: Path | None = PrivateAttr(default=None)
    _places: Places = PrivateAttr(default=Places())

    @property
    def file(self) -> Path | None:
        """The file it was read from, if any."""
        return self._file

    @property
    def folder(self) -> Path | None:
        """The folder that relative paths start from: where the file was; None for a scenario made in Python."""
        return None if self._file is None else self._file.parent

    @property
    def places(self) -> Places:
        """Where its files state what they state: for what can only be checked with models and tables at hand."""
        return self._places

    def placed_at(self, file: Path | None, places: Places | None = None) -> Self:
        """The same scenario, read from `file`."""
        twin = self.model_copy()
        twin._file, twin._places = file, places or Places()
        return twin

    def with_changes(self, changes: Mapping[str, Any]) -> Scenario:
        """A new scenario with dotted keys set, such as {"demand.scale": 1.1}; ScenarioError if that is not valid."""
        changed = [tuple(str(key).split(".")) for key in changes]
        return edited(self, changes).placed_at(self.file, self._places.without(changed))
