"""A study, from what is asked to what is stored: check, plan, run, compare, write."""

from __future__ import annotations

import contextlib
import datetime as dt
import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.comparison import COLUMNS, Comparison, Finding, compare_measures, write_csv
from sim.decide.information import information_of
from sim.decide.plausible import laws_of
from sim.decide.robust import recorded_worlds, wide_findings, widened
from sim.decide.worlds import joined_worlds, run_worlds, split_worlds, worlds_wanted
from sim.declared import check_heeded
from sim.errors import HembesokError, MeasureError, ResultsError
from sim.measures.checking import checked
from sim.study import compiling, store
from sim.study.executors import default_jobs, open_pool
from sim.study.folder import MANIFEST, PARTS, located, part_of, publish, writing
from sim.study.manifest import Account, recorded_measure, recorded_model, recorded_scenario, write_down
from sim.study.names import name_scenarios
from sim.study.parquet import join_parquet, stack_measures, write_parquet
from sim.study.plan import Task, Unit, make_units, plan
from sim.study.results import ModelInfo, Results
from sim.study.run import UnitResult, execute, visits_part
from sim.study.signals import held_back
from sim.study.stages import Stages, make_stages
from sim.study.standing import recorded, standings_of
from sim.text import Text

if TYPE_CHECKING:
    from sim.comparison.standing import Standing
    from sim.decide.worlds import Outcome
    from sim.measures import MeasureDefinition
    from sim.measures.rows import Own
    from sim.organisation import Organisation
    from sim.scenario import Scenario

Scenarios = Mapping[str, "Scenario"] | Sequence["Scenario"]


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
    name: str = "",
    measures: Sequence[MeasureDefinition] = (),
    on_begin: Callable[[int], None] = lambda units: None,
    on_result: Callable[[UnitResult], None] = lambda result: None,
    on_worlds: Callable[[int], None] = lambda worlds: None,
    on_world: Callable[[Outcome], None] = lambda outcome: None,
) -> Results:
    """Run every organisation on the same patients in every replication of every scenario, and compare them.

    `scenarios`: a list, or a mapping from names. `replications`: of each scenario; None takes the first scenario's own
    number. `executor`: any `concurrent.futures.Executor`; None uses `jobs` workers (None: one a core), threads
    for the compiled engine and processes for SimPy. `out`: folder for the tables, in place of an earlier study's there;
    `visits` adds visits.parquet. `worlds`: in how many plausible worlds every scenario is run as well
    (`sim.decide.worlds.worlds_wanted` says what None takes). `measures` are computed and compared besides those of the
    program (`sim.measures.own`). `on_begin` is told the number of work units, `on_result` each as it ends; `on_worlds`
    and `on_world` the same of the worlds. A replication that fails is kept in the manifest with its traceback, and the
    others go on; an interruption keeps what is finished, and an earlier study when nothing is.

    Raises ScenarioError, RegionError, OrganisationError, MeasureError before anything is run; ResultsError when `out`
    holds files that no study made, or another run is writing there; OSError when it cannot be written.
    """
    chosen = tuple(organisations)
    _check_request(scenarios, chosen, visits, out)
    own = checked(measures)
    named = {key: _with_reference(scenario, chosen) for key, scenario in name_scenarios(scenarios).items()}
    for scenario in named.values():
        check_heeded(scenario, chosen)
        laws_of(scenario)
    count = replications or next(iter(named.values())).study.replications
    stages = {key: make_stages(scenario, chosen, engine, own=own) for key, scenario in named.items()}
    for item in stages.values():
        item.check()  # errors in the inputs show here, before any worker starts
    tasks = plan(named, [item.name for item in chosen], count)
    begun = dt.datetime.now(dt.UTC)
    with contextlib.ExitStack() as stack:
        target = Path(out) if out is not None else None
        stage = stack.enter_context(writing(target, store.NAMES)) if target else None
        parts = stack.enter_context(part_of(target, PARTS)) if target and visits else None
        units = make_units(tasks, stages, parts)
        if executor is None and engine == "compiled" and compiling.is_cold():
            compiling.compile_in_two()
        standings = {key: standings_of(item, jobs or default_jobs()) for key, item in stages.items()}
        on_begin(len(units))
        collected, interrupted = _run_units(units, executor, jobs or default_jobs(), on_result)
        tables: dict[str, pd.DataFrame] = {}
        if not interrupted:
            number = worlds if worlds is not None else worlds_wanted(next(iter(named.values())), count)
            tables, interrupted = _run_worlds(stages, number, jobs or default_jobs(), on_worlds, on_world)
        stack.enter_context(held_back())
        models = _models(next(iter(stages.values())))
        title = name or next(iter(named))
        account = Account(
            title, stages, models, standings, tasks, collected, interrupted=interrupted, begun=begun
        )  # fmt: skip
        results = _results(account, tables)
        if stage is not None and target is not None and not (interrupted and results.measures.empty):
            _store(results, tasks, parts, stage, target)
    return results


def load_results(folder: Path | str) -> Results:
    """Stored results, compared again from their tables. Raises ResultsError."""
    folder = Path(folder)
    manifest = store.read_manifest(folder)
    frames = store.read_tables(folder, manifest)
    try:
        scenarios = {key: recorded_scenario(kept) for key, kept in manifest["scenarios"].items()}
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
        information_of(frame, worlds, scenarios),
    )  # fmt: skip


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
    at_once = 1 if min(jobs, len(units)) <= 1 else jobs + 1
    engine = units[0].stages.engine
    in_processes = engine != "compiled" and at_once > 1
    return execute(
        units,
        lambda: open_pool(jobs, len(units), engine=engine, import_main=in_processes and _needs_main(units)),
        at_once=at_once,
        on_result=on_result,
    )


def _needs_main(units: Sequence[Unit]) -> bool:
    """Whether an organisation is of a class made in the caller's script: it can only be unpickled where that script is
    imported."""
    distinct = {id(unit.stages): unit.stages for unit in units}
    return any(b"__main__" in _sent(stages) for stages in distinct.values())


def _sent(stages: Stages) -> bytes:
    """What other processes are sent of organisations and own measures. Raises MeasureError for a measure whose function
    they could not find."""
    for item in stages.own:
        try:
            pickle.dumps(item)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise MeasureError(_NOT_SENT.format(name=item.name, error=error)) from error
    return pickle.dumps((stages.organisations, stages.own))


def _models(stages: Stages) -> dict[str, ModelInfo]:
    """What a reader needs to know of each model, in the first scenario."""
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


def _run_worlds(
    stages: Mapping[str, Stages],
    count: int,
    jobs: int,
    on_worlds: Callable[[int], None],
    on_world: Callable[[Outcome], None],
) -> tuple[dict[str, pd.DataFrame], bool]:
    """The table of plausible worlds of every scenario, and whether the user interrupted: then there is none."""
    if count == 0:
        return {}, False
    on_worlds(count * len(stages))
    try:
        return {key: run_worlds(item, count, jobs, on_world) for key, item in stages.items()}, False
    except KeyboardInterrupt:
        return {}, True


def _results(account: Account, worlds: Mapping[str, pd.DataFrame]) -> Results:
    """Put the results in the order of the plan, whatever the order in which they came, and compare."""
    found = {task: pair[0].measures for task, pair in account.by_task.items()}
    finished = {task: measured for task in account.tasks if (measured := found.get(task)) is not None}
    measures, curves, hours = stack_measures(list(finished), list(finished.values()))
    scenarios = {key: stages.scenario for key, stages in account.stages.items()}
    first = next(iter(account.stages.values()))
    comparison = _compare(measures, scenarios, account.models, account.standings, first.own)
    frame = widened(_frame(comparison), worlds, scenarios)
    wide = wide_findings(frame, worlds, scenarios)
    manifest = write_down(account, comparison) | {"worlds": recorded_worlds(worlds, wide)}
    return Results(
        account.name, scenarios, dict(account.models), measures, curves, hours, frame, _findings(comparison), manifest,
        first.world, _warnings(comparison), account.standings, first.own, worlds, wide,
        information_of(frame, worlds, scenarios),
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


def _store(results: Results, tasks: Sequence[Task], parts: Path | None, stage: Path, target: Path) -> None:
    """Write all tables, and the visits that workers have left in `parts`, and put them in place."""
    paths = [path for task in tasks if parts and (path := visits_part(parts, task)).exists()]
    if paths:
        join_parquet(paths, stage / store.VISITS)
    frames = {"measures": results.measures, "curves": results.curves, "hours": results.hours}
    if results.worlds:
        write_parquet(joined_worlds(results.worlds), stage / store.WORLDS)
    if results.information is not None and len(results.information):
        write_csv(results.information, stage / store.INFORMATION)
    store.write_tables(stage, frames, results.comparison, results.manifest)
    publish(stage, target)


_NOT_SENT = Text(
    "måttet {name} kan inte skickas till andra processer ({error}); låt dess funktion stå överst i en modul, eller kör "
    "med en arbetare",
    "the measure {name} cannot be sent to other processes ({error}); let its function stand at the top of a module, or "
    "run with one worker",
)
_FOREIGN = Text(
    "{path}: inte som den här versionen skriver den: {error}", "{path}: not as this version writes it: {error}"
)
_NO_REGION = Text(
    "{folder}: regionen som resultaten gjordes från kan inte läsas igen:\n{error}",
    "{folder}: the region that these results were made from cannot be read again:\n{error}",
)
