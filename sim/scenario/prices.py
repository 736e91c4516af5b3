"""What things cost: prices and what they take from the region and the municipalities."""

from __future__ import annotations

from sim.scenario.fields import ESTIMATE, Part, Real, assumption, share


class Costs(Part):
    """What an hour, a kilometre, a transport or a day costs, and whom it takes: prices of about 2024, without VAT."""

    physician_hour: Real = assumption(
        1050,
        850,
        1300,
        "SEK per h",
        "project estimate: 86 400 SEK a month x 12 x 1.50 (employer fees and pension) / 1 600 h = 972 (2022), indexed",
        "regionens läkartimme",
        "physician-hour of the region",
        ge=0,
        le=100_000,
    )
    """Cost of a paid physician-hour in the region's own pools, unless the pool says otherwise."""
    contractor_hour: Real = assumption(
        2350,
        1800,
        3100,
        "SEK per h",
        "derived: Stockholm 2018, 38 million SEK / (3 cars x 6 500 h) = 1 950, x 1.2 to prices of 2024 (project "
        "estimate: wages rose by less, consumer prices by more): a car with driver and physician; in Skåne physician "
        "and assistant nurse, in Halland also wards and certificates: the scope differs",
        "entreprenörens läkartimme med bil och förare",
        "physician-hour of a contractor with car and driver",
        ge=0,
        le=100_000,
    )
    """Cost of a paid hour in a contractor's pool, unless the pool says otherwise. It includes the car."""
    car_km: Real = assumption(
        4.5, 3.5, 6.0, "SEK per km", "project estimate: full cost of a car", "bil per km", "car per km", ge=0, le=1000
    )
    """Cost of a kilometre driven in the region's own pools."""
    co2_g_per_km: Real = assumption(
        150,
        110,
        200,
        "g CO2 per km",
        "project estimate: ordinary petrol or diesel car; which cars to have is a choice: an electric one is 8 (3-25)",
        "koldioxid per km",
        "carbon dioxide per km",
        ge=0,
        le=2000,
    )
    """Emission of the cars: 150 for petrol or diesel, about 8 for electric ones on the Swedish grid."""
    ambulance_transport: Real = assumption(
        6400,
        4800,
        8600,
        "SEK per transport",
        "derived from a price list: 2 726 + 30 km x 123 SEK",
        "ambulanstransport",
        "ambulance transport",
        ge=0,
        le=1_000_000,
    )
    """Cost of an ambulance transport of about 30 km."""
    ed_visit: Real = assumption(
        5000,
        3500,
        7500,
        "SEK per visit",
        "project estimate: 0.05-0.10 DRG points; no published figure found",
        "besök på akutmottagning",
        "emergency department visit",
        ge=0,
        le=1_000_000,
    )
    """Cost of a visit to the emergency department, without admission."""
    inpatient_day: Real = assumption(
        11000,
        8000,
        15000,
        "SEK per day",
        "project estimate: 0.7 DRG points x 73 775 SEK / 5 days = 10 300",
        "vårddygn",
        "ward day",
        ge=0,
        le=1_000_000,
    )
    """Cost of a day on a ward."""
    ward_days_per_stay: Real = assumption(
        7, 3.2, 15, "days", ESTIMATE, "dygn per palliativt vårdtillfälle", "days per palliative stay", ge=0, le=366
    )
    """Days on the palliative ward of a patient in a symptom crisis (PAL) whom nobody came to."""
    vardcentral_visit: Real = assumption(
        2093,
        1750,
        2500,
        "SEK per visit",
        "Vårdgivarguiden: utomregional prislista primärvård (Stockholm-Gotland 2024), diagnostics included",
        "läkarbesök på vårdcentral",
        "physician visit at a vårdcentral",
        "published",
        ge=0,
        le=1_000_000,
    )
    """Cost of a physician visit at a vårdcentral for a request that was referred there."""
    nurse_hour: Real = assumption(
        450,
        360,
        560,
        "SEK per h",
        "project estimate: 39 000 SEK a month x 12 x 1.45 (employer fees and pension) / 1 600 h = 424, and unsocial "
        "hours",
        "kommunens sjukskötersketimme",
        "nurse-hour of the municipality",
        ge=0,
        le=100_000,
    )
    """Cost of an hour of a nurse in the municipality's home care."""
    nurse_present_share: Real = share(
        0.7,
        0.45,
        0.87,
        "andel av läkarens tid hos patienten med kommunens sjuksköterska",
        "share of the physician's time on scene with the municipality's nurse",
    )
    """Share of the physician's time with patients in groups G1-G5 during which a nurse of the municipality is there."""
    nurse_waiting_share: Real = share(
        0.5,
        0.22,
        0.78,
        "andel av väntan i A1 och PAL med kommunens sjuksköterska",
        "share of the waiting in A1 and PAL with the municipality's nurse",
    )
    """Share of the waiting in the classes A1 and PAL, groups G1-G5, during which a nurse stays with the patient."""
