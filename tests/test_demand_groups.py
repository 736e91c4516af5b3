"""Turnover, the groups G5 to G8, certificates, telephone, no-show, conveyance and later years on the demand tape."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats
from small_world import small_inputs, small_scenario, small_world

from sim.codes import A1, A2, A3, ADM, CLASSES, DAG, G1, G2, G3, G4, G5, G6, G7, G8, PAL, UNPLANNED, P, R
from sim.errors import RegionError
from sim.grid import to_grid
from sim.scenario import Scenario
from sim.world.build import build_world
from sim.world.demand import DemandInputs, draw, draw_tape, plan_demand
from sim.world.points import YEAR_MIN
from sim.world.population import mobility_score, residents
from sim.world.profiles import Profiles, flat_profiles, read_profiles
from sim.world.projection import Projection, grown, read_projection
from sim.world.tape import DemandTape, Patients, Requests
from sim.world.visitors import read_guests
from sim.world.world import Municipality, World

ROOT = Path(__file__).resolve().parent.parent
HALLAND = ROOT / "sim" / "data" / "halland"
TOWNS = tuple(
    Municipality(code, name, 1)
    for code, name in (("1315", "Hylte"), ("1380", "Halmstad"), ("1381", "Laholm"), ("1382", "Falkenberg"),
                       ("1383", "Varberg"), ("1384", "Kungsbacka"))
)  # fmt: skip
WEEKS = {"calendar.warm_up_weeks": 4, "calendar.weeks": 52}
DAYS = 56 * 7
YEARS = DAYS * 1440 / YEAR_MIN
PATIENT = [f"patient_{name}" for name in Patients._fields]
REQUEST = list(Requests._fields)
EVERYTHING: dict[str, Any] = {
    "demand.G1.turnover_per_month": 0.043, "demand.G3.stay_days": 30.0,
    **{f"demand.{g}.certificates_per_year": 0.3 for g in ("G1", "G2", "G3", "G4")},
    **{f"demand.G5.share_{g}": 0.2 for g in ("G1", "G2", "G3")},
    "demand.G6.share_65plus": 0.05,
    "demand.G7.acute_per_year": 0.5, "demand.G7.planned_per_year": 0.3,
    "demand.G8.acute_per_1000": 40.0, "demand.G8.planned_per_1000": 30.0, "demand.G8.certificates_per_1000": 20.0,
    **{f"classes.{c}.telephone_share_{w}": s for c in UNPLANNED for w, s in (("day", 0.2), ("jourtid", 0.5))},
    **{f"classes.{c}.conveyed_share": 0.2 for c in UNPLANNED},
    "classes.P.no_show_share": 0.1,
}  # fmt: skip


@pytest.fixture(scope="module")
def world() -> World:
    return small_world(days=DAYS)


def guest_profiles() -> Profiles:
    return dataclasses.replace(flat_profiles(), guest_month=read_profiles(HALLAND).guest_month)


def whole_inputs(enrolled: int = 100) -> DemandInputs:
    return dataclasses.replace(
        small_inputs(enrolled=enrolled, profiles=guest_profiles()), guests=np.full((2, 2), 100.0)
    )


def tape_of(
    world: World, changes: dict[str, Any] | None = None, replication: int = 0, enrolled: int = 100
) -> DemandTape:
    return draw(small_scenario({**WEEKS, **(changes or {})}), world, replication, whole_inputs(enrolled))


def whole_tape(world: World, changes: dict[str, Any] | None = None, replication: int = 0) -> DemandTape:
    return tape_of(world, {**EVERYTHING, **(changes or {})}, replication)


def near(count: float, expected: float, bound: float = 4.0) -> bool:
    """Whether a Poisson count is within `bound` standard deviations of its mean."""
    return abs(count - expected) < bound * np.sqrt(expected)


def share_near(hits: int, n: int, share: float) -> bool:
    return abs(hits - n * share) < 4 * np.sqrt(n * share * (1 - share))


# --- form -----------------------------------------------------------------------------------------


def test_a_tape_with_everything_is_valid(world: World) -> None:
    tape = whole_tape(world)
    assert set(np.unique(tape.klass)) == {A1, A2, A3, PAL, ADM, R, P}
    assert set(np.unique(tape.group)) == {G1, G2, G3, G4, G5, G6, G7, G8}
    own = tape.patient >= 0
    assert np.array_equal(~own, tape.klass == R)
    for name in ("group", "node", "municipality", "vardcentral", "named", "mobility"):
        assert np.array_equal(getattr(tape, name)[own], getattr(tape, f"patient_{name}")[tape.patient[own]]), name
    assert np.array_equal(tape.leaves_min[own], tape.patient_to_min[tape.patient[own]])
    assert np.isinf(tape.leaves_min[~own]).all()
    assert np.array_equal(world.node_municipality[tape.node], tape.municipality)
    assert (np.diff(tape.t0_min) >= 0).all() and (tape.t0_min < tape.horizon_min).all()
    for name in (f for f in (*REQUEST, *PATIENT) if f.endswith("_min")):
        column = getattr(tape, name)
        assert np.array_equal(to_grid(column), column) and (column >= 0).all(), name
    assert np.array_equal(tape.due_day >= 0, tape.klass >= R)
    for name in ("single_visit", "elsewhere"):
        column = getattr(tape, name)
        assert (column[~own] == 0.5).all()
        assert stats.kstest(column[own], "uniform").pvalue > 1e-3
        assert abs(np.corrcoef(column[own], tape.on_scene_min[own])[0, 1]) < 5 / np.sqrt(own.sum())
    assert set(np.unique(tape.telephone)) == set(np.unique(tape.no_show)) == set(np.unique(tape.conveyed)) == {0, 1}
    assert (tape.telephone[tape.klass >= R] == 0).all() and (tape.conveyed[tape.klass >= R] == 0).all()
    assert (tape.no_show[tape.klass != P] == 0).all()
    assert np.array_equal(tape.call_min > 0, tape.telephone == 1)


HASH_PROGRAM = """
import sys; sys.path[:0] = sys.argv[1:3]
from small_world import small_world
from test_demand_groups import EVERYTHING, whole_inputs
from small_world import small_scenario
from sim.world.demand import draw
print(draw(small_scenario({**EVERYTHING, "demand.scale": 5.0}), small_world(), 2, whole_inputs()).sha256())
"""


def test_the_same_hash_without_any_compiled_code() -> None:
    scenario = small_scenario({**EVERYTHING, "demand.scale": 5.0})
    here = draw(scenario, small_world(), 2, whole_inputs()).sha256()
    done = subprocess.run(
        [sys.executable, "-c", HASH_PROGRAM, str(ROOT), str(ROOT / "tests")],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == here


# --- turnover -------------------------------------------------------------------------------------


def test_places_are_always_filled_and_nobody_is_logged_outside_presence(world: World) -> None:
    tape = whole_tape(world)
    slots = np.isin(tape.patient_group, (G1, G2, G3, G4, G5)) & (tape.patient_mobility == 0)
    begin, end = tape.patient_from_min[slots], tape.patient_to_min[slots]
    n = 2 * (100 + 20 + 6 + 5)
    for minute in (0.0, 1e5, 3e5, tape.horizon_min - 1):
        assert ((begin <= minute) & (minute < end)).sum() == n
    assert np.array_equal(np.sort(begin[begin > 0]), np.sort(end[np.isfinite(end)]))  # each is followed at once
    who = tape.patient[tape.patient >= 0]
    t0 = tape.t0_min[tape.patient >= 0]
    assert (t0 >= tape.patient_from_min[who]).all() and (t0 < tape.patient_to_min[who]).all()
    late = tape.patient_from_min[who] > 0
    assert late.sum() > 100 and (np.isin(tape.klass[tape.patient >= 0][late], (P,))).any()


def test_turnover_is_as_stated_and_stays_are_exponential(world: World) -> None:
    tape = tape_of(world, {"demand.G1.turnover_per_month": 0.043, "demand.G3.stay_days": 20.0}, enrolled=2000)
    home = tape.patient_group == G1
    left = np.isfinite(tape.patient_to_min)
    assert near(int((home & left).sum()), 4000 * YEARS * -12 * np.log(1 - 0.043))
    first_month = home & (tape.patient_from_min == 0) & (tape.patient_to_min < YEAR_MIN / 12)
    assert share_near(int(first_month.sum()), 4000, 0.043)
    short = tape.patient_group == G3
    assert near(int((short & left).sum()), 12 * YEARS * 365.25 / 20)
    stays = (tape.patient_to_min - tape.patient_from_min)[short & left] / 1440
    assert stats.kstest(stays, "expon", args=(0, 20)).pvalue > 1e-3
    assert not left[np.isin(tape.patient_group, (G2, G4))].any()


def test_turnover_keeps_the_volume_and_changes_the_people(world: World) -> None:
    high = {"demand.heterogeneity_cv": 0.0, "demand.G1.turnover_per_month": 0.3}
    tapes = [tape_of(world, high, r) for r in range(8)]
    exposure = 8 * YEARS * 200
    assert near(sum(int(((t.group == G1) & (t.klass <= A3)).sum()) for t in tapes), exposure * 0.6)
    planned = sum(int((t.klass == P).sum()) for t in tapes) - 8 * YEARS * 10 * 0.3
    assert near(planned, exposure * 1.4 * (1 - 0.01), 4.5)  # a few would be released after the patient has left
    tape = tapes[0]
    same = tape.patient_group == G1
    assert len(np.unique(tape.patient_named[same])) == same.sum()  # other people, other draws
    assert stats.kstest(tape.patient_named[same], "uniform").pvalue > 1e-3


def test_a_successor_has_the_home_of_the_place_or_draws_one(world: World) -> None:
    tape = tape_of(world, {"demand.G1.turnover_per_month": 0.5, "demand.G3.stay_days": 5.0})
    short = tape.patient_group == G3
    assert np.array_equal(tape.patient_node[short], tape.patient_municipality[short])
    home = tape.patient_group == G1
    assert np.array_equal(world.node_municipality[tape.patient_node[home]], tape.patient_municipality[home])
    assert len(np.unique(tape.patient_node[home & (tape.patient_from_min > 0)])) == 4


# --- G5 and certificates --------------------------------------------------------------------------


def test_palliative_shares_and_rates(world: World) -> None:
    shares = {"demand.G5.share_G1": 0.3, "demand.G5.share_G2": 0.5, "demand.G5.crises_per_year": 6.0,
              "demand.heterogeneity_cv": 0.0}  # fmt: skip
    tapes = [tape_of(world, shares, r, enrolled=500) for r in range(4)]
    ill = sum(int((t.patient_group == G5).sum()) for t in tapes)
    assert abs(ill - 4 * (1000 * 0.3 + 40 * 0.5)) < 4 * np.sqrt(4 * (1000 * 0.21 + 40 * 0.25))
    for klass, rate in ((PAL, 6.0), (P, 8.0)):
        assert near(sum(int(((t.group == G5) & (t.klass == klass)).sum()) for t in tapes), ill * YEARS * rate)
    assert all((t.group[t.klass == PAL] == G5).all() for t in tapes)
    homes = [int((t.patient_group[:1000] == G5).sum()) for t in tapes]  # G1 slots come first
    acute = sum(int(((t.group == G5) & (t.klass <= A3)).sum()) for t in tapes)
    assert near(acute, YEARS * (sum(homes) * 0.6 + (ill - sum(homes)) * 1.0))
    hour = np.concatenate([t.t0_min[t.klass == PAL] for t in tapes]) // 60 % 24
    assert stats.chisquare(np.bincount(hour.astype(int), minlength=24)).pvalue > 1e-3


def test_palliative_patience_ends_on_a_ward_for_a_share(world: World) -> None:
    tape = tape_of(world, {"demand.G5.share_G1": 1.0, "demand.G5.crises_per_year": 30.0})
    patience = tape.patience_min[tape.klass == PAL]
    ends = np.isfinite(patience)
    assert share_near(int(ends.sum()), len(patience), 0.5)
    assert stats.kstest(patience[ends], stats.weibull_min(1.5, loc=240, scale=360).cdf).pvalue > 1e-3


def test_certificates_by_group_wait_for_ever(world: World) -> None:
    rates = {"G1": 0.5, "G2": 2.0, "G3": 3.0, "G4": 1.0}
    changes = {f"demand.{g}.certificates_per_year": r for g, r in rates.items()}
    tapes = [tape_of(world, changes, r) for r in range(4)]
    for group, people, rate in ((G1, 200, 0.5), (G2, 40, 2.0), (G3, 12, 3.0), (G4, 10, 1.0)):
        count = sum(int(((t.klass == ADM) & (t.group == group)).sum()) for t in tapes)
        assert near(count, 4 * YEARS * people * rate), group
    tape = tapes[0]
    assert np.isinf(tape.patience_min[tape.klass == ADM]).all()
    assert (tape.due_day[tape.klass == ADM] == -1).all()
    assert tape.on_scene_plan_min[tape.klass == ADM].tolist() == [30.0] * int((tape.klass == ADM).sum())


# --- G6, G7, G8 -----------------------------------------------------------------------------------


def test_borderline_people_have_a_score_around_one_half() -> None:
    world = dataclasses.replace(small_world(days=DAYS), population=np.full((4, 4), 20_000.0))
    tape = tape_of(world, {"demand.G6.share_65plus": 0.05, "demand.heterogeneity_cv": 0.0})
    mine = tape.patient_group == G6
    assert mine.sum() == 2 * round(0.05 * 80_000)
    score = tape.patient_mobility[mine]
    assert stats.kstest(score, stats.triang(0.5).cdf).pvalue > 1e-3
    assert (tape.patient_mobility[~mine] == 0).all()
    assert mobility_score(np.array([0.02, 0.5, 0.98])) == pytest.approx([0.1, 0.5, 0.9])
    assert near(int(((tape.group == G6) & (tape.klass <= A3)).sum()), 8000 * YEARS * 0.3)
    assert near(int(((tape.group == G6) & (tape.klass == P)).sum()), 8000 * YEARS * 0.2)
    assert (tape.mobility[tape.group == G6] > 0).all() and (tape.mobility[tape.group != G6] == 0).all()
    assert not np.isfinite(tape.patient_to_min[mine]).any()


def test_guests_follow_the_months_and_the_municipality(world: World) -> None:
    guests = np.array([[4000.0, 0.0], [0.0, 1000.0]])  # summer houses in the one, guest nights in the other
    inputs = dataclasses.replace(whole_inputs(), guests=guests)
    scenario = small_scenario({**WEEKS, "demand.G7.acute_per_year": 4.0, "demand.G7.planned_per_year": 2.0})
    tape = draw(scenario, world, 0, inputs)
    pattern = guest_profiles().guest_month
    assert pattern is not None
    month = world.calendar.month - 1
    for place in (0, 1):
        rows = (tape.group == G7) & (tape.klass <= A3) & (tape.municipality == place)
        expected = np.bincount(month, weights=guests[place, place] * 4.0 * pattern[place][month] / 365.25, minlength=12)
        seen = np.bincount(month[(tape.t0_min[rows] // 1440).astype(int)], minlength=12)
        assert near(seen.sum(), expected.sum())
        assert stats.chisquare(seen, expected * seen.sum() / expected.sum()).pvalue > 1e-3
        assert stats.chisquare(seen).pvalue < 1e-9
    planned = int(((tape.group == G7) & (tape.klass == P)).sum())
    need = sum(guests[i, i] * 2.0 * pattern[i][month].sum() / 365.25 for i in (0, 1))
    assert near(planned, need)
    own = tape.patient_group == G7
    weight = world.population.sum(axis=1)
    count = np.bincount(tape.patient_node[own & (tape.patient_municipality == 0)], minlength=4)[[0, 2]]
    assert stats.chisquare(count, weight[[0, 2]] * count.sum() / weight[[0, 2]].sum()).pvalue > 1e-3
    assert np.array_equal(np.sort(tape.patient[tape.group == G7]), np.unique(tape.patient[tape.group == G7]))


def test_without_tables_of_guests_nobody_stays_temporarily(world: World) -> None:
    scenario = small_scenario({**WEEKS, "demand.G7.acute_per_year": 100.0})
    assert not (draw(scenario, world, 0, small_inputs()).group == G7).any()


def test_children_and_others_by_population() -> None:
    world = dataclasses.replace(small_world(days=DAYS), population=np.array([[9e4, 1e4, 5e4, 5e4]] * 4))
    changes = {
        "demand.G8.acute_per_1000": 4.0,
        "demand.G8.planned_per_1000": 3.0,
        "demand.G8.certificates_per_1000": 2.0,
    }
    tape = tape_of(world, changes)
    mine = tape.group == G8
    for rows, rate in ((tape.klass <= A3, 4.0), (tape.klass == P, 3.0), (tape.klass == ADM, 2.0)):
        assert near(int((mine & rows).sum()), 400 * YEARS * rate)
    assert np.bincount(tape.municipality[mine]).min() > 0.8 * mine.sum() / 2


# --- telephone, conveyance, no-show ---------------------------------------------------------------


def test_telephone_by_class_and_window(world: World) -> None:
    changes = {"demand.scale": 90.0, "classes.A2.telephone_share_day": 0.2, "classes.A2.telephone_share_jourtid": 0.6,
               "classes.A3.telephone_share_jourtid": 1.0}  # fmt: skip
    tape = tape_of(world, changes)
    office = world.calendar.window[(tape.t0_min // 60).astype(int)] == DAG
    for klass, day, jourtid in ((A1, 0.0, 0.0), (A2, 0.2, 0.6), (A3, 0.0, 1.0)):
        for rows, share in ((office, day), (~office, jourtid)):
            mine = rows & (tape.klass == klass)
            assert mine.sum() > 200
            assert share_near(int(tape.telephone[mine].sum()), int(mine.sum()), share) or share in (0.0, 1.0)
            assert share not in (0.0, 1.0) or (tape.telephone[mine] == share).all()
    calls = tape.call_min[tape.telephone == 1]
    sigma = np.sqrt(np.log1p(0.25))
    assert stats.kstest(calls, stats.lognorm(sigma, scale=12 * np.exp(-(sigma**2) / 2)).cdf).pvalue > 1e-4


def test_conveyance_adds_its_minutes_and_no_show_is_short(world: World) -> None:
    base = tape_of(world, {"demand.scale": 20.0})
    changed = tape_of(world, {"demand.scale": 20.0, "classes.A1.conveyed_share": 0.4, "classes.P.no_show_share": 0.1})
    first = base.klass == A1
    assert share_near(int(changed.conveyed[first].sum()), int(first.sum()), 0.4)
    assert np.array_equal(changed.on_scene_min[first], base.on_scene_min[first] + 20.0 * changed.conveyed[first])
    planned = base.klass == P
    missed = changed.no_show == 1
    assert share_near(int(missed.sum()), int(planned.sum()), 0.1) and not missed[~planned].any()
    assert set(changed.on_scene_min[missed]) == {10.0} and set(changed.documentation_min[missed]) == {0.0}
    assert np.array_equal(changed.on_scene_min[planned & ~missed], base.on_scene_min[planned & ~missed])


# --- common random numbers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "columns"),
    [
        ("classes.A2.telephone_share_jourtid", 0.9, {"telephone", "call_min"}),
        ("demand.telephone.call_mean_min", 20.0, {"call_min"}),
        ("demand.conveyance_min", 35.0, {"on_scene_min"}),
        ("classes.A3.conveyed_share", 0.5, {"conveyed", "on_scene_min"}),
        ("classes.P.no_show_share", 0.3, {"no_show", "on_scene_min", "documentation_min"}),
        ("classes.PAL.patience.ward_share", 0.9, {"patience_min"}),
        ("classes.ADM.on_scene_mean_min", 50.0, {"on_scene_min", "on_scene_plan_min"}),
    ],
)
def test_a_changed_input_changes_its_own_column_alone(world: World, key: str, value: float, columns: set[str]) -> None:
    base, changed = whole_tape(world), whole_tape(world, {key: value})
    assert {
        name for name in (*PATIENT, *REQUEST) if not np.array_equal(getattr(base, name), getattr(changed, name))
    } == columns


def without(tape: DemandTape, groups: tuple[int, ...], classes: tuple[int, ...] = ()) -> list[tuple[Any, ...]]:
    """What is on a tape but for some groups and classes, patient numbers aside."""
    rows = ~np.isin(tape.group, groups) & ~np.isin(tape.klass, classes)
    return list(zip(*(getattr(tape, name)[rows].tolist() for name in REQUEST if name != "patient"), strict=True))


@pytest.mark.parametrize(
    ("changes", "groups", "classes"),
    [
        ({"demand.G6.share_65plus": 0.1}, (G6,), ()),
        ({"demand.G7.acute_per_year": 1.0}, (G7,), ()),
        ({"demand.G8.acute_per_1000": 90.0, "demand.G8.certificates_per_1000": 0.0}, (G8,), ()),
        ({"demand.G5.crises_per_year": 9.0}, (), (PAL,)),
        ({"demand.G2.certificates_per_year": 2.0}, (), (ADM,)),
        ({"demand.G3.stay_days": 12.0}, (G3, G5), ()),
        ({"demand.G5.share_G1": 0.0, "demand.G5.share_G2": 0.0, "demand.G5.share_G3": 0.0}, (G1, G2, G3, G5), ()),
    ],
)
def test_one_group_moves_no_other(
    world: World, changes: dict[str, Any], groups: tuple[int, ...], classes: tuple[int, ...]
) -> None:
    base, changed = whole_tape(world), whole_tape(world, changes)
    assert base.sha256() != changed.sha256()
    kept = without(base, groups, classes)
    assert len(kept) > 200 and kept == without(changed, groups, classes)


def test_one_more_patient_at_the_end_changes_nothing_before(world: World) -> None:
    """The last slot without borderline people and visitors is in the last home; the next has successors of its own."""
    *others, last = world.facilities
    assert last.kind == "lss"
    quiet = {"demand.G6.share_65plus": 0.0, "demand.G7.acute_per_year": 0.0, "demand.G7.planned_per_year": 0.0,
             **{f"demand.G8.{k}_per_1000": 0.0 for k in ("acute", "planned", "certificates")}}  # fmt: skip
    more = dataclasses.replace(world, facilities=(*others, dataclasses.replace(last, size=last.size + 1)))
    base, grown_tape = (
        whole_tape(world, {**quiet, "demand.scale": 5.0}),
        whole_tape(more, {**quiet, "demand.scale": 5.0}),
    )
    n = len(base.patient_group)
    assert len(grown_tape.patient_group) == n + 1
    old = grown_tape.patient != n
    assert (~old).any()
    for name in PATIENT:
        assert np.array_equal(getattr(grown_tape, name)[:n], getattr(base, name)), name
    for name in REQUEST:
        assert np.array_equal(getattr(grown_tape, name)[old], getattr(base, name)), name


def test_one_more_patient_among_everybody_moves_only_patient_numbers(world: World) -> None:
    *others, last = world.facilities
    more = dataclasses.replace(world, facilities=(*others, dataclasses.replace(last, size=last.size + 1)))
    quiet = {"demand.G6.share_65plus": 0.0}
    base, grown_tape = whole_tape(world, quiet), whole_tape(more, quiet)
    old = set(without(base, ()))
    assert old < set(without(grown_tape, ())) or old == set(without(grown_tape, ()))


def test_a_longer_run_begins_like_a_shorter_one(world: World) -> None:
    short, long = whole_tape(world, {"calendar.weeks": 20}), whole_tape(world)
    safe = short.horizon_min - 7 * 1440
    for name in REQUEST:
        if name in ("patient", "leaves_min"):  # more successors come before; who leaves later is known only by then
            continue
        one, other = getattr(short, name)[short.t0_min < safe], getattr(long, name)[long.t0_min < safe]
        assert np.array_equal(one, other), name


# --- later years ----------------------------------------------------------------------------------


def test_a_projection_is_read_and_interpolated() -> None:
    projection = read_projection(HALLAND, TOWNS)
    assert projection is not None and projection.years == (2015, 2020, 2025, 2030, 2035, 2040)
    assert projection.in_year(2030)[0].sum() == pytest.approx(projection.people[3, 0].sum())
    middle = projection.in_year(2032)
    assert np.allclose(middle, 0.6 * projection.people[3] + 0.4 * projection.people[4])
    assert (projection.growth(2024) == 1.0).all()
    with pytest.raises(RegionError, match="years 2015 to 2040, not 2041"):
        projection.in_year(2041)


def test_the_numbers_of_2040_follow_the_projection() -> None:
    scenario = Scenario()
    world = build_world(scenario)
    projection = read_projection(HALLAND, world.municipalities)
    assert projection is not None
    old_only = np.array([0.0, 0.0, 0.0, 0.129])
    enrolled = np.full(6, 100_000)
    later = scenario.with_changes({"demand.year": 2040, "demand.sabo_growth": 1.0})
    then, numbers = grown(later, world, enrolled, old_only, projection)
    factor = projection.growth(2040)[:, 3]
    assert factor.min() > 1.2
    assert numbers / enrolled == pytest.approx(factor, abs=1e-5)
    for home, before in zip(then.facilities, world.facilities, strict=True):
        grows = factor[home.municipality] if home.kind == "sabo" else 1.0
        assert home.size == pytest.approx(before.size * grows)
    none_built = later.with_changes({"demand.sabo_growth": 0.0, "demand.home_care_growth": 0.02})
    then, numbers = grown(none_built, world, enrolled, old_only, projection)
    places = np.bincount([f.municipality for f in world.facilities if f.kind == "sabo"],
                         weights=[f.size for f in world.facilities if f.kind == "sabo"], minlength=6)  # fmt: skip
    expected = enrolled * factor * 1.02**16 + (factor - 1) * places
    assert numbers == pytest.approx(expected, abs=1)
    assert then.facilities == world.facilities
    assert np.allclose(then.population, world.population * projection.growth(2040)[world.node_municipality])
    assert grown(scenario, world, enrolled, old_only, None) == (world, enrolled)


def test_a_later_year_without_a_projection_is_an_error(world: World, tmp_path: Path) -> None:
    with pytest.raises(RegionError, match=r"population_by_age.csv.*demand.year 2030 needs it"):
        tape_of(world, {"demand.year": 2030})
    assert read_projection(tmp_path, TOWNS) is None
    (tmp_path / "population_by_age.csv").write_text(
        "code,year,age_group,population\n1315,2020,80+,x\n1315,2020,90+,1\n"
    )
    with pytest.raises(RegionError) as caught:
        read_projection(tmp_path, TOWNS[:1])
    assert [(p.line, p.key) for p in caught.value.problems] == [(2, "population"), (3, "age_group")]
    (tmp_path / "population_by_age.csv").write_text("code,year,age_group,population\n1315,2020,80+,5\n")
    with pytest.raises(RegionError, match=r"Hylte \(1315\) has no row for 2020, age 0-19, 20-64, 65-79"):
        read_projection(tmp_path, TOWNS[:1])


def test_a_small_projection_by_hand(world: World) -> None:
    people = np.array([np.full((2, 4), 100.0), np.full((2, 4), 200.0)])
    inputs = dataclasses.replace(whole_inputs(), projection=Projection((2024, 2034), people))
    scenario = small_scenario({**WEEKS, "demand.year": 2029, "demand.sabo_growth": 0.5})
    tape = draw(scenario, world, 0, inputs)
    count = np.bincount(tape.patient_group, minlength=4)
    assert count[:4].tolist() == [2 * (150 + 5), 2 * 25, 12, 10]  # 1.5 times; SÄBO 20 places, 10 more needed, 5 built


# --- the region's tables --------------------------------------------------------------------------


def test_guests_of_halland_and_tables_without_them(tmp_path: Path) -> None:
    guests = read_guests(HALLAND, TOWNS, read_profiles(HALLAND))
    assert guests is not None and guests[:, 2].tolist() == [6120.0, 1312.0]
    (tmp_path / "municipalities.csv").write_text("code,homecare_enrolled_2023_est\n1315,5\n")
    assert read_guests(tmp_path, TOWNS[:1], flat_profiles()) is None
    (tmp_path / "municipalities.csv").write_text("code,summer_house_guests_per_day_july_est\n1315,5\n")
    with pytest.raises(RegionError, match="rows of class G7"):
        read_guests(tmp_path, TOWNS[:1], flat_profiles())
    with pytest.raises(RegionError, match=r"commercial_guests_per_day_jun_aug_2025.*column is missing"):
        read_guests(tmp_path, TOWNS[:1], guest_profiles())


def test_halland_comes_near_its_anchors() -> None:
    """31 000 visits a year in all home settings (14 000-60 000), and 1 200 (600-2 100) acute ones out of hours."""
    scenario = Scenario()
    world = build_world(scenario)
    plan = plan_demand(scenario, world)
    assert residents(world.facilities[-1]) > 0
    visits, outside = [], []
    for replication in range(6):
        tape = draw_tape(plan, replication)
        made = (tape.t0_min >= tape.warm_up_min) & (tape.telephone == 0) & (tape.mobility < 0.5)
        jourtid = world.calendar.window[(tape.t0_min // 60).astype(int)] != DAG
        visits.append(tape.visits[made].sum())
        outside.append((made & jourtid & (tape.klass <= A3)).sum())
        assert {CLASSES[k] for k in np.unique(tape.klass)} == set(CLASSES)
    assert np.mean(visits) == pytest.approx(31_000, rel=0.04)
    assert np.mean(outside) == pytest.approx(1_200, rel=0.06)
