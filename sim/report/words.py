"""What the report says and which measures it shows; the words lie in words.sv.toml and words.en.toml, `say` fills
them in.

Measures keep the titles of `sim.measures`; here stand only the short, plain ones that a decision maker reads first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from sim.language.units import as_shown, of_difference
from sim.language.wordlist import wordlist
from sim.measures.definitions import HEADLINES, definition
from sim.text import Text


@dataclass(frozen=True)
class Shown:
    """How a measure is shown: short title, what it means in plain words, decimals; the unit follows its definition."""

    measure: str
    class_: str
    title: Text
    meaning: Text
    digits: int

    @property
    def factor(self) -> float:
        """From the unit of the table to the unit shown: shares become per cent, yearly sums millions."""
        return as_shown(definition(self.measure).unit)[0]

    @property
    def unit(self) -> Text:
        return as_shown(definition(self.measure).unit)[1].short

    @property
    def difference_unit(self) -> Text:
        """The unit of a difference: percentage points where the measure is a share."""
        return of_difference(definition(self.measure).unit)[1].short


_DIGITS: Final = {
    "SEK/year": 2, "SEK": 0, "index": 3, "per hour": 2, "h/year": 0, "km/year": 0, "kg/year": 0, "days/year": 0,
}  # fmt: skip

_PLAIN: Final[dict[str, tuple[Text, Text, int]]] = {
    "requests": (Text("Behov per år", "Requests a year"), Text("anmälda behov", "requests logged"), 0),
    "response_min": (
        Text("Svarstid", "Response time"),
        Text(
            "från att besöket beställts till att läkaren är på plats, medel",
            "from the visit being ordered until the physician arrives, mean",
        ),
        1,
    ),
    "response_p90_min": (
        Text("Svarstid för nio av tio", "Response time, nine in ten"),
        Text(
            "så länge väntar högst nio av tio; de som ger upp räknas som oändligt långa",
            "nine in ten wait at most this long; those who give up count as infinitely long",
        ),
        1,
    ),
    "in_target": (
        Text("Inom målet", "Within target"),
        Text(
            "andel av de beställda besöken som får läkare inom måltiden",
            "share of ordered visits reached within the target time",
        ),
        1,
    ),
    "escalated": (
        Text("Gav upp väntan", "Gave up waiting"),
        Text(
            "andel av alla behov, även de lösta per telefon, som i stället fick ambulans, akutmottagning eller "
            "vårdavdelning innan någon läkare gett sig av",
            "share of all needs, also those solved by telephone, that ended with an ambulance, an emergency "
            "department or a ward before any physician had set out",
        ),
        1,
    ),
    "gap_response_min": (
        Text("Kommunskillnad i svarstid", "Gap between municipalities"),
        Text(
            "svarstid i den långsammaste kommunen minus den snabbaste",
            "response in the slowest municipality minus the fastest",
        ),
        1,
    ),
    "travel_min_per_visit": (
        Text("Restid per besök", "Travel per visit"),
        Text(
            "all körning, hemresor inräknade, delad på antalet besök",
            "all driving, legs home included, divided by the number of visits",
        ),
        1,
    ),
    "utilisation": (
        Text("Läkarbelastning", "Physician load"),
        Text(
            "körning, patienttid, dokumentation och telefon som andel av schemalagd tid",
            "driving, patient time, documentation and telephone as a share of scheduled time",
        ),
        1,
    ),
    "overtime_h_per_week": (
        Text("Övertid", "Overtime"),
        Text(
            "timmar i veckan efter passets slut, alla läkare tillsammans",
            "hours a week after the end of the shift, all physicians together",
        ),
        1,
    ),
    "on_promised_day": (
        Text("I tid, planerat", "On time, planned"),
        Text(
            "andel ronder och planerade besök som görs inom utlovad tid",
            "share of rounds and planned visits made by the promised day",
        ),
        1,
    ),
    "days_to_visit": (
        Text("Dygn till besök", "Days to visit"),
        Text("från behov till besök, medel", "from need to visit, mean"),
        1,
    ),
    "queue_min": (
        Text("Kötid", "Queue time"),
        Text(
            "från att besöket beställts till att läkaren ger sig av, medel",
            "from the visit being ordered until the physician sets out, mean",
        ),
        1,
    ),
    "response_logged_min": (
        Text("Svarstid från anmälan", "Response time from the call"),
        Text(
            "från anmälan till att läkaren är på plats, bedömningen inräknad, medel",
            "from the call until the physician arrives, triage included, mean",
        ),
        1,
    ),
    "waiting_h_per_year": (
        Text("Patienternas väntan", "Patients' waiting"),
        Text(
            "alla oplanerade patienters väntan på läkaren tillsammans",
            "the time that all unplanned patients wait for the physician, together",
        ),
        0,
    ),
    "upc": (
        Text("Kontinuitet, vanligaste läkaren (UPC)", "Continuity, usual physician (UPC)"),
        Text(
            "andel av en patients besök som den vanligaste läkaren gjorde, 0–1; patienter med minst tre besök",
            "share of a patient's visits made by the most usual physician, 0–1; patients with at least three visits",
        ),
        2,
    ),
    "coc": (
        Text("Kontinuitet, få läkare (COC)", "Continuity, few physicians (COC)"),
        Text(
            "1 när samma läkare gjort alla en patients besök, 0 när alla gjordes av olika; minst tre besök",
            "1 when one physician made all of a patient's visits, 0 when each was made by another; three or more",
        ),
        2,
    ),
    "nights_disturbed": (
        Text("Störda nätter", "Nights disturbed"),
        Text(
            "andel av nattpassen då läkaren var ute eller skötte ett samtal mellan 00 och 05",
            "share of night shifts in which the physician was out or had a call between 00 and 05",
        ),
        1,
    ),
    "hours_per_week": (
        Text("Läkartimmar i tjänst", "Physician-hours on duty"),
        Text("schemalagd tid utom betald vila efter jour", "scheduled time without paid rest after duty"),
        1,
    ),
    "by_named": (
        Text("Av fast läkare", "By the named physician"),
        Text(
            "andel av stoppen hos listade patienter och hem som den fasta läkarkontakten gjorde",
            "share of stops with listed patients and homes that were made by the named physician",
        ),
        1,
    ),
    "rest_breaches": (
        Text("Brott mot dygnsvilan", "Breaches of daily rest"),
        Text(
            "gånger då en läkare fick mindre än 11 timmars vila på ett dygn, alla läkare tillsammans",
            "times that a physician had less than 11 hours of rest in a day, all physicians together",
        ),
        1,
    ),
    "cost_region": (
        Text("Regionens kostnad*", "The region's cost*"),
        Text(
            "läkare, bil, ambulans, akutmottagning, palliativ avdelning och vårdcentral",
            "physicians, cars, ambulance, emergency department, palliative ward and vårdcentral",
        ),
        2,
    ),
    "cost_municipalities": (
        Text("Kommunernas kostnad*", "The municipalities' cost*"),
        Text("sjuksköterskornas tid vid läkarbesöken", "the nurses' time at the physician's visits"),
        2,
    ),
}


def shown(measure: str, class_: str = "all") -> Shown:
    """The plain words of a measure; its own title where there are none."""
    item = definition(measure)
    title, meaning, digits = _PLAIN.get(measure) or (item.title, item.formula, _DIGITS.get(item.unit, 1))
    if class_ == "acute" and measure != "gap_response_min":
        title = Text(f"{title.sv}, akuta", f"{title.en}, acute")
    return Shown(measure, class_, title, meaning, digits)


HEADLINE: Final = tuple(shown(measure, class_) for measure, class_ in HEADLINES)
# The first table: what verdicts are spoken of, then continuity, rest and the two payers.
MAIN: Final = (*HEADLINE, *(shown(m) for m in ("by_named", "rest_breaches", "cost_region", "cost_municipalities")))
# What the first table leaves out, by subject.
MORE: Final[tuple[tuple[str, tuple[Shown, ...]], ...]] = (
    (
        "more_access",
        (
            shown("response_p90_min", "acute"), shown("queue_min", "acute"), shown("response_logged_min", "acute"),
            shown("waiting_h_per_year"), shown("days_to_visit", "planned"), shown("broken_promises", "planned"),
            shown("not_reached_per_year", "planned"), shown("conveyed_per_year"),
        ),
    ),
    (
        "more_continuity",
        (shown("by_named", "acute"), shown("by_own_vardcentral"), shown("upc"), shown("coc")),
    ),
    (
        "more_working_time",
        (
            shown("hours_per_week"), shown("visits_per_hour"), shown("stops_per_hour"), shown("visits_per_shift"),
            shown("nights_disturbed"), shown("longest_stretch_h"), shown("long_days"), shown("long_weeks"),
            shown("clinic_h_per_week"), shown("contractor_h_per_year"), shown("load_spread"), shown("hours_gini"),
        ),
    ),
    (
        "more_equity",
        (shown("gap_in_target", "acute"), shown("gini_response", "acute"), shown("gini_in_target", "acute")),
    ),
    ("more_driving", (shown("km_per_visit"), shown("km_per_year"), shown("co2_kg_per_year"))),
    (
        "more_costs",
        (
            shown("cost_physicians"), shown("cost_contractor"), shown("cost_travel"), shown("cost_transports"),
            shown("cost_ed"), shown("cost_ward"), shown("cost_vardcentral"), shown("cost_total"),
            shown("cost_per_visit"),
        ),
    ),
)  # fmt: skip
# Which parts of the method are told, in this order; `method_<part>` is its name and `method_<part>_text` what is said.
METHOD: Final = ("simulation", "same_patients", "warm_up", "uncertainty", "practical", "leavers")


def say(key: str, lang: str, **values: object) -> str:
    """The words of `key` in `lang` with `values` filled in. Raises KeyError for an unknown key."""
    return everything()[key].get(lang).format(**values)


@cache
def everything() -> dict[str, Text]:
    """All words of the report by key, read once from words.sv.toml and words.en.toml."""
    return wordlist(Path(__file__).with_name("words"))
