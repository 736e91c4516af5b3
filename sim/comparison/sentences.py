"""Findings said in words, in Swedish or English."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sim.comparison.findings import TITLES, Finding, Reason, Verdict, count
from sim.language.numbers import between, enough, level, number
from sim.language.units import Unit, amount, exactly, of_difference
from sim.measures.definitions import definition
from sim.measures.forms import MeasureDefinition, Spoken
from sim.measures.rows import Own
from sim.statistics import ROUNDING
from sim.text import Text, listed, same

_SURE: Final = same("{model} {words} {reference} ({interval}; {verdict}{beside}).")
_EQUAL: Final = Text(
    "{model} och {reference} är praktiskt lika i fråga om {about} (skillnad {difference}, {interval}; "
    "{verdict}{beside}).",
    "{model} and {reference} are practically equal in {about} (difference {difference}, {interval}; "
    "{verdict}{beside}).",
)
_COUNTED_DIFFERENCE: Final = Text(
    "{model} är {verdict} än {reference} i fråga om {about} i {ahead} av {n} upprepningar{beside}; i {infinite} är ett "
    "värde obegränsat, eftersom för många inte får besök.",
    "{model} is {verdict} than {reference} in {about} in {ahead} of {n} replications{beside}; in {infinite} a value is "
    "unbounded, since too many get no visit.",
)
_DECIDED: Final = {Verdict.BETTER: _SURE, Verdict.WORSE: _SURE, Verdict.EQUAL: _EQUAL}
_UNDECIDED: Final = {
    Reason.ZERO_INSIDE: Text(
        "Om {model} skiljer sig från {reference} i fråga om {about} går inte att avgöra "
        "(skillnad {difference}, {interval}; {verdict}).",
        "Whether {model} differs from {reference} in {about} cannot be decided (difference {difference}, {interval}; "
        "{verdict}).",
    ),
    Reason.MAY_BE_SMALL: Text(
        "{model} {words} {reference}, men om det är en skillnad som betyder något (minst {limit}) går inte att avgöra "
        "({interval}; {verdict}).",
        "{model} {words} {reference}, but whether that is a difference that matters (at least {limit}) cannot be "
        "decided ({interval}; {verdict}).",
    ),
    Reason.ONE_REPLICATION: Text(
        "En upprepning kan inte avgöra om {model} skiljer sig från {reference} i fråga om {about} "
        "(skillnad {difference}; {verdict}).",
        "One replication cannot decide whether {model} differs from {reference} in {about} "
        "(difference {difference}; {verdict}).",
    ),
    Reason.NO_DIRECTION: Text(
        "{model} {words} {reference} ({interval}; {verdict}: inget håll är bättre).",
        "{model} {words} {reference} ({interval}; {verdict}: neither way is better).",
    ),
    Reason.INFINITE: Text(
        "{model} och {reference} kan inte jämföras i fråga om {about}: värdet är obegränsat i {infinite} av {n} "
        "upprepningar, eftersom för många inte får besök ({verdict}).",
        "{model} and {reference} cannot be compared in {about}: the value is unbounded in {infinite} of {n} "
        "replications, since too many get no visit ({verdict}).",
    ),
    Reason.ONE_SIDED: Text(
        "{model} och {reference} kan inte jämföras i fråga om {about}: i någon upprepning finns värdet bara för den "
        "ena ({verdict}).",
        "{model} and {reference} cannot be compared in {about}: in some replication only one of them has a value "
        "({verdict}).",
    ),
    Reason.UNEQUAL_HOURS: Text(
        "Om {model} är bättre eller sämre än {reference} i fråga om {about} sägs inte: läkartimmarna är olika "
        "({verdict}).",
        "Whether {model} is better or worse than {reference} in {about} is not said: their physician-hours differ "
        "({verdict}).",
    ),
    Reason.NOT_IN_BALANCE: Text(
        "{model} och {reference} jämförs inte i fråga om {about}: en av dem hinner inte med ({verdict}).",
        "{model} and {reference} are not compared in {about}: one of them does not keep up ({verdict}).",
    ),
    Reason.NO_VALUE: Text(
        "{model} och {reference} kan inte jämföras i fråga om {about}: värde saknas ({verdict}).",
        "{model} and {reference} cannot be compared in {about}: no value ({verdict}).",
    ),
}
# Words that tell which way the difference goes leave out its sign.
_BY_WORDS: Final = (Verdict.BETTER, Verdict.WORSE, Reason.MAY_BE_SMALL, Reason.NO_DIRECTION)
_OPENING: Final = Text(
    "{model} jämfört med {reference}, {n} huvudmått: {counts}.",
    "{model} compared with {reference}, {n} headline {measures}: {counts}.",
)
_COUNTED: Final = Text("{verdict} i {n}", "{verdict} on {n}")
_BESIDE: Final = Text(", gräns {limit}", ", threshold {limit}")  # stands beside the verdict: it is the reader's
_INTERVAL: Final = Text("{level} intervall {bounds} {unit}", "{level} interval {bounds} {unit}")


@dataclass(frozen=True)
class Paragraph:
    """What is said of one model: an opening that counts its verdicts, and for each finding a sentence."""

    opening: str
    findings: tuple[Finding, ...]
    sentences: tuple[str, ...]

    @property
    def differences(self) -> list[str]:
        """The sentences that found one model better than the other: what there is room for on a screen."""
        return [text for item, text in self._pairs if item.verdict.is_difference]

    @property
    def others(self) -> list[str]:
        """The sentences that found them equal or could not tell."""
        return [text for item, text in self._pairs if not item.verdict.is_difference]

    @property
    def _pairs(self) -> list[tuple[Finding, str]]:
        return list(zip(self.findings, self.sentences, strict=True))


def paragraphs(findings: Sequence[Finding], titles: Mapping[str, Text], lang: str, own: Own = ()) -> list[Paragraph]:
    """What is said of each scenario and model, in the order given; a scenario is named where there are several.
    A model without a title in `titles` goes by its name; `own` measures besides those of the program."""
    many = len({item.scenario for item in findings}) > 1
    found = []
    for (scenario, _), group in groupby(findings, key=lambda item: (item.scenario, item.model)):
        items = tuple(group)
        start = f"{scenario}: " if many else ""
        said = tuple(start + sentence(item, titles, lang, own) for item in items)
        found.append(Paragraph(start + opening(items, titles, lang), items, said))
    return found


def sentences(findings: Sequence[Finding], titles: Mapping[str, Text], lang: str, own: Own = ()) -> list[str]:
    """Every opening and every sentence of `paragraphs`, one after another."""
    return [text for part in paragraphs(findings, titles, lang, own) for text in (part.opening, *part.sentences)]


def differences(findings: Sequence[Finding], titles: Mapping[str, Text], lang: str, own: Own = ()) -> list[str]:
    """The openings, each with the differences that were found."""
    return [text for part in paragraphs(findings, titles, lang, own) for text in (part.opening, *part.differences)]


def opening(findings: Sequence[Finding], titles: Mapping[str, Text], lang: str) -> str:
    """How many headline measures one model wins, loses, ties and leaves open; a verdict that is nowhere is not said."""
    first = findings[0]
    counted = [_COUNTED.format(verdict=TITLES[verdict], n=number) for verdict, number in count(findings).items()]
    said = _OPENING.format(
        model=_title(first.model, titles),
        reference=_title(first.reference, titles),
        n=len(findings),
        measures="measure" if len(findings) == 1 else "measures",
        counts=listed(counted),
    )
    return said.get(lang)


def sentence(item: Finding, titles: Mapping[str, Text], lang: str, own: Own = ()) -> str:
    """One finding in words, with its difference and interval."""
    key = item.reason or item.verdict
    form = _DECIDED[item.verdict] if item.reason is None else _UNDECIDED[item.reason]
    if item.infinite and item.verdict.is_difference:
        form = _COUNTED_DIFFERENCE
    signed = key not in _BY_WORDS
    measure = definition(item.measure, own)
    words = _words(measure)
    factor, unit = of_difference(measure.unit)
    numbers = [factor * value for value in (item.difference, item.lower, item.upper)]
    limit = factor * item.threshold
    digits = _digits(*numbers)
    if item.verdict is not Verdict.UNDECIDED or item.reason is Reason.MAY_BE_SMALL:
        digits = _true_digits(item.verdict, limit, numbers, digits)
    difference, lower, upper = numbers
    change = amount(difference if signed else abs(difference), unit, lang, digits)
    limited = exactly(limit, unit, lang)
    said = form.format(
        model=_title(item.model, titles),
        reference=_title(item.reference, titles),
        words=(words.less if item.difference < 0 else words.more).format(amount=change),
        about=words.about,
        difference=change,
        interval=_interval(lower, upper, signed, digits, unit, item.confidence, lang),
        n=item.n,
        infinite=item.infinite,
        ahead=item.ahead if item.verdict is Verdict.BETTER else item.behind,
        limit=limited,
        beside=_BESIDE.format(limit=limited) if limit > 0 else "",
        verdict=TITLES[item.verdict],
    )
    return said.get(lang)


def _title(model: str, titles: Mapping[str, Text]) -> Text:
    return titles.get(model, same(model))


def _words(measure: MeasureDefinition) -> Spoken:
    """The words of a measure; one without words of its own is spoken of by its title."""
    title = measure.title
    return measure.spoken or Spoken(
        0,
        Text(
            f"ligger {{amount}} lägre i måttet ”{title.sv}” än", f"is {{amount}} lower in the measure “{title.en}” than"
        ),
        Text(
            f"ligger {{amount}} högre i måttet ”{title.sv}” än",
            f"is {{amount}} higher in the measure “{title.en}” than",
        ),
        Text(f"måttet ”{title.sv}”", f"the measure “{title.en}”"),
    )


def _interval(lower: float, upper: float, signed: bool, digits: int, unit: Unit, confidence: float, lang: str) -> str:
    """Both bounds with level and unit. Unsigned ones have the sign of the difference, which the words have said."""
    ends = (lower, upper) if signed else sorted((abs(lower), abs(upper)))
    low, high = (number(value, lang, digits) for value in ends)
    bounds = between(low, high, lang)
    return _INTERVAL.get(lang).format(level=level(confidence, lang), bounds=bounds, unit=unit.many.get(lang))


def _digits(difference: float, lower: float, upper: float) -> int:
    """Enough to tell the bounds apart and the difference from nothing, no more: whole numbers from 10 up unless the
    interval is narrow."""
    known = [abs(value) for value in (difference, lower, upper) if math.isfinite(value)]
    largest = max(known, default=0.0)
    width = upper - lower if math.isfinite(upper - lower) else largest
    if largest >= 10 and width >= 2:
        return 0
    if 0 < largest < 0.1:
        return 1 - math.floor(math.log10(largest))
    return 1 if largest >= 1 or largest == 0 else 2


def _true_digits(verdict: Verdict, limit: float, numbers: Sequence[float], digits: int) -> int:
    """As many decimals more as it takes for difference and bounds to say what the words do: that a difference is no 0,
    and on which side of the threshold the whole interval lies."""
    difference, *bounds = map(abs, numbers)
    ends = [value for value in bounds if math.isfinite(value)] or [difference]

    def tells(found: int) -> bool:
        if verdict is Verdict.EQUAL:
            return round(max(ends), found) <= limit * (1 + ROUNDING)
        if verdict is Verdict.UNDECIDED:
            return round(difference, found) > 0
        return min(round(difference, found), round(min(ends), found)) >= max(limit * (1 - ROUNDING), 10.0**-found)

    return enough(tells, digits) if all(map(math.isfinite, (difference, *ends))) else digits
