"""Cells: the groups of requests that a measure is made for, and their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import ACUTE, CLASSES, GROUPS, PLANNED, WINDOWS
from sim.measures.definitions import CELL_CLASSES, MEASURES, MeasureDefinition

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Values = dict[
    str, tuple[Floats, Floats]
]  # measure to (value, n), arrays over its cells; of requests: (classes, splits),
# or (1, splits) when made for all classes together only

_MEMBERS: Final = {"all": CLASSES, "acute": ACUTE, "planned": PLANNED} | {name: (name,) for name in CLASSES}


def lift(cube: Floats) -> Floats:
    """Sums of (municipalities, groups, classes, windows, x) over the cells: (x, len(CELL_CLASSES), splits)."""
    lifted: Floats = np.tensordot(over_splits(cube), _members(), axes=(1, 1)).transpose(1, 2, 0)
    return lifted


@lru_cache(maxsize=1)
def _members() -> Floats:
    """(len(CELL_CLASSES), classes): 1 where a class belongs to a cell."""
    return np.array([[float(k in _MEMBERS[cell]) for k in CLASSES] for cell in CELL_CLASSES])


def over_splits(cube: Floats) -> Floats:
    """Sums of (municipalities, groups, classes, windows, x) over the splits: (splits, classes, x).

    Splits, in order: all, each municipality, each group, each window.
    """
    by_place, by_group, by_window = cube.sum(axis=(1, 3)), cube.sum(axis=(0, 3)), cube.sum(axis=(0, 1)).swapaxes(0, 1)
    return np.concatenate([by_place.sum(axis=0, keepdims=True), by_place, by_group, by_window])


def with_sum(own: Floats) -> Floats:
    """All municipalities together in front of each."""
    return np.concatenate([own.sum(axis=0, keepdims=True), own])


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """numerator / denominator, NaN where the denominator is 0; shapes broadcast."""
    above, below = np.broadcast_arrays(numerator, denominator)
    quotient: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)
    return quotient


class Block(NamedTuple):
    """Neighbouring rows of the table: one measure and class, over all its splits."""

    measure: MeasureDefinition
    klass: str
    municipality: tuple[str, ...]
    group: tuple[str, ...]
    window: tuple[str, ...]


def blocks(names: tuple[str, ...]) -> Iterator[Block]:
    """The rows of the table in order, for municipalities called `names`."""
    groups, windows = len(GROUPS), len(WINDOWS)
    every, split = "all", 1 + len(names)
    by_request = (
        (every, *names, *[every] * (groups + windows)),
        (*[every] * split, *GROUPS, *[every] * windows),
        (*[every] * (split + groups), *WINDOWS),
    )
    by_patient = tuple(words[:-windows] for words in by_request)
    by_shift = ((every, *names), (every,) * split, (every,) * split)
    by_county = ((every,),) * 3
    for item in MEASURES:
        words = {"request": by_request, "patient": by_patient, "shift": by_shift, "county": by_county}[item.split]
        for klass in item.classes:
            yield Block(item, klass, *words)


def in_rows(values: Values) -> tuple[Floats, Ints]:
    """Values and n of all measures in the order of the table."""
    columns: tuple[list[Floats], list[Floats]] = ([], [])
    for item in MEASURES:
        for column, array in zip(columns, values[item.name], strict=True):
            column.append(array[_where(item.classes)].ravel() if item.split == "request" else array)
    return np.concatenate(columns[0]), np.concatenate(columns[1]).astype(np.int64)


@lru_cache(maxsize=16)
def rows_of(municipalities: int) -> Mapping[str, slice]:
    """Where each measure stands among the rows of the table."""
    found, first = {}, 0
    for item in MEASURES:
        rows = len(item.classes) * _splits(item.split, municipalities)
        found[item.name] = slice(first, first + rows)
        first += rows
    return found


def _splits(split: str, municipalities: int) -> int:
    by_patient = 1 + municipalities + len(GROUPS)
    known = {"request": by_patient + len(WINDOWS), "patient": by_patient, "shift": 1 + municipalities, "county": 1}
    return known[split]


@lru_cache(maxsize=16)
def _where(classes: tuple[str, ...]) -> Ints | slice:
    """Where the classes lie among `CELL_CLASSES`; a slice for all of them, which spares a copy."""
    if classes == CELL_CLASSES:
        return slice(None)
    return np.array([CELL_CLASSES.index(klass) for klass in classes], dtype=np.int64)
