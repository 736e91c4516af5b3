"""What follows for ambulance, hospital and nurses, and for the roads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.columns import Floats
from sim.measures.forms import AYear, Computed, MeasureDefinition, Priced
from sim.measures.passes.sums import (
    ALL,
    AT_ED,
    CONTRACTOR_TIME,
    CONVEYED_COUNT,
    ESCALATED_COUNT,
    KM,
    SHIFTS,
)
from sim.measures.vocabulary import CELL_CLASSES, WHOLE
from sim.text import Text

if TYPE_CHECKING:
    from sim.measures.amounts import Bill
    from sim.measures.passes.whole import Counted


def co2(bill: Bill) -> Floats:
    """Kilograms a year, by base."""
    return bill.amounts.driven_km * bill.costs.co2_g_per_km / 1000.0 * bill.amounts.a_year


def transports(counted: Counted) -> tuple[Floats, Floats]:
    """By ambulance, a year, by split."""
    conveyed, escalated = counted.requests[CONVEYED_COUNT, 0], counted.requests[ESCALATED_COUNT]
    return counted.a_year * (escalated[CELL_CLASSES.index("A1")] + conveyed), counted.requests[ALL, 0]


def ed_visits(counted: Counted) -> tuple[Floats, Floats]:
    """To the emergency department, a year, by split."""
    referred, escalated = counted.requests[AT_ED, 0], counted.requests[ESCALATED_COUNT]
    return counted.a_year * (escalated[CELL_CLASSES.index("acute")] + referred), counted.requests[ALL, 0]


def ward_days(bill: Bill) -> Floats:
    """A year, by split."""
    return bill.amounts.a_year * bill.ward_days


def nurse_hours(bill: Bill) -> Floats:
    """A year, by split."""
    return bill.amounts.a_year * bill.nurse_hours


MEASURES: Final = (
    MeasureDefinition(
        "km_per_year",
        Text("Körsträcka", "Distance driven"),
        "km/year",
        Text("körda km, hemresor inräknade, räknat på 52 veckor", "km driven, legs home included, scaled to 52 weeks"),
        "lower",
        AYear(KM, SHIFTS),
        practical="km_per_year",
        classes=WHOLE,
        split="shift",
        subject="driving",
    ),
    MeasureDefinition(
        "co2_kg_per_year",
        Text("Koldioxid", "Carbon dioxide"),
        "kg/year",
        Text("körda km × utsläpp per km", "km driven × emission per km"),
        "lower",
        Priced(co2, SHIFTS),
        practical="co2_kg_per_year",
        classes=WHOLE,
        split="shift",
        subject="driving",
    ),
    MeasureDefinition(
        "contractor_h_per_year",
        Text("Entreprenörstimmar", "Contractor hours"),
        "h/year",
        Text(
            "betalda timmar i entreprenörers pooler, räknat på 52 veckor",
            "paid hours in contractors' pools, scaled to 52 weeks",
        ),
        "none",
        AYear(CONTRACTOR_TIME, SHIFTS, per=60.0),
        classes=WHOLE,
        split="shift",
        subject="working time",
    ),
    MeasureDefinition(
        "transports",
        Text("Ambulanstransporter", "Ambulance transports"),
        "per year",
        Text(
            "eskalerade A1 + patienter som läkaren lät föra till sjukhus, räknat på 52 veckor",
            "escalated A1 + patients that the physician had taken to hospital, scaled to 52 weeks",
        ),
        "lower",
        Computed(transports),
        practical="hospital_per_year",
        classes=WHOLE,
    ),
    MeasureDefinition(
        "ed_visits",
        Text("Besök på akutmottagning", "Emergency department visits"),
        "per year",
        Text(
            "eskalerade A1, A2 och A3 + hänvisade till akutmottagning, räknat på 52 veckor; den som en läkare har "
            "bedömt och fört till sjukhus läggs in utan att räknas här",
            "escalated A1, A2 and A3 + those referred to the emergency department, scaled to 52 weeks; who has "
            "been assessed by a physician and conveyed is admitted and not counted here",
        ),
        "lower",
        Computed(ed_visits),
        practical="hospital_per_year",
        classes=WHOLE,
    ),
    MeasureDefinition(
        "ward_days",
        Text("Vårddygn på palliativ avdelning", "Days on a palliative ward"),
        "days/year",
        Text(
            "eskalerade PAL × dygn per vårdtillfälle, räknat på 52 veckor",
            "escalated PAL × days per stay, scaled to 52 weeks",
        ),
        "lower",
        Priced(ward_days, ALL),
        practical="ward_days_per_year",
        classes=WHOLE,
    ),
    MeasureDefinition(
        "nurse_h_per_year",
        Text("Sjukskötersketimmar", "Nurse hours"),
        "h/year",
        Text(
            "grupperna G1–G5: läkarens tid hos patienten × andel med kommunens sjuksköterska + väntan i A1 och PAL "
            "× andel då hon är kvar hos patienten, räknat på 52 veckor",
            "groups G1–G5: the physician's time on scene × share with the municipality's nurse + waiting in A1 and "
            "PAL × share during which she stays with the patient, scaled to 52 weeks",
        ),
        "lower",
        Priced(nurse_hours, ALL),
        practical="nurse_h_per_year",
        classes=WHOLE,
    ),
)
