"""Measures against a second, slow way of computing them, and identities that always hold; on random runs."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_factory import (
    DAY,
    NAN,
    OUTCOMES,
    SCENARIO,
    TARGETS,
    WEEK,
    make_journal,
    make_staff,
    make_tape,
    make_world,
    run,
    value,
    visit,
)  # fmt: skip
from measure_slow import FAMILIAR, NAMES, slow_cell, slow_curve, slow_hours, slow_of_cell, slow_value

from sim.codes import CLASSES, R
from sim.measures import MEASURES, Measures, measure

quarter = st.integers(0, 4 * 600).map(lambda ticks: ticks / 4)


@st.composite
def scripts(draw: st.DrawFn) -> list[dict[str, Any]]:
    requests = []
    for _ in range(draw(st.integers(0, 25))):
        klass = draw(st.integers(0, len(CLASSES) - 1))
        t0 = draw(st.integers(0, int(2 * WEEK) - 1)) * 1.0
        row: dict[str, Any] = {
            "t0": t0, "klass": klass, "group": draw(st.integers(0, 7)), "municipality": draw(st.integers(0, 1)),
            "visits": draw(st.integers(1, 9)) if klass == R else 1,
            "due_day": int(t0 // DAY) + draw(st.integers(0, 2)) if klass >= R else -1,
        }  # fmt: skip
        t1 = t0 + draw(quarter) / 16
        kind = draw(st.sampled_from(["visit", "visit", "visit", "escalated", "open", "telephone", "referred"]))
        row |= {"conveyed": draw(st.integers(0, 1)), "leaves": t0 + draw(st.sampled_from([2000.0, 1e9]))}
        if t1 <= 2 * WEEK:
            row["t1"] = t1
            if kind == "visit":
                row |= {"t3": t1 + draw(quarter)}
                row |= {"t4": row["t3"] + draw(quarter) / 4}
                row |= {"t5": row["t4"] + 30, "t6": row["t4"] + 45, "shift": 0, "outcome": OUTCOMES["done"]}
                if row["t6"] > 2 * WEEK:
                    row["outcome"] = OUTCOMES["open"]
            elif kind == "escalated" and klass < R:
                row |= {"te": t1 + draw(quarter), "outcome": OUTCOMES["escalated"]}
                if row["te"] > 2 * WEEK:
                    row |= {"te": NAN, "outcome": OUTCOMES["open"]}
            elif kind == "telephone":
                row |= {"outcome": OUTCOMES["telephone"], "telephone": 1, "t3": t1, "t4": t1 + 1, "t5": t1 + 2}
                row |= {"t6": t1 + 3, "shift": 0}
                if row["t6"] > 2 * WEEK:
                    row["outcome"] = OUTCOMES["open"]
            elif kind == "referred":
                row |= {"outcome": OUTCOMES["referred"], "referred_to": draw(st.integers(0, 2))}
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
        if name not in by_request or name in FAMILIAR:
            continue
        where = (klass, place, group, window)
        if where not in cells:
            cells[where] = slow_cell(requests, *where)
        expected, count = slow_of_cell(name, cells[where], [])
        assert n == count, (name, where)
        assert got == pytest.approx(expected, rel=1e-11, abs=1e-11, nan_ok=True), (name, where)


@settings(max_examples=40, deadline=None)
@given(scripts())
def test_identities_of_requests(requests: list[dict[str, Any]]) -> None:
    measures = run(requests)
    wide = measures.table.pivot(index=["municipality", "group", "class", "window"], columns="measure", values="value")
    tape, journal = make_tape(requests), make_journal(requests)
    seen = ~np.isnan(journal.t4) & (tape.telephone == 0)
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
        for name, target in zip(CLASSES[:3], TARGETS[:3], strict=True):
            expected = wide.loc[("all", "all", name, "all"), "in_target"]
            assert at[("all", name, int(target))] == pytest.approx(expected, nan_ok=True)


@st.composite
def rosters(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Shifts worked through one after another, with the requests they took and legs home in between."""
    requests, shifts = [], []
    for number in range(draw(st.integers(1, 8))):
        start = float(draw(st.integers(0, 2 * 7 * 24 - 10)) * 60)
        clock, driving, done = start, 0.0, 0
        for _ in range(draw(st.integers(0, len(CLASSES) - 1))):
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
            "municipality": draw(st.integers(0, 1)), "km": driving, "calls": draw(st.integers(0, 2)) * 7.0,
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
    parts = ("driving_share", "on_scene_share", "documenting_share", "telephone_time_share", "idle_share")
    shares = wide[list(parts)].sum(axis=1, skipna=False)
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
        ("telephone", 0.0),  # nobody in these rosters is called from a stop: their calls have no clock times
    ):
        assert hours[column].sum() * 3 * 60 == pytest.approx(minutes, abs=1e-6)
    assert (hours["driving"] + hours["on_scene"] + hours["documenting"] <= hours["on_shift"] + 1e-9).all()


def long_week(seed: int = 7) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A fixed week and the one before it: shifts of both places, day and night, with every kind of request in them."""
    rng = random.Random(seed)
    requests: list[dict[str, Any]] = []
    shifts: list[dict[str, Any]] = []

    def wait(most: float) -> float:
        return rng.randrange(int(most * 64)) / 64

    for number in range(60):
        start = rng.randrange(0, 2 * 7 * 24 - 6) * 60.0
        end = min(start + rng.choice([360.0, 480.0, 720.0, 900.0]), 2 * WEEK)
        clock, row = start, {"driving": 0.0, "scene": 0.0, "notes": 0.0, "stops": 0, "visits": 0, "km": 0.0}
        row |= {"calls": wait(10), "pool": rng.randrange(3), "vardcentral": rng.randrange(-1, 2)}
        while clock < end and rng.random() < 0.9:
            klass = rng.randrange(len(CLASSES))
            leave = clock + wait(120)
            times = [leave, leave + wait(40), 0.0, 0.0]
            times[2] = times[1] + wait(60)
            times[3] = times[2] + wait(30)
            t1 = leave - wait(400)
            t0 = t1 - wait(20)
            if t0 < 0 or leave >= min(end, 2 * WEEK):
                break
            done = times[3] <= 2 * WEEK
            call = int(klass < R and rng.random() < 0.2)
            ended = OUTCOMES["telephone" if call else "done"] if done else OUTCOMES["open"]
            keys = ("t3", "t4", "t5", "t6")
            visits = rng.randrange(1, 9) if klass == R else 1
            requests.append({
                "t0": t0, "t1": t1, "t2": leave, "klass": klass, "group": rng.randrange(8), "shift": number,
                "conveyed": rng.randrange(2), "no_show": int(rng.random() < 0.1), "patient": rng.randrange(-1, 25),
                "vardcentral": rng.randrange(-1, 2), "named": rng.random(), "leaves": t0 + rng.choice([900.0, 1e9]),
                "broken": rng.randrange(3) if klass >= R else 0,
                "municipality": rng.randrange(2), "visits": visits,
                "due_day": int(t0 // DAY) + rng.randrange(2) if klass >= R else -1,
                "outcome": ended, "telephone": call,
                **{key: t if t <= 2 * WEEK else NAN for key, t in zip(keys, times, strict=True)},
            })  # fmt: skip
            for key, a, b in (("driving", 0, 1), ("calls" if call else "scene", 1, 2), ("notes", 2, 3)):
                row[key] += min(times[b], 2 * WEEK) - min(times[a], 2 * WEEK)
            home = min(wait(30), max(2 * WEEK - times[3], 0.0))
            row["driving"] += home
            row["km"] += 50 * home / 64
            row["stops"] += done and not call
            row["visits"] += visits * (done and not call)
            clock = min(times[3], 2 * WEEK) + home
        shifts.append(row | {
            "start": start, "end": end, "home": max(clock, end), "physician": rng.randrange(6),
            "municipality": rng.randrange(2),
        })  # fmt: skip
    for _ in range(150):  # those that nobody set out to
        t0 = wait(2 * WEEK)
        klass = rng.randrange(len(CLASSES))
        extra: dict[str, Any] = {"t0": t0, "klass": klass, "group": rng.randrange(8), "municipality": rng.randrange(2)}
        extra["due_day"] = int(t0 // DAY) + rng.randrange(4) if klass >= R else -1
        t1 = t0 + wait(20)
        kind = rng.choice(["telephone", "escalated", "cancelled", "open", "referred"])
        extra["leaves"] = t0 + rng.choice([900.0, 1e9])
        if t1 < 2 * WEEK:
            extra |= {"t1": t1, "outcome": OUTCOMES[kind]}
            if klass < R and kind in ("telephone", "open", "escalated"):
                extra["telephone"] = int(kind == "telephone" or rng.random() < 0.3)
            if kind == "referred":
                extra["referred_to"] = rng.randrange(3)
            if kind == "escalated":
                extra["te"] = t1 + wait(300)
                if extra["te"] >= 2 * WEEK:
                    extra |= {"te": NAN, "outcome": OUTCOMES["open"]}
        requests.append(extra)
    requests.sort(key=lambda item: item["t0"])
    return requests, shifts


@pytest.fixture(scope="module")
def fixed() -> tuple[list[dict[str, Any]], list[dict[str, Any]], Measures]:
    requests, shifts = long_week()
    return requests, shifts, run(requests, shifts, staff=make_staff(shifts))


Fixed = tuple[list[dict[str, Any]], list[dict[str, Any]], Measures]


def close(expected: Any) -> Any:
    return pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)


def test_every_value_of_a_fixed_week(fixed: Fixed) -> None:
    requests, shifts, found = fixed
    split = {item.name: item.split for item in MEASURES}
    some: dict[str, int] = dict.fromkeys(split, 0)
    for place, group, klass, window, name, got, _, n in found.table.itertuples(index=False):
        expected, count = slow_value(requests, shifts, name, split[name], klass, place, group, window)
        assert n == count, (name, klass, place, group, window)
        assert got == close(expected), (name, klass, place, group, window)
        some[name] += count > 0 and got != 0
    assert sum(some.values()) > 1000 and min(some.values()) > 0, some  # the week is not an empty one


def test_every_point_of_the_curves_of_a_fixed_week(fixed: Fixed) -> None:
    requests, _, found = fixed
    assert set(found.curves["municipality"]) == {"all", *NAMES}
    for place, klass, minutes, arrived, escalated in found.curves.itertuples(index=False):
        assert (arrived, escalated) == close(slow_curve(requests, place, klass, minutes))
    assert 0.5 < found.curves["arrived"].max() <= 1 and found.curves["escalated"].max() > 0.1


def test_every_hour_of_a_fixed_week(fixed: Fixed) -> None:
    requests, shifts, found = fixed
    assert found.hours["weekday"].tolist() == [hour // 24 for hour in range(168)]
    assert found.hours["hour"].tolist() == [hour % 24 for hour in range(168)]
    for state, values in slow_hours(requests, shifts).items():
        assert found.hours[state].tolist() == pytest.approx(values, rel=1e-9, abs=1e-12), state
        assert max(values) > 0
