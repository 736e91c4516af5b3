"""How much is asked for, and how soon somebody comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.columns import Floats
from sim.measures.forms import AYear, Computed, MeasureDefinition, Plain, Ratio, Spoken
from sim.measures.passes.sums import (
    ALL,
    DONE_COUNT,
    DONE_VISITS,
    IN_TARGET,
    JUDGED,
    ORDERED,
    QUEUE,
    RESPONSE,
    RESPONSE_LOGGED,
    TRAVEL,
    VISITED,
)
from sim.measures.vocabulary import CELL_CLASSES, FILES_ONLY, UNPLANNED_CELLS, WIDE_CELLS
from sim.text import Text

if TYPE_CHECKING:
    from sim.measures.passes.whole import Counted


def response_p90(counted: Counted) -> tuple[Floats, Floats]:
    """Of the ordered unplanned visits, those never visited being infinitely long; with their number."""
    rows = [CELL_CLASSES.index(klass) for klass in UNPLANNED_CELLS]
    return counted.p90.T, counted.requests[ORDERED][rows]


MEASURES: Final = (
    MeasureDefinition(
        "requests",
        Text("Ärenden", "Requests"),
        "per year",
        Text("antal anmälda ärenden, räknat på 52 veckor", "requests logged, scaled to 52 weeks"),
        "none",
        AYear(ALL, ALL),
        plain=Plain(Text("Ärenden per år", "Requests a year"), Text("anmälda ärenden", "requests logged"), 0),
    ),
    MeasureDefinition(
        "visits",
        Text("Besök", "Visits"),
        "per year",
        Text(
            "sedda patienter vid avslutade stopp, räknat på 52 veckor; n = avslutade stopp",
            "patients seen at completed stops, scaled to 52 weeks; n = completed stops",
        ),
        "higher",
        AYear(DONE_VISITS, DONE_COUNT),
        practical="visits_per_year",
        subject=FILES_ONLY,
    ),
    MeasureDefinition(
        "stops",
        Text("Stopp", "Stops"),
        "per year",
        Text(
            "avslutade stopp, räknat på 52 veckor; en rond är ett stopp med flera besök",
            "completed stops, scaled to 52 weeks; a round is one stop with several visits",
        ),
        "none",
        AYear(DONE_COUNT, DONE_COUNT),
        classes=WIDE_CELLS,
        subject=FILES_ONLY,
    ),
    MeasureDefinition(
        "response_min",
        Text("Svarstid", "Response time"),
        "min",
        Text("medel av t4 − t1 bland besökta", "mean of t4 − t1 among those visited"),
        "lower",
        Ratio(RESPONSE, VISITED),
        practical="response_min",
        classes=UNPLANNED_CELLS,
        headline="acute",
        spoken=Spoken(
            1,
            Text("når akuta patienter {amount} snabbare än", "reaches acute patients {amount} faster than"),
            Text("når akuta patienter {amount} långsammare än", "reaches acute patients {amount} slower than"),
            Text("svarstid till akuta patienter", "response time to acute patients"),
        ),
        plain=Plain(
            Text("Svarstid", "Response time"),
            Text(
                "från att besöket beställts till att läkaren är på plats, medel",
                "from the visit being ordered until the physician arrives, mean",
            ),
            1,
        ),
    ),
    MeasureDefinition(
        "response_logged_min",
        Text("Svarstid från anmälan", "Response time from the call"),
        "min",
        Text("medel av t4 − t0 bland besökta", "mean of t4 − t0 among those visited"),
        "lower",
        Ratio(RESPONSE_LOGGED, VISITED),
        practical="response_min",
        classes=UNPLANNED_CELLS,
        subject="access",
        plain=Plain(
            Text("Svarstid från anmälan", "Response time from the call"),
            Text(
                "från anmälan till att läkaren är på plats, bedömningen inräknad, medel",
                "from the call until the physician arrives, triage included, mean",
            ),
            1,
        ),
    ),
    MeasureDefinition(
        "response_p90_min",
        Text("Svarstid, 90:e percentilen", "Response time, 90th percentile"),
        "min",
        Text(
            "minsta observerade t4 − t1 som minst 90 % av de beställda besöken inte överskrider; eskalerade och "
            "öppna räknas som oändligt långa, och värdet är obegränsat (inf) när percentilen faller bland dem",
            "smallest observed t4 − t1 that at least 90% of the ordered visits do not exceed; escalated and open "
            "ones count as infinite, and the value is unbounded (inf) when the percentile falls among them",
        ),
        "lower",
        Computed(response_p90),
        practical="response_min",
        classes=UNPLANNED_CELLS,
        subject="access",
        plain=Plain(
            Text("Svarstid för nio av tio", "Response time, nine in ten"),
            Text(
                "så länge väntar högst nio av tio; de som ger upp räknas som oändligt långa",
                "nine in ten wait at most this long; those who give up count as infinitely long",
            ),
            1,
        ),
    ),
    MeasureDefinition(
        "queue_min",
        Text("Kötid", "Queue time"),
        "min",
        Text(
            "medel av t3 − t1 bland besökta; kötid + restid = svarstid",
            "mean of t3 − t1 among those visited; queue + travel = response",
        ),
        "lower",
        Ratio(QUEUE, VISITED),
        practical="response_min",
        classes=UNPLANNED_CELLS,
        subject="access",
        plain=Plain(
            Text("Kötid", "Queue time"),
            Text(
                "från att besöket beställts till att läkaren ger sig av, medel",
                "from the visit being ordered until the physician sets out, mean",
            ),
            1,
        ),
    ),
    MeasureDefinition(
        "travel_min",
        Text("Restid till patienten", "Travel time to the patient"),
        "min",
        Text("medel av t4 − t3 bland besökta", "mean of t4 − t3 among those visited"),
        "lower",
        Ratio(TRAVEL, VISITED),
        practical="travel_min",
        subject=FILES_ONLY,
    ),
    MeasureDefinition(
        "in_target",
        Text("Inom målet", "Within target"),
        "share",
        Text(
            "andel av de beställda besöken med t4 − t1 ≤ målet; eskalerade och de öppna som väntat minst så länge "
            "som målet är missar; öppna som väntat kortare än målet ingår inte",
            "share of ordered visits with t4 − t1 ≤ target; escalated ones, and open ones that have waited at "
            "least as long as the target, are misses; open ones that have waited less are left out",
        ),
        "higher",
        Ratio(IN_TARGET, JUDGED),
        practical="in_target_pp",
        classes=UNPLANNED_CELLS,
        headline="acute",
        spoken=Spoken(
            2,
            Text(
                "når {amount} färre av de akuta patienterna inom målet än",
                "reaches {amount} fewer of the acute patients within target than",
            ),
            Text(
                "når {amount} fler av de akuta patienterna inom målet än",
                "reaches {amount} more of the acute patients within target than",
            ),
            Text("andel akuta patienter inom målet", "share of acute patients within target"),
        ),
        plain=Plain(
            Text("Inom målet", "Within target"),
            Text(
                "andel av de beställda besöken som får läkare inom måltiden",
                "share of ordered visits reached within the target time",
            ),
            1,
        ),
    ),
)
