"""Measures as tidy tables: every run of a region has the same rows, so many runs are their numbers under one set of
words."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sim.columns import Floats, Ints
from sim.measures.rows import Own, blocks
from sim.measures.vocabulary import CURVE_CLASSES, CURVE_GRID, HOUR_STATES

if TYPE_CHECKING:
    from pandas.api.extensions import ExtensionArray

    from sim.measures.found import Found

Front = Mapping[str, Sequence[Any]]  # columns to put in front, with a value for each run
Words = dict[str, "ExtensionArray"]  # the columns of one run that are the same in all
Numbers = Callable[["Found"], dict[str, "Floats | Ints"]]


_TABLE: Final = ("municipality", "group", "class", "window", "measure", "value", "unit", "n")
_CURVES: Final = ("municipality", "class", "minutes", "arrived", "escalated")
_HOURS: Final = ("weekday", "hour", *HOUR_STATES)


def measures_frame(runs: Sequence[Found], front: Front | None = None) -> pd.DataFrame:
    """municipality, group, class, window, measure, value, unit, n; run after run."""
    return _frame(_TABLE, _table_words, lambda run: {"value": run.values, "n": run.counts}, runs, front or {})


def curves_frame(runs: Sequence[Found], front: Front | None = None) -> pd.DataFrame:
    """municipality, class, minutes, arrived, escalated; run after run."""
    return _frame(_CURVES, _curve_words, lambda run: dict(zip(_CURVES[3:], run.shares, strict=True)), runs, front or {})


def hours_frame(runs: Sequence[Found], front: Front | None = None) -> pd.DataFrame:
    """weekday, hour and a column for each of `HOUR_STATES`; run after run."""
    return _frame(
        _HOURS, _hour_words, lambda run: dict(zip(HOUR_STATES, run.physicians, strict=True)), runs, front or {}
    )


def _frame(
    order: tuple[str, ...],
    words_of: Callable[[tuple[str, ...], Own], Words],
    numbers: Numbers,
    runs: Sequence[Found],
    front: Front,
) -> pd.DataFrame:
    """One table of all runs with the columns of `front` and `order`; runs of other municipalities or with other own
    measures have other words."""
    parts = []
    for (names, own), group in itertools.groupby(
        range(len(runs)), lambda number: (runs[number].names, runs[number].own)
    ):
        chosen = list(group)
        words, found = words_of(names, own), [numbers(runs[number]) for number in chosen]
        size = len(next(iter(words.values())))
        run_of, row_of = np.repeat(np.arange(len(chosen)), size), np.tile(np.arange(size), len(chosen))
        columns: dict[str, Any] = {
            name: _array([values[number] for number in chosen]).take(run_of) for name, values in front.items()
        }
        columns |= {name: column.take(row_of) for name, column in words.items()}
        columns |= {name: np.concatenate([item[name].ravel() for item in found]) for name in found[0]}
        parts.append(pd.DataFrame({name: columns[name] for name in (*front, *order)}))
    if not parts:
        return pd.DataFrame({name: [] for name in (*front, *order)})
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


def _array(values: Sequence[Any]) -> ExtensionArray:
    """Words or whole numbers as a column of a table."""
    return pd.Series(values).array


@lru_cache(maxsize=8)
def _table_words(names: tuple[str, ...], own: Own) -> Words:
    listed = list(blocks(names, own))
    sizes = [len(block.municipality) for block in listed]
    return {
        "municipality": _array([word for block in listed for word in block.municipality]),
        "group": _array([word for block in listed for word in block.group]),
        "class": _array(np.repeat([block.klass for block in listed], sizes).tolist()),
        "window": _array([word for block in listed for word in block.window]),
        "measure": _array(np.repeat([block.measure.name for block in listed], sizes).tolist()),
        "unit": _array(np.repeat([block.measure.unit for block in listed], sizes).tolist()),
    }


@lru_cache(maxsize=8)
def _curve_words(names: tuple[str, ...], own: Own) -> Words:
    rows = list(itertools.product(("all", *names), CURVE_CLASSES, CURVE_GRID))
    columns = ("municipality", "class", "minutes")
    return {name: _array([row[number] for row in rows]) for number, name in enumerate(columns)}


def _hour_words(names: tuple[str, ...], own: Own) -> Words:
    return {"weekday": _array([hour // 24 for hour in range(168)]), "hour": _array([hour % 24 for hour in range(168)])}
