"""Named random streams: every uniform number has a fixed address, so no draw can push another aside.

A stream is a 64-bit key made from (seed, replication, purpose). Its uniforms are counter based: the one at index i is
the i-th output (from 0) of SplitMix64 started at the key (Steele, Lea & Flood 2014, "Fast splittable pseudorandom
number generators", OOPSLA), computed directly and in any order. The index says whom and which draw it is for
(`address`), hence a changed mean, a changed model or one more patient at the end leaves every other draw where it was.

All streams lie on one cycle of 2**64 numbers, each begun at its own key; two streams of 2**34 addresses overlap
with a probability of about 2**-29.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from contextlib import AbstractContextManager
from enum import StrEnum, unique
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.jit import compiled

GAMMA: Final = 0x9E3779B97F4A7C15
MIX_1: Final = 0xBF58476D1CE4E5B9
MIX_2: Final = 0x94D049BB133111EB
MASK: Final = 0xFFFFFFFFFFFFFFFF
ORDINALS: Final = 2**20  # addresses that belong to one owner (a patient or a home)
REQUESTS: Final = 2**18  # addresses for one patient's requests of one kind: acute, crisis, certificate, planned
SLOTS: Final = 2**24  # owner of the k-th to have a slot (place or enrolment) i: i + k * SLOTS
VISITORS: Final = 2**42  # owners from here on are processes of people who come and go (G7, G8)
WORD: Final = 2**32 - 1
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
    STAY = "population.stay"
    PALLIATIVE = "population.palliative"
    MOBILITY = "population.mobility"
    ACUTE_GAP = "acute.gap"
    ACUTE_CLASS = "acute.class"
    ACUTE_TRIAGE = "acute.triage"
    ACUTE_ON_SCENE = "acute.on_scene"
    ACUTE_DOCUMENTATION = "acute.documentation"
    ACUTE_TRAVEL = "acute.travel"
    ACUTE_PATIENCE = "acute.patience"
    ACUTE_TO_HOSPITAL = "acute.to_hospital"
    ACUTE_ORDER = "acute.order"
    CRISIS_GAP = "crisis.gap"
    CERTIFICATE_GAP = "certificate.gap"
    VISITOR_GAP = "visitor.gap"
    REQUEST_TELEPHONE = "request.telephone"
    REQUEST_CALL = "request.call"
    REQUEST_CONVEYED = "request.conveyed"
    REQUEST_SINGLE_VISIT = "request.single_visit"
    REQUEST_ELSEWHERE = "request.elsewhere"
    PLANNED_GAP = "planned.gap"
    PLANNED_ON_SCENE = "planned.on_scene"
    PLANNED_DOCUMENTATION = "planned.documentation"
    PLANNED_TRAVEL = "planned.travel"
    PLANNED_ORDER = "planned.order"
    PLANNED_NO_SHOW = "planned.no_show"
    ROUND_NAMED_PHYSICIAN = "round.named_physician"
    ROUND_RESIDENTS = "round.residents"
    ROUND_ON_SCENE = "round.on_scene"
    ROUND_DOCUMENTATION = "round.documentation"
    ROUND_TRAVEL = "round.travel"
    ROUND_ORDER = "round.order"
    ABSENCE = "absence"


class Keys(NamedTuple):
    """The keys of all streams of one replication, each under the name of its Purpose."""

    home_place: np.uint64
    listed_at: np.uint64
    named_physician: np.uint64
    rate_multiplier: np.uint64
    stay: np.uint64
    palliative: np.uint64
    mobility: np.uint64
    acute_gap: np.uint64
    acute_class: np.uint64
    acute_triage: np.uint64
    acute_on_scene: np.uint64
    acute_documentation: np.uint64
    acute_travel: np.uint64
    acute_patience: np.uint64
    acute_to_hospital: np.uint64
    acute_order: np.uint64
    crisis_gap: np.uint64
    certificate_gap: np.uint64
    visitor_gap: np.uint64
    request_telephone: np.uint64
    request_call: np.uint64
    request_conveyed: np.uint64
    request_single_visit: np.uint64
    request_elsewhere: np.uint64
    planned_gap: np.uint64
    planned_on_scene: np.uint64
    planned_documentation: np.uint64
    planned_travel: np.uint64
    planned_order: np.uint64
    planned_no_show: np.uint64
    round_named_physician: np.uint64
    round_residents: np.uint64
    round_on_scene: np.uint64
    round_documentation: np.uint64
    round_travel: np.uint64
    round_order: np.uint64
    absence: np.uint64


def check_purposes(names: Iterable[str]) -> None:
    """Raise ValueError if two names are equal or share a crc32, since they would share their random numbers."""
    seen: dict[int, str] = {}
    for name in names:
        code = zlib.crc32(name.encode())
        if code in seen:
            raise ValueError(f"the streams {seen[code]!r} and {name!r} have the same key; rename one")
        seen[code] = name


def stream_key(seed: int, replication: int, purpose: Purpose) -> int:
    """The key, 0 <= key < 2**64, of one stream. `seed` and `replication` are whole numbers >= 0 (else ValueError)."""
    words = [seed, replication, zlib.crc32(purpose.value.encode())]
    small = min(words) >= 0 and max(words) <= WORD
    entropy = np.array(words, dtype=np.uint32) if small else words  # the same numbers, sooner
    return int(np.random.SeedSequence(entropy).generate_state(1, np.uint64)[0])


def stream_keys(seed: int, replication: int) -> Keys:
    """The keys of all streams; `seed` and `replication` as for `stream_key`."""
    keys = {name.lower(): stream_key(seed, replication, purpose) for name, purpose in Purpose.__members__.items()}
    return Keys(**{name: np.uint64(key) for name, key in keys.items()})


def address(owner: ArrayLike, ordinal: ArrayLike) -> NDArray[np.uint64]:
    """The index `owner * 2**20 + ordinal` (broadcast): draw number `ordinal` (< 2**20) of patient or home `owner`."""
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


@compiled
def uniform_at(key: np.uint64, owner: int, ordinal: int) -> float:
    """`uniforms` for one owner and ordinal, for compiled loops. Called uncompiled it needs `wrapping()` round it."""
    z = (np.uint64(owner * ORDINALS + ordinal) + U_1) * U_GAMMA + key
    z = (z ^ (z >> U_30)) * U_MIX_1
    z = (z ^ (z >> U_27)) * U_MIX_2
    z = z ^ (z >> U_31)
    return (float(np.int64(z >> U_12)) + 0.5) * CELL


def wrapping() -> AbstractContextManager[object]:
    """While this is open NumPy does not warn of whole numbers that wrap around, which is the arithmetic meant here."""
    return np.errstate(over="ignore")
