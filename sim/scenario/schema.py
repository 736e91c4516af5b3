"""The Scenario: everything a user may state, with its default, unit, bounds and source.

The text under a field is its manual. A number that says something about the world is declared with `assumption`,
which keeps value, plausible low and high, unit, source and quality with the field; a user's own choice is a `setting`.
Hard bounds (`ge`, `gt`, `le`, `lt`) are what the software can run; `low` and `high` are what is thought plausible.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from sim.text import Text

Quality = Literal["measured", "published", "estimate"]
Sharing = Literal["silo", "agreement", "network"]
TravelMethod = Literal["formula", "matrix"]
StayPolicy = Literal["serve", "acute only", "refer"]

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MIX_TOLERANCE: Final = 1e-6

_ESTIMATE: Final = "project estimate: no figure found"
_GUESS_CV: Final = "project estimate: ordinary spread of service times, no Swedish figure found"
_VISITS: Final = "project estimate: no count of physician home visits in Halland found; "
_ON_SCENE: Final = "project estimate: home visit 45 min (30-75)"
_DOCUMENTATION: Final = "project estimate: documentation 15 min a visit (8-25)"
_G1_VISITS: Final = "2.0 visits an enrolled-year (1.0-3.5), of which 30 % (20-45 %) acute"
_G2_VISITS: Final = "6 visits a resident-year (3-12), here 1 acute and 5 on rounds"
_G3_VISITS: Final = "12 visits a place-year (6-20), here 3 acute and 9 on rounds"
_G4_VISITS: Final = "0.5 visits a resident-year (0.2-1.0), here 0.2 acute and 0.3 planned"
_ALL_VISITS: Final = "project estimate: 31 000 visits a year in all home settings (14 000-60 000)"
_HOURS: Final = (
    "project estimate: no total found; built from 6 posts in läkarmedverkan (240 h), 2 lines of beredskapsjour "
    "(250 h), 0.06 h per care home resident (170 h), palliative teams and psychiatry (110 h) and 6-7 h at each "
    "vårdcentral"
)
_CALLS: Final = (
    "project estimate: set so that acute home visits out of hours come near 1 200 a year (600-2 100); 3.4 visits per "
    "1 000 inhabitants in Stockholm 2018, applied to Halland"
)
_TURNOVER: Final = "politik.regionhalland.se GNHH 2018-10-19: 4.3 % a month (July 3.6 %)"
_STAYING: Final = (
    "project estimate: 1-3 acute visits per 100 nurse-enrolled guests and month; Laholm had 19-35 such guests a year "
    "(laholmstidning.se 2023-03-08), here spread over all guests of the county"
)
_PER_SV: Final = {
    "person": "inskriven",
    "resident": "boende",
    "place": "plats",
    "palliative patient": "palliativ patient",
}
_JUDGEMENT: Final = "project judgement, to be agreed with the region before any run"


def setting(default: Any, sv: str, en: str, unit: str = "", none: Text | None = None, **bounds: Any) -> Any:
    """A field that is the user's own choice: no source, no plausible range. `none` is what null means."""
    extra: dict[str, Any] = {"title": en, "title_sv": sv, "unit": unit}
    if none is not None:
        extra |= {"null_means": none.en, "null_means_sv": none.sv}
    return Field(default=default, json_schema_extra=extra, **bounds)


def assumption(
    value: float,
    low: float,
    high: float,
    unit: str,
    source: str,
    sv: str,
    en: str,
    quality: Quality = "estimate",
    **bounds: Any,
) -> Any:
    """A number about the world: default `value`, plausible `low` to `high`, where it comes from and how sure it is."""
    if not low <= value <= high:
        raise ValueError(f"{en}: the value {value} lies outside {low} to {high}")
    extra: dict[str, Any] = {
        "title": en,
        "title_sv": sv,
        "unit": unit,
        "value": float(value),
        "low": float(low),
        "high": float(high),
        "source": source,
        "quality": quality,
    }
    return Field(default=float(value), json_schema_extra=extra, **bounds)


def group(part: BaseModel, sv: str, en: str, label: str = "") -> Any:
    """A group of fields; `label` (G1, A1 ...) is put before the title of each field in it."""
    return Field(default=part, json_schema_extra={"title": en, "title_sv": sv, "label": label})


def _rate(value: float, low: float, high: float, per: str, source: str, sv: str, en: str) -> Any:
    return assumption(value, low, high, f"visits per {per} and year", _VISITS + source, sv, en, ge=0, le=400)


def _yearly(value: float, low: float, high: float, per: str, source: str, sv: str, en: str) -> Any:
    return assumption(value, low, high, f"requests per {per} and year", source, sv, en, ge=0, le=1000)


def _certificates(value: float, low: float, high: float, per: str, deaths: str) -> Any:
    source = f"project estimate: {deaths}, 3 in 10 of which need a physician's visit at once; vårdintyg added"
    return _yearly(value, low, high, per, source, f"dödsbevis och intyg per {_PER_SV[per]}", f"certificates per {per}")


def _by_telephone(value: float, low: float, high: float, when: str) -> Any:
    word = {"day": "dagtid", "jourtid": "på jourtid"}[when]
    said = {"day": "in office hours", "jourtid": "out of hours"}[when]
    return _share(value, low, high, f"andel som löses per telefon {word}", f"share solved by telephone {said}", _CALLS)


def _conveyed(value: float, low: float, high: float) -> Any:
    return _share(value, low, high, "andel som körs till sjukhus efter besöket", "share conveyed after the visit")


def _minutes(value: float, low: float, high: float, sv: str, en: str, source: str = _ESTIMATE) -> Any:
    return assumption(value, low, high, "min", source, sv, en, ge=0, le=1440)


def _target(minutes: float) -> Any:
    return setting(float(minutes), "måltid", "target time", "min", ge=1, le=10080)


def _patience(value: float, low: float, high: float, sv: str, en: str, **bounds: Any) -> Any:
    return assumption(value, low, high, "min", _ESTIMATE, sv, en, le=20160, **bounds)


def _spread(value: float, low: float, high: float, sv: str, en: str, source: str = _GUESS_CV) -> Any:
    return assumption(value, low, high, "cv", source, sv, en, ge=0, le=5)


def _share(value: float, low: float, high: float, sv: str, en: str, source: str = _ESTIMATE) -> Any:
    return assumption(value, low, high, "share", source, sv, en, ge=0, le=1)


def _practical(value: float, low: float, high: float, unit: str, sv: str, en: str) -> Any:
    return assumption(
        value, low, high, unit, _JUDGEMENT, "praktisk skillnad i " + sv, "practical difference in " + en, ge=0, le=10000
    )


def _as_day(value: object) -> object:
    """Dates only: a clock time or a number is not taken for a day."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        if isinstance(value, str) and len(value) == 10:
            return dt.date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("no_day", "not a date")


Real = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]
Day = Annotated[dt.date, BeforeValidator(_as_day)]
Name = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """Base of every group of fields: frozen, hashable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, protected_namespaces=())


class Words(Part):
    """The same words in Swedish and English."""

    sv: str = setting("", "svenska", "Swedish")
    """In Swedish."""
    en: str = setting("", "engelska", "English")
    """In English."""

    def get(self, lang: str) -> str:
        """The words in `lang`, or in the other language if they are missing."""
        return (self.en or self.sv) if lang == "en" else (self.sv or self.en)


class Calendar(Part):
    """When the run takes place."""

    start: Day = setting(dt.date(2024, 1, 1), "startdag", "first day", ge=dt.date(2000, 1, 1), le=dt.date(2099, 12, 31))
    """First day of the run, a Monday, written 2024-01-01. It decides which public holidays are met."""
    warm_up_weeks: Whole = setting(4, "uppvärmning i veckor", "warm-up in weeks", "weeks", ge=0, le=104)
    """Weeks run before anything is counted, so that the count does not begin with empty queues."""
    weeks: Whole = setting(52, "räknade veckor", "weeks counted", "weeks", ge=1, le=520)
    """Weeks counted, after the warm-up."""

    @field_validator("start")
    @classmethod
    def _is_monday(cls, day: dt.date) -> dt.date:
        if day.weekday():
            before = day - dt.timedelta(days=day.weekday())
            raise ValueError(
                f"must be a Monday, {day} is a {WEEKDAYS[day.weekday()]}; "
                f"write {before} or {before + dt.timedelta(days=7)}"
            )
        return day


class Study(Part):
    """How the experiment is run."""

    seed: Whole = setting(2024, "slumpfrö", "seed", ge=0, le=2**63 - 1)
    """The number every random draw follows from: the same seed gives the same patients and needs."""
    replications: Whole = setting(100, "antal upprepningar", "replications", ge=1, le=100_000)
    """How many times the run is repeated with new draws. More gives narrower intervals."""
    models: tuple[Name, ...] | None = setting(None, "modeller", "models", none=Text("alla", "all"), min_length=1)
    """Names of the organisation models to run, such as [status_quo, hybrid]; null means all there are."""
    reference: Name = setting("status_quo", "jämförelsemodell", "reference model")
    """The model the others are compared with."""
    confidence: Real = setting(0.95, "konfidensgrad", "confidence level", "share", ge=0.5, lt=1)
    """Confidence of the intervals, for all comparisons of a measure taken together."""

    @field_validator("models")
    @classmethod
    def _are_unique(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        twice = sorted({name for name in names or () if (names or ()).count(name) > 1})
        if twice:
            raise ValueError(f"must name each model once, {', '.join(twice)} is there more than once")
        return names


class HomeCare(Part):
    """Needs of people enrolled in home care in ordinary housing."""

    acute_per_year: Real = _rate(
        0.6, 0.2, 1.6, "person", _G1_VISITS, "akuta besök per inskriven", "acute visits per enrolled person"
    )
    """Acute requests per enrolled person and year."""
    planned_per_year: Real = _rate(
        1.4, 0.55, 2.8, "person", _G1_VISITS, "planerade besök per inskriven", "planned visits per enrolled person"
    )
    """Planned visits per enrolled person and year."""
    certificates_per_year: Real = _certificates(
        0.02, 0.005, 0.05, "person", "6 deaths at home per 100 enrolled and year"
    )
    """Death certificates and vårdintyg (class ADM) per enrolled person and year."""
    turnover_per_month: Real = assumption(
        0.043, 0.036, 0.045, "share", _TURNOVER, "omsättning per månad", "turnover a month", "measured", ge=0, lt=1
    )
    """Share of the enrolled who leave in a month, each followed at once by a new patient."""


class CareHome(Part):
    """Needs of care home (SÄBO) residents."""

    acute_per_year: Real = _rate(
        1.0, 0.5, 2.5, "resident", _G2_VISITS, "akuta besök per boende", "acute visits per resident"
    )
    """Acute requests per resident and year."""
    round_visits_per_year: Real = _rate(
        5.0, 2.5, 10.0, "resident", _G2_VISITS, "rondbesök per boende", "round visits per resident"
    )
    """Times a resident is seen on a round, per year. Rounds are weekly; this decides how many are seen on each."""
    certificates_per_year: Real = _certificates(0.10, 0.04, 0.25, "resident", "33 deaths per 100 residents and year")
    """Death certificates and vårdintyg (class ADM) per resident and year."""


class ShortTerm(Part):
    """Needs in short-term care, per place."""

    acute_per_year: Real = _rate(3.0, 1.5, 6.0, "place", _G3_VISITS, "akuta besök per plats", "acute visits per place")
    """Acute requests per place and year."""
    round_visits_per_year: Real = _rate(
        9.0, 4.5, 14.0, "place", _G3_VISITS, "rondbesök per plats", "round visits per place"
    )
    """Visits on rounds per place and year."""
    certificates_per_year: Real = _certificates(0.15, 0.05, 0.40, "place", "50 deaths per 100 places and year")
    """Death certificates and vårdintyg (class ADM) per place and year."""
    stay_days: Real = assumption(
        30, 14, 60, "days", _ESTIMATE, "vårdtid i dygn", "length of stay in days", ge=1, le=36525
    )
    """Mean days that a patient stays on a place; the next one comes at once."""


class DisabilityHousing(Part):
    """Needs of residents in disability housing (LSS)."""

    acute_per_year: Real = _rate(
        0.2, 0.05, 0.45, "resident", _G4_VISITS, "akuta besök per boende", "acute visits per resident"
    )
    """Acute requests per resident and year."""
    planned_per_year: Real = _rate(
        0.3, 0.1, 0.6, "resident", _G4_VISITS, "planerade besök per boende", "planned visits per resident"
    )
    """Planned visits per resident and year."""
    certificates_per_year: Real = _certificates(0.02, 0.0, 0.05, "resident", "2 deaths per 100 residents and year")
    """Death certificates and vårdintyg (class ADM) per resident and year."""


class Palliative(Part):
    """Palliative patients: a share of those in G1, G2 and G3. Their acute rate is that of the group they come from."""

    share_G1: Real = _share(0.015, 0.005, 0.04, "andel palliativa av G1", "palliative share of G1")
    """Share of the enrolled in ordinary housing."""
    share_G2: Real = _share(0.03, 0.01, 0.06, "andel palliativa av G2", "palliative share of G2")
    """Share of the residents of care homes."""
    share_G3: Real = _share(0.08, 0.03, 0.20, "andel palliativa av G3", "palliative share of G3")
    """Share of those on short-term places."""
    crises_per_year: Real = _yearly(
        4.0, 1.0, 10.0, "palliative patient", _ESTIMATE, "symtomkriser per palliativ patient",
        "symptom crises per palliative patient",
    )  # fmt: skip
    """Symptom crises (class PAL) per palliative patient and year, at any hour alike."""
    planned_per_year: Real = _rate(
        8.0, 3.0, 24.0, "person", "a visit every six or seven weeks", "planerade besök per palliativ patient",
        "planned visits per palliative patient",
    )  # fmt: skip
    """Planned visits per palliative patient and year, in place of those of the group they come from."""


class Borderline(Part):
    """People not enrolled whose mobility is near the threshold (tröskelprincipen)."""

    share_65plus: Real = _share(
        0.01, 0.003, 0.03, "andel gränsfall av 65+", "borderline share of people aged 65 and over"
    )
    """How many there are: a share of the people aged 65 and over."""
    acute_per_year: Real = _yearly(
        0.3, 0.1, 0.8, "person", _ESTIMATE, "akuta ärenden per person", "acute requests per person"
    )
    """Acute requests per person and year, before the threshold is applied."""
    planned_per_year: Real = _yearly(
        0.2, 0.0, 0.6, "person", _ESTIMATE, "planerade ärenden per person", "planned requests per person"
    )
    """Planned requests per person and year, before the threshold is applied."""


class TemporaryStay(Part):
    """People who stay for a while, in summer houses and on guest nights; how many is in the region's tables."""

    acute_per_year: Real = assumption(
        0.008, 0.002, 0.02, "requests per guest and year of stay", _STAYING, "akuta ärenden per gäst",
        "acute requests per guest", ge=0, le=10,
    )  # fmt: skip
    """Acute requests per guest and year of stay (365 nights), before a municipality's policy is applied."""
    planned_per_year: Real = assumption(
        0.003, 0.0, 0.008, "requests per guest and year of stay", _STAYING, "planerade ärenden per gäst",
        "planned requests per guest", ge=0, le=10,
    )  # fmt: skip
    """Planned requests per guest and year of stay: guests enrolled with the municipality's nurses while they stay."""


class Others(Part):
    """Children and others under 65 who need a physician at home without being enrolled."""

    acute_per_1000: Real = _yearly(
        0.3, 0.1, 0.8, "1 000 inhabitants under 65", _ESTIMATE, "akuta ärenden per 1 000", "acute requests per 1 000"
    )
    """Acute requests per 1 000 inhabitants under 65 and year."""
    planned_per_1000: Real = _yearly(
        0.1,
        0.0,
        0.3,
        "1 000 inhabitants under 65",
        _ESTIMATE,
        "planerade ärenden per 1 000",
        "planned requests per 1 000",
    )
    """Planned requests per 1 000 inhabitants under 65 and year."""
    certificates_per_1000: Real = _yearly(
        0.2,
        0.05,
        0.5,
        "1 000 inhabitants under 65",
        _ESTIMATE,
        "dödsbevis och intyg per 1 000",
        "certificates per 1 000",
    )
    """Death certificates and vårdintyg (class ADM) per 1 000 inhabitants under 65 and year."""


class Calls(Part):
    """Requests solved by telephone. The share is stated for each class, under `classes`."""

    call_mean_min: Real = _minutes(12, 5, 25, "samtalstid, medel", "time of a call, mean")
    """Mean minutes of physician time that a call takes."""
    call_cv: Real = _spread(0.5, 0.2, 1.0, "spridning i samtalstid", "spread of the time of a call")
    """Coefficient of variation of the time of a call (lognormal)."""


class AcuteMix(Part):
    """How acute requests divide between the classes; the three shares add up to 1."""

    A1: Real = _share(0.10, 0.05, 0.20, "andel A1 av akuta", "share A1 of acute")
    """Share that is acute but not for the emergency number (A1)."""
    A2: Real = _share(0.35, 0.20, 0.50, "andel A2 av akuta", "share A2 of acute")
    """Share that is urgent (A2)."""
    A3: Real = _share(0.55, 0.40, 0.70, "andel A3 av akuta", "share A3 of acute")
    """Share that can wait within the same day (A3)."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = self.A1 + self.A2 + self.A3
        if abs(total - 1) > MIX_TOLERANCE:
            raise ValueError(
                f"the shares must add up to 1, {self.A1:g} + {self.A2:g} + {self.A3:g} is {total:.6g}; "
                "change the three together"
            )
        return self


class Demand(Part):
    """How much is asked for, by whom."""

    scale: Real = assumption(1.0, 0.7, 1.5, "factor", _ALL_VISITS, "efterfrågan", "demand", ge=0, le=20)
    """Factor on every rate below: 1.1 means ten per cent more of everything."""
    year: Whole = setting(2024, "befolkningsår", "population year", ge=2024, le=2040)
    """Whose population: 2024 is today's numbers, later years follow the projection by municipality and age.

    The calendar (weekdays, holidays) stays that of `calendar.start`.
    """
    home_care_growth: Real = assumption(
        0.0, -0.01, 0.03, "share", _ESTIMATE + " (a policy of more care at home)",
        "årlig ökning av hemsjukvård utöver befolkningen", "yearly growth of home care beyond the population",
        gt=-1, le=1,
    )  # fmt: skip
    """Growth of G1 a year after 2024 on top of the population's: 0.02 means two per cent more of each age enrolled."""
    sabo_growth: Real = setting(
        0.0,
        "andel av ökat SÄBO-behov som byggs",
        "share of the growing need of SÄBO that is built",
        "share",
        ge=0,
        le=1,
    )
    """How much of the growth in need of care homes, which follows the number aged 80 and over, becomes places.

    The rest are enrolled in home care (G1). 0 means that no places are added after 2024.
    """
    wave_factor: Real = assumption(
        1.0, 1.0, 2.0, "factor", _ESTIMATE + " for home visits (an influenza wave)", "akuta ärenden under en våg",
        "acute requests during a wave", ge=0, le=20,
    )  # fmt: skip
    """Factor on the acute requests (A1-A3) of everybody in the weeks of a wave, such as influenza; 1: no wave.

    The usual months of `profiles.csv` are in it already: the wave comes on top of them.
    """
    wave_first_week: Whole = setting(1, "vågens första vecka", "first week of the wave", "weeks", ge=1, le=520)
    """The counted week, from 1, in which the wave begins. A wave outside the run changes nothing."""
    wave_weeks: Whole = setting(0, "vågens längd i veckor", "weeks of the wave", "weeks", ge=0, le=520)
    """How many weeks the wave lasts; 0: none."""
    heterogeneity_cv: Real = _spread(
        0.8,
        0.0,
        1.5,
        "skillnad i behov mellan patienter (variationskoefficient)",
        "difference in need between patients (coefficient of variation)",
        _ESTIMATE,
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
    conveyance_min: Real = _minutes(20, 10, 40, "extra tid vid transport till sjukhus", "extra time for conveyance")
    """Minutes on scene added when the patient is conveyed to hospital: ordering, handing over, waiting."""


class PatienceA1(Part):
    """What happens to an A1 request that nobody comes to."""

    deadline_min: Real = _patience(120, 60, 180, "gräns för ambulans", "deadline to ambulance", gt=0)
    """Minutes from the visit being ordered until the patient is taken to hospital by ambulance."""


class PatienceA2(Part):
    """What happens to an A2 request that nobody comes to: emergency department after `ed_from_min` + Weibull."""

    ed_from_min: Real = _patience(240, 120, 360, "tidigast till akuten", "earliest to the emergency department", ge=0)
    """Minutes from the visit being ordered during which nobody gives up."""
    ed_scale_min: Real = _patience(
        240, 120, 480, "skala för väntan till akuten", "scale of the wait to the emergency department", gt=0
    )
    """Scale of the Weibull time that follows: 63 % have given up when it has passed."""
    ed_shape: Real = assumption(
        1.5,
        1.0,
        3.0,
        "",
        _ESTIMATE,
        "form för väntan till akuten",
        "shape of the wait to the emergency department",
        gt=0,
        le=20,
    )
    """Shape of the Weibull time: 1 is a constant hazard, above 1 a growing one."""


class PatienceA3(PatienceA2):
    """As A2, but only for the share who turn to the emergency department at all."""

    ed_share: Real = _share(
        0.15, 0.05, 0.30, "andel som vänder sig till akuten", "share who turn to the emergency department"
    )
    """Share who at last go to the emergency department; the others wait for ever."""
    ed_from_min: Real = _patience(720, 360, 1440, "tidigast till akuten", "earliest to the emergency department", ge=0)
    """Minutes from the visit being ordered during which nobody gives up."""
    ed_scale_min: Real = _patience(
        720, 360, 1440, "skala för väntan till akuten", "scale of the wait to the emergency department", gt=0
    )
    """Scale of the Weibull time that follows: 63 % have given up when it has passed."""


class PatiencePAL(Part):
    """What happens to a palliative crisis that nobody comes to: palliative ward after `ward_from_min` + Weibull."""

    ward_share: Real = _share(0.5, 0.2, 0.9, "andel som läggs in palliativt", "share admitted to a palliative ward")
    """Share who at last are admitted to a palliative ward; the others wait for ever."""
    ward_from_min: Real = _patience(240, 120, 480, "tidigast inläggning", "earliest admission", ge=0)
    """Minutes from the visit being ordered during which nobody is admitted."""
    ward_scale_min: Real = _patience(
        360, 120, 720, "skala för väntan på inläggning", "scale of the wait to admission", gt=0
    )
    """Scale of the Weibull time that follows: 63 % of that share are admitted when it has passed."""
    ward_shape: Real = assumption(
        1.5, 1.0, 3.0, "", _ESTIMATE, "form för väntan på inläggning", "shape of the wait to admission", gt=0, le=20
    )
    """Shape of the Weibull time: 1 is a constant hazard, above 1 a growing one."""


class AcuteClass(Part):
    """What an acute class is promised and what it takes; the figures are those of A1."""

    target_min: Real = _target(60)
    """Target: minutes from the visit being ordered until the physician arrives."""
    triage_mean_min: Real = _minutes(5, 2, 15, "bedömningstid, medel", "triage time, mean")
    """Mean minutes from the call until the visit is ordered."""
    triage_cv: Real = _spread(0.5, 0.2, 1.0, "spridning i bedömningstid", "spread of triage time")
    """Coefficient of variation of the triage time (lognormal)."""
    on_scene_mean_min: Real = _minutes(
        50, 30, 75, "tid på plats, medel", "time on scene, mean", _ON_SCENE + ", A1 somewhat longer"
    )
    """Mean minutes on scene."""
    on_scene_cv: Real = _spread(0.5, 0.3, 0.8, "spridning i tid på plats", "spread of time on scene")
    """Coefficient of variation of the time on scene (lognormal)."""
    documentation_mean_min: Real = _minutes(15, 8, 25, "dokumentation, medel", "documentation, mean", _DOCUMENTATION)
    """Mean minutes of documentation after the visit."""
    documentation_cv: Real = _spread(0.4, 0.2, 0.8, "spridning i dokumentation", "spread of documentation")
    """Coefficient of variation of the documentation time (lognormal)."""
    telephone_share_day: Real = _by_telephone(0.0, 0.0, 0.2, "day")
    """Share solved by telephone in office hours (dag). An A1 that a call can settle was not an A1."""
    telephone_share_jourtid: Real = _by_telephone(0.0, 0.0, 0.2, "jourtid")
    """Share solved by telephone outside office hours (jourtid)."""
    conveyed_share: Real = _conveyed(0.25, 0.10, 0.45)
    """Share of those visited who are conveyed to hospital all the same."""


class ClassA1(AcuteClass):
    """Acute, not for the emergency number."""

    patience: PatienceA1 = group(PatienceA1(), "tålamod", "patience")
    """What happens if nobody comes."""


class ClassA2(AcuteClass):
    """Urgent."""

    target_min: Real = _target(120)
    """Target: minutes from the visit being ordered until the physician arrives."""
    triage_mean_min: Real = _minutes(10, 5, 30, "bedömningstid, medel", "triage time, mean")
    """Mean minutes from the call until the visit is ordered."""
    on_scene_mean_min: Real = _minutes(45, 30, 75, "tid på plats, medel", "time on scene, mean", _ON_SCENE)
    """Mean minutes on scene."""
    telephone_share_day: Real = _by_telephone(0.1, 0.0, 0.3, "day")
    """Share solved by telephone in office hours (dag)."""
    telephone_share_jourtid: Real = _by_telephone(0.4, 0.2, 0.6, "jourtid")
    """Share solved by telephone outside office hours (jourtid)."""
    conveyed_share: Real = _conveyed(0.12, 0.05, 0.25)
    """Share of those visited who are conveyed to hospital all the same."""
    patience: PatienceA2 = group(PatienceA2(), "tålamod", "patience")
    """What happens if nobody comes."""


class ClassA3(AcuteClass):
    """Same day."""

    target_min: Real = _target(360)
    """Target: minutes from the visit being ordered until the physician arrives."""
    triage_mean_min: Real = _minutes(20, 5, 60, "bedömningstid, medel", "triage time, mean")
    """Mean minutes from the call until the visit is ordered."""
    on_scene_mean_min: Real = _minutes(
        40, 25, 70, "tid på plats, medel", "time on scene, mean", _ON_SCENE + ", A3 somewhat shorter"
    )
    """Mean minutes on scene."""
    telephone_share_day: Real = _by_telephone(0.15, 0.05, 0.4, "day")
    """Share solved by telephone in office hours (dag)."""
    telephone_share_jourtid: Real = _by_telephone(0.55, 0.3, 0.75, "jourtid")
    """Share solved by telephone outside office hours (jourtid)."""
    conveyed_share: Real = _conveyed(0.05, 0.01, 0.12)
    """Share of those visited who are conveyed to hospital all the same."""
    patience: PatienceA3 = group(PatienceA3(), "tålamod", "patience")
    """What happens if nobody comes."""


class ClassPAL(AcuteClass):
    """Palliative symptom crisis."""

    target_min: Real = _target(120)
    """Target: minutes from the visit being ordered until the physician arrives."""
    triage_mean_min: Real = _minutes(10, 5, 30, "bedömningstid, medel", "triage time, mean")
    """Mean minutes from the call until the visit is ordered."""
    on_scene_mean_min: Real = _minutes(50, 30, 90, "tid på plats, medel", "time on scene, mean", _ON_SCENE)
    """Mean minutes on scene."""
    telephone_share_day: Real = _by_telephone(0.40, 0.2, 0.7, "day")
    """Share solved by telephone in office hours (dag)."""
    telephone_share_jourtid: Real = _by_telephone(0.50, 0.2, 0.8, "jourtid")
    """Share solved by telephone outside office hours (jourtid)."""
    conveyed_share: Real = _conveyed(0.05, 0.01, 0.15)
    """Share of those visited who are conveyed to hospital all the same."""
    patience: PatiencePAL = group(PatiencePAL(), "tålamod", "patience")
    """What happens if nobody comes."""


class ClassADM(AcuteClass):
    """Death certificate (dödsbevis) or vårdintyg: waits until somebody comes."""

    target_min: Real = _target(240)
    """Target: minutes from the visit being ordered until the physician arrives."""
    triage_mean_min: Real = _minutes(10, 5, 30, "bedömningstid, medel", "triage time, mean")
    """Mean minutes from the call until the visit is ordered."""
    on_scene_mean_min: Real = _minutes(30, 15, 60, "tid på plats, medel", "time on scene, mean")
    """Mean minutes on scene."""
    telephone_share_day: Real = _by_telephone(0.0, 0.0, 0.3, "day")
    """Share solved by telephone in office hours (dag); those that need no visit are not among the requests."""
    conveyed_share: Real = _conveyed(0.0, 0.0, 0.2)
    """Share conveyed to hospital (vårdintyg)."""


class ClassR(Part):
    """Rounds: several residents at one stop."""

    on_scene_mean_min: Real = _minutes(
        20,
        12,
        35,
        "tid per boende på rond, medel",
        "time per resident on a round, mean",
        "project estimate: 20 min per resident seen on a round (12-35)",
    )
    """Mean minutes on scene per resident seen."""
    on_scene_cv: Real = _spread(0.5, 0.3, 0.8, "spridning i tid per boende", "spread of time per resident")
    """Coefficient of variation of the time per resident seen (lognormal)."""
    documentation_mean_min: Real = _minutes(
        8, 4, 15, "dokumentation per boende, medel", "documentation per resident, mean"
    )
    """Mean minutes of documentation per resident seen."""
    documentation_cv: Real = _spread(0.4, 0.2, 0.8, "spridning i dokumentation", "spread of documentation")
    """Coefficient of variation of the documentation time (lognormal)."""


class ClassP(Part):
    """Planned visits."""

    on_scene_mean_min: Real = _minutes(45, 30, 75, "tid på plats, medel", "time on scene, mean", _ON_SCENE)
    """Mean minutes on scene."""
    on_scene_cv: Real = _spread(0.4, 0.2, 0.8, "spridning i tid på plats", "spread of time on scene")
    """Coefficient of variation of the time on scene (lognormal)."""
    documentation_mean_min: Real = _minutes(15, 8, 25, "dokumentation, medel", "documentation, mean", _DOCUMENTATION)
    """Mean minutes of documentation after the visit."""
    documentation_cv: Real = _spread(0.4, 0.2, 0.8, "spridning i dokumentation", "spread of documentation")
    """Coefficient of variation of the documentation time (lognormal)."""
    window_days: Whole = setting(14, "planerat fönster i dagar", "planned window in days", "days", ge=1, le=366)
    """Calendar days from a planned visit being released to the last day promised."""
    no_show_share: Real = _share(0.03, 0.01, 0.08, "andel bom: ingen hemma", "share where nobody is at home")
    """Share of planned visits where nobody is at home."""
    no_show_min: Real = _minutes(10, 5, 20, "tid på plats vid bom", "time on scene when nobody is at home")
    """Minutes at the door, note included, when nobody is at home."""


class Classes(Part):
    """What each class of request is promised and what it takes."""

    A1: ClassA1 = group(ClassA1(), "akut (A1)", "acute (A1)", "A1")
    """Acute, not for the emergency number."""
    A2: ClassA2 = group(ClassA2(), "brådskande (A2)", "urgent (A2)", "A2")
    """Urgent."""
    A3: ClassA3 = group(ClassA3(), "samma dag (A3)", "same day (A3)", "A3")
    """Same day."""
    PAL: ClassPAL = group(ClassPAL(), "palliativ symtomkris (PAL)", "palliative symptom crisis (PAL)", "PAL")
    """Palliative symptom crisis."""
    ADM: ClassADM = group(ClassADM(), "dödsbevis och intyg (ADM)", "certificates (ADM)", "ADM")
    """Death certificate or vårdintyg."""
    R: ClassR = group(ClassR(), "rond (R)", "round (R)", "R")
    """Rounds: several residents at one stop."""
    P: ClassP = group(ClassP(), "planerat (P)", "planned (P)", "P")
    """Planned visits."""


class Travel(Part):
    """How travel is found."""

    method: TravelMethod = setting("formula", "restidsmetod", "travel method")
    """formula: distance and a speed curve fitted to known drives. matrix: the file named in `matrix`."""
    matrix: Name | None = setting(None, "restidsmatris", "travel matrix", none=Text("ingen", "none"))
    """A table with columns from, to, minutes, km by the places' names or ids; a path relative to this file."""
    weather_factor: Real = assumption(
        1.0,
        1.0,
        1.4,
        "factor",
        _ESTIMATE + " for winter roads in Halland",
        "restid i rådande väder",
        "travel time in the weather",
        gt=0,
        le=10,
    )
    """Factor on every actual travel time: 1.2 means roads one fifth slower than planned for."""
    cv: Real = _spread(0.15, 0.05, 0.30, "spridning i restid", "spread of travel time", _ESTIMATE)
    """Coefficient of variation of the actual travel time around the expected (one lognormal factor per request)."""

    @model_validator(mode="after")
    def _has_matrix(self) -> Self:
        if self.method == "matrix" and self.matrix is None:
            raise ValueError("method is matrix but no file is named; write its path under matrix, or method: formula")
        return self


class Staffing(Part):
    """What every model gets to work with."""

    hours_per_week: Real = assumption(
        1080, 700, 1300, "h per week", _HOURS, "läkartimmar", "physician-hours", gt=0, le=100_000
    )
    """Physician-hours a week that every model gets, within 1 per cent, so that they are compared on equal terms."""
    overtime_max_min: Real = assumption(
        60,
        0,
        120,
        "min",
        _ESTIMATE,
        "högsta övertid vid passets slut",
        "most overtime at the end of a shift",
        ge=0,
        le=720,
    )
    """No visit is begun that is expected to end later than this many minutes after the end of the shift."""
    break_min: Real = assumption(
        30, 0, 45, "min", _ESTIMATE + "; at least every five hours (Working Hours Act 1982:673, 15 §)",
        "rast", "break", ge=0, le=120,
    )  # fmt: skip
    """Minutes of each break: one for every five hours of a shift begun after the first five. Acute A1 goes first."""
    planned_share: Real = _share(
        0.85, 0.6, 1.0, "andel av passet för planerat arbete", "share of a shift for planned work"
    )
    """How much of a shift may be filled with planned visits and rounds; the rest is kept for what comes."""
    named_weight_min: Real = assumption(
        15, 0, 60, "min", _ESTIMATE, "omväg för fast läkarkontakt", "detour for the named physician", ge=0, le=1440
    )
    """Minutes of extra driving that a planner accepts so that the named physician comes."""
    absence_share: Real = assumption(
        0.0, 0.0, 0.1, "share", _ESTIMATE + "; only what comes too late to replace", "korttidsfrånvaro utan vikarie",
        "absence at short notice without a replacement", ge=0, le=1,
    )  # fmt: skip
    """Chance that a physician-shift falls away at short notice, each for itself. Nobody comes instead.

    Who is away is drawn before any model is run. Rostered hours stay equal between the models; those worked are fewer.
    """


class OrganisationPart(Part):
    """Choices that cut across the models."""

    sharing: Sharing | None = setting(
        None, "samverkan över gränser", "sharing across borders", none=Text("enligt modellen", "as the model says")
    )
    """silo (rules and borders), agreement (neighbours, after a delay) or network (who is nearest).

    null: as each model says itself.
    """
    agreement_delay_min: Real = assumption(
        30, 10, 60, "min", _ESTIMATE, "dröjsmål vid avtal", "delay under an agreement", ge=0, le=1440
    )
    """Minutes before a neighbour may take over when sharing is agreement."""
    hand_over_min: Real = assumption(10, 0, 30, "min", _ESTIMATE, "överrapportering", "hand-over", ge=0, le=240)
    """Minutes by which a pool that takes over from another comes later, and documents longer."""
    threshold: Real = assumption(
        0.5, 0.3, 0.7, "score", _ESTIMATE + "; how tröskelprincipen is read", "tröskel för hembesök",
        "threshold for home visits", ge=0, le=1,
    )  # fmt: skip
    """People on the border (G6) get home visits when their mobility score is below this: 0 nobody, 1 everybody."""
    single_visit_share: Real = _share(
        0.2, 0.0, 0.5, "andel enstaka hembesök över tröskeln", "share of single home visits above the threshold"
    )
    """Share of requests above the threshold that are met with a single home visit all the same."""
    temporary_stay: StayPolicy = setting("serve", "vid tillfällig vistelse", "at temporary stay")
    """Guests (G7): serve (as residents), acute only, or refer (to vårdcentral, emergency department or telephone)."""
    acute_only_in: tuple[Name, ...] = setting(
        (), "bara akut vid tillfällig vistelse i", "acute only at temporary stay in"
    )
    """Municipalities that serve guests (G7) only when it is acute, such as [Laholm]."""
    referred_in: tuple[Name, ...] = setting((), "hänvisar vid tillfällig vistelse i", "refers at temporary stay in")
    """Municipalities that refer all guests (G7)."""
    closed_bases: tuple[Name, ...] = setting((), "stängda baser", "closed bases")
    """Bases that are closed: names of municipalities (their main town), places or facilities, such as [Varberg].

    Physicians based there start from the nearest main town of a municipality that is open, and drive home to it; they
    serve the same patients. Home-visit windows at a vårdcentral stay: it is the team's base that closes.
    """
    refused_to_vardcentral: Real = _share(
        0.6, 0.4, 0.8, "andel hänvisade till vårdcentral", "share of the refused who turn to a vårdcentral"
    )
    """Of refused requests, the share that is followed to a vårdcentral; A1 always goes to the emergency department."""
    refused_to_ed: Real = _share(
        0.15,
        0.05,
        0.3,
        "andel hänvisade till akutmottagning",
        "share of the refused who turn to the emergency department",
    )
    """Of refused requests, the share followed to an emergency department. The rest are helped by telephone."""


class Costs(Part):
    """What an hour, a kilometre, a transport or a day costs, and whom it takes: prices of about 2024, without VAT."""

    physician_hour: Real = assumption(
        1050,
        900,
        1400,
        "SEK per h",
        "project estimate: 86 400 SEK a month x 12 x 1.50 (employer fees and pension) / 1 600 h = 972 (2022), indexed",
        "regionens läkartimme",
        "physician-hour of the region",
        ge=0,
        le=100_000,
    )
    """Cost of a paid physician-hour in the region's own pools, unless the pool says otherwise."""
    contractor_hour: Real = assumption(
        1950,
        1500,
        2600,
        "SEK per h",
        "derived: Stockholm 2018, 38 million SEK / (3 cars x 6 500 h); car and driver included",
        "entreprenörens läkartimme med bil och förare",
        "physician-hour of a contractor with car and driver",
        "published",
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
        8,
        180,
        "g CO2 per km",
        "project estimate: ordinary petrol or diesel car 150 (110-180), electric car 8 (3-25)",
        "koldioxid per km",
        "carbon dioxide per km",
        ge=0,
        le=2000,
    )
    """Emission of the cars: 150 for petrol or diesel, about 8 for electric ones on the Swedish grid."""
    ambulance_transport: Real = assumption(
        6400,
        5000,
        9000,
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
        8500,
        16000,
        "SEK per day",
        "project estimate: 0.7 DRG points x 73 775 SEK / 5 days = 10 300",
        "vårddygn",
        "ward day",
        ge=0,
        le=1_000_000,
    )
    """Cost of a day on a ward."""
    ward_days_per_stay: Real = assumption(
        7, 3, 14, "days", _ESTIMATE, "dygn per palliativt vårdtillfälle", "days per palliative stay", ge=0, le=366
    )
    """Days on the palliative ward of a patient in a symptom crisis (PAL) whom nobody came to."""
    vardcentral_visit: Real = assumption(
        2093,
        1500,
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
        380,
        600,
        "SEK per h",
        "project estimate: 39 000 SEK a month x 12 x 1.45 (employer fees and pension) / 1 600 h = 424, and unsocial "
        "hours",
        "kommunens sjukskötersketimme",
        "nurse-hour of the municipality",
        ge=0,
        le=100_000,
    )
    """Cost of an hour of a nurse in the municipality's home care."""
    nurse_present_share: Real = _share(
        0.7,
        0.4,
        1.0,
        "andel av läkarens tid hos patienten med kommunens sjuksköterska",
        "share of the physician's time on scene with the municipality's nurse",
    )
    """Share of the physician's time with patients in groups G1-G5 during which a nurse of the municipality is there."""
    nurse_waiting_share: Real = _share(
        0.5,
        0.2,
        1.0,
        "andel av väntan i A1 och PAL med kommunens sjuksköterska",
        "share of the waiting in A1 and PAL with the municipality's nurse",
    )
    """Share of the waiting in the classes A1 and PAL, groups G1-G5, during which a nurse stays with the patient."""


class Practical(Part):
    """The smallest difference that matters, by kind of measure; below it two models are practically equal."""

    response_min: Real = _practical(10, 5, 20, "min", "svarstid", "response time")
    """Minutes of response or queue."""
    in_target_pp: Real = _practical(5, 2, 10, "percentage points", "andel inom mål", "share in target")
    """Percentage points of requests in target."""
    share_pp: Real = _practical(1, 0.5, 5, "percentage points", "andelar", "shares")
    """Percentage points of other shares, such as escalated."""
    travel_min: Real = _practical(5, 2, 10, "min", "restid per besök", "travel time per visit")
    """Minutes of travel per visit."""
    travel_km: Real = _practical(5, 2, 10, "km", "körsträcka per besök", "distance per visit")
    """Kilometres of travel per visit."""
    load_pp: Real = _practical(3, 1, 5, "percentage points", "belastning", "load")
    """Percentage points of utilisation."""
    load_h_per_week: Real = _practical(2, 1, 5, "h per week", "timmar", "hours")
    """Hours a week of work or overtime."""


class ComparisonPart(Part):
    """How models are compared."""

    practical: Practical = group(Practical(), "praktiska skillnader", "practical differences")
    """The smallest differences that matter; set them before any run."""


class Scenario(Part):
    """Everything that was asked for. `Scenario()` is the default; a file states what differs."""

    title: Words = group(Words(), "titel", "title")
    """What the scenario is called in reports."""
    question: Words = group(Words(), "fråga", "question")
    """The question it answers, in a sentence."""
    region: Name = setting("halland", "region", "region")
    """The region: a folder that comes with the program (halland), or the path of a folder relative to this file."""
    calendar: Calendar = group(Calendar(), "kalender", "calendar")
    """When the run takes place."""
    study: Study = group(Study(), "studie", "study")
    """How the experiment is run."""
    demand: Demand = group(Demand(), "efterfrågan", "demand")
    """How much is asked for, by whom."""
    classes: Classes = group(Classes(), "prioritetsklasser", "classes of request")
    """What each class of request is promised and what it takes."""
    travel: Travel = group(Travel(), "resor", "travel")
    """How travel is found."""
    staffing: Staffing = group(Staffing(), "bemanning", "staffing")
    """What every model gets to work with."""
    organisation: OrganisationPart = group(OrganisationPart(), "organisation", "organisation")
    """Choices that cut across the models."""
    costs: Costs = group(Costs(), "kostnader", "costs")
    """What things cost, and what they take from the region and the municipalities."""
    comparison: ComparisonPart = group(ComparisonPart(), "jämförelse", "comparison")
    """How models are compared."""

    _file: Path | None = PrivateAttr(default=None)

    @property
    def file(self) -> Path | None:
        """The file it was read from, if any."""
        return self._file

    @property
    def folder(self) -> Path | None:
        """The folder that relative paths start from: where the file was; None for a scenario made in Python."""
        return None if self._file is None else self._file.parent

    def placed_at(self, file: Path | None) -> Self:
        """The same scenario, read from `file`."""
        twin = self.model_copy()
        twin._file = file
        return twin

    def with_changes(self, changes: Mapping[str, Any]) -> Scenario:
        """A new scenario with dotted keys set, such as {"demand.scale": 1.1}; ScenarioError if that is not valid."""
        from sim.scenario.changes import apply_changes

        return apply_changes(self, changes)


class Leaf(NamedTuple):
    """One field that holds a value: its dotted key, its declaration and the label of its group (G1, A1 or '')."""

    key: str
    field: FieldInfo
    label: str

    @property
    def extra(self) -> dict[str, Any]:
        """What the declaring helper kept: title, unit, source and so on."""
        return extra_of(self.field)

    @property
    def title(self) -> Text:
        """Label and title, as they stand in a sentence."""
        before = self.label + " " if self.label else ""
        return Text(before + str(self.extra["title_sv"]), before + str(self.extra["title"]))


def extra_of(field: FieldInfo) -> dict[str, Any]:
    """The metadata that `setting`, `assumption` or `group` put in a field."""
    return dict(field.json_schema_extra) if isinstance(field.json_schema_extra, Mapping) else {}


def part_of(field: FieldInfo) -> type[Part] | None:
    """The model of a group field; None for a field that holds a value."""
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, Part) else None


def leaves(model: type[Part] = Scenario, prefix: str = "", label: str = "") -> Iterator[Leaf]:
    """Every field that holds a value, in the order of declaration."""
    for name, field in model.model_fields.items():
        part = part_of(field)
        if part is None:
            yield Leaf(prefix + name, field, label)
        else:
            yield from leaves(part, f"{prefix}{name}.", str(extra_of(field).get("label", "")) or label)


def value_of(scenario: Scenario, key: str) -> Any:
    """The value at a dotted key that is known to exist."""
    value: Any = scenario
    for name in key.split("."):
        value = getattr(value, name)
    return value
