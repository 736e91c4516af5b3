"""The tour planner's algorithms against exact tours, against slow ways of saying the same, and against themselves
uncompiled on lists.

Travel lies on the dyadic grid everywhere, so that minutes are compared for equality.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from small_world import small_world

from benchmarks.printing import as_text, tour_table
from benchmarks.tours import (
    AREAS,
    EXACT,
    IMPROVED,
    draw_days,
    draw_year,
    exact_days,
    measure_days,
    minutes_of,
    plan_year,
)
from sim.engine import tours
from sim.grid import to_grid
from sim.jit import uncompiled

Floats = NDArray[np.float64]
CALLED = ("cheapest_position", "tour_minutes", "insertion_cost", "insert", "two_opt", "or_opt", "improve")


def callable_from_python(rule: Any) -> Any:
    """Rules are called by rules only: one that is compiled with a door for Python."""
    return numba.njit(lambda *given: rule(*given))


LISTS = uncompiled(tours)
COMPILED: Any = SimpleNamespace(**{name: callable_from_python(getattr(tours, name)) for name in CALLED})
CASES = json.loads((Path(__file__).parent / "data/theory_cases.json").read_text())
BHH = next(case for case in CASES if case["id"] == "bhh_small")["expected"]
SIDE_MIN = 60.0  # the unit square in minutes
INSTANCES = 2000


# --- instances and exact tours ----------------------------------------------------------------------------


class Instance(NamedTuple):
    """Minutes between nodes, the stops in the order in which they are put in, where the tour begins and ends."""

    minutes: Floats  # (N, N)
    stops: tuple[int, ...]
    start: int
    end: int


def points_to_minutes(points: Floats, torus: bool = False) -> Floats:
    """(B, N, N) minutes on the grid between (B, N, 2) points of the unit square."""
    apart = np.abs(points[:, :, None] - points[:, None])
    if torus:
        apart = np.minimum(apart, 1 - apart)
    return to_grid(SIDE_MIN * np.sqrt((apart**2).sum(-1)))


def held_karp(minutes: Floats, start: int, end: int, stops: tuple[int, ...]) -> Floats:
    """(B,) the least minutes from `start` by way of all `stops` to `end`, for (B, N, N) minutes.

    Held and Karp (1962): a dynamic programme over the sets visited.
    """
    m = len(stops)
    between = np.ascontiguousarray(minutes[:, stops][:, :, stops].transpose(1, 2, 0))
    best = np.full((1 << m, m, len(minutes)), np.inf)  # by the set visited and the last of it
    for j in range(m):
        best[1 << j, j] = minutes[:, start, stops[j]]
    for visited in range(1, 1 << m):
        for j in range(m):
            rest = visited ^ (1 << j)
            if rest < visited and rest:
                best[visited, j] = (best[rest] + between[:, j]).min(axis=0)
    return np.asarray((best[-1] + minutes[:, stops, end].T).min(axis=0))


def length(minutes: Floats, start: int, stops: tuple[int, ...] | list[int], end: int) -> float:
    """Minutes of a tour, said as plainly as can be."""
    nodes = [start, *stops, end]
    return float(sum(minutes[a, b] for a, b in itertools.pairwise(nodes)))


def random_instance(rng: np.random.Generator, n: int, kind: str) -> Instance:
    """`n` stops among n + 2 nodes. kind: plane, one_way (there and back differ), whole (whole minutes, many ties) or
    homes (few nodes, some drawn twice)."""
    size = n + 2
    minutes = points_to_minutes(rng.random((1, size, 2)))[0]
    stops = tuple(int(node) for node in rng.permutation(np.arange(2, size)))
    if kind == "one_way":
        minutes = to_grid(minutes * rng.uniform(0.7, 1.3, (size, size)))
    elif kind == "whole":
        minutes = rng.integers(1, 6, (size, size)).astype(float)
    elif kind == "homes":
        stops = tuple(int(node) for node in rng.integers(0, max(2, size // 2), n))
    return Instance(minutes, stops, 0, int(rng.integers(0, 2)))


KINDS = ("plane", "one_way", "whole", "homes")


# --- a tour, planned by the compiled rules on arrays or by the same source on lists ---------------------------


class Planned(NamedTuple):
    """The outcome: nodes and requests in order, the minutes that insertion gave, those saved, those in the end."""

    nodes: list[int]
    requests: list[int]
    inserted: float
    saved: float
    minutes: float


def plan(rules: Any, instance: Instance, first: int = 3) -> Planned:
    """Cheapest insertion of the stops in turn, then improvement, in the middle of arrays that hold other things."""
    n_nodes = len(instance.minutes)
    travel: Any = instance.minutes.ravel()
    room = first + len(instance.stops) + 2
    tour: Any = np.full(room, -7, dtype=np.int64)
    item: Any = np.full(room, -8, dtype=np.int64)
    if rules is LISTS:
        travel, tour, item = travel.tolist(), tour.tolist(), item.tolist()
    ends = instance.start, instance.end
    n = 0
    for number, node in enumerate(instance.stops):
        i = rules.cheapest_position(travel, n_nodes, tour, first, n, *ends, node)
        before = rules.tour_minutes(travel, n_nodes, tour, first, n, *ends)
        cost = rules.insertion_cost(travel, n_nodes, tour, first, n, *ends, node, i)
        n = rules.insert(tour, item, first, n, i, node, 100 + number)
        assert rules.tour_minutes(travel, n_nodes, tour, first, n, *ends) == before + cost
    inserted = rules.tour_minutes(travel, n_nodes, tour, first, n, *ends)
    saved = rules.improve(travel, n_nodes, tour, item, first, n, *ends)
    minutes = rules.tour_minutes(travel, n_nodes, tour, first, n, *ends)
    nodes, requests = [int(node) for node in tour], [int(request) for request in item]
    assert nodes[:first] == [-7] * first and nodes[first + n :] == [-7, -7]  # the neighbours in the arrays
    assert requests[:first] == [-8] * first and requests[first + n :] == [-8, -8]
    return Planned(nodes[first : first + n], requests[first : first + n], inserted, saved, minutes)


def check_planned(instance: Instance, planned: Planned) -> None:
    """Every request once and with its node, and the minutes add up."""
    assert sorted(planned.requests) == [100 + k for k in range(len(instance.stops))]
    assert planned.nodes == [instance.stops[request - 100] for request in planned.requests]
    assert planned.saved >= 0.0
    assert planned.minutes == planned.inserted - planned.saved
    if planned.nodes:
        assert planned.minutes == length(instance.minutes, instance.start, planned.nodes, instance.end)


# --- against exact tours ----------------------------------------------------------------------------------


def test_held_karp_is_the_shortest_of_all_orders() -> None:
    rng = np.random.default_rng(11)
    for n in range(1, 7):
        minutes = to_grid(rng.random((8, n + 2, n + 2)) * 50)
        stops = tuple(range(2, n + 2))
        exact = held_karp(minutes, 0, 1, stops)
        for k in range(8):
            assert exact[k] == min(length(minutes[k], 0, order, 1) for order in itertools.permutations(stops))


@pytest.mark.parametrize("case", BHH, ids=lambda case: f"{case['depot']} {case['points']} points")
def test_mean_tours_in_the_unit_square(case: dict[str, Any]) -> None:
    """The mean of exact tours is the published one, that of planned tours at most one per cent above it."""
    n = case["points"] - 1
    rng = np.random.default_rng(case["points"])
    points = rng.random((INSTANCES, n + 1, 2))
    if case["depot"] == "centre":
        points[:, 0] = 0.5
    minutes = points_to_minutes(points, torus=case["depot"] == "torus")
    stops = tuple(range(1, n + 1))
    exact = np.concatenate([held_karp(part, 0, 0, stops) for part in np.split(minutes, 10)])
    planned = np.array([plan(COMPILED, Instance(one, stops, 0, 0)).minutes for one in minutes])
    error = np.hypot(case["se"], exact.std(ddof=1) / SIDE_MIN / np.sqrt(INSTANCES))
    assert abs(exact.mean() / SIDE_MIN - case["mean_opt_tour"]) < 3.5 * error
    assert (planned >= exact).all()
    assert planned.mean() <= 1.01 * exact.mean()
    assert (planned <= 1.15 * exact).all()


@pytest.mark.parametrize("kind", KINDS)
def test_planned_tours_are_close_to_exact_ones(kind: str) -> None:
    rng = np.random.default_rng(5)
    gaps = []
    for n in (*range(1, 11), 10, 10):
        for _ in range(20):
            instance = random_instance(rng, n, kind)
            planned = plan(COMPILED, instance)
            check_planned(instance, planned)
            exact = held_karp(instance.minutes[None], instance.start, instance.end, instance.stops)[0]
            assert planned.minutes >= exact
            gaps.append(planned.minutes / exact - 1 if exact > 0 else 0.0)
    # whole minutes drawn at random are no distances: there and back have nothing to do with each other
    mean, worst = (0.05, 0.5) if kind == "whole" else (0.02, 0.15)
    assert np.mean(gaps) < mean and np.max(gaps) < worst


# --- against the same said slowly ------------------------------------------------------------------------------


def reversals(stops: list[int]) -> list[tuple[tuple[int, ...], list[int]]]:
    """Every 2-opt neighbour, with what settles ties."""
    return [
        ((i, j), stops[:i] + stops[i : j + 1][::-1] + stops[j + 1 :])
        for i, j in itertools.combinations(range(len(stops)), 2)
    ]


def moves(stops: list[int]) -> list[tuple[tuple[int, ...], list[int]]]:
    """Every Or-opt neighbour, with what settles ties."""
    found: list[tuple[tuple[int, ...], list[int]]] = []
    n = len(stops)
    for size, i, gap, turned in itertools.product((1, 2, 3), range(n), range(n + 1), (0, 1)):
        if i + size > n or i <= gap <= i + size:
            continue
        part = stops[i : i + size][:: -1 if turned else 1]
        cut = stops[:i] + stops[i + size :]
        at = gap if gap < i else gap - size
        found.append(((size, i, gap, turned), cut[:at] + part + cut[at:]))
    return found


def best_of(neighbours: Any, instance: Instance, nodes: list[int]) -> list[int]:
    """Go to the shortest neighbour while it is shorter; the positions in `nodes` are numbered 0.. and returned."""
    minutes = instance.minutes

    def of(order: list[int]) -> float:
        return length(minutes, instance.start, [nodes[k] for k in order], instance.end)

    order = list(range(len(nodes)))
    while True:
        found = [(of(other), key, other) for key, other in neighbours(order)]
        if not found or min(found)[0] >= of(order):
            return order
        order = min(found)[2]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("search", "neighbours"), [("two_opt", reversals), ("or_opt", moves)])
def test_searches_take_the_best_neighbour(kind: str, search: str, neighbours: Any) -> None:
    rng = np.random.default_rng(8)
    for n in (0, 1, 2, 3, 4, 5, 6, 7, 8):
        for _ in range(5):
            instance = random_instance(rng, n, kind)
            nodes = list(instance.stops)
            tour, item = np.array(nodes, dtype=np.int64), np.arange(n)
            size = len(instance.minutes)
            travel = instance.minutes.ravel()
            saved = getattr(COMPILED, search)(travel, size, tour, item, 0, n, instance.start, instance.end)
            order = best_of(neighbours, instance, nodes)
            assert item.tolist() == order
            assert tour.tolist() == [nodes[k] for k in order]
            old, new = (length(instance.minutes, instance.start, part, instance.end) for part in (nodes, tour.tolist()))
            assert saved == old - new


@pytest.mark.parametrize("kind", KINDS)
def test_no_reversal_or_move_shortens_an_improved_tour(kind: str) -> None:
    rng = np.random.default_rng(9)
    for n in (*range(2, 10), *[10] * 12):
        instance = random_instance(rng, n, kind)
        planned = plan(COMPILED, instance)
        for _, other in reversals(planned.nodes) + moves(planned.nodes):
            assert length(instance.minutes, instance.start, other, instance.end) >= planned.minutes


def test_every_move_of_stops() -> None:
    n = 7
    for (size, i, gap, turned), expected in moves(list(range(n))):
        tour, item = [-1, *range(n), -1], [-1, *range(10, 10 + n), -1]
        LISTS.move(tour, item, 1, i, size, gap, bool(turned))
        assert tour == [-1, *expected, -1]
        assert item == [-1, *(10 + k for k in expected), -1]


def test_cheapest_position_is_the_last_of_the_cheapest() -> None:
    rng = np.random.default_rng(10)
    for n in range(1, 9):
        for kind in KINDS:
            instance = random_instance(rng, n, kind)
            *nodes, new = instance.stops
            lengths = [
                length(instance.minutes, instance.start, [*nodes[:i], new, *nodes[i:]], instance.end) for i in range(n)
            ]
            found = COMPILED.cheapest_position(
                instance.minutes.ravel(), len(instance.minutes), np.array(nodes, dtype=np.int64), 0, n - 1,
                instance.start, instance.end, new,
            )  # fmt: skip
            assert found == n - 1 - lengths[::-1].index(min(lengths))


# --- compiled and plain ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_compiled_and_plain_plan_the_same(kind: str) -> None:
    rng = np.random.default_rng(6)
    for _ in range(60):
        instance = random_instance(rng, int(rng.integers(0, 13)), kind)
        assert plan(COMPILED, instance) == plan(LISTS, instance)


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    """Any travel on the grid, zeros and ties among it, any nodes as stops, start and end."""
    size = draw(st.integers(1, 6))
    some_minutes = st.one_of(st.integers(0, 4), st.integers(0, 2**33).map(lambda ticks: ticks / 2**26))
    cells = draw(st.lists(some_minutes, min_size=size**2, max_size=size**2))
    node = st.integers(0, size - 1)
    stops = draw(st.lists(node, max_size=8))
    return Instance(np.array(cells, dtype=float).reshape(size, size), tuple(stops), draw(node), draw(node))


@settings(deadline=None)
@given(instances())
def test_any_travel(instance: Instance) -> None:
    planned = plan(COMPILED, instance)
    assert planned == plan(LISTS, instance)
    check_planned(instance, planned)


# --- small tours ------------------------------------------------------------------------------------------------

SMALL = np.array([[3.0, 10.0, 20.0], [12.0, 2.0, 5.0], [20.0, 40.0, 1.0]])


@pytest.mark.parametrize(
    ("stops", "start", "end", "order", "minutes"),
    [
        ((), 0, 0, [], 0.0),  # stays at base
        ((), 0, 1, [], 10.0),
        ((1,), 0, 0, [1], 22.0),
        ((0,), 0, 0, [0], 6.0),  # a home in the place of the base: two trips within it
        ((2, 1), 0, 0, [1, 2], 35.0),  # the other way round 72
        ((1, 1), 0, 0, [1, 1], 24.0),  # two homes in one place
        ((1, 2, 1), 0, 0, [1, 1, 2], 37.0),
    ],
)
@pytest.mark.parametrize("rules", [COMPILED, LISTS], ids=["compiled", "plain"])
def test_small_tours(
    rules: Any, stops: tuple[int, ...], start: int, end: int, order: list[int], minutes: float
) -> None:
    planned = plan(rules, Instance(SMALL, stops, start, end))
    assert planned.nodes == order
    assert planned.minutes == minutes


def test_patients_in_one_home_keep_their_order() -> None:
    """A new stop at equal cost goes last, and nothing that is not shorter is changed."""
    planned = plan(COMPILED, Instance(np.zeros((2, 2)), (1, 1, 1, 1), 0, 0))
    assert planned.requests == [100, 101, 102, 103]
    assert planned.saved == 0.0


def test_a_detour_can_be_shorter() -> None:
    minutes = np.array([[0.0, 50.0, 1.0], [50.0, 0.0, 1.0], [1.0, 1.0, 0.0]])
    one = np.array([1], dtype=np.int64)
    assert COMPILED.insertion_cost(minutes.ravel(), 3, one, 0, 1, 0, 0, 2, 0) == -48.0


@pytest.mark.parametrize("search", ["two_opt", "or_opt"])
def test_a_tick_is_enough(search: str) -> None:
    """The least that a tour can be shorter by is found, and nothing is done for nothing."""
    minutes = np.ones((3, 3))
    minutes[0, 2] -= 2.0**-26
    tour, item = np.array([1, 2], dtype=np.int64), np.array([1, 2], dtype=np.int64)
    assert getattr(COMPILED, search)(minutes.ravel(), 3, tour, item, 0, 2, 0, 0) == 2.0**-26
    assert tour.tolist() == [2, 1]
    assert getattr(COMPILED, search)(minutes.ravel(), 3, tour, item, 0, 2, 0, 0) == 0.0


def test_one_way_streets_are_counted_in_the_direction_driven() -> None:
    """Round the block: the same circle costs 4 one way and 40 the other."""
    minutes = np.full((4, 4), 10.0)
    for a in range(4):
        minutes[a, (a + 1) % 4] = 1.0
    planned = plan(COMPILED, Instance(minutes, (1, 2, 3), 0, 0))
    assert planned.nodes == [1, 2, 3] and planned.minutes == 4.0
    tour, item = np.array([3, 2, 1], dtype=np.int64), np.array([3, 2, 1], dtype=np.int64)
    assert COMPILED.two_opt(minutes.ravel(), 4, tour, item, 0, 3, 0, 0) == 36.0
    assert tour.tolist() == [1, 2, 3]


# --- the benchmark ------------------------------------------------------------------------------------------------


def test_benchmark_compares_with_the_same_exact_tours() -> None:
    world = small_world(places=9)
    for area in AREAS:
        days = draw_days(world, area, 5, 12)
        exact = minutes_of(exact_days, days)
        minutes = world.travel_min[None]
        for day, (base, stops) in enumerate(zip(days.bases, days.stops, strict=True)):
            inside = world.node_municipality[stops] == world.node_municipality[base]
            assert area != AREAS[0] or inside.all()
            assert exact[day] == held_karp(minutes, int(base), int(base), tuple(stops.tolist()))[0]
    row = measure_days(days, AREAS[1], 1, 3)
    assert row["share shortest"][EXACT] == 1.0 and row["mean gap"][EXACT] == 0.0
    assert 0.0 <= row["mean gap"][IMPROVED] < 0.02
    assert AREAS[1] in as_text(tour_table([row]))


def test_benchmark_plans_what_there_is_time_for() -> None:
    world = small_world(places=9)
    stops, _, minutes, longest = plan_year(draw_year(world, 4, 1000))
    assert stops == 1000 and minutes > 0.0
    few, _, _, waiting = plan_year(draw_year(world, 1, 3000))
    assert few < 3000 and waiting > longest
