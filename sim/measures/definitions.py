"""Every measure once: name, title, unit, formula, direction and practical threshold. Also the data dictionary."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from sim.codes import ACUTE, CLASSES, PLANNED
from sim.text import Text

Better = Literal["lower", "higher", "none"]

CELL_CLASSES: Final = ("all", "acute", "planned", *CLASSES)
CURVE_CLASSES: Final = (*ACUTE, "acute")
CURVE_GRID: Final = tuple(range(0, 490, 10))  # minutes, evenly spaced from 0
HOUR_STATES: Final = ("on_shift", "driving", "on_scene", "documenting")
_ACUTE_CELLS: Final = ("acute", *ACUTE)
_PLANNED_CELLS: Final = ("planned", *PLANNED)

UNITS: Final = {
    "min": Text("minuter", "minutes"),
    "share": Text("andel", "share"),
    "per year": Text("per år", "a year"),
    "days": Text("dygn", "days"),
    "h/week": Text("timmar i veckan", "hours a week"),
    "per hour": Text("per timme", "an hour"),
    "km": Text("km", "km"),
    "visits": Text("besök", "visits"),
    "index": Text("index 0–1", "index 0–1"),
}


class MeasureDefinition(NamedTuple):
    """What a measure means.

    `unit` is a key of `UNITS`; `better` says which direction is an improvement; `practical` is the key under
    `comparison.practical` in a scenario that holds its practical-difference threshold ("" for none);
    `classes` are the classes of request (see `CELL_CLASSES`) it is made for;
    `split` says which cells it is made for: "request" (municipality of the patient, group, window), "shift"
    (municipality of the base) or "county" (one value); `headline` is the class spoken of in verdict sentences, "" when
    it is not.
    """

    name: str
    title: Text
    unit: str
    formula: Text
    better: Better
    practical: str
    classes: tuple[str, ...] = CELL_CLASSES
    split: Literal["request", "shift", "county"] = "request"
    headline: str = ""


MEASURES: Final[tuple[MeasureDefinition, ...]] = (
    MeasureDefinition(
        "requests", Text("Behov", "Requests"), "per year",
        Text("antal anmälda behov, räknat på 52 veckor", "requests logged, scaled to 52 weeks"), "none", "",
    ),
    MeasureDefinition(
        "visits", Text("Besök", "Visits"), "per year",
        Text("sedda patienter vid avslutade stopp, räknat på 52 veckor; n = avslutade stopp",
             "patients seen at completed stops, scaled to 52 weeks; n = completed stops"), "higher", "",
    ),
    MeasureDefinition(
        "response_min", Text("Svarstid", "Response time"), "min",
        Text("medel av t4 − t1 bland besökta", "mean of t4 − t1 among those visited"),
        "lower", "response_min", _ACUTE_CELLS, headline="acute",
    ),
    MeasureDefinition(
        "response_logged_min", Text("Svarstid från anmälan", "Response time from the call"), "min",
        Text("medel av t4 − t0 bland besökta", "mean of t4 − t0 among those visited"),
        "lower", "response_min", _ACUTE_CELLS,
    ),
    MeasureDefinition(
        "response_p90_min", Text("Svarstid, 90:e percentilen", "Response time, 90th percentile"), "min",
        Text("minsta observerade t4 − t1 som minst 90 % av de beställda besöken inte överskrider; eskalerade och öppna "
             "räknas som oändligt långa, och värdet saknas när percentilen faller bland dem",
             "smallest observed t4 − t1 that at least 90% of the ordered visits do not exceed; escalated and open ones "
             "count as infinite, and the value is missing when the percentile falls among them"),
        "lower", "response_min", _ACUTE_CELLS,
    ),
    MeasureDefinition(
        "queue_min", Text("Kötid", "Queue time"), "min",
        Text("medel av t3 − t1 bland besökta; kötid + restid = svarstid",
             "mean of t3 − t1 among those visited; queue + travel = response"), "lower", "response_min", _ACUTE_CELLS,
    ),
    MeasureDefinition(
        "travel_min", Text("Restid till patienten", "Travel time to the patient"), "min",
        Text("medel av t4 − t3 bland besökta", "mean of t4 − t3 among those visited"), "lower", "travel_min",
    ),
    MeasureDefinition(
        "in_target", Text("Inom målet", "Within target"), "share",
        Text("andel av de beställda besöken med t4 − t1 ≤ målet; eskalerade och de öppna som väntat minst så länge som "
             "målet är missar; öppna som väntat kortare än målet ingår inte",
             "share of ordered visits with t4 − t1 ≤ target; escalated ones, and open ones that have waited at least "
             "as long as the target, are misses; open ones that have waited less are left out"),
        "higher", "in_target_pp", _ACUTE_CELLS, headline="acute",
    ),
    MeasureDefinition(
        "escalated", Text("Eskalerade", "Escalated"), "share",
        Text("andel av behoven där tålamodet tog slut innan någon hade gett sig av",
             "share of requests whose patience ran out before anyone had set out"),
        "lower", "share_pp", headline="acute",
    ),
    MeasureDefinition(
        "open", Text("Öppna vid slutet", "Open at the end"), "share",
        Text("andel av behoven som varken är klara, eskalerade eller avslutade på annat sätt vid periodens slut",
             "share of requests neither done, escalated nor ended otherwise at the end of the period"),
        "lower", "share_pp",
    ),
    MeasureDefinition(
        "open_age_days", Text("Ålder på öppna behov", "Age of open requests"), "days",
        Text("medel av periodens slut − t0 bland öppna behov", "mean of end of period − t0 among open requests"),
        "lower", "",
    ),
    MeasureDefinition(
        "on_promised_day", Text("Inom utlovad tid", "By the promised day"), "share",
        Text("andel besökta senast den sista utlovade dagen, av dem vars sista dag har gått till ända inom perioden",
             "share visited on or before the last promised day, of those whose last day ended within the period"),
        "higher", "in_target_pp", _PLANNED_CELLS, headline="planned",
    ),
    MeasureDefinition(
        "days_to_visit", Text("Dygn till besök", "Days to visit"), "days",
        Text("medel av t4 − t0 bland besökta", "mean of t4 − t0 among those visited"), "lower", "", _PLANNED_CELLS,
    ),
    MeasureDefinition(
        "hours_per_week", Text("Läkartimmar", "Physician-hours"), "h/week",
        Text("schemalagda timmar i veckan", "scheduled hours a week"), "none", "load_h_per_week", ("all",), "shift",
    ),
    MeasureDefinition(
        "visits_per_hour", Text("Besök per läkartimme", "Visits per physician-hour"), "per hour",
        Text("besök / schemalagda timmar", "visits / scheduled hours"), "higher", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "stops_per_hour", Text("Stopp per läkartimme", "Stops per physician-hour"), "per hour",
        Text("stopp / schemalagda timmar; en rond är ett stopp med flera besök",
             "stops / scheduled hours; a round is one stop with several visits"), "none", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "utilisation", Text("Läkarbelastning", "Physician load"), "share",
        Text("(körning + hos patient + dokumentation) / schemalagd tid; läses ihop med antalet besök",
             "(driving + on scene + documenting) / scheduled time; read it beside the number of visits"),
        "lower", "load_pp", ("all",), "shift", "all",
    ),
    MeasureDefinition(
        "driving_share", Text("Andel körning", "Share driving"), "share",
        Text("körning, hemresor inräknade / betald tid", "driving, legs home included / paid time"),
        "lower", "load_pp", ("all",), "shift",
    ),
    MeasureDefinition(
        "on_scene_share", Text("Andel hos patient", "Share on scene"), "share",
        Text("tid hos patient / betald tid", "time on scene / paid time"), "none", "load_pp", ("all",), "shift",
    ),
    MeasureDefinition(
        "documenting_share", Text("Andel dokumentation", "Share documenting"), "share",
        Text("dokumentation / betald tid", "documenting / paid time"), "none", "load_pp", ("all",), "shift",
    ),
    MeasureDefinition(
        "idle_share", Text("Andel beredskap", "Share on stand-by"), "share",
        Text("övrig tid / betald tid; de fyra andelarna har summan 1",
             "remaining time / paid time; the four shares sum to 1"), "none", "load_pp", ("all",), "shift",
    ),
    MeasureDefinition(
        "travel_min_per_visit", Text("Restid per besök", "Travel per visit"), "min",
        Text("körning, hemresor inräknade / besök", "driving, legs home included / visits"),
        "lower", "travel_min", ("all",), "shift", "all",
    ),
    MeasureDefinition(
        "km_per_visit", Text("Kilometer per besök", "Kilometres per visit"), "km",
        Text("körda km, hemresor inräknade / besök", "km driven, legs home included / visits"),
        "lower", "travel_km", ("all",), "shift",
    ),
    MeasureDefinition(
        "km_per_stop", Text("Kilometer per stopp", "Kilometres per stop"), "km",
        Text("körda km, hemresor inräknade / stopp", "km driven, legs home included / stops"),
        "lower", "travel_km", ("all",), "shift",
    ),
    MeasureDefinition(
        "overtime_h_per_week", Text("Övertid", "Overtime"), "h/week",
        Text("tid efter passets slut tills läkaren är hemma, timmar i veckan för alla läkare tillsammans",
             "time after the end of the shift until home, hours a week for all physicians together"),
        "lower", "load_h_per_week", ("all",), "shift", "all",
    ),
    MeasureDefinition(
        "visits_per_shift", Text("Besök per pass", "Visits per shift"), "visits",
        Text("besök / pass", "visits / shifts"), "none", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "visits_per_shift_p95", Text("Besök per pass, 95:e percentilen", "Visits per shift, 95th percentile"), "visits",
        Text("minsta antal besök som minst 95 % av passen inte överskrider",
             "smallest number of visits that at least 95% of the shifts do not exceed"), "none", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "nights_disturbed", Text("Störda nätter", "Nights disturbed"), "share",
        Text("andel av passen med schemalagd tid i fönstret natt där läkaren gav sig av minst en gång i fönstret natt",
             "share of the shifts with rostered time in the night window in which the physician set out in it"),
        "lower", "load_pp", ("all",), "shift",
    ),
    MeasureDefinition(
        "load_spread", Text("Spridning i belastning", "Spread of load"), "share",
        Text("standardavvikelse (delat med n) mellan läkare av belastningen; n = läkare",
             "standard deviation (divided by n) between physicians of their load; n = physicians"),
        "lower", "load_pp", ("all",), "shift",
    ),
    MeasureDefinition(
        "gap_response_min", Text("Skillnad i svarstid mellan kommuner", "Gap in response time between municipalities"),
        "min",
        Text("längsta − kortaste svarstid bland kommunerna; n = kommuner med värde",
             "longest − shortest response time among municipalities; n = municipalities with a value"),
        "lower", "response_min", ("acute",), "county", "acute",
    ),
    MeasureDefinition(
        "gap_in_target", Text("Skillnad i måluppfyllelse mellan kommuner", "Gap within target between municipalities"),
        "share",
        Text("högsta − lägsta andel inom målet bland kommunerna",
             "highest − lowest share within target among municipalities"),
        "lower", "in_target_pp", ("acute",), "county",
    ),
    MeasureDefinition(
        "gini_response", Text("Ginikoefficient för svarstid", "Gini coefficient of response time"), "index",
        Text("Gini för kommunernas svarstider, vägd med folkmängd",
             "Gini of the municipalities' response times, weighted by population"), "lower", "", ("acute",), "county",
    ),
)  # fmt: skip

# In the order they are spoken.
HEADLINES: Final[tuple[tuple[str, str], ...]] = tuple(
    (item.name, item.headline)
    for name in (
        "response_min", "in_target", "escalated", "gap_response_min",
        "travel_min_per_visit", "utilisation", "overtime_h_per_week", "on_promised_day",
    )
    for item in MEASURES
    if item.name == name
)  # fmt: skip

_BETTER: Final = {
    "lower": Text("lägre", "lower"),
    "higher": Text("högre", "higher"),
    "none": Text("–", "–"),
}
_SPLITS: Final = {
    "request": Text("patientens kommun; grupp; fönster", "patient's municipality; group; window"),
    "shift": Text("basens kommun", "municipality of the base"),
    "county": Text("hela regionen", "whole region"),
}
_HEAD: Final = Text(
    "| mått | betyder | enhet | bättre | praktisk skillnad | klasser | delas på | beräkning |",
    "| measure | means | unit | better | practical difference | classes | split by | formula |",
)
_TITLE: Final = Text("Måtten", "The measures")
_CONVENTIONS: Final[tuple[Text, ...]] = (
    Text("Tider: t0 anmält, t1 besök beställt, t2 tilldelat, t3 gav sig av, t4 framme, t5 lämnade, t6 dokumenterat.",
         "Times: t0 logged, t1 visit ordered, t2 assigned, t3 set out, t4 arrived, t5 left, t6 documented."),
    Text("Ett behov räknas om det anmäldes efter uppvärmningen, ett pass om det började efter uppvärmningen.",
         "A request counts if it was logged after the warm-up, a shift if it began after the warm-up."),
    Text("Ett beställt besök är ett behov med t1 inom perioden som inte löstes per telefon eller återtogs. "
         "Besökta är de med t4 inom perioden.",
         "An ordered visit is a request with t1 inside the period that was not solved by telephone or cancelled. "
         "Visited means t4 inside the period."),
    Text("Fönstret för ett behov är fönstret för den timme då besöket beställdes; behov som ännu inte beställts vid "
         "slutet hör till den sista timmens fönster.",
         "The window of a request is the window of the hour in which the visit was ordered; requests not yet ordered "
         "at the end belong to the window of the last hour."),
    Text("Klassen acute är A1 + A2 + A3, planned är R + P. Ordet all står där en dimension inte delas. Andelar är 0–1.",
         "The class acute is A1 + A2 + A3, planned is R + P. The word all stands where a dimension is not split. "
         "Shares are 0–1."),
    Text("Percentiler är exakta ordningsstatistikor (Hyndman och Fan typ 1). n är nämnaren. Värdet saknas när n = 0.",
         "Percentiles are exact order statistics (Hyndman and Fan type 1). n is the denominator. The value is missing "
         "when n = 0."),
    Text("Schemalagd tid är passets början till slut; betald tid till dess läkaren är hemma.",
         "Scheduled time is from the start to the end of the shift; paid time lasts until the physician is home."),
    Text("Kurvorna är de kumulativa andelarna framme och eskalerade per minut sedan t1, bland besök beställda minst "
         "480 minuter före periodens slut, så att ingen följs för kort.",
         "The curves are the cumulative shares arrived and escalated by minutes since t1, among visits ordered at "
         "least 480 minutes before the end of the period, so that none is followed too briefly."),
    Text("Timtabellen är medelantalet läkare per veckodag och timme efter uppvärmningen. Resor till patient ligger på "
         "sin minut. Journalen har inga klockslag för hemresor: varje pass hemresor är jämnt utspridda över dess tid "
         "mellan stoppen, så att summan stämmer.",
         "The table of hours is the mean number of physicians by weekday and hour after the warm-up. Legs to a patient "
         "are at their minute. The journal has no clock times for legs home: those of a shift are spread evenly over "
         "its time between stops, so that the sum is right."),
)  # fmt: skip


def definition(name: str) -> MeasureDefinition:
    """The definition of a measure by name; KeyError when there is none."""
    for item in MEASURES:
        if item.name == name:
            return item
    raise KeyError(name)


def dictionary(lang: str) -> str:
    """The data dictionary of the measures in Markdown, made from the definitions; `lang` is sv or en."""
    lines = [f"# {_TITLE.get(lang)}", ""]
    lines += [f"* {text.get(lang)}" for text in _CONVENTIONS]
    lines += ["", _HEAD.get(lang), "|" + "---|" * 8]
    for item in MEASURES:
        cells = (
            f"`{item.name}`",
            item.title.get(lang),
            UNITS[item.unit].get(lang),
            _BETTER[item.better].get(lang),
            f"`{item.practical}`" if item.practical else "–",
            ", ".join(item.classes),
            _SPLITS[item.split].get(lang),
            item.formula.get(lang),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
