"""How far planned tours are from the shortest, and what planning costs, on days as in Halland.

Exact tours by dynamic programming over the sets visited (Held and Karp 1962); VROOM, a router written for this, where
pyvroom is installed, on some of the days (it takes milliseconds a tour). All read the same expected minutes.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from benchmarks.timing import Timed, interleave, timed, timed_after
from sim.engine import tours

if TYPE_CHECKING:
    from sim.world.world import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STOPS = (5, 8, 10, 12)
AREAS = ("own municipality", "whole region")
OLDEST = 3  # the age group 80+, which most visits go to
VROOM_TICKS = 1000  # VROOM counts whole numbers: thousandths of a minute
INSERTED, IMPROVED, EXACT, VROOM = "insertion only", "planner", "Held-Karp", "VROOM"

YEAR_DAYS = 364
YEAR_REQUESTS = 6000
YEAR_PHYSICIANS = 8
SHIFT_MIN = 480.0
PLANNED_SHARE = 0.6
SERVICE_MIN = (30.0, 90.0)  # on scene and documentation
NAMED_BONUS_MIN = 15.0
ROOM = 24  # stops in a tour


class Days(NamedTuple):
    """D tours of n stops: nodes (D, n) in the order in which they were asked for, bases (D,), minutes (N*N,)."""

    travel: Floats
    n_nodes: int
    stops: Ints
    bases: Ints


def draw_days(world: World, area: str, stops: int, days: int, seed: int = 1) -> Days:
    """Stops by where the people of 80 and more live, in the municipality of a vårdcentral or in all of the region; the
    tour begins and ends at the vårdcentral."""
    rng = np.random.default_rng(seed)
    bases = np.zeros(days, dtype=np.int64)
    nodes = np.zeros((days, stops), dtype=np.int64)
    for day in range(days):
        base = world.facilities[int(rng.choice(world.vardcentraler))]
        inside = world.node_municipality == base.municipality if area == AREAS[0] else True
        weight = np.where(inside, world.population[:, OLDEST], 0.0)
        bases[day] = base.node
        nodes[day] = rng.choice(len(weight), stops, p=weight / weight.sum())
    return Days(world.travel_min.ravel(), len(world.node_name), nodes, bases)


@numba.njit(nogil=True)
def plan_days(travel: Any, n_nodes: int, stops: Any, bases: Any, improving: bool, minutes: Any) -> None:
    """Tour by tour: cheapest insertion in the order given, and improvement if asked for; writes minutes (D,)."""
    tour: Any = np.zeros(stops.shape[1], dtype=np.int64)
    item: Any = np.zeros(stops.shape[1], dtype=np.int64)
    for day in range(len(bases)):
        base = bases[day]
        n = 0
        for k in range(stops.shape[1]):
            i = tours.cheapest_position(travel, n_nodes, tour, 0, n, base, base, stops[day, k])
            n = tours.insert(tour, item, 0, n, i, stops[day, k], k)
        if improving:
            tours.improve(travel, n_nodes, tour, item, 0, n, base, base)
        minutes[day] = tours.tour_minutes(travel, n_nodes, tour, 0, n, base, base)


@numba.njit(nogil=True)
def exact_days(travel: Any, n_nodes: int, stops: Any, bases: Any, minutes: Any) -> None:
    """The least minutes of every tour (D,)."""
    n = stops.shape[1]
    best = np.zeros((1 << n, n))  # by the set visited and the last of it
    for day in range(len(bases)):
        base = bases[day]
        best[:] = np.inf
        for j in range(n):
            best[1 << j, j] = travel[base * n_nodes + stops[day, j]]
        for visited in range(1, 1 << n):
            for j in range(n):
                if not np.isfinite(best[visited, j]):
                    continue
                for k in range(n):
                    if not visited >> k & 1:
                        further = best[visited, j] + travel[stops[day, j] * n_nodes + stops[day, k]]
                        wider = visited | 1 << k
                        best[wider, k] = min(best[wider, k], further)
        minutes[day] = np.inf
        for j in range(n):
            minutes[day] = min(minutes[day], best[-1, j] + travel[stops[day, j] * n_nodes + base])


def minutes_of(solve: Callable[..., None], days: Days, *options: Any) -> Floats:
    """(D,) minutes by one of the two above."""
    minutes = np.zeros(len(days.bases))
    solve(*days, *options, minutes)
    return minutes


def by_vroom(days: Days) -> list[Any]:
    """VROOM's solution of every tour: one vehicle, one thread, its default depth of search."""
    import vroom  # type: ignore[import-not-found, unused-ignore]

    travel = np.rint(days.travel * VROOM_TICKS).astype(np.uint32).reshape(days.n_nodes, days.n_nodes)
    found = []
    for base, stops in zip(days.bases, days.stops, strict=True):
        nodes = np.array([base, *stops])
        problem = vroom.Input()
        problem.set_durations_matrix(profile="car", matrix_input=np.ascontiguousarray(travel[np.ix_(nodes, nodes)]))
        problem.add_vehicle([vroom.Vehicle(1, start=0, end=0)])
        problem.add_job([vroom.Job(k, location=k) for k in range(1, len(nodes))])
        found.append(problem.solve(exploration_level=5, nb_threads=1))
    return found


def vroom_minutes(days: Days, solutions: list[Any]) -> Floats:
    """(D,) minutes of VROOM's orders by the table that all others use."""
    minutes = []
    for base, stops, solution in zip(days.bases, days.stops, solutions, strict=True):
        order = solution.routes["location_index"].to_numpy().astype(int)
        if sorted(order[1:-1]) != list(range(1, len(stops) + 1)):
            raise RuntimeError(f"tours: VROOM went by {order}, not by all of {len(stops)} stops")
        nodes = np.array([base, *stops])[order]
        minutes.append(days.travel[nodes[:-1] * days.n_nodes + nodes[1:]].sum())
    return np.array(minutes)


def measure_tours(days: int, rounds: int, vroom_days: int = 100) -> list[dict[str, Any]]:
    """For each area and number of stops: the gap to the shortest tour over `days` days, and µs a tour. VROOM gets the
    first `vroom_days`. A tour shorter than the shortest ends the benchmark."""
    from benchmarks.sizes import halland
    from sim.world.build import build_world

    world = build_world(halland(1))
    return [measure_days(draw_days(world, area, n, days), area, rounds, vroom_days) for area in AREAS for n in STOPS]


def measure_days(days: Days, area: str, rounds: int, vroom_days: int) -> dict[str, Any]:
    """One row of `measure_tours`."""
    few = days._replace(stops=days.stops[:vroom_days], bases=days.bases[:vroom_days])
    programs: dict[str, Timed] = {
        INSERTED: timed(lambda: minutes_of(plan_days, days, False)),
        IMPROVED: timed(lambda: minutes_of(plan_days, days, True)),
        EXACT: timed(lambda: minutes_of(exact_days, days)),
    }
    tours_of = dict.fromkeys(programs, len(days.bases))
    if importlib.util.find_spec("vroom") is not None:
        programs[VROOM] = timed(lambda: by_vroom(few))
        tours_of[VROOM] = len(few.bases)
    gaps: dict[str, Floats] = {}

    def check(results: dict[str, Any]) -> None:
        exact = results[EXACT]
        for name, result in results.items():
            minutes = vroom_minutes(few, result) if name == VROOM else result
            gaps[name] = minutes / exact[: len(minutes)] - 1
            if (minutes < exact[: len(minutes)]).any():  # sums on the grid are exact
                raise RuntimeError(f"tours: {name} found a tour shorter than the shortest")

    found = interleave(programs, rounds, check)
    return {
        "area": area,
        "stops": days.stops.shape[1],
        "tours": tours_of,
        "mean minutes": float(minutes_of(exact_days, days).mean()),
        "mean gap": {name: float(gap.mean()) for name, gap in gaps.items()},
        "P95 gap": {name: float(np.quantile(gap, 0.95)) for name, gap in gaps.items()},
        "largest gap": {name: float(gap.max()) for name, gap in gaps.items()},
        "share shortest": {name: float((gap == 0).mean()) for name, gap in gaps.items()},
        "us a tour": {name: found.median(name) / tours_of[name] * 1e6 for name in programs},
    }


# --- a year of planning -----------------------------------------------------------------------------------


class Year(NamedTuple):
    """Requests by due day, and a team on every day. R requests, U physicians."""

    travel: Floats
    n_nodes: int
    node: Ints  # (R,)
    service: Floats  # (R,) minutes on scene and documenting
    named: Ints  # (R,) 0..U-1
    due: Ints  # (YEAR_DAYS + 1,) requests due by day d are due[d]..due[d+1]-1
    base: Ints  # (U,)


def draw_year(world: World, physicians: int, requests: int, seed: int = 1) -> Year:
    """Planned visits in the whole region, one team based at vårdcentraler."""
    rng = np.random.default_rng(seed)
    weight = world.population[:, OLDEST]
    day = np.sort(rng.integers(0, YEAR_DAYS, requests))
    bases = [world.facilities[int(v)].node for v in rng.choice(world.vardcentraler, physicians)]
    return Year(
        travel=world.travel_min.ravel(),
        n_nodes=len(world.node_name),
        node=rng.choice(len(weight), requests, p=weight / weight.sum()),
        service=np.round(rng.uniform(*SERVICE_MIN, requests)),
        named=rng.integers(0, physicians, requests),
        due=np.searchsorted(day, np.arange(YEAR_DAYS + 1)),
        base=np.array(bases, dtype=np.int64),
    )


@numba.njit(nogil=True)
def plan_team(year: Any, waiting: Any, tour: Any, item: Any, n: Any, spare: Any) -> int:
    """One team at shift start: each request in turn to the physician to whom it adds least, less a bonus for the
    patient's own, where it fits into the planned share; then every tour improved. `waiting` keeps those not placed, in
    order; gives how many."""
    left = 0
    for r in waiting:
        best = -1
        best_i = 0
        best_extra = 0.0
        best_cost = np.inf
        for u in range(len(n)):
            if n[u] == ROOM or year.service[r] > spare[u]:
                continue
            where = (year.travel, year.n_nodes, tour, u * ROOM, n[u], year.base[u], year.base[u], year.node[r])
            i = tours.cheapest_position(*where)
            extra = tours.insertion_cost(*where, i)
            cost = extra - (NAMED_BONUS_MIN if year.named[r] == u else 0.0)
            if extra + year.service[r] <= spare[u] and cost < best_cost:
                best = u
                best_i = i
                best_extra = extra
                best_cost = cost
        if best < 0:
            waiting[left] = r
            left += 1
            continue
        n[best] = tours.insert(tour, item, best * ROOM, n[best], best_i, year.node[r], r)
        spare[best] -= best_extra + year.service[r]
    for u in range(len(n)):
        ends = year.base[u]
        spare[u] += tours.improve(year.travel, year.n_nodes, tour, item, u * ROOM, n[u], ends, ends)
    return left


@numba.njit(nogil=True)
def plan_year(year: Any) -> tuple[int, int, float, int]:
    """Every day's planning of one team; what is planned counts as done. Gives stops, tours with stops, minutes of
    driving, and the longest list that waited over night."""
    physicians = len(year.base)
    tour: Any = np.zeros(physicians * ROOM, dtype=np.int64)
    item: Any = np.zeros(physicians * ROOM, dtype=np.int64)
    waiting = np.zeros(len(year.node), dtype=np.int64)
    n = np.zeros(physicians, dtype=np.int64)
    spare = np.zeros(physicians)
    left = longest = stops = driven = 0
    minutes = 0.0
    for day in range(YEAR_DAYS):
        for r in range(year.due[day], year.due[day + 1]):
            waiting[left] = r
            left += 1
        n[:] = 0
        spare[:] = PLANNED_SHARE * SHIFT_MIN
        left = plan_team(year, waiting[:left], tour, item, n, spare)
        longest = max(longest, left)
        for u in range(physicians):
            base = year.base[u]
            stops += n[u]
            driven += n[u] > 0
            minutes += tours.tour_minutes(year.travel, year.n_nodes, tour, u * ROOM, n[u], base, base)
    return stops, driven, minutes, longest


def measure_year(rounds: int, physicians: int = YEAR_PHYSICIANS, requests: int = YEAR_REQUESTS) -> dict[str, Any]:
    """Milliseconds to plan a year of one team that serves the region: more to compare than with several teams."""
    from benchmarks.sizes import halland
    from sim.world.build import build_world

    year = draw_year(build_world(halland(1)), physicians, requests)
    found = interleave({IMPROVED: timed_after(lambda: year, plan_year)}, rounds)
    stops, driven, minutes, longest = plan_year(year)
    return {
        "requests": requests,
        "physicians": physicians,
        "planned": int(stops),
        "tours": int(driven),
        "stops a tour": stops / max(driven, 1),
        "minutes of driving a stop": minutes / max(stops, 1),
        "longest list over night": int(longest),
        "ms a year": found.median(IMPROVED) * 1e3,
    }
