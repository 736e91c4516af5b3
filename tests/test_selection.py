"""The best of a few candidates is found as often as is said."""

from __future__ import annotations

import numpy as np
import pytest

from sim.decide.cases import Cases
from sim.decide.frontier import dominated
from sim.decide.over import Over
from sim.decide.selection import percentiles, smallest


def correct(seed: int, gap: float, common: float) -> tuple[bool, int]:
    """Whether the first of five candidates, better than the others by `gap`, is chosen; years share noise `common`."""
    draws = np.random.default_rng(seed)
    together = common * draws.standard_normal(400)
    own = draws.standard_normal((5, 400))
    found = smallest(lambda i, year: (gap if i else 0.0) + together[year] + own[i, year], 5, gap, most=400)
    return found.best == 0, found.years


def test_the_best_is_chosen_at_least_as_often_as_is_said() -> None:
    """The hardest case: all others worse by exactly what is worth telling apart. Of 300, 95 % less three deviations."""
    results = [correct(seed, 0.5, 3.0) for seed in range(300)]
    assert sum(right for right, _ in results) >= 300 * 0.95 - 3 * np.sqrt(300 * 0.95 * 0.05)
    assert np.mean([years for _, years in results]) < 400  # the rule ends it, not the years


def test_the_best_mean_of_several_scenarios_is_chosen_at_least_as_often_as_is_said() -> None:
    """A year's draw is the mean of three scenarios, which share luck and differ in level: independent over years."""
    right = 0
    for seed in range(200):
        draws = np.random.default_rng(seed)
        levels = np.array([[0.0, 4.0, 2.0], [1.5, 4.0, 2.0], [0.0, 5.0, 2.5]])  # means over scenarios 2, 2.5, 2.5
        values = levels[:, :, None] + draws.standard_normal((3, 400)) + draws.standard_normal((3, 3, 400))
        years = Cases({}).by_year(values)
        right += smallest(lambda i, year, v=years: float(v[i, year]), 3, 0.5, most=400).best == 0  # type: ignore[misc]
    assert right >= 200 * 0.95 - 3 * np.sqrt(200 * 0.95 * 0.05)


def test_noise_that_the_candidates_share_costs_no_years() -> None:
    assert np.mean([correct(s, 0.5, 30.0)[1] for s in range(40)]) == np.mean(
        [correct(s, 0.5, 0.0)[1] for s in range(40)]
    )


def test_ties_end_with_the_years_and_say_so() -> None:
    draws = np.random.default_rng(1).standard_normal((3, 60))
    found = smallest(lambda i, year: float(draws[i, year]), 3, 1e-3, most=60)
    assert found.years == 60 and len(found.among) == 3
    assert found.best == min(range(3), key=lambda i: draws[i].mean())
    assert smallest(lambda i, year: 1.0, 1, 1.0).among == (0,)
    with pytest.raises(ValueError, match="indifference"):
        smallest(lambda i, year: 1.0, 2, 0.0)


def test_the_frontier_is_those_nobody_beats_in_everything() -> None:
    points = [[1, 5], [2, 2], [3, 3], [5, 1], [2, 2], [np.nan, 0]]
    assert dominated(points).tolist() == [False, False, True, False, False, True]
    draws = np.random.default_rng(7).random((60, 3))
    plain = [any((o <= p).all() and (o < p).any() for o in draws) for p in draws]
    assert dominated(draws).tolist() == plain


def covered(over: Over, worlds: bool, years: int, levels: list[list[float]]) -> float:
    """In how many of 200 made-up studies the interval of the change from one roster to another holds the true one."""
    cases, means, held = Cases({}, worlds), np.array(levels), 0
    true = float(np.diff(over.of(means))[0])
    for seed in range(200):
        draws = np.random.default_rng(seed)
        shape = (means.shape[1], years)
        luck = (3.0 if worlds else 1.0) * draws.standard_normal(shape) + 0.7 * draws.standard_normal((2, *shape))
        values = means[:, :, None] + luck

        def change(draw: np.ndarray, v: np.ndarray = values) -> float:  # type: ignore[type-arg]
            return float(np.diff(over.of(cases.by_case(v[..., draw])))[0])

        low, high = percentiles(change, years, seed, 200)
        held += low <= true <= high
    return held / 200


def test_an_interval_from_years_drawn_again_is_too_narrow_and_how_much_so() -> None:
    apart = [[0.0, 2.0, 4.0], [0.5, 1.0, 3.0]]
    assert 0.86 <= covered(Over("worst"), False, 20, apart) <= 0.96
    assert 0.84 <= covered(Over("regret"), False, 20, apart) <= 0.95
    assert covered(Over("quantile", 0.9), True, 20, [[0.0], [0.0]]) >= 0.90
    assert covered(Over("worst"), True, 20, [[0.0], [0.0]]) <= 0.90  # of the worst world least of all
