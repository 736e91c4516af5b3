"""What a run takes as given: every number about the world with what is known of it, and how much of it is estimate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sim.scenario.changes import assumptions
from sim.scenario.fields import Quality
from sim.scenario.schema import Scenario
from sim.text import Text


class Input(NamedTuple):
    """A number that a run takes as given. `low` and `high` enclose what is plausible; None where no range is stated."""

    key: str
    title: Text
    value: float
    low: float | None
    high: float | None
    unit: str
    source: str
    quality: Quality


class EstimateShare(NamedTuple):
    """How many of `total` inputs are estimates: numbers that nobody has measured or published."""

    estimates: int
    total: int

    @property
    def share(self) -> float:
        """0 to 1; 0 when there are no inputs."""
        return self.estimates / self.total if self.total else 0.0


def field_inputs(scenario: Scenario) -> list[Input]:
    """The numbers that the fields of a scenario state, in their order; `assumptions` tells more of each."""
    return [
        Input(row.key, row.title, row.value, row.low, row.high, row.unit, row.source, row.quality)
        for row in assumptions(scenario)
    ]


def share_of_estimates(inputs: Iterable[Input]) -> EstimateShare:
    """Counted over `inputs`, each with the same weight."""
    qualities = [item.quality for item in inputs]
    return EstimateShare(qualities.count("estimate"), len(qualities))
