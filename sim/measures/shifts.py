"""Measures of physician-shifts: where paid time goes, overtime, nights, spread."""

from __future__ import annotations

import numpy as np

from sim.codes import NATT
from sim.engine.journal import Journal
from sim.measures.cells import Floats, Ints, ratio, sums
from sim.statistics import order_statistic
from sim.world.tape import DemandTape
from sim.world.world import World


def shift_measures(tape: DemandTape, world: World, journal: Journal, weeks: float) -> dict[str, tuple[Floats, Floats]]:
    """Every measure split by shift: name to (value, n), each (1 + municipalities,) with all of them first.

    n is the number of shifts, or of what the definition says instead.
    """
    rows = np.flatnonzero(journal.shift_start >= tape.warm_up_min)
    base, size = journal.shift_municipality[rows], len(world.municipalities)

    def total(values: Floats | Ints | None = None) -> Floats:
        own = sums(base, size, values)
        return np.append(own.sum(), own)

    start, end = journal.shift_start[rows], journal.shift_end[rows]
    visits_each = journal.shift_visits[rows].astype(float)
    busy_each = journal.driving_min[rows] + journal.on_scene_min[rows] + journal.documenting_min[rows]
    shifts, scheduled, paid = total(), total(end - start), total(journal.shift_home[rows] - start)
    driving, on_scene = total(journal.driving_min[rows]), total(journal.on_scene_min[rows])
    documenting, idle = total(journal.documenting_min[rows]), total(journal.idle_min[rows])
    visits, stops, km = total(visits_each), total(journal.shift_stops[rows]), total(journal.shift_km[rows])

    own95, _ = order_statistic(visits_each, base, size, 95)
    all95, _ = order_statistic(visits_each, np.zeros_like(base), 1, 95)
    covers, disturbed = _nights(world, journal, rows)
    nights = total(covers)
    return {
        "hours_per_week": (scheduled / 60.0 / weeks, shifts),
        "visits_per_hour": (ratio(visits, scheduled / 60.0), shifts),
        "stops_per_hour": (ratio(stops, scheduled / 60.0), shifts),
        "utilisation": (ratio(total(busy_each), scheduled), shifts),
        "driving_share": (ratio(driving, paid), shifts),
        "on_scene_share": (ratio(on_scene, paid), shifts),
        "documenting_share": (ratio(documenting, paid), shifts),
        "idle_share": (ratio(idle, paid), shifts),
        "travel_min_per_visit": (ratio(driving, visits), visits),
        "km_per_visit": (ratio(km, visits), visits),
        "km_per_stop": (ratio(km, stops), stops),
        "overtime_h_per_week": (total(journal.overtime_min[rows]) / 60.0 / weeks, shifts),
        "visits_per_shift": (ratio(visits, shifts), shifts),
        "visits_per_shift_p95": (np.append(all95, own95), shifts),
        "nights_disturbed": (ratio(total(disturbed), nights), nights),
        "load_spread": _spread(journal.shift_physician[rows], base, size, busy_each, end - start),
    }


def _nights(world: World, journal: Journal, rows: Ints) -> tuple[Floats, Floats]:
    """Per shift in `rows`: 1 if rostered in the night window, and 1 if also set out in it."""
    night = world.calendar.window == NATT
    before = np.append(0, np.cumsum(night))
    first = np.floor(journal.shift_start / 60.0).astype(np.int64)
    last = np.ceil(journal.shift_end / 60.0).astype(np.int64)
    top = len(night)
    covers = before[np.minimum(last, top)] > before[np.minimum(first, top)]
    out = np.flatnonzero((journal.shift >= 0) & ~np.isnan(journal.t3))
    hour = np.minimum(np.floor(journal.t3[out] / 60.0).astype(np.int64), top - 1)
    woken = np.bincount(journal.shift[out][night[hour]], minlength=len(covers)) > 0
    return covers[rows].astype(float), (covers & woken)[rows].astype(float)


def _spread(person: Ints, base: Ints, size: int, busy: Floats, scheduled: Floats) -> tuple[Floats, Floats]:
    """Standard deviation of load between physicians, over all and by base; a physician counts once per cell."""
    _, person = np.unique(person, return_inverse=True)
    people = int(person.max()) + 1 if len(person) else 0
    code = base * people + person
    work, time = (sums(code, size * people, values).reshape(size, people) for values in (busy, scheduled))
    work, time = np.vstack([work.sum(axis=0), work]), np.vstack([time.sum(axis=0), time])
    load, there = ratio(work, time), time > 0
    n = there.sum(axis=1).astype(float)
    mean = ratio(np.where(there, load, 0.0).sum(axis=1), n)
    square = np.where(there, (load - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return np.sqrt(ratio(square, n)), n
