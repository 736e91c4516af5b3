"""Curves and hours of a whole study: means over replications, each kept so that further ones can be added.

A run has 3 500 such numbers and they are only ever looked at as means, so their sums are kept: whole numbers of 2⁻²⁶,
which come to the same in whatever order and however many at a time they are added. A mean says its sum again as long as
there are not more than a hundred thousand replications.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.measures.frames import curves_frame, hours_frame
from sim.measures.vocabulary import HOUR_STATES

if TYPE_CHECKING:
    from sim.measures.found import Found

Ints = NDArray[np.int64]
GRAIN: Final = 2.0**-26
CURVES: Final = ("arrived", "escalated")
Model = tuple[str, str]  # scenario, model


@dataclass(frozen=True)
class Profile:
    """The sums of one model: `numbers` of a column by row in `GRAIN`, and of how many runs with a value each is the
    sum."""

    words: pd.DataFrame
    numbers: Mapping[str, Ints]
    n: Ints

    def table(self, model: Model) -> pd.DataFrame:
        """scenario, model, the words, the means (NaN where no run has a value) and n."""
        with np.errstate(invalid="ignore"):
            means = {name: column * GRAIN / self.n for name, column in self.numbers.items()}
        front = {"scenario": model[0], "model": model[1]}
        return self.words.assign(**front, **means, n=self.n)[[*front, *self.words.columns, *means, "n"]]


@dataclass(frozen=True)
class Profiles:
    """Those of the curves and of the hours, by scenario and model."""

    curves: dict[Model, Profile]
    hours: dict[Model, Profile]

    def add(self, model: Model, found: Found) -> None:
        """One more run of a model."""
        _add(self.curves, model, found, found.shares, CURVES)
        _add(self.hours, model, found, found.physicians, HOUR_STATES)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The two tables, models in the order in which they came."""
        return {
            name: pd.concat([profile.table(model) for model, profile in held.items()], ignore_index=True)
            for name, held in (("curves", self.curves), ("hours", self.hours))
            if held
        } or {"curves": pd.DataFrame(columns=_CURVE_COLUMNS), "hours": pd.DataFrame(columns=_HOUR_COLUMNS)}


def _add(
    held: dict[Model, Profile], model: Model, found: Found, values: NDArray[np.float64], columns: tuple[str, ...]
) -> None:
    """One run's (columns, ...) values to the sums of its model."""
    flat = values.reshape(len(columns), -1)
    known = ~np.isnan(flat[0])
    whole = np.rint(np.where(known, flat, 0.0) / GRAIN).astype(np.int64)
    numbers = dict(zip(columns, whole, strict=True))
    if model in held:
        before = held[model]
        held[model] = Profile(
            before.words, {name: before.numbers[name] + numbers[name] for name in columns}, before.n + known
        )
    else:
        table = curves_frame([found]) if columns is CURVES else hours_frame([found])
        held[model] = Profile(_words(table, columns), numbers, known.astype(np.int64))


def _words(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    gone = (*columns, "n", "scenario", "model")
    return table[[name for name in table.columns if name not in gone]].reset_index(drop=True)


def _profile(table: pd.DataFrame, columns: tuple[str, ...]) -> Profile:
    """The sums of which a table holds the means."""
    n = table["n"].to_numpy(dtype=np.int64)
    numbers = {
        name: np.rint(np.where(n > 0, table[name].to_numpy(dtype=float), 0.0) * n / GRAIN).astype(np.int64)
        for name in columns
    }
    return Profile(_words(table, columns), numbers, n)


def stored(curves: pd.DataFrame, hours: pd.DataFrame, models: list[Model]) -> Profiles:
    """The sums that two tables say, of some of their models."""

    def those(table: pd.DataFrame, columns: tuple[str, ...]) -> dict[Model, Profile]:
        parts = {model: table[(table["scenario"] == model[0]) & (table["model"] == model[1])] for model in models}
        return {model: _profile(part, columns) for model, part in parts.items() if len(part)}

    return Profiles(those(curves, CURVES), those(hours, HOUR_STATES))


_CURVE_COLUMNS: Final = ["scenario", "model", "municipality", "class", "minutes", *CURVES, "n"]
_HOUR_COLUMNS: Final = ["scenario", "model", "weekday", "hour", *HOUR_STATES, "n"]
