"""Draw, lay, prepare, simulate, measure: the parts of one run, at each size, and the two engines beside each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.sizes import Size
from benchmarks.timing import Rounds, Timed, interleave, timed, timed_after
from sim.codes import P, R
from sim.engine import Journal
from sim.engine.closing import close_journal
from sim.engine.kernel import run_compiled
from sim.world.tape import DemandTape

ACUTE_NUMBERS = (
    12  # gap, class, triage, on scene, documentation, travel, patience, to hospital, telephone, conveyed, 2 more
)
PLANNED_NUMBERS = 7  # gap, on scene, documentation, travel, no-show, single visit, elsewhere
ROUND_NUMBERS = 2  # residents seen, travel
RESIDENT_NUMBERS = 2  # on scene, documentation
PATIENT_NUMBERS = 5  # place or home, listing, named physician, multiplier, and the gap that ends the run

PARTS = ("draw", "lay", "prepare", "event loop", "journal", "measure")


def must_be_same_journal(who: str, one: Journal, other: Journal) -> None:
    """RuntimeError that names the fields that differ in any bit."""
    both = zip(one.columns(), other.columns(), strict=True)
    wrong = [name for (name, a), (_, b) in both if not np.array_equal(a, b, equal_nan=True)]
    if wrong:
        raise RuntimeError(f"{who}: the journals differ in {', '.join(wrong)}")


def random_numbers(tape: DemandTape) -> int:
    """How many uniform numbers a tape takes, whatever computes them."""
    rounds = tape.klass == R
    planned = int((tape.klass == P).sum())
    acute = len(tape) - int(rounds.sum()) - planned
    residents = int(tape.visits[rounds].sum())
    return (
        ACUTE_NUMBERS * acute + PLANNED_NUMBERS * planned + ROUND_NUMBERS * int(rounds.sum())
        + RESIDENT_NUMBERS * residents + PATIENT_NUMBERS * len(tape.patient_group)
    )  # fmt: skip


def contestants(size: Size, replication: int = 0) -> tuple[dict[str, Timed], DemandTape]:
    """The parts of a run by name, each on the same tape, and both engines whole."""
    world, tables = size.world, size.tables
    tape = size.draw(replication)
    journal, laid = size.run(tape), size.lay(tape)
    numbers = random_numbers(tape)
    parts: dict[str, Timed] = {
        "draw": timed(lambda: size.draw(replication)),
        "lay": timed(lambda: size.lay(tape)),
        "prepare": timed(lambda: size.make_run(tape, laid)),
        "event loop": timed_after(lambda: size.make_run(tape), run_compiled),
        "journal": timed_after(
            lambda: run_compiled(size.make_run(tape)), lambda finished: close_journal(finished, tables, world)
        ),
        "measure": timed(lambda: size.measure(tape, journal)),
        "random numbers": timed(lambda: np.random.default_rng(1).random(numbers)),
        "compiled": timed(lambda: size.run(tape)),
        "simpy": timed(lambda: size.run(tape, "simpy")),
    }
    return parts, tape


def same_journals(results: dict[str, Any]) -> None:
    """Every way to the journal in a round must have led to the same."""
    if "journal" in results:
        must_be_same_journal("part by part against whole", results["compiled"], results["journal"])
    if "simpy" in results:
        must_be_same_journal("compiled against SimPy engine", results["compiled"], results["simpy"])


def measure_stages(size: Size, rounds: int, simpy_rounds: int) -> dict[str, Any]:
    """One row of the table of parts: milliseconds a simulated year, and the ratios within rounds."""
    parts, tape = contestants(size)
    if simpy_rounds == 0:
        del parts["simpy"]
    found: Rounds = interleave(parts, rounds, same_journals, {"simpy": simpy_rounds})
    per_year = 365.25 * 1440.0 / tape.horizon_min * 1e3
    ms: Callable[[str], float] = lambda name: found.median(name) * per_year  # noqa: E731
    row: dict[str, Any] = {
        "size": size.name,
        "municipalities": len(size.world.municipalities),
        "places": len(size.world.node_name),
        "physicians": size.tables.n_physicians,
        "patients": len(tape.patient_group),
        "requests": len(tape),
        "requests a year": round(len(tape) * per_year / 1e3),
        "rounds": rounds,
        "random numbers": random_numbers(tape),
    }
    row["ms a year"] = {name: ms(name) for name in found.seconds}
    row["chain ms a year"] = sum(ms(part) for part in PARTS)
    row["us a request"] = {name: found.median(name) / len(tape) * 1e6 for name in (*PARTS, "compiled")}
    row["chain over loop and numbers"] = found.ratio(PARTS, ("event loop", "random numbers"))
    row["simpy over compiled"] = found.ratio(("simpy",), ("compiled",)) if simpy_rounds else float("nan")
    return row
