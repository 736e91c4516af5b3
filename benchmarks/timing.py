"""Interleaved timing: A B C A B C ..., medians, and ratios pair by pair within a round."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

Timed = Callable[[], tuple[float, Any]]  # seconds, and what came out


def timed(what: Callable[[], Any]) -> Timed:
    """A contestant whose whole call is timed."""

    def go() -> tuple[float, Any]:
        begun = time.perf_counter()
        result = what()
        return time.perf_counter() - begun, result

    return go


def timed_after(prepare: Callable[[], Any], what: Callable[[Any], Any]) -> Timed:
    """A contestant that needs fresh input each time; only `what` is timed."""

    def go() -> tuple[float, Any]:
        fresh = prepare()
        begun = time.perf_counter()
        result = what(fresh)
        return time.perf_counter() - begun, result

    return go


@dataclass
class Rounds:
    """Seconds of each contestant, round by round."""

    seconds: dict[str, list[float]] = field(default_factory=dict)

    def median(self, name: str) -> float:
        """Median seconds; NaN for one that did not take part."""
        return median(self.seconds[name]) if self.seconds.get(name) else float("nan")

    def ratio(self, over: Sequence[str], under: Sequence[str]) -> float:
        """Median over rounds of sum(over) / sum(under); a contestant with fewer rounds limits them."""
        parts = [self.seconds.get(name, []) for name in (*over, *under)]
        rounds = min(map(len, parts))
        if not rounds:
            return float("nan")
        return median(
            sum(self.seconds[name][i] for name in over) / sum(self.seconds[name][i] for name in under)
            for i in range(rounds)
        )


def interleave(
    contestants: dict[str, Timed],
    rounds: int,
    check: Callable[[dict[str, Any]], None] = lambda results: None,
    at_most: dict[str, int] | None = None,
) -> Rounds:
    """Run all contestants in turn, `rounds` times over (`at_most` limits slow ones), after one turn that is not counted
    for those that are not limited. `check` sees what came out of every round and raises when it is not equal."""
    limits = at_most or {}
    for name, go in contestants.items():
        if name not in limits:
            go()
    kept = Rounds({name: [] for name in contestants})
    collecting = gc.isenabled()
    for turn in range(rounds):
        results: dict[str, Any] = {}
        for name, go in contestants.items():
            if turn < limits.get(name, rounds):
                gc.collect()
                gc.disable()
                try:
                    seconds, results[name] = go()
                finally:
                    if collecting:
                        gc.enable()
                kept.seconds[name].append(seconds)
        check(results)
    return kept
