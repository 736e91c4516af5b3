"""What a search is asked: what to make least, within which limits, tried how often and on which years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.decide.aims import Aim, Limit
from sim.decide.over import MEAN, Over, place_of

Floats = NDArray[np.float64]
Choice = Mapping[str, Any]  # values of settings by dotted key
REST: Final = Aim("rest_breaches", "all")


@dataclass(frozen=True)
class Years:
    """Replications that do not overlap: searched on, selected on (at most), reported on."""

    search: int = 4
    select: int = 60
    report: int = 20

    @property
    def searched(self) -> range:
        return range(1, self.search + 1)

    @property
    def selected(self) -> range:
        return range(self.searched.stop, self.searched.stop + self.select)

    @property
    def first(self) -> range:
        """Those of the selection that every candidate is run on."""
        return self.selected[: max(10, self.search)]

    @property
    def reported(self) -> range:
        return range(self.selected.stop, self.selected.stop + self.report)


@dataclass(frozen=True, eq=False)
class Trial:
    """A candidate: its settings that differ from the present ones, what it came to in each case of the search (none
    when it cannot be run), and whether every limit holds."""

    choice: Choice
    cases: Mapping[Aim, tuple[float, ...]]
    feasible: bool

    @cached_property
    def means(self) -> Mapping[Aim, float]:
        """Over all cases."""
        return {aim: float(np.mean(values)) for aim, values in self.cases.items()}


@dataclass(frozen=True)
class Question:
    """`aims` are made least (a measure of which more is better is made most) within `limits`, `over` the cases that
    there are. Differences smaller than `indifferences` are not worth telling apart, one for each aim. `trials` are
    tried; with one aim the best `finalists` of them are told apart by `select`, "kn" or "ocba"."""

    aims: tuple[Aim, ...]
    limits: tuple[Limit, ...]
    indifferences: tuple[float, ...]
    trials: int
    years: Years = Years()
    over: Over = MEAN
    finalists: int = 5
    select: str = "kn"
    seed: int = 0

    @property
    def aim(self) -> Aim:
        """The first, which is the only one where one is asked for."""
        return self.aims[0]


def rested(question: Question, present: Sequence[float], hold_in: float = 1.0) -> Question:
    """With the rest rules kept: no more breaches a year than now, or one, unless a limit says otherwise. `present` are
    those of now in each case; the limit holds now in `hold_in` of them."""
    if any(limit.aim == REST for limit in question.limits):
        return question
    bound = sorted(present)[place_of(hold_in, len(present))]
    return replace(question, limits=(*question.limits, Limit(REST, True, max(1.0, float(bound)))))


def scores(trials: Sequence[Trial], question: Question) -> Floats:
    """(trials, aims), less being better: each aim over the cases, NaN for what cannot be run. A regret is against the
    best in each case of those that hold the limits, or of all when none does."""
    found = np.full((len(trials), len(question.aims)), np.nan)
    ran = [n for n, trial in enumerate(trials) if trial.cases]
    held = [place for place, n in enumerate(ran) if trials[n].feasible]
    for column, aim in enumerate(question.aims):
        if ran:
            values = aim.sign * np.array([trials[n].cases[aim] for n in ran])
            found[ran, column] = question.over.of(values, values[held] if held else values)
    return found
