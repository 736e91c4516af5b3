"""Where candidates are tried: one scenario, a set of scenarios, or plausible worlds of one.

Every candidate meets the same patients in the same years of the same cases, so that two differ by their settings alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.decide.over import place_of

if TYPE_CHECKING:
    from sim.decide.aims import Aim, Limit
    from sim.decide.candidates import Values
    from sim.organisation import Organisation

Floats = NDArray[np.float64]
Found = Mapping["Aim", Floats]  # (scenarios, years) by aim


class Runs(Protocol):
    """What runs an organisation on years of one scenario; of plausible worlds a year is a world."""

    def values(
        self, organisation: Organisation, years: Sequence[int], changes: Mapping[str, Any] | None = None
    ) -> Values: ...

    def key(self, organisation: Organisation, years: Sequence[int]) -> str: ...

    def number(self, year: int) -> int: ...


@dataclass(frozen=True, eq=False)
class Cases:
    """`runs` by scenario. `worlds`: there is one, and each of its years is a plausible world, a case of its own; then a
    limit has to hold in `hold_in` of them, a share. In a set of scenarios it has to hold in each."""

    runs: Mapping[str, Runs]
    worlds: bool = False
    hold_in: float = 1.0

    def values(
        self, organisation: Organisation, years: Sequence[int], changes: Mapping[str, Any] | None = None
    ) -> Found:
        """(scenarios, years) by aim. Raises OrganisationError, ScenarioError when it cannot be run in one of them."""
        found = [runs.values(organisation, years, changes) for runs in self.runs.values()]
        return {aim: np.array([values[aim] for values in found]) for aim in found[0]}

    def key(self, organisation: Organisation, years: Sequence[int]) -> str:
        """What the outcome of an organisation depends on, as text."""
        return " ".join(runs.key(organisation, years) for runs in self.runs.values())

    def by_case(self, values: Floats) -> Floats:
        """(..., cases) of (..., scenarios, years): each world, or the mean of each scenario."""
        return np.asarray(values[..., 0, :] if self.worlds else values.mean(axis=-1))

    def by_year(self, values: Floats) -> Floats:
        """(..., years) of (..., scenarios, years): independent draws, each the mean of all scenarios."""
        return np.asarray(values.mean(axis=-2))

    def missed(self, limit: Limit, cases: Floats) -> float:
        """How far the limit is missed, 0 or less where it holds in as many of the cases as it has to."""
        beyond = sorted(limit.missed(float(value)) for value in cases)
        return beyond[place_of(self.hold_in, len(beyond))]

    def names(self, years: Sequence[int]) -> list[str]:
        """Of the cases: the scenarios, or the worlds by their numbers."""
        if not self.worlds:
            return list(self.runs)
        (runs,) = self.runs.values()
        return [str(runs.number(year)) for year in years]
