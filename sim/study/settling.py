"""Replications until every headline difference is settled: the looks are planned, and each pays its part of the chance
to be wrong.

Whoever looks again and again, and stops when something is found, finds too much. Here the looks are fixed before the
first one (so many replications, then twice as many, up to the budget), and the intervals of each look hold together at
1 - alpha / looks. By Bonferroni's inequality all looks hold together at 1 - alpha, whatever the differences and however
the looks depend on each other; it is alpha spending (Lan and DeMets 1983, Biometrika 70:659-663) in equal parts, which
doubling keeps cheap: four looks from 10 to 80 make an interval a third wider.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from sim.comparison.findings import Finding, Reason, Verdict
from sim.study.folder import manifest_of
from sim.study.results import Results
from sim.text import Text

if TYPE_CHECKING:
    from sim.scenario import Scenario

R = TypeVar("R", bound=Results)

FIRST: Final = 10  # replications of the first look: fewer say little of their own spread
SETTLED: Final = "settled"  # in the manifest

# More replications do not settle what is undecided for these reasons.
_BEYOND: Final = frozenset({Reason.NOT_IN_BALANCE, Reason.UNEQUAL_HOURS, Reason.NO_DIRECTION, Reason.NO_VALUE})


@dataclass(frozen=True)
class Looks:
    """At how many replications is looked, `confidence` of all together, and `each` of one."""

    at: tuple[int, ...]
    confidence: float

    @property
    def each(self) -> float:
        return 1.0 - (1.0 - self.confidence) / len(self.at)

    def of(self, scenario: Scenario) -> Scenario:
        """The scenario with the confidence that a single look has."""
        return scenario.with_changes({"study.confidence": self.each})


def planned(budget: int, confidence: float, first: int = FIRST) -> Looks:
    """Looks at `first` replications, twice as many, and so on, the last at `budget`."""
    at = [min(first, budget)]
    while at[-1] < budget:
        at.append(min(2 * at[-1], budget))
    return Looks(tuple(at), confidence)


def undecided(findings: Iterable[Finding]) -> list[Finding]:
    """Those that more replications may settle."""
    return [item for item in findings if item.verdict is Verdict.UNDECIDED and item.reason not in _BEYOND]


def settle(looks: Looks, folder: Path, look: Callable[[int], R]) -> R:
    """Look until nothing is undecided or the last look is done. `look` gives the results of so many replications, of a
    study in `folder`; what there is already is not looked at in smaller parts again. The manifest of what is returned
    says why it stopped."""
    had = int((manifest_of(folder) or {}).get("replications", 0))
    for count in [count for count in looks.at if count >= had] or [looks.at[-1]]:
        results = look(count)
        left = undecided(results.findings)
        if not left or results.manifest["status"] == "interrupted":
            break
    ran = int(results.manifest["replications"])
    said = {"looks": list(looks.at), "confidence": looks.confidence, "each": looks.each, "at": ran,
            "undecided": len(left), "said": said_of(looks, ran, len(left))._asdict()}  # fmt: skip
    return replace(results, manifest=results.manifest | {SETTLED: said})


def said_of(looks: Looks, ran: int, left: int) -> Text:
    """Why it stopped, in a sentence."""
    values = {
        "ran": ran, "left": left, "budget": looks.at[-1], "looks": _listed(looks.at),
        "each": f"{100 * looks.each:.4g}", "whole": f"{100 * looks.confidence:.4g}",
    }  # fmt: skip
    return (_OPEN if left else _DONE).format(**values)


def _listed(at: Sequence[int]) -> str:
    return ", ".join(str(count) for count in at)


_LOOKS: Final = Text(
    " Blickarna var planerade vid {looks}; varje intervall gäller med {each} %, alla blickar ihop med {whole} %.",
    " Looks were planned at {looks}; each interval holds with {each}%, all looks together with {whole}%.",
)
_DONE: Final = Text(
    "Slutade vid {ran} upprepningar: alla huvudskillnader är avgjorda." + _LOOKS.sv,
    "Stopped at {ran} replications: every headline difference is settled." + _LOOKS.en,
)
_OPEN: Final = Text(
    "Slutade vid {ran} upprepningar, taket är {budget}: {left} huvudskillnader är fortfarande oavgjorda." + _LOOKS.sv,
    "Stopped at {ran} replications, the budget is {budget}: {left} headline differences are still undecided."
    + _LOOKS.en,
)
