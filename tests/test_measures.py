"""Measures on hand-made tapes and journals: answers by hand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_factory import (
    MONDAY,
    OUTCOMES,
    SCENARIO,
    TEN,
    WEEK,
    make_journal,
    make_staff,
    make_tape,
    make_world,
    run,
    value,
    visit,
)  # fmt: skip

from sim.codes import ADM, PAL, P, R
from sim.grid import TICKS_PER_MINUTE
from sim.jit import uncompiled
from sim.language.units import UNITS
from sim.measures import CELL_CLASSES, HEADLINES, MEASURES, definition, dictionary, measure
from sim.measures.measuring import rounded
from sim.measures.passes import hourly

HOURLY = uncompiled(hourly)
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
    visit(TEN, 1440, 20, klass=P, due_day=8),  # P, visited on Tuesday, its last day
    visit(TEN, 1440, 20, klass=P, due_day=7),  # P, a day late
    visit(TEN, 60, 20, klass=R, due_day=7, visits=6, group=1),  # a round of six residents
    {"t0": TEN, "t1": TEN, "klass": P, "due_day": 14},  # P open, promised after the end
    {"t0": TEN, "t1": TEN, "klass": P, "due_day": 13},  # P open, promised by the last day
]


def test_requests_by_hand() -> None:
    found = run(SCRIPT)
    assert value(found, "requests") == (13 * 52, 13)
    assert value(found, "requests", "acute") == (8 * 52, 8)
    assert value(found, "requests", "A1", "Norr") == (4 * 52, 4)
    assert value(found, "requests", "A1", "Söder") == (0, 0)
    assert value(found, "visits") == ((7 + 5) * 52, 7)
    assert value(found, "visits", "R", group="G2") == (6 * 52, 1)
    assert value(found, "response_min", "A1") == pytest.approx(((50 + 60.5) / 2, 2), rel=1e-10)
    assert value(found, "response_logged_min", "A1") == pytest.approx(((60 + 60.5) / 2, 2), rel=1e-10)
    assert value(found, "queue_min", "A1") == (25, 2)
    assert value(found, "travel_min", "A1") == (30.25, 2)
    assert value(found, "response_min", "acute") == pytest.approx(((50 + 60.5 + 120 + 140) / 4, 4), rel=1e-10)
    assert value(found, "response_min", "A2", window="dag") == (120, 1)
    assert value(found, "response_min", "A2", window="natt") == (140, 1)
    assert value(found, "response_min", "A2", group="G2") == (120, 1)
    assert value(found, "travel_min", "planned") == (20, 3)
    assert value(found, "days_to_visit", "P") == pytest.approx((1460 / 1440, 2), rel=1e-10)


def test_targets_promises_and_what_never_came_by_hand() -> None:
    found = run(SCRIPT)
    assert value(found, "in_target", "A1") == pytest.approx((1 / 3, 3), rel=1e-10)  # the one not ordered is not judged
    assert value(found, "in_target", "A2") == (1 / 2, 2)  # 120 minutes is inside
    assert value(found, "in_target", "A3") == (0, 1)  # the young one is not judged, the old one is a miss
    assert value(found, "in_target", "acute") == pytest.approx((2 / 6, 6), rel=1e-10)
    assert value(found, "in_target", "acute", "Söder") == (1 / 2, 2)
    assert value(found, "escalated", "A1") == pytest.approx((1 / 4, 4), rel=1e-10)
    assert value(found, "escalated") == pytest.approx((1 / 13, 13), rel=1e-10)
    assert value(found, "open", "A3") == (1, 2)
    assert value(found, "open") == pytest.approx((5 / 13, 13), rel=1e-10)
    assert value(found, "open_age_days", "A3") == pytest.approx(((200 + 360) / 2 / 1440, 2), rel=1e-10)
    assert value(found, "on_promised_day", "P") == pytest.approx((1 / 3, 3), rel=1e-10)
    assert value(found, "on_promised_day", "R") == (1, 1)
    assert value(found, "on_promised_day", "planned") == pytest.approx((2 / 4, 4), rel=1e-10)
    assert value(found, "broken_promises", "planned") == (2 * 52, 4)


def test_midnight_belongs_to_the_next_day() -> None:
    late = visit(TEN, 810, 30, klass=P, due_day=7)  # arrives on the stroke of midnight
    assert value(run([late]), "on_promised_day", "P") == (0, 1)
    assert value(run([late | {"t4": late["t4"] - 1 / 64}]), "on_promised_day", "P") == (1, 1)


def test_p90_counts_never_visited_as_infinite() -> None:
    nine = [visit(TEN, 10 * i, 0) for i in range(1, 10)]
    gone = {"t0": TEN, "t1": TEN, "te": TEN + 1, "outcome": OUTCOMES["escalated"]}
    assert value(run([*nine, gone]), "response_p90_min", "A1") == (90, 10)
    lost, n = value(run([*nine[:8], gone, gone]), "response_p90_min", "A1")
    assert n == 10 and lost == math.inf
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
    # All in Norr within an hour, half in Söder.
    assert value(found, "gini_in_target", "acute")[0] == pytest.approx(2 * 0.75 * 0.25 * 0.5 / (2 * 0.875))


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
    assert value(found, "visits_per_hour") == pytest.approx((9 / 24, 3), rel=1e-10)
    assert value(found, "stops_per_hour") == pytest.approx((4 / 24, 3), rel=1e-10)
    assert value(found, "utilisation", place="Norr") == pytest.approx((400 / 480, 1), rel=1e-10)
    assert value(found, "utilisation") == pytest.approx((480 / 1440, 3), rel=1e-10)
    assert value(found, "driving_share", place="Norr") == pytest.approx(
        (120 / 510, 1), rel=1e-10
    )  # of paid time, overtime included
    assert value(found, "idle_share", place="Norr") == pytest.approx((110 / 510, 1), rel=1e-10)
    assert value(found, "travel_min_per_visit") == pytest.approx((160 / 9, 9), rel=1e-10)
    assert value(found, "km_per_visit") == pytest.approx((130 / 9, 9), rel=1e-10)
    assert value(found, "km_per_stop") == pytest.approx((130 / 4, 4), rel=1e-10)
    assert value(found, "overtime_h_per_week") == (0.5, 3)
    assert value(found, "visits_per_shift") == (3, 3)
    assert value(found, "visits_per_shift_p95") == (8, 3)
    assert value(found, "visits_per_shift_p95", place="Söder") == (1, 2)
    # Physician 7 works 400 of 960 minutes, physician 8 80 of 480.
    assert value(found, "load_spread")[0] == pytest.approx((400 / 960 - 80 / 480) / 2)
    assert value(found, "load_spread")[1] == 2
    assert value(found, "load_spread", place="Söder")[0] == pytest.approx((80 / 480 - 0) / 2)
    assert value(found, "load_spread", place="Norr") == (0, 1)
    # 400 and 80 minutes of work.
    assert value(found, "hours_gini") == pytest.approx((320 * 2 / (2 * 2 * 480), 2))


def test_nights_by_hand() -> None:
    night = {"start": MONDAY + 1320, "end": MONDAY + 1920}  # 22-08
    evening = {"start": MONDAY + 900, "end": MONDAY + 1440}  # 15-24: touches the small hours, has none of them
    late = {"start": MONDAY + 900, "end": MONDAY + 1441}  # one minute of them
    requests = [
        visit(MONDAY + 1350, 5, 10, shift=0),  # set out at 22.35, documented at 23.30
        visit(MONDAY + 1410, 5, 10, shift=2),  # set out at 23.35, documented at 00.30
        visit(MONDAY + 1410, 5, 10, shift=1),  # in overtime: this shift was not rostered after midnight
        visit(MONDAY + 1740, 0, 10, shift=0),  # set out at 05.00
    ]
    assert value(run(requests, [night, evening, late]), "nights_disturbed") == (1 / 2, 2)
    requests[3]["t3"] -= 1 / 64
    assert value(run(requests, [night, evening, late]), "nights_disturbed") == (1, 2)
    times = {key: MONDAY + minute for key, minute in (("t3", 1425), ("t4", 1430), ("t5", 1435), ("t6", 1440.0))}
    call = {"t0": MONDAY + 1400, "t1": MONDAY + 1400, "shift": 0, "telephone": 1, "outcome": OUTCOMES["telephone"]}
    assert value(run([call | times], [night]), "nights_disturbed") == (0, 1)  # over at midnight
    assert value(run([call | times | {"t6": MONDAY + 1441}], [night]), "nights_disturbed") == (1, 1)


def test_a_call_is_no_visit() -> None:
    shifts = [{"start": MONDAY + 480, "end": MONDAY + 720, "driving": 10, "calls": 15, "notes": 5}]
    call = visit(TEN, 5, 10, telephone=1, outcome=OUTCOMES["telephone"], t5=TEN + 30, t6=TEN + 35)
    found = run([call], shifts)
    for name, klass in (("response_min", "A1"), ("in_target", "A1"), ("visits", "all"), ("conveyed", "all")):
        assert value(found, name, klass)[1] == 0
    assert value(found, "nurse_h_per_year")[0] == value(found, "waiting_h_per_year")[0] == 0
    assert value(found, "utilisation") == pytest.approx((30 / 240, 1), rel=1e-10)
    hours = found.hours.sum()
    assert hours["on_scene"] == 0 and hours["driving"] == pytest.approx(10 / 60)
    assert hours["telephone"] == pytest.approx(15 / 60) and hours["documenting"] == pytest.approx(5 / 60)
    under_way = run([call | {"outcome": OUTCOMES["open"]}], shifts)  # at the end of the period
    assert value(under_way, "in_target", "A1")[1] == 0 and value(under_way, "open", "A1") == (1, 1)
    gave_up = {"t0": TEN, "t1": TEN, "te": TEN + 50.0, "telephone": 1, "outcome": OUTCOMES["escalated"]}
    assert value(run([gave_up]), "in_target", "A1") == (0, 1)


def test_rest_by_hand() -> None:
    def shift(start_h: float, end_h: float, person: int, home_h: float = 0.0) -> dict[str, Any]:
        clock = {"start": MONDAY + 60 * start_h, "end": MONDAY + 60 * end_h, "home": MONDAY + 60 * home_h}
        return {**clock, "physician": person, "municipality": person % 2}

    shifts = [
        shift(8, 17, 0),
        shift(28, 36, 0, 36.5),  # eleven hours later, to the minute: rested
        shift(47, 55, 0),  # ten and a half hours later
        shift(8, 12, 1),
        shift(13, 21, 1),  # a divided day of 13 hours: eleven are left of the 24
        shift(8, 12, 3),
        shift(13, 21, 3, 21.25),  # a quarter more: not
        shift(70, 84, 2),  # 14 hours
    ]
    found = run([], shifts)
    assert value(found, "rest_breaches") == (2 * 52, 8)
    assert value(found, "rest_breaches", place="Söder") == (52, 4)
    assert value(found, "long_days") == (52, 8)
    assert value(found, "longest_stretch_h") == (27, 8)  # from hour 28 to 55
    assert value(found, "longest_stretch_h", place="Söder") == (13.25, 4)
    before = [shift(-10, -1, 0), shift(4, 8, 0)]  # the first is not counted, but the second follows it
    assert value(run([], before), "rest_breaches") == (52, 1)
    assert value(run([], before), "longest_stretch_h") == (18, 1)
    assert math.isnan(value(run([]), "longest_stretch_h")[0])


def test_weeks_by_hand() -> None:
    week = [{"start": MONDAY + 1440 * day, "end": MONDAY + 1440 * day + 576} for day in range(5)]  # 48 hours
    assert value(run([], week), "long_weeks") == (0, 1)
    assert value(run([], [*week[:4], week[4] | {"home": week[4]["end"] + 1}]), "long_weeks") == (52, 1)
    sunday = {"start": MONDAY - 60, "end": MONDAY + 1}  # all but a minute belongs to the week before
    assert value(run([], [*week, sunday]), "long_weeks") == (52, 1)
    assert value(run([], [*week, sunday | {"physician": 1}]), "long_weeks") == (0, 2)


def test_outcomes_by_hand() -> None:
    def ended(name: str, klass: int = 1, **more: Any) -> dict[str, Any]:
        return {"t0": TEN, "t1": TEN, "klass": klass, "outcome": OUTCOMES[name]} | more

    found = run([
        ended("telephone", telephone=1), ended("telephone", telephone=1),
        ended("cancelled", P, due_day=8, leaves=TEN + 60),
        ended("referred", referred_to=0), ended("referred", 2, referred_to=1, municipality=1),
        ended("referred", referred_to=2), ended("escalated", te=TEN + 30), ended("escalated", PAL, te=TEN + 90),
        visit(TEN, 30, 30, klass=PAL, conveyed=1, group=4), visit(TEN, 30, 30, klass=ADM),
    ])  # fmt: skip
    assert value(found, "telephone") == pytest.approx((0.2, 10), rel=1e-10)
    assert value(found, "telephone", "A2") == pytest.approx((2 / 5, 5), rel=1e-10)
    assert value(found, "telephone_per_year") == (2 * 52, 10)
    assert value(found, "cancelled", "planned") == (1, 1)
    assert value(found, "cancelled_per_year") == (52, 10)
    assert value(found, "referred") == pytest.approx((0.3, 10), rel=1e-10)
    assert value(found, "referred_per_year", place="Söder") == (52, 1)
    for place in ("vardcentral", "ed", "telephone"):
        assert value(found, f"referred_to_{place}") == (52, 3)
    assert value(found, "referred_to_ed", place="Norr") == (0, 2)
    assert value(found, "escalated", "PAL") == (1 / 2, 2)
    assert value(found, "escalated_per_year") == (104, 10)
    assert value(found, "conveyed") == (1 / 2, 2)
    assert value(found, "conveyed_per_year", group="G5") == (52, 1)
    assert value(found, "stops") == (104, 2)
    # PAL and ADM have targets of their own and are no part of the acute.
    assert value(found, "in_target", "PAL") == (1 / 2, 2)
    assert value(found, "response_min", "ADM") == (60, 1)
    assert value(found, "in_target", "acute") == (0, 1)
    assert value(found, "response_p90_min", "ADM") == (60, 1)
    assert value(found, "waiting_h_per_year") == ((0.5 + 1.5 + 1 + 1) * 52, 4)
    assert value(found, "waiting_h_per_year", "acute") == (0.5 * 52, 1)


def test_who_has_left_was_promised_nothing() -> None:
    gone = {"t0": TEN, "t1": TEN, "klass": P, "due_day": 8, "outcome": OUTCOMES["cancelled"]}
    midnight = 9 * 1440.0
    late = visit(TEN, 3000, 0, klass=P, due_day=8)
    assert value(run([gone | {"leaves": midnight - 1}, late]), "broken_promises", "P") == (52, 1)
    assert value(run([gone | {"leaves": midnight}, late]), "broken_promises", "P") == (104, 2)
    assert value(run([gone | {"leaves": midnight}, late]), "on_promised_day", "P") == (0, 2)
    kept = visit(TEN, 30, 0, klass=P, due_day=8, leaves=TEN + 500)
    assert value(run([kept]), "on_promised_day", "P") == (1, 1)


def test_continuity_by_hand() -> None:
    shifts = [{"start": 0.0, "end": 2 * WEEK, "physician": person, "vardcentral": person % 2} for person in range(4)]
    who = [1, 1, 1, 1, 1, 2, 2, 3]
    known = [visit(TEN + 60 * i, 0, 5, shift=person, patient=7) for i, person in enumerate(who)]
    alike = [visit(TEN, 0, 5, shift=2, patient=9, municipality=1, group=4) for _ in range(3)]
    left_out = [
        *[visit(TEN, 0, 5, shift=3, patient=8) for _ in range(2)],  # two visits only
        *[visit(TEN, 0, 5, shift=i, patient=-1, klass=R) for i in range(3)],  # rounds
        visit(TEN, 0, 5, shift=3, patient=9, no_show=1),  # nobody was seen
        visit(WEEK - 60, 0, 5, shift=3, patient=9),  # in the warm-up
        {"t0": TEN, "t1": TEN, "patient": 9, "outcome": OUTCOMES["telephone"]},
    ]
    found = run(known + alike + left_out, shifts, staff=make_staff(shifts))
    # The published indices for 5, 2 and 1 visits of three physicians (Breslau and Reeb; Bice and Boxerman).
    assert value(found, "upc", place="Norr") == (0.625, 1)
    assert value(found, "coc", place="Norr") == pytest.approx((0.39285714285714285, 1))
    assert value(found, "coc", group="G5") == (1, 1)
    assert value(found, "upc") == pytest.approx(((0.625 + 1) / 2, 2), rel=1e-10)


def test_familiar_faces_by_hand() -> None:
    shifts = [{"start": 0.0, "end": 2 * WEEK, "physician": n, "vardcentral": v} for n, v in ((1, 0), (2, 0), (5, 1))]
    requests = [
        visit(TEN, 0, 5, shift=0, named=0.2),  # vårdcentral 0 has physicians 1 and 2: named 1, seen by 1
        visit(TEN, 0, 5, shift=0, named=0.5),  # named 2
        visit(TEN, 0, 5, shift=2, named=0.99, vardcentral=1),  # the only one there
        visit(TEN, 0, 5, shift=2, vardcentral=0, klass=P),
        visit(TEN, 0, 5, shift=2, vardcentral=-1),  # listed nowhere
    ]
    found = run(requests, shifts, staff=make_staff(shifts))
    assert value(found, "by_named") == pytest.approx((2 / 4, 4), rel=1e-10)
    assert value(found, "by_named", "acute") == pytest.approx((2 / 3, 3), rel=1e-10)
    assert value(found, "by_own_vardcentral") == pytest.approx((3 / 4, 4), rel=1e-10)
    assert value(found, "by_own_vardcentral", "planned") == (0, 1)
    assert value(run(requests, shifts), "by_named")[1] == 0  # nothing known of the physicians


def test_costs_by_hand() -> None:
    hour = {"start": MONDAY + 480, "end": MONDAY + 540}
    shifts = [
        hour | {"km": 10, "home": MONDAY + 570, "driving": 20},  # the region's at 1000 an hour, an hour and a half
        hour | {"km": 100, "pool": 1, "municipality": 1, "driving": 30},  # the contractor's, car included
        hour | {"km": 20, "pool": 2, "calls": 15},  # clinic hours, then half an hour of paid rest
    ]
    requests = [
        {"t0": TEN, "t1": TEN, "te": TEN + 120.0, "outcome": OUTCOMES["escalated"]},  # A1: transport, ED, two hours
        {"t0": TEN, "t1": TEN, "te": TEN + 300.0, "klass": 1, "outcome": OUTCOMES["escalated"]},  # ED
        {"t0": TEN, "t1": TEN, "te": TEN + 60.0, "klass": PAL, "group": 4, "outcome": OUTCOMES["escalated"]},  # ward
        {"t0": TEN, "t1": TEN, "klass": 1, "group": 6, "outcome": OUTCOMES["referred"], "referred_to": 0},
        visit(TEN, 15, 15, conveyed=1, municipality=1),  # A1: half an hour's wait, half an hour on scene
        visit(TEN, 30, 30, klass=2, group=7),  # no municipal nurse there
    ]
    found = run(requests, shifts, staff=make_staff(shifts))
    costs = SCENARIO.costs
    assert value(found, "cost_physicians") == (
        52 * (1.5 * 1000 + costs.contractor_hour + 1.5 * costs.physician_hour),
        3,
    )
    assert value(found, "cost_contractor", place="Söder") == (52 * costs.contractor_hour, 1)
    assert value(found, "contractor_h_per_year") == (52, 3)
    assert value(found, "cost_travel") == (52 * 30 * costs.car_km, 3)
    assert value(found, "km_per_year") == (52 * 130, 3)
    assert value(found, "co2_kg_per_year")[0] == pytest.approx(52 * 130 * costs.co2_g_per_km / 1000)
    assert value(found, "clinic_h_per_week") == (1, 1)
    assert value(found, "telephone_time_share") == pytest.approx((15 / 210, 3), rel=1e-10)
    assert value(found, "utilisation") == pytest.approx((65 / 180, 3), rel=1e-10)
    assert value(found, "hours_gini")[0] == 0  # one physician
    assert value(found, "transports") == (104, 6)
    assert value(found, "ed_visits") == (104, 6)
    assert value(found, "ward_days") == (52 * costs.ward_days_per_stay, 6)
    waiting, there = 2 + 1 + 0.5, 0.5
    nurse = 52 * (waiting * costs.nurse_waiting_share + there * costs.nurse_present_share)
    assert value(found, "nurse_h_per_year") == pytest.approx((nurse, 6))
    assert value(found, "nurse_h_per_year", group="G5") == pytest.approx((52 * costs.nurse_waiting_share, 1))
    assert value(found, "nurse_h_per_year", group="G8") == (0, 1)
    assert value(found, "cost_municipalities")[0] == pytest.approx(nurse * costs.nurse_hour)
    away = 104 * (costs.ambulance_transport + costs.ed_visit) + 52 * costs.vardcentral_visit
    away += 52 * costs.ward_days_per_stay * costs.inpatient_day
    region = value(found, "cost_physicians")[0] + value(found, "cost_travel")[0] + away
    assert value(found, "cost_region") == pytest.approx((region, 2))
    assert value(found, "cost_total")[0] == pytest.approx(region + nurse * costs.nurse_hour)
    assert value(found, "cost_per_visit")[0] == pytest.approx((region + nurse * costs.nurse_hour) / 104)
    # Without the organisation all hours are the region's own, and nothing is said of clinic hours.
    unknown = run(requests, shifts)
    assert value(unknown, "cost_physicians")[0] == 52 * 3.5 * costs.physician_hour
    assert math.isnan(value(unknown, "clinic_h_per_week")[0])


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
@given(st.lists(st.tuples(st.integers(0, 30_000), st.integers(0, 12_000), st.sampled_from([1.0, 0.25])), max_size=12))
def test_time_is_split_at_the_hour_of_the_week(intervals: list[tuple[int, int, float]]) -> None:
    spread, attended, slow = np.zeros((2, 169)), np.zeros((2, 169)), np.zeros((2, 168))
    presence = np.zeros((2, 169))
    for start, length, weight in intervals:
        HOURLY.spread(spread, 1, float(start), float(start + length))
        HOURLY.attend(presence, float(start), float(start + length), weight)
        minutes = np.arange(start, start + length) // 60 % 168  # minute by minute
        np.add.at(slow[0], minutes, 1.0)
        np.add.at(slow[1], minutes, weight)
    HOURLY.add_presence(attended, 0, presence)
    spread[:, 0] += spread[:, 168]
    assert spread[1, :168].tolist() == slow[0].tolist() and not spread[0].any()
    assert attended[0, :168].tolist() == slow[1].tolist() and not attended[1].any()


def test_to_multiply_finds_the_hour_as_to_divide_does() -> None:
    hours = np.arange(20 * 53 * 168)  # twenty years
    assert ((60.0 * hours * hourly.HOURS).astype(np.int64) == hours).all()
    assert (
        (60.0 * (hours + 1) - 2.0**-26) * hourly.HOURS < hours + 1
    ).all()  # a grain of the time grid before the next
    assert (((hours + 0.5) * hourly.WEEKS).astype(np.int64) == hours // 168).all()


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
    assert stored == dictionary("en") + "\n" + dictionary("sv"), "write docs/measures.md anew: python -m tools.restate"


def test_values_are_finer_than_the_clock_and_whole_numbers_stay() -> None:
    whole = np.array([0.0, -0.0, 1.0, 21490.5, 2.0**37 - 1, -(2.0**36) - 1, np.inf, -np.inf, 1e300])
    np.testing.assert_array_equal(rounded(whole)[:-1], whole[:-1])
    assert np.isnan(rounded(np.array([np.nan, -np.nan]))).all()
    minutes = np.random.default_rng(1).uniform(0.0, 1440.0, 10_000)
    once = rounded(minutes)
    assert (once != minutes).any() and np.abs(once - minutes).max() < 0.5 / TICKS_PER_MINUTE
    np.testing.assert_array_equal(rounded(once), once)
