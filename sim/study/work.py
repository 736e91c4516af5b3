"""A study that is being done: what it was asked for, what its folder holds of that, what is missing, and its tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.study.loose import Loose, Place, key_of
from sim.study.manifest import measure_record
from sim.study.parquet import join_parquet
from sim.study.plan import Task, Unit, make_units, plan
from sim.study.profiles import Model, Profiles
from sim.study.reasons import MORE, reason
from sim.study.results import ModelInfo
from sim.study.run import UnitResult, visits_part
from sim.study.stages import Stages, comparison_key
from sim.study.stages.hashing import digest, plain
from sim.study.store import VISITS
from sim.study.stored import Facts, Stored
from sim.study.tables import Numbers, Words, chunk_frame, chunks, words_of, write_measures
from sim.study.wide import world_key
from sim.text import Text

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.organisation import Organisation


@dataclass(frozen=True)
class Asked:
    """Scenarios with their stages (the same models in each), how many replications, whether visits are written, in
    how many plausible worlds each scenario is run, and models at their best that the first is laid beside."""

    name: str
    stages: Mapping[str, Stages]
    replications: int
    visits: bool = False
    worlds: int = 0
    best: tuple[Organisation, ...] = ()

    @cached_property
    def tasks(self) -> list[Task]:
        """All of them, in the order of results."""
        return plan(self.stages, self.models, self.replications)

    @property
    def models(self) -> list[str]:
        """By name, in the order in which they are shown."""
        return list(next(iter(self.stages.values())).organisations)

    def key(self, task: Task) -> str:
        """The key of a task's measures."""
        return self.stages[task.scenario].keys.measures(task.model, task.replication)

    def published(self) -> str:
        """What tells this study, with its words and its verdicts, from any other."""
        from sim.scenario import resolved

        parts = []
        for name, stages in self.stages.items():
            pairs = [(task.model, task.replication) for task in self.tasks if task.scenario == name]
            titles = {key: list(item.title) for key, item in stages.organisations.items()}
            words = [[plain(item.title), plain(item.description)] for item in stages.organisations.values()]
            said = json.dumps(resolved(stages.scenario), sort_keys=True, default=str)
            parts.append([name, comparison_key(stages.scenario, stages.keys, pairs, titles), words, said])
        own = [measure_record(item) for item in next(iter(self.stages.values())).own]
        worlds = [world_key(stages, self.worlds) for stages in self.stages.values()] if self.worlds else []
        best = [plain(item) for item in self.best]
        return digest(self.name, self.visits, worlds, best, parts, own)


@dataclass
class Work:
    """`kept`: tasks whose results the folder's study holds; `places`: those in a record; `failed`: those that did."""

    asked: Asked
    stored: Stored
    loose: Loose
    kept: dict[Task, Facts] = field(default_factory=dict)
    places: dict[Task, Place] = field(default_factory=dict)
    failed: dict[Task, Facts] = field(default_factory=dict)

    # --- what there is -----------------------------------------------------------------------------

    def missing(self, visits: Path | None = None) -> list[Unit]:
        """The units that are to be run, each with the models it lacks."""
        left = [task for task in self.asked.tasks if task not in self.kept and task not in self.places]
        return make_units(left, self.asked.stages, visits)

    def reasons(self) -> dict[tuple[str, str], Text]:
        """By scenario and model, why there is something to run; for those where there is."""
        found: dict[tuple[str, str], Text] = {}
        for task in self.asked.tasks:
            pair = (task.scenario, task.model)
            if pair not in found and task not in self.kept and task not in self.places:
                begun = any((place.scenario, place.model) == pair for place in self.places)
                why = reason(self.stored.manifest, task.scenario, self.asked.stages[task.scenario], task.model)
                found[pair] = MORE if begun else why
        return found

    @property
    def is_done(self) -> bool:
        """Whether the folder's study is this one, whole, with the same words and verdicts."""
        manifest = self.stored.manifest
        return (
            self.stored.is_complete
            and len(self.kept) == len(self.asked.tasks)
            and manifest is not None
            and manifest["published"] == self.asked.published()
        )

    @property
    def facts(self) -> dict[Task, Facts]:
        """Of all tasks that ended."""
        loose = {
            task: Facts(place.key, place.seconds, place.worker, place.tape_sha256, place.requests)
            for task, place in self.places.items()
        }
        return {**self.kept, **loose, **self.failed}

    def take(self, unit: Unit, result: UnitResult) -> None:
        """Put away what a unit gave. Raises OSError."""
        others = (Task(unit.scenario, model, unit.replication) for model in self.asked.models)
        before = {task: self.places[task] for task in others if task in self.places}
        self.places |= self.loose.put(unit, result, before)
        for one in result.tasks:
            if one.error:
                key = key_of(unit, one.task)
                self.failed[one.task] = Facts(
                    key, one.seconds, result.worker, result.tape_sha256, result.requests, one.error
                )

    # --- its tables --------------------------------------------------------------------------------

    def write(self, stage: Path, parts: Path) -> dict[str, DataFrame]:
        """Write the measures to `stage`, and give back curves and hours. Raises OSError, ResultsError."""
        models = list(dict.fromkeys((task.scenario, task.model) for task in self.kept))
        profiles = self.stored.profiles(models) if models else Profiles({}, {})
        write_measures(self._frames(profiles), stage / "measures.parquet", parts)
        order = dict.fromkeys((task.scenario, task.model) for task in self.asked.tasks)
        ordered = Profiles(*(_in_order(held, order) for held in (profiles.curves, profiles.hours)))
        return ordered.tables()

    def write_visits(self, stage: Path, parts: Path) -> None:
        """Join what workers have left of visits. Raises OSError."""
        paths = [path for task in self.asked.tasks if (path := visits_part(parts, task)).exists()]
        if paths:
            join_parquet(paths, stage / VISITS)

    def _frames(self, profiles: Profiles) -> Iterator[DataFrame]:
        """The measures, chunk by chunk; curves and hours of the records are added up on the way."""
        ended = [task for task in self.asked.tasks if task in self.kept or task in self.places]
        for scenario, first, tasks in chunks(ended):
            held: Mapping[Task, Numbers] = {}
            words: Words = {}
            if any(task in self.kept for task in tasks):
                held, words = self.stored.numbers(scenario, first)
            numbers = []
            loose = self.loose.entries(self.places[task] for task in tasks if task in self.places)
            for task in tasks:
                if task in self.kept:
                    numbers.append(held[task])
                    continue
                found = loose[self.places[task]].measures
                words = words or words_of(found)
                profiles.add((scenario, task.model), found)
                numbers.append(Numbers(found.values, found.counts))
            yield chunk_frame(tasks, numbers, words)


def look(asked: Asked, stored: Stored, loose: Loose) -> Work:
    """What there is of a study. One that its folder holds more replications of is asked for with as many. Raises
    ResultsError."""
    same = _same(asked, stored)
    most = max((task.replication for task in same), default=0)
    if most > asked.replications and not asked.visits:
        asked = replace(asked, replications=most)
    work = Work(asked, stored, loose)
    wanted = set(asked.tasks)
    kept = {task: facts for task, facts in same.items() if task in wanted}
    if asked.visits and not (stored.has_visits and len(kept) == len(wanted)):
        return work
    work.kept = kept
    work.places = loose.find(work.missing())
    return work


def _same(asked: Asked, stored: Stored) -> dict[Task, Facts]:
    """The tasks of a stored study that are the same as they would be now, of the models all of whose tasks are."""
    pairs = {(name, model) for name in asked.stages for model in asked.models}
    found = {task: facts for task, facts in stored.tasks.items() if (task.scenario, task.model) in pairs}
    other = {(task.scenario, task.model) for task, facts in found.items() if facts.key != asked.key(task)}
    return {task: facts for task, facts in found.items() if (task.scenario, task.model) not in other}


def models_of(stages: Stages) -> dict[str, ModelInfo]:
    """What a reader needs to know of each model."""
    found = {}
    for name, organisation in stages.organisations.items():
        tables = stages.tables(name)
        found[name] = ModelInfo(
            name,
            organisation.title,
            organisation.description,
            tables.hours_per_week,
            tables.n_physicians,
            tuple(tables.pool_titles),
            organisation.model,
            dict(organisation.settings),
        )
    return found


def facts_of(units: Mapping[Unit, UnitResult]) -> dict[Task, Facts]:
    """What is known of tasks whose results are not stored."""
    return {
        one.task: Facts(key_of(unit, one.task), one.seconds, r.worker, r.tape_sha256, r.requests, one.error)
        for unit, r in units.items()
        for one in r.tasks
    }


def _in_order(held: dict[Model, Any], order: Mapping[Model, None]) -> dict[Model, Any]:
    return {model: held[model] for model in order if model in held}
