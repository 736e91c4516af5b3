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
from pathlib import Path
from typing import TYPE_CHECKING

from sim.study.plan import Task, Unit

if TYPE_CHECKING:
    from sim.engine import Journal
    from sim.measures import Measures
    from sim.study.stages import Draw

_TICK_SECONDS = 0.5  # on Windows a wait without an end cannot be interrupted


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


def run_unit(unit: Unit) -> UnitResult:
    """Draw one tape and run every model of the unit on it. Never raises for a fault in a task: it is in the result."""
    try:
        draw = unit.stages.draw(unit.replication)
        proof = draw.proof
    except Exception:
        return failed_unit(unit, traceback.format_exc())
    results = []
    for task in unit.tasks:
        begun = time.perf_counter()
        try:
            journal = unit.stages.run_one(task.model, draw.tape) if unit.visits_folder else None
            measures = unit.stages.measures(task.model, draw, journal)
            if journal is not None:
                _write_visits(unit, task, draw, journal)
        except Exception:
            results.append(TaskResult(task, time.perf_counter() - begun, traceback.format_exc()))
            continue
        results.append(TaskResult(task, time.perf_counter() - begun, "", measures))
    return UnitResult(
        unit.scenario, unit.replication, proof.sha256, proof.requests, threading.get_native_id(), tuple(results)
    )


def visits_part(folder: Path, task: Task) -> Path:
    """Where a worker leaves the visits of one task."""
    return folder / f"{task.scenario}--{task.model}--{task.replication}.parquet"


def _write_visits(unit: Unit, task: Task, draw: Draw, journal: Journal) -> None:
    from sim.study.parquet import label_rows, write_parquet
    from sim.study.rows import visit_rows

    rows = visit_rows(draw.tape, unit.stages.world, unit.stages.tables(task.model), journal)
    write_parquet(label_rows(rows, task), visits_part(Path(unit.visits_folder), task))


def failed_unit(unit: Unit, error: str) -> UnitResult:
    """The result of a unit in which nothing could be run."""
    tasks = tuple(TaskResult(task, 0.0, error) for task in unit.tasks)
    return UnitResult(unit.scenario, unit.replication, "", 0, threading.get_native_id(), tasks)


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
    flying: dict[Future[UnitResult], Unit] = {}
    interrupted = False
    try:
        for _ in range(2):
            # those in hand when a worker died come last: one that kills its worker again takes no other with it
            missing = sorted((unit for unit in units if unit not in done), key=lambda unit: unit in tried)
            if not missing:
                break
            with contextlib.suppress(BrokenExecutor), open_executor() as executor:
                _drive(executor, missing, at_once, done, tried, flying, on_result)
        for unit in units:
            if unit not in done:
                done[unit] = failed_unit(unit, "A worker process died twice on its way (killed, or out of memory).\n")
                on_result(done[unit])
    except KeyboardInterrupt:
        interrupted = True
        for future, unit in flying.items():  # what was in hand and is finished after all
            if future.done() and not future.cancelled() and future.exception() is None:
                done[unit] = future.result()
    return [done[unit] for unit in units if unit in done], interrupted


def _drive(
    executor: Executor,
    units: Sequence[Unit],
    at_once: int,
    done: dict[Unit, UnitResult],
    tried: set[Unit],
    flying: dict[Future[UnitResult], Unit],
    on_result: Callable[[UnitResult], None],
) -> None:
    waiting = list(reversed(units))
    flying.clear()
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
