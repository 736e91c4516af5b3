"""The manifest of a study: where its results come from, in plain data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.comparison.sentences import sentences
from sim.comparison.trust import trust_records
from sim.study.places import command_line, found_again, shown_path, without_places
from sim.study.plan import Task
from sim.study.provenance import git_state, versions
from sim.study.reasons import origins
from sim.study.results import ModelInfo
from sim.study.stages import Stages
from sim.study.stages.hashing import file_sha256
from sim.study.standing import balance_key, long_run, record
from sim.study.store import FORMAT
from sim.study.stored import Facts
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
    """What a study was asked for and what came of it, before it is written down: `facts` of the tasks that ended;
    `published`, what tells this study from any other."""

    name: str
    stages: Mapping[str, Stages]  # by scenario
    models: Mapping[str, ModelInfo]
    standings: Mapping[str, Mapping[str, Standing]]
    tasks: Sequence[Task]
    facts: Mapping[Task, Facts]
    interrupted: bool
    begun: dt.datetime
    published: str


def write_down(account: Account, comparison: Comparison | None) -> dict[str, Any]:
    """The manifest, but for the checksums of files."""
    failed = any(facts.error for facts in account.facts.values())
    scenarios = {key: stages.scenario for key, stages in account.stages.items()}
    findings = comparison.findings if comparison else ()
    titles = {key: model.title for key, model in account.models.items()}
    own = next(iter(account.stages.values())).own
    return {
        "format": FORMAT,
        "study": account.name,
        "status": "interrupted" if account.interrupted else "incomplete" if failed else "complete",
        "hembesok": __version__,
        "published": account.published,
        "command": command_line(),
        "begun": account.begun.isoformat(timespec="seconds"),
        "seconds": round((dt.datetime.now(dt.UTC) - account.begun).total_seconds(), 1),
        "engine": next(iter(account.stages.values())).engine,
        "versions": versions(),
        "git": git_state(_TOP),
        "seeds": {key: scenario.study.seed for key, scenario in scenarios.items()},
        "scenarios": {key: _scenario_record(scenario) for key, scenario in scenarios.items()},
        "models": {key: model_record(model) for key, model in account.models.items()},
        "measures": [measure_record(item) for item in own],
        "standings": {key: _standing_records(account.stages[key], known) for key, known in account.standings.items()},
        "inputs": {key: dict(stages.world.checksums) for key, stages in account.stages.items()},
        "keys": {key: asdict(stages.keys) for key, stages in account.stages.items()},
        "replications": max(task.replication for task in account.tasks),
        "origins": {key: origins(stages) for key, stages in account.stages.items()},
        "tapes": _tapes(account),
        "tasks": [_task_record(task, account.facts.get(task)) for task in account.tasks],
        "trust": trust_records(comparison.frame, scenarios, account.standings) if comparison else {},
        "findings": [finding.record() for finding in findings],
        "verdicts": {lang: sentences(findings, titles, lang, own) for lang in LANGUAGES},
        "warnings": _said(comparison.warnings if comparison else ()),
        "notes": _said(comparison.notes if comparison else ()),
    }


def _standing_records(stages: Stages, known: Mapping[str, Standing]) -> dict[str, Any]:
    """Each with the key of its balance, so that it is not run again."""
    longer = long_run(stages) if any(item.balance for item in known.values()) else None
    return {
        name: record(item) | ({"key": balance_key(longer, name)} if longer and item.balance else {})
        for name, item in known.items()
    }


def _tapes(account: Account) -> list[dict[str, Any]]:
    """One a replication, scenario by scenario."""
    place = list(account.stages)
    found = {
        (place.index(task.scenario), task.replication): facts
        for task, facts in account.facts.items()
        if facts.tape_sha256
    }
    return [
        {"scenario": place[at], "replication": replication, "sha256": facts.tape_sha256, "requests": facts.requests}
        for (at, replication), facts in sorted(found.items(), key=lambda item: item[0])
    ]


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


def recorded_scenario(kept: Mapping[str, Any], folder: Path) -> Scenario:
    """The scenario of a record in a study's folder. KeyError, TypeError or ValueError when it is not one."""
    from sim.scenario import Scenario

    file = str(kept["file"] or "")
    return Scenario.model_validate(kept["resolved"]).placed_at(found_again(file, folder) if file else None)


def _scenario_record(scenario: Scenario) -> dict[str, Any]:
    from sim.scenario import resolved

    file = scenario.file
    checksum = file_sha256(file) if file is not None and file.is_file() else None
    return {"file": shown_path(file) if file else None, "sha256": checksum, "resolved": resolved(scenario)}


def _task_record(task: Task, facts: Facts | None) -> dict[str, Any]:
    record: dict[str, Any] = {"scenario": task.scenario, "model": task.model, "replication": task.replication}
    if facts is None:
        return record | {"status": "not run"}
    record |= {"status": "failed" if facts.error else "done", "seconds": round(facts.seconds, 3)}
    record |= {"worker": facts.worker, "tape_sha256": facts.tape_sha256 or None}
    return record | ({"error": without_places(facts.error)} if facts.error else {"key": facts.key})
