"""Plausible worlds: how inputs are drawn, that every one can be run, and which are set aside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

import models
from sim.decide.facts import COLUMNS, GROWS, SEEN, TITLES, Fact, Seen, growth_of, keeps_up, read_facts
from sim.decide.plausible import DUMMY, SHARED, laws_of, plausible_worlds, todays_decisions
from sim.decide.sources import COMMON, SOURCES, source_of
from sim.decide.worlds import FACT, inputs_of, kept_of, run_worlds
from sim.errors import RegionError, ScenarioError
from sim.scenario import Scenario, assumptions, describe_changes, load_scenario
from sim.scenario.fields import leaves, value_of
from sim.scenario.plausible import distributions, wholes
from sim.study.stages import make_stages
from sim.world.build import build_world
from sim.world.demand import draw
from sim.world.region import region_folder

HALLAND = region_folder(Scenario())
SHORT = Scenario().with_changes({"calendar.weeks": 4, "calendar.warm_up_weeks": 1})


# --- the draws ------------------------------------------------------------------------------------


def test_every_number_of_the_world_is_drawn_and_decisions_stay() -> None:
    worlds = plausible_worlds(Scenario(), 64)
    kinds = {leaf.key: leaf.extra.get("kind") for leaf in leaves(Scenario)}
    assert set(worlds.keys) == set(distributions())
    assert {kinds[key] for key in worlds.keys} == {"world"}
    changed = worlds.world(3)
    for key in ("demand.scale", "staffing.hours_per_week", "study.confidence", "classes.A1.target_min"):
        assert value_of(changed, key) == value_of(Scenario(), key)


def test_half_of_the_draws_lie_below_the_value_and_nine_of_ten_inside_the_range() -> None:
    worlds = plausible_worlds(Scenario(), 1024)
    for column, (key, law) in enumerate(worlds.laws.items()):
        values = worlds.values[:, column]
        assert abs(np.mean(values < law.value) - 0.5) < 0.06, key  # those of a source are not spread as evenly
        assert abs(np.mean((values >= law.low) & (values <= law.high)) - 0.9) < 0.04, key


def test_inputs_of_a_source_go_together_and_others_do_not() -> None:
    worlds = plausible_worlds(Scenario(), 1024)
    of_source = [key for key in worlds.keys if source_of(key) is SOURCES[0]]
    assert len(of_source) >= 5
    column = {key: worlds.uniforms[:, number] for number, key in enumerate(worlds.keys)}
    together = [spearmanr(column[a], column[b]).statistic for a in of_source for b in of_source if a < b]
    assert np.mean(together) == pytest.approx(6 / np.pi * np.arcsin(COMMON / 2), abs=0.03)
    apart = [spearmanr(column["travel.cv"], column[key]).statistic for key in of_source]
    assert np.abs(apart).max() < 0.12


def test_every_source_has_inputs_and_every_input_at_most_one_source() -> None:
    keys = list(distributions())
    matched = {source: [key for key in keys if source_of(key) is source] for source in SOURCES}
    assert all(len(found) >= 2 for found in matched.values())
    assert len(SHARED) == len(SOURCES) + 1 == len(set(SHARED))


def test_more_worlds_begin_like_fewer_and_a_new_input_moves_no_other() -> None:
    few, more = plausible_worlds(Scenario(), 40), plausible_worlds(Scenario(), 100)
    assert np.array_equal(few.values, more.values[:40])
    fewer = replace(more, laws={key: law for key, law in more.laws.items() if key != "travel.cv"})
    kept = [number for number, key in enumerate(more.keys) if key != "travel.cv"]
    assert np.array_equal(fewer.uniforms, more.uniforms[:, kept])


def test_what_a_scenario_states_is_the_median_and_the_doubt_goes_along() -> None:
    stated = Scenario().with_changes({"demand.G1.acute_per_year": 1.2, "classes.P.no_show_share": 0.06})
    laws, usual = laws_of(stated), distributions()
    rate, share = laws["demand.G1.acute_per_year"], laws["classes.P.no_show_share"]
    assert [rate.value, rate.low, rate.high] == pytest.approx([1.2, 0.44, 2.8])
    assert share.value == 0.06 and share.at(0.5) == pytest.approx(0.06)
    odds = [s / (1 - s) for s in (share.low, share.value, share.high)]
    law = usual["classes.P.no_show_share"]
    known = [s / (1 - s) for s in (law.low, law.value, law.high)]
    assert np.diff(np.log(odds)) == pytest.approx(np.diff(np.log(known)))


def test_what_is_certain_or_without_effect_is_not_drawn() -> None:
    assert "demand.G3.acute_per_year" not in laws_of(Scenario().with_changes({"demand.G3.acute_per_year": 0.0}))
    assert "classes.A3.patience.ed_share" not in laws_of(Scenario().with_changes({"classes.A3.patience.ed_share": 1.0}))


def test_shares_of_one_whole_are_never_too_much_and_a_stated_rest_stays_the_rest() -> None:
    mix = {"demand.acute_mix.A1": 0.35, "demand.acute_mix.A2": 0.55, "demand.acute_mix.A3": 0.1}
    worlds = plausible_worlds(Scenario().with_changes(mix), 300)
    for keys in wholes():
        columns = [worlds.keys.index(key) for key in keys]
        assert worlds.values[:, columns].sum(axis=1).max() <= 1 + 1e-12
    assert (worlds.values[:, [worlds.keys.index(key) for key in list(mix)[:2]]].sum(axis=1) > 0.999).any()
    for number in range(1, 301):
        worlds.world(number)  # ScenarioError if the three do not add up


@pytest.mark.parametrize("seed", [2024, 1])
def test_every_world_can_be_drawn(seed: int) -> None:
    world = build_world(SHORT)
    worlds = plausible_worlds(SHORT.with_changes({"study.seed": seed}), 320)
    for number in range(1, 321):
        assert len(draw(worlds.world(number), world, 1)) > 0


# --- running them ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    chosen = [models.central_team(), models.status_quo()]
    return run_worlds(make_stages(SHORT, chosen), 12, 2)


def test_the_table_has_a_row_for_each_world_and_model(table: pd.DataFrame) -> None:
    assert list(zip(table["world"], table["model"], strict=True)) == [
        (world, model) for world in range(1, 13) for model in ("central_team", "status_quo")
    ]
    assert not (table["set_aside_by"] == "failed").any()
    worlds = plausible_worlds(SHORT, 12)
    assert inputs_of(table) == [*worlds.keys, *worlds.tables, *SHARED] and DUMMY in SHARED
    assert np.array_equal(table[list(worlds.keys)].to_numpy()[::2], worlds.values)


def test_a_world_is_a_year_of_the_scenario_with_its_inputs_and_the_patients_of_its_number(table: pd.DataFrame) -> None:
    number = int(kept_of(table)["world"].iloc[-1])
    worlds = plausible_worlds(SHORT, number)
    stages = make_stages(worlds.world(number), [models.central_team()], moved=worlds.moved(number))
    whole = stages.measures("central_team", stages.draw(number)).table
    whole = whole[(whole[["municipality", "group", "window"]] == "all").all(axis=1)]
    row = table[(table["world"] == number) & (table["model"] == "central_team")].iloc[0]
    for measure, klass, value in whole[["measure", "class", "value"]].itertuples(index=False):
        assert row[f"{measure}.{klass}"] == value or np.isnan(value)


def test_worlds_do_not_depend_on_how_many_work_or_on_the_engine_of_the_rest(table: pd.DataFrame) -> None:
    again = run_worlds(make_stages(SHORT, [models.central_team(), models.status_quo()], "simpy"), 4, 1)
    pd.testing.assert_frame_equal(again, table[table["world"] <= 4])


def test_a_world_that_contradicts_a_fact_is_set_aside_and_only_today_is_run(table: pd.DataFrame) -> None:
    facts = {fact.name: fact for fact in read_facts(HALLAND)}
    aside = table[~table["kept"]]
    assert 0 < aside["world"].nunique() < 12
    for _, row in aside.iterrows():
        assert row["set_aside_by"].split() == [n for n, fact in facts.items() if not fact.allows(row[FACT + n])]
    assert aside.loc[aside["model"] == "central_team", "response_min.acute"].isna().all()
    assert aside.loc[aside["model"] == "status_quo", "response_min.acute"].notna().all()
    for name, fact in facts.items():
        assert kept_of(table)[FACT + name].between(fact.low, fact.high).all()


def test_facts_are_of_today_whatever_the_scenario_decides() -> None:
    """A scenario with other decisions has the same facts; one with the same decisions is not run twice."""
    assert todays_decisions(Scenario()) == {}
    assert todays_decisions(Scenario().with_changes({"demand.G1.acute_per_year": 0.9})) == {}
    harder = SHORT.with_changes({"demand.scale": 1.5})
    assert todays_decisions(harder) == {"demand.scale": 1.0}
    names = [FACT + fact.name for fact in read_facts(HALLAND)]
    usual, found = (run_worlds(make_stages(item, [models.status_quo()]), 3) for item in (SHORT, harder))
    pd.testing.assert_frame_equal(usual[names], found[names])
    assert (found["requests.all"] > usual["requests.all"]).all()


def test_without_today_or_facts_nothing_is_set_aside() -> None:
    found = run_worlds(make_stages(SHORT, [models.central_team()]), 2)
    assert found["kept"].all() and not [name for name in found if str(name).startswith(FACT)]


def test_a_world_that_fails_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    import sim.decide.worlds

    def broken(*_: object) -> None:
        raise RuntimeError("no year")

    monkeypatch.setattr(sim.decide.worlds, "year_of", broken)
    found = run_worlds(make_stages(SHORT, [models.central_team()]), 2)
    assert list(found["set_aside_by"]) == ["failed", "failed"] and not found["kept"].any()


# --- facts ----------------------------------------------------------------------------------------


def test_the_default_agrees_with_all_that_is_known_of_halland() -> None:
    stages = make_stages(Scenario(), [models.status_quo()])
    draw = stages.draw(1)
    seen = Seen(draw.tape, stages.run_one("status_quo", draw), stages.world)
    for fact in read_facts(HALLAND):
        value = SEEN[fact.name](seen)
        assert fact.allows(value), (fact.name, value)
    assert keeps_up(seen.tape, seen.journal)
    measured = stages.measures("status_quo", stages.draw(1)).table
    whole = measured[(measured[["municipality", "group", "window"]] == "all").all(axis=1)]
    visits = whole[(whole["measure"] == "visits") & (whole["class"] == "all")]["value"].iloc[0]
    assert SEEN["visits_per_year"](seen) == pytest.approx(visits, rel=0.01)


def test_too_few_hours_pile_up() -> None:
    tight = Scenario().with_changes({"calendar.weeks": 30, "demand.scale": 3.0})
    stages = make_stages(tight, [models.status_quo()])
    draw = stages.draw(1)
    journal = stages.run_one("status_quo", draw)
    assert max(growth_of(draw.tape, journal)) > GROWS and not keeps_up(draw.tape, journal)


def test_every_fact_has_a_title_and_what_nobody_knows_contradicts_nothing() -> None:
    assert set(TITLES) == set(SEEN)
    fact = Fact("same_day_share", 0.5, 1.0, "share", "", "estimate")
    assert fact.allows(0.5) and fact.allows(float("nan")) and not fact.allows(0.49)


def test_a_table_of_facts_is_checked_whole(tmp_path: Path) -> None:
    assert read_facts(tmp_path) == ()
    header, shar, upside = COLUMNS, "same_day_shar,0.5,1,share,x,published", "visits_per_year,9,8,per year,x,guess"
    rows = "\n".join([",".join(header), shar, upside, ""])
    (tmp_path / "facts.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(RegionError) as caught:
        read_facts(tmp_path)
    told = [(problem.line, problem.key) for problem in caught.value.problems]
    assert sorted(told) == [(2, "fact"), (3, "high"), (3, "quality")]
    assert "same_day_share" in str(caught.value)


# --- ranges of a scenario's own -------------------------------------------------------------------


def test_a_scenario_may_state_other_ranges_and_what_is_known(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        "demand: {G1: {acute_per_year: 0.8}}\n"
        "plausible:\n"
        "  demand.G1.acute_per_year: [0.7, 1.0]\n"
        "  travel: {cv: known}\n",
        encoding="utf-8",
    )
    laws = laws_of(load_scenario(file))
    rate = laws["demand.G1.acute_per_year"]
    assert (rate.low, rate.value, rate.high) == (0.7, 0.8, 1.0)
    assert "travel.cv" not in laws and "travel.weather_factor" in laws
    changed = Scenario().with_changes({"plausible.travel.cv": [0.1, 0.2]})
    assert laws_of(changed)["travel.cv"].high == 0.2
    told = {row.key: row for row in assumptions(load_scenario(file))}
    assert (told["demand.G1.acute_per_year"].low, told["travel.cv"].low, told["travel.cv"].high) == (0.7, 0.15, 0.15)
    assert "plausible ranges" in describe_changes(changed, Scenario()).en


def test_wrong_ranges_are_told_all_at_once_with_their_places(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(
        "plausible:\n"
        "  demand.G1.acute_per_yer: [0.7, 1.0]\n"
        "  travel:\n"
        "    cv: [0.2, 0.3]\n"
        "  classes.P.no_show_share: [0.01, 1.5]\n"
        "  demand.scale: known\n"
        "  travel.weather_factor: wide\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert [(problem.line, problem.key) for problem in caught.value.problems] == [
        (2, "plausible.demand.G1.acute_per_yer"),
        (4, "plausible.travel.cv"),
        (5, "plausible.classes.P.no_show_share"),
        (6, "plausible.demand.scale"),
        (7, "plausible.travel.weather_factor"),
    ]
    assert "demand.G1.acute_per_year" in str(caught.value)
    with pytest.raises(ScenarioError):
        laws_of(Scenario().with_changes({"plausible.travel.cv": [0.2, 0.3]}))
