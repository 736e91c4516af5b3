"""Named random streams: every uniform number has a fixed address, so no draw can push another aside.

A stream is a 64-bit key made from (seed, replication, purpose). Its uniforms are counter based: the one at index i is
the i-th output (from 0) of SplitMix64 started at the key (Steele, Lea & Flood 2014, "Fast splittable pseudorandom
number generators", OOPSLA), computed directly and in any order. The index says whom and which draw it is for: a changed
mean, a changed model or one more patient leaves every other draw where it was.

An index is owner x 2**26 + ordinal. Owners never are row numbers:

* *unit* x 2**20 + number: a place or enrolment. Units are the enrolled of municipality m (m), the borderline people
  of municipality m (2**14 + m), and the home at position f of the facility table (2**15 + f); the last number of a
  home belongs to its rounds;
* 2**36 + source x 2**14 + municipality: people who come and go (`sim.world.visitors`).

Ordinals: need x 2**24 + block x 2**19 + k for the k-th point of a process of needs (`sim.world.points`), of which a
place's changes of patient are the first kind; week x 2**10 for a round, and so on by one for each resident seen.

All streams lie on one cycle of 2**64 numbers, each begun at its own key. A region of 2**15 patients uses some 2**15 of
a stream's numbers; the chance that two streams have one of them in common is below 2**-33.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from contextlib import AbstractContextManager
from enum import StrEnum, unique
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.jit import compiled, part

GAMMA: Final = 0x9E3779B97F4A7C15
MIX_1: Final = 0xBF58476D1CE4E5B9
MIX_2: Final = 0x94D049BB133111EB
MASK: Final = 0xFFFFFFFFFFFFFFFF
ORDINALS: Final = 2**26  # addresses that belong to one owner
NEEDS: Final = 2**24  # of them for one kind of need
BLOCKS: Final = 2**19  # and of these for one block of time
PERSONS: Final = 2**20  # owners of one unit
MUNICIPALITIES: Final = 2**14  # units of one kind, one for each municipality
BORDERLINE: Final = MUNICIPALITIES  # units of borderline people begin here, after those of the enrolled
HOMES: Final = 2 * MUNICIPALITIES  # units of homes begin here
UNITS: Final = 2**16
VISITORS: Final = 2**36  # owners from here on are processes of people who come and go (G7, G8)
ROUNDS: Final = PERSONS - 1  # the number in a home whose addresses are its rounds
RESIDENTS: Final = 2**10  # addresses of one round
CELL: Final = 2.0**-52  # uniforms are the middles of cells of this width
U_GAMMA, U_MIX_1, U_MIX_2 = np.uint64(GAMMA), np.uint64(MIX_1), np.uint64(MIX_2)
U_1, U_12, U_27, U_30, U_31 = (np.uint64(n) for n in (1, 12, 27, 30, 31))


@unique
class Purpose(StrEnum):
    """What a stream is for. A new use of chance gets a new name; a name is never used for two things."""

    HOME_PLACE = "population.home_place"
    LISTED_AT = "population.listed_at"
    NAMED_PHYSICIAN = "population.named_physician"
    RATE_MULTIPLIER = "population.rate_multiplier"
    STAY_GAP = "population.stay_gap"
    STAY_MINUTE = "population.stay_minute"
    PALLIATIVE = "population.palliative"
    MOBILITY = "population.mobility"
    NEED_GAP = "need.gap"
    NEED_MINUTE = "need.minute"
    REQUEST_CLASS = "request.class"
    REQUEST_ORDER = "request.order"
    REQUEST_TRIAGE = "request.triage"
    REQUEST_ON_SCENE = "request.on_scene"
    REQUEST_DOCUMENTATION = "request.documentation"
    REQUEST_TRAVEL = "request.travel"
    REQUEST_PATIENCE = "request.patience"
    REQUEST_TO_HOSPITAL = "request.to_hospital"
    REQUEST_TELEPHONE = "request.telephone"
    REQUEST_CALL = "request.call"
    REQUEST_CONVEYED = "request.conveyed"
    REQUEST_SINGLE_VISIT = "request.single_visit"
    REQUEST_ELSEWHERE = "request.elsewhere"
    REQUEST_NO_SHOW = "request.no_show"
    ROUND_RESIDENTS = "round.residents"
    ABSENCE = "absence"


class Keys(NamedTuple):
    """The keys of all streams of one replication, each under the name of its Purpose."""

    home_place: np.uint64
    listed_at: np.uint64
    named_physician: np.uint64
    rate_multiplier: np.uint64
    stay_gap: np.uint64
    stay_minute: np.uint64
    palliative: np.uint64
    mobility: np.uint64
    need_gap: np.uint64
    need_minute: np.uint64
    request_class: np.uint64
    request_order: np.uint64
    request_triage: np.uint64
    request_on_scene: np.uint64
    request_documentation: np.uint64
    request_travel: np.uint64
    request_patience: np.uint64
    request_to_hospital: np.uint64
    request_telephone: np.uint64
    request_call: np.uint64
    request_conveyed: np.uint64
    request_single_visit: np.uint64
    request_elsewhere: np.uint64
    request_no_show: np.uint64
    round_residents: np.uint64
    absence: np.uint64


PURPOSE_CODES: Final = np.array([zlib.crc32(purpose.value.encode()) for purpose in Purpose], dtype=np.uint64)


def check_purposes(names: Iterable[str]) -> None:
    """Raise ValueError if two names are equal or share a crc32, since they would share their random numbers."""
    seen: dict[int, str] = {}
    for name in names:
        code = zlib.crc32(name.encode())
        if code in seen:
            raise ValueError(f"the streams {seen[code]!r} and {name!r} have the same key; rename one")
        seen[code] = name


def stream_key(seed: int, replication: int, purpose: Purpose) -> int:
    """The key, 0 <= key < 2**64, of one stream. `seed` and `replication` are whole numbers >= 0 (else ValueError).

    It is output number crc32(purpose) of SplitMix64 started at a root that numpy's SeedSequence makes of the two.
    """
    return mix64((root_key(seed, replication) + (zlib.crc32(purpose.value.encode()) + 1) * GAMMA) & MASK)


def stream_keys(seed: int, replication: int) -> Keys:
    """The keys of all streams; `seed` and `replication` as for `stream_key`."""
    return Keys(*random_bits(root_key(seed, replication), PURPOSE_CODES))


def root_key(seed: int, replication: int) -> int:
    """What the keys of one replication are made from."""
    return int(np.random.SeedSequence([seed, replication]).generate_state(1, np.uint64)[0])


def address(owner: ArrayLike, ordinal: ArrayLike) -> NDArray[np.uint64]:
    """The index `owner * 2**26 + ordinal` (broadcast): draw number `ordinal` (< 2**26) of `owner`."""
    return np.asarray(owner).astype(np.uint64) * np.uint64(ORDINALS) + np.asarray(ordinal).astype(np.uint64)


def mix64(z: int) -> int:
    """The finaliser of SplitMix64 on one number 0 <= z < 2**64, with `& MASK` for the wrap-around of uint64."""
    z = ((z ^ (z >> 30)) * MIX_1) & MASK
    z = ((z ^ (z >> 27)) * MIX_2) & MASK
    return z ^ (z >> 31)


def uniform_of_bits(word: int) -> float:
    """Map 64 random bits to the open interval (0, 1): the middle of one of 2**52 cells of equal width.

    52 bits and not 53: with 53 the half added is lost to rounding in the upper half and the largest value becomes 1.
    """
    return ((word >> 12) + 0.5) * CELL


def uniform(key: int, index: int) -> float:
    """One uniform, in plain arithmetic on whole numbers: the definition that `uniforms` must agree with to the bit."""
    return uniform_of_bits(mix64((key + (index + 1) * GAMMA) & MASK))


def random_bits(key: int, index: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The raw SplitMix64 outputs at every index (uint64, any shape)."""
    with wrapping():
        z = (np.asarray(index, dtype=np.uint64) + np.uint64(1)) * np.uint64(GAMMA) + np.uint64(key)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(MIX_1)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(MIX_2)
        mixed: NDArray[np.uint64] = z ^ (z >> np.uint64(31))
    return mixed


def uniforms(key: int, index: NDArray[np.uint64]) -> NDArray[np.float64]:
    """The uniforms in (0, 1) of stream `key` at every index (uint64, any shape); same shape, float64."""
    return ((random_bits(key, index) >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


@part
def uniform_of(key: np.uint64, index: int) -> float:
    """`uniforms` for one index, for compiled loops. Called uncompiled it needs `wrapping()` round it."""
    z = (np.uint64(index) + U_1) * U_GAMMA + key
    z = (z ^ (z >> U_30)) * U_MIX_1
    z = (z ^ (z >> U_27)) * U_MIX_2
    z = z ^ (z >> U_31)
    return (float(np.int64(z >> U_12)) + 0.5) * CELL


@compiled
def uniform_at(key: np.uint64, owner: int, ordinal: int) -> float:
    """`uniform_of` the index of one owner and ordinal."""
    return uniform_of(key, owner * ORDINALS + ordinal)


@compiled
def uniforms_of(key: np.uint64, index: NDArray[np.int64]) -> NDArray[np.float64]:
    """`uniforms` at whole numbers of up to 63 bits, sooner."""
    values = np.empty(len(index))
    for i in range(len(index)):
        values[i] = uniform_of(key, index[i])
    return values


def wrapping() -> AbstractContextManager[object]:
    """While this is open NumPy does not warn of whole numbers that wrap around, which is the arithmetic meant here."""
    return np.errstate(over="ignore")
