"""Threads over replications: the whole chain, and each part alone."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba

from benchmarks.sizes import Size
from benchmarks.timing import Timed, interleave, timed, timed_after
from sim.engine.kernel import run_compiled

PARTS = ("chain", "draw", "run", "measure", "event loop", "sines")
SINES = 300_000  # an item: about as long as an event loop


@numba.njit(nogil=True)
def sines(n: int) -> float:
    """Arithmetic that touches nothing: what two threads can gain on the machine as busy as it is."""
    total = 0.0
    for i in range(n):
        total += math.sin(i)
    return total


def chain(size: Size, replication: int) -> int:
    """One replication from draw to measures; gives the number of rows."""
    tape = size.draw(replication)
    return len(size.measure(tape, size.run(tape)).table)


def on_threads(pool: ThreadPoolExecutor, what: Callable[[Any], Any], items: list[Any]) -> list[Any]:
    """Each item through `what` on the pool's threads."""
    return list(pool.map(what, items))


def measure_threads(size: Size, replications: int, rounds: int, most: int = 2) -> dict[str, Any]:
    """Seconds for `replications` on 1..most threads, and how many times faster than one."""
    numbers = list(range(replications))
    tapes = [size.draw(k) for k in numbers]
    pairs = [(tape, size.run(tape)) for tape in tapes]
    pools = {n: ThreadPoolExecutor(n) for n in range(1, most + 1)}

    def fresh() -> list[Any]:
        return [size.make_run(tape) for tape in tapes]

    programs: dict[str, Timed] = {}
    for n, pool in pools.items():
        jobs: dict[str, tuple[Callable[[Any], Any], list[Any]]] = {
            "chain": (lambda k: chain(size, k), numbers),
            "draw": (size.draw, numbers),
            "run": (size.run, tapes),
            "measure": (lambda pair: size.measure(*pair), pairs),
        }
        for part, (what, items) in jobs.items():
            programs[f"{part} {n}"] = timed(functools.partial(on_threads, pool, what, items))
        programs[f"sines {n}"] = timed(functools.partial(on_threads, pool, sines, [SINES] * replications))
        programs[f"event loop {n}"] = timed_after(fresh, functools.partial(on_threads, pool, run_compiled))
    found = interleave(programs, rounds)
    for pool in pools.values():
        pool.shutdown()
    return {
        "size": size.name,
        "replications": replications,
        "rounds": rounds,
        "s": {name: found.median(name) for name in programs},
        "times faster": {
            f"{part} on {n} threads": found.ratio((f"{part} 1",), (f"{part} {n}",))
            for part in PARTS
            for n in range(2, most + 1)
        },
    }
