"""Cells: the groups of requests that a measure is made for, as integer codes, so that one bincount fills them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.codes import ACUTE, CLASSES, GROUPS, PLANNED, WINDOWS
from sim.measures.definitions import CELL_CLASSES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_G, _K, _W = len(GROUPS), len(CLASSES), len(WINDOWS)
_MEMBERS: Final = {"all": CLASSES, "acute": ACUTE, "planned": PLANNED} | {name: (name,) for name in CLASSES}


def lift(cube: Floats) -> Floats:
    """Sums over the classes that each of `CELL_CLASSES` covers; the last axis goes from classes to cell classes."""
    matrix = np.array([[float(k in _MEMBERS[cell]) for cell in CELL_CLASSES] for k in CLASSES])
    lifted: Floats = cube @ matrix
    return lifted


@dataclass(frozen=True)
class RequestCells:
    """Where each counted request belongs. Splits, in order: all, each municipality, each group, each window.

    The codes have one entry per counted request; arrays over cells are (splits, len(CELL_CLASSES)).
    """

    municipalities: int
    municipality: Ints
    group: Ints
    klass: Ints
    window: Ints

    @property
    def splits(self) -> int:
        return 1 + self.municipalities + _G + _W

    def _code(self) -> Ints:
        return ((self.municipality * _G + self.group) * _K + self.klass) * _W + self.window

    def total(self, mask: NDArray[np.bool_], weights: Floats | None = None) -> Floats:
        """Sum of `weights` (1 when None) of the requests under `mask`, in every cell."""
        size = self.municipalities * _G * _K * _W
        flat = sums(self._code()[mask], size, None if weights is None else weights[mask])
        cube = flat.reshape(self.municipalities, _G, _K, _W)
        return lift(
            np.concatenate(
                [
                    cube.sum(axis=(0, 1, 3))[None],
                    cube.sum(axis=(1, 3)),
                    cube.sum(axis=(0, 3)),
                    cube.sum(axis=(0, 1)).T,
                ]
            )
        )

    def split_codes(self) -> tuple[tuple[int, int, Ints], ...]:
        """(first split, number of splits, code of each request) for the four ways of splitting."""
        m = self.municipalities
        return (
            (0, 1, np.zeros_like(self.klass)),
            (1, m, self.municipality),
            (1 + m, _G, self.group),
            (1 + m + _G, _W, self.window),
        )

    def labels(self, names: tuple[str, ...]) -> dict[str, list[str]]:
        """The words of each split: columns municipality, group, window."""
        m = len(names)
        return {
            "municipality": ["all", *names, *["all"] * (_G + _W)],
            "group": ["all"] * (1 + m) + [*GROUPS] + ["all"] * _W,
            "window": ["all"] * (1 + m + _G) + [*WINDOWS],
        }


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """numerator / denominator, NaN where the denominator is 0; shapes broadcast."""
    above, below = np.broadcast_arrays(numerator, denominator)
    quotient: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)
    return quotient


def sums(code: Ints, size: int, values: Floats | Ints | None = None) -> Floats:
    """Sum of `values` (1 when None) of each code 0..size-1."""
    return np.bincount(code, values, minlength=size).astype(np.float64)
