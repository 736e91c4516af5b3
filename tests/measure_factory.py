"""Worlds, tapes and journals made by hand for tests of the measures; time in minutes."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np

from sim.codes import DAG, HELG, KVALL, NATT
from sim.columns import filled
from sim.engine.journal import Courses, Duties, Journal
from sim.measures import Measures, measure
from sim.measures.staff import Staff, staff_from
from sim.scenario import Scenario
from sim.text import same
from sim.world.calendar import Calendar
from sim.world.tape import DemandTape, Patients, Requests
from sim.world.world import Municipality, World

NAN = math.nan
DAY, WEEK = 1440.0, 10080.0
SCENARIO = Scenario()
TARGETS = (60.0, 120.0, 360.0, 120.0, 240.0)  # A1, A2, A3, PAL, ADM
OUTCOMES = {"done": 0, "telephone": 1, "escalated": 2, "cancelled": 3, "open": 4, "referred": 5}
HOUR_COSTS = (1000.0, SCENARIO.costs.contractor_hour, SCENARIO.costs.physician_hour)  # SEK by pool: own, hired, ours
REST_H = (0.0, 0.0, 0.5)  # hours of paid rest after a shift, by pool
NAMED = ((1, 2), (5,))  # the physicians of each of two vårdcentraler


def window_of(hour: int) -> int:
    day, clock = divmod(hour, 24)
    if clock >= 22 or clock < 8:
        return NATT
    if day % 7 >= 5:
        return HELG
    return DAG if clock < 17 else KVALL


def make_world(weeks: int = 2, names: tuple[str, ...] = ("Norr", "Söder")) -> World:
    """Two municipalities (3000 and 1000 people) and a calendar without holidays."""
    days = 7 * weeks
    empty = np.zeros(0)
    return World(
        region="test",
        municipalities=tuple(Municipality(str(i), name, 3000 if i == 0 else 1000) for i, name in enumerate(names)),
        node_name=(), node_kind=(), node_lat=empty, node_lon=empty, node_municipality=empty.astype(np.int64),
        population=np.zeros((0, 4)), facilities=(), vardcentraler=(), listing=np.zeros((0, 0)),
        travel_min=np.zeros((0, 0)), travel_km=np.zeros((0, 0)),
        calendar=Calendar(
            start=dt.date(2024, 1, 1),
            weekday=np.arange(days, dtype=np.int64) % 7,
            office=np.arange(days) % 7 < 5,
            month=np.ones(days, dtype=np.int64),
            window=np.array([window_of(hour) for hour in range(24 * days)], dtype=np.int64),
        ),
        outlines=(), travel_note=same(""), checksums=(),
    )  # fmt: skip


def make_tape(requests: list[dict[str, Any]], horizon: float = 2 * WEEK, warm_up: float = WEEK) -> DemandTape:
    """Requests as dicts with t0, klass, and whatever is not the default."""

    def ints(key: str, default: int) -> np.ndarray[Any, np.dtype[np.int64]]:
        return np.array([request.get(key, default) for request in requests], dtype=np.int64)

    def floats(key: str, default: float) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array([request.get(key, default) for request in requests], dtype=float)

    stated = {
        "on_scene_min": floats("on_scene", 30.0), "on_scene_plan_min": floats("on_scene", 30.0),
        "documentation_min": floats("documentation", 15.0), "documentation_plan_min": floats("documentation", 15.0),
        "t0_min": floats("t0", 0.0), "triage_min": floats("triage", 0.0), "travel_factor": floats("factor", 1.0),
        "patience_min": floats("patience", math.inf), "leaves_min": floats("leaves", math.inf),
        "named": floats("named", 0.0), "due_day": ints("due_day", -1), "visits": ints("visits", 1),
        "vardcentral": ints("vardcentral", 0),
    }  # fmt: skip
    stated |= {
        name: ints(name, 0)
        for name in ("patient", "group", "klass", "node", "municipality", "telephone", "conveyed", "no_show")
    }
    nobody = filled(Patients, 0, node=0, municipality=0)
    return DemandTape(horizon, warm_up, filled(Requests, len(requests), **stated), nobody)


def make_journal(requests: list[dict[str, Any]], shifts: list[dict[str, Any]] | None = None) -> Journal:
    shifts = shifts or []

    def column(rows: list[dict[str, Any]], key: str, default: float) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array([row.get(key, default) for row in rows], dtype=float)

    def whole(rows: list[dict[str, Any]], key: str, default: int) -> np.ndarray[Any, np.dtype[np.int64]]:
        return np.array([row.get(key, default) for row in rows], dtype=np.int64)

    start, end = column(shifts, "start", 0), column(shifts, "end", 0)
    home = np.maximum(column(shifts, "home", 0), end)
    driving, scene, notes, calls = (column(shifts, key, 0) for key in ("driving", "scene", "notes", "calls"))
    times = {name: column(requests, name, NAN) for name in ("t1", "t2", "t3", "t4", "t5", "t6", "te", "km")}
    codes = {"outcome": OUTCOMES["open"], "shift": -1, "step": -1, "broken": 0, "referred_to": -1}
    courses = filled(Courses, len(requests), **times, **{n: whole(requests, n, value) for n, value in codes.items()})
    numbers = ("physician", "pool", "municipality", "stops", "visits")
    duties = filled(
        Duties, len(shifts), **{name: whole(shifts, name, 0) for name in numbers},
        start=start, end=end, home=home, driving_min=driving, on_scene_min=scene, documenting_min=notes,
        telephone_min=calls, idle_min=home - start - driving - scene - notes - calls, overtime_min=home - end,
        km=column(shifts, "km", 0),
    )  # fmt: skip
    return Journal(courses, duties)


def make_staff(shifts: list[dict[str, Any]]) -> Staff:
    """Three pools: the region's with a price of its own, a contractor's, and one whose hours are clinic hours."""
    own = np.array([row.get("vardcentral", -1) for row in shifts], dtype=np.int64)
    named = [np.array(people, dtype=np.int64) for people in NAMED]
    return staff_from([False, True, False], [HOUR_COSTS[0], None, None], [False, False, True], REST_H, own, named)


def visit(t1: float, queue: float, travel: float, **more: Any) -> dict[str, Any]:
    t4 = t1 + queue + travel
    times = {"t0": t1, "t1": t1, "t2": t1, "t3": t1 + queue, "t4": t4, "t5": t4 + 30, "t6": t4 + 45}
    return times | {"outcome": OUTCOMES["done"], "shift": 0} | more


MONDAY = WEEK  # the first counted minute, a Monday 00:00
TEN = MONDAY + 600.0


def run(
    requests: list[dict[str, Any]],
    shifts: list[dict[str, Any]] | None = None,
    horizon: float = 2 * WEEK,
    staff: Staff | None = None,
) -> Measures:
    if shifts is None:  # one that began before the warm-up had ended, so that nothing of it is counted
        shifts = [{"start": 0.0, "end": horizon}]
    return measure(make_tape(requests, horizon), make_world(), SCENARIO, make_journal(requests, shifts), staff)


def value(
    measures: Measures, name: str, klass: str = "all", place: str = "all", group: str = "all", window: str = "all"
) -> tuple[float, int]:
    table = measures.table
    row = table[
        (table["measure"] == name)
        & (table["class"] == klass)
        & (table["municipality"] == place)
        & (table["group"] == group)
        & (table["window"] == window)
    ]
    assert len(row) == 1, (name, klass, place, group, window)
    return float(row["value"].iloc[0]), int(row["n"].iloc[0])
