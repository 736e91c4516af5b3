"""What is found of one run, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

from sim.measures.cells import Floats, Ints


@dataclass(frozen=True, eq=False)
class Found:
    """`values` and `counts` (n) in the order of the table; `shares` (2, 1 + municipalities, 1 + acute classes, points)
    arrived and escalated; `physicians` (states, 168) by hour of the week. `names` of the municipalities."""

    names: tuple[str, ...]
    values: Floats
    counts: Ints
    shares: Floats
    physicians: Floats
