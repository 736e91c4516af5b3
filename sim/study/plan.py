"""What is to be run: tasks, and the units of work in which one demand tape serves every model."""

from __future__ import annotations

import hashlib
import json
import pickle
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from pathlib import Path

    from sim.organisation import Organisation
    from sim.scenario import Scenario


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
class ModelSource:
    """How a worker gets an organisation: by name through `finder` ("module:function"), or unpickled."""

    name: str
    finder: str = ""
    pickled: bytes = b""

    @staticmethod
    def of(organisation: Organisation, finder: str = "") -> ModelSource:
        """By name when there is a finder, else pickled. Raises pickle errors when that is impossible."""
        if finder:
            return ModelSource(organisation.name, finder)
        return ModelSource(organisation.name, pickled=pickle.dumps(organisation))

    def load(self) -> Organisation:
        if not self.finder:
            return cast("Organisation", pickle.loads(self.pickled))
        module, _, function = self.finder.partition(":")
        return cast("Organisation", getattr(import_module(module), function)(self.name))


@dataclass(frozen=True)
class Setup:
    """What a process needs once to build a scenario's world and tables; equal when `key` is equal."""

    key: str
    name: str = field(compare=False)
    scenario: Scenario = field(compare=False)
    sources: tuple[ModelSource, ...] = field(compare=False)
    engine: str = field(compare=False)


def make_setup(
    name: str, scenario: Scenario, organisations: Sequence[Organisation], *, engine: str, finder: str = ""
) -> Setup:
    """A setup whose key is a hash of all that decides its world and tables."""
    from sim.scenario import resolved

    parts = [json.dumps(resolved(scenario), sort_keys=True, default=str), str(scenario.folder), engine, finder]
    parts += [repr(organisation) for organisation in organisations]
    key = hashlib.sha256("\n".join([name, *parts]).encode()).hexdigest()
    sources = tuple(ModelSource.of(organisation, finder) for organisation in organisations)
    return Setup(key, name, scenario, sources, engine)


@dataclass(frozen=True)
class Unit:
    """One replication of one scenario for some models: drawn once, run under each. `visits_folder` "": no visits."""

    setup: Setup
    replication: int
    models: tuple[str, ...]
    visits_folder: str = ""

    @property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(Task(self.setup.name, model, self.replication) for model in self.models)


def make_units(tasks: Iterable[Task], setups: Iterable[Setup], visits_folder: Path | None = None) -> list[Unit]:
    """Group tasks by scenario and replication, models in task order; units ordered by replication, then scenario, so
    that a study that is stopped has about as many replications of every scenario."""
    by_name = {setup.name: setup for setup in setups}
    grouped: dict[tuple[int, str], list[str]] = {}
    for task in tasks:
        grouped.setdefault((task.replication, task.scenario), []).append(task.model)
    position = {name: number for number, name in enumerate(by_name)}
    folder = str(visits_folder) if visits_folder else ""
    return [
        Unit(by_name[scenario], replication, tuple(models), folder)
        for (replication, scenario), models in sorted(
            grouped.items(), key=lambda item: (item[0][0], position[item[0][1]])
        )
    ]


_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


def is_safe_name(name: str) -> bool:
    """True for a name that is a plain file name on every system: letters, digits, - _ and inner dots."""
    shape = re.fullmatch(r"[^\W_](?:[\w.-]{0,78}[\w-])?", name)
    return shape is not None and _RESERVED.match(name) is None


def safe_name(text: str) -> str:
    """A file name like `text`: every other run of characters becomes one `_`; never empty."""
    name = re.sub(r"[^\w.-]+", "_", text).strip("._-")[:80].rstrip("._-")
    return f"study_{name}" if _RESERVED.match(name) else name or "study"
