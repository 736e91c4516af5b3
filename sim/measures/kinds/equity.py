"""How differently the municipalities are served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.columns import Floats
from sim.measures.cells import ratio
from sim.measures.forms import Computed, MeasureDefinition, Plain, Spoken
from sim.measures.passes.sums import IN_TARGET, JUDGED, RESPONSE, VISITED
from sim.measures.vocabulary import ACUTE_ONLY, CELL_CLASSES
from sim.text import Text

if TYPE_CHECKING:
    from sim.measures.passes.whole import Counted


def gap_response(counted: Counted) -> tuple[float, int]:
    """Minutes between the slowest and the fastest."""
    return _gap(_acute(counted, RESPONSE, VISITED))


def gap_in_target(counted: Counted) -> tuple[float, int]:
    """Between the best and the worst."""
    return _gap(_acute(counted, IN_TARGET, JUDGED))


def gini_response(counted: Counted) -> tuple[float, int]:
    """Weighted by people."""
    return _gini(_acute(counted, RESPONSE, VISITED), counted.population)


def gini_in_target(counted: Counted) -> tuple[float, int]:
    """Weighted by people."""
    return _gini(_acute(counted, IN_TARGET, JUDGED), counted.population)


def _acute(counted: Counted, part: int, whole: int) -> Floats:
    """Of the acute requests of each municipality."""
    acute, own = CELL_CLASSES.index("acute"), slice(1, 1 + len(counted.population))
    return ratio(counted.requests[part, acute, own], counted.requests[whole, acute, own])


def _gap(values: Floats) -> tuple[float, int]:
    from sim.statistics import gap

    return gap(values)


def _gini(values: Floats, population: Floats) -> tuple[float, int]:
    from sim.statistics import weighted_gini

    return weighted_gini(values, population), int(np.count_nonzero(~np.isnan(values)))


MEASURES: Final = (
    MeasureDefinition(
        "gap_response_min",
        Text("Skillnad i svarstid mellan kommuner", "Gap in response time between municipalities"),
        "min",
        Text(
            "längsta − kortaste svarstid bland kommunerna; n = kommuner med värde",
            "longest − shortest response time among municipalities; n = municipalities with a value",
        ),
        "lower",
        Computed(gap_response),
        practical="gap_min",
        classes=ACUTE_ONLY,
        split="region",
        headline="acute",
        spoken=Spoken(
            4,
            Text(
                "har {amount} mindre skillnad i svarstid mellan kommunerna än",
                "has {amount} less difference in response time between the municipalities than",
            ),
            Text(
                "har {amount} större skillnad i svarstid mellan kommunerna än",
                "has {amount} more difference in response time between the municipalities than",
            ),
            Text("skillnad i svarstid mellan kommunerna", "difference in response time between the municipalities"),
        ),
        plain=Plain(
            Text("Kommunskillnad i svarstid", "Gap between municipalities"),
            Text(
                "svarstid i den långsammaste kommunen minus den snabbaste",
                "response in the slowest municipality minus the fastest",
            ),
            1,
        ),
    ),
    MeasureDefinition(
        "gap_in_target",
        Text("Skillnad i måluppfyllelse mellan kommuner", "Gap within target between municipalities"),
        "share",
        Text(
            "högsta − lägsta andel inom målet bland kommunerna",
            "highest − lowest share within target among municipalities",
        ),
        "lower",
        Computed(gap_in_target),
        practical="gap_pp",
        classes=ACUTE_ONLY,
        split="region",
        subject="equity",
    ),
    MeasureDefinition(
        "gini_response",
        Text("Ginikoefficient för svarstid", "Gini coefficient of response time"),
        "index",
        Text(
            "Gini för kommunernas svarstider, vägd med folkmängd",
            "Gini of the municipalities' response times, weighted by population",
        ),
        "lower",
        Computed(gini_response),
        practical="evenness",
        classes=ACUTE_ONLY,
        split="region",
        subject="equity",
    ),
    MeasureDefinition(
        "gini_in_target",
        Text("Ginikoefficient för måluppfyllelse", "Gini coefficient of share within target"),
        "index",
        Text(
            "Gini för kommunernas andelar inom målet, vägd med folkmängd",
            "Gini of the municipalities' shares within target, weighted by population",
        ),
        "lower",
        Computed(gini_in_target),
        practical="evenness",
        classes=ACUTE_ONLY,
        split="region",
        subject="equity",
    ),
)
