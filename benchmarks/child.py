"""What has to be measured in a process of its own: `python -m benchmarks.child WHAT ...`.

WHAT is `first`, `memory SIZE WEEKS`, `threads SIZE WEEKS REPLICATIONS ROUNDS` or `sweden WEEKS ROUNDS`; each prints one
JSON object.
"""

from __future__ import annotations

import time

BEGUN = time.time()

import json  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402


def first_result() -> dict[str, Any]:
    """The times of day at which this process had its imports, and its first result: one run of one model, measured."""
    import holidays  # noqa: F401 - the program imports these when it needs them; here they count among the imports
    import pandas  # noqa: F401
    import ruamel.yaml  # noqa: F401
    from numba.core.registry import cpu_target

    import models
    from sim.engine import run
    from sim.engine.kernel import run_compiled  # noqa: F401 - counted among the imports
    from sim.engine.running import make_run  # noqa: F401
    from sim.engine.tables import compile_tables
    from sim.measures import measure
    from sim.measures.staff import staff_of
    from sim.scenario import load_scenario
    from sim.world.build import build_world
    from sim.world.demand import draw

    cpu_target.typing_context.refresh()  # Numba imports the better part of itself at the first compiled function
    cpu_target.target_context.refresh()
    imported = time.time()
    scenario = load_scenario(Path(__file__).resolve().parent.parent / "scenarios" / "halland.yaml")
    world = build_world(scenario)
    tables = compile_tables(models.find("hybrid"), world, scenario)
    ready = time.time()
    tape = draw(scenario, world, 0)
    drawn = time.time()
    journal = run(tape, world, tables)
    simulated = time.time()
    rows = len(measure(tape, world, scenario, journal, staff_of(tables)).table)
    return {"begun": BEGUN, "imported": imported, "ready": ready, "drawn": drawn, "simulated": simulated,
            "result": time.time(), "rows": rows}  # fmt: skip


def peak_mb() -> float:
    """The most memory this process has held, in MB (10^6 bytes)."""
    status = Path("/proc/self/status")
    if status.is_file():  # getrusage would count what the parent held when it made this process
        line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def memory(name: str, weeks: int) -> dict[str, Any]:
    """Peak memory of one replication at a size, above what imports and the world took."""
    from benchmarks.sizes import make_size
    from benchmarks.threads import chain

    imported = peak_mb()
    with tempfile.TemporaryDirectory() as folder:
        size = make_size(name, weeks, Path(folder))
        ready = peak_mb()
        chain(size, 0)  # the demand's tables are read there
    return {"size": name, "imported MB": imported, "world MB": ready, "run MB": peak_mb()}


def threads(name: str, weeks: int, replications: int, rounds: int) -> dict[str, Any]:
    """One thread against two, without what other packages leave behind in a process."""
    from benchmarks.sizes import make_size
    from benchmarks.threads import measure_threads

    with tempfile.TemporaryDirectory() as folder:
        return measure_threads(make_size(name, weeks, Path(folder)), replications, rounds)


def sweden(weeks: int, rounds: int) -> dict[str, Any]:
    """The parts of a run at Halland and at the made-up Sweden, rounds taken in turn, in one process."""
    from benchmarks.sizes import make_size
    from benchmarks.stages import PARTS, contestants, same_journals
    from benchmarks.timing import Timed, interleave

    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        small = make_size("Halland", weeks, Path(folder))
        built = time.perf_counter()
        large = make_size("synthetic Sweden", weeks, Path(folder))
        built, begun = time.perf_counter() - built, built - begun
        programs: dict[str, Timed] = {}
        lengths: dict[str, int] = {}
        for key, size in (("small", small), ("large", large)):
            parts, tape = contestants(size)
            lengths[key] = len(tape)
            programs |= {f"{key} {name}": parts[name] for name in (*PARTS, "random numbers", "compiled")}

        def check(results: dict[str, Any]) -> None:
            for key in lengths:
                same_journals({name: results[f"{key} {name}"] for name in ("journal", "compiled")})

        found = interleave(programs, rounds, check)
        names = (*PARTS, "compiled")
        us = {key: {name: found.median(f"{key} {name}") / n * 1e6 for name in names} for key, n in lengths.items()}
        scale = lengths["small"] / lengths["large"]
        ratios = {name: found.ratio((f"large {name}",), (f"small {name}",)) * scale for name in names}
        ratios["chain"] = found.ratio([f"large {part}" for part in PARTS], [f"small {part}" for part in PARTS]) * scale
    return {
        "weeks": weeks,
        "rounds": rounds,
        "requests": lengths,
        "municipalities": len(large.world.municipalities),
        "places": len(large.world.node_name),
        "people": sum(m.population for m in large.world.municipalities),
        "physicians": large.tables.n_physicians,
        "teams": large.tables.n_teams,
        "times Halland": {
            "places": len(large.world.node_name) / len(small.world.node_name),
            "requests": lengths["large"] / lengths["small"],
            "physicians": large.tables.n_physicians / small.tables.n_physicians,
        },
        "us a request": us,
        "cost per request, Sweden over Halland": ratios,
        "world s": {"small": begun, "large": built},
        "peak MB": peak_mb(),
    }


def main(arguments: list[str]) -> None:
    """Run one of the measurements."""
    match arguments:
        case ["first"]:
            found = first_result()
        case ["memory", name, weeks]:
            found = memory(name, int(weeks))
        case ["threads", name, weeks, replications, rounds]:
            found = threads(name, int(weeks), int(replications), int(rounds))
        case ["sweden", weeks, rounds]:
            found = sweden(int(weeks), int(rounds))
        case _:
            raise SystemExit(__doc__)
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
