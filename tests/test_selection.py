"""The best of a few candidates: constants as published, and the best is found as often as is said."""

from __future__ import annotations

import numpy as np
import pytest

from sim.decide.frontier import dominated
from sim.decide.selection import constants, smallest


def test_the_constants_are_those_of_kim_and_nelson() -> None:
    eta, h2 = constants(4, 0.05, 20)
    assert eta == pytest.approx(0.21524767079863416, rel=1e-12)
    assert h2 == pytest.approx(8.179411490348098, rel=1e-12)


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
