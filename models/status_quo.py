"""Status quo: the providers of today, each within its own borders, with a hand-over at 08 and 17."""

from __future__ import annotations

from models import _settings as shared
from models._jour import Jour, beredskapsjour, jour_settings
from models._specialists import PalliativeTeam, Psychiatry, palliative_settings, palliative_team
from models._specialists import psychiatry, psychiatry_settings
from sim.organisation import (
    OFFICE_DAYS, PLANNED, UNPLANNED, Area, Choice, EachMunicipality, Organisation, Pool, Principal, Sharing, Shift,
    Text, route,
)  # fmt: skip
from sim.settings import Clock, Lines, Minutes, NumberOfDays, Real, Settings, acute_demand, posts, today

LMH = Text(
    "läkarmedverkan i hemsjukvården täcker dagtid i varje kommun; ",
    "home-care physicians cover office hours in each municipality; ",
)
SIX_POSTS = "Läkartidningen 2020-07: six posts in all, so one in each municipality"


class StatusQuo(Settings):
    """What can be moved in today's organisation. Who moves much of it no longer speaks of today."""

    windows: shared.Windows = shared.windows()
    lmh_lines: Lines = today(
        1, 1, 1, "", SIX_POSTS, "läkare i läkarmedverkan per kommun", "home-care physicians a municipality",
        "published", Text("Heltidsposter i varje kommun.", "Full-time posts in each municipality."),
    )  # fmt: skip
    lmh_start: Clock = shared.clock("08:00", "läkarmedverkans dag börjar", "the home-care physicians' day begins")
    lmh_end: Clock = shared.clock("16:00", "läkarmedverkans dag slutar", "the home-care physicians' day ends")
    left: shared.LeftOver = shared.left()
    jour: Jour = jour_settings()
    palliative: PalliativeTeam = palliative_settings()
    psychiatry: Psychiatry = psychiatry_settings()
    lmh_take_over_min: Minutes = shared.minutes(30, "läkarmedverkans övertagande", "home care's take-over")
    jour_take_over_min: Minutes = shared.minutes(60, "jourens övertagande", "contractor's take-over")
    day_take_over_min: Minutes = shared.minutes(60, "övertagande på jourtid", "take-over out of hours")
    planned_take_over_days: NumberOfDays = shared.days(5, "planerat övertagande", "planned take-over")
    palliative_take_over_days: NumberOfDays = shared.days(5, "palliativt övertagande", "palliative take-over")
    psychiatry_take_over_days: NumberOfDays = shared.days(7, "övertagande för LSS", "take-over for LSS")
    vardcentral_area: Area = shared.area(Area.LISTED, "vårdcentralernas", "the vårdcentraler")
    lmh_area: Area = shared.area(Area.MUNICIPALITY, "läkarmedverkans", "the home-care physicians")
    choice: Choice = shared.choice(Choice.NEAREST)
    sharing: Sharing = shared.sharing(Sharing.SILO)
    limits: shared.Limits = shared.limits()
    acute_demand_factor: Real = acute_demand()


def status_quo(s: StatusQuo) -> Organisation:
    """Today's organisation. Where windows have hours of their own, what is left goes to läkarmedverkan."""
    vardcentral = Pool(
        "vårdcentral",
        Text("Vårdcentral", "Vårdcentral"),
        Principal.REGION,
        (s.windows.staffing(),),
        s.vardcentral_area,
        displaces_clinic=True,
    )
    towns = (EachMunicipality(),)
    lmh = Pool(
        "läkarmedverkan",
        Text("Läkarmedverkan i hemsjukvården", "Physicians for home care"),
        Principal.REGION,
        (
            *posts(towns, (Shift(OFFICE_DAYS, s.lmh_start, s.lmh_end), s.lmh_lines)),
            *s.left.staffing(towns, s.windows),
        ),
        s.lmh_area,
    )
    jour, palliative, lss = beredskapsjour(s.jour), palliative_team(s.palliative), psychiatry(s.psychiatry)
    by_day = (lmh.after(minutes=s.lmh_take_over_min), jour.after(minutes=s.jour_take_over_min))
    out_of_hours = (vardcentral.after(minutes=s.day_take_over_min), lmh.after(minutes=s.day_take_over_min))
    dying = (lmh.after(days=s.palliative_take_over_days), vardcentral.after(days=s.palliative_take_over_days))
    by_lmh = LMH if lmh.staffing else Text("", "")
    return Organisation(
        name="status_quo",
        title=Text("Status quo", "Status quo"),
        description=Text(
            "Varje vårdcentral gör hembesök hos sina listade i några tidsfönster i veckan och rondar sina SÄBO; "
            f"{by_lmh.sv}beredskapsjouren tar kväll, natt och helg; palliativa teamet och psykiatrin har sina "
            "patienter.",
            "Each vårdcentral visits its own listed patients in a few windows a week and does its care-home rounds; "
            f"{by_lmh.en}a contractor takes evenings, nights and weekends; the palliative team and psychiatry have "
            "their patients.",
        ),
        pools=shared.limited(s.limits, vardcentral, lmh, jour, palliative, lss),
        routes=(
            route(palliative, *by_day, classes=("PAL",), windows=("dag",)),
            route(palliative, *dying, groups=("G5",), classes=PLANNED),
            route(lss, vardcentral.after(days=s.psychiatry_take_over_days), groups=("G4",), classes=PLANNED),
            route(vardcentral, lmh.after(days=s.planned_take_over_days), classes=PLANNED),
            route(vardcentral, *by_day, classes=UNPLANNED, windows=("dag",)),
            route(jour, *out_of_hours, classes=UNPLANNED),
        ),
        choice=s.choice,
        sharing=s.sharing,
        acute_demand=s.acute_demand_factor,
    )
