"""Allmänmedicinsk beredskapsjour: the contractor that takes evenings, nights and weekends today."""

from __future__ import annotations

from typing import Any

from models import _settings as shared
from sim.organisation import DAYS_OFF, OFFICE_DAYS, Area, Pool, Principal, Shift, Text
from sim.settings import Bases, Clock, Lines, Settings, bases_of, group, posts, today

TWO_LINES = "project estimate: two lines for the region"


class Jour(Settings):
    """The out-of-hours contractor."""

    hubs: Bases = shared.hubs(2, "jourbaser", "out-of-hours bases")
    night_lines: Lines = today(
        1, 1, 2, "", TWO_LINES, "jourlinjer per bas, kväll och natt", "out-of-hours lines a base, evening and night",
        about=Text(
            "Linjer vid varje bas från vardagens slut till nästa morgon, och helgdagars nätter.",
            "Lines at each base from the end of an office day until the next morning, and on nights of days off.",
        ),
    )  # fmt: skip
    evening_lines: Lines = shared.lines(0, "extra jourlinjer per bas, vardagskväll", "further evening lines a base")
    weekend_lines: Lines = today(
        1, 1, 2, "", TWO_LINES, "jourlinjer per bas, helg på dagen", "out-of-hours lines a base, days off by day",
        about=Text("Linjer vid varje bas dagtid på helger.", "Lines at each base by day at weekends and on holidays."),
    )  # fmt: skip
    start: Clock = shared.clock("17:00", "jouren börjar på vardagar", "out of hours begins on office days")
    evening_end: Clock = shared.clock("22:00", "extra jourlinjer slutar", "further evening lines end")
    end: Clock = shared.clock("08:00", "jouren slutar", "out of hours ends")
    weekend_change: Clock = shared.clock("20:00", "helgens jour byter pass", "weekend shifts change")
    area: Area = shared.area(Area.EVERYBODY, "jourens", "the contractor")
    reserve: Lines = shared.reserve("i jouren", "in the contractor's team")


def jour_settings() -> Any:
    return group(Jour(), "beredskapsjour", "out-of-hours contractor")


def beredskapsjour(s: Jour) -> Pool:
    """Lines at each base: an evening and night in one on office days, a day and a night on days off."""
    staffed = (
        (Shift(OFFICE_DAYS, s.start, s.end), s.night_lines),
        (Shift(DAYS_OFF, s.end, s.weekend_change), s.weekend_lines),
        (Shift(DAYS_OFF, s.weekend_change, s.end), s.night_lines),
    )
    return Pool(
        "beredskapsjour",
        Text("Allmänmedicinsk beredskapsjour", "Out-of-hours contractor"),
        Principal.CONTRACTOR,
        (
            *posts(bases_of(s.hubs), *staffed),
            *posts(bases_of(s.hubs), (Shift(OFFICE_DAYS, s.start, s.evening_end), s.evening_lines)),
        ),
        s.area,
        reserve=s.reserve,
    )
