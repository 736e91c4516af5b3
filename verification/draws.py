"""Random numbers of the cases: the project's own counter-based uniforms, one named stream for each use."""

from __future__ import annotations

import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled
from sim.world.elementary import log, normal_quantiles
from sim.world.laws import log_spread, lognormal_of
from sim.world.streams import uniforms

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SEED: Final = 2024


class Draws:
    """The draws of one replication of one case. The same name gives the same numbers: use each for one thing."""

    def __init__(self, case: str, replication: int, seed: int = SEED) -> None:
        self.words = (seed, zlib.crc32(case.encode()), replication)

    def uniform(self, name: str, n: int) -> Floats:
        """`n` uniforms in (0, 1)."""
        words = [*self.words, zlib.crc32(name.encode())]
        key = int(np.random.SeedSequence(words).generate_state(1, np.uint64)[0])
        return uniforms(key, np.arange(n, dtype=np.uint64))

    def exponential(self, name: str, mean: float, n: int) -> Floats:
        """`n` exponential values."""
        values = self.uniform(name, n)
        to_exponential(values, mean)
        return values

    def lognormal(self, name: str, mean: float, cv: float, n: int) -> Floats:
        """`n` lognormal values with this mean and coefficient of variation."""
        values = self.uniform(name, n)
        normal_quantiles(values)
        to_lognormal(values, mean, log_spread(cv))
        return values

    def choice(self, name: str, weights: Floats, n: int) -> Ints:
        """`n` numbers 0, 1, ... with these weights."""
        edges = np.cumsum(weights) / np.sum(weights)
        return np.minimum(np.searchsorted(edges, self.uniform(name, n)), len(edges) - 1).astype(np.int64)

    def poisson(self, name: str, mean: float) -> int:
        """One Poisson number: how many exponential gaps fit."""
        gaps = self.exponential(name, 1.0, int(mean + 12 * np.sqrt(mean) + 40))
        return int(np.searchsorted(np.cumsum(gaps), mean, side="right"))

    def arrivals(self, name: str, per_hour: float, hours: float) -> Floats:
        """Times of a Poisson process in hours, rising, before `hours`."""
        room = int(per_hour * hours + 12 * np.sqrt(per_hour * hours) + 40)
        times = np.cumsum(self.exponential(name, 1 / per_hour, room))
        return np.asarray(times[times < hours])


@compiled
def to_exponential(values: Floats, mean: float) -> None:
    """Uniforms into exponential values, in place."""
    for i in range(len(values)):
        values[i] = -mean * log(values[i])


@compiled
def to_lognormal(values: Floats, mean: float, spread: float) -> None:
    """Standard normal values into lognormal ones, in place."""
    for i in range(len(values)):
        values[i] = lognormal_of(values[i], mean, spread)
