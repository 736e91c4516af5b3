"""How requests end when nobody is visited, or not as was meant."""

from __future__ import annotations

from typing import Final

from sim.measures.forms import AYear, MeasureDefinition, Plain, Ratio, Spoken
from sim.measures.passes.sums import (
    ALL,
    AT_ED,
    AT_VARDCENTRAL,
    CANCELLED_COUNT,
    CONVEYED_COUNT,
    DONE_COUNT,
    ESCALATED_COUNT,
    ON_TELEPHONE,
    OPEN_AGE,
    OPEN_COUNT,
    ORDERED,
    REFERRED_COUNT,
    TELEPHONE_COUNT,
    WAITING,
)
from sim.measures.vocabulary import ALL_AND_UNPLANNED, FILES_ONLY, WHOLE, WIDE_CELLS
from sim.text import Text

MEASURES: Final = (
    MeasureDefinition(
        "escalated",
        Text("Eskalerade", "Escalated"),
        "share",
        Text(
            "andel av ärendena där tålamodet tog slut innan någon hade gett sig av",
            "share of requests whose patience ran out before anyone had set out",
        ),
        "lower",
        Ratio(ESCALATED_COUNT, ALL),
        practical="given_up_pp",
        headline="acute",
        spoken=Spoken(
            3,
            Text(
                "låter {amount} färre av de akuta patienterna vänta förgäves än",
                "leaves {amount} fewer of the acute patients waiting in vain than",
            ),
            Text(
                "låter {amount} fler av de akuta patienterna vänta förgäves än",
                "leaves {amount} more of the acute patients waiting in vain than",
            ),
            Text(
                "andel akuta patienter som väntar förgäves (eskaleras)",
                "share of acute patients who wait in vain (escalate)",
            ),
        ),
        plain=Plain(
            Text("Gav upp väntan", "Gave up waiting"),
            Text(
                "andel av alla ärenden, även de lösta per telefon, som i stället fick ambulans, akutmottagning eller "
                "vårdavdelning innan någon läkare gett sig av",
                "share of all requests, also those solved by telephone, that ended with an ambulance, an emergency "
                "department or a ward before any physician had set out",
            ),
            1,
        ),
    ),
    MeasureDefinition(
        "escalated_per_year",
        Text("Eskalerade per år", "Escalated a year"),
        "per year",
        Text("eskalerade ärenden, räknat på 52 veckor", "requests escalated, scaled to 52 weeks"),
        "lower",
        AYear(ESCALATED_COUNT, ALL),
        practical="given_up_per_year",
        classes=ALL_AND_UNPLANNED,
        subject=FILES_ONLY,
    ),
    MeasureDefinition(
        "telephone",
        Text("Lösta per telefon", "Solved by telephone"),
        "share",
        Text("andel av ärendena som löstes per telefon", "share of requests solved by telephone"),
        "none",
        Ratio(TELEPHONE_COUNT, ALL),
        practical="share_pp",
        classes=ALL_AND_UNPLANNED,
    ),
    MeasureDefinition(
        "telephone_per_year",
        Text("Lösta per telefon per år", "Solved by telephone a year"),
        "per year",
        Text("ärenden som löstes per telefon, räknat på 52 veckor", "requests solved by telephone, scaled to 52 weeks"),
        "none",
        AYear(TELEPHONE_COUNT, ALL),
        classes=WHOLE,
        subject=FILES_ONLY,
    ),
    MeasureDefinition(
        "cancelled",
        Text("Återtagna", "Cancelled"),
        "share",
        Text(
            "andel av ärendena där patienten lämnade vården i hemmet innan någon kom",
            "share of requests whose patient left care at home before anyone came",
        ),
        "lower",
        Ratio(CANCELLED_COUNT, ALL),
        practical="given_up_pp",
        classes=WIDE_CELLS,
    ),
    MeasureDefinition(
        "cancelled_per_year",
        Text("Återtagna per år", "Cancelled a year"),
        "per year",
        Text("återtagna ärenden, räknat på 52 veckor", "requests cancelled, scaled to 52 weeks"),
        "lower",
        AYear(CANCELLED_COUNT, ALL),
        practical="given_up_per_year",
        classes=WHOLE,
        subject=FILES_ONLY,
    ),
    MeasureDefinition(
        "referred",
        Text("Hänvisade", "Referred"),
        "share",
        Text(
            "andel av ärendena som inte togs emot utan hänvisades till vårdcentral, akutmottagning eller telefon",
            "share of requests that were not accepted but referred to vårdcentral, emergency department or telephone",
        ),
        "none",
        Ratio(REFERRED_COUNT, ALL),
        practical="share_pp",
        classes=WIDE_CELLS,
    ),
    MeasureDefinition(
        "referred_per_year",
        Text("Hänvisade per år", "Referred a year"),
        "per year",
        Text("hänvisade ärenden, räknat på 52 veckor", "requests referred, scaled to 52 weeks"),
        "none",
        AYear(REFERRED_COUNT, ALL),
        classes=WHOLE,
        subject=FILES_ONLY,
    ),
    MeasureDefinition(
        "referred_to_vardcentral",
        Text("Hänvisade till vårdcentral", "Referred to vårdcentral"),
        "per year",
        Text(
            "av de hänvisade, räknat på 52 veckor; n = hänvisade", "of those referred, scaled to 52 weeks; n = referred"
        ),
        "none",
        AYear(AT_VARDCENTRAL, REFERRED_COUNT),
        classes=WHOLE,
    ),
    MeasureDefinition(
        "referred_to_ed",
        Text("Hänvisade till akutmottagning", "Referred to emergency department"),
        "per year",
        Text(
            "av de hänvisade, räknat på 52 veckor; n = hänvisade", "of those referred, scaled to 52 weeks; n = referred"
        ),
        "none",
        AYear(AT_ED, REFERRED_COUNT),
        classes=WHOLE,
        subject=FILES_ONLY,
    ),
    MeasureDefinition(
        "referred_to_telephone",
        Text("Hänvisade till telefon", "Referred to telephone"),
        "per year",
        Text(
            "av de hänvisade, räknat på 52 veckor; n = hänvisade", "of those referred, scaled to 52 weeks; n = referred"
        ),
        "none",
        AYear(ON_TELEPHONE, REFERRED_COUNT),
        classes=WHOLE,
        subject=FILES_ONLY,
    ),
    MeasureDefinition(
        "conveyed",
        Text("Tagna till sjukhus", "Conveyed"),
        "share",
        Text(
            "andel av de avslutade stoppen där läkaren lät föra patienten till sjukhus; n = avslutade stopp",
            "share of completed stops at which the physician had the patient taken to hospital; n = completed stops",
        ),
        "none",
        Ratio(CONVEYED_COUNT, DONE_COUNT),
        practical="share_pp",
        classes=ALL_AND_UNPLANNED,
        subject=FILES_ONLY,
    ),
    MeasureDefinition(
        "conveyed_per_year",
        Text("Tagna till sjukhus per år", "Conveyed a year"),
        "per year",
        Text(
            "patienter som läkaren lät föra till sjukhus, räknat på 52 veckor; n = avslutade stopp",
            "patients that the physician had taken to hospital, scaled to 52 weeks; n = completed stops",
        ),
        "none",
        AYear(CONVEYED_COUNT, DONE_COUNT),
        classes=WHOLE,
        subject="access",
    ),
    MeasureDefinition(
        "waiting_h_per_year",
        Text("Patienternas väntan", "Patients' waiting"),
        "h/year",
        Text(
            "tid från t1 till dess läkaren kom, ärendet eskalerade eller perioden slutade, alla oplanerade "
            "beställda besök tillsammans, räknat på 52 veckor",
            "time from t1 until the physician came, the request escalated or the period ended, all ordered "
            "unplanned visits together, scaled to 52 weeks",
        ),
        "lower",
        AYear(WAITING, ORDERED, per=60.0),
        practical="waiting_h_per_year",
        classes=ALL_AND_UNPLANNED,
        subject="access",
        plain=Plain(
            Text("Patienternas väntan", "Patients' waiting"),
            Text(
                "alla oplanerade patienters väntan på läkaren tillsammans",
                "the time that all unplanned patients wait for the physician, together",
            ),
            0,
        ),
    ),
    MeasureDefinition(
        "open",
        Text("Öppna vid slutet", "Open at the end"),
        "share",
        Text(
            "andel av ärendena som varken är klara, eskalerade eller avslutade på annat sätt vid periodens slut",
            "share of requests neither done, escalated nor ended otherwise at the end of the period",
        ),
        "lower",
        Ratio(OPEN_COUNT, ALL),
        practical="given_up_pp",
    ),
    MeasureDefinition(
        "open_age_days",
        Text("Ålder på öppna ärenden", "Age of open requests"),
        "days",
        Text("medel av periodens slut − t0 bland öppna ärenden", "mean of end of period − t0 among open requests"),
        "lower",
        Ratio(OPEN_AGE, OPEN_COUNT, per=1440.0),
        practical="wait_days",
        subject=FILES_ONLY,
    ),
)
