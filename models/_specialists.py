"""The specialist providers that stand beside primary care in every model but the central team."""

from __future__ import annotations

from typing import Any

from sim.organisation import OFFICE_DAYS, Area, Days, EachFacility, Pool, Post, Principal, Shift, Text
from sim.settings import Bases, Clock, Lines, Settings, bases_of, group, setting, today

ESTIMATE = "project estimate"


class PalliativeTeam(Settings):
    """Hallands sjukhus, PKT: four teams in office hours, each with a physician for visits in the home. The rest of
    their time goes to consultations, which are not simulated."""

    lines: Lines = today(
        1, 1, 2, "", f"{ESTIMATE}: one physician of each team", "palliativa läkare per bas",
        "palliative physicians a base", about=Text(
            "Läkare i varje palliativt team för hembesök; där de ingår i ett mobilt team, vid varje bas.",
            "Physicians of each team for visits in the home; where they join a mobile team, at each of its bases.",
        ),
    )  # fmt: skip
    start: Clock = setting("09:00", "palliativa tiden börjar", "the palliative hours begin", about=Text(
        "När deras tid för hembesök börjar. Fem timmar om dagen är en uppskattning.",
        "When their time for visits in the home begins. Five hours a day is an estimate.",
    ))  # fmt: skip
    end: Clock = setting("14:00", "palliativa tiden slutar", "the palliative hours end", about=Text(
        "När deras tid för hembesök slutar.", "When their time for visits in the home ends."
    ))  # fmt: skip


class Psychiatry(Settings):
    """Psychiatry for LSS: an afternoon a week from each of some towns."""

    towns: Bases = setting(2, "orter med psykiatri för LSS", "towns with psychiatry for LSS", about=Text(
        "Var de utgår från, en eftermiddag i veckan från varje: hur många orter, eller en lista med namn. Två är en "
        "uppskattning.",
        "Where they start from, an afternoon a week from each: how many towns, or a list of names. Two is an estimate.",
    ))  # fmt: skip
    start: Clock = setting("12:30", "psykiatrins tid börjar", "psychiatry's hours begin", about=Text(
        "När eftermiddagen börjar.", "When the afternoon begins."
    ))  # fmt: skip
    end: Clock = setting("16:30", "psykiatrins tid slutar", "psychiatry's hours end", about=Text(
        "När eftermiddagen slutar.", "When the afternoon ends."
    ))  # fmt: skip


def palliative_settings(start: str = "09:00", end: str = "14:00") -> Any:
    return group(PalliativeTeam(start=start, end=end), "palliativt team", "palliative team")


def psychiatry_settings() -> Any:
    return group(Psychiatry(), "psykiatri för LSS", "psychiatry for LSS")


def palliative_team(s: PalliativeTeam) -> Pool:
    """The physicians of PKT, each team for the municipalities nearest to it."""
    return Pool(
        "palliativt team",
        Text("Palliativt konsultteam (PKT)", "Palliative team (PKT)"),
        Principal.REGION,
        (Post(EachFacility("pkt"), (Shift(OFFICE_DAYS, s.start, s.end),), s.lines),),
        Area.NEAREST_BASE,
    )


def psychiatry(s: Psychiatry) -> Pool:
    """An afternoon a week from each town, on different days."""
    return Pool(
        "psykiatri",
        Text("Psykiatri för LSS", "Psychiatry for LSS"),
        Principal.REGION,
        tuple(
            Post(base, (Shift(Days(((1 + 2 * i) % 5,), office=True), s.start, s.end),))
            for i, base in enumerate(bases_of(s.towns))
        ),
    )
