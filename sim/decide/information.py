"""What to find out first: the value of knowing an input before a model is chosen, by regression on the same worlds.

A model's **points** in a world are the sum over headline measures of weight x gain against the reference, counted in
practical differences; one that does not keep up there has points off instead (`comparison.weights`). The value of
perfect information on some inputs (EVPPI) is how many points would be won, on average, if they were known when a model
is chosen: the mean of the best conditional expectation less the best mean. Conditional expectations are fitted on the
worlds that are there and nothing is run again (Strong, Oakley & Brennan 2014, Medical Decision Making 34(3)): a sum of
one smooth function of each input (a polynomial of its normal score), no rougher than generalised cross-validation asks
for. The standard error has their part, coefficients drawn from their joint distribution, and that of the worlds drawn.

The value of a count (EVSI) is had from the same fit, by the Gaussian approximation of Jalal & Alarid-Escudero (2018,
Medical Decision Making 38(2)): scores z with covariance C, told with noise of variances V, have expectations after the
count with covariance S = C (C + V)^-1 C around the same mean, and C - S is what is left. The functions are sums of
Hermite polynomials, of which the expectation over what is left is another Hermite polynomial: nothing is simulated, and
a count without noise is worth what knowing is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from sim.decide.counting import ALL, COUNTED, MONTHS, counted_patterns, noise_of
from sim.decide.plausible import DUMMY, SHARED, Floats, laws_of
from sim.decide.robust import family_of, gains_of, normal_scores
from sim.decide.sequence import name_key
from sim.decide.worlds import inputs_of
from sim.measures.definitions import HEADLINES

if TYPE_CHECKING:
    from sim.scenario.plausible import Plausible
    from sim.scenario.schema import Scenario

DEGREES: Final = (0, 1, 2, 3, 4)  # of the polynomial of each input; 0: it says nothing
DRAWS: Final = 400  # of coefficients, for a standard error
MOST_POINTS: Final = 100.0  # that a measure may give or take in a world: a value may be infinite
FEWEST_WORLDS: Final = 50  # of which anything is said
EVERYTHING: Final = "everything"  # the value of knowing all inputs
COUNTS: Final = tuple(f"count_months_{months}" for months in MONTHS)  # worth of counting, beside that of knowing
COLUMNS: Final = (
    "scenario", "input", "points", "error", *(measure for measure, _ in HEADLINES),
    *(name for count in COUNTS for name in (count, f"{count}_error")),
)  # fmt: skip


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
    fit = smooth(gain, scores)
    return _with_error(fit.basis, fit, gain, seed, name)


def evsi(points: Floats, scores: Floats, noise: Floats, seed: int = 0, name: str = "") -> list[Value]:
    """The same where the inputs are not known but counted, for each count: a row of `noise` (counts, inputs) are the
    variances, on the scale of the scores, with which it tells them; infinite: nothing of this one."""
    gain = points[:, 1:] - points[:, :1]
    fit = smooth(gain, scores)
    found = []
    for row in noise:
        after, left = after_count(scores, row)
        found.append(_with_error(_terms(after, fit.degree, 1.0 - left) @ fit.to_basis, fit, gain, seed, name))
    return found


def after_count(scores: Floats, noise: Floats) -> tuple[Floats, Floats]:
    """What is expected of the scores (worlds, inputs) after a count, and the variance (inputs,) that is left."""
    mean = scores.mean(axis=0)
    covariance = np.atleast_2d(np.cov(scores, rowvar=False, bias=True))
    told = np.flatnonzero(np.isfinite(noise))
    if not len(told):
        return np.broadcast_to(mean, scores.shape), covariance.diagonal()
    across = covariance[:, told]
    weight = np.linalg.solve(covariance[np.ix_(told, told)] + np.diag(noise[told]), across.T)
    known = across @ weight
    way = _root(known) @ _root(covariance, -0.5)
    left = np.maximum(covariance.diagonal() - known.diagonal(), 0.0)
    return mean + (scores - mean) @ way.T, left


def _root(matrix: Floats, power: float = 0.5) -> Floats:
    """The symmetric root of a matrix that is not negative."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    kept = values > 1e-12 * max(values.max(), 1e-300)
    raised = np.where(kept, np.where(kept, values, 1.0) ** power, 0.0)
    return np.asarray((vectors * raised) @ vectors.T)


def _with_error(basis: Floats, fit: Fit, gain: Floats, seed: int, name: str) -> Value:
    """The value where expectations are the fit's coefficients in `basis`."""
    n, terms = basis.shape
    if terms == 1:
        return Value(0.0, 0.0)
    residual = gain - fit.fitted
    fitted = basis @ (fit.basis.T @ gain)
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


class Fit(NamedTuple):
    """Gains as a sum of polynomials of scores: `fitted` (worlds, outputs), of this `degree` in each. `basis` (worlds,
    terms) is orthonormal, its first column the mean; `to_basis` makes it from Hermite polynomials."""

    fitted: Floats
    basis: Floats
    degree: int
    to_basis: Floats


def smooth(gain: Floats, scores: Floats) -> Fit:
    """The fit of `gain` (worlds, outputs) on the columns of `scores`. The degree is the one with the least generalised
    cross-validation, summed over the outputs."""
    n = len(gain)
    total = np.maximum(gain.var(axis=0), 1e-300)
    least, best = math.inf, None
    for degree in DEGREES:
        basis, triangle = np.linalg.qr(_terms(scores, degree, np.ones(scores.shape[1])))
        terms = basis.shape[1]
        if terms >= n / 2:
            break
        residual = gain - basis @ (basis.T @ gain)
        lack = float(((residual**2).mean(axis=0) / total).sum() / (1.0 - terms / n) ** 2)
        if lack < least:
            least, best = lack, (basis, degree, triangle)
    assert best is not None  # a mean can always be had
    basis, degree, triangle = best
    return Fit(basis @ (basis.T @ gain), basis, degree, np.linalg.pinv(triangle))


def _terms(scores: Floats, degree: int, variance: Floats) -> Floats:
    """One, then the Hermite polynomials of each column up to a degree, orthogonal for that variance of it (1: the usual
    ones): He[k + 1](x) = x He[k](x) - k variance He[k - 1](x)."""
    columns = [np.ones(len(scores))]
    for x, spread in zip(scores.T, variance, strict=True):
        before, now = np.zeros(len(x)), np.ones(len(x))
        for k in range(degree):
            before, now = now, x * now - k * spread * before
            columns.append(now)
    return np.column_stack(columns)


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
    no_count = [math.nan] * (2 * len(COUNTS))
    rows: list[list[object]] = [[name, EVERYTHING, most, math.nan, *most_alone, *no_count]]
    laws = laws_of(scenario)
    for subject, members in subjects(inputs).items():
        z = np.column_stack([scores[member] for member in members])
        found = evppi(whole, z, scenario.study.seed, subject)
        of_measures = [fitted_value(points, z[together]) for points in alone]
        capped = [min(value, limit) for value, limit in zip(of_measures, most_alone, strict=True)]
        known = found._replace(points=min(found.points, most))
        counted = _counts(whole, z, scenario, laws, subject, members, known) if subject in (*COUNTED, ALL) else no_count
        rows.append([name, subject, *known, *capped, *counted])
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.sort_values("points", ascending=False, kind="stable", ignore_index=True)


def _counts(
    points: Floats,
    z: Floats,
    scenario: Scenario,
    laws: Mapping[str, Plausible],
    subject: str,
    members: Sequence[str],
    known: Value,
) -> list[float]:
    """What counting is worth, with its error, by months: more months are worth no less, and none more than knowing."""
    found: list[float] = []
    best = 0.0
    for value in evsi(points, z, noise_of(scenario, laws, members), scenario.study.seed, subject):
        best = max(best, min(value.points, known.points))
        found += [best, value.error]
    return found


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
    return float(_value(smooth(points[:, 1:] - points[:, :1], scores).fitted))


def subjects(inputs: Sequence[str]) -> dict[str, list[str]]:
    """What may be found out: each input, the dummy, each source as all of its inputs together, and all that can be
    counted."""
    found = {name: [name] for name in inputs if name not in SHARED or name == DUMMY}
    for source in SHARED[:-1]:
        members = [name for name in inputs if name != source and family_of(name) == source]
        if members:
            found[source] = members
    asked = [name for name in inputs if any(fnmatchcase(name, pattern) for pattern in counted_patterns())]
    return found | ({ALL: asked} if asked else {})
