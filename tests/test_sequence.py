"""Points for the inputs: even in each name, the same whatever else is drawn, and not bound to each other."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import qmc

from sim.decide.sequence import BLOCK, MOST, points

NAMES = [f"input.{number}" for number in range(130)]
WORLDS = 256


@given(st.integers(0, 2**63 - 1), st.text(min_size=1, max_size=30), st.integers(0, 5))
def test_every_run_of_blocks_is_a_latin_hypercube(seed: int, name: str, doublings: int) -> None:
    count = BLOCK * 2**doublings
    found = points(seed, [name], count)[:, 0]
    assert found.min() > 0 and found.max() < 1
    assert sorted(np.floor(found * count)) == list(range(count))


@given(st.integers(0, 1000), st.integers(1, 200), st.integers(1, 200))
def test_a_longer_run_begins_like_a_shorter_one(seed: int, one: int, other: int) -> None:
    short, long = sorted((one, other))
    assert np.array_equal(points(seed, NAMES[:2], short), points(seed, NAMES[:2], long)[:short])


def test_a_new_name_moves_no_other_and_the_order_of_names_is_nothing() -> None:
    found = points(7, ["a", "b", "c"], 100)
    assert np.array_equal(points(7, ["c", "new", "a"], 100)[:, [2, 0]], found[:, [0, 2]])
    assert not np.array_equal(points(8, ["a"], 100), found[:, :1])


def test_two_names_go_together_no_more_than_independent_draws_and_a_net_has_pairs_that_do() -> None:
    """Why this is no Sobol sequence: pairs of a hundred coordinates that say the same."""
    assert _largest(points(2024, NAMES, WORLDS)) < 0.3  # of 8 385 pairs; independent draws have 0.25
    net = qmc.Sobol(len(NAMES), scramble=True, rng=1).random(WORLDS)
    assert _largest(net) > 0.7
    by_hash = [int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "little") % 21_200 for name in NAMES]
    assert len(set(by_hash)) < len(NAMES)  # two names would even share a coordinate


def test_a_sum_of_inputs_is_known_far_better_than_by_independent_draws() -> None:
    rng = np.random.default_rng(1)
    own = np.std([points(seed, NAMES[:10], WORLDS).sum(axis=1).mean() for seed in range(40)])
    independent = np.std([rng.random((WORLDS, 10)).sum(axis=1).mean() for _ in range(40)])
    assert own < independent / 20


def test_too_many_points_are_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        points(1, ["a"], MOST + 1)


def _largest(found: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
    """The largest correlation between two columns, whatever its sign."""
    between = np.abs(np.corrcoef(found.T))
    return float(between[np.triu_indices(len(between), 1)].max())
