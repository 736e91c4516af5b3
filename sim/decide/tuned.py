"""Each model at its best: settings searched on some years, the last candidates told apart on others, and what comes of
it reported on years that neither has seen.

The search is optuna's (Tree-structured Parzen estimator with limits as constraints). Equal hours hold by construction:
in each model one kind of post takes the hours that the others leave. Where fewest hours are sought those are searched
with the settings, and then found by bisection for the last candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.decide.allocation import allocated
from sim.decide.least_hours import HOURS, first_true
from sim.decide.question import Choice, Question, Trial, scores
from sim.decide.searching import Kept, search
from sim.decide.selection import Selected, percentiles, resampled, smallest
from sim.decide.trying import Trying
from sim.statistics import Interval, mean_interval

if TYPE_CHECKING:
    from pathlib import Path

    from sim.decide.aims import Aim
    from sim.decide.cases import Cases, Floats, Found
    from sim.decide.space import Dimension
    from sim.declared import Variant

FEWEST: Final = "hours_per_week"  # the measure of which least means fewer physician-hours
OF_HOURS: Final = 10.0  # steps in which fewest hours are found
BLOCK: Final = 20  # years that are run at a time
RIVALS: Final = 6  # cases of which each sends its best to the last candidates, where a regret is sought


class Effect(NamedTuple):
    """What one setting of those that were changed does to what is minimised: `alone`, changed by itself, and `last`,
    changed after all the others. Where the two differ the settings work together. Means over the cases."""

    key: str
    alone: Interval
    last: Interval


class Overall(NamedTuple):
    """What is minimised as one number over the cases, before and after, with the interval of the difference."""

    before: float
    after: float
    gain: Interval


@dataclass(frozen=True, eq=False)
class Tuned:
    """What became of a search: `question` with the rest rules as a limit, as they are kept now in the years reported;
    `trials` in order, the first as it is now; the best one's `choice` (empty: nothing better was found), how it was
    `selected`, and before and after on fresh years, (scenarios, years) by aim, with the `effects` of each setting there
    and what is minimised `overall`. `held`: whether a candidate that held the limits where it was searched held them on
    the first years of the selection too. `hours_now`: where fewest hours are sought, those at which the present
    settings hold the limits."""

    name: str
    cases: Cases
    question: Question
    trials: tuple[Trial, ...]
    choice: Choice
    selected: Selected | None
    before: Found
    after: Found
    effects: tuple[Effect, ...]
    overall: Overall
    held: bool
    hours_now: float | None = None

    def gain(self, aim: Aim) -> Interval:
        """after - before, paired by year, mean over the scenarios."""
        return mean_interval(self.cases.by_year(self.after[aim] - self.before[aim]))


def tune(
    cases: Cases,
    variant: Variant,
    dimensions: Sequence[Dimension],
    question: Question,
    on_trial: Callable[[], None] = lambda: None,
    journal: Path | None = None,
) -> Tuned:
    """The best settings of one model. `journal` is a file in which optuna keeps its trials: the same search goes on
    where it was interrupted. Raises OrganisationError when the model cannot be run as it is."""
    tries = Trying(cases, variant, question)
    trials = searched(tries, dimensions, on_trial, journal)
    finalists = [trial.choice for trial in _finalists(trials, tries.question)]
    hours_now = None
    if question.aim.measure == FEWEST:
        finalists = [fewer for choice in finalists if (fewer := _fewest(tries, choice, dimensions)) is not None]
        hours_now = (_fewest(tries, {}, dimensions) or {}).get(HOURS)
    first = list(question.years.first)
    held = [choice for choice in finalists if tries.holds(tries.values(choice, first), first)]
    selected = _select(tries, held) if held else None
    choice: Choice = needed(tries, held[selected.best], first) if selected is not None else {}
    fresh = list(question.years.reported)
    before, after = tries.must({}, fresh), tries.must(choice, fresh)
    effects = _effects(tries, choice, fresh, before, after)
    overall = _overall(tries, before, after, held, fresh)
    return Tuned(
        variant.name, cases, tries.rested(fresh), trials, choice, selected, before, after, effects, overall,
        bool(held) or not finalists, hours_now,
    )  # fmt: skip


def searched(
    tries: Trying, dimensions: Sequence[Dimension], on_trial: Callable[[], None], journal: Path | None
) -> tuple[Trial, ...]:
    """The trials of the search. `journal` holds those of the same model, cases, aims, limits, years and dimensions."""
    asked = tries.question
    kept = None
    if journal is not None:
        runs = tries.cases.key(tries.made({}), list(asked.years.searched))
        shape = (tries.cases.worlds, tries.cases.hold_in, tuple(tries.cases.runs))
        kept = Kept(
            journal, tries.variant.name, f"{asked.aims} {asked.limits} {asked.over} {dimensions} {shape} {runs}"
        )
    return search(tries.trial, tries.missed, dimensions, asked, on_trial, kept)


def _finalists(trials: Sequence[Trial], question: Question) -> list[Trial]:
    """The best that hold every limit, each once; the present settings among them when they do, and where a regret is
    sought the best of each of a few cases."""
    found = scores(trials, question)[:, 0]
    different: dict[tuple[float, ...], int] = {}
    for n, trial in enumerate(trials):
        if trial.feasible:
            different.setdefault(tuple(value for values in trial.cases.values() for value in values), n)
    ranked = sorted(different.values(), key=lambda n: (np.inf if np.isnan(found[n]) else found[n], n))
    chosen = ranked[: question.finalists]
    if question.over.kind == "regret" and ranked:
        cases = np.array([trials[n].cases[question.aim] for n in ranked]) * question.aim.sign
        chosen += [ranked[int(n)] for n in np.nanargmin(cases, axis=0)[:RIVALS]] if cases.shape[1] <= RIVALS else []
    if trials and trials[0].feasible:
        chosen.append(0)
    return [trials[n] for n in dict.fromkeys(chosen)]


def _fewest(tries: Trying, choice: Choice, dimensions: Sequence[Dimension]) -> Choice | None:
    """With the fewest hours at which every limit holds on the first years of the selection; None: at none."""
    hours = next(d for d in dimensions if d.key == HOURS)
    years = list(tries.question.years.first)

    def with_hours(place: int) -> Choice:
        return {**choice, HOURS: OF_HOURS * place}

    low, high = (int(value // OF_HOURS) for value in (hours.values[0], hours.values[-1]))
    place = first_true(lambda place: tries.holds(tries.values(with_hours(place), years), years), low, high)
    return None if place is None else with_hours(place)


def needed(tries: Trying, choice: Choice, years: Sequence[int]) -> Choice:
    """Without the settings that make no difference worth telling to any aim: each in turn as it is now, where that is
    no worse and every limit still holds."""
    question = tries.question
    rivals = tries.values(choice, years)  # a regret is against it: in no case may the other fall behind by more

    def score(candidate: Choice) -> list[float] | None:
        found = tries.values(candidate, years)
        if found is None or rivals is None or not tries.holds(found, years):
            return None
        return [float(tries.over(a.sign * found[a][None], a.sign * rivals[a][None])[0]) for a in question.aims]

    best = score(choice)
    for key in reversed(list(choice)):
        fewer = {name: value for name, value in choice.items() if name != key}
        found = score(fewer)
        if found is None or best is None:
            continue
        if all(f <= b + i / 10.0 for f, b, i in zip(found, best, question.indifferences, strict=True)):
            choice, best = fewer, [min(f, b) for f, b in zip(found, best, strict=True)]
    return choice


def _select(tries: Trying, choices: Sequence[Choice]) -> Selected:
    """The best of the last candidates: of means by the procedure asked for, of all else by all years."""
    question, aim = tries.question, tries.question.aim
    years = list(question.years.selected)
    first, most = len(question.years.first), len(years)
    if question.over.kind != "mean":
        blocks = [years[n : n + BLOCK] for n in range(0, most, BLOCK)]  # all candidates while those years are held
        found = [np.array([tries.must(choice, some)[aim] for choice in choices]) for some in blocks]
        return resampled(aim.sign * np.concatenate(found, axis=-1), tries.over, question.seed)
    block = max(1, max(getattr(runs, "jobs", 1) for runs in tries.cases.runs.values()))
    held: dict[tuple[int, int], float] = {}

    def sample(candidate: int, year: int) -> float:
        if (candidate, year) not in held:  # as many years at once as there are workers
            ahead = range(year, first if year < first else min(year + block, most))
            found = tries.must(choices[candidate], [years[n] for n in ahead])[aim]
            values = aim.sign * tries.cases.by_year(found)
            held.update({(candidate, n): float(value) for n, value in zip(ahead, values, strict=True)})
        return held[candidate, year]

    if question.select == "ocba":
        budget = max(first, most // 2) * len(choices)
        return allocated(sample, len(choices), budget, first=first, most=most)
    return smallest(sample, len(choices), question.indifferences[0], first=first, most=most)


def _overall(tries: Trying, before: Found, after: Found, finalists: Sequence[Choice], years: Sequence[int]) -> Overall:
    """Before and after over the cases, on fresh years. Of a mean the t interval, of all else a percentile interval
    from years drawn again; a regret is against the best of the last candidates and the present settings."""
    aim, over = tries.question.aim, tries.question.over
    pair = aim.sign * np.array([before[aim], after[aim]])
    rivals = pair
    if over.kind == "regret":
        others = [tries.must(choice, years)[aim] for choice in finalists]
        rivals = np.array([*pair, *(aim.sign * values for values in others)])
    sign = 1.0 if over.kind == "regret" else aim.sign  # a regret is how far behind, whatever the measure
    then, now = (sign * value for value in tries.over(pair, rivals)[::-1])
    if over.kind == "mean":
        gain = mean_interval(tries.cases.by_year(after[aim] - before[aim]))
    else:

        def change(draw: NDArray[np.int64]) -> float:
            return float(sign * np.diff(tries.over(pair[..., draw], rivals[..., draw]))[0])

        low, high = percentiles(change, pair.shape[-1], tries.question.seed)
        gain = Interval(float(then - now), low, high, (high - low) / 2.0, pair.shape[-1])
    return Overall(float(now), float(then), gain)


def _effects(tries: Trying, choice: Choice, years: Sequence[int], before: Found, after: Found) -> tuple[Effect, ...]:
    aim = tries.question.aim
    nothing = np.full_like(before[aim], np.nan)

    def apart(one: Mapping[Aim, Floats] | None, other: Mapping[Aim, Floats] | None) -> Interval:
        of = [nothing if found is None else found[aim] for found in (one, other)]
        return mean_interval(tries.cases.by_year(of[0] - of[1]))

    found = []
    for key, value in choice.items():
        rest = {name: other for name, other in choice.items() if name != key}
        alone, without = tries.values({key: value}, years), tries.values(rest, years)
        found.append(Effect(key, apart(alone, before), apart(after, without)))
    return tuple(found)
