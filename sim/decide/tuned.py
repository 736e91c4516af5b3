"""Each model at its best: settings searched on some years, the last candidates told apart on others, and what comes of
it reported on years that neither has seen.

The search is optuna's (Tree-structured Parzen estimator with limits as constraints). Equal hours hold by construction:
in each model one kind of post takes the hours that the others leave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.decide.aims import Aim, Limit
from sim.decide.candidates import Bench, with_settings
from sim.decide.selection import Selected, smallest
from sim.errors import OrganisationError, ScenarioError
from sim.statistics import mean_interval

if TYPE_CHECKING:
    from pathlib import Path

    from sim.decide.candidates import Values
    from sim.decide.space import Dimension
    from sim.declared import Variant
    from sim.organisation import Organisation
    from sim.statistics import Interval

Choice = Mapping[str, Any]  # values of settings by dotted key
Make = Callable[[Choice], "Organisation"]
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
    def reported(self) -> range:
        return range(self.selected.stop, self.selected.stop + self.report)


@dataclass(frozen=True)
class Trial:
    """A candidate: its settings that differ from the present ones, its means over the search's years (none when it
    cannot be run), and whether every limit holds."""

    choice: Choice
    means: Mapping[Aim, float]
    feasible: bool


class Effect(NamedTuple):
    """What one setting of those that were changed does to what is minimised: `alone`, changed by itself, and `last`,
    changed after all the others. Where the two differ the settings work together."""

    key: str
    alone: Interval
    last: Interval


@dataclass(frozen=True, eq=False)
class Tuned:
    """What became of a search: `trials` in order, the first as it is now; the best one's `choice` (empty: nothing
    better was found), how it was `selected`, and before and after on fresh years, with the `effects` of each setting
    there."""

    name: str
    trials: tuple[Trial, ...]
    choice: Choice
    selected: Selected | None
    before: Values
    after: Values
    effects: tuple[Effect, ...]

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
    make = partial(with_settings, variant)
    now = make({})
    present = bench.values(now, question.years.searched)  # what is wrong with it shows here
    question = rested(question, float(np.mean(present[REST])))
    trials = _search(bench, make, dimensions, question, on_trial, journal)
    finalists = _finalists(trials, question)
    selected = _select(bench, [make(trial.choice) for trial in finalists], question) if finalists else None
    choice = _needed(bench, make, finalists[selected.best].choice, question) if selected is not None else {}
    fresh = list(question.years.reported)
    before, after = bench.values(now, fresh), bench.values(make(choice), fresh)
    effects = _effects(bench, make, choice, question.minimise, fresh, before, after)
    return Tuned(variant.name, trials, choice, selected, before, after, effects)


def rested(question: Question, present: float) -> Question:
    """With the rest rules kept: no more breaches a year than now, or one, unless a limit says otherwise."""
    if any(limit.aim == REST for limit in question.limits):
        return question
    return replace(question, limits=(*question.limits, Limit(REST, True, max(1.0, present))))


def _search(
    bench: Bench,
    make: Make,
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


def _needed(bench: Bench, make: Make, choice: Choice, question: Question) -> Choice:
    """Without the settings that make no difference worth telling: each in turn as it is now, where that is no worse
    and every limit still holds. On years of the selection."""
    years, aim = list(question.years.selected)[:10], question.minimise

    def score(candidate: Choice) -> float | None:
        try:
            found = bench.values(make(candidate), years)
        except (OrganisationError, ScenarioError):
            return None
        holds = all(limit.holds(float(np.mean(found[limit.aim]))) for limit in question.limits)
        return aim.sign * float(np.mean(found[aim])) if holds else None

    best = score(choice)
    for key in reversed(list(choice)):
        fewer = {name: value for name, value in choice.items() if name != key}
        found = score(fewer)
        if found is not None and best is not None and found <= best + question.indifference / 10.0:
            choice, best = fewer, min(best, found)
    return choice


def _effects(
    bench: Bench,
    make: Make,
    choice: Choice,
    aim: Aim,
    years: Sequence[int],
    before: Values,
    after: Values,
) -> tuple[Effect, ...]:
    found = []
    for key, value in choice.items():
        rest = {name: other for name, other in choice.items() if name != key}
        alone, without = _or_none(bench, make, {key: value}, years), _or_none(bench, make, rest, years)
        nothing = np.full(len(years), np.nan)
        found.append(
            Effect(
                key,
                mean_interval((alone[aim] if alone else nothing) - before[aim]),
                mean_interval(after[aim] - (without[aim] if without else nothing)),
            )
        )
    return tuple(found)


def _or_none(bench: Bench, make: Make, choice: Choice, years: Sequence[int]) -> Values | None:
    """None for settings that cannot be run."""
    try:
        return bench.values(make(choice), years)
    except (OrganisationError, ScenarioError):
        return None


def _select(bench: Bench, candidates: Sequence[Organisation], question: Question) -> Selected:
    aim, years = question.minimise, list(question.years.selected)

    def sample(candidate: int, year: int) -> float:
        return float(aim.sign * bench.values(candidates[candidate], [years[year]])[aim][0])

    first = min(10, len(years))
    return smallest(sample, len(candidates), question.indifference, first=first, most=len(years))
