"""A journal handed to the compiled passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.codes import UNPLANNED
from sim.measures.passes.layout import Period
from sim.measures.passes.whole import Counted, count_run
from sim.measures.vocabulary import CURVE_GRID

if TYPE_CHECKING:
    from sim.engine.journal import Journal
    from sim.measures.staff import Staff
    from sim.scenario.classes import Classes
    from sim.world.tape import DemandTape
    from sim.world.world import World


def count(tape: DemandTape, world: World, classes: Classes, journal: Journal, staff: Staff) -> Counted:
    """The passes over one run, counted from the end of the warm-up."""
    targets = np.array([getattr(classes, name).target_min for name in UNPLANNED], dtype=float)
    return count_run(
        tape.requests, journal.requests, journal.shifts, staff,
        Period(float(tape.warm_up_min), float(tape.horizon_min), world.calendar.window, targets),
        np.array([place.population for place in world.municipalities], dtype=float),
        float(CURVE_GRID[1]), len(CURVE_GRID),
    )  # fmt: skip
