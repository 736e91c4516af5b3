"""A study, from what is asked to what is stored: check, plan, run, compare, write."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from sim.comparison import COLUMNS, Comparison, Finding, compare_measures
from sim.decide.information import information_of
from sim.decide.plausible import plausible_worlds
from sim.decide.robust import recorded_worlds, wide_findings, widened
from sim.decide.worlds import split_worlds, worlds_wanted
from sim.declared import check_heeded
from sim.errors import HembesokError, ResultsError
from sim.measures.checking import checked
from sim.study import store
from sim.study.executors import default_jobs
from sim.study.folder import MANIFEST, PARTS, located, part_of, publish, writing
from sim.study.loose import Loose
from sim.study.manifest import Account, recorded_measure, recorded_model, recorded_scenario, write_down
from sim.study.names import name_scenarios
from sim.study.plan import Unit, make_units
from sim.study.profiles import Profiles
from sim.study.results import ModelInfo, Results
from sim.study.run import UnitResult
from sim.study.running import run_units
from sim.study.signals import held_back
from sim.study.stages import Stages, make_stages
from sim.study.standing import recorded, standings_of
from sim.study.stored import open_stored
from sim.study.tables import read_measures, runs_frame
from sim.study.wide import KEYS, NONE, Wide, wide_of, write_wide
from sim.study.wide import Told as ToldOfWorlds
from sim.study.work import Asked, Work, facts_of, look, models_of
from sim.text import Text

if TYPE_CHECKING:
    from sim.comparison.standing import Standing
    from sim.decide.worlds import Outcome
    from sim.measures import MeasureDefinition
    from sim.measures.rows import Own
    from sim.organisation import Organisation
    from sim.scenario import Scenario

Scenarios = Mapping[str, "Scenario"] | Sequence["Scenario"]
Standings = Mapping[str, Mapping[str, "Standing"]]


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
    worlds: int | None = None,
    best: Sequence[Organisation] = (),
    name: str = "",
    measures: Sequence[MeasureDefinition] = (),
    lang: str = "sv",
    on_begin: Callable[[int], None] = lambda units: None,
    on_result: Callable[[UnitResult], None] = lambda result: None,
    on_note: Callable[[Text], None] = lambda text: None,
    on_worlds: Callable[[int], None] = lambda worlds: None,
    on_world: Callable[[Outcome], None] = lambda outcome: None,
) -> Results:
    """Run every organisation on the same patients in every replication of every scenario, and compare them.

    `scenarios`: a list, or a mapping from names. `replications`: of each scenario; None takes the first scenario's own
    number. `executor`: any `concurrent.futures.Executor`; None uses `jobs` workers (None: one a core), threads for the
    compiled engine and processes for SimPy. `out`: folder for the tables. What it holds already, finished or from a run
    that was cut short, is not run again, and more replications add to it; a study of something else there is replaced.
    `visits` adds visits.parquet. `worlds`: in how many plausible worlds every scenario is run as well
    (`sim.decide.worlds.worlds_wanted` says what None takes). `best`: models at their best, each named `<model>_tuned`,
    beside which those of the first scenario are laid. `measures` are computed and compared besides those of the program
    (`sim.measures.own`). `lang`: of comparison_excel.csv. `on_begin` is told the number of work units, `on_result` each
    as it ends, `on_note` what was found damaged; `on_worlds` and `on_world` the same of the worlds. A replication that
    fails is kept in the manifest with its traceback, the others go on; an interruption keeps what is finished.

    Raises ScenarioError, RegionError, OrganisationError, MeasureError before anything is run; ResultsError when `out`
    holds files that no study made, or another run is writing there; OSError when it cannot be written.
    """
    chosen = tuple(organisations)
    _check_request(scenarios, chosen, visits, out)
    own = checked(measures)
    named = {key: with_reference(scenario, chosen) for key, scenario in name_scenarios(scenarios).items()}
    for scenario in named.values():
        check_heeded(scenario, chosen)
        plausible_worlds(scenario, 0, chosen)
    count = replications or next(iter(named.values())).study.replications
    stages = {key: make_stages(scenario, chosen, engine, own=own) for key, scenario in named.items()}
    number = worlds if worlds is not None else worlds_wanted(next(iter(named.values())), count)
    asked = Asked(name or next(iter(named)), stages, count, visits, number, tuple(best))
    told = Told(on_begin, on_result, on_note, ToldOfWorlds(on_worlds, on_world))
    if out is None:
        return _in_memory(asked, executor, jobs or default_jobs(), told)
    return _in_folder(asked, Path(out), executor, jobs or default_jobs(), told, lang)


class Told(NamedTuple):
    """Whom to tell how many units there are, of each as it ends, what else there is to say, and the same of worlds."""

    begin: Callable[[int], None] = lambda units: None
    result: Callable[[UnitResult], None] = lambda result: None
    note: Callable[[Text], None] = lambda text: None
    worlds: ToldOfWorlds = ToldOfWorlds()


def _in_memory(asked: Asked, executor: Executor | None, jobs: int, told: Told) -> Results:
    begun = dt.datetime.now(dt.UTC)
    check(asked)
    units = make_units(asked.tasks, asked.stages)
    standings = {key: standings_of(item, jobs) for key, item in asked.stages.items()}
    ended: dict[Unit, UnitResult] = {}

    def end(unit: Unit, result: UnitResult) -> None:
        ended[unit] = result
        told.result(result)

    told.begin(len(units))
    interrupted = run_units(units, executor, jobs, end)
    wide = NONE
    if not interrupted:
        wide, interrupted = wide_of(asked, None, jobs, told.worlds)
    with held_back():
        account = Account(
            asked.name, asked.stages, models_of(_first(asked)), standings, asked.tasks, facts_of(ended),
            interrupted=interrupted, begun=begun, published="",
        )  # fmt: skip
        found = {one.task: one.measures for result in ended.values() for one in result.tasks}
        done = {task: measured for task in asked.tasks if (measured := found.get(task)) is not None}
        profiles = Profiles({}, {})
        for task, measured in done.items():
            profiles.add((task.scenario, task.model), measured)
        frames = {"measures": runs_frame(list(done), list(done.values())), **profiles.tables()}
        return results_of(account, frames, wide)


def _in_folder(asked: Asked, folder: Path, executor: Executor | None, jobs: int, told: Told, lang: str) -> Results:
    """Only what the folder does not hold is run; nothing is written when it holds all of it."""
    begun = dt.datetime.now(dt.UTC)
    with writing(folder, store.NAMES) as stage:
        loose = Loose(folder, own=_first(asked).own)
        work = look(asked, open_stored(folder), loose)
        for text in (*work.stored.faults, *loose.faults, *changes(work)):
            told.note(text)
        if work.is_done:
            return load_results(folder)
        check(work.asked)
        standings = standings_in(work, jobs)
        with contextlib.ExitStack() as stack:
            parts = stack.enter_context(part_of(folder, PARTS)) if asked.visits else None
            units = work.missing(parts)
            told.begin(len(units))

            def end(unit: Unit, result: UnitResult) -> None:
                work.take(unit, result)
                told.result(result)

            interrupted = run_units(units, executor, jobs, end)
            wide = NONE
            if not interrupted:
                wide, interrupted = wide_of(work.asked, work.stored, jobs, told.worlds, loose)
            stack.enter_context(held_back())
            results = tables_in(work, stage, standings, begun, parts, interrupted=interrupted, wide=wide, lang=lang)
            if not interrupted or not (work.stored.is_complete or results.measures.empty):
                publish(stage, folder)
                loose.clear()
            return results


def changes(work: Work) -> list[Text]:
    """What a folder that holds something is to be given anew, and why."""
    if work.stored.manifest is None:
        return []
    by_reason: dict[Text, list[str]] = {}
    for (_, model), why in work.reasons().items():
        names = by_reason.setdefault(why, [])
        if model not in names:
            names.append(model)
    return [_ANEW.format(models=", ".join(names), why=why) for why, names in by_reason.items()]


def check(asked: Asked) -> None:
    """Errors in the inputs show here, before any worker starts. Raises RegionError, OrganisationError."""
    for item in asked.stages.values():
        item.check()


def standings_in(work: Work, jobs: int) -> Standings:
    """Hours and balance of every model, run only where neither the folder's study nor a record knows them."""
    work.loose.know(work.stored.manifest)
    return {key: standings_of(item, jobs, work.loose) for key, item in work.asked.stages.items()}


def tables_in(
    work: Work, stage: Path, standings: Standings, begun: dt.datetime, parts: Path | None, *, interrupted: bool,
    where: str = "", wide: Wide = NONE, lang: str = "sv",
) -> Results:  # fmt: skip
    """All files of the study in the folder `stage`, Excel's in `lang`, and the results; of the measures those for which
    `where` holds."""
    asked = work.asked
    account = Account(
        asked.name, asked.stages, models_of(_first(asked)), standings, asked.tasks, work.facts,
        interrupted=interrupted, begun=begun, published=asked.published(),
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix=PARTS, dir=stage.parent) as folder:
        frames = work.write(stage, Path(folder))
    frames["measures"] = read_measures(stage / "measures.parquet", where)
    results = results_of(account, frames, wide)
    if parts is not None:
        work.write_visits(stage, parts)
    store.write_tables(results, stage, lang)
    write_wide(results, stage)
    store.write_manifest(stage, results.manifest | {store.EXCEL: lang}, {})
    return results


def load_results(folder: Path | str, where: str = "") -> Results:
    """Stored results, compared again from their tables; of the measures only the rows for which `where` holds (SQL).
    Raises ResultsError."""
    folder = Path(folder)
    manifest = store.read_manifest(folder)
    frames = store.read_tables(folder, manifest, where)
    try:
        scenarios = {key: recorded_scenario(kept, folder) for key, kept in manifest["scenarios"].items()}
        models = {key: recorded_model(key, kept) for key, kept in manifest["models"].items()}
        standings = {
            key: {model: recorded(kept) for model, kept in known.items()}
            for key, known in manifest.get("standings", {}).items()
        }
        own = tuple(recorded_measure(kept) for kept in manifest.get("measures", ()))
        study = str(manifest["study"])
        first = next(iter(scenarios.values()))
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration) as error:
        raise ResultsError(_FOREIGN.format(path=located(folder, MANIFEST), error=error)) from error
    try:
        world = make_stages(first, ()).world
    except HembesokError as error:
        raise ResultsError(_NO_REGION.format(folder=folder, error=error.said)) from error
    comparison = _compare(frames["measures"], scenarios, models, standings, own)
    worlds = split_worlds(frames["worlds"]) if "worlds" in frames else {}
    frame = widened(_frame(comparison), worlds, scenarios)
    return Results(
        study, scenarios, models, frames["measures"], frames["curves"], frames["hours"], frame, _findings(comparison),
        manifest, world, _warnings(comparison), standings, own, worlds, wide_findings(frame, worlds, scenarios),
        information_of(frame, worlds, scenarios), frames.get("at_best"),
    )  # fmt: skip


# --- the parts ------------------------------------------------------------------------------------


def with_reference(scenario: Scenario, organisations: Sequence[Organisation]) -> Scenario:
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


def _first(asked: Asked) -> Stages:
    return next(iter(asked.stages.values()))


def results_of(account: Account, frames: Mapping[str, pd.DataFrame], worlds: Wide = NONE) -> Results:
    """What was found, compared, and what plausible worlds say beside it."""
    scenarios = {key: stages.scenario for key, stages in account.stages.items()}
    first = next(iter(account.stages.values()))
    comparison = _compare(frames["measures"], scenarios, account.models, account.standings, first.own)
    frame = widened(_frame(comparison), worlds.tables, scenarios)
    wide = wide_findings(frame, worlds.tables, scenarios)
    said = {"worlds": recorded_worlds(worlds.tables, wide), KEYS: dict(worlds.keys)}
    return Results(
        account.name, scenarios, dict(account.models), frames["measures"], frames["curves"], frames["hours"], frame,
        _findings(comparison), write_down(account, comparison) | said, first.world, _warnings(comparison),
        account.standings, first.own, worlds.tables, wide, information_of(frame, worlds.tables, scenarios),
        worlds.at_best,
    )  # fmt: skip


def _compare(
    measures: pd.DataFrame,
    scenarios: Mapping[str, Scenario],
    models: Mapping[str, ModelInfo],
    standings: Mapping[str, Mapping[str, Standing]],
    own: Own,
) -> Comparison | None:
    """None when nothing could be run."""
    if measures.empty:
        return None
    titles = {name: model.title for name, model in models.items()}
    return compare_measures(measures, scenarios, titles, standings, own)


def _frame(comparison: Comparison | None) -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS)) if comparison is None else comparison.frame


def _findings(comparison: Comparison | None) -> tuple[Finding, ...]:
    return () if comparison is None else comparison.findings


def _warnings(comparison: Comparison | None) -> tuple[Text, ...]:
    return () if comparison is None else comparison.warnings


_ANEW = Text("räknas: {models} ({why})", "to be run: {models} ({why})")
_FOREIGN = Text(
    "{path}: inte som den här versionen skriver den: {error}", "{path}: not as this version writes it: {error}"
)
_NO_REGION = Text(
    "{folder}: regionen som resultaten gjordes från kan inte läsas igen:\n{error}",
    "{folder}: the region that these results were made from cannot be read again:\n{error}",
)
