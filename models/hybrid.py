"""Hybrid: vårdcentralen keeps planned work in daytime; a mobile team takes what cannot wait, at all hours."""

from __future__ import annotations

from models import _settings as shared
from models._specialists import PalliativeTeam, Psychiatry, palliative_settings, psychiatry, psychiatry_settings
from sim.organisation import (
    EVERY_DAY, OFFICE_DAYS, PLANNED, UNPLANNED, Area, Between, Choice, Organisation, Pool, Principal, Sharing, Shift,
    Text, route,
)  # fmt: skip
from sim.settings import (
    Bases, Clock, Lines, Minutes, Names, NumberOfDays, Real, Settings, acute_demand, around_the_clock, bases_in_words,
    bases_of, given, posts,
)  # fmt: skip


class Hybrid(Settings):
    """What can be moved in the hybrid."""

    hubs: Bases = shared.hubs(3, "baser", "bases")
    night_hubs: Bases = shared.hubs(2, "nattbaser", "night bases")
    lines: Lines = shared.lines(1, "linjer per bas", "lines a base")
    day_lines: Lines | None = shared.own_lines("daglinjer", "day lines")
    evening_lines: Lines | None = shared.own_lines("kvällslinjer", "evening lines")
    night_lines: Lines | None = shared.own_lines("nattlinjer", "night lines")
    palliative: PalliativeTeam = palliative_settings("09:00", "16:00")  # about the hours of PKT for home visits
    day_start: Clock = shared.clock("08:00", "dagpasset börjar", "the day shift begins")
    evening_start: Clock = shared.clock("15:00", "kvällspasset börjar", "the evening shift begins")
    evening_end: Clock = shared.clock("22:00", "kvällspasset slutar", "the evening shift ends")
    windows: shared.Windows = shared.windows()
    left: shared.LeftOver = shared.left()
    psychiatry: Psychiatry = psychiatry_settings()
    take_over_min: Minutes = shared.minutes(60, "övertagande", "take-over")
    planned_take_over_days: NumberOfDays = shared.days(7, "planerat övertagande", "planned take-over")
    palliative_take_over_days: NumberOfDays = shared.days(5, "palliativt övertagande", "palliative take-over")
    psychiatry_take_over_days: NumberOfDays = shared.days(7, "övertagande för LSS", "take-over for LSS")
    vardcentral_area: Area = shared.area(Area.LISTED, "vårdcentralernas", "the vårdcentraler")
    team_area: Area = shared.area(Area.EVERYBODY, "teamets", "the team")
    between: Between = shared.between(Between.STAND_BY, "teamet", "the team")
    stand_by: Names | None = shared.stand_by("teamet", "the team")
    reserve: Lines = shared.reserve("i teamet", "in the team")
    choice: Choice = shared.choice(Choice.NEAREST)
    sharing: Sharing = shared.sharing(Sharing.SILO)
    limits: shared.Limits = shared.limits()
    acute_demand_factor: Real = acute_demand()


def hybrid(s: Hybrid) -> Organisation:
    """Vårdcentraler with all hours that are left for planned visits and rounds; a mobile team with lines at its bases
    by day and evening, and by night, and the palliative team's physicians with lines more on office days."""
    day, evening, night = around_the_clock(EVERY_DAY, s.day_start, s.evening_start, s.evening_end)
    palliative = Shift(OFFICE_DAYS, s.palliative.start, s.palliative.end)
    bases, where = bases_of(s.hubs), bases_in_words(s.hubs)
    vardcentral = Pool(
        "vårdcentral",
        Text("Vårdcentral", "Vårdcentral"),
        Principal.REGION,
        (s.windows.staffing(),),
        s.vardcentral_area,
        displaces_clinic=True,
    )
    team = Pool(
        "mobilt team",
        Text("Mobilt team", "Mobile team"),
        Principal.REGION,
        (
            *posts(
                bases, (day, given(s.day_lines, s.lines)), (evening, given(s.evening_lines, s.lines)), at=s.stand_by
            ),
            *posts(bases_of(s.night_hubs), (night, given(s.night_lines, s.lines))),
            *posts(bases, (palliative, s.palliative.lines), at=s.stand_by),
            *s.left.staffing(bases, s.windows),
        ),
        s.team_area,
        s.between,
        reserve=s.reserve,
    )
    lss = psychiatry(s.psychiatry)
    return Organisation(
        name="hybrid",
        title=Text("Hybrid", "Hybrid"),
        description=Text(
            f"Vårdcentralen behåller planerade hembesök och ronder på dagtid; ett mobilt team från {where.sv} tar det "
            "som inte kan vänta, dag som natt; palliativa teamets läkare går upp i det.",
            f"The vårdcentral keeps planned visits and rounds in daytime; a mobile team from {where.en} takes what "
            "cannot wait, day and night; the palliative team's physicians join it.",
        ),
        pools=shared.limited(s.limits, vardcentral, team, lss),
        routes=(
            route(team, vardcentral.after(days=s.palliative_take_over_days), groups=("G5",), classes=PLANNED),
            route(lss, vardcentral.after(days=s.psychiatry_take_over_days), groups=("G4",), classes=PLANNED),
            route(vardcentral, team.after(days=s.planned_take_over_days), classes=PLANNED),
            route(team, vardcentral.after(minutes=s.take_over_min), classes=UNPLANNED),
        ),
        choice=s.choice,
        sharing=s.sharing,
        acute_demand=s.acute_demand_factor,
    )
