"""The peers beside the compiled engine on one tape, journals equal to the last bit."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from benchmarks.common import Case, PeerJournal, cut, make_case, must_equal, of_journal
from benchmarks.peers import idiomatic_simpy, plain_heap
from benchmarks.sizes import halland
from benchmarks.timing import Rounds, Timed, interleave, timed, timed_after
from sim.engine import run
from sim.engine.kernel import run_compiled
from sim.engine.running import make_run
from sim.measures import measure
from sim.world.build import build_world
from sim.world.demand import draw

MORE_ACUTE = 2.0  # times the default demand, since planned visits and rounds are left out
PEER_SIZES: dict[str, tuple[float, int]] = {  # times the demand, physicians in each municipality (0: one in all)
    "a tenth of Halland": (0.1, 0),
    "Halland": (1.0, 1),
    "ten times Halland": (10.0, 10),
}


def peer_case(name: str, weeks: int) -> Case:
    """Halland's places with that much acute demand, and one team round the clock."""
    times, lines = PEER_SIZES[name]
    scenario = halland(weeks, {"demand.scale": MORE_ACUTE * times})
    world = build_world(scenario)
    return make_case(name, scenario, world, draw(scenario, world, 0), lines)


def contestants(case: Case, weeks: int) -> tuple[dict[str, Timed], dict[str, Callable[[Any], PeerJournal]]]:
    """Programs by name, and how to read the journal out of what each gives."""
    tape, world, tables, prepared = case.tape, case.world, case.tables, case.prepared
    scenario = halland(weeks)
    journal = run(tape, world, tables)
    patients = idiomatic_simpy.simulate(case)
    programs: dict[str, Timed] = {
        "compiled, run": timed(lambda: run(tape, world, tables, prepared=prepared)),
        "compiled, event loop": timed_after(lambda: make_run(tape, world, tables, prepared), run_compiled),
        "compiled, measure": timed(lambda: measure(tape, world, scenario, journal)),
        "SimPy engine": timed(lambda: run(tape, world, tables, engine="simpy", prepared=prepared)),
        "SimPy, idiomatic": timed(lambda: idiomatic_simpy.simulate(case)),
        "SimPy, pandas summary": timed(lambda: idiomatic_simpy.summary(patients)),
        "plain Python, heapq": timed(lambda: plain_heap.simulate(case)),
    }
    read: dict[str, Callable[[Any], PeerJournal]] = {
        "compiled, run": of_journal,
        "SimPy engine": of_journal,
        "SimPy, idiomatic": lambda out: cut(idiomatic_simpy.journal(out), tape.horizon_min),
        "plain Python, heapq": lambda out: cut(out, tape.horizon_min),
    }
    if "cimba" in sys.modules:  # it has to be imported before anything is compiled: see peers/cimba_program.py
        from benchmarks.peers import cimba_program

        for name, events in (("cimba, events", True), ("cimba, process a visit", False)):
            programs[name] = timed(cimba_program.prepare(case, events))
            read[name] = lambda out: cut(out, tape.horizon_min)
    return programs, read


SLOW = ("SimPy engine", "SimPy, idiomatic", "SimPy, pandas summary")


def measure_peers(name: str, weeks: int, rounds: int, slow_rounds: int) -> dict[str, Any]:
    """One row of the table of peers."""
    case = peer_case(name, weeks)
    programs, read = contestants(case, weeks)
    reference = of_journal(run(case.tape, case.world, case.tables))
    checked = 0

    def check(results: dict[str, Any]) -> None:
        nonlocal checked
        for who, reader in read.items():
            if who in results:
                must_equal(who, reference, reader(results[who]))
                checked += 1

    found: Rounds = interleave(programs, rounds, check, dict.fromkeys(SLOW, slow_rounds))
    visited = reference.t3 == reference.t3
    return {
        "size": name,
        "requests": case.visits,
        "physicians": len(case.bases),
        "waited": float((reference.t3 > case.ordered)[visited].mean()),
        "gave up": float((reference.te == reference.te).mean()),
        "equal journals": checked,
        "rounds": rounds,
        "ms": {who: found.median(who) * 1e3 for who in found.seconds},
        "us a request": {who: found.median(who) / case.visits * 1e6 for who in found.seconds},
        "over compiled run": {who: found.ratio((who,), ("compiled, run",)) for who in read if who != "compiled, run"},
        "over compiled loop": {
            who: found.ratio((who,), ("compiled, event loop",)) for who in read if who != "compiled, run"
        },
        "with summary over run and measure": found.ratio(
            ("SimPy, idiomatic", "SimPy, pandas summary"), ("compiled, run", "compiled, measure")
        ),
    }
