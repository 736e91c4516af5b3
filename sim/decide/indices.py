"""Morris and Sobol by SALib: which rows of the unit cube to run, and what each input does, made of what they gave.

Nothing here knows what is run. A row gives where each input lies in its distribution; whatever answers must answer all
rows with the same luck. Luck of each row's own would take 1/(1 + r) of every Sobol index and lift the total index of an
input that nothing reads to r/(1 + r), r being its variance against that of the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import HembesokError
from sim.scenario.plausible import HIGH
from sim.text import Text

Floats = NDArray[np.float64]

LEVELS: Final = 4  # of the grid of Morris; a step is two thirds of the way
EDGE: Final = 1e-9  # a distribution has no quantile at 0
CONFIDENCE: Final = 0.95
RESAMPLES: Final = 200
_BOOTSTRAP: Final = 1


class Effect(NamedTuple):
    """By Morris: what an input adds to the answer on its way from its 5 % to its 95 % quantile, in the unit of the
    answer: `mean` over paths with its sign, `size` without, `error` the 95 % half-width of the size, and `spread`, the
    standard deviation over paths: large where it acts with other inputs, or along a curve."""

    key: str
    mean: float
    size: float
    error: float
    spread: float


class Share(NamedTuple):
    """By Sobol: the share of the variance of the answer that an input explains `alone` (first order), and `total`, with
    all that it does together with others; and 95 % half-widths."""

    key: str
    alone: float
    alone_error: float
    total: float
    total_error: float


@dataclass(frozen=True, eq=False)
class Design:
    """`rows` (n, inputs) to run, each number where an input lies in its distribution, 0 < u < 1, inputs in the order of
    `keys`. They go in blocks of `block` rows: a path of Morris, a point of Sobol with all that are compared with it. A
    block in which a row has no answer is left out. `unit`: the rows as SALib has made them."""

    keys: tuple[str, ...]
    unit: Floats
    rows: Floats
    block: int

    def answered(self, answers: Floats) -> NDArray[np.bool_]:
        """(blocks,): which have an answer in every row, of `answers` (n,). HembesokError for fewer than two."""
        found = np.isfinite(answers.reshape(-1, self.block)).all(axis=1)
        if found.sum() < 2:
            raise HembesokError(_NO_ANSWERS)
        return np.asarray(found)


class Library(NamedTuple):
    """What is used of SALib."""

    morris: Any
    sobol: Any
    morris_analysis: Any
    sobol_analysis: Any


def salib() -> Library:
    """SALib, if it is installed; else HembesokError."""
    try:
        from SALib.analyze import morris as morris_analysis
        from SALib.analyze import sobol as sobol_analysis
        from SALib.sample import morris, sobol
    except ImportError:
        raise HembesokError(_NO_SALIB) from None
    return Library(morris, sobol, morris_analysis, sobol_analysis)


def morris_design(keys: Sequence[str], paths: int, seed: int) -> Design:
    """So many paths through the cube, one step for each input. HembesokError where SALib is not installed."""
    unit = salib().morris.sample(_problem(keys), paths, num_levels=LEVELS, seed=seed)
    return Design(tuple(keys), unit, (1 - HIGH) + (2 * HIGH - 1) * unit, len(keys) + 1)


def sobol_design(keys: Sequence[str], points: int, seed: int) -> Design:
    """So many points, the next power of two if it is none, each with a row for each input and one more. HembesokError
    where SALib is not installed."""
    unit = salib().sobol.sample(_problem(keys), power_of_two(points), calc_second_order=False, seed=seed)
    return Design(tuple(keys), unit, np.clip(unit, EDGE, 1 - EDGE), len(keys) + 2)


def power_of_two(count: int) -> int:
    """The least that is not below `count`: only whole powers of two are spread evenly."""
    return 1 << (count - 1).bit_length()


def morris_effects(design: Design, answers: Floats) -> tuple[Effect, ...]:
    """Of every input, the largest first. `answers`: (n,), of the rows of a `morris_design`."""
    whole = np.repeat(design.answered(answers), design.block)
    found = salib().morris_analysis.analyze(
        _problem(design.keys), design.unit[whole], answers[whole], num_levels=LEVELS, num_resamples=RESAMPLES,
        conf_level=CONFIDENCE, seed=_BOOTSTRAP,
    )  # fmt: skip
    columns = (found[name] for name in ("mu", "mu_star", "mu_star_conf", "sigma"))
    made = [Effect(*row) for row in zip(design.keys, *(_numbers(column) for column in columns), strict=True)]
    return tuple(sorted(made, key=lambda effect: -effect.size))


def sobol_shares(design: Design, answers: Floats) -> tuple[Share, ...]:
    """Of every input, the largest total first. `answers`: (n,), of the rows of a `sobol_design`. All 0 where the answer
    is the same everywhere."""
    whole = answers[np.repeat(design.answered(answers), design.block)]
    if np.ptp(whole) == 0:
        return tuple(Share(key, 0.0, 0.0, 0.0, 0.0) for key in design.keys)
    found = salib().sobol_analysis.analyze(
        _problem(design.keys), whole, calc_second_order=False, num_resamples=RESAMPLES, conf_level=CONFIDENCE,
        seed=_BOOTSTRAP,
    )  # fmt: skip
    columns = (found[name] for name in ("S1", "S1_conf", "ST", "ST_conf"))
    made = [Share(*row) for row in zip(design.keys, *(_numbers(column) for column in columns), strict=True)]
    return tuple(sorted(made, key=lambda share: -share.total))


def largest(found: Iterable[Sequence[Effect]], count: int, but: str) -> tuple[str, ...]:
    """The inputs with the largest sizes in any of several screenings, at most `count`, without `but`."""
    sizes: dict[str, float] = {}
    for effects in found:
        for effect in effects:
            sizes[effect.key] = max(effect.size, sizes.get(effect.key, 0.0))
    return tuple(sorted((key for key in sizes if key != but), key=lambda key: -sizes[key])[:count])


def _problem(keys: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(keys), "names": list(keys), "bounds": [[0.0, 1.0]] * len(keys)}


def _numbers(column: Any) -> list[float]:
    return [float(value) for value in np.asarray(column)]


_NO_SALIB: Final = Text(
    "Morris och Sobol behöver SALib, som inte finns här: pip install SALib",
    "Morris and Sobol need SALib, which is not here: pip install SALib",
)
_NO_ANSWERS: Final = Text(
    "måttet saknar värde i nästan alla världar som kördes: välj ett annat mått eller längre år",
    "the measure has no value in nearly all worlds that were run: choose another measure or longer years",
)
