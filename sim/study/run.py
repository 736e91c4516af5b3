"""Running units of work: what happens in a worker, and the loop that hands out work and collects it."""

from __future__ import annotations

import contextlib
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.study.each import each
from sim.study.plan import Setup, Task, Unit

if TYPE_CHECKING:
    from sim.engine import Prepared as EnginePrepared
    from sim.engine import Tables
    from sim.measures import Measures
    from sim.organisation import Organisation
    from sim.world.demand import DemandPlan
    from sim.world.world import World

_TICK_SECONDS = 0.5  # on Windows a wait without an end cannot be interrupted


@dataclass(frozen=True)
class Prepared:
    """A scenario made ready in one process: its world, its plan of demand, and every model compiled against it."""

    world: World
    demand: DemandPlan
    organisations: dict[str, Organisation]
    tables: dict[str, Tables]
    engine: dict[str, EnginePrepared]


@dataclass(frozen=True)
class TaskResult:
    """What one task gave: its measures as numbers (tables are made of all tasks together), or the traceback of its
    failure."""

    task: Task
    seconds: float
    error: str = ""
    measures: Measures | None = None


@dataclass(frozen=True)
class UnitResult:
    """What one unit gave. `tape_sha256` is "" when no tape could be drawn; `worker` is the native thread id, which
    for the main thread of a Linux process is the process id."""

    scenario: str
    replication: int
    tape_sha256: str
    requests: int
    worker: int
    tasks: tuple[TaskResult, ...]


# --- in a worker ----------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def prepare(setup: Setup) -> Prepared:
    """World and tables of a setup, built once a process. Raises RegionError, OrganisationError."""
    from sim.study import pipeline

    world = pipeline.build_world(setup.scenario)
    organisations = {source.name: source.load() for source in setup.sources}
    tables = each(organisations, lambda name: pipeline.compile_tables(organisations[name], world, setup.scenario))
    engine = {name: pipeline.prepare(world, item) for name, item in tables.items()}
    return Prepared(world, pipeline.plan_demand(setup.scenario, world), organisations, tables, engine)


def run_unit(unit: Unit) -> UnitResult:
    """Draw one tape and run every model of the unit on it. Never raises for a fault in a task: it is in the result."""
    from sim.study import pipeline

    scenario = unit.setup.scenario
    try:
        ready = prepare(unit.setup)
        tape = pipeline.draw_tape(ready.demand, unit.replication)
        proof: str = tape.sha256()
    except Exception:
        return failed_unit(unit, traceback.format_exc())
    results = []
    for task in unit.tasks:
        begun = time.perf_counter()
        try:
            journal = pipeline.run(
                tape,
                ready.world,
                ready.tables[task.model],
                engine=unit.setup.engine,
                prepared=ready.engine[task.model],
            )
            staff = pipeline.staff_of(ready.tables[task.model])
            measures = pipeline.measure(tape, ready.world, scenario, journal, staff)
            if unit.visits_folder:
                _write_visits(unit, task, ready, tape, journal)
        except Exception:
            results.append(TaskResult(task, time.perf_counter() - begun, traceback.format_exc()))
            continue
        spent = time.perf_counter() - begun
        results.append(TaskResult(task, spent, "", measures))
    return UnitResult(unit.setup.name, unit.replication, proof, len(tape), threading.get_native_id(), tuple(results))


def visits_part(folder: Path, task: Task) -> Path:
    """Where a worker leaves the visits of one task."""
    return folder / f"{task.scenario}--{task.model}--{task.replication}.parquet"


def _write_visits(unit: Unit, task: Task, ready: Prepared, tape: Any, journal: Any) -> None:
    from sim.study.parquet import label_rows, write_parquet
    from sim.study.rows import visit_rows

    rows = visit_rows(tape, ready.world, ready.tables[task.model], journal)
    write_parquet(label_rows(rows, task), visits_part(Path(unit.visits_folder), task))


def failed_unit(unit: Unit, error: str) -> UnitResult:
    """The result of a unit in which nothing could be run."""
    tasks = tuple(TaskResult(task, 0.0, error) for task in unit.tasks)
    return UnitResult(unit.setup.name, unit.replication, "", 0, threading.get_native_id(), tasks)


# --- in the caller --------------------------------------------------------------------------------


def execute(
    units: Sequence[Unit],
    open_executor: Callable[[], AbstractContextManager[Executor]],
    *,
    at_once: int,
    on_result: Callable[[UnitResult], None] = lambda result: None,
) -> tuple[list[UnitResult], bool]:
    """Run all units, at most `at_once` handed out at a time. Returns the results in the order of `units`, and whether
    the user interrupted (then only what was finished).

    When a worker dies, `open_executor` is called once more for what is missing; units that kill their worker again are
    failures. `on_result` is called in this process as each unit ends.
    """
    done: dict[Unit, UnitResult] = {}
    tried: set[Unit] = set()
    interrupted = False
    try:
        for _ in range(2):
            # those in hand when a worker died come last: one that kills its worker again takes no other with it
            missing = sorted((unit for unit in units if unit not in done), key=lambda unit: unit in tried)
            if not missing:
                break
            with contextlib.suppress(BrokenExecutor), open_executor() as executor:
                _drive(executor, missing, at_once, done, tried, on_result)
        for unit in units:
            if unit not in done:
                done[unit] = failed_unit(unit, "A worker process died twice on its way (killed, or out of memory).\n")
                on_result(done[unit])
    except KeyboardInterrupt:
        interrupted = True
    return [done[unit] for unit in units if unit in done], interrupted


def _drive(
    executor: Executor,
    units: Sequence[Unit],
    at_once: int,
    done: dict[Unit, UnitResult],
    tried: set[Unit],
    on_result: Callable[[UnitResult], None],
) -> None:
    waiting = list(reversed(units))
    flying: dict[Future[UnitResult], Unit] = {}
    try:
        while waiting or flying:
            while waiting and len(flying) < at_once:
                unit = waiting.pop()
                tried.add(unit)
                flying[executor.submit(run_unit, unit)] = unit
            ready, _ = wait(flying, timeout=_TICK_SECONDS, return_when=FIRST_COMPLETED)
            for future in ready:
                unit = flying.pop(future)
                try:
                    result = future.result()
                except BrokenExecutor:
                    raise
                except Exception:
                    result = failed_unit(unit, traceback.format_exc())
                done[unit] = result
                on_result(result)
    finally:
        for future in flying:
            future.cancel()
