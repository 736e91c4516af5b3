"""Where runs are spent (OCBA): shares as published, and the best found at least as often as by equal shares."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.decide.allocation import allocated, shares
from sim.decide.selection import constants, resampled

CASES: dict[str, Any] = {
    case["id"]: case for case in json.loads((Path(__file__).parent / "data" / "stat_cases.json").read_text("utf-8"))
}
MEANS, SPREADS = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 2.5]), np.array([1.6, 1.6, 1.6, 2.4, 2.4, 3.2])
BUDGET = 180


def test_the_shares_are_those_of_chen_and_others() -> None:
    case = CASES["ocba_shares"]
    found = shares(case["params"]["means"], case["params"]["sd"])
    assert found == pytest.approx(case["expected"]["shares"], rel=1e-9)
    order = [2, 0, 3, 1]
    turned = shares(np.array(case["params"]["means"])[order], np.array(case["params"]["sd"])[order])
    assert turned == pytest.approx(found[order])


def test_the_constants_of_kim_and_nelson_are_those_of_the_case() -> None:
    case = CASES["kn_constants"]
    eta, h2 = constants(case["params"]["k"], case["params"]["alpha"], case["params"]["n0"])
    assert (eta, h2) == pytest.approx((case["expected"]["eta"], case["expected"]["h2"]), rel=1e-12)


def test_shares_where_nothing_varies_or_nothing_differs() -> None:
    assert shares([1.0, 2.0], [0.0, 0.0]).tolist() == [0.5, 0.5]
    assert shares([3.0], [1.0]).tolist() == [1.0]
    tied = shares([1.0, 1.0, 5.0], [1.0, 1.0, 1.0])
    assert np.isfinite(tied).all() and tied[:2] == pytest.approx([0.5, 0.5], abs=1e-6)


def drawn(seed: int, common: float) -> tuple[np.ndarray[Any, np.dtype[np.float64]], int]:
    """(candidates, years) in an order of their own, and which is the best; years share luck of size `common`."""
    draws = np.random.default_rng(seed)
    together, own = common * draws.standard_normal(BUDGET), draws.standard_normal((6, BUDGET))
    order = draws.permutation(6)
    return (MEANS[:, None] + SPREADS[:, None] * own + together)[order], int(np.argmin(MEANS[order]))


@pytest.mark.parametrize("common", [0.0, 5.0])
def test_the_best_is_found_at_least_as_often_as_by_equal_shares(common: float) -> None:
    """Six candidates, 180 runs in all: 90 % of 400 instead of 86 %, whether they share the luck of years or not."""
    right, equal, said = [], [], []
    for seed in range(400):
        values, best = drawn(seed, common)
        found = allocated(lambda i, year, v=values: float(v[i, year]), 6, BUDGET, most=BUDGET)  # type: ignore[misc]
        right.append(found.best == best)
        equal.append(int(np.argmin(values[:, : BUDGET // 6].mean(axis=1))) == best)
        said.append(found.probability)
    assert np.mean(right) >= np.mean(equal) + 0.01
    assert np.mean(said) <= np.mean(right)  # what is said is no more than what is true


def test_the_budget_is_spent_and_no_candidate_runs_more_than_all_years() -> None:
    ran: list[tuple[int, int]] = []

    def sample(candidate: int, year: int) -> float:
        ran.append((candidate, year))
        return drawn(1, 1.0)[0][candidate, year]

    found = allocated(sample, 6, 100, most=40)
    counts = [sum(c == i for c, _ in ran) for i in range(6)]
    assert len(ran) == len(set(ran)) == 100 and min(counts) >= 10 and max(counts) == found.years <= 40
    assert not found.promised and allocated(sample, 1, 100).probability == 1.0
    with pytest.raises(ValueError, match="two years"):
        allocated(sample, 2, 10, first=1)


def test_of_what_is_no_mean_the_best_is_told_with_how_often_it_is_so() -> None:
    values = np.random.default_rng(3).standard_normal((3, 2, 40)) + np.array([0.0, 0.1, 3.0])[:, None, None]
    found = resampled(values, lambda v: v.mean(axis=-1).max(axis=-1), seed=1, resamples=200)
    worst = values.mean(axis=-1).max(axis=-1)
    assert found.best == int(np.argmin(worst)) and 2 not in found.among and not found.promised
    assert 0.5 < found.probability <= 1.0 and found.years == 40
    alone = resampled(np.zeros((1, 1, 5)), lambda v: v[:, 0, 0], seed=1)
    assert alone.best == 0 and alone.probability == 1.0
