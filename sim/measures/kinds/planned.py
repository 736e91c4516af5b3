"""Rounds and planned visits: what was promised, and what was kept."""

from __future__ import annotations

from typing import Final

from sim.measures.forms import AYear, MeasureDefinition, Plain, Ratio, Spoken
from sim.measures.passes.sums import ALL, BROKEN, DUE, NOT_REACHED, ON_DAY, RESPONSE_LOGGED, VISITED
from sim.measures.vocabulary import PLANNED_CELLS
from sim.text import Text

MEASURES: Final = (
    MeasureDefinition(
        "on_promised_day",
        Text("Inom utlovad tid", "By the promised day"),
        "share",
        Text(
            "andel besökta senast den sista utlovade dagen, av dem vars sista dag har gått till ända inom "
            "perioden; den som lämnade vården i hemmet obesökt dessförinnan ingår inte",
            "share visited on or before the last promised day, of those whose last day ended within the period; "
            "those who left care at home unvisited before then are left out",
        ),
        "higher",
        Ratio(ON_DAY, DUE),
        practical="in_target_pp",
        classes=PLANNED_CELLS,
        headline="planned",
        spoken=Spoken(
            8,
            Text(
                "gör {amount} färre av ronderna och de planerade besöken inom utlovad tid än",
                "makes {amount} fewer of the rounds and planned visits by the promised day than",
            ),
            Text(
                "gör {amount} fler av ronderna och de planerade besöken inom utlovad tid än",
                "makes {amount} more of the rounds and planned visits by the promised day than",
            ),
            Text(
                "andel ronder och planerade besök inom utlovad tid",
                "share of rounds and planned visits by the promised day",
            ),
        ),
        plain=Plain(
            Text("I tid, planerat", "On time, planned"),
            Text(
                "andel ronder och planerade besök som görs inom utlovad tid",
                "share of rounds and planned visits made by the promised day",
            ),
            1,
        ),
    ),
    MeasureDefinition(
        "broken_promises",
        Text("Brutna löften", "Broken promises"),
        "per year",
        Text(
            "ronder och planerade besök som inte gjordes senast den sista utlovade dagen, räknat på 52 veckor",
            "rounds and planned visits not made on or before the last promised day, scaled to 52 weeks",
        ),
        "lower",
        AYear(BROKEN, DUE),
        practical="promises_per_year",
        classes=PLANNED_CELLS,
        subject="access",
    ),
    MeasureDefinition(
        "not_reached_per_year",
        Text("Ej hunna i dagens tur", "Not reached on the day's tour"),
        "per year",
        Text(
            "gånger som en rond eller ett planerat besök stod i en tur som inte hann dit, räknat på 52 veckor",
            "times that a round or planned visit was on a tour that did not get there, scaled to 52 weeks",
        ),
        "lower",
        AYear(NOT_REACHED, ALL),
        practical="promises_per_year",
        classes=PLANNED_CELLS,
        subject="access",
    ),
    MeasureDefinition(
        "days_to_visit",
        Text("Dygn till besök", "Days to visit"),
        "days",
        Text("medel av t4 − t0 bland besökta", "mean of t4 − t0 among those visited"),
        "lower",
        Ratio(RESPONSE_LOGGED, VISITED, per=1440.0),
        practical="wait_days",
        classes=PLANNED_CELLS,
        subject="access",
        plain=Plain(
            Text("Dygn till besök", "Days to visit"),
            Text("från ärende till besök, medel", "from request to visit, mean"),
            1,
        ),
    ),
)
