"""What a comparison found, as records: every reader says them in its own words and its own language.

A further verdict or reason is a member here and a form in `sim.comparison.sentences`; the tests ask for both languages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from sim.language.numbers import plain_number
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
    ONE_SIDED = "value in one only"  # in some replication only one of the two has a value
    ONE_REPLICATION = "one replication"
    INFINITE = "infinite"  # in some replication, and the others do not settle it
    ZERO_INSIDE = "zero inside"  # the interval: there may be no difference
    MAY_BE_SMALL = "may be small"  # there is a difference, but perhaps not one that matters in practice
    NO_DIRECTION = "no direction"  # there is a difference, and neither way is better
    UNEQUAL_HOURS = "unequal hours"  # the two do not have the same physician-hours
    NOT_IN_BALANCE = "not in balance"  # one of the two does not keep up with its work: no level, no difference


VERDICTS: Final = tuple(verdict.value for verdict in Verdict)
TITLES: Final = {
    Verdict.BETTER: Text("bättre", "better"),
    Verdict.WORSE: Text("sämre", "worse"),
    Verdict.EQUAL: Text("praktiskt lika", "practically equal"),
    Verdict.UNDECIDED: Text("oavgjort", "undecided"),
}
REASONS: Final = {
    Reason.NO_VALUE: Text("värde saknas", "no value"),
    Reason.ONE_SIDED: Text("bara den ena har ett värde i någon upprepning", "only one has a value in some replication"),
    Reason.ONE_REPLICATION: Text("en enda upprepning", "a single replication"),
    Reason.INFINITE: Text("obegränsat i någon upprepning", "unbounded in some replication"),
    Reason.ZERO_INSIDE: Text("kanske ingen skillnad", "there may be no difference"),
    Reason.MAY_BE_SMALL: Text("kanske för liten för att betyda något", "perhaps too small to matter"),
    Reason.NO_DIRECTION: Text("inget håll är bättre", "neither way is better"),
    Reason.UNEQUAL_HOURS: Text("olika många läkartimmar", "different physician-hours"),
    Reason.NOT_IN_BALANCE: Text("en av dem hinner inte med", "one of the two does not keep up"),
}
NOT_COMPARED: Final = Text("kan inte jämföras", "cannot be compared")


@dataclass(frozen=True)
class Finding:
    """One model against the reference in one measure and class, for the whole region, in the measure's own unit.

    `difference` is model - reference; `lower` and `upper` bound it at `confidence`, adjusted as `adjusted_p` is; `n`
    replications have both values, and in `ahead` (`behind`) of them the model was better (worse) by at least the
    threshold; in `infinite` one or both values are infinite. `threshold` is the practical difference. `reason` is set
    when `verdict` is undecided. Numbers that are not known are NaN.
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
    ahead: int
    behind: int
    infinite: int
    adjusted_p: float
    verdict: Verdict
    reason: Reason | None
    threshold: float
    confidence: float

    def record(self) -> dict[str, Any]:
        """As plain values for a file: `class` for `class_`, None for what is not known, "inf" for what is unbounded."""
        found = {key.rstrip("_"): value for key, value in asdict(self).items()}
        found |= {"verdict": self.verdict.value, "reason": self.reason.value if self.reason else None}
        return {key: plain_number(value) if isinstance(value, float) else value for key, value in found.items()}


def count(findings: Iterable[Finding]) -> dict[Verdict, int]:
    """How many findings have each verdict, in the order of `Verdict`; those that none has are left out."""
    counted = Counter(item.verdict for item in findings)
    return {verdict: counted[verdict] for verdict in Verdict if counted[verdict]}
