"""The data dictionary of the measures in Markdown, made from the definitions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.language.tables import markdown
from sim.language.titles import DIRECTIONS, WHOLE_REGION
from sim.language.units import unit
from sim.measures.definitions import MEASURES
from sim.measures.forms import MeasureDefinition
from sim.text import Text

_SPLITS: Final = {
    "request": Text("patientens kommun; grupp; tidsfönster", "patient's municipality; group; window"),
    "patient": Text("patientens kommun; grupp", "patient's municipality; group"),
    "shift": Text("basens kommun", "municipality of the base"),
    "municipality": Text("kommun", "municipality"),
    "region": WHOLE_REGION,
}
_HEAD: Final = {
    "sv": ("mått", "betyder", "enhet", "bättre", "praktisk skillnad", "klasser", "delas på", "beräkning"),
    "en": ("measure", "means", "unit", "better", "practical difference", "classes", "split by", "formula"),
}
_TITLE: Final = Text("Måtten", "The measures")
_CONVENTIONS: Final[tuple[Text, ...]] = (
    Text("Tider: t0 anmält, t1 besök beställt, t2 tilldelat, t3 gav sig av, t4 framme, t5 lämnade, t6 dokumenterat.",
         "Times: t0 logged, t1 visit ordered, t2 assigned, t3 set out, t4 arrived, t5 left, t6 documented."),
    Text("Ett ärende räknas om det anmäldes efter uppvärmningen, ett pass om det började efter uppvärmningen.",
         "A request counts if it was logged after the warm-up, a shift if it began after the warm-up."),
    Text("Ett beställt besök är ett ärende med t1 inom perioden som inte löstes per telefon, återtogs eller "
         "hänvisades. Besökta är de med t4 inom perioden.",
         "An ordered visit is a request with t1 inside the period that was not solved by telephone, cancelled or "
         "referred. Visited means t4 inside the period."),
    Text("Tidsfönstret för ett ärende är det för den timme då besöket beställdes; ärenden som ännu inte beställts vid "
         "slutet hör till den sista timmens tidsfönster.",
         "The window of a request is the window of the hour in which the visit was ordered; requests not yet ordered "
         "at the end belong to the window of the last hour."),
    Text("Klassen acute är A1 + A2 + A3, planned är R + P. Ordet all står där en dimension inte delas. Andelar är 0–1.",
         "The class acute is A1 + A2 + A3, planned is R + P. The word all stands where a dimension is not split. "
         "Shares are 0–1."),
    Text("Priser och andelar under kostnaderna är antaganden i scenariots avsnitt costs, de flesta uppskattade. Ingen "
         "undviken inläggning räknas in.",
         "Prices and shares behind the costs are assumptions in the scenario's part costs, most of them estimates. No "
         "avoided admission is counted."),
    Text("Percentiler är exakta ordningsstatistikor (Hyndman och Fan typ 1). n är nämnaren. Värdet saknas när n = 0.",
         "Percentiles are exact order statistics (Hyndman and Fan type 1). n is the denominator. The value is missing "
         "when n = 0."),
    Text("Värden har 37 binära siffror, elva decimala: finare än simuleringens klocka för allt som tar under ett dygn.",
         "Values have 37 binary digits, eleven decimal ones: finer than the clock of the simulation for whatever takes "
         "less than a day."),
    Text("En percentil som faller bland dem som aldrig fick besök är obegränsad: inf i filer och tabeller, texten inf "
         "i --json (JSON saknar ord för det), ∞ där människor läser. Ett medel över upprepningar är obegränsat om en "
         "av dem är det; inget medel tas av resten. I en jämförelse är två obegränsade värden ingen lika: ingen av dem "
         "ligger före. Då räknas i hur många upprepningar den ena ligger före med minst gränsen.",
         "A percentile that falls among those who never got a visit is unbounded: inf in files and tables, the text "
         "inf in --json (JSON has no word for it), ∞ where people read. A mean over replications is unbounded if one "
         "of them is; no mean is taken of the rest. In a comparison two unbounded values are no tie: neither is ahead. "
         "Then the replications are counted in which one is ahead by at least the threshold."),
    Text("Schemalagd tid är passets början till slut; betald tid till dess läkaren är hemma.",
         "Scheduled time is from the start to the end of the shift; paid time lasts until the physician is home."),
    Text("Av ett samtal är t4 och t5 början och slut. Samtal är inga besök; öppna samtal är inte beställda besök.",
         "Of a call t4 and t5 are the beginning and the end. Calls are no visits; open calls are no ordered visits."),
    Text("Kurvorna är de kumulativa andelarna framme och eskalerade per minut sedan t1, bland besök beställda minst "
         "480 minuter före periodens slut, så att ingen följs för kort.",
         "The curves are the cumulative shares arrived and escalated by minutes since t1, among visits ordered at "
         "least 480 minutes before the end of the period, so that none is followed too briefly."),
    Text("Timtabellen är medelantalet läkare per veckodag och timme efter uppvärmningen. Resor till patient ligger på "
         "sin minut, och samtal i kolumnen telephone. Journalen har inga klockslag för hemresor: varje pass hemresor "
         "är jämnt utspridda över dess tid mellan stoppen, så att summan stämmer.",
         "The table of hours is the mean number of physicians by weekday and hour after the warm-up. Legs to a patient "
         "are at their minute, and calls in the column telephone. The journal has no clock times for legs home: those "
         "of a shift are spread evenly over its time between stops, so that the sum is right."),
)  # fmt: skip


def dictionary(lang: str, definitions: Sequence[MeasureDefinition] = MEASURES) -> str:
    """The page; `lang` is sv or en."""
    said = [f"* {text.get(lang)}" for text in _CONVENTIONS]
    rows = [
        (
            f"`{item.name}`",
            item.title.get(lang),
            unit(item.unit).many.get(lang),
            DIRECTIONS[item.better].get(lang),
            f"`{item.practical}`" if item.practical else "–",
            ", ".join(item.classes),
            _SPLITS[item.split].get(lang),
            item.formula.get(lang),
        )
        for item in definitions
    ]
    return "\n".join([f"# {_TITLE.get(lang)}", "", *said, "", markdown(_HEAD[lang], rows)]) + "\n"
