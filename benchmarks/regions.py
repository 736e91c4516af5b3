"""Made-up regions of any size, from Halland's tables: synthetic, and nothing but a load for the program.

A region is a row of municipalities. The i-th is a copy of Halland's municipality i mod 6, moved to a block of its own
(six to a block, on a grid over Sweden's latitudes) with its people, homes and lists multiplied by one factor. All is
written as a region folder and read by the same code as any other. Deterministic.
"""

from __future__ import annotations

import csv
import math
import shutil
from pathlib import Path
from typing import Any

from sim.world.region import region_folder
from sim.world.regiontables import AGE_COLUMNS, FACILITY_COLUMNS, PLACE_COLUMNS

HALLAND_PEOPLE = 343_746
# Inhabitants of the 21 Swedish regions at the end of 2023, rounded to thousands: the sizes only are real.
SWEDEN = (
    2_455_000, 405_000, 302_000, 472_000, 369_000, 204_000, 247_000, 61_000, 158_000, 1_422_000, 344_000, 1_768_000,
    284_000, 308_000, 281_000, 287_000, 287_000, 242_000, 133_000, 279_000, 249_000,
)  # fmt: skip
HALLAND_MUNICIPALITIES = 6
COLUMNS_OF_BLOCKS = 5
FIRST_LAT, FIRST_LON = 55.2, 10.7
BLOCK_LAT, BLOCK_LON = 2.0, 2.8  # degrees between blocks
HALLAND_LAT, HALLAND_LON = 56.3, 11.7  # south-western corner of Halland


def municipalities_of(people: int) -> int:
    """How many municipalities a region of so many people gets: as Halland has, at least one."""
    return max(1, round(HALLAND_MUNICIPALITIES * people / HALLAND_PEOPLE))


def write_region(folder: Path, scenario: Any, regions: tuple[int, ...]) -> Path:
    """Write the folder of a country of `regions` (people in each); gives the folder."""
    source = region_folder(scenario)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("driving_pairs.csv", "profiles.csv"):
        shutil.copyfile(source / name, folder / name)
    towns, places, sites = (read(source / name) for name in ("municipalities.csv", "places.csv", "facilities.csv"))
    by_people = sorted(towns, key=lambda row: -people_of(row, places))
    made: dict[str, list[dict[str, Any]]] = {"municipalities": [], "places": [], "facilities": []}
    number = 0
    for people in regions:
        count = municipalities_of(people)
        # a region smaller than Halland takes the municipalities in the order of the table, after the last one's
        chosen = [by_people[(number + k) % len(by_people)] for k in range(count)]
        factor = people / sum(people_of(row, places) for row in chosen)
        for town in chosen:
            add_municipality(made, town, places, sites, number, factor)
            number += 1
    write(folder / "municipalities.csv", ("code", "name", "population", "homecare_enrolled_2023_est"), made)
    write(folder / "places.csv", PLACE_COLUMNS, made)
    write(folder / "facilities.csv", FACILITY_COLUMNS, made)
    return folder


def add_municipality(
    made: dict[str, list[dict[str, Any]]],
    town: dict[str, str],
    places: list[dict[str, str]],
    sites: list[dict[str, str]],
    number: int,
    factor: float,
) -> None:
    """One more municipality, a copy of `town` at the place of copy `number`."""
    code = str(1000 + number)
    population = 0
    for k, place in enumerate(row for row in places if row["municipality_code"] == town["code"]):
        ages = {age: math.floor(float(place[age]) * factor + 0.5) for age in AGE_COLUMNS}
        population += sum(ages.values())
        made["places"].append(
            {**place, **ages, **moved(place, number), "id": f"{code}-{k}", "name": f"{place['name']} {code}",
             "municipality_code": code}
        )  # fmt: skip
    for site in (row for row in sites if row["municipality_code"] == town["code"]):
        size = site["size"] and max(1, math.floor(float(site["size"]) * factor + 0.5))
        listed = site["listed_people"] and max(1, math.floor(float(site["listed_people"]) * factor + 0.5))
        made["facilities"].append(
            {**site, **moved(site, number), "name": f"{site['name']} {code}", "municipality_code": code, "size": size,
             "listed_people": listed}
        )  # fmt: skip
    enrolled = math.floor(float(town["homecare_enrolled_2023_est"]) * factor + 0.5)
    made["municipalities"].append(
        {"code": code, "name": f"{town['name']} {code}", "population": population,
         "homecare_enrolled_2023_est": enrolled}
    )  # fmt: skip


def moved(row: dict[str, str], number: int) -> dict[str, str]:
    """Latitude and longitude in the block of copy `number`, distances kept."""
    block_row, block_column = divmod(number // HALLAND_MUNICIPALITIES, COLUMNS_OF_BLOCKS)
    north = float(row["lat"]) - HALLAND_LAT
    lat = FIRST_LAT + block_row * BLOCK_LAT + north
    widen = math.cos(math.radians(float(row["lat"]))) / math.cos(math.radians(lat))
    lon = FIRST_LON + block_column * BLOCK_LON + (float(row["lon"]) - HALLAND_LON) * widen
    return {"lat": f"{lat:.5f}", "lon": f"{lon:.5f}"}


def people_of(town: dict[str, str], places: list[dict[str, str]]) -> int:
    """The people in the places of a municipality."""
    own = [place for place in places if place["municipality_code"] == town["code"]]
    return sum(int(place[age]) for place in own for age in AGE_COLUMNS)


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: tuple[str, ...], made: dict[str, list[dict[str, Any]]]) -> None:
    """Write the table of that name with these columns only."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(made[path.stem])
