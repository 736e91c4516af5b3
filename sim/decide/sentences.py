"""What is said over plausible worlds, in Swedish or English: before what is said given the inputs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import pandas as pd

from sim.comparison.findings import TITLES as VERDICT_TITLES
from sim.comparison.findings import Verdict
from sim.decide.counting import ALL
from sim.decide.facts import TITLES as FACT_TITLES
from sim.decide.plausible import SHARED
from sim.decide.robust import Robust, WideFinding, tally
from sim.decide.sources import SOURCES
from sim.decide.worlds import inputs_of
from sim.language.numbers import number
from sim.language.units import of_difference
from sim.measures.definitions import definition
from sim.scenario.fields import leaves
from sim.scenario.ranges import MODELS
from sim.scenario.schema import Scenario
from sim.text import Text, joined, listed, same
from sim.world.moved import BEFORE, title_of

WORDS: Final = {
    Robust.HOLDS: Text("håller", "holds"),
    Robust.USUALLY: Text("oftast", "usually"),
    Robust.OPEN: Text("öppet", "open"),
}
HEADING: Final = Text("Över tänkbara världar", "Over plausible worlds")
GIVEN: Final = Text("Givet dessa indata (bara slumpen)", "Given these inputs (chance only)")

_OPENING: Final = Text(
    "{model} jämfört med {reference} i {worlds} tänkbara världar, {n} huvudmått: {counts}.",
    "{model} compared with {reference} in {worlds} plausible worlds, {n} headline {measures}: {counts}.",
)
_COUNTED: Final = Text("{word} i {n}", "{word} on {n}")
_AS: Final = Text(" ({outcomes})", " ({outcomes})")
_SENTENCE: Final = Text(
    "{about}: {outcome} i {n} av 100 världar ({word}){rest}. Nio av tio skillnader ligger mellan {low} och {high} "
    "{unit}.{depends}",
    "{about}: {outcome} in {n} of 100 worlds ({word}){rest}. Nine of ten differences lie between {low} and {high} "
    "{unit}.{depends}",
)
_REST: Final = Text("{verdict} i {n}", "{verdict} in {n}")
_NOT_COMPARED: Final = Text("kan inte jämföras i {n}", "not to be compared in {n}")
_DEPENDS: Final = Text(" Det beror på {names}.", " It depends on {names}.")
_NO_ONE: Final = Text(
    " Ingen enskild indata avgör.", " No single input decides."
)  # fmt: skip
_SHORT: Final = Text("{outcome} i {n} av 100: {word}", "{outcome} in {n} of 100: {word}")
_WORD: Final = Text("{word}: {outcome}", "{word}: {outcome}")
_SPAN: Final = Text("{low} till {high}", "{low} to {high}")
_BRIEF: Final = {
    Verdict.BETTER: Text("{n}/100 bättre", "{n}/100 better"),
    Verdict.WORSE: Text("{n}/100 sämre", "{n}/100 worse"),
    Verdict.EQUAL: Text("{n}/100 lika", "{n}/100 equal"),
}
_WORLDS: Final = Text(
    "{asked} tänkbara världar drogs, ett år av var och en; {kept} behölls.{aside}{failed} Där en modell inte hinner "
    "med kan den inte jämföras.{needs}",
    "{asked} plausible worlds were drawn, a year of each; {kept} are kept.{aside}{failed} Where a model does not "
    "keep up it cannot be compared.{needs}",
)
_ASIDE: Final = Text(
    " I {n} säger dagens organisation emot det vi vet, och de lades åt sidan: {facts}.",
    " In {n} today's organisation contradicts what is known, and they are set aside: {facts}.",
)
_COUNTED_ALL: Final = Text("allt som kan räknas på en gång", "all that can be counted at once")
_DEMAND: Final = Text("akut efterfrågan under {model}", "acute demand under {model}")
_NEEDS: Final = Text(
    " Modellerna möter inte samma ärenden, enligt antagande: i varje värld drogs {needs}.",
    " The models do not meet the same requests, by assumption: in every world {needs} was drawn.",
)
_FAILED: Final = Text(" {n} kunde inte köras.", " {n} could not be run.")


@dataclass(frozen=True)
class WideParagraph:
    """What is said of one model over plausible worlds: an opening that counts its words, and a sentence a finding."""

    opening: str
    findings: tuple[WideFinding, ...]
    sentences: tuple[str, ...]


def wide_paragraphs(findings: Sequence[WideFinding], titles: Mapping[str, Text], lang: str) -> list[WideParagraph]:
    """A paragraph for each model of each scenario, in order; with several scenarios their names stand first."""
    many = len({item.scenario for item in findings}) > 1
    found = []
    for (scenario, _), group in groupby(findings, key=lambda item: (item.scenario, item.model)):
        items = tuple(group)
        said = tuple(wide_sentence(item, titles).get(lang) for item in items)
        start = f"{scenario}: " if many else ""
        found.append(WideParagraph(start + wide_opening(items, titles).get(lang), items, said))
    return found


def wide_opening(items: Sequence[WideFinding], titles: Mapping[str, Text]) -> Text:
    """How many headline measures of one model hold, are usually so, and are open."""
    first = items[0]
    counts = []
    for robust in Robust:
        these = [item for item in items if item.robust is robust]
        if these:
            counted = _COUNTED.format(word=WORDS[robust], n=len(these))
            counts.append(counted if robust is Robust.OPEN else joined([counted, _outcomes(these)]))
    return _OPENING.format(
        model=_title(first.model, titles),
        reference=_title(first.reference, titles),
        worlds=first.worlds,
        n=len(items),
        measures="measure" if len(items) == 1 else "measures",
        counts=listed(counts),
    )


def wide_sentence(item: WideFinding, titles: Mapping[str, Text]) -> Text:
    """One finding: what it is in how many worlds of 100, and what decides where that is open."""
    measure = definition(item.measure)
    unit = of_difference(measure.unit)[1]
    low, high = _ends(item)
    about = measure.spoken.about if measure.spoken else measure.title
    return _SENTENCE.format(
        word=WORDS[item.robust],
        outcome=VERDICT_TITLES[item.outcome],
        about=Text(*(text[:1].upper() + text[1:] for text in about)),
        n=of_hundred(item.share),
        rest=joined(["", *_rest(item)], ", "),
        low=low,
        high=high,
        unit=unit.many,
        depends=_depends(item, titles),
    )


def short(item: WideFinding) -> Text:
    """A few words for a cell: "better in 92 of 100: usually"."""
    return _SHORT.format(outcome=VERDICT_TITLES[item.outcome], n=of_hundred(item.share), word=WORDS[item.robust])


def verdict_word(item: WideFinding) -> Text:
    """The word and the outcome: "usually: better"; "open" alone, since then no outcome may be said."""
    word = WORDS[item.robust]
    return word if item.robust is Robust.OPEN else _WORD.format(word=word, outcome=VERDICT_TITLES[item.outcome])


def outcomes(item: WideFinding) -> Text:
    """In how many worlds of 100 it is what, the most common first."""
    first = _REST.format(verdict=VERDICT_TITLES[item.outcome], n=of_hundred(item.share))
    return joined([first, *_rest(item)], ", ")


def in_a_cell(item: WideFinding) -> Text:
    """All of it in a cell: "better in 92 of 100: usually; −76 to −25"."""
    return joined([short(item), "; ", span(item)])


def span(item: WideFinding) -> Text:
    """Where nine of ten differences lie: "−76 to −25"."""
    low, high = _ends(item)
    return _SPAN.format(low=low, high=high)


def brief(item: WideFinding) -> Text:
    """The same for a figure: "92 of 100 better"."""
    return _BRIEF[item.outcome].format(n=of_hundred(item.share))


def worlds_sentence(table: pd.DataFrame, titles: Mapping[str, Text]) -> Text:
    """How many worlds were drawn and kept, and which facts set the others aside."""
    found = tally(table)
    needs = [input_title(name, titles) for name in inputs_of(table) if name.startswith(f"{MODELS}.")]
    aside = found.asked - found.kept - found.failed
    facts = [_REST.format(verdict=FACT_TITLES[name], n=n) for name, n in found.by_fact.items()]
    return _WORLDS.format(
        asked=found.asked,
        kept=found.kept,
        aside=_ASIDE.format(n=aside, facts=listed(facts)) if aside else "",
        failed=_FAILED.format(n=found.failed) if found.failed else "",
        needs=_NEEDS.format(needs=listed(needs)) if needs else "",
    )


def input_title(name: str, titles: Mapping[str, Text]) -> Text:
    """An input, or a source of inputs, in words; `name` is its column in the table of worlds, `titles` the models'."""
    if name in SHARED[:-1]:
        return SOURCES[SHARED.index(name)].title
    if name == ALL:
        return _COUNTED_ALL
    if name.startswith(BEFORE):
        return title_of(name)
    if name.startswith(f"{MODELS}."):
        return _DEMAND.format(model=_title(name.split(".")[1], titles))
    return next((leaf.title for leaf in leaves(Scenario) if leaf.key == name), same(name))


def of_hundred(share: float) -> int:
    """A share as worlds of 100, never more than there are: 94.9 do not make 95."""
    return math.floor(100.0 * share + 1e-9)


def _outcomes(items: Sequence[WideFinding]) -> Text:
    counts = {verdict: sum(item.outcome is verdict for item in items) for verdict in VERDICT_TITLES}
    said = [_COUNTED.format(word=VERDICT_TITLES[verdict], n=n) for verdict, n in counts.items() if n]
    return _AS.format(outcomes=joined(said, ", "))


def _rest(item: WideFinding) -> list[Text]:
    """The other outcomes."""
    shares = {Verdict.BETTER: item.better, Verdict.EQUAL: item.equal, Verdict.WORSE: item.worse}
    said = [
        _REST.format(verdict=VERDICT_TITLES[verdict], n=round(100 * share))
        for verdict, share in shares.items()
        if verdict is not item.outcome and round(100 * share)
    ]
    neither = round(100 * (1 - sum(shares.values())))
    return [*said, _NOT_COMPARED.format(n=neither)] if neither else said


def _depends(item: WideFinding, titles: Mapping[str, Text]) -> Text | str:
    if item.robust is not Robust.OPEN:
        return ""
    return (
        _DEPENDS.format(names=listed([input_title(found.name, titles) for found in item.deciders]))
        if item.deciders
        else _NO_ONE
    )


def _title(model: str, titles: Mapping[str, Text]) -> Text:
    return titles.get(model, same(model))


def _ends(item: WideFinding) -> tuple[Text, Text]:
    """Where nine of ten differences lie, in the unit that differences are told in."""
    factor = of_difference(definition(item.measure).unit)[0]
    ends = [factor * item.low5, factor * item.high95]
    digits = _digits(ends)
    low, high = (Text(number(end, "sv", digits), number(end, "en", digits)) for end in ends)
    return low, high


def _digits(ends: Sequence[float]) -> int:
    """Decimals of an interval: none from 10 up, else one, or two of what is small."""
    largest = max((abs(end) for end in ends if math.isfinite(end)), default=0.0)
    return 0 if largest >= 10 else 1 if largest >= 1 else 2
