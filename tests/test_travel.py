"""Travel: the fitted formula, its error, and matrix files."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest
from scipy.optimize import least_squares

from sim.errors import RegionError
from sim.grid import to_grid
from sim.world.matrix import read_matrix
from sim.world.region import Region, read_region
from sim.world.regiontables import DrivingPairs, Places
from sim.world.travel import TravelFit, fit_travel, formula_travel, great_circle_km, with_local_trips

HALLAND = Path(__file__).parent.parent / "sim" / "data" / "halland"


@pytest.fixture(scope="module")
def halland() -> Region:
    return read_region(HALLAND)


@pytest.fixture(scope="module")
def fit(halland: Region) -> TravelFit:
    return fit_travel(halland.pairs)


def three_places() -> Places:
    return Places(
        id=("1-01", "1-02", "1-03"),
        name=("Aby", "Beby", "Ceby"),
        kind=("locality", "locality", "rural"),
        municipality=np.zeros(3, dtype=np.int64),
        lat=np.array([57.0, 57.1, 57.2]),
        lon=np.array([12.5, 12.5, 12.5]),
        population=np.ones((3, 4)),
        radius_km=np.array([1.0, 2.0, 4.0]),
    )


def test_great_circle_of_one_degree_of_latitude_is_a_360th_of_the_way_round() -> None:
    km = great_circle_km(np.array(57.0), np.array(12.0), np.array(58.0), np.array(12.0))
    assert km == pytest.approx(2 * np.pi * 6371.0088 / 360)


def test_fit_finds_the_constants_the_pairs_were_made_with() -> None:
    air = np.array([2.0, 5.0, 9.0, 20.0, 41.0, 77.0, 120.0])
    road = 1.25 * air
    fit = fit_travel(DrivingPairs(gc_km=air, road_km=road, minutes=4.0 + 1.5 * road**0.8))
    assert (fit.circuity, fit.start_min, fit.pace, fit.bend) == (1.25, 4.0, 1.5, 0.8)
    assert fit.worst_error_min < 1e-9


def test_start_is_never_below_a_minute() -> None:
    air = np.array([2.0, 5.0, 9.0, 20.0, 41.0])
    fit = fit_travel(DrivingPairs(gc_km=air, road_km=air, minutes=air))
    assert fit.start_min == 1.0


def test_too_few_pairs_are_refused() -> None:
    with pytest.raises(RegionError, match="at least 5 usable pairs"):
        fit_travel(DrivingPairs(*(np.array([10.0, 20.0, 30.0, 40.0]) for _ in range(3))))


def test_halland_fit_agrees_with_scipy_and_reports_its_error(halland: Region, fit: TravelFit) -> None:
    timed = ~np.isnan(halland.pairs.minutes)
    km, minutes = fit.circuity * halland.pairs.gc_km[timed], halland.pairs.minutes[timed]
    free = least_squares(lambda p: (p[0] + p[1] * km ** p[2]) / minutes - 1, [3.0, 1.0, 0.9]).x
    grid = np.linspace(1, 150, 50)
    assert fit.minutes(grid) == pytest.approx(free[0] + free[1] * grid ** free[2], rel=0.005)
    error = np.abs(fit.minutes(km) - minutes)
    assert fit.pairs == 56
    assert fit.mean_error_min == pytest.approx(error.mean())
    assert fit.worst_error_min == pytest.approx(error.max())
    assert "3.4 min or 10%" in fit.note().en and "3,4 min eller 10 %" in fit.note().sv
    assert np.median(error / minutes) < 0.10


def test_documented_constants_are_those_of_the_fit(fit: TravelFit) -> None:
    manual = (HALLAND.parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
    constants = (
        f"km = {fit.circuity:.4f} x great circle, minutes = {fit.start_min:.2f} + {fit.pace:.3f} x km^{fit.bend:.2f}"
    )
    assert constants in manual


def test_formula_travel_is_symmetric_on_the_grid_and_never_longer_by_a_detour(halland: Region, fit: TravelFit) -> None:
    minutes, km = formula_travel(halland.places, fit)
    for table in (minutes, km):
        assert np.array_equal(table, table.T)
        assert np.array_equal(table, to_grid(table))
        assert (table > 0).all()
        detour = table[:, :60, None] + table[None, :60, :]  # through any of the first 60 places
        off = ~np.eye(len(table), dtype=bool)
        assert (table[off] <= detour.min(axis=1)[off] + 1e-6).all()


def test_local_trips_are_short_and_plausible(halland: Region, fit: TravelFit) -> None:
    minutes, km = formula_travel(halland.places, fit)
    local = np.diag(minutes)
    district = np.array([kind == "district" for kind in halland.places.kind])
    rural = np.array([kind == "rural" for kind in halland.places.kind])
    assert (local[district] > 4).all() and (local[district] < 6).all()
    assert (local[rural] > 6).all() and (local[rural] < 12).all()
    expected = fit.circuity * 128 / (45 * np.pi) * halland.places.radius_km
    assert np.diag(km) == pytest.approx(expected)


def test_towns_are_as_far_apart_as_the_pairs_say(halland: Region, fit: TravelFit) -> None:
    minutes, _ = formula_travel(halland.places, fit)
    at = halland.places.name.index
    known = [("Hyltebruk", "Torup", 12), ("Halmstad 1", "Falkenberg 1", 34), ("Varberg 1", "Kungsbacka 1", 37)]
    known += [("Laholm 1", "Knäred", 21), ("Varberg 1", "Tvååker", 15), ("Halmstad 1", "Kungsbacka 1", 80)]
    for one, other, stated in known:
        assert minutes[at(one), at(other)] == pytest.approx(stated, rel=0.28), (one, other)


def matrix_lines() -> list[str]:
    """Every pair of the three places, by name and id in turn; minutes 10 a step, km 8 a step."""
    names = [("Aby", "1-01"), ("Beby", "1-02"), ("Ceby", "1-03")]
    pairs = itertools.product(range(3), repeat=2)
    return [f"{names[i][i % 2]},{names[j][1]},{10 * abs(i - j)},{8 * abs(i - j)}" for i, j in pairs]


def write_matrix(folder: Path, lines: list[str], header: str = "from,to,minutes,km") -> Path:
    path = folder / "matrix.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_a_good_matrix_is_read_and_gets_local_trips(tmp_path: Path, fit: TravelFit) -> None:
    minutes, km = read_matrix(write_matrix(tmp_path, matrix_lines()), three_places())
    assert minutes.tolist() == [[0, 10, 20], [10, 0, 10], [20, 10, 0]]
    assert km.tolist() == [[0, 8, 16], [8, 0, 8], [16, 8, 0]]
    minutes, km = with_local_trips(minutes, km, three_places(), fit)
    assert minutes[0, 1] == 10 and minutes[2, 2] > minutes[1, 1] > minutes[0, 0] > 3
    assert with_local_trips(minutes, km, three_places(), None)[0][0, 0] == pytest.approx(4 + 2 * 1.2 * 0.9054, abs=1e-3)


def test_the_diagonal_may_be_left_out(tmp_path: Path) -> None:
    lines = [line for number, line in enumerate(matrix_lines()) if number not in (0, 4, 8)]
    assert np.diag(read_matrix(write_matrix(tmp_path, lines), three_places())[0]).tolist() == [0, 0, 0]


def test_a_parquet_matrix_gives_the_same(tmp_path: Path) -> None:
    source = write_matrix(tmp_path, matrix_lines())
    target = tmp_path / "matrix.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select * from read_csv('{source.as_posix()}')) to '{target.as_posix()}' (format parquet)"
        )
    for one, other in zip(read_matrix(source, three_places()), read_matrix(target, three_places()), strict=True):
        assert np.array_equal(one, other)
    target.write_bytes(b"not parquet")
    with pytest.raises(RegionError, match="cannot be read as Parquet"):
        read_matrix(target, three_places())


Edit = Callable[[list[str]], list[str]]
FAULTS: list[tuple[str, Edit, str]] = [
    (
        "unknown place",
        lambda rows: [*rows, "Abby,Beby,1,1"],
        ":11:1: from: 'Abby' is not a place .* did you mean 'Aby'",
    ),
    ("negative", lambda rows: [rows[0], "Aby,Beby,-3,8", *rows[2:]], ":3:3: minutes: -3 is outside 0"),
    ("not a number", lambda rows: [rows[0], "Aby,Beby,10,far", *rows[2:]], ":3:4: km: 'far' is not a number"),
    ("diagonal", lambda rows: ["Aby,Aby,2,1", *rows[1:]], ":2:3: minutes: from Aby to itself must be 0"),
    ("missing pair", lambda rows: rows[:7] + rows[8:], "no line for Ceby - Beby; every pair must be there"),
    ("unreachable nan", lambda rows: [rows[0], "Aby,Beby,NaN,8", *rows[2:]], "no road between Aby - Beby"),
    ("unreachable empty", lambda rows: [rows[0], "Aby,Beby,,", *rows[2:]], "no road between Aby - Beby"),
    ("twice", lambda rows: [*rows, rows[1]], ":11:2: to: the pair is already on line 3"),
    ("empty", lambda rows: [], "has a header but no lines"),
]


@pytest.mark.parametrize(("edit", "message"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_a_broken_matrix_is_refused_with_its_fault(tmp_path: Path, edit: Edit, message: str) -> None:
    with pytest.raises(RegionError, match=message):
        read_matrix(write_matrix(tmp_path, edit(matrix_lines())), three_places())


def test_all_faults_of_a_matrix_come_at_once(tmp_path: Path) -> None:
    lines = ["Aby,Abby,1,1", "Aby,Beby,-1,1", "Aby,Ceby,1,x", "Beby,Aby,,"]
    with pytest.raises(RegionError) as caught:
        read_matrix(write_matrix(tmp_path, lines), three_places())
    assert len(caught.value.problems) == 5  # unknown, negative, not a number, unreachable, missing pairs


def test_a_matrix_without_a_column_or_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegionError, match="km: the column is missing"):
        read_matrix(write_matrix(tmp_path, ["Aby,Beby,1"], header="from,to,minutes"), three_places())
    for name in ("none.csv", "none.parquet"):
        with pytest.raises(RegionError, match="the file is missing"):
            read_matrix(tmp_path / name, three_places())


# --- units, and what no road and no car can be ----------------------------------------------------


def stretched(time: float, length: float, **pairs: tuple[float, float]) -> list[str]:
    """A plausible matrix of the three places with times and lengths multiplied; `Aby_Beby` states one pair anew."""
    names = ("Aby", "Beby", "Ceby")
    lines = []
    for i, j in itertools.product(range(3), repeat=2):
        stated = pairs.get(f"{names[i]}_{names[j]}", (12.0 * abs(i - j), 13.0 * abs(i - j)))
        lines.append(f"{names[i]},{names[j]},{stated[0] * time:.6f},{stated[1] * length:.6f}")
    return lines


@pytest.mark.parametrize(
    ("time", "length", "header"),
    [(1, 1, "minutes,km"), (60, 1, "seconds,km"), (1 / 60, 1000, "hours,m"), (60, 1000, "seconds,m")],
)
def test_the_header_names_the_units(tmp_path: Path, time: float, length: float, header: str) -> None:
    path = write_matrix(tmp_path, stretched(time, length), header=f"from,to,{header}")
    minutes, km = read_matrix(path, three_places())
    assert minutes == pytest.approx(12.0 * np.abs(np.subtract.outer(range(3), range(3))), rel=1e-4)
    assert km == pytest.approx(13.0 * np.abs(np.subtract.outer(range(3), range(3))), rel=1e-4)


@pytest.mark.parametrize(
    ("time", "length", "header", "message"),
    [
        (60, 1, "minutes,km", ":1:3: minutes: these look like seconds; call the column seconds"),
        (1 / 60, 1, "minutes,km", ":1:3: minutes: these look like hours; call the column hours"),
        (1, 1, "seconds,km", ":1:3: seconds: these look like minutes; call the column minutes"),
        (1, 1000, "minutes,km", ":1:4: km: these look like metres; call the column m"),
        (1, 1, "minutes,m", ":1:4: m: these look like kilometres; call the column km"),
    ],
)
def test_another_unit_than_the_header_says_is_told(
    tmp_path: Path, time: float, length: float, header: str, message: str
) -> None:
    with pytest.raises(RegionError, match=message) as caught:
        read_matrix(write_matrix(tmp_path, stretched(time, length), header=f"from,to,{header}"), three_places())
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ((0, 13), r":3:3: minutes: faster than 130 km/h .*: Aby - Beby \(11 km, 0 min\); check"),
        ((59_652, 13), r":3:3: minutes: slower than on foot .*: Aby - Beby \(11 km, 59652 min\); check"),
        ((12, 2), r":3:4: km: a road shorter than 0.5 times the straight line: Aby - Beby \(11 km, 2 km\); check"),
        ((12, 13_000), r":3:4: km: a road longer than 5 times the straight line: Aby - Beby \(11 km, 13000 km\)"),
    ],
)
def test_a_pair_that_no_road_can_be_is_named(tmp_path: Path, stated: tuple[float, float], message: str) -> None:
    with pytest.raises(RegionError, match=message) as caught:
        read_matrix(write_matrix(tmp_path, stretched(1, 1, Aby_Beby=stated)), three_places())
    assert len(caught.value.problems) == 1


def test_a_header_of_two_units_or_none_is_refused(tmp_path: Path) -> None:
    for header, message in (
        ("from,to,minutes,seconds,km", "seconds: says the same as the column minutes; keep one"),
        ("from,to,min,km", r"minutes: the column is missing; add it to the header \(or seconds, hours\)"),
    ):
        rows = [",".join(["Aby", "Beby", *["1"] * (header.count(",") - 1)])]
        with pytest.raises(RegionError, match=message):
            read_matrix(write_matrix(tmp_path, rows, header=header), three_places())


def test_faults_of_one_kind_in_one_column_are_said_once(tmp_path: Path, halland: Region) -> None:
    names = halland.places.name
    lines = [f"{one},{other},{0 if one == other else 12}, 13 km" for one in names for other in names]
    with pytest.raises(RegionError) as caught:
        read_matrix(write_matrix(tmp_path, lines), halland.places)
    count = len(names) ** 2 - 1
    assert [str(problem).partition("matrix.csv")[2] for problem in caught.value.problems] == [
        ":2:4: km: '13 km' is not a number; write a length, 0 or more; "
        f"the same on {count} more lines: 3, 4, 5, 6, 7 ..."
    ]


def test_a_matrix_of_the_program_s_own_formula_is_plausible(tmp_path: Path, halland: Region, fit: TravelFit) -> None:
    minutes, km = formula_travel(halland.places, fit)
    names = halland.places.id
    for table in (minutes, km):
        np.fill_diagonal(table, 0.0)
    lines = [
        f"{one},{other},{minutes[i, j]},{km[i, j]}" for i, one in enumerate(names) for j, other in enumerate(names)
    ]
    read, length = read_matrix(write_matrix(tmp_path, lines), halland.places)
    assert np.array_equal(read, minutes) and np.array_equal(length, km)


def test_parquet_names_its_units_and_has_no_more_rows_than_pairs(tmp_path: Path) -> None:
    target = tmp_path / "a[1].parquet"
    source = write_matrix(tmp_path, stretched(60, 1), header="from,to,seconds,km")
    with duckdb.connect() as connection:
        copied = f"copy (select * from read_csv('{source.as_posix()}')) to '{target.as_posix()}' (format parquet)"
        connection.execute(copied)
        assert read_matrix(target, three_places())[0][0, 1] == pytest.approx(12)
        connection.execute(
            "copy (select 'Aby' as \"from\", 'Beby' as \"to\", 1 as minutes, 1 as km from range(1000000)) "
            f"to '{target.as_posix()}' (format parquet)"
        )
    with pytest.raises(RegionError, match="has 1000000 lines, more than 118"):
        read_matrix(target, three_places())


def test_drives_that_take_no_longer_for_being_longer_are_refused() -> None:
    air = np.array([2.0, 5.0, 9.0, 20.0, 41.0])
    with pytest.raises(RegionError, match=r"driving_pairs.csv: minutes: do not grow with the distance"):
        fit_travel(DrivingPairs(gc_km=air, road_km=1.2 * air, minutes=100.0 - air))
