"""Needs that depend on the organisation, where somebody assumes so: parts of one tape, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from small_world import small_inputs, small_scenario, small_world

import models
from sim import compare, load_scenario, simulate
from sim.codes import A3, G1, P, R
from sim.comparison.standing import Standing, needs_differ, warnings_of
from sim.decide.at_best import pairs_of
from sim.decide.plausible import needs_key, plausible_worlds
from sim.decide.sentences import worlds_sentence
from sim.decide.worlds import run_worlds
from sim.decide.written import SUFFIX
from sim.errors import OrganisationError, ScenarioError
from sim.organisation import Organisation
from sim.report.words import say
from sim.scenario import Scenario
from sim.settings import ACUTE_DEMAND_RANGE
from sim.study.stages import Kept, make_stages
from sim.study.standing import record, recorded
from sim.text import Text
from sim.world.build import build_world
from sim.world.demand import DemandPlan, draw_tape, draw_whole, plan_demand
from sim.world.parts import part_of
from sim.world.tape import DemandTape

WEEKS = Scenario().with_changes(
    {"calendar.warm_up_weeks": 1, "calendar.weeks": 8, "demand.wave_weeks": 4, "demand.wave_factor": 1.5}
)
MORE = 1.02
Row = tuple[float, ...]


@cache
def plan() -> DemandPlan:
    return plan_demand(WEEKS, build_world(WEEKS))


def rows(tape: DemandTape) -> set[Row]:
    """Every request with all that it carries, but for the row of its patient."""
    return set(zip(*(column.tolist() for column in tape.requests[1:]), strict=True))


def team(factor: float, name: str = "central_team") -> Organisation:
    return replace(models.find(name), acute_demand=factor)


# --- parts of a tape ------------------------------------------------------------------------------


@settings(deadline=None, max_examples=20)
@given(st.floats(0.1, 2.5), st.floats(1.0, 2.5), st.integers(0, 5))
def test_a_part_is_what_would_be_drawn_by_itself(factor: float, largest: float, replication: int) -> None:
    whole = draw_whole(plan(), replication, max(factor, largest))
    assert part_of(whole, factor).sha256() == draw_tape(plan(), replication, factor).sha256()


def test_a_smaller_factor_has_some_of_the_same_requests_and_only_acute_ones_go() -> None:
    whole = draw_whole(plan(), 1, 1.8)
    parts = [part_of(whole, factor) for factor in (0.4, 1.0, 1.3, 1.8)]
    for fewer, more in pairwise(parts):
        assert rows(fewer) < rows(more)
        gone = more.klass <= A3
        assert (fewer.klass > A3).sum() == (~gone).sum()
        assert (np.diff(fewer.t0_min) >= 0).all()


def test_patients_are_the_same_and_a_visitor_comes_with_the_request() -> None:
    tape = draw_tape(plan(), 2, 1.4)
    usual = draw_tape(plan(), 2)
    for one in (tape, usual):
        own = one.klass != R
        of = one.patient[own]
        for name in ("group", "node", "municipality", "vardcentral", "mobility"):
            assert np.array_equal(getattr(one, name)[own], getattr(one, f"patient_{name}")[of])
        assert (one.patient[~own] == -1).all()
    slots = [(one.patient_group < 6).sum() for one in (tape, usual)]
    assert slots[0] == slots[1] and len(tape.patient_group) > len(usual.patient_group)


def test_no_part_is_larger_than_the_whole() -> None:
    with pytest.raises(ValueError, match=r"drawn for 1.2 times"):
        part_of(draw_whole(plan(), 1, 1.2), 1.3)


def test_two_per_cent_more_keeps_every_request_and_the_luck_of_the_year() -> None:
    """The response of acute patients under the same organisation, over replications."""
    found = []
    for factor in (1.0, MORE):
        stages = make_stages(WEEKS, [team(factor, "vardcentral_led")], kept=Kept())
        values = []
        for replication in range(1, 25):
            table = stages.measures("vardcentral_led", stages.draw(replication)).table
            here = table[(table["measure"] == "response_min") & (table["class"] == "acute")]
            values.append(here[(here[["municipality", "group", "window"]] == "all").all(axis=1)]["value"].iloc[0])
        found.append(values)
    assert np.corrcoef(*found)[0, 1] >= 0.95
    usual, larger = draw_tape(plan(), 1), draw_tape(plan(), 1, MORE)
    assert rows(usual) <= rows(larger)
    acute = [(tape.klass <= A3).sum() for tape in (usual, larger)]
    assert 1.0 < acute[1] / acute[0] < 1.04


@pytest.mark.parametrize("factor", [0.5, 1.6])
def test_counts_follow_their_law_at_every_factor(factor: float) -> None:
    """Acute requests of equal patients are Poisson with factor x the mean, of unlike ones negative binomial."""
    world, enrolled = small_world(days=364), 300
    mean = factor * 2.0 * 364 / 365.25
    for cv, law in ((0.0, stats.poisson(mean)), (0.8, stats.nbinom(1 / 0.64, 1 / (1 + 0.64 * mean)))):
        changes = {"calendar.weeks": 52, "demand.G1.acute_per_year": 2.0, "demand.heterogeneity_cv": cv}
        made = plan_demand(small_scenario(changes), world, small_inputs(enrolled=enrolled))
        counts = []
        for replication in range(12):
            tape = part_of(draw_whole(made, replication, 1.6), factor)
            home = tape.patient_group == G1
            slot = np.cumsum(tape.patient_from_min[home] == 0) - 1
            mine = (tape.klass <= A3) & (tape.group == G1)
            counts.append(np.bincount(slot[tape.patient[mine]], minlength=2 * enrolled))
        count = np.concatenate(counts)
        seen = np.append(np.bincount(np.minimum(count, 9), minlength=10)[:9], (count >= 9).sum())
        expected = len(count) * np.append(law.pmf(np.arange(9)), law.sf(8))
        assert stats.chisquare(seen, expected).pvalue > 1e-3, cv


# --- runs -----------------------------------------------------------------------------------------


def test_one_models_factor_changes_nothing_for_the_others() -> None:
    chosen = [team(1.7), models.find("hybrid"), models.find("status_quo")]
    mixed = make_stages(WEEKS, chosen, kept=Kept())
    usual = make_stages(WEEKS, [models.find("hybrid"), models.find("status_quo"), team(1.0)], kept=Kept())
    one, other = mixed.draw(1), usual.draw(1)
    for model in ("hybrid", "status_quo"):
        assert mixed.met(model, one).tape.sha256() == usual.met(model, other).tape.sha256()
        assert mixed.keys.measures(model, 1) == usual.keys.measures(model, 1)
        ours, theirs = mixed.measures(model, one), usual.measures(model, other)
        assert np.array_equal(ours.values, theirs.values, equal_nan=True)
    assert one.proof == other.proof
    assert mixed.keys.measures("central_team", 1) != usual.keys.measures("central_team", 1)
    assert len(mixed.met("central_team", one).tape) > len(one.tape)


@pytest.mark.parametrize("factor", [0.6, 1.5])
def test_both_engines_do_the_same_with_a_part(factor: float) -> None:
    short = WEEKS.with_changes({"calendar.weeks": 2})
    runs = [simulate(short, team(factor), 1, engine) for engine in ("compiled", "simpy")]
    assert runs[0].tape.sha256() == runs[1].tape.sha256()
    for (name, one), (_, other) in zip(runs[0].journal.columns(), runs[1].journal.columns(), strict=True):
        assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), name
    assert runs[0].measures.equals(runs[1].measures)


def test_a_tape_made_by_hand_has_no_more_or_less() -> None:
    tape = draw_tape(plan(), 1)
    with pytest.raises(OrganisationError, match=r"made by hand.*1\.5 times"):
        simulate(WEEKS, team(1.5), tape=tape)


def test_the_setting_reaches_the_organisation_of_every_model() -> None:
    for model in models.declared().models.values():
        assert model().acute_demand == 1.0
        made = model(acute_demand_factor=0.8)
        assert made.acute_demand == 0.8 and "0.8" in made.description.en
        with pytest.raises(ScenarioError, match="acute_demand_factor"):
            model(acute_demand_factor=0.05)


# --- what is said ---------------------------------------------------------------------------------


def test_a_model_at_its_best_has_the_needs_that_it_has_as_it_is() -> None:
    best = [replace(models.find(name), name=name + SUFFIX) for name in ("status_quo", "central_team")]
    pairs = pairs_of([models.find("status_quo"), team(0.7)], best)
    assert {name: pair.best.acute_demand for name, pair in pairs.items()} == {"status_quo": 1.0, "central_team": 0.7}


@pytest.mark.slow
def test_a_comparison_says_once_that_needs_differ(tmp_path: Path) -> None:
    short = WEEKS.with_changes({"calendar.weeks": 2})
    result = compare(short, [models.find("status_quo"), team(0.8)], 2, out=tmp_path / "s")
    said = [warning.en for warning in result.warnings if "by assumption" in warning.en]
    assert said == [
        "The models do not meet the same requests, by assumption: 20% fewer acute requests under Central mobile team "
        "than otherwise. Every difference and verdict below is the organisation and that assumption together."
    ]
    page = result.to_html(lang="en")
    assert page.count("20% fewer acute requests") == 1
    usual = ("page_compared_lead_needs", "method_same_patients_text", "differences_same_patients")
    for key in usual:
        assert say(key, "en") not in page
    for key in ("page_compared_lead_other_needs", "method_same_draw_text"):
        assert say(key, "en").replace("'", "&#39;") in page


def test_who_has_the_same_factor_has_the_same_needs() -> None:
    titles = {"a": Text("A", "A"), "b": Text("B", "B")}
    same = {"a": Standing(1.0, None, 1.2), "b": Standing(1.0, None, 1.2)}
    assert not needs_differ(same) and not warnings_of(same, ["a", "b"], titles, "", allowed=False)
    other = {"a": Standing(1.0, None, 1.25), "b": Standing(1.0, None, 0.5)}
    (said,) = warnings_of(other, ["a", "b"], titles, "s", allowed=False)
    assert said.sv.startswith(
        "s: Modellerna möter inte samma ärenden, enligt antagande: 25 % fler akuta ärenden under A och 50 %"
    )
    assert recorded(record(other["b"])) == other["b"] and "acute_demand" not in record(Standing(1.0))


# --- drawn on request -----------------------------------------------------------------------------

HALF = Scenario().with_changes({"calendar.weeks": 26})
KEY = needs_key("central_team")


def asked(value: Any) -> Scenario:
    return HALF.with_changes({f"plausible.{KEY}": value})


def test_the_factor_is_drawn_only_where_it_is_asked_for_and_leaves_all_else() -> None:
    chosen = [models.find("status_quo"), models.find("central_team")]
    without, drawn = plausible_worlds(HALF, 64, chosen), plausible_worlds(asked("drawn"), 64, chosen)
    assert not without.needs and list(drawn.needs) == ["central_team"]
    assert np.array_equal(without.values, drawn.values) and np.array_equal(without.shared, drawn.shared)
    assert without.organisations(1, chosen) == chosen
    factors = [drawn.organisations(n, chosen)[1].acute_demand for n in range(1, 65)]
    low, high = ACUTE_DEMAND_RANGE
    assert 1 <= sum(factor < low for factor in factors) <= 6 and 1 <= sum(factor > high for factor in factors) <= 6
    assert all(drawn.organisations(n, chosen)[0] == chosen[0] for n in (1, 2))
    assert KEY in drawn.drawn(1) and KEY not in without.drawn(1)
    narrow = plausible_worlds(asked([0.9, 1.2]), 64, chosen).factors
    assert np.quantile(narrow, [0.05, 0.5, 0.95]) == pytest.approx([0.9, 1.0, 1.2], abs=0.04)


def test_a_world_runs_each_model_with_its_factor_and_says_so() -> None:
    chosen = [models.find("status_quo"), models.find("central_team")]
    table = run_worlds(make_stages(asked("drawn"), chosen), 3)
    usual = run_worlds(make_stages(HALF, chosen), 3)
    assert not (table["set_aside_by"] == "failed").any()
    for n in (1, 2, 3):
        one, other = (part[part["world"] == n].set_index("model") for part in (table, usual))
        assert one.loc["status_quo", "requests.all"] == other.loc["status_quo", "requests.all"]
        if one.loc["central_team", "kept"]:
            ratio = one.loc["central_team", "requests.acute"] / other.loc["central_team", "requests.acute"]
            assert ratio == pytest.approx(one.loc["central_team", KEY], rel=0.05)
    titles = {"central_team": Text("Centralt mobilt team", "Central mobile team")}
    assert "acute demand under Central mobile team was drawn" in worlds_sentence(table, titles).en
    assert "by assumption" not in worlds_sentence(usual, titles).en


@pytest.mark.parametrize(("line", "said"), [
    ("models.central_team.hubs: [1, 3]", "of the models' settings only models.MODEL.acute_demand_factor can be"),
    ("models.central_team.acute_demand_factor: known", "must be drawn"),
    ("models.central_team.acute_demand_factor: [1.1, 1.4]", "the model's value in use, 1, must lie between low"),
    ("models.centralteam.acute_demand_factor: drawn", "did you mean central_team"),
    ("region.profiles.acute.month: [0.5, 2]", "must be known"),
])  # fmt: skip
def test_what_is_wrong_with_a_range_is_said_where_it_stands(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(f"plausible:\n  {line}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        models.of(load_scenario(file))
    assert said in caught.value.get("en") and "s.yaml:2:" in caught.value.get("en")


def test_planned_and_other_classes_are_never_scaled() -> None:
    whole = draw_whole(plan(), 1, 2.0)
    acute = whole.tape.klass <= A3
    assert (whole.requests[~acute] == 0).all() and (whole.requests[acute] > 0).all()
    assert P in whole.tape.klass[~acute]
