"""What a notebook or a script uses: simulate one run, compare organisations, run and store a study."""

from __future__ import annotations

import contextlib
import datetime as dt
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.comparison import COLUMNS, Finding, compare_measures
from sim.comparison.sentences import sentences
from sim.errors import HembesokError, ResultsError
from sim.study import compiling, store
from sim.study.executors import default_jobs, open_pool
from sim.study.parquet import join_parquet, stack_measures
from sim.study.plan import Setup, Task, Unit, make_setup, make_units, plan, safe_name
from sim.study.provenance import file_sha256, git_state, program_version, versions
from sim.study.results import ModelInfo, Results
from sim.study.run import Prepared, TaskResult, UnitResult, execute, prepare, visits_part
from sim.text import LANGUAGES, Language, Text

if TYPE_CHECKING:
    from sim.engine.journal import Journal
    from sim.organisation import Organisation
    from sim.scenario import Scenario
    from sim.world.tape import DemandTape

Scenarios = Mapping[str, "Scenario"] | Sequence["Scenario"]


# --- one run --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """One organisation on one replication: tables for people, and the tape and journal they are made of."""

    visits: pd.DataFrame
    physicians: pd.DataFrame
    measures: pd.DataFrame
    curves: pd.DataFrame
    hours: pd.DataFrame
    tape: DemandTape
    journal: Journal


def simulate(scenario: Scenario, organisation: Organisation, replication: int = 1, engine: str = "compiled") -> Run:
    """Run one organisation on one replication, in this process.

    The same scenario and replication give the same patients to every organisation. Raises RegionError and
    OrganisationError.
    """
    from sim.study import pipeline
    from sim.study.rows import shift_rows, visit_rows

    world = pipeline.build_world(scenario)
    tables = pipeline.compile_tables(organisation, world, scenario)
    tape = pipeline.draw_tape(pipeline.plan_demand(scenario, world), replication)
    journal = pipeline.run(tape, world, tables, engine=engine)
    measures = pipeline.measure(tape, world, scenario, journal, pipeline.staff_of(tables))
    return Run(
        visit_rows(tape, world, tables, journal),
        shift_rows(tape, world, tables, journal),
        measures.table,
        measures.curves,
        measures.hours,
        tape,
        journal,
    )


# --- many runs ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pictures:
    """Figures for a notebook: shown one under the other; `svg` by name."""

    svg: dict[str, str]

    def _repr_html_(self) -> str:
        return "\n".join(self.svg.values())


@dataclass(frozen=True)
class StudyResult(Results):
    """Results with what a reader wants to do with them."""

    @property
    def frame(self) -> pd.DataFrame:
        """The comparison: one row a measure, municipality, class and model, with its paired difference and verdict."""
        return self.comparison

    @property
    def status(self) -> str:
        """complete, incomplete (some replications failed) or interrupted."""
        return str(self.manifest["status"])

    def plot(self, lang: str = "sv") -> Pictures:
        """The figures of the report."""
        from sim.report import write_figures

        with tempfile.TemporaryDirectory() as folder:
            paths = write_figures(self, Path(folder), lang)
            return Pictures({path.stem: path.read_text(encoding="utf-8") for path in paths if path.suffix == ".svg"})

    def to_html(self, lang: str = "sv") -> str:
        """The report as one self-contained page."""
        from sim.report import write_page

        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "report.html"
            write_page(self, page, lang)
            return page.read_text(encoding="utf-8")

    def write_report(self, folder: Path | str, lang: str = "sv") -> list[Path]:
        """Write figures/ and report.html in `folder`, whole or not at all. Raises OSError."""
        from sim.report import write_figures, write_page

        target = Path(folder)
        with store.staging(target) as stage:
            figures = stage / "figures"
            figures.mkdir()
            write_figures(self, figures, lang)
            write_page(self, stage / "report.html", lang, figures)
            return store.publish(stage, target, replaces=False)


def compare(
    scenario: Scenario,
    organisations: Iterable[Organisation],
    replications: int | None = None,
    executor: Executor | None = None,
    **options: Any,
) -> StudyResult:
    """Compare organisations on one scenario; nothing is written. See `run_study` for the arguments."""
    return run_study([scenario], organisations, replications, executor, **options)


def run_study(
    scenarios: Scenarios,
    organisations: Iterable[Organisation],
    replications: int | None = None,
    executor: Executor | None = None,
    out: Path | str | None = None,
    *,
    jobs: int | None = None,
    engine: str = "compiled",
    visits: bool = False,
    finder: str = "",
    name: str = "",
    on_begin: Callable[[int], None] = lambda units: None,
    on_result: Callable[[UnitResult], None] = lambda result: None,
) -> StudyResult:
    """Run every organisation on the same patients in every replication of every scenario, and compare them.

    `scenarios`: a list, or a mapping from names. `replications`: of each scenario; None takes the first scenario's own
    number. `executor`: any `concurrent.futures.Executor`; None uses `jobs` workers (None: one a core), threads
    for the compiled engine and processes for SimPy. `out`: folder
    for the tables (`StudyResult.write_report` adds figures and page); `visits` adds visits.parquet there. `finder`
    ("module:function"): workers get organisations by name from it, for those that cannot be pickled. `on_begin` is told
    the number of work units, `on_result` each as it ends. A replication that fails is kept in the manifest with its
    traceback, and the others go on; Ctrl-C keeps what is finished.

    Raises ScenarioError, RegionError, OrganisationError before anything is run, OSError when `out` cannot be written.
    """
    chosen = tuple(organisations)
    _check_request(scenarios, chosen, visits, out)
    named = {key: _with_reference(scenario, chosen) for key, scenario in name_scenarios(scenarios).items()}
    count = replications or next(iter(named.values())).study.replications
    setups = [make_setup(key, scenario, chosen, engine=engine, finder=finder) for key, scenario in named.items()]
    ready = {setup.name: prepare(setup) for setup in setups}  # errors in the inputs show here, before any worker starts
    tasks = plan(named, [item.name for item in chosen], count)
    begun = dt.datetime.now(dt.UTC)
    with contextlib.ExitStack() as stack:
        target = Path(out) if out is not None else None
        stage = stack.enter_context(store.staging(target)) if target else None
        parts = (
            Path(stack.enter_context(tempfile.TemporaryDirectory(dir=target, prefix=".visits-"))) if visits else None
        )
        units = make_units(tasks, setups, parts)
        on_begin(len(units))
        collected, interrupted = _run_units(units, executor, jobs or default_jobs(), on_result)
        results = _assemble(
            name or next(iter(named)), named, setups, ready, tasks, collected, interrupted=interrupted, begun=begun
        )
        if stage is not None and target is not None:
            if parts is not None:
                _join_visits(parts, tasks, stage)
            frames = {"measures": results.measures, "curves": results.curves, "hours": results.hours}
            store.write_tables(stage, frames, results.comparison, results.manifest)
            store.publish(stage, target)
    return results


def load_study(folder: Path | str) -> StudyResult:
    """Stored results, compared again from their tables. Raises ResultsError."""
    from sim.scenario import Scenario

    path = Path(folder)
    manifest = store.read_manifest(path)
    frames = store.read_tables(path, manifest)
    try:
        scenarios = {}
        for key, kept in manifest["scenarios"].items():
            file = Path(kept["file"]) if kept["file"] else None
            scenarios[key] = Scenario.model_validate(kept["resolved"]).placed_at(file)
        models = {key: _stored_model(key, kept) for key, kept in manifest["models"].items()}
    except (KeyError, TypeError, ValueError) as error:
        raise ResultsError(_STRANGE.format(path=path / "manifest.json", error=error)) from error
    from sim.study.pipeline import build_world

    try:
        world = build_world(next(iter(scenarios.values())))
    except HembesokError as error:
        raise ResultsError(_NO_REGION.format(path=path, error=error.said)) from error
    comparison, findings, _ = _compare(frames["measures"], scenarios, models)
    return StudyResult(
        str(manifest["study"]), scenarios, models, frames["measures"], frames["curves"], frames["hours"],
        comparison, findings, manifest, world,
    )  # fmt: skip


def name_scenarios(scenarios: Scenarios) -> dict[str, Scenario]:
    """Scenarios by a name fit for a file: the given one, else the file's or the title; the same twice is numbered."""
    if isinstance(scenarios, Mapping):
        return dict(scenarios)
    named: dict[str, Scenario] = {}
    for scenario in scenarios:
        stem = safe_name(scenario.file.stem if scenario.file else scenario.title.en or scenario.title.sv)
        number = 1
        while (name := stem if number == 1 else f"{stem}_{number}") in named:
            number += 1
        named[name] = scenario
    return named


# --- the parts ------------------------------------------------------------------------------------


def _with_reference(scenario: Scenario, organisations: Sequence[Organisation]) -> Scenario:
    """The scenario, with the first organisation as reference when its own does not take part."""
    if scenario.study.reference in {item.name for item in organisations}:
        return scenario
    return scenario.with_changes({"study.reference": organisations[0].name})


def _check_request(
    scenarios: Scenarios, organisations: Sequence[Organisation], visits: bool, out: Path | str | None
) -> None:
    names = [item.name for item in organisations]
    if not scenarios or not names:
        raise ValueError("a study needs at least one scenario and one organisation")
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"two organisations have the same name: {', '.join(sorted(twice))}")
    if visits and out is None:
        raise ValueError("visits are written to a folder: give `out`")


def _run_units(
    units: Sequence[Unit], executor: Executor | None, jobs: int, on_result: Callable[[UnitResult], None]
) -> tuple[list[UnitResult], bool]:
    if executor is not None:
        given = executor
        return execute(units, lambda: contextlib.nullcontext(given), at_once=len(units), on_result=on_result)
    # an organisation whose class is made in the caller's script can only be unpickled where that script is imported
    import_main = any(b"__main__" in source.pickled for unit in units for source in unit.setup.sources)
    at_once = 1 if min(jobs, len(units)) <= 1 else jobs + 1
    engine = units[0].setup.engine if units else ""
    if engine == "compiled" and compiling.is_cold():
        compiling.compile_in_two()
    return execute(
        units,
        lambda: open_pool(jobs, len(units), engine=engine, import_main=import_main),
        at_once=at_once,
        on_result=on_result,
    )


def _assemble(
    name: str,
    scenarios: dict[str, Scenario],
    setups: Sequence[Setup],
    ready: Mapping[str, Prepared],
    tasks: Sequence[Task],
    collected: Sequence[UnitResult],
    *,
    interrupted: bool,
    begun: dt.datetime,
) -> StudyResult:
    """Put the results in the order of the plan, whatever the order in which they came."""
    by_task = {result.task: (result, unit) for unit in collected for result in unit.tasks}
    found = {task: by_task[task][0].measures for task in tasks if task in by_task}
    finished = {task: measured for task, measured in found.items() if measured is not None}
    measures, curves, hours = stack_measures(list(finished), list(finished.values()))
    first = ready[setups[0].name]
    models = {key: _describe(first, key) for key in first.organisations}
    comparison, findings, notes = _compare(measures, scenarios, models)
    titles = {key: model.title for key, model in models.items()}
    failed = any(result.error for result, _ in by_task.values())
    manifest: dict[str, Any] = {
        "format": store.FORMAT,
        "study": name,
        "status": "interrupted" if interrupted else "incomplete" if failed else "complete",
        "hembesok": program_version(),
        "command": shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]) if sys.argv else "",
        "begun": begun.isoformat(timespec="seconds"),
        "seconds": round((dt.datetime.now(dt.UTC) - begun).total_seconds(), 1),
        "engine": setups[0].engine,
        "versions": versions(),
        "git": git_state(Path(__file__).resolve().parent.parent),
        "seeds": {key: scenario.study.seed for key, scenario in scenarios.items()},
        "scenarios": {key: _scenario_record(scenario) for key, scenario in scenarios.items()},
        "models": {key: _model_record(model) for key, model in models.items()},
        "inputs": {setup.name: dict(ready[setup.name].world.checksums) for setup in setups},
        "replications": max(task.replication for task in tasks),
        "tapes": [
            {"scenario": u.scenario, "replication": u.replication, "sha256": u.tape_sha256, "requests": u.requests}
            for u in sorted(collected, key=lambda u: (list(scenarios).index(u.scenario), u.replication))
            if u.tape_sha256
        ],
        "tasks": [_task_record(task, by_task.get(task)) for task in tasks],
        "findings": [finding.record() for finding in findings],
        "verdicts": {lang: sentences(findings, titles, lang) for lang in LANGUAGES},
        "notes": notes,
    }
    return StudyResult(name, scenarios, models, measures, curves, hours, comparison, findings, manifest, first.world)


def _compare(
    measures: pd.DataFrame, scenarios: Mapping[str, Scenario], models: Mapping[str, ModelInfo]
) -> tuple[pd.DataFrame, tuple[Finding, ...], dict[Language, list[str]]]:
    """Comparison, findings and notes; nothing when nothing could be run."""
    if measures.empty:
        return pd.DataFrame(columns=list(COLUMNS)), (), {lang: [] for lang in LANGUAGES}
    comparison = compare_measures(measures, scenarios, {name: model.title for name, model in models.items()})
    notes = {lang: [note.get(lang) for note in comparison.notes] for lang in LANGUAGES}
    return comparison.frame, comparison.findings, notes


def _describe(ready: Prepared, name: str) -> ModelInfo:
    organisation, tables = ready.organisations[name], ready.tables[name]
    return ModelInfo(
        name,
        organisation.title,
        organisation.description,
        tables.hours_per_week,
        tables.n_physicians,
        tuple(tables.pool_titles),
    )


def _model_record(model: ModelInfo) -> dict[str, Any]:
    return {
        "title": model.title._asdict(),
        "description": model.description._asdict(),
        "hours_per_week": model.hours_per_week,
        "n_physicians": model.n_physicians,
        "pools": [title._asdict() for title in model.pools],
    }


def _stored_model(name: str, kept: Mapping[str, Any]) -> ModelInfo:
    return ModelInfo(
        name,
        Text(**kept["title"]),
        Text(**kept["description"]),
        float(kept["hours_per_week"]),
        int(kept["n_physicians"]),
        tuple(Text(**title) for title in kept["pools"]),
    )


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


def _join_visits(parts: Path, tasks: Sequence[Task], stage: Path) -> None:
    paths = [path for task in tasks if (path := visits_part(parts, task)).exists()]
    if paths:
        join_parquet(paths, stage / store.VISITS)


_STRANGE = Text(
    "{path}: inte som den här versionen skriver den: {error}", "{path}: not as this version writes it: {error}"
)
_NO_REGION = Text(
    "{path}: regionen som resultaten gjordes från kan inte läsas igen:\n{error}",
    "{path}: the region that these results were made from cannot be read again:\n{error}",
)
