"""Where two models change places, and what each input does to their difference: made-up curves and real runs."""

from __future__ import annotations

import json
import math
from collections.abc import Callable

import numpy as np
import pytest
from test_commands import call

import models
from sim import Scenario
from sim.decide.aims import parse_aim
from sim.decide.breakeven import PRECISION, BreakEven, Differences, Step, bisected, break_even
from sim.decide.differences import ModelDifferences
from sim.decide.plausible import laws_of
from sim.decide.sensitivity import tornado
from sim.statistics import mean_interval

RESPONSE = parse_aim("response_min")
SHORT = Scenario().with_changes({"calendar.weeks": 3, "calendar.warm_up_weeks": 1})
YEARS = range(1, 9)


class MadeUp(Differences):
    """Differences that a formula gives, with the luck of each year alike at every value, as with nested draws."""

    def __init__(self, mean: Callable[[float], float], spread: float = 1.0, steady_below: float = math.inf) -> None:
        super().__init__(Scenario(), "demand.scale", RESPONSE, models.hybrid(), models.status_quo(), YEARS)
        self.mean, self.steady_below = mean, steady_below
        self.luck = spread * np.random.default_rng(1).standard_normal(len(YEARS))
        self.luck -= self.luck.mean()

    def at(self, value: float) -> Step:
        found = mean_interval(self.mean(value) + self.luck)
        self._found[value] = Step(value, found, len(YEARS) if value < self.steady_below else 3)
        return self._found[value]


def test_a_straight_line_crosses_where_it_does_with_the_interval_that_its_noise_gives() -> None:
    made = MadeUp(lambda value: 10.0 * (value - 1.2))
    found = break_even(made, 0.7, 1.5)
    (crossing,) = found.crossings
    half = made.at(1.2).difference.half_width / 10.0
    exact = PRECISION * 0.8
    assert crossing.value == pytest.approx(1.2, abs=exact) and crossing.rising and crossing.steady
    assert crossing.low == pytest.approx(1.2 - half, abs=exact) and crossing.high == pytest.approx(
        1.2 + half, abs=exact
    )
    (falling,) = break_even(MadeUp(lambda value: 10.0 * (1.2 - value)), 0.7, 1.5).crossings
    assert not falling.rising
    assert (falling.low, falling.high) == (
        pytest.approx(crossing.low, abs=exact),
        pytest.approx(crossing.high, abs=exact),
    )


def test_none_between_a_and_b() -> None:
    found = break_even(MadeUp(lambda value: 5.0 + value), 0.7, 1.5)
    assert found.crossings == () and len(found.steps) == 7


def test_every_crossing_is_found_and_one_near_an_end_has_an_open_interval() -> None:
    found = break_even(MadeUp(lambda value: (value - 0.8) * (value - 1.4) * 40, spread=0.1), 0.7, 1.5)
    assert [crossing.value for crossing in found.crossings] == [
        pytest.approx(0.8, abs=0.01),
        pytest.approx(1.4, abs=0.01),
    ]
    assert [crossing.rising for crossing in found.crossings] == [False, True]
    (near,) = break_even(MadeUp(lambda value: 2.0 * (value - 0.75)), 0.7, 1.5).crossings
    assert near.low == -math.inf and math.isfinite(near.high)


def test_a_crossing_where_a_model_does_not_keep_up_says_so() -> None:
    (crossing,) = break_even(MadeUp(lambda value: value - 1.2, steady_below=1.1), 0.7, 1.5).crossings
    assert not crossing.steady


def test_intervals_cover_the_true_crossing() -> None:
    """400 studies in which the luck of the years is drawn anew."""
    inside = 0
    for seed in range(400):
        made = MadeUp(lambda value: 10.0 * (value - 1.1))
        made.luck = np.random.default_rng(seed).standard_normal(len(YEARS))
        (crossing,) = break_even(made, 0.0, 2.0).crossings
        inside += crossing.low <= 1.1 <= crossing.high
    assert 0.92 <= inside / 400 <= 0.985


def test_bisection_keeps_what_it_was_given() -> None:
    left, right = bisected(lambda value: value > 0.3, 0.0, 1.0, 1e-6)
    assert left <= 0.3 < right and right - left <= 1e-6
    with pytest.raises(ValueError, match="low < high"):
        break_even(MadeUp(lambda value: value), 1.0, 1.0)


def test_a_step_is_a_run_of_both_models_on_the_same_patients() -> None:
    made = Differences(SHORT, "demand.scale", RESPONSE, models.hybrid(), models.status_quo(), (1, 2))
    from sim.study.stages import make_stages

    stages = make_stages(SHORT.with_changes({"demand.scale": 1.3}), [models.hybrid(), models.status_quo()])
    by_hand = [
        RESPONSE.of(stages.measures("hybrid", stages.draw(year))) - RESPONSE.of(stages.measures("status_quo", draw))
        for year in (1, 2)
        if (draw := stages.draw(year))
    ]
    step = made.at(1.3)
    assert step.difference.mean == pytest.approx(np.mean(by_hand)) and step.difference.n == 2
    assert made.at(1.3) is step and isinstance(break_even(made, 1.2, 1.3), BreakEven)


# --- one input at a time --------------------------------------------------------------------------


def test_a_tornado_has_signs_and_what_a_measure_does_not_read_does_nothing() -> None:
    few = {"travel.weather_factor", "classes.A1.on_scene_mean_min", "costs.car_km"}
    known = {f"plausible.{key}": "known" for key in laws_of(SHORT) if key not in few}
    chosen = {"status_quo": models.status_quo(), "central_team": models.central_team()}
    found = tornado(ModelDifferences(SHORT.with_changes(known), chosen, "status_quo", RESPONSE, (1, 2)), 2)
    bars = {bar.key: bar for bar in found.of("central_team")}
    assert set(bars) == few and [bar.key for bar in found.bars][-1] == "costs.car_km"
    assert bars["costs.car_km"].swing == 0.0 and not bars["costs.car_km"].sure
    weather = bars["travel.weather_factor"]
    assert weather.at_low.mean * weather.at_high.mean < 0  # the central team drives further: slow roads cost it more
    assert weather.at_high.mean > 0 and weather.swing == max(abs(weather.at_low.mean), weather.at_high.mean)
    with pytest.raises(ValueError, match="two years"):
        tornado(ModelDifferences(SHORT, chosen, "status_quo", RESPONSE, (1,)))


# --- the commands ---------------------------------------------------------------------------------

QUICK = "calendar: {weeks: 2, warm_up_weeks: 1}\nplausible: {demand: {heterogeneity_cv: known}}\n"


def test_breakeven_on_the_command_line(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quick.yaml").write_text(QUICK, encoding="utf-8")
    asked = ("breakeven", "demand.scale", "quick.yaml", "--models", "status_quo,central_team", "--replications", "2")
    told = call(*asked, "--lang", "en", "--quiet", package="models")
    assert told.exit_code == 0, told.output
    assert "change places nowhere between 0.7 and 1.5: Central mobile team is better all the way." in told.stdout
    found = json.loads(call(*asked, "--json", "--from", "0.9", "--to", "1.0", package="models").stdout)
    assert (found["from"], found["to"], found["pairs"][0]["crossings"]) == (0.9, 1.0, [])
    assert [step["value"] for step in found["pairs"][0]["steps"]][::6] == [0.9, 1.0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("demand.scal",), "did you mean demand.scale?"),
        (("study.seed",), "is no number of the scenario"),
        (("demand.scale", "--models", "hybrid"), "two models are needed"),
        (("demand.scale", "--from", "2"), "must be less than"),
        (("classes.A1.target_min",), "has no range of its own"),
    ],
)
def test_what_breakeven_refuses(asked: tuple[str, ...], said: str) -> None:
    told = call("breakeven", *asked, "--lang", "en", package="models")
    assert told.exit_code == 2 and said in told.stderr


def test_sensitivity_on_the_command_line(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    known = [f"  {key}: known" for key in laws_of(SHORT) if key != "travel.weather_factor"]
    lines = ["calendar: {weeks: 2, warm_up_weeks: 1}", "plausible:", *known, ""]
    (tmp_path / "quick.yaml").write_text("\n".join(lines), encoding="utf-8")
    asked = ("sensitivity", "quick.yaml", "--models", "status_quo,central_team", "--replications", "2")
    told = call(*asked, "--lang", "en", "--quiet", package="models")
    assert told.exit_code == 0 and "travel time in the weather" in told.stdout
    found = json.loads(call(*asked, "--json", package="models").stdout)
    assert [bar["input"] for bar in found["bars"]] == ["travel.weather_factor"]
