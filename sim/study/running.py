"""Units on workers: which executor, and how many at a time."""

from __future__ import annotations

import contextlib
import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from sim.errors import MeasureError
from sim.study import compiling
from sim.study.executors import open_pool
from sim.study.plan import Unit
from sim.study.run import UnitResult, execute
from sim.study.stages import Stages
from sim.text import Text

_IN_HAND = 256  # units that an executor of the caller's is given at a time


def run_units(
    units: Sequence[Unit], executor: Executor | None, jobs: int, on_result: Callable[[Unit, UnitResult], None]
) -> bool:
    """Run all units on `executor`, or on `jobs` workers of this machine, and tell of each as it ends. Returns whether
    the user interrupted."""
    if not units:
        return False
    if executor is not None:
        given = executor
        return execute(units, lambda: contextlib.nullcontext(given), at_once=_IN_HAND, on_result=on_result)
    engine = units[0].stages.engine
    if engine == "compiled" and compiling.is_cold():
        compiling.compile_in_two()
    at_once = 1 if min(jobs, len(units)) <= 1 else jobs + 1
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


_NOT_SENT = Text(
    "måttet {name} kan inte skickas till andra processer ({error}); låt dess funktion stå överst i en modul, eller kör "
    "med en arbetare",
    "the measure {name} cannot be sent to other processes ({error}); let its function stand at the top of a module, or "
    "run with one worker",
)
