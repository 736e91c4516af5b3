"""Nested draws: more of anything keeps the requests there were and adds some, less takes some away; the laws stay."""

from __future__ import annotations

import dataclasses
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from small_world import small_inputs, small_scenario, small_world

import models
from sim.codes import A1, A2, A3, CLASSES, G1, G2, G3, G5, GROUPS, UNPLANNED, P, R
from sim.engine import compile_tables, prepare, run
from sim.scenario import Scenario
from sim.world.build import build_world
from sim.world.demand import draw, draw_tape, plan_demand, read_inputs
from sim.world.points import BLOCK_MIN, YEAR_MIN, Processes, points_below, weights
from sim.world.population import draw_population, plan_population
from sim.world.streams import ORDINALS, stream_keys
from sim.world.tape import DemandTape
from sim.world.world import World

MORE = 1.02
BASE = Scenario().with_changes(
    {"calendar.warm_up_weeks": 1, "calendar.weeks": 26, "demand.wave_weeks": 4, "demand.wave_factor": 1.5}
)
REPLICATIONS = 24
# What a request is and carries, but for whose it is (rows of patients move, and a patient may leave earlier).
KEPT = (
    "klass", "t0_min", "group", "node", "municipality", "vardcentral", "named", "mobility", "triage_min",
    "on_scene_min", "documentation_min", "on_scene_plan_min", "documentation_plan_min", "travel_factor", "patience_min",
    "due_day", "visits", "single_visit", "elsewhere", "telephone", "call_min", "no_show", "conveyed",
)  # fmt: skip
OF_PLACE = ("node", "vardcentral", "municipality")


def scaled(*keys: str, by: float = MORE) -> dict[str, float]:
    """These fields of the base scenario times a factor."""
    changes = {}
    for key in keys:
        value: Any = BASE
        for part in key.split("."):
            value = getattr(value, part)
        changes[key] = value * by
    return changes


def rates(group: str) -> list[str]:
    fields = type(getattr(BASE.demand, group)).model_fields
    return [f"demand.{group}.{name}" for name in fields if name.endswith(("_per_year", "_per_1000"))]


TELEPHONE = [f"classes.{c}.telephone_share_{w}" for c in UNPLANNED for w in ("day", "jourtid")]
CONVEYED = [f"classes.{c}.conveyed_share" for c in UNPLANNED]
LARGER: dict[str, dict[str, Any]] = {
    "scale": scaled("demand.scale"),
    **{group: scaled(*rates(group)) for group in GROUPS},
    "G5 share": scaled("demand.G5.share_G1", "demand.G5.share_G2", "demand.G5.share_G3"),
    "G6 share": scaled("demand.G6.share_65plus"),
    "wave": scaled("demand.wave_factor"),
    "a year later": {"demand.year": BASE.demand.year + 1},
    "turnover": {**scaled("demand.G1.turnover_per_month"), **scaled("demand.G3.stay_days", by=1 / MORE)},
    "telephone": scaled(*TELEPHONE),
    "conveyed": scaled(*CONVEYED),
    "no show": scaled("classes.P.no_show_share"),
    "A1": {**scaled("demand.acute_mix.A1"), "demand.acute_mix.A3": 0.548},
}
ADDS = ("scale", *GROUPS, "G6 share", "wave")  # and nothing else


@cache
def halland() -> World:
    return build_world(BASE)


@cache
def tapes(name: str, n: int = REPLICATIONS) -> tuple[DemandTape, ...]:
    """Replications of the base scenario, or of a larger one."""
    plan = plan_demand(BASE.with_changes(LARGER[name]) if name else BASE, halland())
    return tuple(draw_tape(plan, replication) for replication in range(n))


def requests(tape: DemandTape, rows: NDArray[np.bool_] | None = None, leave_out: tuple[str, ...] = ()) -> Counter[Any]:
    """How often each request is on a tape: once."""
    which = np.ones(len(tape), dtype=np.bool_) if rows is None else rows
    columns = (getattr(tape, name)[which].tolist() for name in KEPT if name not in leave_out)
    return Counter(zip(*columns, strict=True))


def rounds(tape: DemandTape) -> dict[Any, tuple[int, float, float]]:
    """Of every round (home, day) how many are seen, and the times."""
    of_round = tape.klass == R
    key = zip(*(getattr(tape, name)[of_round].tolist() for name in ("named", "t0_min")), strict=True)
    seen = zip(*(getattr(tape, name)[of_round].tolist()
                 for name in ("visits", "on_scene_min", "documentation_min")), strict=True)  # fmt: skip
    return dict(zip(key, seen, strict=True))


def all_kept(fewer: DemandTape, more: DemandTape, leave_out: tuple[str, ...] = ()) -> bool:
    """Whether every request of the one is on the other; a round may there see more residents, after the same ones."""
    own, other = requests(fewer, fewer.klass != R, leave_out), requests(more, more.klass != R, leave_out)
    seen, seen_then = rounds(fewer), rounds(more)
    same = all(
        now == then or (now[0] < then[0] and now[1] < then[1] and now[2] < then[2])
        for now, then in ((now, seen_then[key]) for key, now in seen.items())
    )
    return own <= other and same


# --- points ---------------------------------------------------------------------------------------

level = st.floats(0, 30) | st.sampled_from([0.0, 1.0])


@given(
    st.lists(st.tuples(level, level), min_size=1, max_size=5), st.lists(st.tuples(level, level), min_size=1), st.data()
)
def test_a_larger_rate_takes_the_same_points_and_some_more(
    pairs: list[tuple[float, float]], hours: list[tuple[float, float]], data: st.DataObject
) -> None:
    keys = stream_keys(data.draw(st.integers(0, 99)), 0)
    first, flat = np.arange(len(pairs)) * ORDINALS, np.zeros(len(pairs), dtype=np.int64)
    low, high = np.sort(np.array(pairs), axis=1).T
    quiet, loud = np.sort(np.array(hours), axis=1).T
    taken = []
    for rate, weight in ((low, quiet), (high, quiet), (high, loud)):
        week = weights(np.tile(weight, 168 // len(weight) + 1)[None, :])
        found = points_below(keys.need_gap, keys.need_minute, Processes(first, rate[None, :], flat), week)
        taken.append(set(zip(found.address.tolist(), found.minute.tolist(), found.mark.tolist(), strict=True)))
    assert taken[0] <= taken[1] <= taken[2]


@pytest.mark.parametrize("rate", [0.3, 2.0, 40.0])
def test_points_are_a_poisson_process_over_minutes_and_marks(rate: float) -> None:
    n, weeks = 4000, 90  # more than one block
    keys = stream_keys(11, 1)
    processes = Processes(np.arange(n) * ORDINALS, np.full((1, n), rate), np.zeros(n, dtype=np.int64))
    found = points_below(keys.need_gap, keys.need_minute, processes, weights(np.ones((1, weeks * 168))))
    years = weeks * 7 * 1440 / YEAR_MIN
    count = np.bincount(found.process, minlength=n)
    assert abs(count.sum() - n * rate * years) < 4 * np.sqrt(n * rate * years)
    assert abs(count.var(ddof=1) / count.mean() - 1) < 4 * np.sqrt((2 + 1 / (rate * years)) / n)
    week = np.bincount((found.minute // 10080).astype(int), minlength=weeks)
    assert len(week) == weeks and stats.chisquare(week).pvalue > 1e-3
    assert stats.kstest(found.mark / rate, "uniform").pvalue > 1e-3
    late = found.minute > BLOCK_MIN
    one, other = np.bincount(found.process[~late], minlength=n), np.bincount(found.process[late], minlength=n)
    assert abs(np.corrcoef(one, other)[0, 1]) < 4 / np.sqrt(n)  # blocks know nothing of each other
    assert abs(stats.spearmanr(found.mark, found.minute).statistic) < 4 / np.sqrt(len(found.mark))
    low, high = (
        np.bincount(found.process[part], minlength=n) for part in (found.mark < rate / 2, found.mark >= rate / 2)
    )
    assert abs(np.corrcoef(low, high)[0, 1]) < 4 / np.sqrt(n)  # nor do layers of rate


# --- tapes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ADDS)
def test_more_of_a_rate_a_share_or_a_wave_adds_requests_and_takes_none(name: str) -> None:
    more = 0
    for fewer, larger in zip(tapes("", 4), tapes(name, 4), strict=True):
        assert all_kept(fewer, larger)
        more += int(larger.visits.sum() - fewer.visits.sum())
    assert more > 0


@pytest.mark.parametrize("name", ["scale", "G1", "G2", "G6 share", "wave"])
def test_less_takes_requests_away_and_adds_none(name: str) -> None:
    plan = plan_demand(BASE.with_changes(scaled(*LARGER[name], by=1 / MORE)), halland())
    for replication, tape in enumerate(tapes("", 4)):
        fewer = draw_tape(plan, replication)
        assert all_kept(fewer, tape) and fewer.visits.sum() < tape.visits.sum()


def test_a_later_year_keeps_everybody_and_everything_he_needs() -> None:
    """Shares of the places shift by less than one in ten thousand, so a few live elsewhere."""
    for fewer, larger in zip(tapes("", 4), tapes("a year later", 4), strict=True):
        assert all_kept(fewer, larger, leave_out=OF_PLACE)
        assert len(larger) > 1.01 * len(fewer)


def test_more_turnover_adds_departures_and_leaves_every_need_where_it_is() -> None:
    """Of patients who are all alike nothing but who they are and where they live depends on it."""
    whose = ("node", "vardcentral", "municipality", "named")
    alike = {"demand.heterogeneity_cv": 0.0, **{f"demand.G5.share_{g}": 0.0 for g in ("G1", "G2", "G3")}}
    plans = [plan_demand(BASE.with_changes({**alike, **more}), halland()) for more in ({}, LARGER["turnover"])]
    for replication in range(4):
        fewer, larger = (draw_tape(plan, replication) for plan in plans)
        assert set(fewer.patient_from_min.tolist()) < set(larger.patient_from_min.tolist())
        assert requests(fewer, fewer.klass < R, whose) == requests(larger, larger.klass < R, whose)


def test_another_profile_moves_no_request_that_it_keeps() -> None:
    inputs = read_inputs(BASE, halland())
    by_hour = inputs.profiles.hour_office.copy()
    by_hour[:, 10] *= 1.1
    later = dataclasses.replace(inputs.profiles, hour_office=by_hour * 24 / by_hour.sum(axis=1, keepdims=True))
    before, after = (
        draw(BASE, halland(), 0, dataclasses.replace(inputs, profiles=p)) for p in (inputs.profiles, later)
    )
    kept = requests(before) & requests(after)
    assert 0.99 * len(before) < sum(kept.values()) < len(before)
    new = requests(after) - requests(before)
    assert {dict(zip(KEPT, request, strict=True))["t0_min"] // 60 % 24 for request in new} == {10.0}


@pytest.mark.parametrize(("name", "column", "also"), [
    ("telephone", "telephone", ("call_min",)), ("conveyed", "conveyed", ("on_scene_min",)),
    ("no show", "no_show", ("on_scene_min", "documentation_min")),
])  # fmt: skip
def test_a_larger_share_marks_the_same_requests_and_some_more(name: str, column: str, also: tuple[str, ...]) -> None:
    for fewer, larger in zip(tapes("", 4), tapes(name, 4), strict=True):
        marked, marked_then = getattr(fewer, column), getattr(larger, column)
        assert (marked_then >= marked).all() and marked_then.sum() > marked.sum()
        moved = marked_then > marked
        for other in KEPT:
            kept = getattr(fewer, other) == getattr(larger, other)
            assert kept[~moved].all() and (kept.all() or other in (column, *also))


def test_a_class_grows_out_of_its_neighbour() -> None:
    for before, after in zip(tapes("", 4), tapes("A1", 4), strict=True):
        assert np.array_equal(before.t0_min, after.t0_min)
        moved = before.klass != after.klass
        assert (after.klass[before.klass == A1] == A1).all()
        assert moved.any() and (before.klass - after.klass)[moved].tolist() == [1] * int(moved.sum())
        assert set(before.klass[moved].tolist()) <= {A2, A3}


def test_more_palliative_patients_are_the_same_and_some_more() -> None:
    for before, after in zip(tapes("", 4), tapes("G5 share", 4), strict=True):
        ill, ill_then = before.patient_group == G5, after.patient_group == G5
        n = len(ill)
        assert (ill_then[:n] >= ill).all() and ill_then.sum() > ill.sum()
        rows, rows_then = before.klass != R, after.klass != R
        assert requests(before, rows, ("group",)) <= requests(after, rows_then, ("group",))


@pytest.mark.parametrize("name", LARGER)
def test_nearly_all_requests_are_the_same(name: str) -> None:
    same = total = 0
    for before, after in zip(tapes("", 4), tapes(name, 4), strict=True):
        same += sum((requests(before) & requests(after)).values())
        total += len(before)
    assert same >= 0.98 * total


def acute_response(name: str) -> NDArray[np.float64]:
    """Mean response of acute visits in each replication, vårdcentraler in the lead."""
    scenario = BASE.with_changes(LARGER[name]) if name else BASE
    tables = compile_tables(models.vardcentral_led(), halland(), scenario)
    ready = prepare(halland(), tables)
    found = []
    for tape in tapes(name):
        journal = run(tape, halland(), tables, prepared=ready)
        made = (tape.klass <= A3) & (tape.t0_min >= tape.warm_up_min) & (tape.telephone == 0) & np.isfinite(journal.t4)
        found.append(float((journal.t4 - journal.t1)[made].mean()))
    return np.array(found)


@pytest.fixture(scope="module")
def response() -> NDArray[np.float64]:
    return acute_response("")


@pytest.mark.parametrize("name", LARGER)
def test_the_response_is_that_of_the_same_patients(name: str, response: NDArray[np.float64]) -> None:
    assert np.corrcoef(response, acute_response(name))[0, 1] >= 0.95


def test_another_replication_is_other_patients(response: NDArray[np.float64]) -> None:
    assert not requests(tapes("", 4)[0]) & requests(tapes("", 4)[1])
    assert abs(np.corrcoef(response[:-1], response[1:])[0, 1]) < 0.7


# --- who is who -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sabo", "korttid", "lss"])
def test_one_more_place_in_the_first_home_of_a_kind_moves_nobody(kind: str) -> None:
    world = small_world(days=84)
    first = next(i for i, home in enumerate(world.facilities) if home.kind == kind)
    homes = list(world.facilities)
    homes[first] = dataclasses.replace(homes[first], size=homes[first].size + 1)
    more = dataclasses.replace(world, facilities=tuple(homes))
    scenario = small_scenario({"calendar.weeks": 12, "demand.scale": 20.0, "demand.G1.turnover_per_month": 0.1,
                               "demand.G2.round_visits_per_year": 1.0, "demand.G3.round_visits_per_year": 1.0,
                               "demand.G3.stay_days": 20.0, "demand.G4.acute_per_year": 3.0,
                               "demand.G6.share_65plus": 0.05})  # fmt: skip
    before, after = (draw(scenario, each, 0, small_inputs()) for each in (world, more))
    assert all_kept(before, after) and len(after) > len(before)


def test_one_more_enrolled_in_the_first_municipality_moves_nobody() -> None:
    world = small_world(days=84)
    scenario = small_scenario({"calendar.weeks": 12, "demand.scale": 20.0, "demand.G6.share_65plus": 0.05})
    inputs = small_inputs()
    more = dataclasses.replace(inputs, enrolled=inputs.enrolled + np.array([1, 0]))
    before, after = draw(scenario, world, 0, inputs), draw(scenario, world, 0, more)
    assert all_kept(before, after) and len(after) > len(before)


def test_more_guests_in_one_municipality_are_more_requests_there() -> None:
    inputs = read_inputs(BASE, halland())
    assert inputs.guests is not None
    crowd = inputs.guests * np.array([1.0, 1.5, 1.0, 1.0, 1.0, 1.0])
    changed = dataclasses.replace(inputs, guests=crowd)
    before, after = (draw(BASE, halland(), 0, each) for each in (inputs, changed))
    assert all_kept(before, after)
    new = requests(after) - requests(before)
    assert new and {dict(zip(KEPT, request, strict=True))["municipality"] for request in new} == {1}


# --- laws -----------------------------------------------------------------------------------------


def small_counts(changes: dict[str, Any], enrolled: int = 300, replications: int = 12) -> NDArray[np.int64]:
    """(replications, places) acute requests of each G1 place in a year."""
    world = small_world(days=364)
    scenario = small_scenario({"calendar.weeks": 52, "demand.G1.acute_per_year": 2.0, **changes})
    plan = plan_demand(scenario, world, small_inputs(enrolled=enrolled))
    slots = 2 * enrolled
    found = []
    for replication in range(replications):
        tape = draw_tape(plan, replication)
        home = tape.patient_group == G1
        slot = np.cumsum(tape.patient_from_min[home] == 0) - 1
        mine = (tape.klass <= A3) & (tape.group == G1)
        found.append(np.bincount(slot[tape.patient[mine]], minlength=slots))
    return np.array(found)


def test_counts_of_equal_patients_are_poisson_and_of_unlike_ones_negative_binomial() -> None:
    mean = 2.0 * 364 / 365.25
    for cv, law in ((0.0, stats.poisson(mean)), (0.8, stats.nbinom(1 / 0.64, 1 / (1 + 0.64 * mean)))):
        count = small_counts({"demand.heterogeneity_cv": cv}).ravel()
        edges = np.arange(9)
        seen = np.append(np.bincount(np.minimum(count, 9), minlength=10)[:9], (count >= 9).sum())
        expected = len(count) * np.append(law.pmf(edges), law.sf(8))
        assert stats.chisquare(seen, expected).pvalue > 1e-3, cv


def test_turnover_keeps_the_mean_and_evens_out_the_places() -> None:
    """Of a place with own rates that follow each other at hazard h the variance of a year's rate is cv**2 times
    2 (h - 1 + exp(-h)) / h**2 (years), so that of the count is the mean + mean**2 x that."""
    h, years = -12 * np.log(1 - 0.2), 364 / 365.25
    count = small_counts({"demand.G1.turnover_per_month": 0.2}, replications=20).ravel()
    mean = 2.0 * years
    variance = mean + mean**2 * 0.64 * 2 * (h * years - 1 + np.exp(-h * years)) / (h * years) ** 2
    assert abs(count.mean() - mean) < 4 * np.sqrt(variance / len(count))
    assert count.var() == pytest.approx(variance, rel=0.06)


def test_volumes_vary_between_replications_as_their_law_says() -> None:
    """All needs of a replication: the sum over patients of mean + mean**2 cv**2."""
    world = small_world(days=364)
    scenario = small_scenario({"calendar.weeks": 52, "demand.G2.round_visits_per_year": 0.0,
                               "demand.G3.round_visits_per_year": 0.0})  # fmt: skip
    plan = plan_demand(scenario, world, small_inputs())
    total = np.array([(draw_tape(plan, r).klass < R).sum() for r in range(150)])
    years = 364 / 365.25
    means = np.repeat([0.6, 1.0, 3.0, 0.2], [200, 40, 12, 10]) * years
    variance = (means + 0.64 * means**2).sum()
    assert abs(total.mean() - means.sum()) < 4 * np.sqrt(variance / len(total))
    assert 1e-3 < stats.chi2(149).cdf(total.var(ddof=1) / variance * 149) < 1 - 1e-3


def test_stays_are_exponential_and_successors_are_others() -> None:
    world = small_world(days=700, korttid=60)  # into the second block
    scenario = small_scenario({"calendar.weeks": 100, "demand.G3.stay_days": 25.0})
    plan = plan_population(scenario, world, np.array([0, 0]), np.ones(4), hours=100 * 168)
    people, first = draw_population(plan, stream_keys(3, 0))
    short = people.origin == G3
    stay = (people.to_min - people.from_min)[short & (people.to_min < np.inf)] / 1440
    assert abs(len(stay) - 120 * 700 / 25) < 4 * np.sqrt(120 * 700 / 25)
    left = np.concatenate([people.to_min[a:b][people.to_min[a:b] < np.inf] for a, b in pairwise(first)])
    assert stats.kstest(left / (700 * 1440), "uniform").pvalue > 1e-3
    early = short & (people.from_min < 500 * 1440)  # stays that the end does not cut
    stay = np.minimum(people.to_min[early] - people.from_min[early], 200 * 1440) / 1440
    assert stats.kstest(stay[stay < 200], stats.truncexpon(8, scale=25).cdf).pvalue > 1e-3
    assert len(np.unique(people.address)) == len(people.address) == len(np.unique(people.named))
    assert stats.kstest(people.multiplier[short], stats.gamma(1 / 0.64, scale=0.64).cdf).pvalue > 1e-3
    assert (people.origin == G2).sum() == 40


def test_no_request_has_the_address_of_another() -> None:
    """Two requests with the same numbers would be one need on the tape twice."""
    for tape in tapes("", 4):
        own = tape.klass != R
        assert len(np.unique(tape.travel_factor)) == len(tape)
        assert len(np.unique(tape.elsewhere[own])) == own.sum()
        assert {CLASSES[k] for k in np.unique(tape.klass)} == set(CLASSES) and (tape.klass == P).any()
