"""Status quo: the providers of today, each within its own borders, with a hand-over at 08 and 17."""

from __future__ import annotations

from models._specialists import palliative_team, psychiatry
from sim.organisation import (
    DAYS_OFF,
    OFFICE_DAYS,
    PLANNED,
    UNPLANNED,
    Area,
    EachMunicipality,
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

JOUR = (
    Shift(OFFICE_DAYS, "17:00", "08:00"),
    Shift(DAYS_OFF, "08:00", "20:00"),
    Shift(DAYS_OFF, "20:00", "08:00"),
)


def status_quo(lmh_lines: int = 1) -> Organisation:
    """Today's organisation. `lmh_lines`: full-time posts of läkarmedverkan i hemsjukvården in each municipality (six
    posts in all: Läkartidningen 2020-07). Two lines of beredskapsjour for the county are an assumption."""
    vardcentral = Pool(
        "vårdcentral",
        Text("Vårdcentral", "Vårdcentral"),
        Principal.REGION,
        (HomeVisitWindows(),),
        Area.LISTED,
        displaces_clinic=True,
    )
    lmh = Pool(
        "läkarmedverkan",
        Text("Läkarmedverkan i hemsjukvården", "Physicians for home care"),
        Principal.REGION,
        (Post(EachMunicipality(), (Shift(OFFICE_DAYS, "08:00", "16:00"),), lmh_lines),),
        Area.MUNICIPALITY,
    )
    jour = Pool(
        "beredskapsjour",
        Text("Allmänmedicinsk beredskapsjour", "Out-of-hours contractor"),
        Principal.CONTRACTOR,
        (Post(Hub(0, 2), JOUR), Post(Hub(1, 2), JOUR)),
    )
    palliative, lss = palliative_team(), psychiatry()
    return Organisation(
        name="status_quo",
        title=Text("Status quo", "Status quo"),
        description=Text(
            "Varje vårdcentral gör hembesök hos sina listade i några tidsfönster i veckan och rondar sina SÄBO; "
            "läkarmedverkan i hemsjukvården täcker dagtid i varje kommun; beredskapsjouren tar kväll, natt och helg; "
            "palliativa teamet och psykiatrin har sina patienter.",
            "Each vårdcentral visits its own listed patients in a few windows a week and does its care-home rounds; "
            "home-care physicians cover office hours in each municipality; a contractor takes evenings, nights and "
            "weekends; the palliative team and psychiatry have their patients.",
        ),
        pools=(vardcentral, lmh, jour, palliative, lss),
        routes=(
            route(palliative, lmh.after(minutes=30), jour.after(minutes=60), classes=("PAL",), windows=("dag",)),
            route(palliative, lmh.after(days=5), vardcentral.after(days=5), groups=("G5",), classes=PLANNED),
            route(lss, vardcentral.after(days=7), groups=("G4",), classes=PLANNED),
            route(vardcentral, lmh.after(days=5), classes=PLANNED),
            route(vardcentral, lmh.after(minutes=30), jour.after(minutes=60), classes=UNPLANNED, windows=("dag",)),
            route(jour, vardcentral.after(minutes=60), lmh.after(minutes=60), classes=UNPLANNED),
        ),
        sharing=Sharing.SILO,
    )
