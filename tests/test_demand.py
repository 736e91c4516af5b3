"""The demand tape: right counts, right times, and every draw in its place whatever else changes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats
from small_world import small_calendar, small_inputs, small_scenario, small_world

from sim.codes import A1, A2, A3, P, R
from sim.errors import HembesokError, RegionError
from sim.grid import to_grid
from sim.jit import uncompiled
from sim.scenario import Scenario
from sim.world import arrivals, contents, elementary, laws, points, population, rounds, streams
from sim.world.arrivals import rising
from sim.world.demand import (
    DemandInputs,
    draw,
    draw_needs,
    draw_tape,
    log_requests,
    next_office_day,
    plan_demand,
)
from sim.world.laws import (
    binomial_table,
    gamma_table,
    gammas_mean_one,
    log_spread,
    lognormal,
    on_grid,
    shares_of,
    value_at,
    weibull,
)
from sim.world.points import BLOCK_MIN, BLOCK_YEARS, YEAR_MIN, Points, Processes, points_below, weights
from sim.world.population import Population, draw_population, plan_population, read_enrolled
from sim.world.profiles import Profiles, flat_profiles, hourly_weights, read_profiles
from sim.world.rounds import seen_probability
from sim.world.streams import BLOCKS, stream_keys, uniforms, wrapping
from sim.world.tape import DemandTape, Patients, Requests
from sim.world.visitors import draw_visitors
from sim.world.world import Municipality, World

ROOT = Path(__file__).resolve().parent.parent
HALLAND = ROOT / "sim" / "data" / "halland"
PATIENT = [f"patient_{name}" for name in Patients._fields]
REQUEST = list(Requests._fields)
ZERO = {f"demand.{g}": 0.0 for g in (
    "G1.acute_per_year", "G1.planned_per_year", "G2.acute_per_year", "G2.round_visits_per_year",
    "G3.acute_per_year", "G3.round_visits_per_year", "G4.acute_per_year", "G4.planned_per_year")}  # fmt: skip
WEEKS = {"calendar.warm_up_weeks": 4, "calendar.weeks": 52}
YEAR_DAYS = 56 * 7
YEARS = YEAR_DAYS * 1440 / YEAR_MIN


@pytest.fixture(scope="module")
def world() -> World:
    return small_world(days=YEAR_DAYS)


@pytest.fixture(scope="module")
def halland_profiles() -> Profiles:
    return read_profiles(HALLAND)


def tape_of(world: World, changes: dict[str, Any] | None = None, replication: int = 0, enrolled: int = 100,
            profiles: Profiles | None = None) -> DemandTape:  # fmt: skip
    scenario = small_scenario({**WEEKS, **(changes or {})})
    return draw(scenario, world, replication, small_inputs(len(world.municipalities), enrolled, profiles))


def population_of(scenario: Scenario, world: World, inputs: DemandInputs) -> Population:
    plan = plan_population(scenario, world, inputs.enrolled, inputs.profiles.enrolment)
    return draw_population(plan, stream_keys(scenario.study.seed, 0))[0]


def differing(one: DemandTape, other: DemandTape) -> set[str]:
    both = zip(one.columns(), other.columns(), strict=True)
    return {name for (name, a), (_, b) in both if not np.array_equal(a, b)}


# --- form -----------------------------------------------------------------------------------------


def check_valid(tape: DemandTape, world: World) -> None:
    n, patients = len(tape), len(tape.patient_group)
    integers = {"group", "node", "municipality", "vardcentral", "klass", "due_day", "visits", "patient"}
    integers |= {"telephone", "no_show", "conveyed"}
    for name in (*PATIENT, *REQUEST):
        column = getattr(tape, name)
        assert column.shape == ((patients,) if name in PATIENT else (n,)), name
        plain = name.removeprefix("patient_")
        assert column.dtype == (np.int64 if plain in integers else np.float64), name
        assert column.flags.c_contiguous, name
    assert isinstance(tape.horizon_min, float) and isinstance(tape.warm_up_min, float)
    for name in (f for f in REQUEST if f.endswith("_min")):
        column = getattr(tape, name)
        assert np.array_equal(to_grid(column), column), name
        assert (column >= 0).all(), name
    assert (np.diff(tape.t0_min) >= 0).all() and (tape.t0_min < tape.horizon_min).all()
    own = tape.patient >= 0
    assert np.array_equal(~own, tape.klass == R)
    for name in ("group", "node", "municipality", "vardcentral", "named"):
        assert np.array_equal(getattr(tape, name)[own], getattr(tape, f"patient_{name}")[tape.patient[own]]), name
    assert np.array_equal(world.node_municipality[tape.node], tape.municipality)
    assert ((tape.named > 0) & (tape.named < 1)).all()
    assert np.array_equal(tape.due_day < 0, tape.klass < R)
    assert (tape.visits >= 1).all() and (tape.visits[own] == 1).all()
    assert np.isinf(tape.patience_min[tape.klass >= R]).all()


def test_a_tape_has_the_fields_types_and_order_promised(world: World, halland_profiles: Profiles) -> None:
    tape = tape_of(world, {"demand.scale": 3.0}, profiles=halland_profiles)
    check_valid(tape, world)
    assert set(np.unique(tape.klass)) == {A1, A2, A3, P, R}


def test_equal_times_are_in_the_order_of_a_draw(world: World) -> None:
    """Not by patient number, which would put one municipality first every midnight."""
    plan, keys = plan_demand(small_scenario(WEEKS), world, small_inputs(enrolled=1000)), stream_keys(2024, 3)
    people, first = draw_population(plan.population, keys)
    needs = draw_needs(plan, keys, people, first, draw_visitors(plan.sources, keys))
    logged, _ = log_requests(plan, keys, people, needs)
    order = np.lexsort((uniforms(int(keys.request_order), logged.address.astype(np.uint64)), logged.t0_min))
    tape = draw_tape(plan, 3)
    assert tape.t0_min.tolist() == logged.t0_min[order].tolist() and tape.klass.tolist() == logged.klass[order].tolist()
    assert np.array_equal(tape.patient, np.where(tape.klass == R, -1, logged.who[order]))
    same = np.flatnonzero(np.diff(tape.t0_min) == 0)
    step = np.diff(tape.municipality)[same]
    assert len(same) > 200 and abs(step.sum()) < 4 * np.sqrt((step != 0).sum())


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from([0.25, 0.5, 0.75])), max_size=60))
def test_requests_are_sorted_by_time_then_draw_then_number(pairs: list[tuple[int, float]]) -> None:
    time = np.array([float(t) for t, _ in pairs])
    tie = np.array([u for _, u in pairs])
    expected = sorted(range(len(pairs)), key=lambda i: (time[i], tie[i], i))
    assert rising(time + tie, time, tie, 41.0).tolist() == expected
    assert rising(time, time, np.zeros(len(pairs)), 40.0).tolist() == sorted(range(len(pairs)), key=lambda i: time[i])


def test_all_rates_zero_gives_an_empty_valid_tape(world: World) -> None:
    for changes in (ZERO, {"demand.scale": 0.0}):
        tape = tape_of(world, changes)
        assert len(tape) == 0 and len(tape.patient_group) == 2 * (100 + 20 + 6 + 5)
        check_valid(tape, world)
        assert len(tape.sha256()) == 64


def test_a_world_without_people_or_homes_gives_an_empty_tape() -> None:
    empty = small_world(days=7, sabo=0, korttid=0, lss=0, vardcentraler=0)
    tape = draw(small_scenario(), empty, 0, small_inputs(enrolled=0))
    assert len(tape) == 0 and len(tape.patient_group) == 0
    tape = draw(small_scenario({"demand.scale": 20.0}), empty, 0, small_inputs(enrolled=50))
    assert len(tape) > 0 and set(tape.vardcentral.tolist()) == {-1}
    check_valid(tape, empty)


def test_huge_demand_works(world: World) -> None:
    tape = tape_of(world, {"demand.scale": 1000.0})
    check_valid(tape, world)
    expected = 1000 * YEARS * (200 * 0.6 + 40 * 1.0 + 12 * 3.0 + 10 * 0.2)
    assert (tape.klass < R).sum() == pytest.approx(expected, rel=0.2)
    rounds = tape.klass == R
    assert rounds.sum() == 4 * 56 and set(tape.visits[rounds]) == {20, 6}  # capped: everybody, every week


def test_a_calendar_shorter_than_the_run_is_refused() -> None:
    with pytest.raises(HembesokError, match="7 days; the run needs 14"):
        draw(small_scenario({"calendar.weeks": 2}), small_world(days=7), 0, small_inputs())


# --- counts and times -----------------------------------------------------------------------------


def test_counts_by_group_and_class_are_as_expected(world: World) -> None:
    replications = 12
    tapes = [tape_of(world, {"demand.heterogeneity_cv": 0.0}, r) for r in range(replications)]
    exposure = YEARS * replications

    def check(count: float, expected: float) -> None:
        assert abs(count - expected) / np.sqrt(expected) < 4

    people, mix = (200, 40, 12, 10), (0.1, 0.35, 0.55)
    for group, rate in enumerate((0.6, 1.0, 3.0, 0.2)):
        for klass in (A1, A2, A3):
            count = sum(((t.group == group) & (t.klass == klass)).sum() for t in tapes)
            check(count, exposure * people[group] * rate * mix[klass])
    for group, rate in ((0, 1.4), (3, 0.3)):
        check(sum(((t.group == group) & (t.klass == P)).sum() for t in tapes), exposure * people[group] * rate)
    for group, rate in ((1, 5.0), (2, 9.0)):
        check(sum(t.visits[(t.group == group) & (t.klass == R)].sum() for t in tapes), exposure * people[group] * rate)


def test_heterogeneity_keeps_the_mean_and_spreads_the_patients(world: World) -> None:
    scenario = small_scenario({"demand.heterogeneity_cv": 0.8})
    inputs = small_inputs(enrolled=20_000)
    multiplier = population_of(scenario, world, inputs).multiplier
    n = len(multiplier)
    assert abs(multiplier.mean() - 1) < 4 * 0.8 / np.sqrt(n)
    assert multiplier.std() == pytest.approx(0.8, rel=0.03)
    assert stats.kstest(multiplier, stats.gamma(1 / 0.64, scale=0.64).cdf).pvalue > 1e-3
    alike = np.array([0.1, 0.9])
    gammas_mean_one(alike, gamma_table(0.0))
    assert alike.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("cv", [0.05, 0.3, 0.8, 1.0, 1.5, 3.0])
def test_the_gamma_table_is_the_inverse_distribution_function(cv: float) -> None:
    table, shape = gamma_table(cv), 1 / cv**2
    u = np.sort(np.concatenate([EXTREME, np.linspace(1e-4, 1 - 1e-4, 2001)]))
    expected = special.gammaincinv(shape, u) / shape
    got = u.copy()
    gammas_mean_one(got, table)
    held = expected > 1e-250  # less is no rate at all
    assert np.abs(got[held] / expected[held] - 1).max() < 1e-9
    assert (np.diff(got) >= 0).all() and (got[~held] < 1e-200).all()


def test_hour_weekday_and_month_are_recovered(halland_profiles: Profiles) -> None:
    world = small_world(days=YEAR_DAYS, holidays=(88, 91, 120))
    tape = tape_of(world, {"demand.scale": 150.0}, profiles=halland_profiles)
    hour = (tape.t0_min[tape.klass < R] // 60).astype(np.int64)
    weights = np.array([0.1, 0.35, 0.55]) @ hourly_weights(halland_profiles, world.calendar, YEAR_DAYS)
    h = np.arange(24 * YEAR_DAYS)
    day = h // 24
    kinds = {
        "hour of office day": np.where(world.calendar.office[day], h % 24, 24),
        "hour of free day": np.where(world.calendar.office[day], 24, h % 24),
        "weekday": world.calendar.weekday[day],
        "month": world.calendar.month[day] - 1,
        "holiday": np.isin(day, (88, 91, 120)).astype(np.int64),
    }
    for name, kind in kinds.items():
        seen = np.bincount(kind[hour], minlength=kind.max() + 1)
        expected = np.bincount(kind, weights=weights)
        assert stats.chisquare(seen, expected * seen.sum() / expected.sum()).pvalue > 1e-3, name
        assert stats.chisquare(seen).pvalue < 1e-6, name  # a flat profile would be seen
    office = world.calendar.window[hour] == 0
    assert 0.28 < 1 - office.mean() < 0.34


def test_the_mean_intensity_of_a_mean_year_is_one(halland_profiles: Profiles) -> None:
    days = 28 * 1461  # the calendar repeats after 28 years
    dates = np.datetime64("2024-01-01") + np.arange(days)
    calendar = replace(small_calendar(7), weekday=(np.arange(days) % 7), office=(np.arange(days) % 7) < 5,
                       month=dates.astype("datetime64[M]").astype(np.int64) % 12 + 1)  # fmt: skip
    assert hourly_weights(halland_profiles, calendar, days).mean(axis=1) == pytest.approx([1, 1, 1], abs=2e-5)


def test_a_holiday_has_the_hours_and_the_volume_of_a_sunday(halland_profiles: Profiles) -> None:
    weights = hourly_weights(halland_profiles, small_calendar(14, holidays=(8,)), 14).reshape(3, 14, 24)
    assert np.array_equal(weights[:, 8], weights[:, 6])  # Tuesday the 9th as Sunday the 7th
    assert not np.array_equal(weights[:, 8], weights[:, 5]) and not np.array_equal(weights[:, 8], weights[:, 1])


def test_class_profiles_shift_the_mix_over_the_day(world: World) -> None:
    by_hour = np.ones((3, 24))
    by_hour[A1] = np.where(np.arange(24) < 12, 2.0, 0.0)  # A1 before noon alone
    profiles = replace(flat_profiles(), hour_office=by_hour, hour_free=by_hour)
    tape = tape_of(world, {"demand.scale": 100.0}, profiles=profiles)
    hour = tape.t0_min // 60 % 24
    assert not (hour[tape.klass == A1] >= 12).any()
    acute = tape.klass < R
    for klass, share in ((A1, 0.1), (A2, 0.35), (A3, 0.55)):
        n = acute.sum()
        assert abs((tape.klass == klass).sum() - n * share) < 4 * np.sqrt(n * share * (1 - share))


def test_requests_of_a_class_without_share_never_come(world: World) -> None:
    mix = {"demand.acute_mix.A1": 0.4, "demand.acute_mix.A2": 0.6, "demand.acute_mix.A3": 0.0}
    tape = tape_of(world, {"demand.scale": 50.0, **mix})
    assert set(tape.klass[tape.klass < R]) == {A1, A2}


def test_sinusoidal_arrivals_match_the_intensity_hour_by_hour() -> None:
    """The intensity of a periodic M_t/M/c queue, 2.5 (1 + 0.6 sin(2 pi (t - 9) / 24)) an hour, mean of each hour."""
    days = 784  # two blocks
    edge = np.arange(25.0)
    w = 2 * np.pi / 24
    expected = np.diff(2.5 * (edge - 0.6 / w * (np.cos(w * (edge - 9)) - np.cos(w * 9)))) * days
    by_hour = np.tile(expected / days, days)[None, :]
    keys = stream_keys(1, 0)
    share = Processes(
        np.arange(3) * streams.ORDINALS, np.array([[0.2, 0.3, 0.5]]) * YEAR_MIN / 60, np.zeros(3, dtype=np.int64)
    )
    found = points_below(keys.need_gap, keys.need_minute, share, weights(by_hour))
    times = np.sort(found.minute)
    seen = np.bincount((times // 60).astype(np.int64) % 24, minlength=24)
    z = (seen - expected) / np.sqrt(expected)
    assert np.abs(z).max() < 4 and stats.chi2.sf((z**2).sum(), 24) > 1e-3
    cumulative = np.concatenate([[0.0], np.cumsum(by_hour[0])])
    gaps = np.diff(np.interp(times, 60.0 * np.arange(len(cumulative)), cumulative))  # on the clock of the process
    assert stats.kstest(gaps, "expon").pvalue > 1e-3
    a_day = np.bincount((times // 1440).astype(np.int64), minlength=days)
    assert 1e-3 < stats.chi2(days - 1).cdf(a_day.var(ddof=1) / a_day.mean() * (days - 1)) < 1 - 1e-3
    of_each = np.bincount(found.process)
    assert stats.chisquare(of_each, len(times) * np.array([0.2, 0.3, 0.5])).pvalue > 1e-3
    assert np.abs(np.corrcoef([np.bincount((found.minute[found.process == i] // 1440).astype(int), minlength=days)
                               for i in range(3)])[np.triu_indices(3, 1)]).max() < 4 / np.sqrt(days)  # fmt: skip


def test_points_are_sums_of_gaps_at_their_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = stream_keys(5, 0)
    processes = Processes(
        np.array([7, 8, 2**36 + 1, 9]) * streams.ORDINALS,
        np.array([[0.0, 0.3, 40.0, 2.0], [1.0, 0.0, 10.0, 3.0]]),  # in each block
        np.array([0, 1, 0, 1]),
    )
    by_hour = np.stack([np.tile([1.0, 0.0, 0.5], 4000), np.tile([3.0, 1.0, 2.0], 4000)])  # 500 days: two blocks
    found = points_below(keys.need_gap, keys.need_minute, processes, weights(by_hour))
    expected = []
    for i, (first, rates) in enumerate(zip(processes.first.tolist(), processes.rate.T.tolist(), strict=True)):
        for block, rate in enumerate(rates):
            total = 0.0
            for k in range(1, 1000):  # the definition, one gap after another
                at = np.array([first + block * BLOCKS + k], dtype=np.uint64)
                total -= elementary.log(uniforms(int(keys.need_gap), at)[0])
                minute = on_grid(block * BLOCK_MIN + BLOCK_MIN * uniforms(int(keys.need_minute), at)[0])
                hour = int(minute // 60)
                if hour < 12000 and total / BLOCK_YEARS < rate * by_hour[processes.profile[i], hour]:
                    expected.append((i, int(at[0]), minute))
    got = zip(found.process.tolist(), found.address.tolist(), found.minute.tolist(), strict=True)
    assert sorted(got) == sorted(expected) and len(expected) > 30
    monkeypatch.setattr("sim.world.points.expected_room", lambda mean: 1)  # too little room changes nothing
    again = points_below(keys.need_gap, keys.need_minute, processes, weights(by_hour))
    assert all(np.array_equal(one, other) for one, other in zip(found, again, strict=True))


def test_more_points_in_one_process_than_addresses_is_an_error() -> None:
    keys = stream_keys(1, 0)
    one = Processes(np.array([0]), np.array([[1e6]]), np.array([0]))
    with pytest.raises(HembesokError, match="more than 524287 needs in a year"):
        points_below(keys.need_gap, keys.need_minute, one, weights(np.ones((1, 24))))


def test_planned_visits_are_released_on_office_days(world: World) -> None:
    free = small_world(days=YEAR_DAYS, holidays=(0, 1, 92, 93))
    tape = tape_of(free, {"demand.scale": 10.0, "classes.P.window_days": 10})
    planned = tape.klass == P
    day = tape.t0_min[planned] / 1440
    assert np.array_equal(day, np.floor(day)) and free.calendar.office[day.astype(np.int64)].all()
    assert np.array_equal(tape.due_day[planned], day.astype(np.int64) + 9)
    assert (tape.triage_min[planned] == 0).all()
    count = np.bincount(day.astype(np.int64), minlength=YEAR_DAYS)
    assert count[0] == count[1] == 0
    weekday = np.bincount(free.calendar.weekday[:YEAR_DAYS], weights=count, minlength=7)
    assert (weekday[5:] == 0).all() and weekday[0] > 2 * weekday[1]  # Monday carries the weekend's


def test_rounds_come_weekly_on_their_weekday_or_the_next_office_day() -> None:
    free = small_world(days=YEAR_DAYS, holidays=(7, 8, 15, YEAR_DAYS - 7))
    tape = tape_of(free, {"demand.G2.round_visits_per_year": 60.0})
    homes = [i for i, f in enumerate(free.facilities) if f.kind == "sabo"]
    for index in homes:
        home = free.facilities[index]
        rows = (tape.klass == R) & (tape.group == 1) & (tape.node == home.node)
        days = 7 * np.arange(56) + home.round_weekday
        days = next_office_day(free.calendar, YEAR_DAYS)[days]
        assert np.array_equal(tape.t0_min[rows], days * 1440.0) and np.array_equal(tape.due_day[rows], days)
        assert (tape.visits[rows] == 20).all() and len(set(tape.named[rows])) == 1
        assert set(tape.vardcentral[rows]) == {home.vardcentral}
        assert (tape.on_scene_plan_min[rows] == 20 * 20.0).all()
        assert (tape.documentation_plan_min[rows] == 20 * 8.0).all()
    assert {9.0, 1.0, 16.0} <= set((tape.t0_min[tape.klass == R] / 1440).tolist())


def test_a_round_lasts_as_long_as_its_residents_together(world: World) -> None:
    tape = tape_of(world, {"demand.G2.round_visits_per_year": 26.0})
    rounds = tape.klass == R
    visits = tape.visits[rounds]
    z = (tape.on_scene_min[rounds].sum() - 20 * visits.sum()) / (20 * 0.5 * np.sqrt(visits.sum()))
    assert abs(z) < 4
    assert np.corrcoef(visits, tape.on_scene_min[rounds])[0, 1] > 0.8
    constant = tape_of(world, {"demand.G2.round_visits_per_year": 26.0, "classes.R.on_scene_cv": 0.0})
    assert np.array_equal(constant.on_scene_min, np.where(rounds, constant.on_scene_plan_min, constant.on_scene_min))


def test_next_office_day_and_its_end() -> None:
    calendar = small_calendar(14, holidays=(7, 8))
    assert next_office_day(calendar, 14).tolist() == [0, 1, 2, 3, 4, 9, 9, 9, 9, 9, 10, 11, 14, 14]


# --- logarithm, exponential, normal quantile ------------------------------------------------------

EXTREME = np.concatenate([2.0 ** -np.arange(1, 54), 1 - 2.0 ** -np.arange(2, 54), 0.5 + 2.0 ** -np.arange(3, 54)])


def test_elementary_functions_against_scipy() -> None:
    u = np.concatenate([EXTREME, np.random.default_rng(1).random(5000), [0.075, 0.925, elementary.FAR]])
    quantile = np.array([elementary.normal_quantile(x) for x in u.tolist()])
    assert np.abs(quantile - special.ndtri(u)).max() < 1e-13
    assert np.allclose(quantile, special.ndtri(u), rtol=4e-15, atol=0)
    many = u.copy()
    elementary.normal_quantiles(many)
    assert many.tolist() == quantile.tolist()
    logs = np.array([elementary.log(x) for x in u.tolist()])
    assert np.allclose(logs, np.log(u), rtol=1e-15, atol=0)
    powers = np.linspace(-700, 700, 4001)
    assert np.allclose([elementary.exp(x) for x in powers.tolist()], np.exp(powers), rtol=1e-15, atol=0)
    assert elementary.exp(0.0) == 1.0 and elementary.exp(-710.0) == 0.0 and elementary.exp(710.0) == np.inf
    assert elementary.log(1.0) == 0.0
    minutes = [0.1, 7 / 3, 1e6 + 1e-9, np.inf]
    assert [on_grid(x) for x in minutes] == to_grid(np.array(minutes)).tolist()


def test_compiled_equals_plain_bit_for_bit() -> None:
    rooms = uncompiled(streams, elementary, laws, points, population, arrivals, rounds, contents)
    table = gamma_table(0.8)
    u = np.concatenate([EXTREME, np.random.default_rng(2).random(2000)])
    for share in u.tolist():
        assert elementary.normal_quantile(share) == rooms.normal_quantile(share)
        assert elementary.log(share) == rooms.log(share)
        assert lognormal(share, 40.0, 0.6) == rooms.lognormal(share, 40.0, 0.6)
        assert weibull(share, 240.0, 1.5) == rooms.weibull(share, 240.0, 1.5)
    for fast, slow in (
        (elementary.normal_quantiles, rooms.normal_quantiles),
        (partial(gammas_mean_one, table=table), partial(rooms.gammas_mean_one, table=table)),
    ):
        many, again = u.copy(), u.copy()
        fast(many)
        slow(again)
        assert many.tolist() == again.tolist()
    keys = stream_keys(2024, 5)
    first, rate, profile = (7 + np.arange(20)) * streams.ORDINALS, np.linspace(0, 6, 20), np.arange(20) % 2
    by_hour = np.stack([np.ones(12000), np.tile([0.5, 2.0], 6000)])
    found = []
    for room in (points, rooms):
        made = Points(np.zeros(500, dtype=np.int64), np.zeros(500, dtype=np.int64), np.zeros(500), np.zeros(500))
        with wrapping():
            n = room.walk(keys.need_gap, first, rate, profile, np.array([1.0, 2.0]), made)
            n = room.thin(keys.need_minute, rate, profile, by_hour, 1000.0, n, made)
        found.append([column[:n].tolist() for column in made])
    assert found[0] == found[1] and len(found[0][0]) > 50


# --- distributions --------------------------------------------------------------------------------


def test_durations_follow_their_distributions(world: World) -> None:
    tape = tape_of(world, {"demand.scale": 100.0, "travel.weather_factor": 1.2})
    settings = ((A1, 5, 50), (A2, 10, 45), (A3, 20, 40))
    for klass, triage, on_scene in settings:
        rows = tape.klass == klass
        for values, mean, cv in (
            (tape.triage_min[rows], triage, 0.5),
            (tape.on_scene_min[rows], on_scene, 0.5),
            (tape.documentation_min[rows], 15, 0.4),
            (tape.travel_factor[rows], 1.2, 0.15),
        ):
            sigma = np.sqrt(np.log1p(cv**2))
            law = stats.lognorm(sigma, scale=mean * np.exp(-(sigma**2) / 2))
            assert law.mean() == pytest.approx(mean) and law.std() == pytest.approx(mean * cv)
            assert stats.kstest(values, law.cdf).pvalue > 1e-4, (klass, mean)
        assert set(tape.on_scene_plan_min[rows]) == {on_scene}


def test_the_quantities_of_a_request_are_independent_of_each_other(world: World) -> None:
    tape = tape_of(world, {"demand.scale": 30.0})
    columns = ("on_scene_min", "documentation_min", "travel_factor", "triage_min", "patience_min", "named")
    for klass, count in ((A2, 6), (P, 3)):
        rows = tape.klass == klass
        rank = stats.rankdata([getattr(tape, name)[rows] for name in columns[:count]], axis=1)
        assert np.abs(np.corrcoef(rank)[np.triu_indices(count, 1)]).max() < 5 / np.sqrt(rows.sum())


def test_a_patient_with_many_acute_needs_has_many_planned_ones(world: World) -> None:
    alike = {"demand.G1.acute_per_year": 50.0, "demand.G1.planned_per_year": 50.0}
    tape = tape_of(world, alike)
    acute, planned = (np.bincount(tape.patient[rows & (tape.patient >= 0)], minlength=200)[:200]
                      for rows in (tape.klass < R, tape.klass == P))  # fmt: skip
    assert np.corrcoef(acute, planned)[0, 1] > 0.8
    assert acute.std() / acute.mean() == pytest.approx(0.8, rel=0.25)


def test_patience_follows_its_class(world: World) -> None:
    tape = tape_of(world, {"demand.scale": 100.0})
    assert set(tape.patience_min[tape.klass == A1]) == {120.0}
    second = tape.patience_min[tape.klass == A2]
    assert stats.kstest(second, stats.weibull_min(1.5, loc=240, scale=240).cdf).pvalue > 1e-3
    third = tape.patience_min[tape.klass == A3]
    gives_up = np.isfinite(third)
    assert abs(gives_up.sum() - 0.15 * len(third)) < 4 * np.sqrt(len(third) * 0.15 * 0.85)
    assert stats.kstest(third[gives_up], stats.weibull_min(1.5, loc=720, scale=720).cdf).pvalue > 1e-3


def test_endless_patience_and_no_spread(world: World) -> None:
    spread = {
        f"classes.{c}.{what}_cv": 0.0 for c in ("A1", "A2", "A3") for what in ("triage", "on_scene", "documentation")
    }
    changes = {
        **spread,
        "travel.cv": 0.0,
        "classes.A1.patience.deadline_min": np.inf,
        "classes.A3.patience.ed_share": 0.0,
    }
    tape = tape_of(world, changes)
    assert np.isinf(tape.patience_min[(tape.klass == A1) | (tape.klass == A3)]).all()
    assert (tape.travel_factor == 1.0).all()
    acute = tape.klass < R
    assert np.array_equal(tape.on_scene_min[acute], tape.on_scene_plan_min[acute])


@given(st.integers(0, 60), st.floats(0, 1), st.floats(1e-12, 1 - 1e-12))
def test_binomial_is_the_inverse_distribution_function(n: int, p: float, u: float) -> None:
    k = value_at(u, shares_of([binomial_table(3, 0.5), binomial_table(n, p)]), 1)
    assert 0 <= k <= n
    assert stats.binom.cdf(k, n, p) >= u - 1e-12 and (k == 0 or stats.binom.cdf(k - 1, n, p) <= u + 1e-12)


def test_inverse_functions_at_known_points() -> None:
    assert lognormal(0.5, 10.0, 0.0) == 10.0 and lognormal(0.2, 0.0, 0.5) == lognormal(0.9, 0.0, 0.5) == 0.0
    assert lognormal(0.5, 10.0, log_spread(1.0)) == pytest.approx(10 / np.sqrt(2))
    assert (
        log_spread(0.0) == 0.0 and log_spread(1e-9) == pytest.approx(1e-9) and log_spread(1e-5) == pytest.approx(1e-5)
    )
    assert weibull(1 - np.exp(-1), 240.0, 1.5) == pytest.approx(240.0)
    assert seen_probability(5.0, 1.0) == pytest.approx(5 * 7 / 365.25) and seen_probability(60.0, 1.0) == 1.0


# --- population -----------------------------------------------------------------------------------


def test_patients_come_in_the_documented_order(world: World) -> None:
    tape = tape_of(world, enrolled=3)
    assert tape.patient_group.tolist() == [0] * 6 + [1] * 40 + [2] * 12 + [3] * 10
    assert tape.patient_municipality[:46].tolist() == [0] * 3 + [1] * 3 + [0] * 20 + [1] * 20
    homes = tape.patient_group > 0
    assert np.array_equal(tape.patient_node[homes], tape.patient_municipality[homes])


def test_home_places_and_listing_follow_their_weights() -> None:
    base = small_world(municipalities=2, places=4, vardcentraler=3)
    people = np.zeros((4, 4))
    people[:, 1], people[:, 3] = (1000, 0, 0, 500), (0, 50, 100, 0)
    listing = np.array([[0.5, 0.5, 0], [0, 0, 1], [0.2, 0.3, 0.5], [1, 0, 0]])
    world = replace(base, population=people, listing=listing)
    inputs = small_inputs(enrolled=20_000)
    drawn = population_of(small_scenario(), world, inputs)
    g1 = drawn.group == 0
    count = np.bincount(drawn.node[g1], minlength=4)
    weight = people @ np.array([0.0019, 0.0019, 0.022, 0.129])
    expected = 20_000 * weight / np.array([weight[0] + weight[2], weight[1] + weight[3]] * 2)
    assert count[[0, 2]].sum() == count[[1, 3]].sum() == 20_000
    assert stats.chisquare(count, expected).pvalue > 1e-3
    for node in range(4):
        at = np.bincount(drawn.vardcentral[g1 & (drawn.node == node)], minlength=3)
        some = listing[node] > 0
        assert (at[~some] == 0).all()
        assert some.sum() == 1 or stats.chisquare(at[some], listing[node][some] * at.sum()).pvalue > 1e-3


def test_enrolled_where_nobody_lives_is_an_error() -> None:
    world = replace(small_world(), population=np.zeros((4, 4)))
    with pytest.raises(RegionError, match="100 people are enrolled in Kommun 0"):
        draw(small_scenario(), world, 0, small_inputs())


def test_read_enrolled(tmp_path: Path) -> None:
    towns = (Municipality("1315", "Hylte", 1), Municipality("1380", "Halmstad", 1))
    assert read_enrolled(HALLAND, towns).tolist() == [146, 1365]
    with pytest.raises(RegionError, match="file is missing"):
        read_enrolled(tmp_path, towns)
    table = tmp_path / "municipalities.csv"
    table.write_text("code,name\n1315,Hylte\n")
    with pytest.raises(RegionError, match="column is missing"):
        read_enrolled(tmp_path, towns)
    table.write_text("code,homecare_enrolled_2023_est\n1315,många\n1381,-4\n")
    with pytest.raises(RegionError) as caught:
        read_enrolled(tmp_path, towns)
    assert [(p.line, p.key) for p in caught.value.problems] == [
        (2, "homecare_enrolled_2023_est"), (3, "homecare_enrolled_2023_est"), (0, "code")]  # fmt: skip
    table.write_text("code,homecare_enrolled_2023_est\n1380,2.5\n1315,2.4\n")
    assert read_enrolled(tmp_path, towns).tolist() == [2, 3]


# --- common random numbers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "column", "klass"),
    [
        ("classes.A1.on_scene_mean_min", 70.0, {"on_scene_min", "on_scene_plan_min"}, A1),
        ("classes.A2.on_scene_cv", 0.9, {"on_scene_min"}, A2),
        ("classes.A3.triage_mean_min", 40.0, {"triage_min"}, A3),
        ("classes.A3.patience.ed_share", 0.9, {"patience_min"}, A3),
        ("classes.P.documentation_mean_min", 30.0, {"documentation_min", "documentation_plan_min"}, P),
        ("classes.P.window_days", 20, {"due_day"}, P),
        ("classes.R.on_scene_mean_min", 25.0, {"on_scene_min", "on_scene_plan_min"}, R),
        ("travel.weather_factor", 1.3, {"travel_factor"}, None),
    ],
)
def test_a_changed_input_changes_its_own_column_alone(
    world: World, key: str, value: float, column: set[str], klass: int | None
) -> None:
    base, changed = tape_of(world), tape_of(world, {key: value})
    assert differing(base, changed) == {f"requests.{name}" for name in column}
    if klass is not None:
        for name in column:
            assert np.array_equal(getattr(base, name)[base.klass != klass], getattr(changed, name)[base.klass != klass])


def test_inputs_that_are_no_draws_change_nothing(world: World) -> None:
    changes = {"staffing.hours_per_week": 5.0, "classes.A1.target_min": 30, "organisation.sharing": "network"}
    assert tape_of(world).sha256() == tape_of(world, changes).sha256()


def test_one_more_patient_at_the_end_leaves_all_others_alone(world: World) -> None:
    *others, last = world.facilities
    assert last.kind == "lss"
    more = replace(world, facilities=(*others, replace(last, size=last.size + 1)))
    changes = {"demand.scale": 5.0, "demand.G4.acute_per_year": 5.0}
    base, grown = tape_of(world, changes), tape_of(more, changes)
    new = len(base.patient_group)
    assert len(grown.patient_group) == new + 1
    old = grown.patient != new
    assert (~old).sum() > 0
    for name in PATIENT:
        assert np.array_equal(getattr(grown, name)[:new], getattr(base, name)), name
    for name in REQUEST:
        assert np.array_equal(getattr(grown, name)[old], getattr(base, name)), name


def test_a_longer_run_begins_like_a_shorter_one(world: World) -> None:
    short = tape_of(world, {"calendar.weeks": 20})
    long = tape_of(world)
    safe = short.horizon_min - 7 * 1440  # a need of the last days may be released after the end of the short run
    for name in REQUEST:
        one, other = getattr(short, name)[short.t0_min < safe], getattr(long, name)[long.t0_min < safe]
        assert np.array_equal(one, other), name


# --- the hash -------------------------------------------------------------------------------------

HASH_PROGRAM = """
import sys; sys.path[:0] = sys.argv[1:3]
import numpy as np
np.random.seed(int(sys.argv[3])); np.random.rand(5)
from small_world import small_inputs, small_scenario, small_world
from sim.world.demand import draw
print(draw(small_scenario({"demand.scale": 5.0}), small_world(), 2, small_inputs()).sha256())
"""


def test_the_hash_depends_on_seed_and_replication_and_on_nothing_outside() -> None:
    world, inputs, scenario = small_world(), small_inputs(), small_scenario({"demand.scale": 5.0})
    here = [draw(scenario, world, r, inputs).sha256() for r in (0, 1, 2, 3, 2)]
    assert here[2] == here[4] and len(set(here)) == 4
    other = draw(small_scenario({"demand.scale": 5.0, "study.seed": 7}), world, 2, inputs)
    assert other.sha256() not in here
    for hash_seed, disabled in (("0", "0"), ("12", "1")):  # the second time without any compiled code
        done = subprocess.run(
            [sys.executable, "-c", HASH_PROGRAM, str(ROOT), str(ROOT / "tests"), hash_seed],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo", "NUMBA_DISABLE_JIT": disabled},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.strip() == here[2]


# --- profiles.csv ---------------------------------------------------------------------------------


def lines_of_halland() -> list[str]:
    return (HALLAND / "profiles.csv").read_text(encoding="utf-8").splitlines()


def write(folder: Path, lines: list[str]) -> Path:
    (folder / "profiles.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_the_halland_profiles_are_whole_and_sourced(halland_profiles: Profiles) -> None:
    assert len(halland_profiles.rows) == 24 + 24 + 7 + 12 + 4 + 2 * 12
    assert all(row.source and row.low <= row.weight <= row.high for row in halland_profiles.rows)
    assert halland_profiles.hour_office.mean(axis=1) == pytest.approx([1, 1, 1])
    assert halland_profiles.enrolment.tolist() == [0.0019, 0.0019, 0.022, 0.129]
    assert (halland_profiles.weekday[:, 5:] < halland_profiles.weekday[:, :5].min()).all()


def broken_tables() -> Iterator[tuple[str, list[str], list[tuple[int, str, str]]]]:
    good = lines_of_halland()

    def changed(line: int, old: str, new: str) -> list[str]:
        assert old in good[line - 1]
        return [*good[: line - 1], good[line - 1].replace(old, new, 1), *good[line:]]

    yield "column", [good[0].replace(",low", ",lov"), *good[1:]], [(1, "low", "column is missing; add it")]
    yield (
        "text",
        changed(2, ",0.105,", ",much,"),
        [(2, "weight", "'much' is not a number; write a number of at least 0")],
    )
    yield "negative", changed(2, ",0.063,", ",-1,"), [(2, "low", "outside 0")]
    yield "infinite", changed(2, ",0.21,", ",inf,"), [(2, "high", "inf is outside")]
    yield "range", changed(2, ",0.105,", ",9,"), [(2, "weight", "not between low 0.063 and high 0.21")]
    yield "quality", changed(2, ",estimate", ",estimat"), [(2, "quality", "did you mean 'estimate'?")]
    yield "dimension", changed(2, "hour_office", "hour_ofice"), [
        (2, "dimension", "did you mean 'hour_office'?"), (0, "acute, hour_office", "part 0 is missing")]  # fmt: skip
    yield "class", changed(2, "acute,", "A4,"), [
        (2, "class", "write one of acute, A1"), (0, "acute, hour_office", "part 0 is missing")]  # fmt: skip
    yield "part", changed(2, ",0,", ",24,"), [
        (2, "part", "'24' is not known"), (0, "acute, hour_office", "part 0 is missing")]  # fmt: skip
    yield "twice", [*good, good[1]], [(len(good) + 1, "part", "already on line 2")]
    yield "missing", good[:-1], [(0, "G7, month_nights", "part 12 is missing")]
    yield "some of a class", [*good, good[1].replace("acute", "A1")], [(0, "A1, hour_office", "part 1, 2, 3")]
    zero = [
        ",".join([*cells[:3], "0", "0", *cells[5:]]) if (cells := line.split(","))[1] == "month" else line
        for line in good
    ]
    yield "zero", zero, [(0, "acute, month", "every weight is 0")]


@pytest.mark.parametrize(
    ("lines", "expected"), [case[1:] for case in broken_tables()], ids=[c[0] for c in broken_tables()]
)
def test_a_broken_table_says_what_and_where(
    tmp_path: Path, lines: list[str], expected: list[tuple[int, str, str]]
) -> None:
    with pytest.raises(RegionError) as caught:
        read_profiles(write(tmp_path, lines))
    problems = caught.value.problems
    assert len(problems) == len(expected), str(caught.value)
    for problem, (line, key, words) in zip(problems, expected, strict=True):
        assert (problem.file, problem.line, problem.key) == (str(tmp_path / "profiles.csv"), line, key)
        assert words in str(problem)


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    lines = lines_of_halland()
    lines[1] = lines[1].replace(",0.105,", ",x,")
    lines[5] = lines[5].replace(",estimate", ",guess")
    with pytest.raises(RegionError) as caught:
        read_profiles(write(tmp_path, lines[:-1]))
    assert [p.line for p in caught.value.problems] == [2, 6, 0]
    (tmp_path / "profiles.csv").unlink()
    with pytest.raises(RegionError, match="file is missing"):
        read_profiles(tmp_path)


def test_rows_of_a_class_replace_those_of_acute(tmp_path: Path) -> None:
    lines = lines_of_halland()
    rows = [f"A1,weekday,{d},{1 + (d == 7)},0,9,made up,estimate" for d in range(1, 8)]
    profiles = read_profiles(write(tmp_path, [*lines, *rows]))
    assert profiles.weekday[A1].tolist() == [7 / 8] * 6 + [14 / 8]
    assert np.array_equal(profiles.weekday[A2], profiles.weekday[A3])
    assert not np.array_equal(profiles.weekday[A1], profiles.weekday[A2])


def test_inputs_may_be_given_whole() -> None:
    inputs = DemandInputs(np.array([5, 0]), flat_profiles())
    tape = draw(small_scenario(), small_world(), 0, inputs)
    assert (tape.patient_municipality[tape.patient_group == 0] == 0).sum() == 5
