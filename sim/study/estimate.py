"""Before a study: how long it will take here, tried on what a worker would do."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from sim.errors import OrganisationError
from sim.study import compiling
from sim.study.run import run_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.study.plan import Unit


def seconds_needed(units: Sequence[Unit], replications: int, jobs: int) -> float:
    """Seconds that so many replications will take on `jobs` workers; figures not included. Measured on the last of
    `units`; those before it load what is loaded once.

    Raises OrganisationError when a model cannot be run.
    """
    if compiling.is_cold():
        compiling.compile_in_two()
    spent = 0.0
    for unit in units:
        begun = time.perf_counter()
        failed = [task for task in run_unit(unit).tasks if task.error]
        spent = time.perf_counter() - begun
        if failed:
            lines = (f"{result.task.model}: {result.error.strip().splitlines()[-1]}" for result in failed)
            raise OrganisationError("\n".join(lines))
    return math.ceil(replications / jobs) * spent
