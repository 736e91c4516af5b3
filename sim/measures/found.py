"""What is found of one run, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

from sim.columns import Floats, Ints
from sim.measures.rows import Own


@dataclass(frozen=True, eq=False)
class Found:
    """`values` and `counts` (n) in the order of the table; `shares` (2, 1 + municipalities, 1 + acute classes, points)
    arrived and escalated; `physicians` (states, 168) by hour of the week. `names` of the municipalities; `own`
    measures besides those of the program, whose rows come last."""

    names: tuple[str, ...]
    values: Floats
    counts: Ints
    shares: Floats
    physicians: Floats
    own: Own = ()
