"""What to find out first: the value of knowing an input before a model is chosen, by regression on the same worlds.

A model's **points** in a world are the sum over headline measures of weight x gain against the reference, counted in
practical differences; one that does not keep up there has points off instead (`comparison.weights`). The value of
perfect information on some inputs (EVPPI) is how many points would be won, on average, if they were known when a model
is chosen: the mean of the best conditional expectation less the best mean. Conditional expectations are fitted on the
worlds that are there and nothing is run again (Strong, Oakley & Brennan 2014, Medical Decision Making 34(3)): a sum of
one smooth function of each input (a polynomial of its normal score), no rougher than generalised cross-validation asks
for. The standard error has their part, coefficients drawn from their joint distribution, and that of the worlds drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.polynomial.hermite_e import hermevander

from sim.decide.plausible import DUMMY, SHARED, Floats
from sim.decide.robust import family_of, gains_of, normal_scores
from sim.decide.sequence import name_key
from sim.decide.worlds import inputs_of
from sim.measures.definitions import HEADLINES

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

DEGREES: Final = (0, 1, 2, 3, 4)  # of the polynomial of each input; 0: it says nothing
DRAWS: Final = 400  # of coefficients, for a standard error
MOST_POINTS: Final = 100.0  # that a measure may give or take in a world: a value may be infinite
FEWEST_WORLDS: Final = 50  # of which anything is said
EVERYTHING: Final = "everything"  # the value of knowing all inputs
COLUMNS: Final = ("scenario", "input", "points", "error", *(measure for measure, _ in HEADLINES))


class Value(NamedTuple):
    """A value of information in points, with its standard error."""

    points: float
    error: float


# --- the value ------------------------------------------------------------------------------------


def evpi(points: Floats) -> float:
    """The value of knowing everything: `points` (worlds, models)."""
    return float(points.max(axis=1).mean() - points.mean(axis=0).max())


def evppi(points: Floats, scores: Floats, seed: int = 0, name: str = "") -> Value:
    """The value of knowing the inputs whose normal scores are `scores` (worlds, inputs), before one of the models of
    `points` (worlds, models) is chosen. `seed` and `name` are the address of the draws behind the standard error."""
    gain = points[:, 1:] - points[:, :1]  # what all models share decides nothing
    fitted, basis, residual = smooth(gain, scores)
    n, terms = basis.shape
    if terms == 1:
        return Value(0.0, 0.0)
    covariance = residual.T @ residual / max(n - terms, 1)
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    rng = np.random.default_rng(name_key(seed, name))
    coefficients = rng.standard_normal((DRAWS, terms, gain.shape[1])) @ root.T
    shaken = _value(fitted + basis @ coefficients)
    best = max(fitted.mean(axis=0).max(), 0.0)
    chosen = fitted[:, fitted.mean(axis=0).argmax()] if best > 0 else 0.0
    drawn = (np.maximum(fitted.max(axis=1), 0.0) - chosen).std() / math.sqrt(n)
    return Value(float(_value(fitted)), math.hypot(float(shaken.std()), float(drawn)))


def smooth(gain: Floats, scores: Floats) -> tuple[Floats, Floats, Floats]:
    """(fitted, basis, residual) of `gain` (worlds, outputs) as a sum of polynomials of each column of `scores`. The
    degree is the one with the least generalised cross-validation, summed over the outputs; the basis is orthonormal,
    its first column the mean."""
    n = len(gain)
    total = np.maximum(gain.var(axis=0), 1e-300)
    least, chosen = math.inf, np.full((n, 1), 1.0 / math.sqrt(n))
    for degree in DEGREES:
        powers = [hermevander(column, degree)[:, 1:] for column in scores.T] if degree else []
        basis = np.linalg.qr(np.column_stack([np.ones(n), *powers]))[0]
        terms = basis.shape[1]
        if terms >= n / 2:
            break
        residual = gain - basis @ (basis.T @ gain)
        lack = float(((residual**2).mean(axis=0) / total).sum() / (1.0 - terms / n) ** 2)
        if lack < least:
            least, chosen = lack, basis
    fitted = chosen @ (chosen.T @ gain)
    return fitted, chosen, gain - fitted


def _value(fitted: Floats) -> Floats:
    """Mean of the best less the best mean, where the first model gains 0 everywhere; (..., worlds, outputs)."""
    best = np.maximum(fitted.max(axis=-1), 0.0).mean(axis=-1)
    value: Floats = np.maximum(
        best - np.maximum(fitted.mean(axis=-2).max(axis=-1), 0.0), 0.0
    )  # below 0 by rounding only
    return value


# --- points ---------------------------------------------------------------------------------------


def points_of(table: pd.DataFrame, scenario: Scenario, reference: str, weights: Mapping[str, float]) -> Floats:
    """(kept worlds, models): the points of every model, the reference first. `weights` by headline measure."""
    names = list(dict.fromkeys(table["model"]))
    order = [reference, *(name for name in names if name != reference)]
    kept = table[table["kept"]]
    columns = []
    for model in order:
        found = gains_of(table, scenario, model, reference, HEADLINES)
        unit = np.where(found.limit > 0, found.limit, 1.0)
        gained = found.difference * (found.sign / unit)[:, None]
        gained = np.clip(np.nan_to_num(gained, nan=0.0), -MOST_POINTS, MOST_POINTS)
        points = np.array([weights.get(measure, 0.0) for measure, _ in HEADLINES]) @ gained
        steady = kept.loc[kept["model"] == model, "steady"].to_numpy(dtype=bool)
        columns.append(np.where(steady, points, -scenario.comparison.weights.not_keeping_up))
    return np.column_stack(columns)


def information(table: pd.DataFrame, scenario: Scenario, name: str, reference: str) -> pd.DataFrame:
    """What each input, each source with all its inputs, everything, and an input that nothing reads are worth to know:
    columns `COLUMNS`, most first. `points` by the scenario's weights; then by each headline measure alone, in practical
    differences, over the worlds in which every model keeps up. No value is above that of everything. Without rows where
    fewer than `FEWEST_WORLDS` such worlds are kept, or one model was run."""
    kept = table[table["kept"]]
    together = kept.groupby("world")["steady"].all().to_numpy(dtype=bool)
    if together.sum() < FEWEST_WORLDS or kept["model"].nunique() < 2:
        return pd.DataFrame(columns=list(COLUMNS))
    whole = points_of(table, scenario, reference, scenario.comparison.weights.model_dump())
    alone = [points_of(table, scenario, reference, {measure: 1.0})[together] for measure, _ in HEADLINES]
    most, most_alone = evpi(whole), [evpi(points) for points in alone]
    inputs = inputs_of(table)
    scores = dict(zip(inputs, normal_scores(table, inputs).T, strict=True))
    rows: list[list[object]] = [[name, EVERYTHING, most, math.nan, *most_alone]]
    for subject, members in subjects(inputs).items():
        z = np.column_stack([scores[member] for member in members])
        found = evppi(whole, z, scenario.study.seed, subject)
        of_measures = [fitted_value(points, z[together]) for points in alone]
        capped = [min(value, limit) for value, limit in zip(of_measures, most_alone, strict=True)]
        rows.append([name, subject, min(found.points, most), found.error, *capped])
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.sort_values("points", ascending=False, kind="stable", ignore_index=True)


def information_of(
    comparison: pd.DataFrame, tables: Mapping[str, pd.DataFrame], scenarios: Mapping[str, Scenario]
) -> pd.DataFrame:
    """`information` of every scenario that was run in plausible worlds, one under another."""
    pairs = comparison[["scenario", "reference"]].drop_duplicates("scenario").itertuples(index=False, name=None)
    found = [information(tables[name], scenarios[name], name, ref) for name, ref in pairs if name in tables]
    rows = [frame for frame in found if len(frame)]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=list(COLUMNS))


def fitted_value(points: Floats, scores: Floats) -> float:
    """`evppi` without its error."""
    return float(_value(smooth(points[:, 1:] - points[:, :1], scores)[0]))


def subjects(inputs: Sequence[str]) -> dict[str, list[str]]:
    """What may be found out: each input, the dummy, and each source as all of its inputs together."""
    found = {name: [name] for name in inputs if name not in SHARED or name == DUMMY}
    for source in SHARED[:-1]:
        members = [name for name in inputs if name != source and family_of(name) == source]
        if members:
            found[source] = members
    return found
