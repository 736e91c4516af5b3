"""Hybrid: vårdcentralen keeps planned work in daytime; a mobile team takes what cannot wait, at all hours."""

from __future__ import annotations

from models._specialists import psychiatry
from sim.organisation import (
    EVERY_DAY,
    OFFICE_DAYS,
    PLANNED,
    UNPLANNED,
    Area,
    HomeVisitWindows,
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

DAY_AND_EVENING = (Shift(EVERY_DAY, "08:00", "15:00"), Shift(EVERY_DAY, "15:00", "22:00"))
NIGHT = (Shift(EVERY_DAY, "22:00", "08:00"),)
PALLIATIVE_DAY = (Shift(OFFICE_DAYS, "09:00", "16:00"),)  # about the hours that PKT has for visits in the home


def hybrid(hubs: int = 3, night_hubs: int = 2, lines: int = 1) -> Organisation:
    """Vårdcentraler with all hours that are left for planned visits and rounds; a mobile team with `lines` at each
    of `hubs` bases by day and evening and at each of `night_hubs` by night, and the palliative team's physicians with
    one line more at each base on office days."""
    vardcentral = Pool(
        "vårdcentral",
        Text("Vårdcentral", "Vårdcentral"),
        Principal.REGION,
        (HomeVisitWindows(),),
        Area.LISTED,
        displaces_clinic=True,
    )
    team = Pool(
        "mobilt team",
        Text("Mobilt team", "Mobile team"),
        Principal.REGION,
        (
            *(Post(Hub(i, hubs), DAY_AND_EVENING, lines) for i in range(hubs)),
            *(Post(Hub(i, night_hubs), NIGHT, lines) for i in range(night_hubs)),
            *(Post(Hub(i, hubs), PALLIATIVE_DAY) for i in range(hubs)),
        ),
    )
    lss = psychiatry()
    return Organisation(
        name="hybrid",
        title=Text("Hybrid", "Hybrid"),
        description=Text(
            "Vårdcentralen behåller planerade hembesök och ronder på dagtid; ett mobilt team från tre "
            "baser tar det som inte "
            "kan vänta, dag som natt; palliativa teamets läkare går upp i det.",
            "The vårdcentral keeps planned visits and rounds in daytime; a mobile team from three "
            "bases takes what cannot "
            "wait, day and night; the palliative team's physicians join it.",
        ),
        pools=(vardcentral, team, lss),
        routes=(
            route(team, vardcentral.after(days=5), groups=("G5",), classes=PLANNED),
            route(lss, vardcentral.after(days=7), groups=("G4",), classes=PLANNED),
            route(vardcentral, team.after(days=7), classes=PLANNED),
            route(team, vardcentral.after(minutes=60), classes=UNPLANNED),
        ),
        sharing=Sharing.SILO,
    )
