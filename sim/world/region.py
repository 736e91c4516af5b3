"""A region is a folder of tables; this reads one, checks every cell, and says all that is wrong at once.

The form of the folder is documented in `docs/data.md`.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import FACILITY_KINDS
from sim.errors import Problem, RegionError
from sim.world.csvfile import Table, did_you_mean, read_table, sha256_of
from sim.world.world import Municipality

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Outline = tuple[Floats, ...]

INPUTS = ("municipalities.csv", "places.csv", "facilities.csv", "driving_pairs.csv", "outlines.geojson", "profiles.csv",
          "population_by_age.csv")  # fmt: skip
AGE_COLUMNS = ("age_0_19", "age_20_64", "age_65_79", "age_80_plus")
PLACE_KINDS = ("locality", "district", "rural")
OPERATORS = ("public", "private")
QUALITIES = ("measured", "published", "estimate")
HOMES = ("sabo", "korttid", "lss")
BOX = (55.0, 69.5, 10.5, 24.5)  # degrees: Sweden, south, north, west, east

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


@dataclass(frozen=True)
class Region:
    """The checked tables of one region folder."""

    name: str
    folder: Path
    municipalities: tuple[Municipality, ...]
    places: Places
    sites: tuple[Site, ...]
    pairs: DrivingPairs
    outlines: tuple[Outline, ...]  # per municipality, rings of (k, 2) lon, lat
    checksums: tuple[tuple[str, str], ...]


def region_folder(scenario: Any) -> Path:
    """The folder of `scenario.region`: one that comes with hembesok, or a path relative to the scenario file.

    Raises:
        RegionError: there is no such folder.
    """
    shipped = Path(__file__).resolve().parent.parent / "data"
    region = str(scenario.region)
    if re.fullmatch(r"[\w-]+", region) and (shipped / region).is_dir():
        return shipped / region
    folder = Path(scenario.folder or ".") / region
    if folder.is_dir():
        return folder
    names = sorted(path.name for path in shipped.iterdir() if path.is_dir())
    hint = (
        did_you_mean(region, names) or f"; write one of {', '.join(names)}, or a folder relative to the scenario file"
    )
    raise RegionError([Problem(str(folder), 0, 0, "region", f"there is no such folder{hint}")])


def read_region(folder: Path) -> Region:
    """Read and check a region folder.

    `driving_pairs.csv` and `outlines.geojson` may be absent; then there is no travel formula, and no map.

    Raises:
        RegionError: with every problem of every table: file, line, column, what is wrong and what to write instead.
    """
    problems: list[Problem] = []
    municipalities = _municipalities(folder / "municipalities.csv", problems)
    codes = {municipality.code: number for number, municipality in enumerate(municipalities)}
    places = _places(folder / "places.csv", codes, problems)
    sites = _sites(folder / "facilities.csv", codes, problems)
    pairs = _pairs(folder / "driving_pairs.csv", problems)
    outlines = _outlines(folder / "outlines.geojson", codes, problems)
    if not problems:
        problems += _together(folder, municipalities, places, sites)
    if problems:
        raise RegionError(problems)
    checksums = tuple((name, sha256_of(folder / name)) for name in INPUTS if (folder / name).is_file())
    return Region(folder.resolve().name, folder, tuple(municipalities), places, sites, pairs, outlines, checksums)


def _municipalities(path: Path, problems: list[Problem]) -> list[Municipality]:
    table = read_table(path, MUNICIPALITY_COLUMNS, problems)
    people = [name for name in table.header if name == "population" or re.fullmatch(r"pop_\d{4}", name)]
    if table.header and len(people) != 1:
        found = ", ".join(people) or "none"
        table.fault(
            1, "", f"needs one column 'population' or 'pop_YYYY' with the people of each municipality, has {found}"
        )
        return []
    codes: dict[str, int] = {}
    names: dict[str, int] = {}
    result = []
    for row in table.rows:
        population = table.number(row, people[0], 1, 1e8, "the number of people")
        table.number(row, "homecare_enrolled_2023_est", 0, 1e7, "the number of people enrolled in home care")
        code, name = table.unique(row, "code", codes), table.unique(row, "name", names)
        result.append(Municipality(code, name, 0 if math.isnan(population) else round(population)))
    return result


def _code(table: Table, row: Any, codes: dict[str, int]) -> int:
    # When municipalities.csv itself could not be read, its own fault is enough.
    return codes.get(table.text(row, "municipality_code", codes or None), -1)


def _position(table: Table, row: Any) -> tuple[float, float]:
    south, north, west, east = BOX
    lat = table.number(row, "lat", south, north, "degrees north, as 56.67446 (are lat and lon exchanged?)")
    lon = table.number(row, "lon", west, east, "degrees east, as 12.85676 (are lat and lon exchanged?)")
    return lat, lon


def _places(path: Path, codes: dict[str, int], problems: list[Problem]) -> Places:
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
        population.append([table.number(row, age, 0, 1e7, "the number of people, 0 or more") for age in AGE_COLUMNS])
        radius.append(table.number(row, "radius_km", 0, 100, "the radius in km of the disc the place stands for"))
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


def _sites(path: Path, codes: dict[str, int], problems: list[Problem]) -> tuple[Site, ...]:
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
                size=table.number(row, "size", 0, 10_000, "the number of residents or places", blank=not home),
                listed_people=table.number(row, "listed_people", 1, 1e6, "people on the list, or nothing", blank=True),
                quality=table.text(row, "quality", QUALITIES),
            )
        )
        table.text(row, "source")
    return tuple(sites)


def _pairs(path: Path, problems: list[Problem]) -> DrivingPairs:
    rows = []
    if path.is_file():
        table = read_table(path, PAIR_COLUMNS, problems)
        for row in table.rows:
            use = table.text(row, "use", ("yes", "no"))
            air = table.number(row, "gc_km", 0.1, 2000, "the great-circle distance in km")
            road = table.number(row, "road_km", 0.1, 3000, "the road distance in km, or nothing", blank=True)
            minutes = table.number(row, "minutes", 0.5, 3000, "the minutes by car, or nothing", blank=True)
            table.text(row, "quality", QUALITIES)
            table.text(row, "source")
            if use == "yes":
                rows.append((air, road, minutes))
    columns = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return DrivingPairs(gc_km=columns[:, 0], road_km=columns[:, 1], minutes=columns[:, 2])


def _outlines(path: Path, codes: dict[str, int], problems: list[Problem]) -> tuple[Outline, ...]:
    rings: list[list[Floats]] = [[] for _ in codes]
    if path.is_file():
        try:
            for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
                code = str(feature["properties"]["code"])
                if codes and code not in codes:
                    message = f"'{code}' is not in municipalities.csv{did_you_mean(code, codes)}"
                    problems.append(Problem(str(path), 0, 0, "code", message))
                    continue
                geometry = feature["geometry"]
                parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
                own = [np.array(ring, dtype=np.float64).reshape(-1, 2) for part in parts for ring in part]
                if codes:
                    rings[codes[code]] += own
        except (ValueError, KeyError, TypeError) as error:
            message = f"cannot be read ({error}); write GeoJSON polygons with the property 'code'"
            problems.append(Problem(str(path), 0, 0, "", message))
    return tuple(tuple(own) for own in rings)


def _together(
    folder: Path, municipalities: list[Municipality], places: Places, sites: tuple[Site, ...]
) -> list[Problem]:
    """What only shows when the tables are laid side by side."""
    problems = []
    for number, municipality in enumerate(municipalities):
        people = float(places.population[places.municipality == number].sum())
        if round(people) != municipality.population:
            stated = f"municipalities.csv says {municipality.population}"
            message = f"the places of {municipality.name} hold {people:.0f} people, {stated}; make them equal"
            problems.append(Problem(str(folder / "places.csv"), 0, 0, "municipality_code", message))
    if not any(site.kind == "vardcentral" for site in sites):
        message = "has no vårdcentral; write at least one line of kind vardcentral"
        problems.append(Problem(str(folder / "facilities.csv"), 0, 0, "kind", message))
    return problems
