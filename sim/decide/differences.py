"""The differences between models where the world is changed: the same years, and so the same patients, in every row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.decide.plausible import DUMMY, SHARED, Floats, changes_at, laws_of
from sim.decide.sources import source_of
from sim.decide.worlds import ROOM
from sim.study.stages import Kept, make_stages

if TYPE_CHECKING:
    from sim.decide.aims import Aim
    from sim.decide.indices import Design
    from sim.organisation import Organisation
    from sim.scenario import Scenario
    from sim.scenario.plausible import Plausible


@dataclass(frozen=True, eq=False)
class ModelDifferences:
    """Model - `reference` in a measure, of every one of `organisations` (by name, in their order; the reference's own
    is 0), over `years` (replications)."""

    scenario: Scenario
    organisations: Mapping[str, Organisation]
    reference: str
    aim: Aim
    years: Sequence[int]
    kept: Kept = field(default_factory=lambda: Kept(ROOM))

    @cached_property
    def laws(self) -> dict[str, Plausible]:
        """The distribution of every uncertain input."""
        return laws_of(self.scenario)

    @cached_property
    def factors(self) -> tuple[str, ...]:
        """All that a row can move: inputs, sources that they come from, and the dummy that nothing reads."""
        sources = {f"source.{source.name}" for source in map(source_of, self.laws) if source is not None}
        return (*self.laws, *(name for name in SHARED if name in sources), DUMMY)

    def by_year(self, changes: Mapping[str, Any]) -> Floats:
        """(years, models): where the scenario is changed so."""
        stages = make_stages(self.scenario.with_changes(changes), self.organisations.values(), kept=self.kept)
        rows = []
        for year in self.years:
            draw = stages.draw(year)
            values = {name: self.aim.of(stages.measures(name, draw)) for name in self.organisations}
            rows.append([values[name] - values[self.reference] for name in self.organisations])
        return np.array(rows)

    def at(self, uniforms: Mapping[str, float]) -> Floats:
        """(models,): the mean over the years in the plausible world where each factor named lies there in its
        distribution and the others are as the scenario states them."""
        found = self.by_year(changes_at(self.scenario, self.laws, uniforms))
        with np.errstate(invalid="ignore"):  # a measure may be infinite, now for the one and now for the other
            return np.asarray(found.mean(axis=0))

    def of(self, design: Design, jobs: int = 1, on_row: Callable[[], None] = lambda: None) -> Floats:
        """(rows, models): every row of a design, on `jobs` threads. `on_row` is told of each when it is done."""

        def one(row: Floats) -> Floats:
            found = self.at(dict(zip(design.keys, row.tolist(), strict=True)))
            on_row()
            return found

        with ThreadPoolExecutor(max(1, jobs)) as pool:
            running = [pool.submit(one, row) for row in design.rows]
            try:
                return np.array([future.result() for future in running])
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
