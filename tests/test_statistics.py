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
    gap,
    holm,
    mean_interval,
    paired_difference,
    relative_half_width,
    t_quantile,
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


def test_holm_adjusts() -> None:
    case = CASES["holm"]
    adjusted, level = holm(case["params"]["p"])
    assert adjusted == pytest.approx(case["expected"]["adjusted"])
    assert level == pytest.approx([0.05 / 4, 0.05 / 3, 0.05 / 2, 0.05])


def test_holm_ignores_order_and_missing() -> None:
    adjusted, level = holm([0.3, np.nan, 0.001, 0.02, 0.012])
    assert adjusted == pytest.approx([0.3, np.nan, 0.004, 0.04, 0.036], nan_ok=True)
    assert np.isnan(level[1])


def test_holm_after_the_first_failure_keeps_its_level() -> None:
    # 0.03 > 0.05 / 2 stops; 0.04 alone would pass 0.05 / 1 but must not be rejected any more.
    adjusted, level = holm([0.001, 0.03, 0.04])
    assert adjusted == pytest.approx([0.003, 0.06, 0.06])
    assert level == pytest.approx([0.05 / 3, 0.025, 0.025])


@settings(deadline=None)
@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12), st.sampled_from([0.01, 0.05, 0.2]))
def test_holm_level_and_adjusted_p_say_the_same(p: list[float], alpha: float) -> None:
    adjusted, level = holm(p, alpha)
    for own, corrected, at in zip(p, adjusted, level, strict=True):
        if abs(own - at) > 1e-9:  # on the edge rounding decides
            assert (corrected < alpha) == (own < at)
        assert own <= corrected <= 1.0


def test_paired_with_equal_differences_and_missing_pairs() -> None:
    x = np.array([[0.1 + 0.2, 1.3, 2.3], [5.0, 5.0, 5.0], [1.0, np.nan, 3.0], [1.0, np.nan, np.nan], [np.nan] * 3])
    y = np.array([[0.3, 1.3, 2.3], [4.0, 4.0, 4.0], [0.0, 7.0, 1.0], [3.0, 1.0, np.nan], [1.0, 2.0, 3.0]])
    pair = paired_difference(x, y)
    assert pair.n.tolist() == [3, 3, 2, 1, 0]
    assert pair.mean == pytest.approx([0.0, 1.0, 1.5, -2.0, np.nan], nan_ok=True)
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
