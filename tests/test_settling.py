"""Replications until everything is settled: the looks, when it stops, and that it is not wrong too often."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import study_models
from click.testing import CliRunner

from cli import Settings, make_group
from sim.comparison.findings import Verdict
from sim.comparison.verdicts import judge
from sim.statistics import paired_difference
from sim.study.settling import Looks, planned

SMALL = """
calendar: {weeks: 1, warm_up_weeks: 0}
staffing: {hours_per_week: 1008}
demand: {scale: 0.3}
study: {replications: 25, reference: status_quo, worlds: 0}
"""


def test_looks_double_up_to_the_budget_and_share_the_chance_to_be_wrong() -> None:
    assert planned(100, 0.95).at == (10, 20, 40, 80, 100)
    assert planned(10, 0.95).at == (10,) and planned(10, 0.95).each == 0.95
    assert planned(4, 0.95).at == (4,)
    assert planned(40, 0.95).each == pytest.approx(1 - 0.05 / 3)


def runs(looks: Looks, truth: np.ndarray, limit: float, times: int, seed: int) -> tuple[int, int, float]:
    """Of so many studies: how many said something wrong of any of the differences whose true values are `truth`, how
    many were settled, and the mean number of replications. Noise has standard deviation 1."""
    generator = np.random.default_rng(seed)
    wrong = settled = spent = 0
    rows = len(truth)
    for _ in range(times):
        x = truth[:, None, None] + generator.standard_normal((rows, 1, looks.at[-1]))
        for count in looks.at:
            some, zero = x[..., :count], np.zeros((rows, 1, count))
            found = judge(
                paired_difference(some, zero), some, zero, np.full(rows, ""), 1.0 - looks.each,
                np.ones((rows, 1)), np.full((rows, 1), limit),
            )  # fmt: skip
            verdict = found.verdict.ravel()
            if (verdict != Verdict.UNDECIDED.value).all() or count == looks.at[-1]:
                break
        false = (
            ((verdict == Verdict.BETTER.value) & (truth < limit))
            | ((verdict == Verdict.WORSE.value) & (truth > -limit))
            | ((verdict == Verdict.EQUAL.value) & (np.abs(truth) > limit))
        )
        wrong += bool(false.any())
        settled += bool((verdict != Verdict.UNDECIDED.value).all())
        spent += count
    return wrong, settled, spent / times


@pytest.mark.parametrize(("truth", "limit"), [
    ([0.499], 0.5),           # just inside: "better" would be wrong
    ([0.501], 0.5),           # just beyond: "equal" would be wrong
    ([0.0, 0.499, -0.501, 2.0], 0.5),
])  # fmt: skip
def test_looking_again_and_again_is_wrong_no_oftener_than_asked(truth: list[float], limit: float) -> None:
    times = 1500
    wrong, _, _ = runs(planned(160, 0.95), np.array(truth), limit, times, seed=4)
    assert wrong <= 0.05 * times + 3 * np.sqrt(0.05 * 0.95 * times)


def test_without_paying_for_the_looks_it_would_be_wrong_too_often() -> None:
    times = 1500
    careless = Looks((10, 20, 40, 80, 160, 320), 1.0 - 6 * 0.05)  # each look at 0.95, as if it were the only one
    assert careless.each == pytest.approx(0.95)
    wrong, _, _ = runs(careless, np.array([0.501]), 0.5, times, seed=5)
    paid, _, _ = runs(planned(320, 0.95), np.array([0.501]), 0.5, times, seed=5)
    assert paid < 0.5 * wrong and paid <= 0.05 * times


def test_clear_differences_stop_early_and_doubtful_ones_go_to_the_budget() -> None:
    clear = runs(planned(160, 0.95), np.array([3.0, 0.0]), 1.0, 50, seed=6)
    doubtful = runs(planned(160, 0.95), np.array([1.0]), 1.0, 50, seed=7)
    assert clear[1] == 50 and clear[2] < 45
    assert doubtful[1] <= 5 and doubtful[2] > 150


@pytest.mark.parametrize("budget", ["25", "10"])
def test_the_command_says_why_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, budget: str) -> None:
    from sim.api import StudyResult, load_study

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.study.standing.balances_of", lambda stages, jobs, shelf=None: {})
    monkeypatch.setattr(StudyResult, "to_html", lambda *_: "")
    (tmp_path / "small.yaml").write_text(SMALL, "utf-8")
    drawn: list[Any] = []
    monkeypatch.setattr(StudyResult, "write_report", lambda self, *_, **__: drawn.append(self.manifest["settled"]))
    arguments = ["compare", "small.yaml", "--until-settled", "--replications", budget, "--jobs", "1", "--lang", "en"]
    result = CliRunner().invoke(make_group(Settings("study_models")), arguments)
    assert result.exit_code == 0, result.stderr
    told, looks = drawn[0], [10, 20, 25] if budget == "25" else [10]
    assert told["looks"] == looks and told["at"] in looks
    assert f"at {told['at']} replications" in result.stdout and "all looks together with 95%" in result.stdout
    study = load_study(tmp_path / "results" / "small-settled")
    assert study.manifest["replications"] == told["at"]
    confidence = study.scenarios["small"].study.confidence
    assert confidence == pytest.approx(told["each"]) and len(study_models.all()) == 2
    if told["undecided"]:
        assert told["at"] == int(budget) and "still undecided" in result.stdout
