"""Overtime, nights, rest, and how evenly work is shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.columns import Floats
from sim.measures.cells import ratio
from sim.measures.forms import AWeek, AYear, Computed, MeasureDefinition, Plain, Ratio, Spoken
from sim.measures.passes.sums import (
    CLINIC_SHIFTS,
    CLINIC_TIME,
    DISTURBED,
    LONG_DAYS,
    NIGHTS,
    OVERTIME,
    SHIFTS,
    SHORT_RESTS,
    VISITS,
)
from sim.measures.vocabulary import FILES_ONLY, WHOLE
from sim.text import Text

if TYPE_CHECKING:
    from sim.measures.passes.whole import Counted


def visits_p95(counted: Counted) -> tuple[Floats, Floats]:
    """By base."""
    return counted.visits_p95, counted.shifts[SHIFTS]


def longest_stretch(counted: Counted) -> tuple[Floats, Floats]:
    """Hours, by base."""
    return counted.longest / 60.0, counted.shifts[SHIFTS]


def long_weeks(counted: Counted) -> tuple[float, float]:
    """Of the whole region."""
    return counted.long_weeks * counted.a_year, counted.worked_weeks


def load_spread(counted: Counted) -> tuple[Floats, Floats]:
    """Standard deviation of load between the physicians (columns) who have time in a row, and their number."""
    there = counted.scheduled > 0
    n = there.sum(axis=1).astype(float)
    load = np.divide(counted.busy, counted.scheduled, out=np.zeros(there.shape), where=there)
    square = np.where(there, (load - ratio(load.sum(axis=1), n)[:, None]) ** 2, 0.0)
    return np.sqrt(ratio(square.sum(axis=1), n)), n


def hours_gini(counted: Counted) -> tuple[Floats, Floats]:
    """Gini of the work of the physicians (columns) who have time in a row, and their number."""
    from sim.statistics import gini

    there = counted.scheduled > 0
    n = there.sum(axis=1)
    ones = np.ones(there.shape[1])
    found = [gini(own[here], ones[:k]) for own, here, k in zip(counted.busy, there, n, strict=True)]
    return np.array(found), n


MEASURES: Final = (
    MeasureDefinition(
        "overtime_h_per_week",
        Text("Övertid", "Overtime"),
        "h/week",
        Text(
            "tid efter passets slut tills läkaren är hemma, timmar i veckan för alla läkare tillsammans",
            "time after the end of the shift until home, hours a week for all physicians together",
        ),
        "lower",
        AWeek(OVERTIME, SHIFTS, per=60.0),
        practical="load_h_per_week",
        classes=WHOLE,
        split="shift",
        headline="all",
        spoken=Spoken(
            7,
            Text("ger {amount} mindre övertid än", "gives {amount} less overtime than"),
            Text("ger {amount} mer övertid än", "gives {amount} more overtime than"),
            Text("övertid", "overtime"),
        ),
        plain=Plain(
            Text("Övertid", "Overtime"),
            Text(
                "timmar i veckan efter passets slut, alla läkare tillsammans",
                "hours a week after the end of the shift, all physicians together",
            ),
            1,
        ),
    ),
    MeasureDefinition(
        "visits_per_shift",
        Text("Besök per pass", "Visits per shift"),
        "visits",
        Text("besök / pass", "visits / shifts"),
        "none",
        Ratio(VISITS, SHIFTS),
        classes=WHOLE,
        split="shift",
        subject="working time",
    ),
    MeasureDefinition(
        "visits_per_shift_p95",
        Text("Besök per pass, 95:e percentilen", "Visits per shift, 95th percentile"),
        "visits",
        Text(
            "minsta antal besök som minst 95 % av passen inte överskrider",
            "smallest number of visits that at least 95% of the shifts do not exceed",
        ),
        "none",
        Computed(visits_p95),
        classes=WHOLE,
        split="shift",
        subject=FILES_ONLY,
    ),
    MeasureDefinition(
        "nights_disturbed",
        Text("Störda nätter", "Nights disturbed"),
        "share",
        Text(
            "andel av passen med schemalagd tid mellan 00 och 05 där läkaren mellan 00 och 05 var ute (t3 till t6) "
            "eller skötte ett samtal",
            "share of the shifts with rostered time between 00 and 05 in which the physician was out (t3 to t6) or "
            "had a call between 00 and 05",
        ),
        "lower",
        Ratio(DISTURBED, NIGHTS),
        practical="load_pp",
        classes=WHOLE,
        split="shift",
        subject="working time",
        plain=Plain(
            Text("Störda nätter", "Nights disturbed"),
            Text(
                "andel av nattpassen då läkaren var ute eller skötte ett samtal mellan 00 och 05",
                "share of night shifts in which the physician was out or had a call between 00 and 05",
            ),
            1,
        ),
    ),
    MeasureDefinition(
        "longest_stretch_h",
        Text("Längsta arbetspass", "Longest stretch"),
        "h",
        Text(
            "längsta tid från ett pass början till hemkomst utan 11 timmars vila emellan; hela passet räknas som "
            "arbete",
            "longest time from the start of a shift until home without 11 hours of rest in between; the whole "
            "shift counts as work",
        ),
        "lower",
        Computed(longest_stretch),
        practical="stretch_h",
        classes=WHOLE,
        split="shift",
        subject="working time",
    ),
    MeasureDefinition(
        "rest_breaches",
        Text("Brott mot 11 timmars vila", "Breaches of 11 hours' rest"),
        "per year",
        Text(
            "pass som började mindre än 11 timmar efter läkarens förra hemkomst och slutade mer än 13 timmar efter "
            "det första passet efter en sådan vila, räknat på 52 veckor (arbetstidslagen 13 §)",
            "shifts that began less than 11 hours after the physician last was home and ended more than 13 hours "
            "after the first shift since such a rest, scaled to 52 weeks (arbetstidslagen, section 13)",
        ),
        "lower",
        AYear(SHORT_RESTS, SHIFTS),
        practical="long_duty_per_year",
        classes=WHOLE,
        split="shift",
        plain=Plain(
            Text("Brott mot dygnsvilan", "Breaches of daily rest"),
            Text(
                "gånger då en läkare fick mindre än 11 timmars vila på ett dygn, alla läkare tillsammans",
                "times that a physician had less than 11 hours of rest in a day, all physicians together",
            ),
            1,
        ),
    ),
    MeasureDefinition(
        "long_days",
        Text("Pass över 13 timmar", "Shifts over 13 hours"),
        "per year",
        Text(
            "pass som med övertid varade mer än 13 timmar, räknat på 52 veckor; lagen räknar jour som arbetstid "
            "men inte beredskap i hemmet",
            "shifts that with overtime lasted more than 13 hours, scaled to 52 weeks; the law counts jour as "
            "working time but not beredskap at home",
        ),
        "lower",
        AYear(LONG_DAYS, SHIFTS),
        practical="long_duty_per_year",
        classes=WHOLE,
        split="shift",
        subject="working time",
    ),
    MeasureDefinition(
        "long_weeks",
        Text("Veckor över 48 timmar", "Weeks over 48 hours"),
        "per year",
        Text(
            "läkarveckor (måndag–söndag) med mer än 48 timmar i tjänst, övertid inräknad, räknat på 52 veckor; n = "
            "läkarveckor med arbete (arbetstidslagen 10 b § gäller medel över högst fyra månader)",
            "physician-weeks (Monday–Sunday) with more than 48 hours on duty, overtime included, scaled to 52 "
            "weeks; n = physician-weeks with work (arbetstidslagen, section 10 b, is about the mean over at most "
            "four months)",
        ),
        "lower",
        Computed(long_weeks),
        practical="long_duty_per_year",
        classes=WHOLE,
        split="region",
        subject="working time",
    ),
    MeasureDefinition(
        "clinic_h_per_week",
        Text("Undanträngd mottagningstid", "Clinic hours displaced"),
        "h/week",
        Text(
            "schemalagda timmar i veckan i pooler vars tid tas från mottagningen; n = sådana pass",
            "scheduled hours a week in pools whose time is taken from clinic sessions; n = such shifts",
        ),
        "lower",
        AWeek(CLINIC_TIME, CLINIC_SHIFTS, per=60.0),
        practical="load_h_per_week",
        classes=WHOLE,
        split="shift",
        subject="working time",
    ),
    MeasureDefinition(
        "load_spread",
        Text("Spridning i belastning", "Spread of load"),
        "share",
        Text(
            "standardavvikelse (delat med n) mellan läkare av belastningen; n = läkare",
            "standard deviation (divided by n) between physicians of their load; n = physicians",
        ),
        "lower",
        Computed(load_spread),
        practical="load_pp",
        classes=WHOLE,
        split="shift",
        subject="working time",
    ),
    MeasureDefinition(
        "hours_gini",
        Text("Ojämnhet i arbete mellan läkare", "Inequality of work between physicians"),
        "index",
        Text(
            "Gini för timmarna i resor, hos patient, dokumentation och telefon mellan läkare; n = läkare",
            "Gini of hours driving, on scene, documenting and on the telephone between physicians; n = physicians",
        ),
        "lower",
        Computed(hours_gini),
        practical="evenness",
        classes=WHOLE,
        split="shift",
        subject="working time",
    ),
)
