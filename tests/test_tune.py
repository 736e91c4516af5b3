"""Each model at its best: what may be moved, what is found, and that what is reported was not searched on."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from test_commands import call

import models
from sim.decide.aims import AimError, parse_aim, parse_limit
from sim.decide.candidates import Bench, Values
from sim.decide.cases import Cases
from sim.decide.frontier import trial_table
from sim.decide.question import REST, Question, Years, rested
from sim.decide.space import Dimension, space_of
from sim.decide.tuned import Tuned, tune
from sim.decide.written import scenario_text
from sim.declared import Variant, variants
from sim.organisation import Organisation
from sim.scenario import Scenario, load_scenario
from sim.text import Text

pytest.importorskip("optuna")
SCENARIO = Scenario().with_changes({"calendar.weeks": 2, "calendar.warm_up_weeks": 1})
VARIANTS = {item.name: item for item in variants(SCENARIO, models.declared())}
RESPONSE = parse_aim("response_min")
QUESTION = Question((RESPONSE,), (parse_limit("on_promised_day>=50%"),), (2.0,), 12, Years(2, 10, 4))
AIMS = (RESPONSE, parse_aim("on_promised_day"), REST, parse_aim("travel_min_per_visit"), parse_aim("hours_per_week"))


def cases() -> Cases:
    return Cases({"short": Bench(SCENARIO, AIMS)})


def space(name: str, **names: Sequence[str]) -> tuple[Dimension, ...]:
    variant = VARIANTS[name]
    return space_of(variant.model, variant.settings, 1080.0, **names)


@pytest.mark.parametrize("name", models.FIRST)
def test_every_value_that_is_tried_is_one_that_the_model_takes(name: str) -> None:
    variant = VARIANTS[name]
    dimensions = space(name)
    assert len(dimensions) > 8
    for dimension in dimensions:
        assert dimension.now in dimension.values and len(set(map(str, dimension.values))) == len(dimension.values)
        assert set(map(str, dimension.beside)) < set(map(str, dimension.values)) and dimension.beside
        for value in dimension.values:
            made = variant.model(**{dimension.key: value})
            assert dict(made.settings)[dimension.key] == value


def test_borders_and_rules_move_only_when_named() -> None:
    keys = {item.key for item in space("hybrid")}
    assert {"hubs", "night_hubs", "take_over_min", "choice"} <= keys
    assert not keys & {"sharing", "team_area", "limits.overtime_min", "windows.usual_length_min"}
    assert [item.key for item in space("hybrid", only=["sharing", "limits.overtime_min"])] == [
        "sharing",
        "limits.overtime_min",
    ]
    assert not any(item.key.startswith("psychiatry.") for item in space("hybrid", keep=["psychiatry"]))
    with pytest.raises(AimError, match="did you mean hubs"):
        space("hybrid", only=["hub"])


@pytest.fixture(scope="module")
def found() -> Tuned:
    few = space("status_quo", only=["lmh_take_over_min", "jour_take_over_min", "jour.hubs", "windows.start"])
    return tune(cases(), VARIANTS["status_quo"], few, QUESTION)


def test_a_search_finds_better_settings_within_the_limits(found: Tuned) -> None:
    assert len(found.trials) == QUESTION.trials and found.trials[0].choice == {}
    assert found.choice and found.gain(RESPONSE).upper < 0.0  # the take-over minutes alone are worth twenty
    assert found.after[parse_aim("on_promised_day")].mean() >= 0.5
    assert [effect.key for effect in found.effects] == list(found.choice)
    limits = rested(QUESTION, [found.trials[0].means[REST]]).limits
    for trial in found.trials:
        assert trial.feasible == all(limit.holds(trial.means[limit.aim]) for limit in limits)


def test_what_is_reported_was_neither_searched_nor_selected_on(found: Tuned) -> None:
    years = QUESTION.years
    assert not {*years.searched} & {*years.selected} and not {*years.selected} & {*years.reported}
    variant = VARIANTS["status_quo"]
    bench, now = Bench(SCENARIO, AIMS), variant.organisation()
    made = variant.model(**found.choice)
    for organisation, kept in ((now, found.before), (replace(made, name=now.name), found.after)):
        again = bench.values(organisation, list(years.reported))
        assert all(np.array_equal(again[aim], kept[aim][0]) for aim in AIMS)


def test_no_setting_is_kept_that_does_nothing(found: Tuned) -> None:
    for effect in found.effects:
        assert effect.alone.mean != 0.0 or effect.last.mean != 0.0, effect.key


def test_rest_is_kept_unless_a_limit_says_otherwise() -> None:
    assert rested(QUESTION, [7.0]).limits[-1] == replace_bound(7.0) and rested(QUESTION, [0.0]).limits[-1].bound == 1.0
    own = replace(QUESTION, limits=(parse_limit("rest_breaches<=50"),))
    assert rested(own, [7.0]) == own
    assert rested(QUESTION, [3.0, 9.0, 5.0]).limits[-1].bound == 9.0  # held in every scenario now
    assert rested(QUESTION, [3.0, 9.0, 5.0], 0.6).limits[-1].bound == 5.0  # and in two worlds of three


def replace_bound(bound: float) -> Any:
    return parse_limit(f"rest_breaches<={bound}")


def test_the_search_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    kept = tmp_path / "trials"
    asked = replace(QUESTION, trials=6)
    few = tune(cases(), VARIANTS["hybrid"], space("hybrid", only=["hubs"]), asked, journal=kept)
    ran: list[int] = []
    more = tune(
        cases(), VARIANTS["hybrid"], space("hybrid", only=["hubs"]), replace(asked, trials=9),
        lambda: ran.append(1), kept,
    )  # fmt: skip
    assert len(ran) == 3 and [trial.choice for trial in more.trials[:6]] == [trial.choice for trial in few.trials]


def test_the_table_holds_every_trial_and_marks_the_dominated(found: Tuned) -> None:
    table = trial_table([found])
    assert len(table) == len(found.trials) and not table["dominated"].all()
    best = table["response_min:acute"].idxmin()
    assert not table.loc[best, "dominated"] and (table["dominated_in_model"] == table["dominated"]).all()


def test_what_is_written_is_a_scenario_with_both(found: Tuned, tmp_path: Path) -> None:
    path = tmp_path / "best.yaml"
    titled = [(found, Text("Status quo", "Status quo"))]
    path.write_text(scenario_text("halland.yaml", Text("Bäst", "Best"), ["how"], titled), encoding="utf-8")
    read = variants(load_scenario(path), models.declared())
    assert [item.name for item in read] == ["status_quo", "status_quo_tuned"]
    settings = dict(read[1].organisation().settings)
    assert {key: settings[key] for key in found.choice} == dict(found.choice)
    assert read[1].organisation().title.sv == "Status quo, eget schema"


class Noise:
    """A bench on which no setting has an effect: a year's noise, and each candidate's own."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def values(self, organisation: Organisation, years: Sequence[int], changes: Any = None) -> Values:
        own = zlib.crc32(str(organisation.settings).encode())
        rows = [np.random.default_rng([self.seed, own, year]).standard_normal() for year in years]
        shared = [np.random.default_rng([self.seed, year]).standard_normal() for year in years]
        noise = np.array(rows) + np.array(shared)
        return {RESPONSE: 50.0 + noise, REST: np.zeros(len(years))}


@pytest.mark.slow
def test_of_fifty_candidates_without_effect_the_gain_that_is_reported_is_none() -> None:
    question = Question((RESPONSE,), (), (0.5,), 50, Years(4, 30, 20))
    held, seeming = 0, []
    for seed in range(12):
        bench = Cases({"noise": cast("Bench", Noise(seed))})
        result = tune(bench, cast("Variant", VARIANTS["hybrid"]), space("hybrid"), replace(question, seed=seed))
        gain = result.gain(RESPONSE)
        best = min(trial.means[RESPONSE] for trial in result.trials)
        seeming.append(best - result.trials[0].means[RESPONSE])
        held += gain.lower <= 0.0 <= gain.upper
    assert np.mean(seeming) < -0.5  # on the years it was searched on the best looks better
    assert held >= 10  # each interval holds zero in 95 of 100


def test_the_command_writes_what_it_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("short.yaml").write_text("calendar: {weeks: 1, warm_up_weeks: 0}\ndemand: {scale: 0.5}\n", encoding="utf-8")
    line = ("tune", "status_quo", "--scenario", "short.yaml", "--trials", "8", "--years", "1,3,3", "--jobs", "1",
            "--limit", "on_promised_day>=10%", "--quiet",
            "--settings", "lmh_take_over_min,jour_take_over_min")  # fmt: skip
    result = call(*line, "--lang", "en", "--out", "best.yaml", "--table", "trials.csv", package="models")
    assert result.exit_code == 0, result.output
    told = json.loads(call(*line, "--json", package="models").stdout)["models"][0]
    assert told["settings"].get("lmh_take_over_min") == 0 and "lmh_take_over_min: 0 (30)" in result.stdout
    assert call("validate", "best.yaml", package="models").exit_code == 0
    assert Path("trials.csv").read_text(encoding="utf-8").count("\n") == 9
    again = call(*line, "--out", "best.yaml", package="models")
    assert again.exit_code == 2 and "finns redan" in again.output
    wrong = call("tune", "status_quo", "--settings", "lmh_takeover_min", "--lang", "en", package="models")
    assert wrong.exit_code == 2 and "did you mean lmh_take_over_min" in wrong.output
