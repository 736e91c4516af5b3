"""What to find out first: the value of knowing an input before choosing a model, by regression on the same worlds.

A model's **points** in a world are the sum over headline measures of weight x gain against the reference, counted in
practical differences; a model that does not keep up there has `NOT_KEEPING_UP` points and no others. The value of
perfect information on some inputs (EVPPI) is how many points would be won, on average, if the model were chosen knowing
them: the mean of the best conditional expectation less the best mean. Conditional expectations are fitted on the worlds
that are there, nothing is run again (Strong, Oakley & Brennan 2014, Medical Decision Making 34(3)): a sum of one smooth
function of each input (polynomials of its normal score), no rougher than generalised cross-validation asks for. The
standard error is that of Strong et al.: coefficients drawn from their joint distribution.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.polynomial.hermite_e import hermevander
from numpy.typing import NDArray

from sim.decide.sequence import name_key

Floats = NDArray[np.float64]

DEGREES: Final = (0, 1, 2, 3, 4)  # of the polynomial of each input; 0: it says nothing
DRAWS: Final = 400  # of coefficients, for a standard error


class Value(NamedTuple):
    """A value of information in points, with its standard error."""

    points: float
    error: float


def evpi(points: Floats) -> float:
    """The value of knowing everything: `points` (worlds, models)."""
    return float(points.max(axis=1).mean() - points.mean(axis=0).max())


def evppi(points: Floats, scores: Floats, seed: int = 0, name: str = "") -> Value:
    """The value of knowing the inputs whose normal scores are `scores` (worlds, inputs), before choosing among the
    models of `points` (worlds, models). `seed` and `name` are the address of the draws behind the standard error."""
    gain = points[:, 1:] - points[:, :1]  # what all models share decides nothing
    fitted, basis, residual = smooth(gain, scores)
    value = _value(fitted)
    if basis.shape[1] == 1:
        return Value(0.0, 0.0)
    rng = np.random.default_rng(name_key(seed, name))
    n, terms = basis.shape
    covariance = residual.T @ residual / max(n - terms, 1)
    root = np.linalg.cholesky(covariance + 1e-12 * np.trace(covariance) * np.eye(len(covariance)) + 1e-300)
    shaken = [_value(fitted + basis @ (rng.standard_normal((terms, gain.shape[1])) @ root.T)) for _ in range(DRAWS)]
    return Value(value, float(np.std(shaken)))


def smooth(gain: Floats, scores: Floats) -> tuple[Floats, Floats, Floats]:
    """(fitted, basis, residual) of `gain` (worlds, outputs) as a sum of polynomials of each column of `scores`. The
    degree is the one with the least generalised cross-validation, summed over the outputs; the basis is orthonormal,
    its first column the mean."""
    n = len(gain)
    total = np.maximum(gain.var(axis=0), 1e-300)
    best: tuple[float, Floats] | None = None
    for degree in DEGREES:
        powers = [hermevander(column, degree)[:, 1:] for column in scores.T] if degree else []
        basis = np.linalg.qr(np.column_stack([np.ones(n), *powers]))[0]
        terms = basis.shape[1]
        if terms >= n / 2:
            break
        residual = gain - basis @ (basis.T @ gain)
        lack = float(((residual**2).mean(axis=0) / total).sum() / (1.0 - terms / n) ** 2)
        if best is None or lack < best[0]:
            best = lack, basis
    assert best is not None
    basis = best[1]
    fitted = basis @ (basis.T @ gain)
    return fitted, basis, gain - fitted


def _value(fitted: Floats) -> float:
    """Mean of the best less the best mean; the first model has gain 0 everywhere."""
    return float(np.maximum(fitted.max(axis=1), 0.0).mean() - max(float(fitted.mean(axis=0).max()), 0.0))
