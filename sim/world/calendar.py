"""Days and windows: which hour is dag, kväll, natt or helg, with public holidays from the `holidays` library."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.codes import DAG, HELG, KVALL, NATT

DAY_FROM, DAY_TO, EVENING_TO, NIGHT_TO = 8, 17, 22, 8  # hours: dag 08-17, kväll 17-22, natt 22-08, helg 08-22


@dataclass(frozen=True)
class Calendar:
    """Whole days (D of them) from a Monday 00:00.

    `weekday` (D,) 0 = Monday; `office` (D,) True on a working day (Monday to Friday, not a holiday);
    `month` (D,) 1..12; `window` (24*D,) the code in sim.codes.WINDOWS of every hour.
    """

    start: dt.date
    weekday: NDArray[np.int64]
    office: NDArray[np.bool_]
    month: NDArray[np.int64]
    window: NDArray[np.int64]


def days_off(years: range, country: str = "SE") -> frozenset[dt.date]:
    """Public holidays, and the eves that are days off in fact, of the given years.

    For Sweden the eves are midsommarafton, julafton and nyårsafton: not public holidays by law, but treated as Sundays
    by law of annual leave and by workplaces and jour. They are the category "de_facto" of the library, which is used
    wherever a country has it. Half days (such as skärtorsdag from 14) count as working days.

    Raises:
        NotImplementedError: the library does not know the country.
    """
    import holidays
    from holidays.countries.sweden import Sweden

    if country == "SE":
        return frozenset(Sweden(include_sundays=False, years=years, categories=("public", "de_facto")))
    known = holidays.country_holidays(country)
    categories = tuple({"public", "de_facto"} & set(known.supported_categories))
    return frozenset(holidays.country_holidays(country, years=years, categories=categories))


def make_calendar(start: dt.date, days: int, country: str = "SE") -> Calendar:
    """The calendar of `days` whole days from `start`.

    Raises:
        ValueError: `start` is not a Monday, or `days` is less than one.
    """
    if start.weekday() != 0:
        raise ValueError(f"the calendar must start on a Monday, {start} is not one")
    if days < 1:
        raise ValueError(f"the calendar needs at least one day, not {days}")
    dates = [start + dt.timedelta(days=day) for day in range(days)]
    off = days_off(range(dates[0].year, dates[-1].year + 1), country)
    weekday = np.arange(days, dtype=np.int64) % 7
    office = (weekday < 5) & ~np.array([date in off for date in dates])
    hour = np.arange(24)
    night = (hour >= EVENING_TO) | (hour < NIGHT_TO)
    working = np.select([night, hour < DAY_TO], [NATT, DAG], default=KVALL)
    resting = np.where(night, NATT, HELG)
    window = np.where(office[:, None], working, resting).astype(np.int64).reshape(-1)
    month = np.array([date.month for date in dates], dtype=np.int64)
    return Calendar(start=start, weekday=weekday, office=office, month=month, window=window)
