"""Vårdcentral-led: the vårdcentraler of a municipality together own day and evening; nights and weekends by rota."""

from __future__ import annotations

from models import _settings as shared
from models import _specialists as specialists
from sim.organisation import (
    DAYS_OFF, EVERY_DAY, OFFICE_DAYS, PLANNED, UNPLANNED, Area, Choice, EachMunicipality, Organisation, Pool, Principal,
    Sharing, Shift, Text, route,
)  # fmt: skip
from sim.settings import (
    Bases, Clock, Lines, Minutes, NumberOfDays, Real, Settings, acute_demand, around_the_clock, bases_of, posts, today,
)  # fmt: skip


class VardcentralLed(Settings):
    """What can be moved in the vårdcentral-led model."""

    day_lines: Lines = shared.lines(1, "daglinjer per kommun", "day lines a municipality")
    evening_lines: Lines = shared.lines(1, "kvällslinjer per kommun", "evening lines a municipality")
    day_start: Clock = shared.clock("08:00", "dagen börjar", "the day begins")
    evening_start: Clock = shared.clock("17:00", "kvällen börjar", "the evening begins")
    evening_end: Clock = shared.clock("22:00", "kvällen slutar", "the evening ends")
    windows: shared.Windows = shared.windows()
    left: shared.LeftOver = shared.left()
    clusters: Bases = shared.hubs(2, "jourbaser", "rota bases")
    night_lines: Lines = shared.lines(1, "nattlinjer per jourbas", "night lines a rota base")
    weekend_lines: Lines = shared.lines(1, "helglinjer per jourbas", "weekend lines a rota base")
    rest_h: Real = today(
        4, 0, 11, "h", "project estimate: whoever was on call does not work the day after",
        "betald vila efter jourpass", "paid rest after a shift of the rota", ge=0, le=24,
        about=Text("Betald ledighet som tas från dagtid.", "Paid hours off, which daytime has to do without."),
    )  # fmt: skip
    palliative: specialists.PalliativeTeam = specialists.palliative_settings()
    psychiatry: specialists.Psychiatry = specialists.psychiatry_settings()
    rota_take_over_min: Minutes = shared.minutes(60, "jourlinjens övertagande", "rota's take-over")
    day_take_over_min: Minutes = shared.minutes(60, "övertagande på jourtid", "take-over out of hours")
    palliative_take_over_min: Minutes = shared.minutes(30, "palliativt övertagande", "palliative take-over")
    palliative_take_over_days: NumberOfDays = shared.days(
        5, "palliativt övertagande, planerat,", "planned palliative take-over"
    )
    psychiatry_take_over_days: NumberOfDays = shared.days(7, "övertagande för LSS", "take-over for LSS")
    vardcentral_area: Area = shared.area(Area.MUNICIPALITY, "vårdcentralernas", "the vårdcentraler")
    rota_area: Area = shared.area(Area.NEAREST_BASE, "jourlinjernas", "the rota")
    choice: Choice = shared.choice(Choice.CONTINUITY)
    sharing: Sharing = shared.sharing(Sharing.SILO)
    limits: shared.Limits = shared.limits()
    acute_demand_factor: Real = acute_demand()


def vardcentral_led(s: VardcentralLed) -> Organisation:
    """The vårdcentraler of each municipality share their home-visit windows, a day line and an evening line. Nights and
    weekends: lines for groups of municipalities, and paid hours off after each such shift."""
    towns = (EachMunicipality(),)
    day, evening, _ = around_the_clock(OFFICE_DAYS, s.day_start, s.evening_start, s.evening_end)
    by_day = posts(towns, (day, s.day_lines), (evening, s.evening_lines))
    night, weekend = Shift(EVERY_DAY, s.evening_end, s.day_start), Shift(DAYS_OFF, s.day_start, s.evening_end)
    vardcentral = Pool(
        "vårdcentraler",
        Text("Kommunens vårdcentraler", "The municipality's vårdcentraler"),
        Principal.REGION,
        (*by_day, s.windows.staffing(), *s.left.staffing(towns, s.windows)),
        s.vardcentral_area,
        displaces_clinic=True,
    )
    rota = Pool(
        "jourlinje",
        Text("Vårdcentralernas jourlinje", "The vårdcentraler's rota"),
        Principal.REGION,
        posts(bases_of(s.clusters), (night, s.night_lines), (weekend, s.weekend_lines)),
        s.rota_area,
        rest_h=s.rest_h,
        displaces_clinic=True,
    )
    palliative, lss = specialists.palliative_team(s.palliative), specialists.psychiatry(s.psychiatry)
    after_rota = rota.after(minutes=s.rota_take_over_min)
    dying = (vardcentral.after(minutes=s.palliative_take_over_min), after_rota)
    order = shared.FIRST[s.choice]
    return Organisation(
        name="vardcentral_led",
        title=Text("Vårdcentralslett", "Vårdcentral-led"),
        description=Text(
            f"Vårdcentralerna i varje kommun ansvarar tillsammans för dag och kväll hos sina listade, {order.sv}; natt "
            "och helg delas i jourlinjer för grupper av kommuner.",
            "The vårdcentraler of each municipality together take day and evening for their listed patients, "
            f"{order.en}; nights and weekends go by rota in groups of municipalities.",
        ),
        pools=shared.limited(s.limits, vardcentral, rota, palliative, lss),
        routes=(
            route(palliative, *dying, classes=("PAL",), windows=("dag",)),
            route(palliative, vardcentral.after(days=s.palliative_take_over_days), groups=("G5",), classes=PLANNED),
            route(lss, vardcentral.after(days=s.psychiatry_take_over_days), groups=("G4",), classes=PLANNED),
            route(vardcentral, classes=PLANNED),
            route(vardcentral, after_rota, classes=UNPLANNED, windows=("dag", "kväll")),
            route(rota, vardcentral.after(minutes=s.day_take_over_min), classes=UNPLANNED),
        ),
        choice=s.choice,
        sharing=s.sharing,
        acute_demand=s.acute_demand_factor,
    )
