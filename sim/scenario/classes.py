"""What each class of request is promised, what it takes, and what happens if nobody comes."""

from __future__ import annotations

from typing import Final

from sim.scenario.fields import (
    ESTIMATE,
    Part,
    Real,
    Whole,
    assumption,
    by_telephone,
    conveyed,
    group,
    minutes,
    patience,
    setting,
    share,
    spread,
    target,
)

ON_SCENE: Final = (
    "project estimate: between 24 and 28 min measured in Switzerland (Swiss Med Wkly 2023;153:40038, 1 139 visits) "
    "and Saxony (BMC Fam Pract 2018, 3 673) and 45 min believed for patients of Swedish home care"
)
ON_SCENE_ACUTE: Final = ON_SCENE + "; emergencies and out-of-hours visits are more often long (odds ratio 2.2 and 3.1)"
ON_SCENE_PAL: Final = ON_SCENE + "; palliative crises longer"
CONVEYED: Final = (
    "project estimate: of all acute, between the 9 % once guessed here and what is measured elsewhere: 34 % taken by "
    "ambulance (337 home calls in daytime, Oslo, PubMed 14963510), 25 % of contacts out of hours at 65 and over "
    "referred to hospital (Norway 2008-16, BMJ Qual Saf)"
)
DOCUMENTATION: Final = "project estimate: documentation 15 min a visit (8-25)"


class PatienceA1(Part):
    """What happens to an A1 request that nobody comes to."""

    deadline_min: Real = patience(120, 75, 190, "gräns för ambulans", "deadline to ambulance", gt=0)
    """Minutes from the visit being ordered until the patient is taken to hospital by ambulance."""


class PatienceA2(Part):
    """What happens to an A2 request that nobody comes to: emergency department after `ed_from_min` + Weibull."""

    ed_from_min: Real = patience(240, 150, 380, "tidigast till akuten", "earliest to the emergency department", ge=0)
    """Minutes from the visit being ordered during which nobody gives up."""
    ed_scale_min: Real = patience(
        240, 120, 480, "skala för väntan till akuten", "scale of the wait to the emergency department", gt=0
    )
    """Scale of the Weibull time that follows: 63 % have given up when it has passed."""
    ed_shape: Real = assumption(
        1.5,
        1.0,
        2.3,
        "",
        ESTIMATE,
        "form för väntan till akuten",
        "shape of the wait to the emergency department",
        gt=0,
        le=20,
    )
    """Shape of the Weibull time: 1 is a constant hazard, above 1 a growing one."""


class PatienceA3(PatienceA2):
    """As A2, but only for the share who turn to the emergency department at all."""

    ed_share: Real = share(
        0.15, 0.06, 0.32, "andel som vänder sig till akuten", "share who turn to the emergency department"
    )
    """Share who at last go to the emergency department; the others wait for ever."""
    ed_from_min: Real = patience(720, 360, 1440, "tidigast till akuten", "earliest to the emergency department", ge=0)
    """Minutes from the visit being ordered during which nobody gives up."""
    ed_scale_min: Real = patience(
        720, 360, 1440, "skala för väntan till akuten", "scale of the wait to the emergency department", gt=0
    )
    """Scale of the Weibull time that follows: 63 % have given up when it has passed."""


class PatiencePAL(Part):
    """What happens to a palliative crisis that nobody comes to: palliative ward after `ward_from_min` + Weibull."""

    ward_share: Real = share(0.5, 0.2, 0.8, "andel som läggs in palliativt", "share admitted to a palliative ward")
    """Share who at last are admitted to a palliative ward; the others wait for ever."""
    ward_from_min: Real = patience(240, 120, 480, "tidigast inläggning", "earliest admission", ge=0)
    """Minutes from the visit being ordered during which nobody is admitted."""
    ward_scale_min: Real = patience(
        360, 170, 760, "skala för väntan på inläggning", "scale of the wait to admission", gt=0
    )
    """Scale of the Weibull time that follows: 63 % of that share are admitted when it has passed."""
    ward_shape: Real = assumption(
        1.5, 1.0, 2.3, "", ESTIMATE, "form för väntan på inläggning", "shape of the wait to admission", gt=0, le=20
    )
    """Shape of the Weibull time: 1 is a constant hazard, above 1 a growing one."""


class AcuteClass(Part):
    """What an acute class is promised and what it takes; the figures are those of A1."""

    target_min: Real = target(60)
    """Target: minutes from the visit being ordered until the physician arrives."""
    triage_mean_min: Real = minutes(5, 2, 13, "bedömningstid, medel", "triage time, mean")
    """Mean minutes from the call until the visit is ordered."""
    triage_cv: Real = spread(0.5, 0.25, 1.0, "spridning i bedömningstid", "spread of triage time")
    """Coefficient of variation of the triage time (lognormal)."""
    on_scene_mean_min: Real = minutes(40, 25, 62, "tid på plats, medel", "time on scene, mean", ON_SCENE_ACUTE)
    """Mean minutes on scene."""
    on_scene_cv: Real = spread(0.5, 0.3, 0.8, "spridning i tid på plats", "spread of time on scene")
    """Coefficient of variation of the time on scene (lognormal)."""
    documentation_mean_min: Real = minutes(15, 9, 24, "dokumentation, medel", "documentation, mean", DOCUMENTATION)
    """Mean minutes of documentation after the visit."""
    documentation_cv: Real = spread(0.4, 0.2, 0.8, "spridning i dokumentation", "spread of documentation")
    """Coefficient of variation of the documentation time (lognormal)."""
    telephone_share_day: Real = by_telephone(0.0, 0.0, 0.2, "day", kind="decision")
    """Share solved by telephone in office hours (dag). An A1 that a call can settle was not an A1."""
    telephone_share_jourtid: Real = by_telephone(0.0, 0.0, 0.2, "jourtid", kind="decision")
    """Share solved by telephone outside office hours (jourtid)."""
    conveyed_share: Real = conveyed(0.40, 0.22, 0.60, CONVEYED)
    """Share of those visited who are conveyed to hospital all the same."""


class ClassA1(AcuteClass):
    """Acute, not for the emergency number."""

    patience: PatienceA1 = group(PatienceA1(), "tålamod", "patience")
    """What happens if nobody comes."""


class ClassA2(AcuteClass):
    """Urgent."""

    target_min: Real = target(120)
    """Target: minutes from the visit being ordered until the physician arrives."""
    triage_mean_min: Real = minutes(10, 4, 26, "bedömningstid, medel", "triage time, mean")
    """Mean minutes from the call until the visit is ordered."""
    on_scene_mean_min: Real = minutes(35, 22, 55, "tid på plats, medel", "time on scene, mean", ON_SCENE)
    """Mean minutes on scene."""
    telephone_share_day: Real = by_telephone(0.1, 0.03, 0.28, "day")
    """Share solved by telephone in office hours (dag)."""
    telephone_share_jourtid: Real = by_telephone(0.4, 0.22, 0.6, "jourtid")
    """Share solved by telephone outside office hours (jourtid)."""
    conveyed_share: Real = conveyed(0.22, 0.11, 0.39, CONVEYED)
    """Share of those visited who are conveyed to hospital all the same."""
    patience: PatienceA2 = group(PatienceA2(), "tålamod", "patience")
    """What happens if nobody comes."""


class ClassA3(AcuteClass):
    """Same day."""

    target_min: Real = target(360)
    """Target: minutes from the visit being ordered until the physician arrives."""
    triage_mean_min: Real = minutes(20, 7, 58, "bedömningstid, medel", "triage time, mean")
    """Mean minutes from the call until the visit is ordered."""
    on_scene_mean_min: Real = minutes(
        32, 20, 50, "tid på plats, medel", "time on scene, mean", ON_SCENE + "; A3 somewhat shorter"
    )
    """Mean minutes on scene."""
    telephone_share_day: Real = by_telephone(0.15, 0.05, 0.38, "day")
    """Share solved by telephone in office hours (dag)."""
    telephone_share_jourtid: Real = by_telephone(0.55, 0.33, 0.75, "jourtid")
    """Share solved by telephone outside office hours (jourtid)."""
    conveyed_share: Real = conveyed(0.10, 0.04, 0.22, CONVEYED)
    """Share of those visited who are conveyed to hospital all the same."""
    patience: PatienceA3 = group(PatienceA3(), "tålamod", "patience")
    """What happens if nobody comes."""


class ClassPAL(AcuteClass):
    """Palliative symptom crisis."""

    target_min: Real = target(120)
    """Target: minutes from the visit being ordered until the physician arrives."""
    triage_mean_min: Real = minutes(10, 4, 26, "bedömningstid, medel", "triage time, mean")
    """Mean minutes from the call until the visit is ordered."""
    on_scene_mean_min: Real = minutes(45, 28, 72, "tid på plats, medel", "time on scene, mean", ON_SCENE_PAL)
    """Mean minutes on scene."""
    telephone_share_day: Real = by_telephone(0.40, 0.18, 0.67, "day")
    """Share solved by telephone in office hours (dag)."""
    telephone_share_jourtid: Real = by_telephone(0.50, 0.2, 0.8, "jourtid")
    """Share solved by telephone outside office hours (jourtid)."""
    conveyed_share: Real = conveyed(0.05, 0.017, 0.14)
    """Share of those visited who are conveyed to hospital all the same."""
    patience: PatiencePAL = group(PatiencePAL(), "tålamod", "patience")
    """What happens if nobody comes."""


class ClassADM(AcuteClass):
    """Death certificate (dödsbevis) or vårdintyg: waits until somebody comes."""

    target_min: Real = target(240)
    """Target: minutes from the visit being ordered until the physician arrives."""
    triage_mean_min: Real = minutes(10, 4, 26, "bedömningstid, medel", "triage time, mean")
    """Mean minutes from the call until the visit is ordered."""
    on_scene_mean_min: Real = minutes(30, 15, 60, "tid på plats, medel", "time on scene, mean")
    """Mean minutes on scene."""
    telephone_share_day: Real = by_telephone(0.0, 0.0, 0.3, "day", kind="decision")
    """Share solved by telephone in office hours (dag); those that need no visit are not among the requests."""
    conveyed_share: Real = conveyed(0.0, 0.0, 0.2, kind="decision")
    """Share conveyed to hospital with the physician waiting; 0: the visit ends when the certificate is written."""


class ClassR(Part):
    """Rounds: several residents at one stop."""

    on_scene_mean_min: Real = minutes(
        20,
        12,
        32,
        "tid per boende på rond, medel",
        "time per resident on a round, mean",
        "project estimate: 20 min per resident seen on a round (12-35)",
    )
    """Mean minutes on scene per resident seen."""
    on_scene_cv: Real = spread(0.5, 0.3, 0.8, "spridning i tid per boende", "spread of time per resident")
    """Coefficient of variation of the time per resident seen (lognormal)."""
    documentation_mean_min: Real = minutes(
        8, 4, 15, "dokumentation per boende, medel", "documentation per resident, mean"
    )
    """Mean minutes of documentation per resident seen."""
    documentation_cv: Real = spread(0.4, 0.2, 0.8, "spridning i dokumentation", "spread of documentation")
    """Coefficient of variation of the documentation time (lognormal)."""


class ClassP(Part):
    """Planned visits."""

    on_scene_mean_min: Real = minutes(35, 22, 55, "tid på plats, medel", "time on scene, mean", ON_SCENE)
    """Mean minutes on scene."""
    on_scene_cv: Real = spread(0.4, 0.2, 0.8, "spridning i tid på plats", "spread of time on scene")
    """Coefficient of variation of the time on scene (lognormal)."""
    documentation_mean_min: Real = minutes(15, 9, 24, "dokumentation, medel", "documentation, mean", DOCUMENTATION)
    """Mean minutes of documentation after the visit."""
    documentation_cv: Real = spread(0.4, 0.2, 0.8, "spridning i dokumentation", "spread of documentation")
    """Coefficient of variation of the documentation time (lognormal)."""
    window_days: Whole = setting(14, "planerat fönster i dagar", "planned window in days", "days", ge=1, le=366)
    """Calendar days from a planned visit being released to the last day promised."""
    no_show_share: Real = share(0.03, 0.01, 0.08, "andel bom: ingen hemma", "share where nobody is at home")
    """Share of planned visits where nobody is at home."""
    no_show_min: Real = minutes(10, 5, 20, "tid på plats vid bom", "time on scene when nobody is at home",
                                idle_while={"classes.P.no_show_share": (0.0,)})  # fmt: skip
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
