"""The smallest differences that matter."""

from __future__ import annotations

from sim.scenario.fields import Part, Real, group, practical
from sim.scenario.weights import Weights


class Practical(Part):
    """The smallest difference that matters, by kind of measure; below it two models are practically equal."""

    # how soon, and how alike for all
    response_min: Real = practical(10, 5, 20, "min", "svarstid", "response time")
    """Minutes of response or queue."""
    gap_min: Real = practical(5, 2, 8, "min", "skillnad i svarstid mellan kommuner", "gap between municipalities")
    """Minutes between the slowest and the fastest municipality."""
    in_target_pp: Real = practical(5, 2, 10, "percentage points", "andel inom mål", "share in target")
    """Percentage points of requests in target, or by the promised day."""
    gap_pp: Real = practical(
        3,
        1,
        5,
        "percentage points",
        "skillnad i andel inom mål mellan kommuner",
        "gap in target between municipalities",
    )
    """Percentage points between the best and the worst municipality."""
    evenness: Real = practical(0.02, 0.01, 0.05, "steps of the index", "Ginikoefficient", "Gini coefficient")
    """Steps on the scale 0–1 of a Gini coefficient."""
    wait_days: Real = practical(0.5, 0.2, 1, "days", "dygn till besök", "days to visit")
    """Days until a planned visit, or of age of what is open."""
    waiting_h_per_year: Real = practical(500, 200, 2000, "h/year", "patienternas väntan", "patients' waiting")
    """Hours a year that all patients wait, together; 5 to 10 minutes for each acute visit."""
    # patients who get no visit, or another
    given_up_pp: Real = practical(0.1, 0.05, 0.5, "percentage points", "andel som ger upp", "share who give up")
    """Percentage points who give up, leave or stay open: one request in a thousand."""
    given_up_per_year: Real = practical(5, 2, 20, "per year", "antal som ger upp", "number who give up")
    """Patients a year who give up or leave."""
    promises_per_year: Real = practical(50, 20, 200, "per year", "brutna löften", "broken promises")
    """Promised days a year that are not kept, or stops of a tour that are not reached."""
    visits_per_year: Real = practical(100, 50, 500, "per year", "antal besök", "number of visits")
    """Visits a year."""
    hospital_per_year: Real = practical(
        20, 10, 100, "per year", "transporter och akutbesök", "transports and emergency visits"
    )
    """Ambulance transports, or visits to an emergency department, a year."""
    ward_days_per_year: Real = practical(20, 10, 100, "days/year", "vårddygn", "days on a ward")
    """Days a year on a palliative ward."""
    share_pp: Real = practical(1, 0.5, 5, "percentage points", "andelar", "shares")
    """Percentage points of other shares, such as those seen by the named physician."""
    continuity: Real = practical(0.05, 0.02, 0.1, "steps of the index", "kontinuitet", "continuity")
    """Steps on the scale 0–1 of an index of continuity."""
    # physicians
    travel_min: Real = practical(5, 2, 10, "min", "restid per besök", "travel time per visit")
    """Minutes of travel per visit."""
    travel_km: Real = practical(5, 2, 10, "km", "körsträcka per besök", "distance per visit")
    """Kilometres of travel per visit."""
    km_per_year: Real = practical(20_000, 5_000, 50_000, "km/year", "körsträcka", "distance driven")
    """Kilometres a year."""
    co2_kg_per_year: Real = practical(3_000, 1_000, 10_000, "kg/year", "koldioxid", "carbon dioxide")
    """Kilograms of carbon dioxide a year: about as much as the kilometres give."""
    load_pp: Real = practical(3, 1, 5, "percentage points", "belastning", "load")
    """Percentage points of utilisation."""
    load_h_per_week: Real = practical(2, 1, 5, "h per week", "timmar", "hours")
    """Hours a week of work or overtime."""
    visits_per_h: Real = practical(0.02, 0.01, 0.05, "per hour", "besök per läkartimme", "visits per physician-hour")
    """Visits per physician-hour: 0.02 is about 20 a week at 1 080 hours."""
    stretch_h: Real = practical(1, 0.5, 4, "h", "längsta arbetspass", "longest stretch")
    """Hours of the longest stretch of work."""
    long_duty_per_year: Real = practical(5, 1, 20, "per year", "pass utan vila", "duty without rest")
    """Breaches of daily rest, shifts over 13 hours or weeks over 48 hours, a year."""
    # nurses and money
    nurse_h_per_year: Real = practical(100, 50, 500, "h/year", "sjukskötersketimmar", "nurse hours")
    """Hours a year of the municipalities' nurses."""
    cost_msek_per_year: Real = practical(0.5, 0.1, 5, "MSEK/year", "kostnad", "cost")
    """MSEK a year."""
    cost_sek_per_visit: Real = practical(50, 20, 200, "SEK", "kostnad per besök", "cost per visit")
    """Kronor per visit."""


class ComparisonPart(Part):
    """How models are compared."""

    practical: Practical = group(Practical(), "praktiska skillnader", "practical differences")
    """The smallest differences that matter; set them before any run."""
    weights: Weights = group(Weights(), "vikter", "weights")
    """What a practical difference in each headline measure is worth, in points; for what to find out first."""
