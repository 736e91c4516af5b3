"""The tables of a region folder, line by line: places, facilities, driving pairs, municipalities.

Every cell is checked. The form of each is documented in `docs/data.md`.
"""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.codes import FACILITY_KINDS
from sim.errors import Problem
from sim.quoting import clean
from sim.text import Text
from sim.world.csvfile import PEOPLE, Row, Table, read_table
from sim.world.streams import RESIDENTS
from sim.world.world import Municipality

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AGE_COLUMNS = ("age_0_19", "age_20_64", "age_65_79", "age_80_plus")
PLACE_KINDS = ("locality", "district", "rural")
OPERATORS = ("public", "private")
QUALITIES = ("measured", "published", "estimate")
HOMES = ("sabo", "korttid", "lss")
BOX = (55.0, 69.5, 10.5, 24.5)  # degrees: Sweden, south, north, west, east
RESERVED = ("all",)  # stands in every table of results for what is not split
MUNICIPALITY_COLUMNS = ("code", "name", "homecare_enrolled_2023_est")
PLACE_COLUMNS = (
    "id",
    "name",
    "kind",
    "municipality_code",
    "lat",
    "lon",
    *AGE_COLUMNS,
    "radius_km",
    "quality",
    "source",
)
FACILITY_COLUMNS = (
    "name",
    "kind",
    "operator",
    "municipality_code",
    "lat",
    "lon",
    "size",
    "listed_people",
    "quality",
    "source",
)
PAIR_COLUMNS = ("origin", "destination", "gc_km", "road_km", "minutes", "use", "quality", "source")


@dataclass(frozen=True)
class Places:
    """N places as columns; `municipality` is a position in Region.municipalities."""

    id: tuple[str, ...]
    name: tuple[str, ...]
    kind: tuple[str, ...]
    municipality: Ints
    lat: Floats
    lon: Floats
    population: Floats  # (N, 4) by sim.codes.AGE_GROUPS
    radius_km: Floats  # of the disc that the place stands for


@dataclass(frozen=True)
class Site:
    """A row of facilities.csv; NaN for `size` (not a home) and `listed_people` (not known)."""

    name: str
    kind: str
    operator: str
    municipality: int
    lat: float
    lon: float
    size: float
    listed_people: float
    quality: str


@dataclass(frozen=True)
class DrivingPairs:
    """The usable rows of driving_pairs.csv, as columns; NaN where a value is not known."""

    gc_km: Floats  # great-circle distance
    road_km: Floats
    minutes: Floats


def read_municipalities(path: Path, problems: list[Problem]) -> list[Municipality]:
    """municipalities.csv: who they are and how many live there. What else is read from it is read where it is used."""
    table = read_table(path, MUNICIPALITY_COLUMNS, problems)
    people = [name for name in table.header if name == "population" or re.fullmatch(r"pop_\d{4}", name)]
    if table.header and len(people) != 1:
        found = clean(", ".join(people), 100) or "-"
        table.fault(1, "", _POPULATION, found=found)
        return []
    codes: dict[str, int] = {}
    names: dict[str, int] = {}
    result = []
    for row in table.rows:
        population = table.number(row, people[0], 1, 1e8, PEOPLE)
        table.number(row, "homecare_enrolled_2023_est", 0, 1e7, _ENROLLED)
        code, name = table.unique(row, "code", codes), table.unique(row, "name", names)
        if name in RESERVED:
            table.fault(row.line, "name", _RESERVED, value=name)
        result.append(Municipality(code, name, 0 if math.isnan(population) else round(population)))
    return result


def _code(table: Table, row: Row, codes: dict[str, int]) -> int:
    # When municipalities.csv itself could not be read, its own fault is enough.
    return codes.get(table.text(row, "municipality_code", codes or None), -1)


def _position(table: Table, row: Row) -> tuple[float, float]:
    south, north, west, east = BOX
    lat = table.number(row, "lat", south, north, _NORTH)
    lon = table.number(row, "lon", west, east, _EAST)
    return lat, lon


def read_places(path: Path, codes: dict[str, int], problems: list[Problem]) -> Places:
    """places.csv; `codes` gives the number of each municipality."""
    table = read_table(path, PLACE_COLUMNS, problems)
    ids: dict[str, int] = {}
    names: dict[str, int] = {}
    key, name, kind, municipality, position, population, radius = [], [], [], [], [], [], []
    for row in table.rows:
        key.append(table.unique(row, "id", ids))
        name.append(table.unique(row, "name", names))
        kind.append(table.text(row, "kind", PLACE_KINDS))
        municipality.append(_code(table, row, codes))
        position.append(_position(table, row))
        population.append([table.number(row, age, 0, 1e7, PEOPLE) for age in AGE_COLUMNS])
        radius.append(table.number(row, "radius_km", 0, 100, _RADIUS))
        table.text(row, "quality", QUALITIES)
        table.text(row, "source")
    coordinates = np.array(position, dtype=np.float64).reshape(-1, 2)
    return Places(
        id=tuple(key),
        name=tuple(name),
        kind=tuple(kind),
        municipality=np.array(municipality, dtype=np.int64),
        lat=coordinates[:, 0],
        lon=coordinates[:, 1],
        population=np.array(population, dtype=np.float64).reshape(-1, len(AGE_COLUMNS)),
        radius_km=np.array(radius, dtype=np.float64),
    )


def read_sites(path: Path, codes: dict[str, int], problems: list[Problem]) -> tuple[Site, ...]:
    """facilities.csv."""
    table = read_table(path, FACILITY_COLUMNS, problems)
    names: dict[str, int] = {}
    sites = []
    for row in table.rows:
        kind = table.text(row, "kind", FACILITY_KINDS)
        home = kind in HOMES
        sites.append(
            Site(
                name=table.unique(row, "name", names),
                kind=kind,
                operator=table.text(row, "operator", OPERATORS),
                municipality=_code(table, row, codes),
                lat=(position := _position(table, row))[0],
                lon=position[1],
                size=table.number(row, "size", 0, RESIDENTS if home else 1e5, _SIZE, blank=not home),
                listed_people=table.number(row, "listed_people", 1, 1e6, _LISTED, blank=True),
                quality=table.text(row, "quality", QUALITIES),
            )
        )
        table.text(row, "source")
    return tuple(sites)


def read_pairs(path: Path, problems: list[Problem]) -> DrivingPairs:
    """driving_pairs.csv, which may be absent."""
    rows = []
    if os.path.lexists(path):
        table = read_table(path, PAIR_COLUMNS, problems)
        for row in table.rows:
            use = table.text(row, "use", ("yes", "no"))
            air = table.number(row, "gc_km", 0.1, 2000, _AIR)
            road = table.number(row, "road_km", 0.1, 3000, _ROAD, blank=True)
            minutes = table.number(row, "minutes", 0.5, 3000, _MINUTES, blank=True)
            table.text(row, "quality", QUALITIES)
            table.text(row, "source")
            if use == "yes":
                rows.append((air, road, minutes))
    columns = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return DrivingPairs(gc_km=columns[:, 0], road_km=columns[:, 1], minutes=columns[:, 2])


_ENROLLED: Final = Text("antalet inskrivna i hemsjukvård", "the number of people enrolled in home care")
_NORTH: Final = Text(
    "grader nord, som 56.67446 (är lat och lon förväxlade?)", "degrees north, as 56.67446 (are lat and lon exchanged?)"
)
_EAST: Final = Text(
    "grader öst, som 12.85676 (är lat och lon förväxlade?)", "degrees east, as 12.85676 (are lat and lon exchanged?)"
)
_RADIUS: Final = Text("radien i km av den skiva orten står för", "the radius in km of the disc the place stands for")
_SIZE: Final = Text("antalet boende eller platser", "the number of residents or places")
_LISTED: Final = Text("listade människor, eller inget", "people on the list, or nothing")
_AIR: Final = Text("avståndet fågelvägen i km", "the great-circle distance in km")
_ROAD: Final = Text("avståndet på väg i km, eller inget", "the road distance in km, or nothing")
_MINUTES: Final = Text("minuterna med bil, eller inget", "the minutes by car, or nothing")
_RESERVED: Final = Text(
    "'{value}' betyder alla i resultattabellerna; skriv ett annat namn",
    "'{value}' means all of them in the tables of results; write another name",
)
_POPULATION: Final = Text(
    "behöver en kolumn 'population' eller 'pop_YYYY' med varje kommuns folkmängd, har {found}",
    "needs one column 'population' or 'pop_YYYY' with the people of each municipality, has {found}",
)
