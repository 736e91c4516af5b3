"""The flow, one way: scenario -> world -> demand tape -> engine -> measures. The five steps a worker takes."""

from __future__ import annotations

from sim.engine import run
from sim.engine.tables import compile_tables
from sim.measures import measure
from sim.world.build import build_world
from sim.world.demand import draw

__all__ = ["build_world", "compile_tables", "draw", "measure", "run"]
