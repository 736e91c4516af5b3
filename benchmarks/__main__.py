"""`python -m benchmarks`: everything in one go. `--quick` for a look, `--only` for some of it.

Peers are installed by `benchmarks/requirements-benchmarks.txt`; one that is not there is left out, and said so.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from tools.pages import marked, ours, write_between


class Effort(NamedTuple):
    """How long runs are and how often they are repeated."""

    weeks: int  # counted after four weeks of warm-up
    rounds: int
    slow_rounds: int  # of what takes seconds
    large_weeks: int  # at ten times Halland and beyond
    large_rounds: int
    replications: int  # over threads
    customers: int
    slow_customers: int
    warm_runs: int
    sizes: tuple[str, ...]
    sweden: bool
    tours: int  # days of tours for each number of stops
    points: int  # of each kind, in each round


ALL_SIZES = ("a tenth of Halland", "Halland", "ten times Halland")
EFFORTS = {
    "default": Effort(52, 7, 2, 52, 3, 8, 1_000_000, 20_000, 5, ALL_SIZES, True, 400, 10),
    "quick": Effort(4, 3, 1, 4, 3, 4, 50_000, 2_000, 1, ALL_SIZES[:2], False, 40, 3),
    "full": Effort(52, 21, 5, 52, 7, 16, 1_000_000, 200_000, 9, ALL_SIZES, True, 400, 20),
    "smallest": Effort(1, 1, 1, 1, 1, 2, 300, 100, 1, ALL_SIZES[:1], False, 5, 1),
}
MARKS = ("<!-- benchmark -->", "<!-- end of benchmark -->")
SECTIONS = ("stages", "points", "models", "peers", "threads", "sweden", "startup", "memory", "mmc", "tours", "planning")


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, write."""
    if importlib.util.find_spec("cimba") is not None:
        importlib.import_module("cimba")  # before anything is compiled: see peers/cimba_program.py
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--effort", choices=EFFORTS, default="default")
    parser.add_argument("--quick", action="store_const", dest="effort", const="quick", help="as --effort quick")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS), metavar="SECTION",
                        help=f"some of {', '.join(SECTIONS)}")  # fmt: skip
    parser.add_argument("--json", type=ours(is_findings), metavar="FILE", help="write every figure")
    parser.add_argument("--markdown", nargs="?", type=ours(marked(MARKS)), const=Path("-"), metavar="FILE",
                        help="write the tables as Markdown; without a file to the screen")  # fmt: skip
    parser.add_argument("--summary", type=ours(marked(MARKS)), metavar="FILE",
                        help="write machine and goals in three lines between the marks of this file")  # fmt: skip
    options = parser.parse_args(arguments)

    from benchmarks.machine import facts
    from benchmarks.points_tables import point_tables
    from benchmarks.printing import all_tables, as_markdown, as_text, facts_line, summary

    begun = time.perf_counter()
    machine = facts()
    found = measure_all(EFFORTS[options.effort], options.only, say)
    found = {"machine": machine, "effort": options.effort, **found, "seconds": time.perf_counter() - begun}
    tables = all_tables(found) + (point_tables(found["points"]) if "points" in found else [])
    print(facts_line(found["machine"]))
    if found["not installed"]:
        print(f"Left out, not installed: {', '.join(found['not installed'])} (benchmarks/requirements-benchmarks.txt)")
    print()
    markdown = "\n".join([facts_line(found["machine"]), "", *map(as_markdown, tables)])
    if options.markdown == Path("-"):
        print(markdown)
    else:
        print("\n".join(map(as_text, tables)))
        if options.markdown is not None:
            write_between(options.markdown, markdown, MARKS)
    if options.summary is not None:
        write_between(options.summary, summary(found), MARKS)
    print(f"{found['seconds']:.0f} s in all")
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


def is_findings(text: str) -> bool:
    """Whether a text is what --json writes."""
    try:
        found = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict) and {"machine", "effort"} <= found.keys()


def say(what: str) -> None:
    """Progress, on the screen only."""
    if sys.stderr.isatty():
        print(f"... {what}", file=sys.stderr)


def measure_all(effort: Effort, sections: list[str], tell: Callable[[str], None]) -> dict[str, Any]:
    """The chosen sections by name."""
    found: dict[str, Any] = {
        "not installed": [
            name for name in ("cimba", "salabim", "ciw", "vroom") if importlib.util.find_spec(name) is None
        ],
        "seconds of sections": {},
    }
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        makers: dict[str, Callable[[], Any]] = {
            "stages": lambda: stages(effort, folder),
            "points": lambda: points(effort, folder),
            "models": lambda: models_at_halland(effort),
            "peers": lambda: peers(effort),
            "threads": lambda: threads(effort),
            "sweden": lambda: sweden(effort),
            "startup": lambda: startup(effort),
            "memory": lambda: memory(effort),
            "mmc": lambda: mmc(effort),
            "tours": lambda: tours(effort),
            "planning": lambda: planning(effort),
        }
        for name in SECTIONS:
            if name in sections:
                tell(name)
                begun = time.perf_counter()
                found[name] = makers[name]()
                found["seconds of sections"][name] = time.perf_counter() - begun
    return found


def of_size(effort: Effort, name: str) -> tuple[int, int, int]:
    """Weeks, rounds and rounds of what is slow at a size."""
    if name == "ten times Halland":
        return effort.large_weeks, effort.large_rounds, 1
    return effort.weeks, effort.rounds, effort.slow_rounds


def stages(effort: Effort, folder: Path) -> list[dict[str, Any]]:
    """The parts of a run at every size."""
    from benchmarks.sizes import make_size
    from benchmarks.stages import measure_stages

    rows = []
    for name in effort.sizes:
        weeks, rounds, slow = of_size(effort, name)
        rows.append(measure_stages(make_size(name, weeks, folder), rounds, slow))
    return rows


def points(effort: Effort, folder: Path) -> dict[str, Any]:
    """Points of a design, by what is new in them."""
    from benchmarks.points import measure_points

    return measure_points(effort.weeks, effort.rounds, effort.points, folder)


def models_at_halland(effort: Effort) -> list[dict[str, Any]]:
    """The four models of the investigation."""
    import models
    from benchmarks.sizes import halland, ready
    from benchmarks.stages import measure_stages
    from sim.world.build import build_world

    scenario = halland(effort.weeks)
    world = build_world(scenario)
    rounds = max(effort.rounds // 2, 1)
    return [measure_stages(ready(item.name, scenario, world, item), rounds, 1) for item in models.all()]


def peers(effort: Effort) -> list[dict[str, Any]]:
    """Other packages at every size."""
    from benchmarks.peer_runs import measure_peers

    return [measure_peers(name, *of_size(effort, name)) for name in effort.sizes]


def threads(effort: Effort) -> dict[str, Any]:
    """One thread against two, at the largest size up to Halland."""
    from benchmarks.processes import measure_threads

    return measure_threads(effort.sizes[:2][-1], effort.weeks, effort.replications, max(effort.rounds // 2, 1))


def sweden(effort: Effort) -> dict[str, Any] | None:
    """Thirty times Halland."""
    from benchmarks.processes import measure_sweden

    return measure_sweden(8, effort.large_rounds) if effort.sweden else None


def startup(effort: Effort) -> dict[str, Any]:
    """A process from nothing to its first result."""
    from benchmarks.processes import measure_startup

    return measure_startup(effort.warm_runs)


def memory(effort: Effort) -> list[dict[str, Any]]:
    """Peak memory by size."""
    from benchmarks.processes import measure_memory

    return measure_memory(list(effort.sizes), effort.weeks)


def mmc(effort: Effort) -> dict[str, Any]:
    """The plain queue."""
    from benchmarks.mmc import measure_mmc

    return measure_mmc(effort.customers, effort.slow_customers, min(effort.rounds, 3))


def tours(effort: Effort) -> list[dict[str, Any]]:
    """The planner's tours against the shortest and against a router's."""
    from benchmarks.tours import measure_tours

    return measure_tours(effort.tours, min(effort.rounds, 3))


def planning(effort: Effort) -> dict[str, Any]:
    """A year of planning."""
    from benchmarks.tours import measure_year

    return measure_year(min(effort.rounds, 3))


if __name__ == "__main__":
    main()
