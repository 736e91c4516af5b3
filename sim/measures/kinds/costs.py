"""What it costs, and whom."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sim.columns import Floats
from sim.measures.forms import MeasureDefinition, Plain, Priced
from sim.measures.passes.sums import ALL, DONE_COUNT, SHIFTS
from sim.measures.vocabulary import WHOLE
from sim.text import Text

if TYPE_CHECKING:
    from sim.measures.amounts import Bill

REGION_COSTS: Final = (
    "cost_physicians", "cost_travel", "cost_transports", "cost_ed", "cost_ward", "cost_vardcentral",
)  # fmt: skip


def physicians(bill: Bill) -> Floats:
    """Of paid hours, by base."""
    cost: Floats = bill.of_shifts[0] * bill.amounts.a_year
    return cost


def contractor(bill: Bill) -> Floats:
    """The contractors' part of them."""
    cost: Floats = bill.of_shifts[1] * bill.amounts.a_year
    return cost


def cars(bill: Bill) -> Floats:
    """Of kilometres in the region's own pools, by base."""
    cost: Floats = bill.of_shifts[2] * bill.amounts.a_year
    return cost


def ambulance(bill: Bill) -> Floats:
    """By split, as all below."""
    return bill.costs.ambulance_transport * bill.amounts.a_year * bill.amounts.transports


def emergency(bill: Bill) -> Floats:
    return bill.costs.ed_visit * bill.amounts.a_year * bill.amounts.ed_visits


def ward(bill: Bill) -> Floats:
    return bill.costs.inpatient_day * bill.amounts.a_year * bill.ward_days


def vardcentral(bill: Bill) -> Floats:
    return bill.costs.vardcentral_visit * bill.amounts.a_year * bill.amounts.to_vardcentral


def municipalities(bill: Bill) -> Floats:
    return bill.costs.nurse_hour * bill.amounts.a_year * bill.nurse_hours


def region(bill: Bill) -> float:
    """What the region pays; the contractors' part is in that of the physicians."""
    return sum(bill.whole(name) for name in REGION_COSTS)


def total(bill: Bill) -> float:
    """What both pay."""
    return bill.whole("cost_region") + bill.whole("cost_municipalities")


def per_visit(bill: Bill) -> float:
    """What both pay by visit; NaN without visits."""
    return bill.whole("cost_total") / bill.amounts.visits if bill.amounts.visits else math.nan


MEASURES: Final = (
    MeasureDefinition(
        "cost_physicians",
        Text("Kostnad, läkare", "Cost, physicians"),
        "SEK/year",
        Text(
            "betalda timmar, med betald vila efter passet, × poolens timkostnad, räknat på 52 veckor",
            "paid hours, with paid rest after the shift, × the pool's cost per hour, scaled to 52 weeks",
        ),
        "lower",
        Priced(physicians, SHIFTS),
        practical="cost_msek_per_year",
        classes=WHOLE,
        split="shift",
        subject="costs",
    ),
    MeasureDefinition(
        "cost_contractor",
        Text("Kostnad, varav entreprenörer", "Cost, contractors' part"),
        "SEK/year",
        Text(
            "den del av läkarkostnaden som gäller entreprenörers pooler",
            "the part of the physicians' cost that is for contractors' pools",
        ),
        "none",
        Priced(contractor, SHIFTS),
        classes=WHOLE,
        split="shift",
        subject="costs",
    ),
    MeasureDefinition(
        "cost_travel",
        Text("Kostnad, bil", "Cost, cars"),
        "SEK/year",
        Text(
            "körda km × kostnad per km i regionens egna pooler; entreprenörens timpris innefattar bil",
            "km driven × cost per km in the region's own pools; a contractor's hourly price includes the car",
        ),
        "lower",
        Priced(cars, SHIFTS),
        practical="cost_msek_per_year",
        classes=WHOLE,
        split="shift",
        subject="costs",
    ),
    MeasureDefinition(
        "cost_transports",
        Text("Kostnad, ambulans", "Cost, ambulance"),
        "SEK/year",
        Text("ambulanstransporter × kostnad per transport", "ambulance transports × cost of one"),
        "lower",
        Priced(ambulance, ALL),
        practical="cost_msek_per_year",
        classes=WHOLE,
        subject="costs",
    ),
    MeasureDefinition(
        "cost_ed",
        Text("Kostnad, akutmottagning", "Cost, emergency department"),
        "SEK/year",
        Text("besök på akutmottagning × kostnad per besök", "emergency department visits × cost of one"),
        "lower",
        Priced(emergency, ALL),
        practical="cost_msek_per_year",
        classes=WHOLE,
        subject="costs",
    ),
    MeasureDefinition(
        "cost_ward",
        Text("Kostnad, palliativ avdelning", "Cost, palliative ward"),
        "SEK/year",
        Text("vårddygn × kostnad per vårddygn", "ward days × cost of a day"),
        "lower",
        Priced(ward, ALL),
        practical="cost_msek_per_year",
        classes=WHOLE,
        subject="costs",
    ),
    MeasureDefinition(
        "cost_vardcentral",
        Text("Kostnad, hänvisade till vårdcentral", "Cost, referred to vårdcentral"),
        "SEK/year",
        Text(
            "hänvisade till vårdcentral × kostnad per läkarbesök där",
            "those referred to vårdcentral × cost of a physician visit there",
        ),
        "none",
        Priced(vardcentral, ALL),
        classes=WHOLE,
        subject="costs",
    ),
    MeasureDefinition(
        "cost_municipalities",
        Text("Kostnad, kommunerna", "Cost, municipalities"),
        "SEK/year",
        Text("sjukskötersketimmar × kostnad per timme", "nurse hours × cost per hour"),
        "lower",
        Priced(municipalities, ALL),
        practical="cost_msek_per_year",
        classes=WHOLE,
        plain=Plain(
            Text("Kommunernas kostnad*", "The municipalities' cost*"),
            Text("sjuksköterskornas tid vid läkarbesöken", "the nurses' time at the physician's visits"),
            2,
        ),
    ),
    MeasureDefinition(
        "cost_region",
        Text("Kostnad, regionen", "Cost, region"),
        "SEK/year",
        Text(
            "läkare + bil + ambulans + akutmottagning + palliativ avdelning + hänvisade till vårdcentral; n = stopp",
            "physicians + cars + ambulance + emergency department + palliative ward + referred to vårdcentral; n = "
            "stops",
        ),
        "lower",
        Priced(region, DONE_COUNT),
        practical="cost_msek_per_year",
        classes=WHOLE,
        split="region",
        plain=Plain(
            Text("Regionens kostnad*", "The region's cost*"),
            Text(
                "läkare, bil, ambulans, akutmottagning, palliativ avdelning och vårdcentral",
                "physicians, cars, ambulance, emergency department, palliative ward and vårdcentral",
            ),
            2,
        ),
    ),
    MeasureDefinition(
        "cost_total",
        Text("Kostnad, region och kommuner", "Cost, region and municipalities"),
        "SEK/year",
        Text("regionens + kommunernas kostnad; n = stopp", "the region's + the municipalities' cost; n = stops"),
        "lower",
        Priced(total, DONE_COUNT),
        practical="cost_msek_per_year",
        classes=WHOLE,
        split="region",
        subject="costs",
    ),
    MeasureDefinition(
        "cost_per_visit",
        Text("Kostnad per besök", "Cost per visit"),
        "SEK",
        Text(
            "regionens + kommunernas kostnad / besök; n = stopp",
            "the region's + the municipalities' cost / visits; n = stops",
        ),
        "lower",
        Priced(per_visit, DONE_COUNT),
        practical="cost_sek_per_visit",
        classes=WHOLE,
        split="region",
        subject="costs",
    ),
)
