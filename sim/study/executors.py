"""Executors: the one seam to threads, processes or a cluster is `concurrent.futures.Executor`."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.connection import Connection
from types import ModuleType, TracebackType
from typing import Any, TypeVar

from sim.memory import collect_seldom

T = TypeVar("T")
_MOST_WORKERS = 61  # Windows cannot wait for more


class SerialExecutor(Executor):
    """Runs every call at once in this process; for one job, for a debugger, and for a single unit of work."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # KeyboardInterrupt goes through: the caller is this very process
            future.set_exception(error)
        return future


class WorkerPool(ProcessPoolExecutor):
    """Spawned worker processes that leave Ctrl-C to their parent and end when it dies or leaves by an exception; with
    `at_once`, when it leaves at all, without the time that Python takes to put its things away.

    All workers hold the reading end of a pipe whose only writing end is here: when it closes, for whatever reason, they
    exit. The caller's script is not imported again in the workers (unless `import_main`), so that neither a notebook
    nor a script without a main guard needs anything special.
    """

    def __init__(self, jobs: int, *, import_main: bool = False, at_once: bool = False) -> None:
        context = multiprocessing.get_context("spawn")
        self._at_once = at_once
        self._import_main = import_main
        self._lifeline, self._hold = context.Pipe(duplex=False)
        super().__init__(
            max(1, min(jobs, _MOST_WORKERS)),
            mp_context=context,
            initializer=_begin_work,
            initargs=(self._lifeline,),
        )

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        with contextlib.nullcontext() if self._import_main else _main_hidden():
            return super().submit(fn, *args, **kwargs)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        hurried = self._at_once or kind is not None
        if hurried:
            self._hold.close()  # workers exit at once instead of finishing what they have begun
        self.shutdown(wait=True, cancel_futures=hurried)
        self._hold.close()
        self._lifeline.close()


def open_pool(jobs: int, units: int, *, engine: str, import_main: bool = False) -> Executor:
    """Serial for one job or one unit of work, else a pool with no more workers than units: threads for the compiled
    engine, which leaves Python's lock alone while it works and need not start anything; processes for SimPy."""
    workers = min(jobs, units)
    if workers <= 1:
        return SerialExecutor()
    return ThreadPoolExecutor(workers) if engine == "compiled" else WorkerPool(workers, import_main=import_main)


def default_jobs() -> int:
    """The cores that this process may use."""
    with contextlib.suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin_work(lifeline: Connection) -> None:
    """First thing in a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()
    threading.Thread(target=_exit_with_parent, args=(lifeline,), daemon=True).start()


def _exit_with_parent(lifeline: Connection) -> None:
    with contextlib.suppress(OSError, EOFError):
        lifeline.poll(None)
    os._exit(1)


@contextlib.contextmanager
def _main_hidden() -> Iterator[None]:
    """While a worker starts, let `multiprocessing` see an empty main module, so that it imports none."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
