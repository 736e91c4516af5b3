"""Kinds of numbers, and what is plausible of those of the world: medians, intervals, and worlds that can all be run."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import Scenario, assumptions, describe_changes
from sim.scenario.fields import leaves, value_of
from sim.scenario.plausible import Plausible, distributions, world_at
from sim.world.build import build_world
from sim.world.demand import draw
from sim.world.world import World

WORLDS = 300
DRIVE_MIN = 25.0  # there, and on; only what it weighs beside the time on scene matters here
WEEKS = {"calendar.weeks": 12, "calendar.warm_up_weeks": 1}
PREFERENCES = {leaf.key for leaf in leaves(Scenario) if leaf.key.endswith(".target_min")} | {"study.confidence"}
DECISIONS = {  # numbers with a range that somebody chooses
    *(f"demand.{key}" for key in ("scale", "home_care_growth", "wave_factor")),
    *("classes.A1.telephone_share_day", "classes.A1.telephone_share_jourtid"),  # what an A1 is
    *("classes.ADM.telephone_share_day", "classes.ADM.telephone_share_jourtid", "classes.ADM.conveyed_share"),
    *(f"staffing.{key}" for key in ("hours_per_week", "overtime_max_min", "break_min", "planned_share")),
    *("staffing.named_weight_min", "staffing.absence_share"),
    *(f"organisation.{key}" for key in ("agreement_delay_min", "threshold", "single_visit_share")),
}


@pytest.fixture(scope="module")
def short() -> Scenario:
    return Scenario().with_changes(WEEKS)


@pytest.fixture(scope="module")
def halland(short: Scenario) -> World:
    return build_world(short)


# --- kinds ----------------------------------------------------------------------------------------


def test_every_number_is_of_the_world_a_decision_or_a_preference() -> None:
    for leaf in leaves(Scenario):
        if isinstance(value_of(Scenario(), leaf.key), int | float) or "quality" in leaf.extra:
            assert leaf.extra["kind"] in ("world", "decision", "preference"), leaf.key
    kinds = {row.key: row.kind for row in assumptions(Scenario())}
    decided = {key for key, kind in kinds.items() if kind == "decision"}
    assert decided == DECISIONS, "name what is decided, not assumed, in DECISIONS here"
    preferred = {leaf.key for leaf in leaves(Scenario) if leaf.extra.get("kind") == "preference"}
    weights = {leaf.key for leaf in leaves(Scenario) if leaf.key.startswith("comparison.weights.")}
    assert len(weights) == 9
    assert preferred == PREFERENCES | weights | {key for key in kinds if key.startswith("comparison.practical.")}


def test_a_number_of_the_world_is_drawn_and_no_other() -> None:
    kinds = {row.key: row.kind for row in assumptions(Scenario())}
    assert set(distributions()) == {key for key, kind in kinds.items() if kind == "world"}
    assert len(distributions()) > 100


# --- distributions --------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(distributions()))
def test_the_default_is_the_median_and_the_range_a_central_90_per_cent(key: str) -> None:
    found = distributions()[key]
    for uniform, number in ((0.05, found.low), (0.5, found.value), (0.95, found.high)):
        assert found.at(uniform) == pytest.approx(number, rel=1e-9)
        assert found.where(number) == pytest.approx(uniform, abs=1e-9)
    assert found.value == value_of(Scenario(), key)
    # Neither side is more than a third wider than the other, on the scale that it is drawn on
    down, up = found._wide(found.value) - found._wide(found.low), found._wide(found.high) - found._wide(found.value)
    assert 3 / 4 < down / up < 4 / 3 or abs(down - up) < 0.05


@given(st.sampled_from(sorted(distributions())), st.floats(1e-12, 1 - 1e-12), st.floats(1e-12, 1 - 1e-12))
def test_quantiles_rise_and_stay_inside_what_can_be_run(key: str, first: float, second: float) -> None:
    found = distributions()[key]
    low, high = sorted((first, second))
    assert found.least <= found.at(low) <= found.at(high) <= found.most


def test_quantiles_against_laws_with_known_ones() -> None:
    even = Plausible(10.0, 5.0, 20.0, share=False)  # log-symmetric: a lognormal with sigma ln 2 / 1.6449
    assert even.at(0.8413447460685429) == pytest.approx(10 * math.exp(math.log(2) / 1.6448536269514722), rel=1e-9)
    half = Plausible(0.5, 0.2, 0.8, share=True)
    assert half.at(0.25) == pytest.approx(1 - half.at(0.75), rel=1e-12)
    lopsided = Plausible(10.0, 9.0, 40.0, share=False)
    assert (lopsided.at(0.05), lopsided.at(0.95)) == (pytest.approx(9.0), pytest.approx(40.0))
    assert Plausible(10.0, 5.0, 20.0, False, most=15.0).at(0.99) == 15.0


# --- worlds ---------------------------------------------------------------------------------------


def test_shares_of_one_whole_that_are_too_much_are_made_less_together() -> None:
    keys = ("organisation.refused_to_vardcentral", "organisation.refused_to_ed")
    drawn = world_at(dict.fromkeys(keys, 0.9999))
    assert sum(drawn.values()) == pytest.approx(1.0)
    alone = {key: distributions()[key].at(0.9999) for key in keys}
    assert drawn[keys[0]] / drawn[keys[1]] == pytest.approx(alone[keys[0]] / alone[keys[1]])
    assert world_at({keys[0]: 0.5}) == {keys[0]: 0.6}


def test_worlds_drawn_at_random_can_all_be_run_and_half_of_them_are_harder(short: Scenario, halland: World) -> None:
    """Every number by a uniform of its own: none may forbid another, and the default is in the middle of them.

    Harder means more physician time for what is asked. Rates add up, and a sum of skewed numbers lies a little above
    that of the medians: hence not exactly half.
    """
    rng = np.random.default_rng(1)
    keys = list(distributions())
    default = np.mean([_hours(short, halland, replication) for replication in range(1, 9)])
    found = []
    for _ in range(WORLDS):
        world = short.with_changes(world_at(dict(zip(keys, rng.random(len(keys)).tolist(), strict=True))))
        found.append(_hours(world, halland, 1))
    assert 0.40 < np.mean(np.array(found) > default) < 0.66
    assert 0.9 < np.median(found) / default < 1.1
    assert np.quantile(found, 0.05) < 0.85 * default and np.quantile(found, 0.95) > 1.2 * default


def test_extreme_worlds_can_be_run(short: Scenario, halland: World) -> None:
    for uniform in (1e-6, 1 - 1e-6):
        world = short.with_changes(world_at(dict.fromkeys(distributions(), uniform)))
        assert _hours(world, halland, 1) > 0


def _hours(scenario: Scenario, world: World, replication: int) -> float:
    """Physician time of a draw: calls, or drive, time on scene and documentation."""
    asked = draw(scenario, world, replication).requests
    visit = asked.on_scene_min + asked.documentation_min + DRIVE_MIN * asked.travel_factor
    return float(np.where(asked.telephone == 1, asked.call_min, visit).sum())


# --- what has no effect ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("idle", "alive"),
    [
        ({"demand.wave_factor": 2.0}, {"demand.wave_weeks": 4}),
        ({"demand.wave_weeks": 4}, {"demand.wave_factor": 2.0}),
        ({"demand.wave_first_week": 3}, {"demand.wave_factor": 2.0, "demand.wave_weeks": 4}),
        ({"demand.home_care_growth": 0.02}, {"demand.year": 2030}),
        ({"demand.sabo_growth": 0.5}, {"demand.year": 2030}),
        ({"organisation.single_visit_share": 0.4, "organisation.threshold": 1.0}, {"organisation.threshold": 0.4}),
    ],
)
def test_a_change_without_effect_is_not_told_as_a_difference(idle: dict[str, object], alive: dict[str, object]) -> None:
    key = next(iter(idle))
    base = Scenario().with_changes({name: value for name, value in idle.items() if name != key})
    said = describe_changes(base.with_changes({key: idle[key]}), base).en
    assert said.partition("Without effect here: ")[0].rstrip(". ").startswith("No change from")
    assert "Without effect here: " in said
    assert "Without effect" not in describe_changes(base.with_changes({**idle, **alive}), base).en


def test_what_is_said_to_have_no_effect_has_none(short: Scenario, halland: World) -> None:
    same = draw(short, halland, 1).sha256()
    for changes in (
        {"demand.wave_factor": 2.0, "demand.wave_first_week": 3},
        {"demand.wave_weeks": 4},
        {"demand.home_care_growth": 0.02, "demand.sabo_growth": 0.5},
        {"classes.P.no_show_share": 0.0, "classes.P.no_show_min": 20.0},
    ):
        base = {key: value for key, value in changes.items() if key == "classes.P.no_show_share"}
        there = draw(short.with_changes(base), halland, 1).sha256() if base else same
        assert draw(short.with_changes(changes), halland, 1).sha256() == there
