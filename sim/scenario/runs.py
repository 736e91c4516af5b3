"""When and how the experiment is run: calendar, replications, models, confidence."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Final

from pydantic import field_validator

from sim.errors import FieldError
from sim.language.numbers import WEEKDAYS
from sim.scenario.fields import Day, Flag, Name, Part, Real, Whole, setting
from sim.text import Text

_NO_MONDAY: Final = Text(
    "ska vara en måndag, {day} är en {weekday}; skriv {before} eller {after}",
    "must be a Monday, {day} is a {weekday}; write {before} or {after}",
)
_TWICE: Final = Text(
    "ska nämna varje modell en gång, {models} står mer än en gång",
    "must name each model once, {models} is there more than once",
)


class Calendar(Part):
    """When the run takes place."""

    start: Day = setting(dt.date(2024, 1, 1), "startdag", "first day", ge=dt.date(2000, 1, 1), le=dt.date(2099, 12, 31))
    """First day of the run, a Monday, written 2024-01-01. It decides which public holidays are met."""
    warm_up_weeks: Whole = setting(6, "uppvärmning i veckor", "warm-up in weeks", "weeks", ge=0, le=104)
    """Weeks run before anything is counted, so that the count does not begin with empty queues."""
    weeks: Whole = setting(52, "räknade veckor", "weeks counted", "weeks", ge=1, le=520)
    """Weeks counted, after the warm-up."""

    @field_validator("start")
    @classmethod
    def _is_monday(cls, day: dt.date) -> dt.date:
        if day.weekday():
            before = day - dt.timedelta(days=day.weekday())
            after = before + dt.timedelta(days=7)
            raise FieldError(_NO_MONDAY.format(day=day, weekday=WEEKDAYS[day.weekday()], before=before, after=after))
        return day


class Study(Part):
    """How the experiment is run."""

    seed: Whole = setting(2024, "slumpfrö", "seed", ge=0, le=2**63 - 1)
    """The number every random draw follows from: the same seed gives the same patients and needs."""
    replications: Whole = setting(100, "antal upprepningar", "replications", ge=1, le=100_000)
    """How many times the run is repeated with new draws. More gives narrower intervals."""
    worlds: Whole = setting(320, "antal tänkbara världar", "plausible worlds", ge=0, le=100_000)
    """In how many plausible worlds the models are compared as well: every number of the world drawn, each one year of
    its own. Worlds that contradict what is known are set aside. 0: none."""
    models: tuple[Name, ...] | None = setting(None, "modeller", "models", none=Text("alla", "all"), min_length=1)
    """Names of the organisation models to run, such as [status_quo, hybrid]; null means all there are."""
    reference: Name = setting("status_quo", "jämförelsemodell", "reference model")
    """The model the others are compared with."""
    allow_unequal_hours: Flag = setting(False, "omdömen vid olika läkartimmar", "verdicts at unequal hours")
    """true: say better and worse although the models' physician-hours differ by more than 1 per cent."""
    confidence: Real = setting(0.95, "konfidensgrad", "confidence level", "share", kind="preference", ge=0.5, lt=1)
    """Confidence of the intervals, for all comparisons of a measure taken together."""

    @field_validator("models")
    @classmethod
    def _are_unique(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        twice = sorted(name for name, times in Counter(names or ()).items() if times > 1)
        if twice:
            raise FieldError(_TWICE.format(models=", ".join(twice[:5])))
        return names
