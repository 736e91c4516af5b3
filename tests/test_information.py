"""The value of information: against closed forms, its standard error, what nothing reads, and the points of a study."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import norm
from test_robust import INPUTS, found_of, worlds_of

from sim import Scenario
from sim.decide.counting import ALL, MONTHS, expected_requests, noise_of, season_variance
from sim.decide.information import (
    COLUMNS,
    COUNTS,
    DRAWS,
    EVERYTHING,
    after_count,
    evpi,
    evppi,
    evsi,
    information,
    information_of,
    points_of,
    smooth,
    subjects,
)
from sim.decide.plausible import DUMMY, laws_of
from sim.decide.sequence import points
from sim.measures.definitions import HEADLINES
from sim.report.information import _worth, counting_table, information_table
from sim.report.view import View

CASES = {
    case["id"]: case for case in json.loads((Path(__file__).parent / "data" / "stat_cases.json").read_text("utf-8"))
}
# One model gains N(mu, sd1**2 + sd2**2), the sum of two independent inputs, over another: closed forms.
MU, SD1, SD2 = (CASES["evppi_linear_gaussian"]["params"][name] for name in ("mu", "sd1", "sd2"))
EVPI = CASES["evpi_linear_gaussian"]["expected"]["EVPI"]
EVPPI_1, EVPPI_2 = CASES["evppi_linear_gaussian"]["expected"].values()
SOURCE, RATE = "source.acute_rates", INPUTS[0]

Floats = NDArray[np.float64]


def gaussian(seed: int, worlds: int) -> tuple[Floats, Floats]:
    """(points, normal scores): two inputs that matter and one that does not."""
    z = np.asarray(ndtri(points(seed, ["one", "two", DUMMY], worlds)))
    return np.column_stack([np.zeros(worlds), MU + SD1 * z[:, 0] + SD2 * z[:, 1]]), z


def test_closed_forms() -> None:
    worth, z = gaussian(1, 8192)
    assert evpi(worth) == pytest.approx(EVPI, abs=0.012)
    for column, exact in ((0, EVPPI_1), (1, EVPPI_2)):
        found = evppi(worth, z[:, [column]])
        assert found.points == pytest.approx(exact, abs=max(3 * found.error, 0.008))
    assert evppi(worth, z[:, :2]).points == pytest.approx(evpi(worth), abs=1e-6)
    assert evppi(worth, z[:, [2]]).points < 0.002


def test_a_standard_error_covers_and_what_nothing_reads_is_worth_nothing() -> None:
    """200 studies of 256 worlds."""
    inside, dummy = 0, []
    for seed in range(200):
        worth, z = gaussian(seed, 256)
        found = evppi(worth, z[:, [0]])
        inside += abs(found.points - EVPPI_1) < 1.96 * found.error
        dummy.append(evppi(worth, z[:, [2]]).points)
    assert 0.92 <= inside / 200 <= 1.0
    assert np.mean(dummy) < 0.004 and np.quantile(dummy, 0.95) < 0.02


def test_what_all_models_share_and_which_stands_first_is_nothing() -> None:
    worth, z = gaussian(3, 512)
    shared = worth + 7.0 + z[:, [1]]
    assert evppi(shared, z[:, [0]]).points == pytest.approx(evppi(worth, z[:, [0]]).points, abs=1e-9)
    assert evppi(worth[:, ::-1], z[:, [0]]).points == pytest.approx(evppi(worth, z[:, [0]]).points, abs=1e-9)
    assert evpi(shared) == pytest.approx(evpi(worth))


def test_a_bend_is_seen_and_noise_is_not() -> None:
    rng = np.random.default_rng(1)
    z = rng.standard_normal((400, 2))
    gain = np.column_stack([z[:, 0] ** 2 - 1 + 0.1 * rng.standard_normal(400)])
    fit = smooth(gain, z[:, [0]])
    assert fit.degree == 2 and fit.basis.shape[1] == 3 and (gain - fit.fitted).std() < 0.15
    assert np.allclose(fit.basis.T @ fit.basis, np.eye(3))
    hermite = np.column_stack([np.ones(400), z[:, 0], z[:, 0] ** 2 - 1])
    assert np.allclose(hermite @ fit.to_basis, fit.basis)
    assert smooth(rng.standard_normal((400, 1)), z).degree in (0, 1)  # nothing, or by chance a straight line
    assert DRAWS >= 200


# --- counting -------------------------------------------------------------------------------------


def two_actions(mean: float, sd: float) -> float:
    """What knowing N(mean, sd**2), the gain of one of two models, is worth."""
    return sd * norm.pdf(mean / sd) + mean * norm.cdf(mean / sd) - max(mean, 0.0)


@pytest.mark.parametrize("noise", [0.0, 0.1, 0.5, 2.0, 10.0])
def test_a_count_is_worth_what_conjugate_normals_say(noise: float) -> None:
    """Prior N(0, 1) of a score, data with variance `noise`: the posterior mean has variance 1 / (1 + noise)."""
    worth, z = gaussian(1, 8192)
    (found,) = evsi(worth, z[:, [0]], np.array([[noise]]))
    exact = two_actions(MU, SD1 / math.sqrt(1 + noise))
    assert found.points == pytest.approx(exact, abs=max(3 * found.error, 0.004))


def test_two_actions_are_the_known_case() -> None:
    assert two_actions(MU, SD1) == pytest.approx(EVPPI_1) and two_actions(MU, 1.0) == pytest.approx(EVPI)


def test_a_count_of_inputs_of_one_source_tells_of_those_that_are_not_counted() -> None:
    """Scores with correlation one half, the second counted alone, of which the first decides."""
    z = np.asarray(ndtri(points(4, ["one", "two"], 8192)))
    z = np.column_stack([z[:, 0], 0.5 * z[:, 0] + math.sqrt(0.75) * z[:, 1]])
    worth = np.column_stack([np.zeros(8192), MU + SD1 * z[:, 0]])
    (found,) = evsi(worth, z, np.array([[np.inf, 0.2]]))
    assert found.points == pytest.approx(two_actions(MU, SD1 * 0.5 / math.sqrt(1.2)), abs=0.004)
    (nothing,) = evsi(worth, z, np.array([[np.inf, np.inf]]))
    assert nothing.points == pytest.approx(0.0, abs=1e-9)


def test_a_bent_gain_is_expected_over_what_is_left() -> None:
    """Gain z**2 - c: after data with variance v, its expectation is y**2 + v / (1 + v) - c, simulated the long way."""
    z = np.asarray(ndtri(points(5, ["one"], 8192)))
    worth = np.column_stack([np.zeros(8192), z[:, 0] ** 2 - 1.5])
    rng, noise = np.random.default_rng(6), 0.7
    y = rng.standard_normal(2_000_000) / math.sqrt(1 + noise)
    exact = np.maximum(y**2 + noise / (1 + noise) - 1.5, 0.0).mean()
    (found,) = evsi(worth, z, np.array([[noise]]))
    assert found.points == pytest.approx(exact, abs=0.01)


def test_what_is_expected_after_a_count_has_the_covariance_that_it_must() -> None:
    rng = np.random.default_rng(2)
    z = rng.multivariate_normal([0.3, -0.2, 0.0], [[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]], 500)
    c, noise = np.cov(z, rowvar=False, bias=True), np.array([0.1, 1.0, 5.0])
    after, left = after_count(z, noise)
    known = c @ np.linalg.solve(c + np.diag(noise), c)
    assert np.allclose(np.cov(after, rowvar=False, bias=True), known) and np.allclose(
        after.mean(axis=0), z.mean(axis=0)
    )
    assert np.allclose(left, c.diagonal() - known.diagonal()) and (left > 0).all()
    everything, nothing_left = after_count(z, np.zeros(3))
    assert np.allclose(everything, z) and np.allclose(nothing_left, 0.0)


def test_the_error_of_a_count_covers_and_no_count_is_worth_more_than_knowing() -> None:
    """200 studies of 256 worlds: more noise is worth less, on average and in nearly every study."""
    noises = np.array([[2.0], [0.5], [0.1]])
    exact = [two_actions(MU, SD1 / math.sqrt(1 + noise)) for noise in noises[:, 0]]
    inside, rising = np.zeros(3), 0
    for seed in range(200):
        worth, z = gaussian(seed, 256)
        found = evsi(worth, z[:, [0]], noises)
        known = evppi(worth, z[:, [0]]).points
        inside += [abs(value.points - true) < 1.96 * value.error for value, true in zip(found, exact, strict=True)]
        told = [*(value.points for value in found), known]
        rising += told == sorted(told)
    assert (inside / 200 >= 0.92).all() and rising >= 196


def test_the_noise_of_a_count_is_that_of_its_requests_patients_and_season() -> None:
    """Simulated: the logarithm of a yearly rate told by a month of Poisson counts of patients with own rates."""
    scenario, key = Scenario(), "demand.G1.planned_per_year"
    laws = laws_of(scenario)
    numbers, profiles = expected_requests(scenario)
    spread = math.log(laws[key].high / laws[key].low) / (2 * norm.ppf(0.95))
    (noise,) = noise_of(scenario, laws, [key])[:1, 0]
    patients = numbers[key] / scenario.demand.G1.planned_per_year
    rng, cv = np.random.default_rng(3), scenario.demand.heterogeneity_cv
    people = rng.gamma(1 / cv**2, cv**2, (2000, round(patients))).sum(axis=1) / round(patients)
    counts = rng.poisson(people * numbers[key] / 12)
    assert noise == pytest.approx(np.log(counts).var() / spread**2, rel=0.12)
    assert season_variance(profiles) > 0
    rates = [name for name in laws if name in numbers]
    every = noise_of(scenario, laws, rates)
    assert (np.diff(every, axis=0) < 0).all() and np.isfinite(every).all() and len(rates) > 15
    assert np.isinf(noise_of(scenario, laws, ["travel.cv"])).all()


def test_counting_is_told_by_months_beside_knowing() -> None:
    found = information(decided_by_a_rate(), Scenario(), "halland", "status_quo").set_index("input")
    for name in (SOURCE, ALL):
        values = found.loc[name, list(COUNTS)].to_numpy(float)
        assert (np.diff(values) >= 0).all() and values[0] > 0 and values[-1] <= found.loc[name, "points"]
        assert (found.loc[name, [f"{count}_error" for count in COUNTS]] > 0).all() and len(values) == len(MONTHS)
    others = found.drop(index=[SOURCE, ALL])
    assert others[list(COUNTS)].isna().all().all()


# --- points ---------------------------------------------------------------------------------------


def test_points_count_practical_differences_by_the_weights() -> None:
    table = worlds_of([-20.0] * 3, steady=[True, True, False])
    scenario = Scenario()
    found = points_of(table, scenario, "status_quo", scenario.comparison.weights.model_dump())
    assert found.tolist() == [[0.0, 2.0], [0.0, 2.0], [0.0, -20.0]]
    heavier = scenario.with_changes({"comparison.weights.response_min": 3.0, "comparison.weights.not_keeping_up": 5.0})
    found = points_of(table, heavier, "status_quo", heavier.comparison.weights.model_dump())
    assert found.tolist() == [[0.0, 6.0], [0.0, 6.0], [0.0, -5.0]]
    endless = points_of(worlds_of([-math.inf]), scenario, "status_quo", {"response_min": 1.0})
    assert endless.tolist() == [[0.0, 100.0]]


def decided_by_one(worlds: int = 200) -> pd.DataFrame:
    """Worlds in which the second input says which of two models answers sooner."""
    table = worlds_of([0.0] * worlds)
    other = table["model"] == "hybrid"
    table.loc[other, "response_min.acute"] = 60.0 + 60.0 * (table.loc[other, INPUTS[1]] - 0.5)
    return table


def decided_by_a_rate(worlds: int = 200) -> pd.DataFrame:
    """Worlds in which a rate says it."""
    table = worlds_of([0.0] * worlds)
    other = table["model"] == "hybrid"
    table.loc[other, "response_min.acute"] = 60.0 + 60.0 * (table.loc[other, RATE] - 0.5)
    return table


def test_the_input_that_decides_stands_first() -> None:
    found = information(decided_by_one(), Scenario(), "halland", "status_quo")
    assert tuple(found.columns) == COLUMNS and set(found["input"]) == {EVERYTHING, DUMMY, SOURCE, ALL, *INPUTS}
    by_input = found.set_index("input")
    assert found["input"][0] in (EVERYTHING, INPUTS[1])
    assert by_input.loc[INPUTS[1], "points"] == pytest.approx(by_input.loc[EVERYTHING, "points"], rel=0.1)
    assert by_input.loc[INPUTS[1], "points"] == by_input.loc[INPUTS[1], "response_min"]
    for name in (DUMMY, INPUTS[0], INPUTS[2], INPUTS[3]):
        assert by_input.loc[name, "points"] < 0.1 * by_input.loc[INPUTS[1], "points"]
    names = ["points", *(measure for measure, _ in HEADLINES)]
    values = found[names].to_numpy()
    assert (values >= 0).all() and (values <= by_input.loc[EVERYTHING, names].to_numpy(float)).all()


def test_a_source_is_known_by_all_its_inputs() -> None:
    told = subjects(["demand.G1.acute_per_year", "demand.G2.acute_per_year", "travel.cv", "source.acute_rates", DUMMY])
    assert told["source.acute_rates"] == ["demand.G1.acute_per_year", "demand.G2.acute_per_year"]
    assert set(told) == {
        "demand.G1.acute_per_year",
        "demand.G2.acute_per_year",
        "travel.cv",
        DUMMY,
        "source.acute_rates",
        ALL,
    }
    assert told[ALL] == ["demand.G1.acute_per_year", "demand.G2.acute_per_year"]


def test_of_few_worlds_nothing_is_said() -> None:
    assert len(information(decided_by_one(40), Scenario(), "halland", "status_quo")) == 0


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_page_ranks_what_to_find_out(lang: str, tmp_path: Path) -> None:
    made = found_of(decided_by_one())
    table = information_of(made.comparison, made.worlds, made.scenarios)
    made = type(made)(**(vars(made) | {"information": table}))
    shown = information_table(View(made, "halland", lang))
    assert shown is not None
    (block,) = shown.blocks
    assert len(block.rows) >= 3 and block.rows[0].cells[0].note.startswith("± ")
    assert information_table(View(found_of(worlds_of([0.0] * 5)), "halland", lang)) is None
    assert shown.caption in made.to_html(lang)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_page_says_what_counting_is_worth(lang: str) -> None:
    made = found_of(decided_by_a_rate())
    table = information_of(made.comparison, made.worlds, made.scenarios)
    made = type(made)(**(vars(made) | {"information": table}))
    shown = counting_table(View(made, "halland", lang))
    assert shown is not None
    (block,) = shown.blocks
    assert [len(row.cells) for row in block.rows] == [len(MONTHS) + 1] * 2 and len(shown.heads) == len(MONTHS) + 2
    assert shown.caption in made.to_html(lang)
    assert _worth(0.0, 0.0, View(made, "halland", lang)).note == ""  # no error of 0 where the fit says nothing
    assert _worth(0.0, 0.1, View(made, "halland", lang)).note.startswith("± ")
    assert counting_table(View(found_of(worlds_of([0.0] * 5)), "halland", lang)) is None
