"""One row for every figure that has a known answer, and how a row is judged."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]

Z_LIMIT: Final = 3.5
WIDTH: Final = 0.02  # widest 95 % half-width, as a share of the answer
RARE: Final = 0.06  # the same for what happens seldom: a cell of a dispatch matrix, a nearly empty hour
ROUNDING: Final = 1e-9  # relative: what is exact may differ by the order of additions

COMPILED: Final = "compiled"
BOTH: Final = "compiled and SimPy"
FORMULA: Final = "equations"


@dataclass(frozen=True)
class Ratio:
    """A quantity that is one mean over another in each replication, such as minutes over visits."""

    top: float
    bottom: float


@dataclass(frozen=True)
class Spread:
    """A variance (or with `root` its square root) from the first two moments of each replication."""

    mean: float
    square: float
    root: bool = False


Figure = float | Ratio | Spread
Figures = Mapping[str, Figure]


@dataclass(frozen=True)
class Row:
    """A quantity of a case: the known answer, what the program got, the 95 % half-width (absolute), and z.

    `width` is the widest relative half-width that counts as a test; 0 marks a figure that must be met exactly, up to
    `tolerance` relative (absolute for an answer of 0).
    """

    case: str
    quantity: str
    expected: float
    got: float
    half_width: float
    z: float
    engine: str
    replications: int
    width: float = WIDTH
    tolerance: float = 0.0

    @property
    def relative_width(self) -> float:
        """Half-width as a share of the answer."""
        return self.half_width / abs(self.expected) if self.expected else self.half_width

    def passes(self, slack: float = 1.0, z_limit: float = Z_LIMIT) -> bool:
        """Near enough and narrow enough; `slack` and `z_limit` are wider for a quick look."""
        if self.width == 0:
            return abs(self.got - self.expected) <= self.tolerance * (abs(self.expected) or 1.0)
        return abs(self.z) < z_limit and self.relative_width < self.width * slack

    def __str__(self) -> str:
        return (
            f"{self.case}, {self.quantity}: expected {self.expected:.6g}, got {self.got:.6g}, z {self.z:+.2f}, "
            f"half-width {self.relative_width:.2%} (at most {self.width:.0%}), {self.replications} replications"
        )


def values_of(figures: Sequence[Figure]) -> Floats:
    """One number a replication whose mean is the estimate and whose spread its error.

    Ratios and variances are estimated over all replications at once and linearised (the pseudo-values of the delta
    method), so that they have no bias from being short in each.
    """
    first = figures[0]
    if isinstance(first, Ratio):
        top = np.array([f.top for f in figures if isinstance(f, Ratio)])
        bottom = np.array([f.bottom for f in figures if isinstance(f, Ratio)])
        ratio = top.mean() / bottom.mean()
        return np.asarray(ratio + (top - ratio * bottom) / bottom.mean())
    if isinstance(first, Spread):
        mean = np.array([f.mean for f in figures if isinstance(f, Spread)])
        square = np.array([f.square for f in figures if isinstance(f, Spread)])
        variance = square.mean() - mean.mean() ** 2
        around = (square - square.mean()) - 2 * mean.mean() * (mean - mean.mean())
        if first.root:
            return np.asarray(np.sqrt(variance) + around / (2 * np.sqrt(variance)))
        return np.asarray(variance + around)
    return np.array([f for f in figures if not isinstance(f, Ratio | Spread)], dtype=np.float64)


def estimated(
    case: str, quantity: str, expected: float, figures: Sequence[Figure], width: float = WIDTH, *, se: float = 0.0,
    engine: str = COMPILED,
) -> Row:  # fmt: skip
    """The row of an estimate over replications; `se` is the standard error of the answer itself, if it has one."""
    values = values_of(figures)
    n = len(values)
    error = math.hypot(float(values.std(ddof=1)) / math.sqrt(n), se)
    got = float(values.mean())
    same = abs(got - expected) <= ROUNDING * abs(expected)
    z = (got - expected) / error if error > 0 else 0.0 if same else math.inf
    half = float(stdtrit(n - 1, 0.975)) * error
    return Row(case, quantity, expected, got, half, z, engine, n, width)


def exact(
    case: str, quantity: str, expected: float, got: float, *, tolerance: float = 0.0, engine: str = COMPILED
) -> Row:
    """The row of a figure without chance: it must be met."""
    met = abs(got - expected) <= tolerance * (abs(expected) or 1.0)
    return Row(case, quantity, expected, got, 0.0, 0.0 if met else math.inf, engine, 1, 0.0, tolerance)


def judged(
    case: str, expected: Mapping[str, float], found: Mapping[str, Sequence[Figure]], rare: Sequence[str] = ()
) -> list[Row]:
    """Rows of all expected quantities; those whose names begin as one of `rare` may be wider. KeyError if a quantity
    was not measured."""
    return [
        estimated(case, key, answer, found[key], RARE if any(key.startswith(r) for r in rare) else WIDTH)
        for key, answer in expected.items()
    ]
