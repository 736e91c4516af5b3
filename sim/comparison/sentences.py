"""Verdict sentences made from the numbers, in Swedish and English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple

from sim.measures.definitions import definition
from sim.measures.vocabulary import UNITS
from sim.text import Text


class Finding(NamedTuple):
    """One model against the reference in one headline measure, for the whole region, in the measure's own unit."""

    scenario: str  # said first when there are several; "" for none
    model: Text
    reference: Text
    measure: str
    difference: float
    lower: float
    upper: float
    n: int
    verdict: str
    threshold: float
    confidence: float


class _Words(NamedTuple):
    """`less` and `more` finish "{model} ... {reference}" with the amount; `about` is the measure inside a sentence."""

    less: Text
    more: Text
    about: Text


_WORDS: Final = {
    "response_min": _Words(
        Text("når akuta patienter {amount} snabbare än", "reaches acute patients {amount} faster than"),
        Text("når akuta patienter {amount} långsammare än", "reaches acute patients {amount} slower than"),
        Text("svarstid till akuta patienter", "response time to acute patients"),
    ),
    "in_target": _Words(
        Text("når {amount} färre av de akuta patienterna inom målet än",
             "reaches {amount} fewer of the acute patients within target than"),
        Text("når {amount} fler av de akuta patienterna inom målet än",
             "reaches {amount} more of the acute patients within target than"),
        Text("andel akuta patienter inom målet", "share of acute patients within target"),
    ),
    "escalated": _Words(
        Text("låter {amount} färre av de akuta patienterna vänta förgäves än",
             "leaves {amount} fewer of the acute patients waiting in vain than"),
        Text("låter {amount} fler av de akuta patienterna vänta förgäves än",
             "leaves {amount} more of the acute patients waiting in vain than"),
        Text("andel akuta patienter som väntar förgäves (eskaleras)",
             "share of acute patients who wait in vain (escalate)"),
    ),
    "gap_response_min": _Words(
        Text("har {amount} mindre skillnad i svarstid mellan kommunerna än",
             "has {amount} less difference in response time between the municipalities than"),
        Text("har {amount} större skillnad i svarstid mellan kommunerna än",
             "has {amount} more difference in response time between the municipalities than"),
        Text("skillnad i svarstid mellan kommunerna", "difference in response time between the municipalities"),
    ),
    "travel_min_per_visit": _Words(
        Text("har {amount} kortare restid per besök än", "has {amount} less travel per visit than"),
        Text("har {amount} längre restid per besök än", "has {amount} more travel per visit than"),
        Text("restid per besök", "travel per visit"),
    ),
    "utilisation": _Words(
        Text("har {amount} lägre läkarbelastning än", "has a physician load {amount} lower than"),
        Text("har {amount} högre läkarbelastning än", "has a physician load {amount} higher than"),
        Text("läkarbelastning", "physician load"),
    ),
    "overtime_h_per_week": _Words(
        Text("ger {amount} mindre övertid än", "gives {amount} less overtime than"),
        Text("ger {amount} mer övertid än", "gives {amount} more overtime than"),
        Text("övertid", "overtime"),
    ),
    "on_promised_day": _Words(
        Text("gör {amount} färre av ronderna och de planerade besöken inom utlovad tid än",
             "makes {amount} fewer of the rounds and planned visits by the promised day than"),
        Text("gör {amount} fler av ronderna och de planerade besöken inom utlovad tid än",
             "makes {amount} more of the rounds and planned visits by the promised day than"),
        Text("andel ronder och planerade besök inom utlovad tid",
             "share of rounds and planned visits by the promised day"),
    ),
}  # fmt: skip

_ONES: Final = {
    "min": Text("minut", "minute"),
    "share": Text("procentenhet", "percentage point"),
    "h": Text("timme", "hour"),
    "h/week": Text("timme i veckan", "hour a week"),
    "h/year": Text("timme per år", "hour a year"),
    "days": Text("dygn", "day"),
    "days/year": Text("dygn per år", "day a year"),
    "visits": Text("besök", "visit"),
    "index": Text("enhet", "unit"),
}
_MANY: Final = UNITS | {
    "share": Text("procentenheter", "percentage points"),
    "index": Text("enheter på skalan 0–1", "units on the scale 0–1"),
}
# One and many of each unit, as they follow a number; a unit that is not among `_ONES` has one form.
_UNITS: Final = {unit: (_ONES.get(unit, many), many) for unit, many in _MANY.items()}
_VERDICT: Final = {
    "better": Text("bättre", "better"),
    "worse": Text("sämre", "worse"),
    "practically equal": Text("praktiskt lika", "practically equal"),
    "undecided": Text("oavgjort", "undecided"),
}
_SURE: Final = Text(*["{model} {words} {reference} ({interval}; {verdict})."] * 2)
_EQUAL: Final = Text(
    "{model} och {reference} är praktiskt lika i fråga om {about} (skillnad {difference}, {interval}; praktiskt lika).",
    "{model} and {reference} are practically equal in {about} (difference {difference}, {interval}; practically "
    "equal).",
)
_UNSURE: Final = Text(
    "Om {model} skiljer sig från {reference} i fråga om {about} går inte att avgöra "
    "(skillnad {difference}, {interval}; oavgjort).",
    "Whether {model} differs from {reference} in {about} cannot be decided (difference {difference}, {interval}; "
    "undecided).",
)
_SMALL: Final = Text(
    "{model} {words} {reference}, men om det är en skillnad som betyder något (minst {limit}) går inte att avgöra "
    "({interval}; oavgjort).",
    "{model} {words} {reference}, but whether that is a difference that matters (at least {limit}) cannot be decided "
    "({interval}; undecided).",
)
_ONE: Final = Text(
    "En replikation kan inte avgöra om {model} skiljer sig från {reference} i fråga om {about} "
    "(skillnad {difference}; oavgjort).",
    "One replication cannot decide whether {model} differs from {reference} in {about} "
    "(difference {difference}; undecided).",
)
_NONE: Final = Text(
    "{model} och {reference} kan inte jämföras i fråga om {about}: värde saknas (oavgjort).",
    "{model} and {reference} cannot be compared in {about}: no value (undecided).",
)
_OPENING: Final = Text(
    "{model} jämfört med {reference}, {n} huvudmått: {counts}.",
    "{model} compared with {reference}, {n} headline {measures}: {counts}.",
)
_COUNTED: Final = {
    "better": Text("bättre i {n}", "better on {n}"),
    "worse": Text("sämre i {n}", "worse on {n}"),
    "practically equal": Text("praktiskt lika i {n}", "practically equal on {n}"),
    "undecided": Text("oavgjort i {n}", "undecided on {n}"),
}


def sentences(findings: Iterable[Finding], lang: str) -> Iterator[str]:
    """Per scenario and model an opening that counts the verdicts, then one sentence per finding; order as given."""
    for (label, _), group in groupby(findings, key=lambda item: (item.scenario, item.model)):
        items = list(group)
        start = f"{label}: " if label else ""
        yield start + opening(items, lang)
        for item in items:
            yield start + sentence(item, lang)


def opening(findings: list[Finding], lang: str) -> str:
    """How many headline measures one model wins, loses, ties and leaves open; a verdict that is nowhere is not said."""
    count = {verdict: sum(item.verdict == verdict for item in findings) for verdict in _COUNTED}
    said = [_COUNTED[verdict].get(lang).format(n=number) for verdict, number in count.items() if number]
    first = findings[0]
    return _OPENING.get(lang).format(
        model=first.model.get(lang),
        reference=first.reference.get(lang),
        n=len(findings),
        measures="measure" if len(findings) == 1 else "measures",
        counts=_listed(said, lang),
    )


def found_difference(text: str, lang: str) -> bool:
    """Whether a sentence of `sentences` says that one model is better or worse than the other."""
    return text.endswith(tuple(f"; {_VERDICT[verdict].get(lang)})." for verdict in ("better", "worse")))


def decided(spoken: Iterable[str], lang: str) -> list[str]:
    """Of what `sentences` gave, the openings and those that found a difference: what there is room for on a screen."""
    ends = tuple(f"{words.get(lang)})." for words in _VERDICT.values())
    return [text for text in spoken if found_difference(text, lang) or not text.endswith(ends)]


def sentence(item: Finding, lang: str) -> str:
    """One verdict in words, with its difference and interval."""
    decided = item.verdict in ("better", "worse")
    known = item.lower == item.lower
    if item.difference != item.difference:
        form = _NONE
    elif not known:
        form = _ONE
    elif decided:
        form = _SURE
    elif item.verdict == "practically equal":
        form = _EQUAL
    else:
        form = _SMALL if item.lower > 0 or item.upper < 0 else _UNSURE
    words = _words(item.measure)
    signed = form not in (_SURE, _SMALL)
    unit = definition(item.measure).unit
    scale = 100.0 if unit == "share" else 1.0
    numbers = [scale * value for value in (item.difference, item.lower, item.upper)]
    decimals = _decimals(*numbers)
    difference, lower, upper = (_rounded(value, decimals) for value in numbers)
    amount = _amount(difference if signed else abs(difference), decimals, unit, lang)
    return form.get(lang).format(
        model=item.model.get(lang),
        reference=item.reference.get(lang),
        words=(words.less if item.difference < 0 else words.more).get(lang).format(amount=amount),
        about=words.about.get(lang),
        difference=amount,
        interval=_interval(lower, upper, signed, decimals, unit, item.confidence, lang) if known else "",
        limit=_amount(_rounded(scale * item.threshold, 1), 0 if scale * item.threshold % 1 == 0 else 1, unit, lang),
        verdict=_VERDICT[item.verdict].get(lang),
    )


def _words(measure: str) -> _Words:
    """The words of a measure; one without words of its own is spoken of by its title."""
    title = definition(measure).title
    by_title = _Words(
        Text(
            f"ligger {{amount}} lägre i måttet ”{title.sv}” än", f"is {{amount}} lower in the measure “{title.en}” than"
        ),
        Text(
            f"ligger {{amount}} högre i måttet ”{title.sv}” än",
            f"is {{amount}} higher in the measure “{title.en}” than",
        ),
        Text(f"måttet ”{title.sv}”", f"the measure “{title.en}”"),
    )
    return _WORDS.get(measure, by_title)


def _interval(lower: float, upper: float, signed: bool, decimals: int, unit: str, confidence: float, lang: str) -> str:
    level = f"{confidence * 100:g}".replace(".", "," if lang == "sv" else ".")
    name = f"{level} % intervall" if lang == "sv" else f"{level}% interval"
    if signed:
        low, high = number(lower, decimals, lang), number(upper, decimals, lang)
        between = " till " if lang == "sv" else " to "
    else:
        # Both bounds have the sign of the difference, which the words have already said.
        low, high = (number(value, decimals, lang) for value in sorted((abs(lower), abs(upper))))
        between = "–"
    return f"{name} {low}{between}{high} {_UNITS[unit][1].get(lang)}"


def _decimals(difference: float, lower: float, upper: float) -> int:
    """Enough to tell the bounds apart, no more: whole numbers from 10 up unless the interval is narrow."""
    known = [abs(value) for value in (difference, lower, upper) if value == value]
    largest = max(known, default=0.0)
    width = upper - lower if lower == lower else largest
    if largest >= 10 and width >= 2:
        return 0
    return 1 if largest >= 1 or largest == 0 else 2


def _rounded(value: float, decimals: int) -> float:
    return round(value, decimals) + 0.0 if value == value else value  # + 0.0: no negative zero


def _amount(value: float, decimals: int, unit: str, lang: str) -> str:
    one, many = _UNITS[unit]
    return f"{number(value, decimals, lang)} {(one if abs(value) == 1 and not decimals else many).get(lang)}"


def number(value: float, decimals: int, lang: str) -> str:
    """A number as the language writes it: decimal comma and spaced groups in Swedish, a real minus sign in both."""
    text = f"{abs(value):,.{decimals}f}"
    if lang == "sv":
        text = text.replace(",", "\u00a0").replace(".", ",")
    return ("−" if value < 0 else "") + text


def _listed(parts: list[str], lang: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + (" och " if lang == "sv" else " and ") + parts[-1]
