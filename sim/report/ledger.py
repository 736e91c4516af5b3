"""The consequence table Regionen | Kommunerna: what each model asks of each party a year, beside the reference.

Comparisons in, rows out: a frame for files and a text for people. Several comparisons stand side by side, such as kort
sikt (year 1 with today's staff) and lång sikt (2030 or 2035 with staff set anew); nothing is computed anew here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from sim.errors import ResultsError
from sim.language.numbers import MISSING, between, number
from sim.language.tables import aligned
from sim.language.units import unit
from sim.measures.definitions import definition
from sim.scenario.fields import extra_of
from sim.scenario.prices import Costs
from sim.text import Text

REGION: Final = Text("Regionen", "The region")
MUNICIPALITIES: Final = Text("Kommunerna", "The municipalities")
PATIENTS: Final = Text("Patienterna", "The patients")
SHORT_TERM: Final = Text("kort sikt", "short term")
LONG_TERM: Final = Text("lång sikt", "long term")


class Horizon(NamedTuple):
    """A column of the table: what it is called and the rows of `Comparison.frame` of one scenario."""

    title: Text
    comparison: pd.DataFrame


class Entry(NamedTuple):
    """A row of the table: a measure that one party bears. `rests_on` names the fields of the scenario's costs that its
    numbers come from."""

    party: Text
    measure: str
    rests_on: tuple[str, ...] = ()

    @property
    def estimated(self) -> bool:
        """Whether one of the figures it rests on is an estimate and not published or measured."""
        return any(extra_of(Costs.model_fields[name])["quality"] == "estimate" for name in self.rests_on)


_REGION_COSTS: Final = (
    "physician_hour", "contractor_hour", "car_km", "ambulance_transport", "ed_visit", "ward_days_per_stay",
    "inpatient_day", "vardcentral_visit",
)  # fmt: skip
_NURSE: Final = ("nurse_present_share", "nurse_waiting_share")

ENTRIES: Final[tuple[Entry, ...]] = (
    Entry(REGION, "hours_per_week"),
    Entry(REGION, "overtime_h_per_week"),
    Entry(REGION, "clinic_h_per_week"),
    Entry(REGION, "contractor_h_per_year"),
    Entry(REGION, "km_per_year"),
    Entry(REGION, "co2_kg_per_year", ("co2_g_per_km",)),
    Entry(REGION, "transports"),
    Entry(REGION, "ed_visits"),
    Entry(REGION, "ward_days", ("ward_days_per_stay",)),
    Entry(REGION, "referred_to_vardcentral"),
    Entry(REGION, "cost_physicians", ("physician_hour", "contractor_hour")),
    Entry(REGION, "cost_contractor", ("contractor_hour",)),
    Entry(REGION, "cost_travel", ("car_km",)),
    Entry(REGION, "cost_transports", ("ambulance_transport",)),
    Entry(REGION, "cost_ed", ("ed_visit",)),
    Entry(REGION, "cost_ward", ("ward_days_per_stay", "inpatient_day")),
    Entry(REGION, "cost_vardcentral", ("vardcentral_visit",)),
    Entry(REGION, "cost_region", _REGION_COSTS),
    Entry(MUNICIPALITIES, "nurse_h_per_year", _NURSE),
    Entry(MUNICIPALITIES, "cost_municipalities", (*_NURSE, "nurse_hour")),
    Entry(PATIENTS, "waiting_h_per_year"),
    Entry(PATIENTS, "broken_promises"),
)

COLUMNS: Final = (
    "horizon", "model", "reference", "municipality", "party", "measure", "unit", "estimated",
    "mean", "reference_mean", "difference", "lower", "upper", "n", "verdict", "low5", "high95",
)  # fmt: skip
_TAKEN: Final = ("mean", "reference_mean", "difference", "lower", "upper", "n", "verdict")
_WIDE: Final = ("low5", "high95")  # over plausible worlds, where they were run


def ledger(horizons: Sequence[Horizon], municipality: str = "all") -> pd.DataFrame:
    """The rows of the table: model by model, entry by entry, horizon by horizon, with the columns `COLUMNS`.

    `horizon` and `party` are the Swedish words. The intervals are those of the comparison. For one `municipality` the
    entries are those that are known of it: what follows for its patients and nurses, and the physicians based there.
    An entry without any value is left out. ResultsError when a comparison holds several scenarios or two horizons have
    the same title.
    """
    titles = [horizon.title.sv for horizon in horizons]
    if len(set(titles)) < len(titles):
        raise ResultsError(_SAME_TITLE.format(titles=", ".join(titles)))
    found = [_of_horizon(horizon, municipality) for horizon in horizons]
    rows = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(COLUMNS))
    order = {
        "model": {model: place for place, model in enumerate(dict.fromkeys(rows["model"]))},
        "measure": {entry.measure: place for place, entry in enumerate(ENTRIES)},
        "horizon": {title: place for place, title in enumerate(titles)},
    }
    places = [rows[column].map(place) for column, place in order.items()]
    return rows.iloc[np.lexsort(places[::-1])].reset_index(drop=True)[list(COLUMNS)]


def _of_horizon(horizon: Horizon, municipality: str) -> pd.DataFrame:
    frame = horizon.comparison
    if frame["scenario"].nunique() > 1:
        raise ResultsError(_SEVERAL.format(title=horizon.title, n=frame["scenario"].nunique()))
    of_measure = {entry.measure: entry for entry in ENTRIES}
    spoken = [_WIDEST.get(name, "all") for name in frame["measure"]]
    mine = (
        frame["measure"].isin(list(of_measure)) & (frame["municipality"] == municipality) & (frame["class"] == spoken)
    )
    rows = frame[mine & frame["mean"].notna()]
    entries = [of_measure[name] for name in rows["measure"]]
    return pd.DataFrame(
        {
            "horizon": horizon.title.sv,
            "model": rows["model"].to_numpy(),
            "reference": rows["reference"].to_numpy(),
            "municipality": municipality,
            "party": [entry.party.sv for entry in entries],
            "measure": rows["measure"].to_numpy(),
            "unit": [definition(entry.measure).unit for entry in entries],
            "estimated": [entry.estimated for entry in entries],
            **{column: rows[column].to_numpy() for column in _TAKEN},
            **{column: rows.get(column, pd.Series(np.nan, rows.index)).to_numpy() for column in _WIDE},
        }
    )


# The widest class that each measure is made for.
_WIDEST: Final = {entry.measure: definition(entry.measure).classes[0] for entry in ENTRIES}

_SAME_TITLE: Final = Text(
    "två tidshorisonter i tabellen har samma titel: {titles}",
    "two horizons of the ledger have the same title: {titles}",
)
_SEVERAL: Final = Text(
    "tabellens {title} har {n} scenarier; ge vart och ett en tidshorisont",
    "the ledger's {title} holds {n} scenarios; give each a horizon",
)
_HEAD: Final = Text("{model} jämfört med {reference}", "{model} compared with {reference}")
_PLACE: Final = Text("{model} jämfört med {reference}, {place}", "{model} compared with {reference}, {place}")
_MARK: Final = "*"
_NOTES: Final = (
    Text(
        "Varje kolumn: modellens värde; skillnaden mot jämförelsemodellen, parvis, och dess intervall.",
        "Each column: the model's value; its paired difference from the reference, and the interval.",
    ),
    Text(
        f"{_MARK} vilar på ett uppskattat pris eller en uppskattad andel; regionens egna skrivs i scenariots avsnitt "
        "costs.",
        f"{_MARK} rests on an estimated price or share; put the region's own in the scenario's part costs.",
    ),
    Text(
        "Även de övriga bygger på uppskattade volymer: illustrativa indata. Ingen undviken inläggning är inräknad.",
        "The others too are built on estimated volumes: illustrative input data. No avoided admission is counted.",
    ),
)
_NOTE_PLACE: Final = Text(
    "Läkartimmar, resor och deras kostnader avser läkare med bas i kommunen; det övriga avser kommunens patienter.",
    "Physician-hours, driving and their costs: physicians based in the municipality; the rest: its patients.",
)


def ledger_text(
    frame: pd.DataFrame, lang: str, titles: Mapping[str, Text] | None = None, horizons: Iterable[Text] = ()
) -> str:
    """The rows of `ledger` as a table of plain text for each model, party by party, horizons side by side.

    `titles` of the models and both languages of the `horizons`; without them their names in the frame stand.
    """
    titles = titles or {}
    spoken = {title.sv: title.get(lang) for title in horizons}
    parts = [_of_model(rows, lang, titles, spoken) for _, rows in frame.groupby("model", sort=False)]
    notes = _NOTES if set(frame["municipality"]) <= {"all"} else (*_NOTES, _NOTE_PLACE)
    return "\n\n".join([*parts, "\n".join(note.get(lang) for note in notes)]) + "\n"


_SUMS: Final = ((REGION, "cost_region"), (MUNICIPALITIES, "cost_municipalities"))
_LINE: Final = Text(
    "{model} jämfört med {reference}, {horizon}, per år: {sums} (uppskattade priser).",
    "{model} compared with {reference}, {horizon}, a year: {sums} (estimated prices).",
)
_SUM: Final = Text("{amount} mnkr", "{amount} MSEK")
_OVER: Final = Text(
    "{span} mnkr i nio av tio tänkbara världar, {amount} mnkr givet dessa indata",
    "{span} MSEK in nine of ten plausible worlds, {amount} MSEK given these inputs",
)


def ledger_lines(
    frame: pd.DataFrame, lang: str, titles: Mapping[str, Text] | None = None, horizons: Iterable[Text] = ()
) -> list[str]:
    """A sentence for each model and horizon: what Regionen and Kommunerna pay more or less a year, over plausible
    worlds where they were run, and given these inputs with the interval.

    Arguments as for `ledger_text`; a model without both costs has no sentence.
    """
    titles = titles or {}
    spoken = {title.sv: title.get(lang) for title in horizons}
    lines = []
    for (horizon, model, reference), rows in frame.groupby(["horizon", "model", "reference"], sort=False):
        costs = {row.measure: row for row in rows.itertuples(index=False)}
        if not all(measure in costs for _, measure in _SUMS):
            continue
        sums = [f"{party.get(lang)} {_millions(costs[measure], lang)}" for party, measure in _SUMS]
        model_, reference_ = (titles.get(name, Text(name, name)).get(lang) for name in (str(model), str(reference)))
        said = {"horizon": spoken.get(str(horizon), str(horizon)), "sums": ", ".join(sums)}
        lines.append(_LINE.get(lang).format(model=model_, reference=reference_, **said))
    return lines


def _millions(row: Any, lang: str) -> str:
    """A difference in millions and its interval: "−12,7 (−13,1 till −12,4)", behind the range over plausible worlds; a
    decimal more below one million, or where both ends would be written alike."""
    values = [float(getattr(row, name)) / 1e6 for name in ("difference", "lower", "upper")]
    digits = 1 if max((abs(value) for value in values if value == value), default=0.0) >= 1 else 2
    if number(values[1], lang, digits) == number(values[2], lang, digits):
        digits += 1
    difference, lower, upper = (number(value, lang, digits, sign=place == 0) for place, value in enumerate(values))
    amount = f"{difference} ({between(lower, upper, lang)})" if values[1] == values[1] else difference
    least, most = (float(getattr(row, name, np.nan)) / 1e6 for name in _WIDE)
    if least != least:
        return _SUM.get(lang).format(amount=amount)
    few = 1 if max(abs(least), abs(most)) >= 1 else 2
    span = between(number(least, lang, few), number(most, lang, few), lang)
    return _OVER.get(lang).format(span=span, amount=amount)


def _of_model(rows: pd.DataFrame, lang: str, titles: Mapping[str, Text], spoken: Mapping[str, str]) -> str:
    first = rows.iloc[0]
    model, reference = (titles.get(name, Text(name, name)).get(lang) for name in (first["model"], first["reference"]))
    place = str(first["municipality"])
    head = (_HEAD if place == "all" else _PLACE).get(lang).format(model=model, reference=reference, place=place)
    columns = list(dict.fromkeys(rows["horizon"]))
    lines = [["", *(spoken.get(name, name) for name in columns)]]
    said = {(row.measure, row.horizon): _cell(row, lang) for row in rows.itertuples(index=False)}
    for party in (REGION, MUNICIPALITIES, PATIENTS):
        own = [entry for entry in ENTRIES if entry.party == party and entry.measure in set(rows["measure"])]
        lines += [[party.get(lang)]] if own else []
        for entry in own:
            item = definition(entry.measure)
            label = f"  {item.title.get(lang)}{_MARK if entry.estimated else ''} ({unit(item.unit).many.get(lang)})"
            lines.append([label, *(said.get((entry.measure, name), MISSING) for name in columns)])
    return f"{head}\n\n{aligned(lines, rule=False)}"


def _cell(row: Any, lang: str) -> str:
    """A value, its difference and interval: "1 200; −35 (−60 till −10)"."""
    mean, difference, lower, upper = (float(getattr(row, name)) for name in ("mean", "difference", "lower", "upper"))
    known = [abs(value) for value in (mean, difference, lower, upper) if value == value]
    digits = 0 if max(known, default=0.0) >= 100 else 1
    text = f"{number(mean, lang, digits)}; {number(difference, lang, digits, sign=True)}"
    if lower != lower:
        return text
    return f"{text} ({between(number(lower, lang, digits), number(upper, lang, digits), lang)})"
