"""The candidates of one model: each a choice of its settings, and of hours where those are free, run on all cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.decide.aims import ROUNDING
from sim.decide.candidates import with_settings
from sim.decide.least_hours import HOURS
from sim.decide.question import REST, Choice, Floats, Question, Trial, rested
from sim.errors import OrganisationError, ScenarioError

if TYPE_CHECKING:
    from sim.decide.cases import Cases, Found
    from sim.declared import Variant
    from sim.organisation import Organisation

_FAR = 1e6  # how far limits are missed by what cannot be run


@dataclass(frozen=True, eq=False)
class Trying:
    """`variant` on `cases`, as is `asked`. OrganisationError, when something is looked at, for a model that cannot be
    run as it is."""

    cases: Cases
    variant: Variant
    asked: Question

    @cached_property
    def question(self) -> Question:
        """With the rest rules as a limit, as they are kept now in the years of the search."""
        return self.rested(list(self.asked.years.searched))

    def rested(self, years: Sequence[int]) -> Question:
        """The same for other years."""
        present = self.cases.by_case(self.must({}, years)[REST])
        return rested(self.asked, present.tolist(), self.cases.hold_in)

    def must(self, choice: Choice, years: Sequence[int]) -> Found:
        """(scenarios, years) by aim. Raises OrganisationError, ScenarioError."""
        changes = {HOURS: choice[HOURS]} if HOURS in choice else None
        return self.cases.values(self.made(choice), years, changes)

    def made(self, choice: Choice) -> Organisation:
        """The organisation with these settings."""
        return with_settings(self.variant, {key: value for key, value in choice.items() if key != HOURS})

    def values(self, choice: Choice, years: Sequence[int]) -> Found | None:
        """The same; None for what cannot be run: more fixed posts than hours, settings that do not fit each other."""
        try:
            return self.must(choice, years)
        except (OrganisationError, ScenarioError):
            return None

    def trial(self, choice: Choice) -> Trial:
        """What a choice comes to on the years of the search."""
        found = self.values(choice, list(self.question.years.searched))
        if found is None:
            return Trial(choice, {}, False)
        cases = {aim: tuple(map(float, self.cases.by_case(values))) for aim, values in found.items()}
        return self.judged(Trial(choice, cases, True))

    def judged(self, trial: Trial) -> Trial:
        """With whether it holds every limit."""
        return replace(trial, feasible=bool(trial.cases) and max(self.missed(trial)) <= ROUNDING)

    def missed(self, trial: Trial) -> list[float]:
        """How far it misses each limit, 0 or less where it does not."""
        limits = self.question.limits
        if not trial.cases:
            return [_FAR] * max(1, len(limits))
        found = [self.cases.missed(limit, np.array(trial.cases[limit.aim])) for limit in limits]
        return [min(value, _FAR) for value in found] or [0.0]

    def holds(self, found: Found | None, years: Sequence[int]) -> bool:
        """Whether every limit holds in what was found in those years."""
        return found is not None and all(
            self.cases.missed(limit, self.cases.by_case(found[limit.aim])) <= ROUNDING
            for limit in self.rested(years).limits
        )

    def over(self, values: Floats, rivals: Floats | None = None) -> Floats:
        """(candidates,) of (candidates, scenarios, years): over the cases, less being better where `values` are so."""
        against = None if rivals is None else self.cases.by_case(rivals)
        return self.question.over.of(self.cases.by_case(values), against)
