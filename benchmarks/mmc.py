"""A plain M/M/c beside general packages: the same gaps and services, the same mean wait."""

from __future__ import annotations

import functools
import importlib.util
import math
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import NOBODY
from benchmarks.peers import mmc_packages
from benchmarks.timing import Timed, interleave, timed
from sim.engine import Tables, run
from sim.engine.tables import compile_tables
from sim.grid import to_grid
from sim.organisation import ALWAYS, Between, Organisation, Pool, Post, Principal, route
from sim.scenario import Scenario
from sim.scripted import scripted_calendar, scripted_world, tape_of_columns
from sim.world.tape import DemandTape
from sim.world.world import World

Floats = NDArray[np.float64]

SERVERS = 5
LOAD = 0.8
SERVICE_MIN = 30.0
DAY_MIN = 1440.0
CLOSE = 1e-9  # relative: the packages add in other orders


def draw_queue(customers: int, seed: int = 1) -> tuple[Floats, Floats]:
    """Gaps and services in minutes, on the dyadic grid."""
    rng = np.random.default_rng(seed)
    gap = SERVICE_MIN / (SERVERS * LOAD)
    return to_grid(rng.exponential(gap, customers)), to_grid(rng.exponential(SERVICE_MIN, customers))


def make_queue(gaps: Floats, services: Floats) -> tuple[World, Tables, DemandTape]:
    """The queue in this program's own words: one place without distances, `SERVERS` physicians who never go off duty,
    visits without documentation."""
    came = np.cumsum(gaps)
    days = math.ceil((came[-1] + services.sum() / SERVERS + 1e5) / DAY_MIN)
    world = scripted_world([[0.0]], calendar=scripted_calendar(days, always_office=True), towns=("Queue",))
    tape = tape_of_columns(world, t0_min=came, on_scene_min=services)
    pool = Pool(
        "servers", NOBODY, Principal.REGION, (Post("Queue", ALWAYS, SERVERS),), between=Between.STAY, overtime_min=1e9
    )
    return (
        world,
        compile_tables(Organisation("queue", NOBODY, NOBODY, (pool,), (route(pool),)), world, Scenario()),
        tape,
    )


def own_mean_wait(queue: tuple[World, Tables, DemandTape]) -> float:
    """Mean wait by the compiled engine, from tape to journal."""
    world, tables, tape = queue
    journal = run(tape, world, tables)
    return float((journal.t3 - journal.t1).mean())


def measure_mmc(customers: int, slow_customers: int, rounds: int) -> dict[str, Any]:
    """Microseconds a customer of each package that is installed. Those written in Python get `slow_customers`."""
    gaps, services = draw_queue(customers)
    few = gaps[:slow_customers], services[:slow_customers]
    queue = make_queue(gaps, services)
    programs: dict[str, Timed] = {"compiled": timed(lambda: own_mean_wait(queue))}
    served = {"compiled": customers}
    skipped = []
    if "cimba" in sys.modules:  # it has to be imported before anything is compiled: see peers/cimba_program.py
        from benchmarks.peers import mmc_cimba

        programs["cimba"] = timed(mmc_cimba.prepare(gaps, services))
        served["cimba"] = customers
    else:
        skipped.append("cimba")
    for name, program in (
        ("simpy", mmc_packages.with_simpy),
        ("salabim", mmc_packages.with_salabim),
        ("ciw", mmc_packages.with_ciw),
    ):
        if importlib.util.find_spec(name) is None:
            skipped.append(name)
            continue
        programs[name] = timed(functools.partial(program, *few, SERVERS))
        served[name] = slow_customers
    expected = {customers: own_mean_wait(queue), slow_customers: own_mean_wait(make_queue(*few))}

    def check(results: dict[str, Any]) -> None:
        for name, wait in results.items():
            if not math.isclose(wait, expected[served[name]], rel_tol=CLOSE):
                raise RuntimeError(f"M/M/c: {name} has a mean wait of {wait!r}, not {expected[served[name]]!r}")

    found = interleave(programs, rounds, check, {name: rounds for name, n in served.items() if n < customers})
    us = {name: found.median(name) / served[name] * 1e6 for name in programs}
    return {
        "servers": SERVERS,
        "load": LOAD,
        "customers": served,
        "rounds": rounds,
        "skipped": skipped,
        "mean wait min": expected[customers],
        "us a customer": us,
        "over compiled": {name: value / us["compiled"] for name, value in us.items()},
    }
