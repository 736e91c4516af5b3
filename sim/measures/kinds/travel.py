"""Driving by visit."""

from __future__ import annotations

from typing import Final

from sim.measures.forms import MeasureDefinition, Plain, Ratio, Spoken
from sim.measures.passes.sums import DRIVING, KM, STOPS, VISITS
from sim.measures.vocabulary import FILES_ONLY, WHOLE
from sim.text import Text

MEASURES: Final = (
    MeasureDefinition(
        "travel_min_per_visit",
        Text("Restid per besök", "Travel per visit"),
        "min",
        Text("resor, hemresor inräknade / besök", "driving, legs home included / visits"),
        "lower",
        Ratio(DRIVING, VISITS),
        practical="travel_min",
        classes=WHOLE,
        split="shift",
        headline="all",
        spoken=Spoken(
            5,
            Text("har {amount} kortare restid per besök än", "has {amount} less travel per visit than"),
            Text("har {amount} längre restid per besök än", "has {amount} more travel per visit than"),
            Text("restid per besök", "travel per visit"),
        ),
        plain=Plain(
            Text("Restid per besök", "Travel per visit"),
            Text(
                "alla resor, hemresor inräknade, delad på antalet besök",
                "all driving, legs home included, divided by the number of visits",
            ),
            1,
        ),
    ),
    MeasureDefinition(
        "km_per_visit",
        Text("Kilometer per besök", "Kilometres per visit"),
        "km",
        Text("körda km, hemresor inräknade / besök", "km driven, legs home included / visits"),
        "lower",
        Ratio(KM, VISITS),
        practical="travel_km",
        classes=WHOLE,
        split="shift",
        subject="driving",
    ),
    MeasureDefinition(
        "km_per_stop",
        Text("Kilometer per stopp", "Kilometres per stop"),
        "km",
        Text("körda km, hemresor inräknade / stopp", "km driven, legs home included / stops"),
        "lower",
        Ratio(KM, STOPS),
        practical="travel_km",
        classes=WHOLE,
        split="shift",
        subject=FILES_ONLY,
    ),
)
