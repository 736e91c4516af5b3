"""Central mobile team: one team, one number, round the clock, nearest physician first."""

from __future__ import annotations

from sim.organisation import (
    EVERY_DAY,
    OFFICE_DAYS,
    Filled,
    Hub,
    Organisation,
    Pool,
    Post,
    Principal,
    Sharing,
    Shift,
    Text,
    route,
)

ROUND_THE_CLOCK = (
    Shift(EVERY_DAY, "00:00", "08:00"),
    Shift(EVERY_DAY, "08:00", "16:00"),
    Shift(EVERY_DAY, "16:00", "00:00"),
)


def central_team(hubs: int = 2, lines: int = 1, evening_lines: int = 1) -> Organisation:
    """One team from `hubs` hubs, with `lines` round the clock and `evening_lines` more in afternoon and evening at
    each hub.
    All hours that are left go to office days, when planned visits and rounds are done."""
    bases = tuple(Hub(i, hubs) for i in range(hubs))
    team = Pool(
        "mobilt team",
        Text("Centralt mobilt team", "Central mobile team"),
        Principal.REGION,
        (
            *(Post(base, ROUND_THE_CLOCK, lines) for base in bases),
            *(Post(base, (Shift(EVERY_DAY, "14:00", "22:00"),), evening_lines) for base in bases),
            Filled(bases, Shift(OFFICE_DAYS, "08:00", "17:00")),
        ),
    )
    return Organisation(
        name="central_team",
        title=Text("Centralt mobilt team", "Central mobile team"),
        description=Text(
            "Ett läkarteam för hela länet, dygnet runt, från två baser. Ett telefonnummer, alla ärenden, "
            "alla kommuner; "
            "närmaste lediga läkare åker.",
            "One team of physicians for the whole county, round the clock, from two bases. One number, all "
            "requests, all "
            "municipalities; the nearest free physician goes.",
        ),
        pools=(team,),
        routes=(route(team),),
        sharing=Sharing.NETWORK,
    )
