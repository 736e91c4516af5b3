"""How much is asked for, by whom: the fields of each group of patients."""

from __future__ import annotations

from typing import Final, Self

from pydantic import model_validator

from sim.errors import FieldError
from sim.scenario.fields import (
    ESTIMATE,
    Part,
    Real,
    Whole,
    assumption,
    certificates,
    decision,
    group,
    minutes,
    rate,
    setting,
    share,
    spread,
    yearly,
)
from sim.text import Text

MIX_TOLERANCE: Final = 1e-6
MIX: Final = "acute"  # the whole that shares of acute requests are parts of
FIRST_YEAR: Final = 2024  # of the population
_TOO_MUCH: Final = Text(
    "andelarna ska bli 1 tillsammans, A1 och A2 är redan {alone}",
    "the shares must add up to 1, A1 and A2 alone are {alone}",
)
_UNEVEN: Final = Text(
    "andelarna ska bli 1 tillsammans, {told} är {total}; ändra alla tre, eller utelämna A3: det är då resten",
    "the shares must add up to 1, {told} is {total}; change the three together, or leave A3 out: it is then the rest",
)
G1_VISITS: Final = "2.0 visits an enrolled-year (1.0-3.5), of which 30 % (20-45 %) acute"
G2_VISITS: Final = "6 visits a resident-year (3-12), here 1 acute and 5 on rounds"
G3_VISITS: Final = "12 visits a place-year (6-20), here 3 acute and 9 on rounds"
G4_VISITS: Final = "0.5 visits a resident-year (0.2-1.0), here 0.2 acute and 0.3 planned"
ALL_VISITS: Final = "project estimate: 31 000 visits a year in all home settings (14 000-60 000)"
TURNOVER: Final = "politik.regionhalland.se GNHH 2018-10-19: 4.3 % a month (July 3.6 %)"
STAYING: Final = (
    "project estimate: 1-3 acute visits per 100 nurse-enrolled guests and month; Laholm had 19-35 such guests a year "
    "(laholmstidning.se 2023-03-08), here spread over all guests of the region"
)


class HomeCare(Part):
    """Needs of people enrolled in home care in ordinary housing."""

    acute_per_year: Real = rate(
        0.6, 0.22, 1.4, "person", G1_VISITS, "akuta besök per inskriven", "acute visits per enrolled person"
    )
    """Acute requests per enrolled person and year."""
    planned_per_year: Real = rate(
        1.4, 0.65, 2.5, "person", G1_VISITS, "planerade besök per inskriven", "planned visits per enrolled person"
    )
    """Planned visits per enrolled person and year."""
    certificates_per_year: Real = certificates(
        0.02, 0.008, 0.05, "person", "6 deaths at home per 100 enrolled and year"
    )
    """Death certificates and vårdintyg (class ADM) per enrolled person and year."""
    turnover_per_month: Real = assumption(
        0.043, 0.038, 0.049, "share", TURNOVER, "omsättning per månad", "turnover a month", "measured", ge=0, lt=1
    )
    """Share of the enrolled who leave in a month, each followed at once by a new patient."""


class CareHome(Part):
    """Needs of care home (SÄBO) residents."""

    acute_per_year: Real = rate(
        1.0, 0.4, 2.2, "resident", G2_VISITS, "akuta besök per boende", "acute visits per resident"
    )
    """Acute requests per resident and year."""
    round_visits_per_year: Real = rate(
        5.0, 2.4, 9.0, "resident", G2_VISITS, "rondbesök per boende", "round visits per resident"
    )
    """Times a resident is seen on a round, per year. Rounds are weekly; this decides how many are seen on each."""
    certificates_per_year: Real = certificates(0.10, 0.04, 0.25, "resident", "33 deaths per 100 residents and year")
    """Death certificates and vårdintyg (class ADM) per resident and year."""


class ShortTerm(Part):
    """Needs in short-term care, per place."""

    acute_per_year: Real = rate(3.0, 1.4, 5.5, "place", G3_VISITS, "akuta besök per plats", "acute visits per place")
    """Acute requests per place and year."""
    round_visits_per_year: Real = rate(
        9.0, 5.0, 14.5, "place", G3_VISITS, "rondbesök per plats", "round visits per place"
    )
    """Visits on rounds per place and year."""
    certificates_per_year: Real = certificates(0.15, 0.055, 0.4, "place", "50 deaths per 100 places and year")
    """Death certificates and vårdintyg (class ADM) per place and year."""
    stay_days: Real = assumption(
        30, 15, 60, "days", ESTIMATE, "vårdtid i dygn", "length of stay in days", ge=1, le=36525
    )
    """Mean days that a patient stays on a place; the next one comes at once."""


class DisabilityHousing(Part):
    """Needs of residents in disability housing (LSS)."""

    acute_per_year: Real = rate(
        0.2, 0.07, 0.45, "resident", G4_VISITS, "akuta besök per boende", "acute visits per resident"
    )
    """Acute requests per resident and year."""
    planned_per_year: Real = rate(
        0.3, 0.12, 0.62, "resident", G4_VISITS, "planerade besök per boende", "planned visits per resident"
    )
    """Planned visits per resident and year."""
    certificates_per_year: Real = certificates(0.02, 0.008, 0.05, "resident", "2 deaths per 100 residents and year")
    """Death certificates and vårdintyg (class ADM) per resident and year."""


class Palliative(Part):
    """Palliative patients: a share of those in G1, G2 and G3. Their acute rate is that of the group they come from."""

    share_G1: Real = share(0.015, 0.006, 0.037, "andel palliativa av G1", "palliative share of G1")
    """Share of the enrolled in ordinary housing."""
    share_G2: Real = share(0.03, 0.014, 0.063, "andel palliativa av G2", "palliative share of G2")
    """Share of the residents of care homes."""
    share_G3: Real = share(0.08, 0.03, 0.20, "andel palliativa av G3", "palliative share of G3")
    """Share of those on short-term places."""
    crises_per_year: Real = yearly(
        4.0, 1.5, 9.0, "palliative patient", ESTIMATE, "symtomkriser per palliativ patient",
        "symptom crises per palliative patient",
    )  # fmt: skip
    """Symptom crises (class PAL) per palliative patient and year, at any hour alike."""
    planned_per_year: Real = rate(
        8.0, 3.0, 18.0, "person", "a visit every six or seven weeks", "planerade besök per palliativ patient",
        "planned visits per palliative patient",
    )  # fmt: skip
    """Planned visits per palliative patient and year, in place of those of the group they come from."""


class Borderline(Part):
    """People not enrolled whose mobility is near the threshold (tröskelprincipen)."""

    share_65plus: Real = share(
        0.01, 0.0033, 0.03, "andel gränsfall av 65+", "borderline share of people aged 65 and over"
    )
    """How many there are: a share of the people aged 65 and over."""
    acute_per_year: Real = yearly(
        0.3, 0.11, 0.8, "person", ESTIMATE, "akuta ärenden per person", "acute requests per person"
    )
    """Acute requests per person and year, before the threshold is applied."""
    planned_per_year: Real = yearly(
        0.2, 0.07, 0.6, "person", ESTIMATE, "planerade ärenden per person", "planned requests per person"
    )
    """Planned requests per person and year, before the threshold is applied."""


class TemporaryStay(Part):
    """People who stay for a while, in summer houses and on guest nights; how many is in the region's tables."""

    acute_per_year: Real = assumption(
        0.008, 0.003, 0.021, "requests per guest and year of stay", STAYING, "akuta ärenden per gäst",
        "acute requests per guest", ge=0, le=10,
    )  # fmt: skip
    """Acute requests per guest and year of stay (365 nights), before a municipality's policy is applied."""
    planned_per_year: Real = assumption(
        0.003, 0.001, 0.009, "requests per guest and year of stay", STAYING, "planerade ärenden per gäst",
        "planned requests per guest", ge=0, le=10,
    )  # fmt: skip
    """Planned requests per guest and year of stay: guests enrolled with the municipality's nurses while they stay."""


class Others(Part):
    """Children and others under 65 who need a physician at home without being enrolled."""

    acute_per_1000: Real = yearly(
        0.3, 0.1, 0.75, "1 000 inhabitants under 65", ESTIMATE, "akuta ärenden per 1 000", "acute requests per 1 000"
    )
    """Acute requests per 1 000 inhabitants under 65 and year."""
    planned_per_1000: Real = yearly(
        0.1,
        0.035,
        0.3,
        "1 000 inhabitants under 65",
        ESTIMATE,
        "planerade ärenden per 1 000",
        "planned requests per 1 000",
    )
    """Planned requests per 1 000 inhabitants under 65 and year."""
    certificates_per_1000: Real = yearly(
        0.2,
        0.08,
        0.5,
        "1 000 inhabitants under 65",
        ESTIMATE,
        "dödsbevis och intyg per 1 000",
        "certificates per 1 000",
    )
    """Death certificates and vårdintyg (class ADM) per 1 000 inhabitants under 65 and year."""


class Calls(Part):
    """Requests solved by telephone. The share is stated for each class, under `classes`."""

    call_mean_min: Real = minutes(12, 6, 24, "samtalstid, medel", "time of a call, mean")
    """Mean minutes of physician time that a call takes."""
    call_cv: Real = spread(0.5, 0.25, 1.0, "spridning i samtalstid", "spread of the time of a call")
    """Coefficient of variation of the time of a call (lognormal)."""


class AcuteMix(Part):
    """How acute requests divide between the classes: A1 and A2 are stated, the rest is A3."""

    A1: Real = share(0.10, 0.05, 0.19, "andel A1 av akuta", "share A1 of acute", whole=MIX)
    """Share that is acute but not for the emergency number (A1)."""
    A2: Real = share(0.35, 0.22, 0.50, "andel A2 av akuta", "share A2 of acute", whole=MIX)
    """Share that is urgent (A2)."""
    A3: Real | None = setting(
        None, "andel A3 av akuta", "share A3 of acute", "share", Text("resten", "the rest"), kind="world", ge=0, le=1
    )
    """Share that can wait within the same day (A3). null: what A1 and A2 leave; if stated, the three add up to 1."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.A3 is None:
            if self.A1 + self.A2 > 1 + MIX_TOLERANCE:
                alone = f"{self.A1 + self.A2:.6g}"
                raise FieldError(_TOO_MUCH.format(alone=alone))
            return self
        total = self.A1 + self.A2 + self.A3
        if abs(total - 1) > MIX_TOLERANCE:
            shares = f"{self.A1:g} + {self.A2:g} + {self.A3:g}"
            raise FieldError(_UNEVEN.format(told=shares, total=f"{total:.6g}"))
        return self


def acute_shares(mix: AcuteMix) -> tuple[float, float, float]:
    """The shares of A1, A2 and A3; they add up to 1."""
    rest = round(1.0 - mix.A1 - mix.A2, 12) if mix.A3 is None else mix.A3  # 0.55, not 0.5500000000000000444
    return mix.A1, mix.A2, max(0.0, rest)


class Demand(Part):
    """How much is asked for, by whom."""

    scale: Real = decision(1.0, 0.7, 1.5, "factor", ALL_VISITS, "efterfrågan", "demand", ge=0, le=20)
    """Factor on every rate below: 1.1 means ten per cent more of everything."""
    year: Whole = setting(FIRST_YEAR, "befolkningsår", "population year", ge=FIRST_YEAR, le=2040)
    """Whose population: 2024 is today's numbers, later years follow the projection by municipality and age.

    The calendar (weekdays, holidays) stays that of `calendar.start`.
    """
    home_care_growth: Real = decision(
        0.0, -0.01, 0.03, "share", ESTIMATE + " (a policy of more care at home)",
        "årlig ökning av hemsjukvård utöver befolkningen", "yearly growth of home care beyond the population",
        idle_while={"demand.year": (FIRST_YEAR,)}, gt=-1, le=1,
    )  # fmt: skip
    """Growth of G1 a year after 2024 on top of the population's: 0.02 means two per cent more of each age enrolled."""
    sabo_growth: Real = setting(
        0.0,
        "andel av ökat SÄBO-behov som byggs",
        "share of the growing need of SÄBO that is built",
        "share",
        idle_while={"demand.year": (FIRST_YEAR,)},
        ge=0,
        le=1,
    )
    """How much of the growth in need of care homes, which follows the number aged 80 and over, becomes places.

    The rest are enrolled in home care (G1). 0 means that no places are added after 2024.
    """
    wave_factor: Real = decision(
        1.0, 1.0, 2.0, "factor", ESTIMATE + " for home visits (an influenza wave)", "akuta ärenden under en våg",
        "acute requests during a wave", idle_while={"demand.wave_weeks": (0,)}, ge=0, le=20,
    )  # fmt: skip
    """Factor on the acute requests (A1-A3) of everybody in the weeks of a wave, such as influenza; 1: no wave.

    The usual months of `profiles.csv` are in it already: the wave comes on top of them.
    """
    wave_first_week: Whole = setting(
        1, "vågens första vecka", "first week of the wave", "weeks",
        idle_while={"demand.wave_weeks": (0,), "demand.wave_factor": (1.0,)}, ge=1, le=520,
    )  # fmt: skip
    """The counted week, from 1, in which the wave begins. A wave outside the run changes nothing."""
    wave_weeks: Whole = setting(
        0, "vågens längd i veckor", "weeks of the wave", "weeks", idle_while={"demand.wave_factor": (1.0,)},
        ge=0, le=520,
    )  # fmt: skip
    """How many weeks the wave lasts; 0: none."""
    heterogeneity_cv: Real = spread(
        0.8,
        0.4,
        1.5,
        "skillnad i behov mellan patienter (variationskoefficient)",
        "difference in need between patients (coefficient of variation)",
        ESTIMATE,
    )
    """How unlike each other patients are: the coefficient of variation of their yearly need. 0 means all alike."""
    G1: HomeCare = group(HomeCare(), "hemsjukvård i eget boende", "home care in ordinary housing", "G1")
    """Home care in ordinary housing."""
    G2: CareHome = group(CareHome(), "SÄBO", "care home (SÄBO)", "G2")
    """Care home (SÄBO)."""
    G3: ShortTerm = group(ShortTerm(), "korttidsboende", "short-term care", "G3")
    """Short-term care."""
    G4: DisabilityHousing = group(DisabilityHousing(), "LSS-boende", "disability housing (LSS)", "G4")
    """Disability housing (LSS)."""
    G5: Palliative = group(Palliative(), "palliativa patienter", "palliative patients", "G5")
    """Palliative patients."""
    G6: Borderline = group(Borderline(), "gränsfall (tröskelprincipen)", "borderline (threshold principle)", "G6")
    """Borderline (tröskelprincipen)."""
    G7: TemporaryStay = group(TemporaryStay(), "tillfällig vistelse", "temporary stay", "G7")
    """Temporary stay."""
    G8: Others = group(Others(), "barn och övriga", "children and others", "G8")
    """Children and others."""
    acute_mix: AcuteMix = group(AcuteMix(), "fördelning av akuta", "mix of acute requests")
    """How acute requests divide between A1, A2 and A3."""
    telephone: Calls = group(Calls(), "telefon", "telephone")
    """Requests solved by telephone."""
    conveyance_min: Real = minutes(20, 10, 40, "extra tid vid transport till sjukhus", "extra time for conveyance")
    """Minutes on scene added when the patient is conveyed to hospital: ordering, handing over, waiting."""
