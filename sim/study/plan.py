"""What is to be run: tasks, and the units of work in which one demand tape serves every model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from sim.study.stages import Stages


@dataclass(frozen=True)
class Task:
    """One model on one replication (numbered from 1) of one scenario (by name)."""

    scenario: str
    model: str
    replication: int


def plan(scenarios: Iterable[str], models: Iterable[str], replications: int) -> list[Task]:
    """Every combination, ordered by scenario, model (as given) and replication 1..n: the order of all results."""
    chosen = tuple(models)
    return [Task(s, m, r) for s in scenarios for m in chosen for r in range(1, replications + 1)]


@dataclass(frozen=True)
class Unit:
    """One replication of one scenario for some models: drawn once, run under each. Plain data that another process can
    be sent. `visits_folder` "": no visits."""

    scenario: str
    replication: int
    models: tuple[str, ...]
    stages: Stages = field(compare=False)
    visits_folder: str = ""

    @property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(Task(self.scenario, model, self.replication) for model in self.models)


def make_units(tasks: Iterable[Task], stages: Mapping[str, Stages], visits_folder: Path | None = None) -> list[Unit]:
    """Group tasks by scenario and replication, models in task order; units ordered by replication, then scenario as in
    `stages`, so that a study that is stopped has about as many replications of every scenario."""
    grouped: dict[tuple[int, str], list[str]] = {}
    for task in tasks:
        grouped.setdefault((task.replication, task.scenario), []).append(task.model)
    position = {name: number for number, name in enumerate(stages)}
    folder = str(visits_folder) if visits_folder else ""
    return [
        Unit(scenario, replication, tuple(models), stages[scenario], folder)
        for (replication, scenario), models in sorted(
            grouped.items(), key=lambda item: (item[0][0], position[item[0][1]])
        )
    ]
