"""When people call: weights by hour, weekday and month, and who is enrolled in home care. Read from `profiles.csv`.

The table has one row a weight, with columns

* `class`: `acute` for A1, A2 and A3 together, or one of them by name (its rows then replace those of `acute`);
  `G1` for the enrolment rates; `G7` for when people stay temporarily (may be left out);
* `dimension` and `part`: `hour_office` (parts 0-23, on office days), `hour_free` (0-23, on weekends and public
  holidays), `weekday` (1 = Monday .. 7 = Sunday; a public holiday counts as Sunday), `month` (1-12),
  `enrolment` (an age group of `sim.codes.AGE_GROUPS`); `month_houses`, `month_nights` (1-12);
* `weight`, a number >= 0: relative within class and dimension, except for enrolment, where it is the share of the age
  group enrolled, and for `month_houses` and `month_nights`, where it is the number of people in summer houses over
  that of a day in July, and of people on guest nights over that of a mean day in June to August;
* `low` and `high` enclose it; `source` in words; `quality` measured, published or estimate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import ACUTE, AGE_GROUPS
from sim.errors import Problem, RegionError
from sim.text import Text
from sim.world.calendar import Calendar
from sim.world.csvfile import Row, Table, read_table
from sim.world.regiontables import QUALITIES

FILE_NAME: Final = "profiles.csv"
COLUMNS: Final = ("class", "dimension", "part", "weight", "low", "high", "source", "quality")
HOURS: Final = tuple(str(hour) for hour in range(24))
TIME_PARTS: Final = {
    "hour_office": HOURS,
    "hour_free": HOURS,
    "weekday": tuple(str(day) for day in range(1, 8)),
    "month": tuple(str(month) for month in range(1, 13)),
}
GUEST_DIMENSIONS: Final = ("month_houses", "month_nights")
PARTS: Final = {**TIME_PARTS, "enrolment": AGE_GROUPS, **dict.fromkeys(GUEST_DIMENSIONS, TIME_PARTS["month"])}
EVERY_ACUTE: Final = "acute"
ENROLLED: Final = "G1"
GUESTS: Final = "G7"
CLASS_OF: Final = {"enrolment": (ENROLLED,), **dict.fromkeys(GUEST_DIMENSIONS, (GUESTS,))}  # of other dimensions: acute
MONTH_DAYS: Final = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])  # of a mean year
SUNDAY: Final = 6

Floats = NDArray[np.float64]


class ProfileRow(NamedTuple):
    """One row of the table, checked."""

    klass: str
    dimension: str
    part: str
    weight: float
    low: float
    high: float
    source: str
    quality: str


@dataclass(frozen=True)
class Profiles:
    """Weights of the acute classes (first axis A1, A2, A3), each with mean 1 over a mean year, and enrolment rates.

    `hour_office`, `hour_free` (3, 24); `weekday` (3, 7) from Monday; `month` (3, 12); `enrolment` (4,) share of each
    age group of `sim.codes.AGE_GROUPS` enrolled in home care; `rows` the table as read, for an assumption register;
    `guest_month` (2, 12) people in summer houses and on guest nights in each month, None if not given.
    """

    hour_office: Floats
    hour_free: Floats
    weekday: Floats
    month: Floats
    enrolment: Floats
    rows: tuple[ProfileRow, ...]
    guest_month: Floats | None = None


def hourly_weights(profiles: Profiles, calendar: Calendar, days: int) -> Floats:
    """The relative intensity (3, 24 * days) of each acute class in every hour; 1 is the mean of a mean year.

    Hour x weekday x month. Public holidays follow the hours of free days and the volume of a Sunday, so a real year,
    which has some ten of them on weekdays, lies about 0.5 % under the yearly rate.
    """
    office = calendar.office[:days]
    weekday = calendar.weekday[:days]
    volume_of = np.where(office | (weekday >= 5), weekday, SUNDAY)
    by_day = profiles.weekday[:, volume_of] * profiles.month[:, calendar.month[:days] - 1]
    by_hour = np.where(office[None, :, None], profiles.hour_office[:, None, :], profiles.hour_free[:, None, :])
    weights: Floats = (by_day[:, :, None] * by_hour).reshape(len(ACUTE), 24 * days)
    return weights


def read_profiles(folder: Path) -> Profiles:
    """Read and check `profiles.csv` in a region folder. RegionError carries every problem found."""
    problems: list[Problem] = []
    table = read_table(folder / FILE_NAME, COLUMNS, problems)
    seen: dict[tuple[str, str, str], int] = {}
    rows = [checked for row in table.rows if (checked := _checked(table, row, seen)) is not None]
    if table.rows:  # a missing file or column says enough by itself
        problems += _incomplete(str(table.path), rows)
    if problems:
        raise RegionError(problems)
    return profiles_of(rows)


def profiles_of(rows: Sequence[ProfileRow]) -> Profiles:
    """Profiles of the rows of a whole table."""
    weight = {(row.klass, row.dimension, row.part): row.weight for row in rows}

    def weights_of(dimension: str) -> Floats:
        table = []
        for name in ACUTE:
            klass = name if (name, dimension, TIME_PARTS[dimension][0]) in weight else EVERY_ACUTE
            table.append([weight[klass, dimension, part] for part in TIME_PARTS[dimension]])
        return np.array(table)

    return Profiles(
        hour_office=_mean_one(weights_of("hour_office"), np.ones(24)),
        hour_free=_mean_one(weights_of("hour_free"), np.ones(24)),
        weekday=_mean_one(weights_of("weekday"), np.ones(7)),
        month=_mean_one(weights_of("month"), MONTH_DAYS),
        enrolment=np.array([weight[ENROLLED, "enrolment", age] for age in AGE_GROUPS]),
        rows=tuple(rows),
        guest_month=np.array([[weight[GUESTS, name, part] for part in PARTS[name]] for name in GUEST_DIMENSIONS])
        if any(row.klass == GUESTS for row in rows)
        else None,
    )


def flat_profiles(enrolment: tuple[float, float, float, float] = (0.0019, 0.0019, 0.022, 0.129)) -> Profiles:
    """Profiles without any pattern in time: for tests against theory, and for a region that knows nothing."""
    return Profiles(np.ones((3, 24)), np.ones((3, 24)), np.ones((3, 7)), np.ones((3, 12)), np.array(enrolment), ())


def _mean_one(weights: Floats, share: Floats) -> Floats:
    mean = weights @ share / share.sum()
    scaled: Floats = weights / mean[:, None]
    return scaled


def _checked(table: Table, row: Row, seen: dict[tuple[str, str, str], int]) -> ProfileRow | None:
    """One line made into values; None if its class, dimension or part is unknown."""
    dimension = table.text(row, "dimension", tuple(PARTS))
    klass = table.text(row, "class", CLASS_OF.get(dimension, (EVERY_ACUTE, *ACUTE)))
    part = table.text(row, "part", PARTS[dimension]) if dimension else ""
    known = bool(klass and dimension and part)
    most, what = (1.0, _A_SHARE) if dimension == "enrolment" else (1e6, _A_NUMBER)
    weight, low, high = (table.number(row, key, 0, most, what) for key in ("weight", "low", "high"))
    if low > weight or weight > high:
        table.fault(row.line, "weight", _OUT_OF_RANGE, weight=weight, low=low, high=high)
    source, quality = table.text(row, "source"), table.text(row, "quality", QUALITIES)
    place = (klass, dimension, part)
    if known and place in seen:
        table.fault(row.line, "part", _TWICE, place=", ".join(place), line=seen[place])
    seen.setdefault(place, row.line)
    return ProfileRow(*place, weight, low, high, source, quality) if known else None


def _incomplete(file: str, rows: list[ProfileRow]) -> list[Problem]:
    """Parts that are not given, and dimensions whose weights are all zero."""
    given: dict[tuple[str, str], dict[str, float]] = {}
    for row in rows:
        given.setdefault((row.klass, row.dimension), {})[row.part] = row.weight
    for dimension in TIME_PARTS:
        if not all((klass, dimension) in given for klass in ACUTE):
            given.setdefault((EVERY_ACUTE, dimension), {})
    given.setdefault((ENROLLED, "enrolment"), {})
    if any(klass == GUESTS for klass, _ in given):
        for name in GUEST_DIMENSIONS:
            given.setdefault((GUESTS, name), {})
    problems: list[Problem] = []
    for (klass, dimension), weights in given.items():
        absent = [part for part in PARTS[dimension] if part not in weights]
        if absent:
            message = _NO_PART.format(parts=", ".join(absent))
            problems.append(Problem(file, 0, 0, f"{klass}, {dimension}", message))
        elif not any(weights.values()):  # NaN, reported already, counts as given
            problems.append(Problem(file, 0, 0, f"{klass}, {dimension}", _ALL_ZERO))
    return problems


_A_SHARE: Final = Text("en andel av åldersgruppen", "a share of the age group")
_A_NUMBER: Final = Text("ett tal på minst 0", "a number of at least 0")
_ALL_ZERO: Final = Text(
    "varje vikt är 0; ge minst en del en vikt över 0", "every weight is 0; give at least one part a weight above 0"
)
_OUT_OF_RANGE: Final = Text(
    "{weight:g} ligger inte mellan low {low:g} och high {high:g}; vidga spannet",
    "{weight:g} is not between low {low:g} and high {high:g}; widen the range",
)
_TWICE: Final = Text(
    "{place} står redan på rad {line}; ta bort den ena", "{place} is already on line {line}; remove one of the two"
)


_NO_PART: Final = Text("delen {parts} saknas; ge varje del en rad", "part {parts} is missing; give every part a row")
