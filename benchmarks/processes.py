"""Start-up, memory, threads and the made-up Sweden: each in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def child(*arguments: str, cache: str | None = None) -> dict[str, Any]:
    """What `python -m benchmarks.child ...` prints; `started` is when the process was asked for."""
    environment = dict(os.environ)
    if cache is not None:
        environment["NUMBA_CACHE_DIR"] = cache
    started = time.time()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.child", *arguments], cwd=ROOT, env=environment, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"benchmarks.child {' '.join(arguments)}: {done.stderr.strip()}")
    found: dict[str, Any] = json.loads(done.stdout)
    return {"started": started, **found}


def measure_startup(warm_runs: int) -> dict[str, Any]:
    """Seconds from the start of a process to its first result, with an empty and with a filled cache of machine
    code."""

    def steps(found: dict[str, Any]) -> dict[str, float]:
        return {
            "to first result": found["result"] - found["started"],
            "imports": found["imported"] - found["started"],
            "beyond imports": found["result"] - found["imported"],
            "scenario, world, tables": found["ready"] - found["imported"],
            "draw": found["drawn"] - found["ready"],
            "simulate": found["simulated"] - found["drawn"],
            "measure": found["result"] - found["simulated"],
        }

    with tempfile.TemporaryDirectory() as cache:
        cold = steps(child("first", cache=cache))
        runs = [steps(child("first", cache=cache)) for _ in range(warm_runs)]
    return {"cold": cold, "warm": {name: median(run[name] for run in runs) for name in cold}, "warm runs": warm_runs}


def measure_memory(names: list[str], weeks: int) -> list[dict[str, Any]]:
    """Peak memory by size."""
    return [child("memory", name, str(weeks)) for name in names]


def measure_threads(name: str, weeks: int, replications: int, rounds: int) -> dict[str, Any]:
    """Threads over replications."""
    return child("threads", name, str(weeks), str(replications), str(rounds))


def measure_sweden(weeks: int, rounds: int) -> dict[str, Any]:
    """Cost per request at thirty times Halland."""
    return child("sweden", str(weeks), str(rounds))
