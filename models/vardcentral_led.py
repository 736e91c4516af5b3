"""Vårdcentral-led: the vårdcentraler of a municipality together own day and evening; nights and weekends by rota."""

from __future__ import annotations

from models._specialists import palliative_team, psychiatry
from sim.organisation import (
    DAYS_OFF,
    EVERY_DAY,
    OFFICE_DAYS,
    PLANNED,
    UNPLANNED,
    Area,
    Choice,
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

NIGHTS_AND_WEEKENDS = (Shift(EVERY_DAY, "22:00", "08:00"), Shift(DAYS_OFF, "08:00", "22:00"))


def vardcentral_led(clusters: int = 2, rest_h: float = 4.0) -> Organisation:
    """The vårdcentraler of each municipality share their home-visit windows, a day line and an evening line,
    continuity first.
    Nights and weekends: one physician for each of `clusters` groups of municipalities, and `rest_h` paid hours off
    after each such shift (an assumption), which daytime has to do without."""
    vardcentral = Pool(
        "vårdcentraler",
        Text("Kommunens vårdcentraler", "The municipality's vårdcentraler"),
        Principal.REGION,
        (
            Post(EachMunicipality(), (Shift(OFFICE_DAYS, "08:00", "17:00"), Shift(OFFICE_DAYS, "17:00", "22:00"))),
            HomeVisitWindows(),
        ),
        Area.MUNICIPALITY,
        displaces_clinic=True,
    )
    rota = Pool(
        "jourlinje",
        Text("Vårdcentralernas jourlinje", "The vårdcentraler's rota"),
        Principal.REGION,
        tuple(Post(Hub(i, clusters), NIGHTS_AND_WEEKENDS) for i in range(clusters)),
        Area.NEAREST_BASE,
        rest_h=rest_h,
        displaces_clinic=True,
    )
    palliative, lss = palliative_team(), psychiatry()
    return Organisation(
        name="vardcentral_led",
        title=Text("Vårdcentralslett", "Vårdcentral-led"),
        description=Text(
            "Vårdcentralerna i varje kommun ansvarar tillsammans för dag och kväll hos sina "
            "listade, med kontinuitet först; "
            "natt och helg delas i jourlinjer för grupper av kommuner.",
            "The vårdcentraler of each municipality together take day and evening for their listed "
            "patients, continuity "
            "first; nights and weekends go by rota in groups of municipalities.",
        ),
        pools=(vardcentral, rota, palliative, lss),
        routes=(
            route(
                palliative, vardcentral.after(minutes=30), rota.after(minutes=60), classes=("PAL",), windows=("dag",)
            ),
            route(palliative, vardcentral.after(days=5), groups=("G5",), classes=PLANNED),
            route(lss, vardcentral.after(days=7), groups=("G4",), classes=PLANNED),
            route(vardcentral, classes=PLANNED),
            route(vardcentral, rota.after(minutes=60), classes=UNPLANNED, windows=("dag", "kväll")),
            route(rota, vardcentral.after(minutes=60), classes=UNPLANNED),
        ),
        choice=Choice.CONTINUITY,
        sharing=Sharing.SILO,
    )
