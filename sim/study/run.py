"""Running units of work: what happens in a worker, and the loop that hands out work and collects it."""

from __future__ import annotations

import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.errors import HembesokError
from sim.study.plan import Task, Unit
from sim.study.signals import held_back
from sim.text import Text

if TYPE_CHECKING:
    from sim.engine import Journal
    from sim.measures import Measures
    from sim.world.tape import DemandTape

_TICK_SECONDS: Final = 0.5  # on Windows a wait without an end cannot be interrupted


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
            journal = unit.stages.run_one(task.model, draw) if unit.visits_folder else None
            measures = unit.stages.measures(task.model, draw, journal)
            if journal is not None:
                _write_visits(unit, task, unit.stages.met(task.model, draw).tape, journal)
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


def _write_visits(unit: Unit, task: Task, tape: DemandTape, journal: Journal) -> None:
    from sim.study.parquet import label_rows, write_parquet
    from sim.study.rows import visit_rows

    rows = visit_rows(tape, unit.stages.world, unit.stages.tables(task.model), journal)
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
    on_result: Callable[[Unit, UnitResult], None],
) -> bool:
    """Run all units, at most `at_once` handed out at a time, and tell `on_result` of each, in this thread, as it ends.
    Returns whether the user interrupted; what had ended by then is told.

    When a worker dies, `open_executor` is called again for what is left, those that were in hand last. One that has
    twice seen a worker die is run with no other beside it, and when its worker dies then too, twice, it is a failure.
    """
    hands = _Hands(deque(units), at_once, on_result)
    try:
        while hands.waiting:
            before = len(hands.waiting)
            try:
                with open_executor() as executor:
                    hands.work(executor)
            except BrokenExecutor:
                if not hands.bury() and len(hands.waiting) == before:  # it takes none
                    hands.give_up()
    except KeyboardInterrupt:
        with held_back(again=False):
            hands.collect()
        return True
    return False


class ExecutorLost(HembesokError, OSError):
    """What runs the units is not there any more; nothing that ended is lost."""


LOST: Final = Text(
    "klustret svarar inte längre; det som hann bli klart är sparat, och samma kommando fortsätter därifrån",
    "the cluster does not answer any more; what was finished is kept, and the same command goes on from there",
)


@dataclass
class _Hands:
    """Units that wait and those that are in hand. `deaths` of workers that each has seen, and seen `alone`."""

    waiting: deque[Unit]
    at_once: int
    on_result: Callable[[Unit, UnitResult], None]
    flying: dict[Future[UnitResult], Unit] = field(default_factory=dict)
    deaths: Counter[Unit] = field(default_factory=Counter)
    alone: Counter[Unit] = field(default_factory=Counter)

    def work(self, executor: Executor) -> None:
        """Hand out and take back until nothing is left. Raises BrokenExecutor."""
        try:
            while self.waiting or self.flying:
                while self.waiting and self._has_room():
                    future = executor.submit(run_unit, self.waiting[0])
                    self.flying[future] = self.waiting.popleft()
                ready, _ = wait(self.flying, timeout=_TICK_SECONDS, return_when=FIRST_COMPLETED)
                for future in ready:
                    self._take(future)
        except BrokenExecutor:
            raise
        except BaseException:
            for future in self.flying:
                future.cancel()
            raise

    def _take(self, future: Future[UnitResult]) -> None:
        unit = self.flying[future]
        try:
            result = future.result()
        except BrokenExecutor:
            raise
        except CancelledError as error:  # by nobody here: what ran it is gone
            raise ExecutorLost(LOST) from error
        except Exception:
            result = failed_unit(unit, traceback.format_exc())
        del self.flying[future]
        self.on_result(unit, result)

    def _has_room(self) -> bool:
        if not self.flying:
            return True
        suspects = (self.waiting[0], *self.flying.values())
        return len(self.flying) < self.at_once and all(self.deaths[unit] < _ALONE_AFTER for unit in suspects)

    def bury(self) -> int:
        """After a worker has died: what was in hand goes to the end of the line, or is a failure. Returns how many."""
        self.collect()
        lost = list(self.flying.values())
        self.flying.clear()
        for unit in lost:
            self.deaths[unit] += 1
            self.alone[unit] += len(lost) == 1
            if self.alone[unit] < _TRIES:
                self.waiting.append(unit)
            else:
                self.on_result(unit, failed_unit(unit, _DIED))
        return len(lost)

    def collect(self) -> None:
        """Take what is in hand and has ended after all."""
        for future in list(self.flying):
            if future.done() and not future.cancelled() and future.exception() is None:
                self._take(future)

    def give_up(self) -> None:
        """Everything that waits is a failure."""
        while self.waiting:
            unit = self.waiting.popleft()
            self.on_result(unit, failed_unit(unit, _DIED))


_ALONE_AFTER: Final = 2
_TRIES: Final = 2
_DIED: Final = "A worker process died twice on its way (killed, or out of memory).\n"
