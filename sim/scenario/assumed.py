"""What a run takes as given: every number with its kind and what is known of it, and how many are estimates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sim.scenario.changes import assumptions
from sim.scenario.fields import Kind, Quality
from sim.scenario.schema import Scenario
from sim.text import Text


class Input(NamedTuple):
    """A number that a run takes as given. `low` and `high` are a central 90 % interval of a number of the world, what
    is worth trying of a decision, what one may reasonably want of a preference; None where no range is stated."""

    key: str
    title: Text
    value: float
    low: float | None
    high: float | None
    unit: str
    source: str
    quality: Quality
    kind: Kind = "world"
    default: float | None = None

    @property
    def changed(self) -> bool:
        """Whether the value differs from the default of its field."""
        return self.default is not None and self.value != self.default

    @property
    def outside(self) -> bool:
        """Whether a value of the world lies outside its range."""
        if self.kind != "world" or self.low is None or self.high is None:
            return False
        return not self.low <= self.value <= self.high


class EstimateShare(NamedTuple):
    """How many of the `total` numbers of the world are estimates: numbers that nobody has measured or published."""

    estimates: int
    total: int

    @property
    def share(self) -> float:
        """0 to 1; 0 when there are no inputs."""
        return self.estimates / self.total if self.total else 0.0


def field_inputs(scenario: Scenario) -> list[Input]:
    """The numbers that the fields of a scenario state, in their order; `assumptions` tells more of each."""
    return [
        Input(
            row.key, row.title, row.value, row.low, row.high, row.unit, row.source, row.quality, row.kind, row.default
        )
        for row in assumptions(scenario)
    ]


def share_of_estimates(inputs: Iterable[Input]) -> EstimateShare:
    """Counted over those of `inputs` that are of the world, each with the same weight."""
    qualities = [item.quality for item in inputs if item.kind == "world"]
    return EstimateShare(qualities.count("estimate"), len(qualities))
