"""Does a model keep up? Queues whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from sim.comparison.balance import Balance, balance, growth

RUNS, REPLICATIONS, WEEKS = 300, 4, 156


def queues(load: float, season: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """What waits at the ends of the weeks, and what came: `RUNS` studies of `REPLICATIONS` fluid queues of 500 requests
    a week and Poisson arrivals, with `season` more or less of them; the first year is left out."""
    rng = np.random.default_rng(seed)
    shape = 1.0 + season * np.sin(2 * np.pi * np.arange(WEEKS) / 52)
    came = rng.poisson(500.0 * shape, size=(RUNS, REPLICATIONS, WEEKS)).astype(float)
    waits, waiting = np.zeros_like(came), np.zeros((RUNS, REPLICATIONS))
    for week in range(WEEKS):
        waiting = np.maximum(waiting + came[..., week] - 500.0 / load, 0.0)
        waits[..., week] = waiting
    return waits[..., 52:], came[..., 52:]


def alarms(load: float, season: float) -> float:
    waits, came = queues(load, season, seed=round(1000 * load))
    return float(np.mean([not growth(w, c).steady for w, c in zip(waits, came, strict=True)]))


@pytest.mark.parametrize(("load", "season"), [(0.8, 0.0), (0.9, 0.3), (0.95, 0.0), (0.97, 0.1)])
def test_a_queue_in_balance_is_seldom_said_to_grow(load: float, season: float) -> None:
    assert alarms(load, season) <= 0.02


@pytest.mark.parametrize(("load", "season"), [(1.03, 0.0), (1.05, 0.3), (1.3, 0.1)])
def test_a_queue_that_grows_is_found(load: float, season: float) -> None:
    assert alarms(load, season) >= 0.95


def test_growth_of_known_series() -> None:
    # 3 more waiting a week, of 60 ordered: a year later 156 more, so 5 % is never reached.
    waiting = np.arange(104) * 3.0 + np.array([[0.0], [5.0]])
    found = growth(waiting, np.full((2, 104), 60.0))
    assert found == pytest.approx((3.0, 0.05, 0.05, 3.0 * 77.5 + 2.5))
    assert not found.steady


def test_what_cannot_be_told_is_no_alarm() -> None:
    assert growth(np.ones((1, 104)), np.ones((1, 104))).steady
    assert growth(np.zeros((3, 104)), np.zeros((3, 104))).steady
    with pytest.raises(ValueError, match="52 weeks"):
        growth(np.ones((2, 60)), np.ones((2, 60)))


def test_either_kind_is_enough() -> None:
    level = np.zeros((2, 104))
    rises = np.arange(104.0) * np.ones((2, 1))
    waiting = np.stack([level, rises], axis=1)
    found = balance(waiting, np.full_like(waiting, 10.0))
    assert found.acute.steady and not found.planned.steady and not found.steady
    assert Balance().steady
