"""The first run on a machine: both processes make their part, and what follows finds it made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

TRY = """
import sim.study.compiling as compiling
from sim.engine import kernel
from sim.measures.passes.whole import count_run
from sim.world.contents import fill_plans
assert compiling.is_cold()
compiling.compile_in_two()
assert not compiling.is_cold()
least = compiling.least_case()
least.measures("least", least.draw(1))
print(len(kernel.loop.stats.cache_hits), sum(count_run.stats.cache_hits.values()),
      sum(fill_plans.stats.cache_misses.values()), sum(count_run.stats.cache_misses.values()))
"""


@pytest.mark.slow
def test_two_processes_make_the_machine_code(tmp_path: Path, root: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(root), "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", TRY], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # The draw and the measures were found as the other process had left them: none was made here.
    _, found, *made_here = (int(word) for word in done.stdout.split())
    assert found > 0 and made_here == [0, 0]


def test_without_a_compiler_nothing_is_cold(root: Path) -> None:
    program = "from sim.study.compiling import is_cold; print(is_cold())"
    environment = {**os.environ, "PYTHONPATH": str(root), "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_least_case_is_like_any_other() -> None:
    """The types must be those of a real run, or the code would be made again: same columns, same row types."""
    from sim.engine.running import make_run
    from sim.study.compiling import LEAST, least_case, one_request

    stages = least_case()
    world, tables = stages.world, stages.tables(LEAST.name)
    tapes = one_request(world), stages.draw(1).tape
    runs = [[*run.state, *run.agenda] for run in (make_run(tape, world, tables) for tape in tapes)]
    for least, real in zip(*runs, strict=True):
        assert type(least) is type(real) and getattr(least, "dtype", None) == getattr(real, "dtype", None)


def test_a_journal_in_which_nothing_is_done_is_like_any_other() -> None:
    """To Numba too: or the measures would be compiled again in a real run."""
    from sim.study.compiling import LEAST, least_case, nothing_done

    stages = least_case()
    tape = stages.draw(1).tape
    real = stages.run_one(LEAST.name, stages.draw(1, tape))
    made = nothing_done(len(tape), len(real.start))
    assert numba.typeof(made.requests) == numba.typeof(real.requests)
    assert numba.typeof(made.shifts) == numba.typeof(real.shifts)


def test_python_cannot_call_a_rule() -> None:
    """No door for Python is compiled: a call would end in a crash of the process."""
    from sim.engine.tours import leg

    least = np.zeros(4), 2, 0, 1
    with pytest.raises(TypeError, match="only compiled code can call this"):
        leg(*least)  # type: ignore[arg-type]
    assert leg.py_func(*least) == 0.0  # type: ignore[attr-defined]
