"""A batch, from what is asked to what is stored: what is missing of each scenario, one pool of workers for all of it,
each scenario's study in a folder of its own, and the overview."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sim.batch.answers import FILE, answers
from sim.batch.cases import Case, Cases
from sim.batch.excel import write_comparisons, write_overview
from sim.batch.overview import Overview, drawn_in, overview_of
from sim.batch.pages import Pages
from sim.comparison.standing import Standing
from sim.errors import OrganisationError, ResultsError
from sim.measures.rows import Own
from sim.report import write_front
from sim.study import store
from sim.study.executors import default_jobs
from sim.study.folder import MANIFEST, WRITING, manifest_of, part_of, publish, writing
from sim.study.loose import Loose
from sim.study.places import command_line
from sim.study.plan import Task, Unit
from sim.study.provenance import versions
from sim.study.run import UnitResult
from sim.study.running import run_units
from sim.study.signals import held_back
from sim.study.stages import Kept, make_stages
from sim.study.stages.hashing import digest
from sim.study.stages.kept import ROOM, Room
from sim.study.stored import Facts, open_stored
from sim.study.study import Told, check, standings_in, tables_in, with_reference
from sim.study.wide import Wide, wide_of
from sim.study.work import Asked, Work, look
from sim.text import LANGUAGES, Text
from sim.version import __version__

BATCH: Final = "batch"  # the kind of a manifest
FILES: Final = ("overview.csv", "overview_excel.csv", "index.html", FILE, MANIFEST)
_AT_A_TIME: Final = 16  # replications of a scenario in a row: what they share is made once for all of them
# What a scenario's replications share is held for those in hand only, however many scenarios there are: it is made
# again in the time of one replication. No run is asked for twice.
_ROOM: Final = {
    **ROOM, "world": Room(0, 4), "demand": Room(0, 4), "tape": Room(0, 1), "tables": Room(0, 8), "layout": Room(0, 8),
    "sums": Room(0),
}  # fmt: skip
_COMPARED: Final = "\"window\" = 'all' AND \"group\" = 'all'"


@dataclass(frozen=True)
class Options:
    """How a batch is run. `replications` None: each scenario's own number; `worlds`: plausible ones of each scenario;
    `jobs` None: one a core; `executor` None: workers of this machine; `pages`: whether pages are drawn."""

    replications: int | None = None
    worlds: int = 0
    jobs: int | None = None
    engine: str = "compiled"
    executor: Executor | None = None
    own: Own = ()
    lang: str = "sv"
    png: bool = False
    pages: bool = True


@dataclass(frozen=True)
class Outcome:
    """What came of a batch. `ran`: tasks that were run; `failed`: those that did, with what is known of them;
    `overview` None: nothing has changed in it, or it was not made."""

    status: str
    ran: int
    failed: Mapping[Task, Facts] = field(default_factory=dict)
    overview: Overview | None = None


def prepare(cases: Cases, out: Path, options: Options) -> dict[str, Work]:
    """What there is of every scenario and what is missing, by name. Raises RegionError, OrganisationError; ResultsError
    for a folder that a newer version has written."""
    kind = (manifest_of(out) or {"kind": BATCH}).get("kind")
    if kind != BATCH:
        raise ResultsError(_A_STUDY.format(folder=out))
    loose, kept = Loose(out, own=options.own), Kept(_ROOM)
    return {case.name: _work(case, out, options, loose, kept) for case in cases.cases}


def _work(case: Case, out: Path, options: Options, loose: Loose, kept: Kept) -> Work:
    scenario = with_reference(case.scenario, case.organisations)
    stages = make_stages(scenario, case.organisations, options.engine, kept=kept, own=options.own)
    asked = Asked(
        case.name, {case.name: stages}, options.replications or scenario.study.replications, worlds=options.worlds
    )
    return look(asked, open_stored(out / case.name), loose)


def run_batch(cases: Cases, out: Path, options: Options, told: Told | None = None) -> Outcome:
    """Run what is missing of every scenario and write what came out. What is finished is found again by the same
    command, whatever has stopped it.

    Raises RegionError, OrganisationError before anything is run; ResultsError when `out` holds files that no batch
    made, or another run is writing there; OSError when it cannot be written. What is finished is kept then too.
    """
    told = told or Told()
    jobs, begun = options.jobs or default_jobs(), dt.datetime.now(dt.UTC)
    with writing(out, FILES) as stage:
        works = prepare(cases, out, options)
        _announce(out)
        faults = [text for work in works.values() for text in work.stored.faults]
        for text in (*faults, *_loose(works).faults, *reasons(works)):
            told.note(text)
        undone = {name: work for name, work in works.items() if not work.is_done}
        check_all(undone)
        standings = {}
        for name, work in undone.items():
            standings[name] = standings_in(work, jobs)
        units = [unit for work in undone.values() for unit in work.missing()]
        units.sort(key=lambda unit: (unit.replication - 1) // _AT_A_TIME)  # stopped, it has about as many of each
        ran = sum(len(unit.models) for unit in units)
        told.begin(len(units))

        def end(unit: Unit, result: UnitResult) -> None:
            works[unit.scenario].take(unit, result)
            told.result(result)

        if run_units(units, options.executor, jobs, end):
            return _stopped(works, ran, told)
        with Pages(min(jobs, len(works)), options.lang, png=options.png) as pages:
            for number, (name, work) in enumerate(undone.items(), 1):
                told.note(_WRITING.format(name=name, number=number, of=len(undone)))
                wide, stopped = wide_of(work.asked, work.stored, jobs, told.worlds, work.loose)
                if stopped:
                    return _stopped(works, ran, told)
                with held_back():
                    _publish(work, out / name, standings[name][name], wide, begun, options.lang)
                if options.pages:
                    pages.ask([out / name])
            if options.pages:
                pages.ask(out / name for name in works)
            pages.finish(told.note)
        failed = _failed(works)
        write_comparisons([out / name for name in works], options.lang)
        overview = _front(cases, works, out, stage, options, begun, failed)
        if not failed:
            _loose(works).clear()
    return Outcome("incomplete" if failed else "complete", ran, failed, overview)


def _stopped(works: Mapping[str, Work], ran: int, told: Told) -> Outcome:
    told.note(_KEPT.format(done=sum(len(work.places) + len(work.kept) for work in works.values())))
    return Outcome("interrupted", ran, _failed(works))


def reasons(works: Mapping[str, Work]) -> list[Text]:
    """What is computed of scenarios that the batch holds, and why: each reason with its models and scenarios."""
    found: dict[tuple[Text, str], list[str]] = {}
    for name, work in works.items():
        if work.stored.manifest is not None:
            for (_, model), why in work.reasons().items():
                found.setdefault((why, model), []).append(name)
    joined: dict[tuple[Text, tuple[str, ...]], list[str]] = {}
    for (why, model), names in found.items():
        joined.setdefault((why, tuple(names)), []).append(model)
    return [
        _ANEW.format(models=", ".join(models), why=why, scenarios=_some(names))
        for (why, names), models in joined.items()
    ]


def _some(names: tuple[str, ...], most: int = 4) -> str:
    return ", ".join(names[:most]) + (f" +{len(names) - most}" if len(names) > most else "")


def _loose(works: Mapping[str, Work]) -> Loose:
    return next(iter(works.values())).loose


def _failed(works: Mapping[str, Work]) -> dict[Task, Facts]:
    return {task: facts for work in works.values() for task, facts in work.failed.items()}


def check_all(works: Mapping[str, Work]) -> None:
    """Raises OrganisationError with what cannot be run in any of the scenarios, each line with the scenario's name."""
    wrong: list[tuple[str, Text]] = []
    for name, work in works.items():
        try:
            check(work.asked)
        except OrganisationError as error:
            wrong.append((name, error.said))
    if wrong:
        told = [
            [f"{name}: {line}" for name, said in wrong for line in said.get(lang).splitlines()] for lang in LANGUAGES
        ]
        raise OrganisationError(Text(*("\n".join(lines) for lines in told)))


def _announce(out: Path) -> None:
    """A folder that is begun is known again as a batch's, wherever it stops."""
    if manifest_of(out) is None:
        with part_of(out, WRITING) as first:
            said = {"format": store.FORMAT, "kind": BATCH, "hembesok": __version__, "status": "begun"}
            store.write_manifest(first, said, {})
            publish(first, out)


def _publish(
    work: Work, folder: Path, standings: Mapping[str, Standing], wide: Wide, begun: dt.datetime, lang: str
) -> None:
    """A scenario's study in its folder; nothing when none of it could be run."""
    if not work.facts.keys() - work.failed.keys():
        return
    with writing(folder, store.NAMES) as stage:
        known = {work.asked.name: standings}
        tables_in(work, stage, known, begun, None, interrupted=False, where=_COMPARED, wide=wide, lang=lang)
        publish(stage, folder)


def _front(
    cases: Cases, works: Mapping[str, Work], out: Path, stage: Path, options: Options, begun: dt.datetime,
    failed: Mapping[Task, Facts],
) -> Overview | None:  # fmt: skip
    """The overview, the front page and the manifest; None and nothing written when the batch has them already."""
    said = [
        [case.name, list(case.says), work.asked.published()]
        for case, work in zip(cases.cases, works.values(), strict=True)
    ]
    published = digest(
        said,
        list(cases.common),
        cases.default,
        options.lang,
        sorted(drawn_in(out, cases.cases)),
        [str(task) for task in failed],
    )
    before = manifest_of(out) or {}
    made = [name for name in FILES if name not in (MANIFEST, *([] if cases.index else [FILE]))]
    if before.get("published") == published and all(store.is_as_written(out, name, before) for name in made):
        return None
    ready = [case for case in cases.cases if manifest_of(out / case.name) is not None]
    overview = overview_of(ready, cases.default, out, options.own, cases.common)
    write_overview(overview, stage, options.lang)
    front = overview.front(options.lang, FILE if cases.index is not None else "")
    write_front(front, stage / "index.html", options.lang)
    if cases.index is not None:
        page = answers(cases.index, cases.of_index, overview, out, options.lang)
        (stage / FILE).write_text(page, encoding="utf-8", newline="\n")
    manifest: dict[str, Any] = {
        "format": store.FORMAT, "kind": BATCH, "hembesok": __version__, "published": published,
        "status": "incomplete" if failed else "complete", "command": command_line(),
        "begun": begun.isoformat(timespec="seconds"),
        "seconds": round((dt.datetime.now(dt.UTC) - begun).total_seconds(), 1), "versions": versions(),
        "default": cases.default, "options": cases.common._asdict(),
        "failed": [
            {"scenario": task.scenario, "model": task.model, "replication": task.replication, "error": facts.error}
            for task, facts in failed.items()
        ],
        "studies": [
            {"name": case.name, "title": case.scenario.title.model_dump(), "changes": case.says._asdict(),
             "replications": works[case.name].asked.replications}
            for case in cases.cases
        ],
    }  # fmt: skip
    store.write_manifest(stage, manifest, {})
    publish(stage, out)
    return overview


_A_STUDY: Final = Text(
    "{folder}: där finns en studie av ett scenario, inte en batch; ange en annan mapp med --out",
    "{folder}: this holds the study of one scenario, not a batch; name another folder with --out",
)
_ANEW: Final = Text("räknas: {models} i {scenarios} ({why})", "to be run: {models} in {scenarios} ({why})")
_KEPT: Final = Text(
    "{done} körningar är sparade; samma kommando fortsätter därifrån",
    "{done} runs are kept; the same command goes on from there",
)
_WRITING: Final = Text("skriver {name} ({number}/{of})", "writing {name} ({number}/{of})")
