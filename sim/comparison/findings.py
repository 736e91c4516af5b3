"""What a comparison found, as records: every reader says them in its own words and its own language.

A further verdict or reason is a member here and a form in `sim.comparison.sentences`; the tests ask for both languages.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from sim.text import Text


class Verdict(StrEnum):
    """What is said of one model against the reference in one measure; the value stands in comparison.csv."""

    BETTER = "better"
    WORSE = "worse"
    EQUAL = "practically equal"
    UNDECIDED = "undecided"

    @property
    def is_difference(self) -> bool:
        """Whether one of the two was found to be the better one."""
        return self in (Verdict.BETTER, Verdict.WORSE)


class Reason(StrEnum):
    """Why a finding is undecided."""

    NO_VALUE = "no value"  # no replication in which both models have one
    ONE_REPLICATION = "one replication"
    ZERO_INSIDE = "zero inside"  # the interval: there may be no difference
    MAY_BE_SMALL = "may be small"  # there is a difference, but perhaps not one that matters in practice


VERDICTS: Final = tuple(verdict.value for verdict in Verdict)
TITLES: Final = {
    Verdict.BETTER: Text("bättre", "better"),
    Verdict.WORSE: Text("sämre", "worse"),
    Verdict.EQUAL: Text("praktiskt lika", "practically equal"),
    Verdict.UNDECIDED: Text("oavgjort", "undecided"),
}
NOT_COMPARED: Final = Text("kan inte jämföras", "cannot be compared")


@dataclass(frozen=True)
class Finding:
    """One model against the reference in one measure and class, for the whole region, in the measure's own unit.

    `difference` is model - reference; `lower` and `upper` bound it at `confidence`, adjusted as `adjusted_p` is; `n`
    replications have both values. `threshold` is the practical difference. `reason` is set when `verdict` is undecided.
    Numbers that are not known are NaN.
    """

    scenario: str
    model: str
    reference: str
    measure: str
    class_: str
    difference: float
    lower: float
    upper: float
    n: int
    adjusted_p: float
    verdict: Verdict
    reason: Reason | None
    threshold: float
    confidence: float

    def record(self) -> dict[str, Any]:
        """As plain values for a file: `class` for `class_`, None for what is not known."""
        found = {key.rstrip("_"): value for key, value in asdict(self).items()}
        found |= {"verdict": self.verdict.value, "reason": self.reason.value if self.reason else None}
        return {key: None if isinstance(value, float) and math.isnan(value) else value for key, value in found.items()}


def why_undecided(difference: float, lower: float, upper: float) -> Reason:
    """What keeps a difference with these bounds from being better, worse or practically equal."""
    if math.isnan(difference):
        return Reason.NO_VALUE
    if math.isnan(lower):
        return Reason.ONE_REPLICATION
    return Reason.MAY_BE_SMALL if lower > 0 or upper < 0 else Reason.ZERO_INSIDE


def count(findings: Iterable[Finding]) -> dict[Verdict, int]:
    """How many findings have each verdict, in the order of `Verdict`; those that none has are left out."""
    counted = Counter(item.verdict for item in findings)
    return {verdict: counted[verdict] for verdict in Verdict if counted[verdict]}
