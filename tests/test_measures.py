"""Measures on hand-made tapes and journals: answers by hand, slow second ways of computing, and identities."""

from __future__ import annotations

import datetime as dt
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.codes import CLASSES, DAG, GROUPS, HELG, KVALL, NATT, WINDOWS
from sim.engine.journal import Journal
from sim.measures import CELL_CLASSES, HEADLINES, MEASURES, UNITS, Measures, definition, dictionary, measure
from sim.measures.hours import occupancy
from sim.scenario import Scenario
from sim.world.calendar import Calendar
from sim.world.tape import DemandTape
from sim.world.world import Municipality, World

def run(
    requests: list[dict[str, Any]], shifts: list[dict[str, Any]] | None = None, horizon: float = 2 * WEEK
) -> Measures:
    if shifts is None:  # one that began before the warm-up had ended, so that nothing of it is counted
        shifts = [{"start": 0.0, "end": horizon}]
    return measure(make_tape(requests, horizon), make_world(), SCENARIO, make_journal(requests, shifts))


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


SCRIPT: list[dict[str, Any]] = [
    visit(WEEK - 60, 5, 5),  # logged before the warm-up ended: not counted
    visit(TEN, 20, 30, t0=TEN - 10),  # A1 in Norr: 50 minutes
    visit(TEN, 30, 30.5),  # A1: half a minute past target
    visit(TEN, 90, 30, klass=1, municipality=1, group=1),  # A2 in Söder, on target to the minute
    visit(TEN + 720, 100, 40, klass=1, municipality=1),  # ordered at 22: night
    {"t0": TEN, "t1": TEN, "te": TEN + 120.0, "outcome": OUTCOMES["escalated"]},  # A1 that gave up
    {"t0": 2 * WEEK - 200, "t1": 2 * WEEK - 200, "klass": 2},  # A3 open, younger than its target
    {"t0": 2 * WEEK - 360, "t1": 2 * WEEK - 360, "klass": 2},  # A3 open, as old as its target: a miss
    {"t0": 2 * WEEK - 5, "klass": 0},  # not ordered before the end
    visit(TEN, 1440, 20, klass=4, due_day=8),  # P, visited on Tuesday, its last day
    visit(TEN, 1440, 20, klass=4, due_day=7),  # P, a day late
    visit(TEN, 60, 20, klass=3, due_day=7, visits=6, group=1),  # a round of six residents
    {"t0": TEN, "t1": TEN, "klass": 4, "due_day": 14},  # P open, promised after the end
    {"t0": TEN, "t1": TEN, "klass": 4, "due_day": 13},  # P open, promised by the last day
]


def test_requests_by_hand() -> None:
    found = run(SCRIPT)
    assert value(found, "requests") == (13 * 52, 13)
    assert value(found, "requests", "acute") == (8 * 52, 8)
    assert value(found, "requests", "A1", "Norr") == (4 * 52, 4)
    assert value(found, "requests", "A1", "Söder") == (0, 0)
    assert value(found, "visits") == ((7 + 5) * 52, 7)
    assert value(found, "visits", "R", group="G2") == (6 * 52, 1)
    assert value(found, "response_min", "A1") == ((50 + 60.5) / 2, 2)
    assert value(found, "response_logged_min", "A1") == ((60 + 60.5) / 2, 2)
    assert value(found, "queue_min", "A1") == (25, 2)
    assert value(found, "travel_min", "A1") == (30.25, 2)
    assert value(found, "response_min", "acute") == ((50 + 60.5 + 120 + 140) / 4, 4)
    assert value(found, "response_min", "A2", window="dag") == (120, 1)
    assert value(found, "response_min", "A2", window="natt") == (140, 1)
    assert value(found, "response_min", "A2", group="G2") == (120, 1)
    assert value(found, "travel_min", "planned") == (20, 3)
    assert value(found, "days_to_visit", "P") == (1460 / 1440, 2)


def test_targets_promises_and_what_never_came_by_hand() -> None:
    found = run(SCRIPT)
    assert value(found, "in_target", "A1") == (1 / 3, 3)  # the one not ordered is not judged
    assert value(found, "in_target", "A2") == (1 / 2, 2)  # 120 minutes is inside
    assert value(found, "in_target", "A3") == (0, 1)  # the young one is not judged, the old one is a miss
    assert value(found, "in_target", "acute") == (2 / 6, 6)
    assert value(found, "in_target", "acute", "Söder") == (1 / 2, 2)
    assert value(found, "escalated", "A1") == (1 / 4, 4)
    assert value(found, "escalated") == (1 / 13, 13)
    assert value(found, "open", "A3") == (1, 2)
    assert value(found, "open") == (5 / 13, 13)
    assert value(found, "open_age_days", "A3") == ((200 + 360) / 2 / 1440, 2)
    assert value(found, "on_promised_day", "P") == (1 / 3, 3)
    assert value(found, "on_promised_day", "R") == (1, 1)
    assert value(found, "on_promised_day", "planned") == (2 / 4, 4)


def test_midnight_belongs_to_the_next_day() -> None:
    late = visit(TEN, 810, 30, klass=4, due_day=7)  # arrives on the stroke of midnight
    assert value(run([late]), "on_promised_day", "P") == (0, 1)
    assert value(run([late | {"t4": late["t4"] - 1 / 64}]), "on_promised_day", "P") == (1, 1)


def test_p90_counts_never_visited_as_infinite() -> None:
    nine = [visit(TEN, 10 * i, 0) for i in range(1, 10)]
    gone = {"t0": TEN, "t1": TEN, "te": TEN + 1, "outcome": OUTCOMES["escalated"]}
    assert value(run([*nine, gone]), "response_p90_min", "A1") == (90, 10)
    lost, n = value(run([*nine[:8], gone, gone]), "response_p90_min", "A1")
    assert n == 10 and math.isnan(lost)
    assert value(run(nine), "response_p90_min", "acute") == (90, 9)  # ceil(8.1) = 9th
    assert value(run(nine), "response_p90_min", "A1", window="dag") == (90, 9)


def test_telephone_and_cancelled_are_neither_hits_nor_misses() -> None:
    phoned = {"t0": TEN, "t1": TEN, "outcome": OUTCOMES["telephone"]}
    dropped = {"t0": TEN, "t1": TEN, "outcome": OUTCOMES["cancelled"]}
    found = run([visit(TEN, 0, 20), phoned, dropped])
    assert value(found, "in_target", "A1") == (1, 1)
    assert value(found, "requests", "A1")[1] == 3
    assert value(found, "open", "A1") == (0, 3)


def test_equity_by_hand() -> None:
    found = run([visit(TEN, 10, 10), visit(TEN, 30, 50, municipality=1), visit(TEN, 10, 10, municipality=1)])
    # Norr 20 minutes (3000 people), Söder 50 minutes (1000 people).
    assert value(found, "gap_response_min", "acute") == (30, 2)
    assert value(found, "gap_in_target", "acute") == (0.5, 2)
    mean = 0.75 * 20 + 0.25 * 50
    assert value(found, "gini_response", "acute")[0] == pytest.approx(2 * 0.75 * 0.25 * 30 / (2 * mean))


SHIFTS: list[dict[str, Any]] = [
    {"start": WEEK - 60, "end": WEEK + 420, "driving": 99, "visits": 50, "stops": 9, "km": 999},  # before: not counted
    {"start": MONDAY + 480, "end": MONDAY + 960, "home": MONDAY + 990, "driving": 120, "scene": 200, "notes": 80,
     "km": 100, "visits": 8, "stops": 3, "physician": 7},
    {"start": MONDAY + 1200, "end": MONDAY + 1680, "driving": 40, "scene": 30, "notes": 10,
     "km": 30, "visits": 1, "stops": 1, "physician": 8, "municipality": 1},
    {"start": MONDAY + 2880, "end": MONDAY + 3360, "driving": 0, "scene": 0, "notes": 0,
     "physician": 7, "municipality": 1},
]  # fmt: skip


def test_shifts_by_hand() -> None:
    found = run([], SHIFTS)
    assert value(found, "hours_per_week") == (24, 3)
    assert value(found, "hours_per_week", place="Söder") == (16, 2)
    assert value(found, "visits_per_hour") == (9 / 24, 3)
    assert value(found, "stops_per_hour") == (4 / 24, 3)
    assert value(found, "utilisation", place="Norr") == (400 / 480, 1)
    assert value(found, "utilisation") == (480 / 1440, 3)
    assert value(found, "driving_share", place="Norr") == (120 / 510, 1)  # of paid time, overtime included
    assert value(found, "idle_share", place="Norr") == (110 / 510, 1)
    assert value(found, "travel_min_per_visit") == (160 / 9, 9)
    assert value(found, "km_per_visit") == (130 / 9, 9)
    assert value(found, "km_per_stop") == (130 / 4, 4)
    assert value(found, "overtime_h_per_week") == (0.5, 3)
    assert value(found, "visits_per_shift") == (3, 3)
    assert value(found, "visits_per_shift_p95") == (8, 3)
    assert value(found, "visits_per_shift_p95", place="Söder") == (1, 2)
    # Physician 7 works 400 of 960 minutes, physician 8 80 of 480.
    assert value(found, "load_spread")[0] == pytest.approx((400 / 960 - 80 / 480) / 2)
    assert value(found, "load_spread")[1] == 2
    assert value(found, "load_spread", place="Söder")[0] == pytest.approx((80 / 480 - 0) / 2)
    assert value(found, "load_spread", place="Norr") == (0, 1)


def test_nights_by_hand() -> None:
    night = {"start": MONDAY + 1320, "end": MONDAY + 1920}  # 22-08
    evening = {"start": MONDAY + 900, "end": MONDAY + 1320}  # 15-22: touches the night, does not cover it
    late = {"start": MONDAY + 900, "end": MONDAY + 1321}  # one minute of night
    requests = [
        visit(MONDAY + 1300, 10, 10, shift=0),  # 21.50, before the night begins
        visit(MONDAY + 1300, 25, 10, shift=2),  # 22.05
        visit(MONDAY + 1300, 30, 10, shift=1),  # in overtime: this shift was not rostered in the night
    ]
    assert value(run(requests, [night, evening, late]), "nights_disturbed") == (1 / 2, 2)
    requests[0] |= {"t3": MONDAY + 1320.0}
    assert value(run(requests, [night, evening, late]), "nights_disturbed") == (1, 2)


def test_hours_by_hand() -> None:
    shifts = [{"start": MONDAY + 480, "end": MONDAY + 720, "driving": 50, "scene": 60, "notes": 15}]
    # Tuesday would be another cell; Monday 8-12: leaves 8.30, arrives 9.00, leaves 10.00, documented 10.15,
    # and 20 minutes home are somewhere in the 105 minutes that are left.
    request = visit(MONDAY + 500, 10, 30, shift=0, t5=MONDAY + 600.0, t6=MONDAY + 615.0)
    hours = run([request], shifts).hours
    assert len(hours) == 168
    monday = hours[hours["weekday"] == 0].set_index("hour")
    states = ("driving", "on_scene", "documenting")
    assert monday["on_shift"].to_dict() == {hour: 1.0 if 8 <= hour < 12 else 0.0 for hour in range(24)}
    assert monday.loc[8, "driving"] == pytest.approx(0.5)
    assert [monday.loc[9, name] for name in states] == pytest.approx([0, 1, 0])
    assert [monday.loc[10, name] for name in states] == pytest.approx([20 / 105 * 0.75, 0, 0.25])
    assert monday.loc[11, "driving"] == pytest.approx(20 / 105)
    assert hours[hours["weekday"] > 0][["on_shift", "driving", "on_scene", "documenting"]].to_numpy().sum() == 0


def test_legs_home_lie_between_the_stops_of_their_own_shift() -> None:
    one = {"start": MONDAY + 480, "end": MONDAY + 720, "driving": 60, "scene": 60, "notes": 30}
    other = {"start": MONDAY + 480, "end": MONDAY + 720, "driving": 0, "scene": 30, "notes": 15}
    requests = [
        visit(MONDAY + 480, 0, 15, shift=0),  # 8.00-9.00
        visit(MONDAY + 555, 0, 0, shift=1),  # somebody else, 9.15-10.00
        visit(MONDAY + 600, 0, 15, shift=0),  # 10.00-11.00
    ]
    monday = run(requests, [one, other]).hours.set_index(["weekday", "hour"])["driving"]
    # 30 minutes to patients, and 30 home in the two hours between stops.
    assert [monday[(0, hour)] for hour in range(8, 12)] == pytest.approx([0.25, 0.25, 0.25, 0.25])


def test_hours_cut_at_warm_up_and_horizon() -> None:
    shifts = [{"start": WEEK - 90, "end": WEEK + 30}, {"start": 2 * WEEK - 30, "end": 2 * WEEK, "driving": 30}]
    request = {"t0": 2 * WEEK - 40, "t1": 2 * WEEK - 40, "t3": 2 * WEEK - 30, "shift": 1}  # still driving at the end
    hours = run([request], shifts).hours.set_index(["weekday", "hour"])
    assert hours.loc[(0, 0), "on_shift"] == 0.5
    assert [hours.loc[(6, 23), name] for name in ("on_shift", "driving", "on_scene")] == [0.5, 0.5, 0.0]
    assert hours["on_shift"].sum() == 1.0


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 599), st.integers(0, 300), st.sampled_from([1.0, 0.25])), max_size=12))
def test_occupancy_is_the_slow_count(intervals: list[tuple[int, int, float]]) -> None:
    start = np.array([a for a, _, _ in intervals], dtype=float)
    stop = np.minimum(start + np.array([d for _, d, _ in intervals], dtype=float), 600.0)
    weight = np.array([w for _, _, w in intervals], dtype=float)
    slow = [
        sum(w * max(0.0, min(b, 60.0 * h + 60) - max(a, 60.0 * h)) for a, b, w in zip(start, stop, weight, strict=True))
        for h in range(10)
    ]
    assert occupancy(start, stop, 10, weight).tolist() == slow


def test_curves_by_hand() -> None:
    found = run(SCRIPT).curves
    assert len(found) == 3 * 4 * 49
    a1 = found[(found["municipality"] == "all") & (found["class"] == "A1")].set_index("minutes")
    assert a1.loc[40, "arrived"] == 0
    assert a1.loc[50, "arrived"] == pytest.approx(1 / 3)  # arrived at minute 50 exactly
    assert a1.loc[60, "arrived"] == pytest.approx(1 / 3)
    assert a1.loc[70, "arrived"] == pytest.approx(2 / 3)
    assert a1.loc[110, "escalated"] == 0
    assert a1.loc[120, "escalated"] == pytest.approx(1 / 3)
    # The two A3 of the last hours cannot be followed for 480 minutes.
    a3 = found[(found["municipality"] == "all") & (found["class"] == "A3")]
    assert a3["arrived"].isna().all()
    soder = found[(found["municipality"] == "Söder") & (found["class"] == "acute")].set_index("minutes")
    assert soder.loc[[110, 120, 140, 480], "arrived"].tolist() == [0, 0.5, 1, 1]


def test_rows_are_the_same_for_every_run() -> None:
    some, none = run(SCRIPT, SHIFTS).table, run([]).table
    keys = ["municipality", "group", "class", "window", "measure", "unit"]
    pd.testing.assert_frame_equal(some[keys], none[keys])
    assert not some.duplicated(keys).any()
    assert list(some.columns) == ["municipality", "group", "class", "window", "measure", "value", "unit", "n"]
    assert none[none["n"] == 0]["value"].dropna().eq(0).all()  # only counts are 0 when nothing happened
    assert set(some["measure"]) == {item.name for item in MEASURES}


def test_wrong_inputs_are_refused() -> None:
    with pytest.raises(ValueError, match="journal has 0 requests and the tape 14"):
        measure(make_tape(SCRIPT), make_world(), SCENARIO, make_journal([]))
    with pytest.raises(ValueError, match="warm-up"):
        measure(make_tape([], horizon=WEEK), make_world(), SCENARIO, make_journal([]))


# ---- random runs -------------------------------------------------------------------------------------------------

quarter = st.integers(0, 4 * 600).map(lambda ticks: ticks / 4)


@st.composite
def scripts(draw: st.DrawFn) -> list[dict[str, Any]]:
    requests = []
    for _ in range(draw(st.integers(0, 25))):
        klass = draw(st.integers(0, 4))
        t0 = draw(st.integers(0, int(2 * WEEK) - 1)) * 1.0
        row: dict[str, Any] = {
            "t0": t0, "klass": klass, "group": draw(st.integers(0, 3)), "municipality": draw(st.integers(0, 1)),
            "visits": draw(st.integers(1, 9)) if klass == 3 else 1,
            "due_day": int(t0 // DAY) + draw(st.integers(0, 2)) if klass > 2 else -1,
        }  # fmt: skip
        t1 = t0 + draw(quarter) / 16
        kind = draw(st.sampled_from(["visit", "visit", "visit", "escalated", "open", "telephone"]))
        if t1 <= 2 * WEEK:
            row["t1"] = t1
            if kind == "visit":
                row |= {"t3": t1 + draw(quarter)}
                row |= {"t4": row["t3"] + draw(quarter) / 4}
                row |= {"t5": row["t4"] + 30, "t6": row["t4"] + 45, "shift": 0, "outcome": OUTCOMES["done"]}
                if row["t6"] > 2 * WEEK:
                    row["outcome"] = OUTCOMES["open"]
            elif kind == "escalated" and klass < 3:
                row |= {"te": t1 + draw(quarter), "outcome": OUTCOMES["escalated"]}
                if row["te"] > 2 * WEEK:
                    row |= {"te": NAN, "outcome": OUTCOMES["open"]}
            elif kind == "telephone":
                row |= {"outcome": OUTCOMES["telephone"]}
        for key in ("t3", "t4", "t5", "t6"):
            if row.get(key, 0.0) > 2 * WEEK:
                row[key] = NAN
        requests.append(row)
    return sorted(requests, key=lambda item: item["t0"])


@settings(max_examples=25, deadline=None)
@given(scripts())
def test_every_request_measure_agrees_with_the_slow_way(requests: list[dict[str, Any]]) -> None:
    table = run(requests).table
    by_request = {item.name for item in MEASURES if item.split == "request"}
    cells: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for place, group, klass, window, name, got, _, n in table.itertuples(index=False):
        if name not in by_request:
            continue
        where = (klass, place, group, window)
        if where not in cells:
            cells[where] = slow_cells(requests, *where)
        expected, count = slow(name, cells[where])
        assert n == count, (name, where)
        assert got == pytest.approx(expected, rel=1e-12, abs=1e-12, nan_ok=True), (name, where)


@settings(max_examples=40, deadline=None)
@given(scripts())
def test_identities_of_requests(requests: list[dict[str, Any]]) -> None:
    measures = run(requests)
    wide = measures.table.pivot(index=["municipality", "group", "class", "window"], columns="measure", values="value")
    tape, journal = make_tape(requests), make_journal(requests)
    seen = ~np.isnan(journal.t4)
    queue, travel = journal.t3 - journal.t1, journal.t4 - journal.t3
    assert (queue + travel == journal.t4 - journal.t1)[seen].all()
    acute = wide.dropna(subset=["response_min"])
    assert (acute["queue_min"] + acute["travel_min"]).to_numpy() == pytest.approx(acute["response_min"].to_numpy())
    # The same answer from the totals: exactly, on the dyadic grid.
    counted = seen & (tape.t0_min >= WEEK) & (tape.klass <= 2)
    if counted.any():
        whole = wide.xs(("all", "all", "acute", "all"))
        assert whole["response_min"] == (queue + travel)[counted].sum() / counted.sum()
    judged = wide.dropna(subset=["in_target"])
    assert (judged["in_target"] <= 1 - judged["escalated"] + 1e-12).all()
    # A curve at the target is the share in target, when all could be followed to the end.
    young = any(row.get("t1", 3 * WEEK) > 2 * WEEK - 480 for row in requests if row["t0"] >= WEEK)
    if not young:
        at = measures.curves.set_index(["municipality", "class", "minutes"])["arrived"]
        for name, target in zip(CLASSES[:3], TARGETS, strict=True):
            expected = wide.loc[("all", "all", name, "all"), "in_target"]
            assert at[("all", name, int(target))] == pytest.approx(expected, nan_ok=True)


@st.composite
def rosters(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Shifts worked through one after another, with the requests they took and legs home in between."""
    requests, shifts = [], []
    for number in range(draw(st.integers(1, 8))):
        start = float(draw(st.integers(0, 2 * 7 * 24 - 10)) * 60)
        clock, driving, done = start, 0.0, 0
        for _ in range(draw(st.integers(0, 4))):
            request = visit(clock, draw(quarter) / 8, draw(quarter) / 16, shift=number, klass=2)
            leg_home = draw(quarter) / 16
            driving += request["t4"] - request["t3"] + leg_home
            clock = request["t6"] + leg_home + draw(quarter) / 32
            requests.append(request)
            done += 1
        end = min(start + 480, 2 * WEEK)
        shifts.append({
            "start": start, "end": end, "home": max(clock, end), "driving": driving, "scene": 30.0 * done,
            "notes": 15.0 * done, "visits": done, "stops": done, "physician": draw(st.integers(0, 3)),
            "municipality": draw(st.integers(0, 1)), "km": driving,
        })  # fmt: skip
    requests.sort(key=lambda item: item["t0"])
    return requests, shifts


@settings(max_examples=40, deadline=None)
@given(rosters())
def test_identities_of_shifts(roster: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    requests, shifts = roster
    horizon = 3 * WEEK  # everybody is home before the end
    world, journal = make_world(3), make_journal(requests, shifts)
    found = measure(make_tape(requests, horizon, 0.0), world, SCENARIO, journal)
    rows = found.table[(found.table["group"] == "all") & (found.table["class"] == "all")]
    wide = rows[rows["window"] == "all"].pivot(index="municipality", columns="measure", values="value")
    shares = wide[["driving_share", "on_scene_share", "documenting_share", "idle_share"]].sum(axis=1, skipna=False)
    assert shares.dropna().to_numpy() == pytest.approx(1.0)
    assert wide["hours_per_week"]["all"] == pytest.approx(wide["hours_per_week"][["Norr", "Söder"]].sum())
    assert wide["visits_per_hour"]["all"] == pytest.approx(wide["visits_per_shift"]["all"] / (
        wide["hours_per_week"]["all"] * 3 / len(shifts)))  # fmt: skip
    # Visits counted from the requests and from the shifts are the same visits.
    assert value(found, "visits")[0] * 3 / 52 == pytest.approx(sum(shift["visits"] for shift in shifts))
    assert value(found, "visits_per_shift")[0] * len(shifts) == pytest.approx(len(requests))
    # The picture by hour holds the same minutes as the shifts, and nobody does two things at once.
    hours = found.hours
    for column, minutes in (
        ("on_shift", (journal.shift_home - journal.shift_start).sum()),
        ("driving", journal.driving_min.sum()),
        ("on_scene", journal.on_scene_min.sum()),
        ("documenting", journal.documenting_min.sum()),
    ):
        assert hours[column].sum() * 3 * 60 == pytest.approx(minutes, abs=1e-6)
    assert (hours["driving"] + hours["on_scene"] + hours["documenting"] <= hours["on_shift"] + 1e-9).all()


def test_definitions_are_whole() -> None:
    assert len({item.name for item in MEASURES}) == len(MEASURES)
    practical = set(type(SCENARIO.comparison.practical).model_fields)
    for item in MEASURES:
        assert item.unit in UNITS
        assert item.practical in practical | {""}
        assert set(item.classes) <= set(CELL_CLASSES)
        assert all((*item.title, *item.formula))
    assert {"response_min", "travel_min_per_visit", "utilisation"} <= {name for name, _ in HEADLINES}
    assert [definition(name).headline for name, _ in HEADLINES] == [klass for _, klass in HEADLINES]
    assert sum(bool(item.headline) for item in MEASURES) == len(HEADLINES) == 8
    with pytest.raises(KeyError):
        definition("nothing")


def test_the_dictionary_in_docs_is_made_from_the_definitions() -> None:
    stored = (Path(__file__).parent.parent / "docs" / "measures.md").read_text("utf-8")
    assert stored == dictionary("en") + "\n" + dictionary("sv"), (
        "write docs/measures.md anew from sim.measures.dictionary"
    )


def test_a_year_is_measured_fast() -> None:
    rng = np.random.default_rng(1)
    n, shifts, horizon = 35_000, 25_000, 56 * WEEK
    t0 = np.sort(rng.uniform(0, horizon - 2000, n))
    t1 = t0 + rng.exponential(10, n)
    t3 = t1 + rng.exponential(60, n)
    requests = [{"t0": value} for value in t0]
    tape = make_tape(requests, horizon, 4 * WEEK)
    object.__setattr__(tape, "klass", rng.integers(0, 5, n))
    object.__setattr__(tape, "municipality", rng.integers(0, 2, n))
    journal = make_journal(requests, [{"start": 480.0 + 20 * i, "end": 960.0 + 20 * i} for i in range(shifts)])
    for name, values in (("t1", t1), ("t3", t3), ("t4", t3 + 20), ("t5", t3 + 60), ("t6", t3 + 75)):
        object.__setattr__(journal, name, values)
    object.__setattr__(journal, "shift", np.sort(rng.integers(0, shifts, n)))
    object.__setattr__(journal, "shift_physician", rng.integers(0, 60, shifts))
    world = make_world(56)
    best = math.inf
    for _ in range(3):
        start = time.perf_counter()
        measure(tape, world, SCENARIO, journal)
        best = min(best, time.perf_counter() - start)
    assert best < 0.5  # it takes about 0.05 s on an idle machine
