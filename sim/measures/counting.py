"""A journal handed to the compiled passes: everything that the measures of a run are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.codes import UNPLANNED
from sim.measures import continuity, hourly, kernel, rest
from sim.measures.cells import Floats, Ints
from sim.measures.definitions import CURVE_GRID

if TYPE_CHECKING:
    from sim.engine.journal import Journal
    from sim.measures.staff import Staff
    from sim.scenario.classes import Classes
    from sim.world.tape import DemandTape
    from sim.world.world import World


class Counts(NamedTuple):
    """What the passes found; `patients` by `continuity.count_patients`; `week` is (states + 1, 168) minutes, see
    `hourly.count_hours`."""

    requests: kernel.RequestCounts
    patients: Floats
    shifts: kernel.ShiftCounts
    rest: rest.RestCounts
    week: Floats


def count(tape: DemandTape, world: World, classes: Classes, journal: Journal, staff: Staff) -> Counts:
    """Requests, shifts and hours of one run, counted from the end of the warm-up."""
    places, shifts = len(world.municipalities), len(journal.shift_start)
    targets = np.array([getattr(classes, name).target_min for name in UNPLANNED], dtype=float)
    period = kernel.Period(float(tape.warm_up_min), float(tape.horizon_min), world.calendar.window)
    requests, duties = request_columns(tape, journal), shift_columns(journal, staff)
    marks = continuity.familiar(
        requests, duties.physician, staff.vardcentral, staff.named_first, staff.named, period.begin
    )
    first, stops = hourly.stops_by_shift(requests, shifts)
    return Counts(
        kernel.count_requests(requests, marks, period, targets, places, float(CURVE_GRID[1]), len(CURVE_GRID)),
        continuity.count_patients(requests, duties.physician, period.begin, places),
        kernel.count_shifts(duties, kernel.night_calls(requests, period.end, shifts), period, places),
        rest.count_rest(
            by_physician(duties), duties.physician, duties.municipality, duties.start, duties.home,
            period.begin, period.end, places,
        ),
        hourly.count_hours(requests, duties, first, stops, period),
    )  # fmt: skip


def by_physician(s: kernel.ShiftColumns) -> Ints:
    """The shifts physician by physician, each in order of start (equal ones as they stand). Rosters lie so already."""
    same, later = np.diff(s.physician), np.diff(s.start)
    if ((same > 0) | ((same == 0) & (later >= 0))).all():
        return np.arange(len(s.start))
    return np.lexsort((s.start, s.physician))


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
        broken=journal.broken,
        telephone=tape.telephone,
        conveyed=tape.conveyed,
        no_show=tape.no_show,
        leaves=tape.leaves_min,
        referred_to=journal.referred_to,
        patient=tape.patient,
        vardcentral=tape.vardcentral,
        named=tape.named,
    )


def shift_columns(journal: Journal, staff: Staff) -> kernel.ShiftColumns:
    """What is read of the physician-shifts."""
    pool = journal.shift_pool
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
        telephone=journal.telephone_min,
        km=journal.shift_km,
        stops=journal.shift_stops,
        visits=journal.shift_visits,
        contractor=staff.contractor[pool],
        clinic=staff.clinic[pool],
    )
