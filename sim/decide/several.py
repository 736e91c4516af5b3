"""Several aims at once: the candidates that no other beats in all of them, on years that the search has not seen.

The search is that of `tuned`, told of every aim. What is left of it, thinned out where there are many, is run on fresh
years; there some no longer hold the limits, and some are beaten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.decide.frontier import dominated
from sim.decide.least_hours import HOURS
from sim.decide.question import Choice, Question, Trial, scores
from sim.decide.trying import Trying
from sim.decide.tuned import needed, searched
from sim.statistics import Interval, mean_interval

if TYPE_CHECKING:
    from pathlib import Path

    from sim.decide.aims import Aim
    from sim.decide.cases import Cases, Floats, Found
    from sim.decide.space import Dimension
    from sim.declared import Variant

MOST: Final = 12  # candidates that are run on fresh years
LONGEST: Final = 80  # letters in the name of a variant


@dataclass(frozen=True, eq=False)
class Point:
    """A candidate on fresh years: (scenarios, years) by aim, whether it holds the limits there, and whether another
    that holds them is nowhere worse in the mean and somewhere better. Of one that does not hold them nothing is
    said."""

    name: str
    choice: Choice
    found: Found
    feasible: bool
    dominated: bool = False


@dataclass(frozen=True, eq=False)
class Front:
    """What became of a search for one model: `trials` in order, and the `points` run on fresh years, the present
    settings first."""

    name: str
    cases: Cases
    question: Question
    trials: tuple[Trial, ...]
    points: tuple[Point, ...]

    def mean(self, point: Point, aim: Aim) -> Interval:
        """Of an aim, mean over the scenarios, with its interval over the years."""
        return mean_interval(self.cases.by_year(point.found[aim]))

    def apart(self, point: Point, aim: Aim) -> Interval:
        """From the present settings, paired by year."""
        return mean_interval(self.cases.by_year(point.found[aim] - self.points[0].found[aim]))

    def over(self, point: Point) -> dict[Aim, float]:
        """Each aim over the cases, a regret against the points that hold the limits."""
        among = [item for item in self.points if item.feasible] or list(self.points)
        return dict(zip(self.question.aims, _over(self.cases, self.question, [point], among)[0].tolist(), strict=True))


def tune_several(
    cases: Cases,
    variant: Variant,
    dimensions: Sequence[Dimension],
    question: Question,
    on_trial: Callable[[], None] = lambda: None,
    journal: Path | None = None,
) -> Front:
    """The front of one model; as `sim.decide.tuned.tune`. Raises OrganisationError when the model cannot be run as it
    is."""
    tries = Trying(cases, variant, question)
    trials = searched(tries, dimensions, on_trial, journal)
    plain = [needed(tries, choice, list(question.years.searched)) for choice in _unbeaten(trials, tries.question)]
    choices = list({str(sorted(choice.items())): choice for choice in ({}, *plain)}.values())
    fresh = list(question.years.reported)
    points = []
    for name, choice in zip(names_of(variant.name, choices), choices, strict=True):
        found = tries.must(choice, fresh)
        points.append(Point(name, choice, found, tries.holds(found, fresh)))
    return Front(variant.name, cases, tries.rested(fresh), trials, tuple(_marked(points, cases, question)))


def _unbeaten(trials: Sequence[Trial], question: Question) -> list[Choice]:
    """Of the trials that hold every limit those that nobody beats where they were searched, at most `MOST`."""
    held = [n for n, trial in enumerate(trials) if trial.feasible]
    found = scores(trials, question)[held]
    once = list(dict(zip(map(tuple, found[::-1]), range(len(held) - 1, -1, -1), strict=True)).values())
    once = sorted(n for n in once if not dominated(found)[n]) if held else []
    spread = thinned(found[once], MOST) if once else []
    return [trials[held[once[n]]].choice for n in spread]


def thinned(values: Floats, most: int) -> list[int]:
    """The numbers of `most` of (candidates, aims) that lie apart: whoever is closest to its neighbours goes first (the
    crowding distance of Deb and others 2002, anew after each)."""
    left = list(range(len(values)))
    while len(left) > most:
        crowding = np.zeros(len(left))
        for column in values[left].T:
            order, width = np.argsort(column, kind="stable"), max(float(np.ptp(column)), 1e-300)
            crowding[order[[0, -1]]] = np.inf
            crowding[order[1:-1]] += (column[order[2:]] - column[order[:-2]]) / width
        left.pop(int(np.argmin(crowding)))
    return left


def _marked(points: Sequence[Point], cases: Cases, question: Question) -> list[Point]:
    held = [point for point in points if point.feasible]
    if not held:
        return list(points)
    beaten = dict(zip((p.name for p in held), dominated(_over(cases, question, held, held)), strict=True))
    return [replace(point, dominated=bool(beaten.get(point.name, False))) for point in points]


def _over(cases: Cases, question: Question, points: Sequence[Point], rivals: Sequence[Point]) -> Floats:
    """(points, aims), less being better."""
    columns = []
    for aim in question.aims:
        values, against = (
            cases.by_case(aim.sign * np.array([point.found[aim] for point in group])) for group in (points, rivals)
        )
        columns.append(question.over.of(values, against))
    return np.array(columns).T


def names_of(model: str, choices: Sequence[Choice]) -> list[str]:
    """A name for each: the model's, and the settings that tell it from the others, as few as are enough. The first,
    the settings as they are, has the model's alone."""
    keys: list[str] = []
    ahead = list(dict.fromkeys(key for choice in choices for key in choice))

    def groups(chosen: Sequence[str]) -> int:
        return len({str([choice.get(key, ...) for key in chosen]) for choice in choices})

    while groups(keys) < len(choices) and ahead:
        best = max(ahead, key=lambda key: groups([*keys, key]))  # the one that tells most of them apart
        ahead.remove(best)
        keys.append(best)
    found = ["_".join([model, *(_word(key, choice) for key in keys if key in choice)]) for choice in choices]
    usable = [name if found.index(name) == n else f"{name}_{n}" for n, name in enumerate(found)]
    return [name if len(name) <= LONGEST else f"{model}_{n}" for n, name in enumerate(usable)]


def _word(key: str, choice: Mapping[str, Any]) -> str:
    """A setting and its value as part of a name: `hubs_3`, `jour_start_1630`."""
    value = choice[key]
    said = "_".join(map(str, value)) if isinstance(value, list) else str(value)
    plain = f"{'hours' if key == HOURS else key}_{said}".removesuffix(".0")
    return "".join(c if c.isalnum() else "_" if c in "._-" else "" for c in plain).lower()
