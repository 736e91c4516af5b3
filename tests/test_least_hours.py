"""Equal service: the least hours, by a bench whose answer is known and by the shipped models on a short year."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from test_commands import call

import models
from sim.decide.aims import Aim, parse_limit
from sim.decide.candidates import Bench, Values
from sim.decide.least_hours import HOURS, first_true, least_hours
from sim.organisation import Organisation
from sim.scenario import Scenario

LIMIT = parse_limit("in_target>=95%")
MADE = models.all()[0]


class Known:
    """A share in target of hours / 1000 with noise that years share, from 300 hours on."""

    def __init__(self, noise: float, most: float = 1.0) -> None:
        self.noise, self.most = noise, most

    def can_run(self, organisation: Organisation, changes: Mapping[str, Any]) -> bool:
        return bool(changes[HOURS] >= 300)

    def values(self, organisation: Organisation, years: Sequence[int], changes: Mapping[str, Any]) -> Values:
        noise = self.noise * np.array([(-1.0) ** year for year in years])
        return {LIMIT.aim: min(self.most, changes[HOURS] / 1000.0) + noise}


def known(noise: float, most: float = 1.0, highest: float = 2000.0) -> Any:
    return least_hours(cast("Bench", Known(noise, most)), MADE, [LIMIT], range(1, 11), most=highest)


def test_bisection_finds_the_first_that_holds() -> None:
    for answer in range(3, 40):
        assert first_true(lambda n, answer=answer: n >= answer, 3, 40) == answer  # type: ignore[misc]
    assert first_true(lambda n: False, 3, 40) is None


def test_the_least_hours_of_a_known_bench() -> None:
    found = known(0.0)
    assert (found.hours, found.possible, found.sure) == (950.0, 950.0, 950.0) and not found.uneven
    noisy = known(0.05)
    assert noisy.possible < 950.0 <= noisy.hours <= noisy.sure
    half = 0.05 * np.sqrt(10 / 9) / np.sqrt(10) * 2.262157  # t(9), 95 %
    assert noisy.sure == pytest.approx(950.0 + 1000 * half, abs=10) and noisy.possible == pytest.approx(
        950.0 - 1000 * half, abs=10
    )


def test_never_is_said_with_what_is_missed() -> None:
    found = known(0.0, most=0.9)
    assert found.hours is None and found.most == 2000.0 and found.missed == (LIMIT,)
    assert known(0.0, highest=200.0).most is None  # fewer hours than its fixed posts take
    with pytest.raises(ValueError, match="limit"):
        least_hours(cast("Bench", Known(0.0)), MADE, [], range(1, 11), most=100.0)


def test_a_shipped_model_holds_at_its_least_and_not_a_step_below() -> None:
    scenario = Scenario().with_changes({"calendar.weeks": 2, "calendar.warm_up_weeks": 1})
    limit, years = parse_limit("response_min<=60"), range(1, 4)
    made = next(item for item in models.of(scenario) if item.name == "hybrid")
    bench = Bench(scenario, (Aim("response_min", "acute"),))
    found = least_hours(bench, made, [limit], years, most=2000.0, step=50.0)
    assert found.hours is not None and found.possible <= found.hours  # type: ignore[operator]
    at = {h: float(bench.values(made, years, {HOURS: h})[limit.aim].mean()) for h in (found.hours, found.hours - 50.0)}
    assert at[found.hours] <= 60.0 < at[found.hours - 50.0]


def test_the_command_says_the_hours_and_what_they_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("short.yaml").write_text("calendar: {weeks: 1, warm_up_weeks: 0}\ndemand: {scale: 0.5}\n", encoding="utf-8")
    line = ("least-hours", "short", "--models", "hybrid", "--limit", "response_min<=70", "--step", "100",
            "--replications", "2", "--jobs", "1", "--quiet")  # fmt: skip
    result = call(*line, "--lang", "en", package="models")
    assert result.exit_code == 0, result.output
    found = json.loads(call(*line, "--json", package="models").stdout)["models"][0]
    assert found["model"] == "hybrid" and found["hours_per_week"] % 100 == 0
    assert f"{found['hours_per_week']:,.0f}" in result.stdout and "Response time, acute ≤ 70.0" in result.stdout
    wrong = call("least-hours", "short", "--limit", "respons<=3", "--lang", "en", package="models")
    assert wrong.exit_code == 2 and "did you mean" in wrong.output
