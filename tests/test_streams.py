"""Named random streams: the right generator, at the right addresses, uniform and independent."""

from __future__ import annotations

import zlib
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.jit import uncompiled
from sim.world import streams
from sim.world.streams import (
    GAMMA,
    MASK,
    ORDINALS,
    VISITORS,
    Keys,
    Purpose,
    address,
    check_purposes,
    mix64,
    random_bits,
    stream_key,
    stream_keys,
    uniform,
    uniform_at,
    uniform_of_bits,
    uniforms,
    wrapping,
)

# first outputs of the reference splitmix64.c (Vigna, public domain) seeded with 1234567
REFERENCE = (
    6457827717110365317,
    3203168211198807973,
    9817491932198370423,
    4593380528125082431,
    16408922859458223821,
)


def test_outputs_are_those_of_the_reference_splitmix64() -> None:
    state, sequential = 1234567, []
    for _ in REFERENCE:  # the reference form: state += gamma, then mix
        state = (state + GAMMA) & MASK
        sequential.append(mix64(state))
    assert tuple(sequential) == REFERENCE
    assert tuple(random_bits(1234567, np.arange(5, dtype=np.uint64)).tolist()) == REFERENCE


@given(st.integers(0, MASK), st.lists(st.integers(0, 2**40), min_size=1, max_size=20))
def test_plain_and_array_forms_agree_to_the_bit(key: int, index: list[int]) -> None:
    array = uniforms(key, np.array(index, dtype=np.uint64))
    assert array.tolist() == [uniform(key, i) for i in index]


@given(st.integers(0, MASK), st.integers(0, 2 * VISITORS - 1), st.integers(0, ORDINALS - 1))
def test_compiled_form_agrees_to_the_bit_compiled_or_not(key: int, owner: int, ordinal: int) -> None:
    expected = uniform(key, owner * ORDINALS + ordinal)
    assert uniform_at(np.uint64(key), owner, ordinal) == expected
    with wrapping():
        assert uncompiled(streams).uniform_at(np.uint64(key), owner, ordinal) == expected


def test_every_purpose_has_its_key() -> None:
    assert list(Keys._fields) == [name.lower() for name in Purpose.__members__]
    assert [int(key) for key in stream_keys(3, 1)] == [stream_key(3, 1, purpose) for purpose in Purpose]


def test_single_number_index_wraps_without_a_warning() -> None:
    assert float(uniforms(MASK, np.asarray(2**40, dtype=np.uint64))) == uniform(MASK, 2**40)


def test_uniforms_never_reach_the_ends() -> None:
    assert 0.0 < uniform_of_bits(0) == 2.0**-53
    assert uniform_of_bits(MASK) == 1 - 2.0**-53 < 1.0


def test_array_form_never_reaches_the_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    extremes = np.array([0, MASK], dtype=np.uint64)
    monkeypatch.setattr(streams, "random_bits", lambda key, index: extremes)
    assert uniforms(0, extremes).tolist() == [2.0**-53, 1 - 2.0**-53]


def test_address_gives_each_owner_its_own_block() -> None:
    assert address(3, 7) == 3 * ORDINALS + 7
    assert address(np.arange(2)[:, None], np.arange(3)).tolist() == [[0, 1, 2], [ORDINALS, ORDINALS + 1, ORDINALS + 2]]
    assert address(np.arange(2), 0).dtype == np.uint64


def test_purposes_are_unique_and_collisions_are_refused() -> None:
    check_purposes(purpose.value for purpose in Purpose)
    with pytest.raises(ValueError, match="same key"):
        check_purposes(["a", "a"])
    assert zlib.crc32(b"plumless") == zlib.crc32(b"buckeroo")  # a known collision of unlike words
    with pytest.raises(ValueError, match="'plumless' and 'buckeroo'"):
        check_purposes(["plumless", "buckeroo"])


def test_keys_differ_by_seed_replication_and_purpose() -> None:
    keys = [stream_key(s, r, p) for s in (0, 1, 2024, 2**62) for r in range(20) for p in Purpose]
    assert len(set(keys)) == len(keys)
    root = int(np.random.SeedSequence([2024, 3]).generate_state(1, np.uint64)[0])
    key = int(random_bits(root, np.asarray(zlib.crc32(b"need.gap"), dtype=np.uint64)))
    assert stream_key(2024, 3, Purpose.NEED_GAP) == int(stream_keys(2024, 3).need_gap) == key


@pytest.mark.parametrize("layout", ["consecutive", "first of each owner"])
def test_uniform_along_both_directions_of_the_addresses(layout: str) -> None:
    n = 100_000
    index = np.arange(n, dtype=np.uint64) if layout == "consecutive" else address(np.arange(n), 1)
    u = uniforms(stream_key(2024, 0, Purpose.REQUEST_CLASS), index)
    assert stats.kstest(u, "uniform").pvalue > 1e-3
    pairs = np.histogram2d(u[:-1], u[1:], bins=20)[0]
    assert stats.chisquare(pairs.ravel()).pvalue > 1e-3
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 4 / np.sqrt(n)


def test_streams_are_independent_of_each_other() -> None:
    n = 20_000
    index = address(np.arange(n), 1)
    keys = [stream_key(2024, r, purpose) for purpose in Purpose for r in range(2)]
    u = np.array([uniforms(key, index) for key in keys])
    correlation = np.corrcoef(u)[np.triu_indices(len(keys), 1)]
    assert np.abs(correlation).max() < 5 / np.sqrt(n)  # 1 326 pairs
    assert abs(np.sqrt(n) * correlation.std() - 1) < 0.1
    for one, other in pairwise(u[:6]):
        assert stats.chisquare(np.histogram2d(one, other, bins=10)[0].ravel()).pvalue > 1e-4
