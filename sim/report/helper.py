"""A process beside this one that draws some of the figures."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager, suppress

from sim.study.executors import WorkerPool, default_jobs


@contextmanager
def drawing_helper(jobs: int | None = None) -> Iterator[Executor | None]:
    """One that has loaded the drawing libraries by the time that there is something to draw, for
    `StudyResult.write_report`; none where there is one core (`jobs`; None: those of this machine), or no process to be
    had."""
    with ExitStack() as stack:
        helper = None
        if (jobs or default_jobs()) > 1:
            with suppress(OSError, ImportError, NotImplementedError):  # no semaphores, no memory
                pool = stack.enter_context(WorkerPool(1, at_once=True))
                pool.submit(_make_ready)
                helper = pool
        yield helper


def _make_ready() -> None:
    from sim.report.figures import make_ready

    make_ready()
