"""Central mobile team: one team, one number, round the clock, nearest physician first."""

from __future__ import annotations

from models import _settings as shared
from sim.organisation import (
    EVERY_DAY,
    Area,
    Between,
    Choice,
    Organisation,
    Pool,
    Principal,
    Sharing,
    Shift,
    Text,
    route,
)
from sim.settings import (
    Bases, Clock, Lines, Names, Real, Settings, acute_demand, around_the_clock, bases_in_words, bases_of, given, posts,
)  # fmt: skip


class CentralTeam(Settings):
    """What can be moved in the central team."""

    hubs: Bases = shared.hubs(2, "baser", "bases")
    lines: Lines = shared.lines(1, "linjer per bas, dygnet runt", "lines a base, round the clock")
    night_lines: Lines | None = shared.own_lines("nattlinjer", "night lines")
    day_lines: Lines | None = shared.own_lines("daglinjer", "day lines")
    late_lines: Lines | None = shared.own_lines("sena linjer", "late lines")
    night_start: Clock = shared.clock("00:00", "nattpasset börjar", "the night shift begins")
    day_start: Clock = shared.clock("08:00", "dagpasset börjar", "the day shift begins")
    late_start: Clock = shared.clock("16:00", "det sena passet börjar", "the late shift begins")
    evening_lines: Lines = shared.lines(1, "extra kvällslinjer per bas", "further evening lines a base")
    evening_start: Clock = shared.clock("14:00", "extra kvällslinjer börjar", "further evening lines begin")
    evening_end: Clock = shared.clock("22:00", "extra kvällslinjer slutar", "further evening lines end")
    left: shared.LeftOver = shared.left()
    area: Area = shared.area(Area.EVERYBODY, "teamets", "the team")
    between: Between = shared.between(Between.STAND_BY, "teamet", "the team")
    stand_by: Names | None = shared.stand_by("teamet", "the team")
    reserve: Lines = shared.reserve("i teamet", "in the team")
    choice: Choice = shared.choice(Choice.NEAREST)
    sharing: Sharing = shared.sharing(Sharing.NETWORK)
    limits: shared.Limits = shared.limits()
    acute_demand_factor: Real = acute_demand()


def central_team(s: CentralTeam) -> Organisation:
    """One team from its hubs, with lines round the clock and more lines in afternoon and evening at each hub. All hours
    that are left go to office days, when planned visits and rounds are done."""
    night, day, late = around_the_clock(EVERY_DAY, s.night_start, s.day_start, s.late_start)
    by_shift = (
        (night, given(s.night_lines, s.lines)),
        (day, given(s.day_lines, s.lines)),
        (late, given(s.late_lines, s.lines)),
    )
    bases, where = bases_of(s.hubs), bases_in_words(s.hubs)
    team = Pool(
        "mobilt team",
        Text("Centralt mobilt team", "Central mobile team"),
        Principal.REGION,
        (
            *posts(bases, *by_shift, at=s.stand_by),
            *posts(bases, (Shift(EVERY_DAY, s.evening_start, s.evening_end), s.evening_lines), at=s.stand_by),
            *s.left.staffing(bases),
        ),
        s.area,
        s.between,
        reserve=s.reserve,
    )
    return Organisation(
        name="central_team",
        title=Text("Centralt mobilt team", "Central mobile team"),
        description=Text(
            f"Ett läkarteam för hela regionen, dygnet runt, från {where.sv}. Ett telefonnummer, alla ärenden, alla "
            f"kommuner; {shared.FIRST[s.choice].sv}.",
            f"One team of physicians for the whole region, round the clock, from {where.en}. One number, all requests, "
            f"all municipalities; {shared.FIRST[s.choice].en}.",
        ),
        pools=shared.limited(s.limits, team),
        routes=(route(team),),
        choice=s.choice,
        sharing=s.sharing,
        acute_demand=s.acute_demand_factor,
    )
