"""The flow, one way: scenario -> world -> demand tape -> engine -> measures. The steps a worker takes; those
that no replication changes are taken once."""

from __future__ import annotations

from sim.engine import prepare, run
from sim.engine.tables import compile_tables
from sim.measures import measure, priced, sums_of
from sim.measures.staff import staff_of
from sim.world.build import build_world
from sim.world.demand import draw_tape, plan_demand

__all__ = [
    "build_world",
    "compile_tables",
    "draw_tape",
    "measure",
    "plan_demand",
    "prepare",
    "priced",
    "run",
    "staff_of",
    "sums_of",
]
