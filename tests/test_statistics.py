"""The statistics layer against known answers and its own consistency."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.statistics import (
    average,
    gap,
    mean_interval,
    mser,
    paired_difference,
    ranks,
    relative_half_width,
    replications_needed,
    sign_p,
    simultaneous,
    t_quantile,
    variance_reduction,
    weighted_gini,
)

CASES: dict[str, Any] = {
    case["id"]: case for case in json.loads((Path(__file__).parent / "data" / "stat_cases.json").read_text("utf-8"))
}


def test_t_interval() -> None:
    case = CASES["t_ci"]
    mean, half, relative = case["expected"]["mean_hw_rel"]
    found = mean_interval(case["params"]["x"])
    assert (found.mean, found.half_width) == pytest.approx((mean, half), rel=1e-12)
    assert (found.lower, found.upper) == pytest.approx((mean - half, mean + half), rel=1e-12)
    assert relative_half_width(case["params"]["x"]) == pytest.approx(relative, rel=1e-12)


def test_t_interval_of_too_few() -> None:
    assert mean_interval([3.0, np.nan])[0] == 3.0
    assert np.isnan(mean_interval([3.0]).lower)
    assert np.isnan(mean_interval([]).mean)
    assert np.isnan(relative_half_width([-1.0, 1.0]))


def test_paired_t() -> None:
    case = CASES["paired_t"]
    mean, half, _ = case["expected"]["mean_hw_rel"]
    pair = paired_difference(case["params"]["x"], case["params"]["y"])
    assert pair.n == 10
    assert float(pair.mean) == pytest.approx(mean, rel=1e-12)
    assert float(t_quantile(0.05, 9) * pair.standard_error) == pytest.approx(half, rel=1e-12)
    assert float(pair.p) == pytest.approx(case["expected"]["p"], rel=1e-10)
    assert float(pair.x_mean - pair.y_mean) == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize("name", ["bonferroni_4_models_all_pairs", "bonferroni_vs_status_quo"])
def test_bonferroni_quantile(name: str) -> None:
    params, expected = CASES[name]["params"], CASES[name]["expected"]
    level = params["alpha"] / expected["comparisons"]
    assert float(t_quantile(level, params["n"] - 1)) == pytest.approx(expected["t"], rel=1e-10)


def test_bonferroni_adjusts() -> None:
    adjusted, level = simultaneous(CASES["holm"]["params"]["p"])
    assert adjusted == pytest.approx([0.004, 0.048, 0.08, 1.0])
    assert level == 0.05 / 4


def test_bonferroni_ignores_the_missing() -> None:
    adjusted, level = simultaneous([0.3, np.nan, 0.001])
    assert adjusted == pytest.approx([0.6, np.nan, 0.002], nan_ok=True)
    assert level == 0.025


@pytest.mark.parametrize("n", [3, 10, 100])
@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_intervals_of_a_family_hold_together(n: int, shift: float) -> None:
    # 2 000 families of 24 correlated differences: all 24 intervals hold in at least 95 % of them (3 standard errors).
    rng = np.random.default_rng([n, int(shift)])
    true = shift * np.linspace(-2.0, 2.0, 24)
    held = 0
    for _ in range(2000):
        shared = rng.normal(size=(1, n))
        x = true[:, None] + 0.7 * shared + rng.normal(size=(24, n))
        pair = paired_difference(x, np.zeros_like(x))
        _, level = simultaneous(pair.p)
        half = t_quantile(level, pair.n - 1) * pair.standard_error
        held += bool((np.abs(pair.mean - true) <= half).all())
    assert held / 2000 >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 2000)


def test_infinite_values_are_no_ties() -> None:
    inf = np.inf
    x = np.array([[inf, 3.0, 4.0], [inf, 3.0, 4.0], [inf, inf, inf], [1.0, 2.0, 3.0], [np.nan, 3.0, 4.0]])
    y = np.array([[1.0, 1.0, 1.0], [inf, 1.0, 1.0], [inf, inf, inf], [inf, 2.0, inf], [2.0, 1.0, 1.0]])
    pair = paired_difference(x, y)
    assert pair.mean == pytest.approx([inf, np.nan, np.nan, -inf, np.nan], nan_ok=True)
    assert pair.infinite.tolist() == [1, 1, 3, 2, 0]
    assert pair.one_sided.tolist() == [0, 0, 0, 0, 1]
    assert pair.n.tolist() == [3, 3, 3, 3, 2]
    assert np.isnan(pair.standard_error).all() and np.isnan(pair.p).all()
    assert pair.x_mean == pytest.approx([inf, inf, inf, 2.0, 3.5])


def test_average_says_when_a_value_is_endless() -> None:
    found = average([[1.0, np.nan, 3.0], [1.0, np.inf, 2.0], [np.nan] * 3, [np.inf, -np.inf, 0.0]])
    assert found == pytest.approx([2.0, np.inf, np.nan, np.nan], nan_ok=True)


def test_sign_test() -> None:
    # ten heads of ten: 2 / 1 024; nine or more: 22 / 1 024
    assert sign_p([10, 9, 5, 0], [10, 10, 10, 10]) == pytest.approx([2 / 1024, 22 / 1024, 1.0, 1.0])
    assert np.isnan(sign_p(0, 0))


def test_paired_with_equal_differences_and_missing_pairs() -> None:
    x = np.array([[0.1 + 0.2, 1.3, 2.3], [5.0, 5.0, 5.0], [1.0, np.nan, 3.0], [1.0, np.nan, np.nan], [np.nan] * 3])
    y = np.array([[0.3, 1.3, 2.3], [4.0, 4.0, 4.0], [0.0, 7.0, 1.0], [3.0, 1.0, np.nan], [1.0, 2.0, 3.0]])
    pair = paired_difference(x, y)
    assert pair.n.tolist() == [3, 3, 2, 1, 0]
    assert pair.mean == pytest.approx([0.0, 1.0, np.nan, np.nan, np.nan], nan_ok=True)  # a biased rest has no mean
    assert pair.mean[0] == 0.0  # 0.1 + 0.2 is 0.3: rounding is no difference
    assert pair.standard_error[:2].tolist() == [0.0, 0.0]
    assert pair.p[:2].tolist() == [1.0, 0.0]
    assert np.isnan(pair.p[3:]).all()


def test_equity_case() -> None:
    case = CASES["equity"]
    values, share = case["params"]["v"], case["params"]["pop_share"]
    assert weighted_gini(values, share) == pytest.approx(case["expected"]["gini_pop_weighted"], rel=1e-12)
    assert weighted_gini(values, np.ones(6)) == pytest.approx(case["expected"]["gini_unweighted"], rel=1e-12)
    assert gap(values) == (case["expected"]["max_min_gap"], 6)


def test_equity_of_missing_and_equal_values() -> None:
    assert gap([np.nan, 3.0, 7.0]) == (4.0, 2)
    assert gap([np.nan])[1] == 0
    assert weighted_gini([4.0, 4.0], [1.0, 9.0]) == 0.0
    assert np.isnan(weighted_gini([np.nan], [1.0]))
    # A place without people weighs nothing.
    assert weighted_gini([10.0, 20.0, 99.0], [1.0, 1.0, 0.0]) == pytest.approx(10.0 / 60.0)


@settings(deadline=None)
@given(st.lists(st.floats(0.1, 1e3), min_size=2, max_size=8), st.integers(1, 5), st.floats(0.1, 10))
def test_gini_counts_people_not_places(values: list[float], times: int, scale: float) -> None:
    # A municipality of k people is k municipalities of one, and units do not matter.
    weights = [times] + [1] * (len(values) - 1)
    spread = [values[0]] * times + values[1:]
    assert weighted_gini(np.array(values) * scale, weights) == pytest.approx(
        weighted_gini(spread, np.ones(len(spread)))
    )


@pytest.mark.parametrize("cv", ["0.1", "0.2", "0.4"])
def test_replications_for_relative_precision(cv: str) -> None:
    case = CASES[f"reps_for_rel_precision_cv{cv}"]
    goals = {"5pct": 0.05, "10pct": 0.10, "5pct_adjusted_g/(1+g)": 0.05 / 1.05}
    needed = replications_needed(case["params"]["cv"], [goals[name] for name in case["expected"]])
    assert needed.tolist() == list(case["expected"].values())


@given(st.floats(0.01, 50.0), st.floats(0.05, 20.0), st.floats(0.001, 0.2))
def test_replications_needed_are_the_fewest(sd: float, half: float, level: float) -> None:
    n = float(replications_needed(sd, half, level))

    def width(count: float) -> float:
        return float(t_quantile(level, count - 1)) * sd / count**0.5

    assert width(n) <= half and (n == 2 or width(n - 1) > half)


def test_replications_needed_where_there_is_no_answer() -> None:
    nan, inf = np.nan, np.inf
    needed = replications_needed([0.0, 1.0, nan, 1.0, 1.0], [0.0, 0.0, 1.0, nan, 1.0], [0.05, 0.05, 0.05, 0.05, nan])
    assert np.array_equal(needed, [2, inf, nan, nan, nan], equal_nan=True)


def test_variance_reduction_of_pairs() -> None:
    case = CASES["paired_t"]
    found = variance_reduction(case["params"]["x"], case["params"]["y"])
    assert float(found) == pytest.approx(case["expected"]["var_ratio_indep_over_paired"], rel=1e-10)


def test_variance_reduction_is_about_1_without_common_numbers() -> None:
    x, y, shared = np.random.default_rng(5).normal(size=(3, 20_000))
    assert float(variance_reduction(x, y)) == pytest.approx(1.0, abs=0.03)
    assert float(variance_reduction(x + 2 * shared, y + 2 * shared)) == pytest.approx(5.0, rel=0.03)  # (5 + 5) / 2


def test_variance_reduction_where_it_cannot_be_told() -> None:
    x = np.array([[1.0, 2.0, 4.0], [1.0, 2.0, np.nan], [1.0, 2.0, np.inf], [3.0, 3.0, 3.0], [1.0, 2.0, np.nan]])
    y = np.array([[2.0, 3.0, 5.0], [1.0, 5.0, 3.0], [1.0, 5.0, 3.0], [1.0, 1.0, 1.0], [1.0, 5.0, np.nan]])
    found = variance_reduction(x, y)
    assert np.array_equal(found[:4], [np.inf, np.nan, np.nan, np.nan], equal_nan=True)
    assert found[4] == variance_reduction(x[4, :2], y[4, :2])  # a pair that neither has is no pair
    assert np.isnan(variance_reduction([1.0], [2.0]))


def test_mser5() -> None:
    case, t = CASES["mser5"], np.arange(2000)
    series = np.where(t < 200, 10 * np.exp(-t / 40), 0.0) + np.random.default_rng(12345).normal(5.0, 1.0, 2000)
    found = mser(series)
    assert found.values == case["expected"]["truncation"]
    assert found.statistic == pytest.approx(case["expected"]["stat"], rel=1e-10)
    assert series[found.values :].mean() == pytest.approx(case["expected"]["mean_after"], rel=1e-12)


def test_mser_leaves_out_whole_batches_up_to_half_and_the_fewest() -> None:
    assert mser(np.ones(20)) == (0, 0.0)
    assert mser(np.r_[np.full(7, 9.0), np.zeros(33)]).values == 10
    assert mser(np.r_[np.full(7, 9.0), np.zeros(33)], batch=1).values == 7
    assert mser(np.arange(40.0)).values == 20  # never level: half is the most that may be left out
    fades = 8.0 * 0.5 ** np.arange(40.0)
    assert mser(fades, batch=1).values == 20 and mser(fades, batch=1, luck=1.0).values == 3  # what luck hides stays
    with pytest.raises(ValueError, match="at least two batches of 5"):
        mser(np.ones(9))


@given(st.lists(st.one_of(st.sampled_from([-np.inf, 0.0, 1.0, 2.0]), st.floats(allow_nan=False)), min_size=1))
def test_ranks_are_those_of_scipy(values: list[float]) -> None:
    from scipy.stats import rankdata

    np.testing.assert_array_equal(ranks(np.array(values)), rankdata(values))
