"""Points spread evenly over the inputs, a sequence for each name: a new name leaves the others where they were.

The first `BLOCK` points have one in each interval of length 1/BLOCK, in an order drawn at random; then the number of
points doubles, block by block, each new point in an interval of half the length that had none. So every run of
BLOCK * 2**k points is a Latin hypercube, a longer run begins with the points of a shorter one, and what a name gets is
made of the seed and the name alone (Qian 2009, Biometrika 96: nested Latin hypercubes).

A scrambled Sobol net gives one coordinate to each number from 1 up, so a new input would move those after it; and among
a hundred coordinates with 256 points it has pairs with a correlation of 0.8, or of 1.0 where coordinates are picked by
a hash of the name (`tests/test_sequence.py`). Here two names together are spread as independent draws are, no better
and no worse.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.world.streams import MASK, mix64, root_key, uniforms

BLOCK: Final = 32
MOST: Final = 2**20  # points: a world is a year of every model
REPLICATION: Final = 0  # of the streams that the keys come from; the replications of runs are numbered from 1

Floats = NDArray[np.float64]


def points(seed: int, names: Sequence[str], count: int) -> Floats:
    """Uniforms in (0, 1), (count, names): column j is the sequence of names[j]. ValueError for more than `MOST`."""
    if count > MOST:
        raise ValueError(f"at most {MOST} points, got {count}")
    found = np.empty((count, len(names)))
    for column, name in enumerate(names):
        found[:, column] = sequence(name_key(seed, name), count)
    return found


def sequence(key: int, count: int) -> Floats:
    """The first `count` points of one sequence."""
    found = np.empty(0)
    while len(found) < count:
        intervals = 2 * len(found) or BLOCK
        free = np.setdiff1d(np.arange(intervals), np.floor(found * intervals).astype(np.int64))
        number = np.arange(len(found), len(found) + len(free), dtype=np.uint64)
        order = np.argsort(uniforms(key, 2 * number), kind="stable")
        found = np.concatenate([found, (free[order] + uniforms(key, 2 * number + np.uint64(1))) / intervals])
    return found[:count]


def name_key(seed: int, name: str) -> int:
    """The key, 0 <= key < 2**64, of the sequence of a name."""
    word = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
    return mix64((root_key(seed, REPLICATION) + word) & MASK)
