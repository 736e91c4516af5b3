"""The manifest of a study: where its results come from, in plain data."""

from __future__ import annotations

import datetime as dt
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.comparison.sentences import sentences
from sim.study.plan import Task
from sim.study.provenance import git_state, versions
from sim.study.results import ModelInfo
from sim.study.run import TaskResult, UnitResult
from sim.study.stages import Stages
from sim.study.stages.hashing import file_sha256
from sim.study.standing import record
from sim.study.store import FORMAT
from sim.text import LANGUAGES, Text
from sim.version import __version__

if TYPE_CHECKING:
    from sim.comparison import Comparison
    from sim.comparison.standing import Standing
    from sim.measures import MeasureDefinition
    from sim.scenario import Scenario

_TOP = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Account:
    """What a study was asked for and what came of it, before it is written down. `units` as they were run."""

    name: str
    stages: Mapping[str, Stages]  # by scenario
    models: Mapping[str, ModelInfo]
    standings: Mapping[str, Mapping[str, Standing]]
    tasks: Sequence[Task]
    units: Sequence[UnitResult]
    interrupted: bool
    begun: dt.datetime

    @property
    def by_task(self) -> dict[Task, tuple[TaskResult, UnitResult]]:
        """What was run, by task."""
        return {result.task: (result, unit) for unit in self.units for result in unit.tasks}


def write_down(account: Account, comparison: Comparison | None) -> dict[str, Any]:
    """The manifest, but for the checksums of files."""
    by_task = account.by_task
    failed = any(result.error for result, _ in by_task.values())
    place = list(account.stages)
    scenarios = {key: stages.scenario for key, stages in account.stages.items()}
    findings = comparison.findings if comparison else ()
    titles = {key: model.title for key, model in account.models.items()}
    own = next(iter(account.stages.values())).own
    return {
        "format": FORMAT,
        "study": account.name,
        "status": "interrupted" if account.interrupted else "incomplete" if failed else "complete",
        "hembesok": __version__,
        "command": shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]) if sys.argv else "",
        "begun": account.begun.isoformat(timespec="seconds"),
        "seconds": round((dt.datetime.now(dt.UTC) - account.begun).total_seconds(), 1),
        "engine": next(iter(account.stages.values())).engine,
        "versions": versions(),
        "git": git_state(_TOP),
        "seeds": {key: scenario.study.seed for key, scenario in scenarios.items()},
        "scenarios": {key: _scenario_record(scenario) for key, scenario in scenarios.items()},
        "models": {key: model_record(model) for key, model in account.models.items()},
        "measures": [measure_record(item) for item in own],
        "standings": {
            key: {name: record(item) for name, item in known.items()} for key, known in account.standings.items()
        },
        "inputs": {key: dict(stages.world.checksums) for key, stages in account.stages.items()},
        "keys": {key: asdict(stages.keys) for key, stages in account.stages.items()},
        "replications": max(task.replication for task in account.tasks),
        "tapes": [
            {"scenario": u.scenario, "replication": u.replication, "sha256": u.tape_sha256, "requests": u.requests}
            for u in sorted(account.units, key=lambda u: (place.index(u.scenario), u.replication))
            if u.tape_sha256
        ],
        "tasks": [_task_record(task, by_task.get(task)) for task in account.tasks],
        "findings": [finding.record() for finding in findings],
        "verdicts": {lang: sentences(findings, titles, lang, own) for lang in LANGUAGES},
        "warnings": _said(comparison.warnings if comparison else ()),
        "notes": _said(comparison.notes if comparison else ()),
    }


def _said(texts: Sequence[Text]) -> dict[str, list[str]]:
    return {lang: [text.get(lang) for text in texts] for lang in LANGUAGES}


def model_record(model: ModelInfo) -> dict[str, Any]:
    """A model as it stands in the manifest."""
    return {
        "title": model.title._asdict(),
        "description": model.description._asdict(),
        "hours_per_week": model.hours_per_week,
        "n_physicians": model.n_physicians,
        "pools": [title._asdict() for title in model.pools],
        "model": model.model,
        "settings": dict(model.settings),
    }


def recorded_model(name: str, kept: Mapping[str, Any]) -> ModelInfo:
    """The model that `model_record` has written down. KeyError, TypeError or ValueError when it has not."""
    return ModelInfo(
        name,
        Text(**kept["title"]),
        Text(**kept["description"]),
        float(kept["hours_per_week"]),
        int(kept["n_physicians"]),
        tuple(Text(**title) for title in kept["pools"]),
        str(kept.get("model", "")),
        dict(kept.get("settings", {})),
    )


def measure_record(item: MeasureDefinition) -> dict[str, Any]:
    """What is said of a measure besides the program's: all but how it is made."""
    texts = {"title": item.title._asdict(), "formula": item.formula._asdict()}
    kept = ("name", "unit", "better", "practical", "split", "subject", "subject_class", "headline")
    return {name: getattr(item, name) for name in kept} | {"classes": list(item.classes)} | texts


def recorded_measure(kept: Mapping[str, Any]) -> MeasureDefinition:
    """The measure that `measure_record` has written down. KeyError, TypeError or ValueError when it has not."""
    from sim.measures import MeasureDefinition

    texts = {name: Text(**kept[name]) for name in ("title", "formula")}
    return MeasureDefinition(**{**kept, **texts, "classes": tuple(kept["classes"]), "made": None})


def recorded_scenario(kept: Mapping[str, Any]) -> Scenario:
    """The scenario of a record. KeyError, TypeError or ValueError when it is not one."""
    from sim.scenario import Scenario

    return Scenario.model_validate(kept["resolved"]).placed_at(Path(kept["file"]) if kept["file"] else None)


def _scenario_record(scenario: Scenario) -> dict[str, Any]:
    from sim.scenario import resolved

    file = scenario.file
    checksum = file_sha256(file) if file is not None and file.is_file() else None
    return {"file": str(file) if file else None, "sha256": checksum, "resolved": resolved(scenario)}


def _task_record(task: Task, found: tuple[TaskResult, UnitResult] | None) -> dict[str, Any]:
    record: dict[str, Any] = {"scenario": task.scenario, "model": task.model, "replication": task.replication}
    if found is None:
        return record | {"status": "not run"}
    result, unit = found
    record |= {"status": "failed" if result.error else "done", "seconds": round(result.seconds, 3)}
    record |= {"worker": unit.worker, "tape_sha256": unit.tape_sha256 or None}
    return record | ({"error": result.error} if result.error else {})
