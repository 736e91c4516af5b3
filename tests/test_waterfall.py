"""From one model to another: the steps add up, and each is what it says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from test_commands import call

import models
from sim.decide.aims import Aim
from sim.decide.candidates import Bench, with_settings
from sim.decide.waterfall import ORGANISATION, moves, waterfall
from sim.declared import variants
from sim.scenario import load_scenario

SCENARIO = """
extends: halland.yaml
calendar: {weeks: 2, warm_up_weeks: 1}
models:
  status_quo_tuned: {from: status_quo, lmh_take_over_min: 0, jour: {hubs: 3}}
  hybrid_tuned: {from: hybrid, hubs: 4, take_over_min: 20}
"""
RESPONSE = Aim("response_min", "acute")
YEARS = range(1, 4)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "best.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def test_the_steps_add_up_and_each_is_what_it_says(file: Path) -> None:
    scenario = load_scenario(file)
    found = {item.name: item for item in variants(scenario, models.declared())}
    one, other = found["status_quo"], found["hybrid"]
    assert [key for key, _, _ in moves(one, found["status_quo_tuned"])] == ["jour.hubs", "lmh_take_over_min"]
    bench = Bench(scenario, (RESPONSE,))
    result = waterfall(bench, one, found["status_quo_tuned"], other, found["hybrid_tuned"], RESPONSE, YEARS)
    assert [step.key for step in result.steps] == [
        "jour.hubs", "lmh_take_over_min", ORGANISATION, "take_over_min", "hubs",
    ]  # fmt: skip
    assert sum(step.change.mean for step in result.steps) == pytest.approx(result.whole.mean)
    assert result.steps[-1].level == pytest.approx(result.last)
    means = {
        name: float(bench.values(found[name].organisation(), YEARS)[RESPONSE].mean())
        for name in ("status_quo", "status_quo_tuned", "hybrid_tuned", "hybrid")
    }
    assert (result.first, result.last) == pytest.approx((means["status_quo"], means["hybrid"]))
    assert result.steps[1].level == pytest.approx(means["status_quo_tuned"])
    assert result.steps[2].change.mean == pytest.approx(means["hybrid_tuned"] - means["status_quo_tuned"])
    last = with_settings(other, {"hubs": 4})
    alone = bench.values(other.organisation(), YEARS)[RESPONSE] - bench.values(last, YEARS)[RESPONSE]
    assert result.steps[-1].alone is not None
    assert result.steps[-1].alone.mean == pytest.approx(float(np.mean(alone)))


def test_the_command_prints_the_steps_and_names_what_is_missing(file: Path) -> None:
    line = ("waterfall", "status_quo", "hybrid", "--best", str(file), "--replications", "2", "--jobs", "1")
    result = call(*line, "--lang", "en", package="models")
    assert result.exit_code == 0, result.output
    told = json.loads(call(*line, "--json", package="models").stdout)
    assert [step["setting"] for step in told["steps"]][2] is None and len(told["steps"]) == 5
    assert "lmh_take_over_min: 30 → 0" in result.stdout and "both at best" in result.stdout
    wrong = call("waterfall", "status_quo", "vardcentral_led", "--best", str(file), "--lang", "en", package="models")
    assert wrong.exit_code == 2 and "vardcentral_led_tuned" in wrong.output
