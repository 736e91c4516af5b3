"""Settings that several models have, worded once. Each model gives them its own values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim.organisation import OFFICE_DAYS, Base, Filled, HomeVisitWindows, Pool, Shift, Text
from sim.settings import (
    WEEKDAYS,
    Area,
    Between,
    Choice,
    Clock,
    Minutes,
    Real,
    Settings,
    Share,
    Sharing,
    Weekdays,
    group,
    setting,
    today,
    weekday_numbers,
)

AS_SCENARIO = Text("enligt scenariot", "as the scenario says")


class Windows(Settings):
    """Home-visit windows at every vårdcentral on office days, at most one a day, shared by expected work."""

    hours_per_week: Real | None = setting(
        None, "timmar i hembesökstider", "hours in windows", "h per week", ge=0, le=1e5,
        none=Text("det som är kvar", "what is left"), about=Text(
            "Timmar i veckan i alla hembesökstider tillsammans. null: alla timmar som de andra posterna lämnar. Med "
            "ett tal går det som är kvar till andra poster, på vardagar; modellen säger vilka.",
            "Hours a week in all the windows together. null: all the hours that the other posts leave. With a number, "
            "what is left goes to other posts, on office days; the model says which.",
        ),
    )  # fmt: skip
    start: Clock = setting("12:30", "hembesökstiderna börjar", "windows begin", about=Text(
        "När en hembesökstid börjar; en som annars skulle sluta efter 17 börjar tidigare.",
        "When a window begins; one that would end after 17 begins earlier.",
    ))  # fmt: skip
    usual_length_min: Minutes = today(
        240, 120, 300, "min", "project estimate: half a working day", "vanlig hembesökstid", "usual window length",
        ge=30, le=540, about=Text(
            "Hur lång en hembesökstid brukar vara: avgör hur många dagar i veckan varje vårdcentral har en.",
            "How long a window usually is: decides how many days a week each vårdcentral has one.",
        ),
    )  # fmt: skip
    weekdays: Weekdays = setting(WEEKDAYS, "dagar med hembesökstider", "window days", about=Text(
        "Veckodagar då det kan finnas hembesökstider.", "Weekdays on which there may be windows."
    ))  # fmt: skip

    def staffing(self) -> HomeVisitWindows:
        """As staffing of the vårdcentraler."""
        days = weekday_numbers(self.weekdays)
        return HomeVisitWindows(self.start, self.usual_length_min, days, self.hours_per_week)


def windows() -> Any:
    return group(Windows(), "hembesökstider", "home-visit windows")


class LeftOver(Settings):
    """The shift, on office days, of the posts that take the hours that are left where windows do not."""

    start: Clock = setting("08:00", "resten börjar", "what is left begins", about=Text(
        "När det pass börjar som tar de timmar som är kvar.", "When the shift begins that takes what is left."
    ))  # fmt: skip
    end: Clock = setting("17:00", "resten slutar", "what is left ends", about=Text(
        "När det pass slutar som tar de timmar som är kvar.", "When the shift ends that takes what is left."
    ))  # fmt: skip

    def staffing(self, bases: tuple[Base, ...], windows: Windows | None = None) -> tuple[Filled, ...]:
        """Posts at these bases; none where the windows take what is left."""
        left = windows is None or windows.hours_per_week is not None
        return (Filled(bases, Shift(OFFICE_DAYS, self.start, self.end)),) if left else ()


def left() -> Any:
    return group(LeftOver(), "timmar som är kvar", "hours that are left")


BASES = Text(
    "Hur många (då de orter som tillsammans ligger närmast dem som är 80 år och äldre), eller en lista med namn på "
    "kommuner, orter eller enheter.",
    "How many (then the towns that together lie nearest to the people aged 80 and over), or a list of names of "
    "municipalities, places or facilities.",
)


def hubs(value: int, sv: str, en: str) -> Any:
    return setting(value, sv, en, about=BASES)


def lines(value: int, sv: str, en: str) -> Any:
    about = Text(f"Läkare som är i tjänst samtidigt: {sv}.", f"Physicians on duty at the same time: {en}.")
    return setting(value, sv, en, about=about)


def own_lines(sv: str, en: str) -> Any:
    about = Text(
        f"{sv.capitalize()}, där de inte är lika många som i andra pass. null: så många som `lines` säger.",
        f"{en.capitalize()}, where there are not as many as in other shifts. null: as many as `lines` says.",
    )
    return setting(None, sv, en, about=about, none=Text("som övriga", "as the others"))


def clock(value: str, sv: str, en: str) -> Any:
    return setting(value, sv, en, about=Text(f"Klockslaget då {sv}.", f"When {en}."))


def minutes(value: float, sv: str, en: str) -> Any:
    about = Text(
        f"Minuter från att besöket beställdes till {sv}, när ingen som tillfrågats före har tagit det.",
        f"Minutes after the visit was ordered until {en}, when nobody who was asked first has taken it.",
    )
    return setting(value, f"{sv} efter", f"{en} after", "min", about)


def days(value: float, sv: str, en: str) -> Any:
    about = Text(f"Dygn från att besöket beställdes till {sv}.", f"Days after the visit was ordered until {en}.")
    return setting(value, f"{sv} efter (dygn)", f"{en} after (days)", "days", about)


def area(value: Area, sv: str, en: str) -> Any:
    about = Text(f"Vilka som är {sv} patienter.", f"Whose requests {en} take.")
    return setting(value, f"{sv} patienter", f"patients of {en}", about=about)


def between(value: Between, sv: str, en: str) -> Any:
    about = Text(f"Vad {sv} gör mellan besök utan arbete.", f"What {en} do between visits when there is no work.")
    return setting(value, f"mellan besök, {sv}", f"between visits, {en}", about=about)


def stand_by(sv: str, en: str) -> Any:
    about = Text(
        f"Var {sv} väntar på arbete: en plats för varje bas, i samma ordning. null: vid basen.",
        f"Where {en} wait for work: a place for each base, in the same order. null: at the base.",
    )
    return setting(None, f"väntplatser, {sv}", f"stand-by places, {en}", about=about, none=Text("basen", "the base"))


def reserve(sv: str, en: str) -> Any:
    about = Text(f"Så många lediga {sv} sparas för A1.", f"So many free {en} are kept for A1.")
    return setting(0, f"lediga {sv} för A1", f"free {en} kept for A1", about=about, le=100)


def choice(value: Choice) -> Any:
    about = Text("Vilken av de lediga läkarna som åker.", "Which of the free physicians is sent.")
    return setting(value, "vem som åker", "who goes", about=about)


FIRST = {
    Choice.NEAREST: Text("närmaste läkare först", "the nearest physician first"),
    Choice.CONTINUITY: Text("med kontinuitet först", "continuity first"),
    Choice.FEWEST_HOURS: Text("den som arbetat minst först", "whoever has worked least first"),
}  # in the description of a model


def sharing(value: Sharing) -> Any:
    about = Text(
        "Hur långt områden hjälper varandra. Scenariots organisation.sharing går före, för alla modeller.",
        "How far areas help each other. The scenario's organisation.sharing goes before it, for every model.",
    )
    return setting(value, "samverkan över gränser", "sharing across borders", about=about)


class Limits(Settings):
    """Limits of the model's own; null: as the scenario says for every model."""

    planned_share: Share | None = setting(
        None, "andel av passet för planerat", "share of a shift for planned work", "share", none=AS_SCENARIO,
        about=Text(
            "Hur mycket av ett pass som får fyllas med planerade besök och ronder. null: staffing.planned_share.",
            "How much of a shift may be filled with planned visits and rounds. null: staffing.planned_share.",
        ),
    )  # fmt: skip
    overtime_min: Minutes | None = setting(
        None, "högsta övertid", "most overtime", "min", none=AS_SCENARIO,
        about=Text(
            "Inget besök påbörjas som väntas sluta fler minuter än så efter passet. null: staffing.overtime_max_min.",
            "No visit is begun that is expected to end more minutes than this after the shift. null: "
            "staffing.overtime_max_min.",
        ),
    )  # fmt: skip


def limits() -> Any:
    return group(Limits(), "gränser", "limits")


def limited(limits: Limits, *pools: Pool) -> tuple[Pool, ...]:
    """The pools with these limits."""
    return tuple(replace(pool, planned_share=limits.planned_share, overtime_min=limits.overtime_min) for pool in pools)
