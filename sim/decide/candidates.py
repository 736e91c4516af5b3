"""Candidates: models with settings, each run on the same years, so that two differ by their settings alone."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.decide.space import plain
from sim.errors import OrganisationError, ScenarioError
from sim.scenario.editing import edited
from sim.study.stages import Draw, Kept, make_stages
from sim.study.stages.hashing import digest
from sim.study.stages.kept import MIB, Room

if TYPE_CHECKING:
    from sim.decide.aims import Aim
    from sim.declared import Variant
    from sim.organisation import Organisation
    from sim.scenario import Scenario
    from sim.study.stages import Stages

Floats = NDArray[np.float64]
Values = Mapping["Aim", Floats]  # (years,) by aim
HELD: Final = 32  # years, of some 11 MB each
# What comes of a run is held as the few figures that are read of it, and the tapes are held: no room for those here.
ROOM: Final = {
    "world": Room(8 * MIB, 2),
    "demand": Room(8 * MIB, 2),
    "proof": Room(MIB),
    "tables": Room(0, 16),
    "layout": Room(0, 16),
}


def with_settings(variant: Variant, choice: Mapping[str, Any]) -> Organisation:
    """The variant's organisation with some settings, by dotted key, otherwise. Raises OrganisationError."""
    settings = edited(variant.settings, {key: plain(value) for key, value in choice.items()})
    return replace(variant, settings=settings).organisation()


@dataclass(eq=False)
class Bench:
    """Runs organisations on years of one scenario; a year is a replication, and the latest are held: as many as are
    asked for at once, or `HELD`. `aims` are what is read of each run; `jobs` threads run the years side by side."""

    scenario: Scenario
    aims: tuple[Aim, ...]
    jobs: int = 1
    kept: Kept = field(default_factory=lambda: Kept(ROOM))
    _draws: OrderedDict[int, Draw] = field(default_factory=OrderedDict)
    _most: int = HELD
    _found: dict[str, tuple[float, ...]] = field(default_factory=dict)

    def values(
        self, organisation: Organisation, years: Sequence[int], changes: Mapping[str, Any] | None = None
    ) -> Values:
        """What the organisation comes to in each of `years`, by aim; `changes` of the scenario change no patient.
        Raises OrganisationError when it cannot be run."""
        stages = self._stages(organisation, years, changes)
        self._most = max(self._most, len(years))

        def one(year: int) -> tuple[float, ...]:
            key = stages[year].keys.measures(organisation.name, self.number(year))
            if key not in self._found:
                measures = stages[year].measures(organisation.name, self._draw(year, organisation))
                self._found[key] = tuple(aim.of(measures) for aim in self.aims)
            return self._found[key]

        with ThreadPoolExecutor(max(1, min(self.jobs, len(years)))) as pool:
            rows = np.array(list(pool.map(one, years)), dtype=np.float64).reshape(len(years), len(self.aims))
        return dict(zip(self.aims, rows.T, strict=True))

    def key(self, organisation: Organisation, years: Sequence[int]) -> str:
        """What the outcome depends on, as text."""
        stages = self._stages(organisation, years, None)
        return digest(*(stages[year].keys.measures(organisation.name, self.number(year)) for year in years))

    def number(self, year: int) -> int:
        """The replication that a year is."""
        return year

    def can_run(self, organisation: Organisation, changes: Mapping[str, Any] | None = None) -> bool:
        """Whether the organisation can be compiled."""
        try:
            self._stages(organisation, [1], changes)
        except (OrganisationError, ScenarioError):
            return False
        return True

    def _stages(
        self, organisation: Organisation, years: Sequence[int], changes: Mapping[str, Any] | None
    ) -> Mapping[int, Stages]:
        """By year, with the organisation compiled: here all years are of one scenario."""
        scenario = self.scenario.with_changes(changes) if changes else self.scenario
        stages = make_stages(scenario, [organisation], kept=self.kept)
        stages.layout(organisation.name)
        return dict.fromkeys(years, stages)

    def _draw(self, year: int, organisation: Organisation) -> Draw:
        """A year with its tape, drawn anew where it is no longer held; with the acute demand of `organisation`."""
        found = self._draws.get(year)
        if found is None:
            found = self._drawn(year, organisation)
            _ = found.tape
            self._draws[year] = found
            while len(self._draws) > self._most:
                self._draws.popitem(last=False)
        return found

    def _drawn(self, year: int, organisation: Organisation) -> Draw:
        return make_stages(self.scenario, [organisation], kept=self.kept).draw(self.number(year))
