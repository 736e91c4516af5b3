"""A journal handed to the compiled passes: everything that the measures of a run are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.measures import hourly, kernel
from sim.measures.cells import Floats
from sim.measures.definitions import CURVE_GRID

if TYPE_CHECKING:
    from sim.engine.journal import Journal
    from sim.scenario import Scenario
    from sim.world.tape import DemandTape
    from sim.world.world import World


class Counts(NamedTuple):
    """What the passes found; `week` is (states + 1, 168) minutes, see `hourly.count_hours`."""

    requests: kernel.RequestCounts
    shifts: kernel.ShiftCounts
    week: Floats


def count(tape: DemandTape, world: World, scenario: Scenario, journal: Journal) -> Counts:
    """Requests, shifts and hours of one run, counted from the end of the warm-up."""
    classes, places, shifts = scenario.classes, len(world.municipalities), len(journal.shift_start)
    targets = np.array([classes.A1.target_min, classes.A2.target_min, classes.A3.target_min], dtype=float)
    period = kernel.Period(float(tape.warm_up_min), float(tape.horizon_min), world.calendar.window)
    requests, duties = request_columns(tape, journal), shift_columns(journal)
    first, stops = hourly.stops_by_shift(requests, shifts)
    return Counts(
        kernel.count_requests(requests, period, targets, places, float(CURVE_GRID[1]), len(CURVE_GRID)),
        kernel.count_shifts(duties, kernel.night_calls(requests, period.window, shifts), period, places),
        hourly.count_hours(requests, duties, first, stops, period),
    )


def request_columns(tape: DemandTape, journal: Journal) -> kernel.RequestColumns:
    """What is read of the requests."""
    return kernel.RequestColumns(
        klass=tape.klass,
        municipality=tape.municipality,
        group=tape.group,
        visits=tape.visits,
        due_day=tape.due_day,
        t0=tape.t0_min,
        t1=journal.t1,
        t3=journal.t3,
        t4=journal.t4,
        t5=journal.t5,
        t6=journal.t6,
        te=journal.te,
        outcome=journal.outcome,
        shift=journal.shift,
    )


def shift_columns(journal: Journal) -> kernel.ShiftColumns:
    """What is read of the physician-shifts."""
    return kernel.ShiftColumns(
        physician=journal.shift_physician,
        municipality=journal.shift_municipality,
        start=journal.shift_start,
        end=journal.shift_end,
        home=journal.shift_home,
        driving=journal.driving_min,
        on_scene=journal.on_scene_min,
        documenting=journal.documenting_min,
        idle=journal.idle_min,
        overtime=journal.overtime_min,
        km=journal.shift_km,
        stops=journal.shift_stops,
        visits=journal.shift_visits,
    )
