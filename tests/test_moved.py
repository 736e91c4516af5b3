"""The region's tables drawn in plausible worlds: what moves, how, and that the register and the draws agree."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

import models
from sim.decide.information import subjects
from sim.decide.plausible import plausible_worlds, sources_of_tables
from sim.decide.sentences import input_title
from sim.decide.worlds import inputs_of, run_worlds
from sim.errors import ScenarioError
from sim.scenario import Scenario
from sim.study.stages import Kept, make_stages
from sim.text import same
from sim.world.assumed import region_inputs
from sim.world.build import build_world
from sim.world.demand import DemandInputs, draw_tape, plan_demand, read_inputs
from sim.world.moved import ENROLLED, moved_tables, table_sources
from sim.world.points import DAY_MIN
from sim.world.world import World

HALF = Scenario().with_changes({"calendar.weeks": 26, "calendar.warm_up_weeks": 1})
MONTH = "region.profiles.acute.month"
NIGHT = "region.profiles.acute.hour_office.0"
EDGE = (0.05, 0.5, 0.95)


@cache
def world() -> World:
    return build_world(HALF)


@cache
def inputs() -> DemandInputs:
    return read_inputs(HALF, world())


def test_every_number_of_the_tables_with_a_range_is_moved_by_one_source_and_no_other() -> None:
    """What `assumptions` lists with low and high is what is drawn."""
    sources = table_sources(inputs())
    moved_rows = Counter(row for source in sources for row in source.rows)
    listed = [item for item in region_inputs(HALF) if item.low is not None and item.high is not None]
    profiles = [item for item in listed if item.key.startswith("profiles.csv") and item.low < item.high]
    assert set(moved_rows.values()) == {1}
    uncertain = {row for row in moved_rows if inputs().profiles.rows[row].low < inputs().profiles.rows[row].high}
    assert len(uncertain) == len(profiles) == len(inputs().profiles.rows) - 1  # July is 1 by definition
    people = [item for item in listed if not item.key.startswith("profiles.csv")]
    assert len(people) == len(world().municipalities) and ENROLLED in sources
    assert len({source.name for source in sources}) == len(sources)
    for source in sources:  # rows of a source say where they come from in the same words
        assert len({inputs().profiles.rows[row].source for row in source.rows}) <= 1


@pytest.mark.parametrize("source", [s.name for s in sources_of_tables(Scenario())])
def test_each_row_goes_from_low_to_high_and_is_as_the_table_says_in_the_middle(source: str) -> None:
    (found,) = (item for item in table_sources(inputs()) if item.name == source)
    low, middle, high = (moved_tables(inputs(), {source: where}) for where in EDGE)
    assert np.array_equal(middle.enrolled, inputs().enrolled)
    for name in ("hour_office", "hour_free", "weekday", "month", "enrolment", "guest_month"):
        one, other = getattr(middle.profiles, name), getattr(inputs().profiles, name)
        assert one == pytest.approx(other, rel=1e-12)
    weights = np.array([inputs().profiles.rows[row].weight for row in found.rows])
    for row in found.rows:
        down, as_is, up = (some.profiles.rows[row].weight for some in (low, middle, high))
        known = inputs().profiles.rows[row]
        assert sorted((down, up)) == pytest.approx([known.low, known.high], rel=1e-9)
        assert as_is == pytest.approx(known.weight, rel=1e-12)
        turned = found.shape and known.weight < weights.mean()
        assert (up < down if turned else up > down) or known.low == known.high
    others = set(range(len(inputs().profiles.rows))) - set(found.rows)
    assert all(high.profiles.rows[row] == inputs().profiles.rows[row] for row in others)
    if source == ENROLLED.name:
        assert (low.enrolled < middle.enrolled).all() and (middle.enrolled < high.enrolled).all()
        assert inputs().enrolled_range is not None
        assert np.array_equal(high.enrolled, inputs().enrolled_range[1].astype(int))


def test_a_profile_that_one_source_gives_is_more_or_less_pronounced() -> None:
    spreads = [
        np.ptp(moved_tables(inputs(), {MONTH: where}).profiles.month[0]) for where in (0.05, 0.3, 0.5, 0.7, 0.95)
    ]
    assert all(one < other for one, other in pairwise(spreads))


def test_more_by_night_adds_and_takes_requests_and_moves_none() -> None:
    """Draws are nested in what the tables say too."""
    requests = []
    for where in (0.5, 0.9):
        tape = draw_tape(plan_demand(HALF, world(), moved_tables(inputs(), {NIGHT: where})), 1)
        requests.append({(t, f) for t, f in zip(tape.t0_min.tolist(), tape.travel_factor.tolist(), strict=True)})
    usual, later = requests
    assert len(usual & later) > 0.9 * len(usual)
    hours = [np.mean([not 7.9 <= t % DAY_MIN / 60 < 17 for t, _ in some]) for some in (usual - later, later - usual)]
    assert hours[0] < 0.5 < hours[1]


def test_a_key_of_the_draw_follows_where_the_tables_are() -> None:
    usual, here, there = (
        make_stages(HALF, (), kept=Kept(), moved=moved).keys for moved in ((), ((NIGHT, 0.5),), ((NIGHT, 0.6),))
    )
    assert len({keys.demand for keys in (usual, here, there)}) == 3 and usual.world == here.world == there.world
    assert usual.demand == make_stages(HALF, ()).keys.demand


def test_worlds_hold_the_sources_of_the_tables_and_information_asks_for_them() -> None:
    worlds = plausible_worlds(HALF, 8)
    table = run_worlds(make_stages(HALF, [models.find("status_quo")]), 8)
    assert not (table["set_aside_by"] == "failed").any()
    assert np.array_equal(table[list(worlds.tables)].to_numpy(), worlds.places)
    assert set(worlds.tables) <= set(subjects(inputs_of(table)))
    assert len(table["visits.all"].dropna().unique()) == 8
    for name in worlds.tables:
        assert input_title(name, {}) != same(name) and "region." not in input_title(name, {}).sv


def test_what_is_known_is_not_drawn_and_leaves_the_others() -> None:
    known = HALF.with_changes({"plausible": {MONTH: "known"}})
    usual, fewer = plausible_worlds(HALF, 40), plausible_worlds(known, 40)
    assert set(usual.tables) - set(fewer.tables) == {MONTH}
    left = [usual.tables.index(name) for name in fewer.tables]
    assert np.array_equal(usual.places[:, left], fewer.places) and np.array_equal(usual.values, fewer.values)
    with pytest.raises(ScenarioError, match=r"is no source in the region's tables; did you mean region\.profiles"):
        plausible_worlds(HALF.with_changes({"plausible": {MONTH + "s": "known"}}), 1)


def test_no_draw_fails() -> None:
    """Three hundred worlds can be laid out, and the first of them drawn."""
    worlds = plausible_worlds(HALF, 300)
    for number in range(1, 301):
        plan = plan_demand(worlds.world(number), world(), moved_tables(inputs(), dict(worlds.moved(number))))
        assert np.isfinite(plan.weights.by_hour).all() and (plan.weights.peak > 0).all()
        if number % 30 == 1:
            assert len(draw_tape(plan, number)) > 1000
