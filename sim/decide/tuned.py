"""Each model at its best: settings searched on some years, the last candidates told apart on others, and what comes of
it reported on years that neither has seen.

The search is optuna's (Tree-structured Parzen estimator with limits as constraints). Equal hours hold by construction:
in each model one kind of post takes the hours that the others leave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.decide.candidates import Bench
from sim.decide.selection import Selected, smallest
from sim.errors import OrganisationError, ScenarioError
from sim.statistics import mean_interval

if TYPE_CHECKING:
    from pathlib import Path

    from sim.decide.aims import Aim, Limit
    from sim.decide.candidates import Values
    from sim.decide.space import Dimension
    from sim.declared import Variant
    from sim.organisation import Organisation
    from sim.statistics import Interval

Choice = Mapping[str, Any]  # values of settings by dotted key
MISSED: Final = 1e6  # of a candidate that cannot be run: further from every limit than any other


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
    def reported(self) -> range:
        return range(self.selected.stop, self.selected.stop + self.report)


@dataclass(frozen=True)
class Trial:
    """A candidate: its settings that differ from the present ones, its means over the search's years (none when it
    cannot be run), and whether every limit holds."""

    choice: Choice
    means: Mapping[Aim, float]
    feasible: bool


@dataclass(frozen=True, eq=False)
class Tuned:
    """What became of a search: `trials` in order, the first as it is now; the best one's `choice` (empty: nothing
    better was found), how it was `selected`, and before and after on fresh years."""

    name: str
    trials: tuple[Trial, ...]
    choice: Choice
    selected: Selected | None
    before: Values
    after: Values

    def gain(self, aim: Aim) -> Interval:
        """after - before, paired by year."""
        return mean_interval(self.after[aim] - self.before[aim])


@dataclass(frozen=True)
class Question:
    """`minimise` (a measure of which more is better is maximised) within `limits`; differences smaller than
    `indifference` are not worth telling apart. `trials` are tried, the best `finalists` of them told apart."""

    minimise: Aim
    limits: tuple[Limit, ...]
    indifference: float
    trials: int
    years: Years = Years()
    finalists: int = 5
    seed: int = 0


def tune(
    bench: Bench,
    variant: Variant,
    dimensions: Sequence[Dimension],
    question: Question,
    on_trial: Callable[[], None] = lambda: None,
    journal: Path | None = None,
) -> Tuned:
    """The best settings of one model. `journal` is a file in which optuna keeps its trials: the same search goes on
    where it was interrupted. Raises OrganisationError when the model cannot be run as it is."""
    make = _Maker(variant)
    now = make({})
    bench.values(now, question.years.searched[:1])  # what is wrong with it shows here
    trials = _search(bench, make, dimensions, question, on_trial, journal)
    finalists = _finalists(trials, question)
    selected = _select(bench, [make(trial.choice) for trial in finalists], question) if finalists else None
    choice = finalists[selected.best].choice if selected is not None else {}
    fresh = list(question.years.reported)
    return Tuned(variant.name, trials, choice, selected, bench.values(now, fresh), bench.values(make(choice), fresh))


class _Maker:
    """Organisations of a variant, by settings that differ from its own."""

    def __init__(self, variant: Variant) -> None:
        self.variant = variant

    def __call__(self, choice: Choice) -> Organisation:
        from dataclasses import replace

        from sim.scenario.editing import edited

        variant = self.variant
        settings = edited(variant.settings, dict(choice)) if choice else variant.settings
        return replace(variant, settings=settings).organisation()


def _search(
    bench: Bench,
    make: _Maker,
    dimensions: Sequence[Dimension],
    question: Question,
    on_trial: Callable[[], None],
    journal: Path | None,
) -> tuple[Trial, ...]:
    from sim.decide.searching import search

    years = list(question.years.searched)

    def tried(choice: Choice) -> Trial:
        try:
            found = bench.values(make(choice), years)
        except (OrganisationError, ScenarioError):  # more fixed posts than hours, settings that do not fit each other
            return Trial(choice, {}, False)
        means = {aim: float(np.mean(values)) for aim, values in found.items()}
        return Trial(choice, means, all(limit.holds(means[limit.aim]) for limit in question.limits))

    return search(tried, dimensions, question, on_trial, journal)


def _finalists(trials: Sequence[Trial], question: Question) -> list[Trial]:
    """The best that hold every limit, each once; the present settings among them when they do."""
    aim = question.minimise
    different = {tuple(sorted(trial.means.values())): trial for trial in reversed(trials) if trial.feasible}
    ranked = sorted(different.values(), key=lambda trial: (aim.sign * trial.means[aim], trials.index(trial)))
    chosen = ranked[: question.finalists]
    if trials and trials[0].feasible and trials[0] not in chosen:
        chosen.append(trials[0])
    return chosen


def _select(bench: Bench, candidates: Sequence[Organisation], question: Question) -> Selected:
    aim, years = question.minimise, list(question.years.selected)

    def sample(candidate: int, year: int) -> float:
        return float(aim.sign * bench.values(candidates[candidate], [years[year]])[aim][0])

    first = min(10, len(years))
    return smallest(sample, len(candidates), question.indifference, first=first, most=len(years))
