"""Does a model keep up? Queues whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from sim.comparison.balance import GROWS, Balance, balance, growth, in_balance, weeks_to_fill

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


@pytest.mark.parametrize(("load", "season"), [(1.01, 0.0), (1.03, 0.0), (1.05, 0.3), (1.3, 0.1)])
def test_a_first_look_lets_no_queue_go_that_grows(load: float, season: float) -> None:
    waits, came = queues(load, season, seed=round(1000 * load))
    assert not any(in_balance(both(w), both(c)) for w, c in zip(waits, came, strict=True))


@pytest.mark.parametrize(("load", "season"), [(0.8, 0.0), (0.9, 0.05)])
def test_a_first_look_is_enough_for_a_queue_that_is_seldom_long(load: float, season: float) -> None:
    waits, came = queues(load, season, seed=round(1000 * load))
    assert np.mean([in_balance(both(w), both(c)) for w, c in zip(waits, came, strict=True)]) >= 0.99


def both(weeks: np.ndarray) -> np.ndarray:
    """The same for both kinds."""
    return np.stack([weeks, weeks], axis=1)


def test_a_first_look_at_the_border_is_wrong_once_in_a_thousand() -> None:
    rng, slope = np.random.default_rng(7), GROWS * 100.0
    let_go = 0
    for _ in range(4000):  # growing by exactly as much as is called growth, with luck of its own in each replication
        rises = slope + rng.normal(0.0, 0.3, size=(4, 1))
        let_go += in_balance(both(rises * np.arange(104.0)), np.full((4, 2, 104), 100.0))
    assert let_go <= 12  # 4 are expected


def test_a_first_look_at_one_replication_or_at_nothing() -> None:
    still = np.zeros((4, 2, 104))
    assert in_balance(still, still) and not in_balance(still[:1], still[:1])


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
    found = balance(waiting, np.full_like(waiting, 10.0), waiting)
    assert found.acute.steady and not found.planned.steady and not found.steady
    assert Balance().steady
    assert np.isnan(Balance().warm_up_weeks)


def year(lacking: np.ndarray, seed: int, replications: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """What waits in a year, with luck of 10 a week and a summer, and what waits where the beginning was empty."""
    rng, week = np.random.default_rng(seed), np.arange(52)
    waiting = 120.0 + 40.0 * np.sin(2 * np.pi * week / 52) + rng.normal(0.0, 10.0, size=(replications, 52))
    return waiting, waiting - lacking


@pytest.mark.parametrize("weeks", [0, 1, 3, 6, 12, 25])
def test_an_empty_beginning_is_left_out_whole(weeks: int) -> None:
    lacking = np.where(np.arange(52) < weeks, 70.0, 0.0)
    assert [weeks_to_fill(*year(lacking, seed)) for seed in range(40)] == [weeks] * 40


def test_a_beginning_is_left_out_until_the_luck_of_a_run_hides_it() -> None:
    lacking = 100.0 * np.exp(-np.arange(52) / 3.0)
    found = {weeks_to_fill(*year(lacking, seed)) for seed in range(40)}
    assert found <= {6.0, 7.0, 8.0, 9.0, 10.0}
    assert weeks_to_fill(*year(0.02 * lacking, seed=1)) == 0


def test_queues_that_never_fill_need_more_than_any_warm_up() -> None:
    assert weeks_to_fill(*year(np.full(52, 200.0), seed=1)) == np.inf
    assert weeks_to_fill(*year(np.linspace(300.0, 0.0, 52), seed=1)) == np.inf
    assert weeks_to_fill(np.zeros((4, 52)), np.zeros((4, 52))) == 0
    assert np.isnan(weeks_to_fill(np.zeros((1, 52)), np.zeros((1, 52))))
