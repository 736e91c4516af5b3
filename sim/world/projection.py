"""The population of a later year: growth by municipality and age from `population_by_age.csv`, and what follows.

The table has a row for each municipality, year and age group: `code, year, age_group, population`; years between two in
the table are interpolated on a straight line. It is needed only for a `demand.year` other than today's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.codes import AGE_GROUPS
from sim.errors import Problem, RegionError
from sim.text import Text
from sim.world.csvfile import read_table
from sim.world.world import Municipality, World

if TYPE_CHECKING:
    from sim.scenario import Scenario

FILE_NAME: Final = "population_by_age.csv"
COLUMNS: Final = ("code", "year", "age_group", "population")
TODAY: Final = 2024  # the year of today's numbers
OLDEST: Final = AGE_GROUPS.index("80+")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Projection:
    """`people` (years, municipalities, 4) by age group at each of `years`, rising."""

    years: tuple[int, ...]
    people: Floats

    def in_year(self, year: int) -> Floats:
        """(municipalities, 4) people of a year; RegionError if it lies outside the table."""
        if not self.years[0] <= year <= self.years[-1]:
            message = _YEARS.format(first=self.years[0], last=self.years[-1], year=year)
            raise RegionError([Problem(FILE_NAME, 0, 0, "year", message)])
        after = next(i for i, known in enumerate(self.years) if known >= year)
        before = max(after - 1, 0)
        span = self.years[after] - self.years[before]
        share = (year - self.years[before]) / span if span else 0.0
        between: Floats = self.people[before] + share * (self.people[after] - self.people[before])
        return between

    def growth(self, year: int) -> Floats:
        """(municipalities, 4) people of `year` over those of today; 1 where nobody lives today."""
        today = self.in_year(TODAY)
        factor: Floats = np.divide(self.in_year(year), today, out=np.ones_like(today), where=today > 0)
        return factor


def read_projection(folder: Path, municipalities: tuple[Municipality, ...]) -> Projection | None:
    """The table of a region folder, None if there is none. RegionError carries every problem found."""
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    problems: list[Problem] = []
    table = read_table(path, COLUMNS, problems)
    found: dict[tuple[int, str, str], float] = {}
    for row in table.rows:
        year = table.number(row, "year", 1900, 2200, _A_YEAR)
        if math.isnan(year):
            continue
        age = table.text(row, "age_group", AGE_GROUPS)
        people = table.number(row, "population", 0, 1e8, _PEOPLE)
        code = table.text(row, "code")
        if not year.is_integer():
            table.fault(row.line, "year", _NO_YEAR)
        elif (int(year), code, age) in found:
            table.fault(row.line, "code", _TWICE, code=code, year=int(year), age=age)
        else:
            found[int(year), code, age] = people
    years = sorted({year for year, _, _ in found})
    for year in years:
        for one in municipalities:
            absent = [age for age in AGE_GROUPS if (year, one.code, age) not in found]
            if absent and not problems:
                message = _NO_ROW.format(name=one.name, code=one.code, year=year, ages=", ".join(absent))
                problems.append(Problem(str(path), 0, 0, "code", message))
    if problems:
        raise RegionError(problems)
    people_of = [[[found[year, one.code, age] for age in AGE_GROUPS] for one in municipalities] for year in years]
    return Projection(tuple(years), np.array(people_of, dtype=np.float64))


def grown(
    scenario: Scenario, world: World, enrolled: Ints, enrolment: Floats, projection: Projection | None
) -> tuple[World, Ints]:
    """The world and the number enrolled (municipalities,) in the scenario's `demand.year`.

    People of every place grow as their age group in their municipality. Enrolled: as the number expected by age, and by
    `demand.home_care_growth` a year. Need of SÄBO grows as the number aged 80 and over; the share `demand.sabo_growth`
    of the growth becomes places, in the homes there are, and the rest are enrolled. Other homes keep their places.
    RegionError if the year is not today's and the region has no projection.
    """
    demand = scenario.demand
    if demand.year == TODAY:
        return world, enrolled
    if projection is None:
        message = _MISSING.format(year=demand.year, columns=", ".join(COLUMNS))
        raise RegionError([Problem(FILE_NAME, 0, 0, "", message)])
    growth = projection.growth(demand.year)
    population = world.population * growth[world.node_municipality]
    people, later = expected(world, world.population, enrolment), expected(world, population, enrolment)
    ratio = np.divide(later, people, out=np.ones_like(people), where=people > 0)
    more = growth[:, OLDEST] - 1.0
    places = np.zeros(len(enrolled))
    for home in world.facilities:
        if home.kind == "sabo":
            places[home.municipality] += home.size
    at_home = (1.0 - demand.sabo_growth) * np.maximum(more, 0.0) * places
    policy = (1.0 + demand.home_care_growth) ** (demand.year - TODAY)
    homes = tuple(
        replace(home, size=home.size * (1.0 + demand.sabo_growth * more[home.municipality]))
        if home.kind == "sabo"
        else home
        for home in world.facilities
    )
    numbers = np.floor(enrolled * ratio * policy + at_home + 0.5).astype(np.int64)
    return replace(world, population=population, facilities=homes), numbers


def expected(world: World, population: Floats, rate: Floats) -> Floats:
    """(municipalities,) the sum over places and ages of people x rate."""
    total: Floats = np.bincount(
        world.node_municipality, weights=population @ rate, minlength=len(world.municipalities)
    ).astype(np.float64)
    return total


_A_YEAR: Final = Text("ett år", "a year")
_MISSING: Final = Text(
    "filen saknas; demand.year {year} behöver den (kolumnerna {columns})",
    "the file is missing; demand.year {year} needs it (columns {columns})",
)
_NO_YEAR: Final = Text("är inget helt år; skriv ett år, som 2030", "is no whole year; write a year, such as 2030")
_TWICE: Final = Text(
    "{code}, {year}, {age} finns redan; ta bort den ena raden",
    "{code}, {year}, {age} is there already; remove one line",
)


_YEARS: Final = Text(
    "har åren {first} till {last}, inte {year}; lägg till rader eller ändra demand.year",
    "has the years {first} to {last}, not {year}; add rows or change demand.year",
)
_NO_ROW: Final = Text(
    "{name} ({code}) har ingen rad för {year}, ålder {ages}; lägg till den",
    "{name} ({code}) has no row for {year}, age {ages}; add it",
)
_PEOPLE: Final = Text("antalet invånare", "the number of people")
