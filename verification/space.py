"""Distances: a physician who returns to base between visits, and constants of geometry found by sending the nearest."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.engine import Journal
from sim.organisation import Between, Organisation
from sim.world.tape import DemandTape
from sim.world.world import World
from verification.cases import Case, expected, params
from verification.draws import Draws
from verification.observe import counted, in_system, waiting, waits_h
from verification.rows import Figure, Figures, Ratio, Row, judged
from verification.setup import (
    HOUR,
    Effort,
    always,
    clocks_row,
    go,
    hours_of,
    make_world,
    queue_tape,
    replicate,
    team,
)

Floats = NDArray[np.float64]
Metric = Callable[[Floats], Floats]


# --- a base and six zones -------------------------------------------------------------------------


def six_zones(effort: Effort) -> list[Row]:
    """One physician who cannot be reached until back at base."""
    name = "spatial_mg1_six_zones"
    given, answer = params(name), expected(name)
    out = np.array(given["travel_min_from_Halmstad"])
    zones = len(out)
    travel = np.full((zones + 1, zones + 1), 60.0)
    travel[zones, :zones] = travel[:zones, zones] = out
    world = make_world(travel, int(100_000 / given["lam"] / 24) + 1)

    def draw(draws: Draws) -> DemandTape:
        times = draws.arrivals("gaps", given["lam"], hours_of(world))
        node = draws.choice("zone", np.array(given["shares"]), len(times))
        return queue_tape(world, times, draws.exponential("service", 0.6, len(times)), node=node)

    def measure(tape: DemandTape, journal: Journal) -> Figures:
        which = counted(tape) & ~np.isnan(journal.t4)
        response = (journal.t4 - journal.t1)[which] / HOUR
        zone = tape.node[which]
        home = out[tape.node] + journal.t6
        stay = (home - journal.t1)[which] / HOUR
        wait = waits_h(tape, journal)
        rate = counted(tape).sum() / ((tape.horizon_min - tape.warm_up_min) / HOUR - 100)
        return {
            "Wq": float(wait.mean()),
            "W": float(np.nanmean(stay)),
            "Lq": waiting(tape, journal),
            "L": float(in_system(tape, journal) + rate * (out[zone] / HOUR).mean()),
            "rho": float((journal.on_scene_min + journal.driving_min).sum() / tape.horizon_min),
            "E_travel_out": float(((journal.t4 - journal.t3)[which] / HOUR).mean()),
            "response_mean": float(response.mean()),
            **{
                f"response, {given['zones'][z]}": Ratio(float(response[zone == z].sum()), float((zone == z).sum()))
                for z in range(zones)
            },
        }

    made = team(always(zones), between=Between.RETURN_FIRST)
    found, clocks = replicate(name, world, made, draw, measure, effort.replications(40), effort.compared)
    by_zone = {f"response, {z}": value for z, value in zip(given["zones"], answer["response_by_zone"], strict=True)}
    plain = {key: value for key, value in answer.items() if key != "response_by_zone"}
    return [*judged(name, plain | by_zone, found), clocks]


# --- geometry -------------------------------------------------------------------------------------

SIDE = 14  # of the torus, in units of which one base has one square
PLACES = 400
GAP_H = 2.0  # between requests: everybody is home


def euclid(step: Floats) -> Floats:
    """Length of steps, last axis x and y."""
    return np.asarray(np.sqrt((step**2).sum(axis=-1)))


def manhattan(step: Floats) -> Floats:
    """Length along streets."""
    return np.asarray(np.abs(step).sum(axis=-1))


def between_all(points: Floats, metric: Metric, wrap: tuple[float, float] | None = None) -> Floats:
    """(n, n) distances, on a torus with sides `wrap` if given."""
    step = points[:, None, :] - points[None, :, :]
    if wrap is not None:
        sides = np.array(wrap)
        step = step - sides * np.round(step / sides)
    return metric(step)


def scattered(draws: Draws, n: int, width: float = 1.0, height: float = 1.0) -> Floats:
    """(n, 2) points, uniform in a rectangle."""
    return np.stack([width * draws.uniform("x", n), height * draws.uniform("y", n)], axis=1)


Site = Callable[[Draws], tuple[Floats, Floats]]


def square_site(metric: Metric, base: tuple[float, float] | None) -> Site:
    """Places in the unit square and one base: at a point, or nowhere (the first place)."""

    def site(draws: Draws) -> tuple[Floats, Floats]:
        points = scattered(draws, PLACES)
        bases = points[:1] if base is None else np.array([base])
        return between_all(np.concatenate([points, bases]), metric), bases

    return site


def plane_site(metric: Metric, bases_of: Callable[[Draws], tuple[Floats, tuple[float, float]]]) -> Site:
    """Places on a torus with many bases, one to a unit of area."""

    def site(draws: Draws) -> tuple[Floats, Floats]:
        bases, sides = bases_of(draws)
        points = scattered(draws, PLACES, *sides)
        return between_all(np.concatenate([points, bases]), metric, sides), bases

    return site


def poisson_bases(draws: Draws) -> tuple[Floats, tuple[float, float]]:
    """A Poisson number of bases anywhere."""
    n = draws.poisson("number of bases", SIDE * SIDE)
    spots = np.stack([SIDE * draws.uniform("base x", n), SIDE * draws.uniform("base y", n)], axis=1)
    return spots, (float(SIDE), float(SIDE))


def lattice(across: float, down: float, shifted: bool) -> tuple[Floats, tuple[float, float]]:
    """Rows of bases `across` apart, rows `down` apart, every other row moved by half; an even number of rows."""
    rows, columns = 2 * round(SIDE / down / 2), round(SIDE / across)
    row, column = np.divmod(np.arange(rows * columns), columns)
    aside = 0.5 * (row % 2) if shifted else np.zeros(len(row))
    return np.stack([(column + aside) * across, row * down], axis=1), (columns * across, rows * down)


def squares(draws: Draws) -> tuple[Floats, tuple[float, float]]:
    """A square grid: cells of side 1."""
    return lattice(1.0, 1.0, False)


def hexagons(draws: Draws) -> tuple[Floats, tuple[float, float]]:
    """A triangular lattice: hexagonal cells of area 1."""
    across = math.sqrt(2 / math.sqrt(3))
    return lattice(across, across * math.sqrt(3) / 2, True)


def diamonds(draws: Draws) -> tuple[Floats, tuple[float, float]]:
    """A square grid on its corner: diamond cells of area 1."""
    across = math.sqrt(2)
    return lattice(across, across / 2, True)


def visit_all(name: str, site: Site, between: Between, effort: Effort) -> tuple[list[Figure], list[Figure], Row]:
    """One request at each of the places, far apart in time: mean travel and mean squared travel by replication."""
    means: list[Figure] = []
    squared: list[Figure] = []
    clocks = None
    for i in range(1, effort.replications(40) + 1):
        draws = Draws(name, i)
        travel, bases = site(draws)
        world, made = geometry_case(travel, len(bases), between)
        service, when = np.zeros(PLACES), 1.0 + GAP_H * np.arange(PLACES, dtype=np.float64)
        tape = queue_tape(
            world,
            when,
            service,
            node=np.arange(PLACES, dtype=np.int64),
            warm_up_h=0.0,
        )
        clocks = clocks or clocks_row("geometry_constants", tape, world, made)
        journal = go(tape, world, made)
        far = (journal.t4 - journal.t3)[1 if between is Between.STAY else 0 :]
        means.append(float(far.mean()))
        squared.append(float((far**2).mean()))
    assert clocks is not None
    return means, squared, clocks


def geometry_case(travel: Floats, bases: int, between: Between) -> tuple[World, Organisation]:
    """The world of a site (a unit of length is a minute) and one physician at each base."""
    world = make_world(travel, int((PLACES + 2) * GAP_H / 24) + 1, one_municipality=True)
    return world, team(*(always(PLACES + b) for b in range(bases)), between=between)


SITES: tuple[tuple[str, Site, Between, str, str], ...] = (
    ("centre, Euclid", square_site(euclid, (0.5, 0.5)), Between.STAND_BY,
     "E_dist_center_euclid", "E_dist2_center_euclid"),
    ("centre, streets", square_site(manhattan, (0.5, 0.5)), Between.STAND_BY,
     "E_dist_center_manhattan", "E_dist2_center_manhattan"),
    ("corner, Euclid", square_site(euclid, (0.0, 0.0)), Between.STAND_BY, "E_dist_corner_euclid", ""),
    ("pair, Euclid", square_site(euclid, None), Between.STAY,
     "E_dist_random_pair_euclid", "E_dist2_random_pair_euclid"),
    ("pair, streets", square_site(manhattan, None), Between.STAY,
     "E_dist_random_pair_manhattan", "E_dist2_random_pair_manhattan"),
    ("Poisson, Euclid", plane_site(euclid, poisson_bases), Between.STAND_BY, "nearest_poisson_euclid_coef", ""),
    ("Poisson, streets", plane_site(manhattan, poisson_bases), Between.STAND_BY, "nearest_poisson_manhattan_coef", ""),
    ("squares", plane_site(euclid, squares), Between.STAND_BY, "square_grid_euclid_coef", ""),
    ("hexagons", plane_site(euclid, hexagons), Between.STAND_BY, "hexagon_euclid_coef", ""),
    ("diamonds", plane_site(manhattan, diamonds), Between.STAND_BY, "diamond_manhattan_coef", ""),
)  # fmt: skip


def geometry(effort: Effort) -> list[Row]:
    """All the constants."""
    name = "geometry_constants"
    answer, rows = expected(name), []
    for label, site, between, mean, square in SITES:
        means, squared, clocks = visit_all(f"{name}, {label}", site, between, effort)
        wanted = {mean: answer[mean]} | ({square: answer[square]} if square else {})
        rows += [*judged(name, wanted, {mean: means, square: squared}), clocks]
    return rows


CASES = (
    Case("spatial_mg1_six_zones", "Distances", "One physician at a base, six zones at stated minutes, back to base "
         "between visits and not to be reached on the way.", "Pollaczek–Khinchine with travel out and back as service",
         six_zones),
    Case("geometry_constants", "Distances", "Places drawn at random in a square, or on a torus with many bases, anew "
         "in each replication; one request at each place, the nearest physician goes; what is checked is the drive. "
         "For a random pair one physician waits where the last visit was.",
         "Larson & Odoni ch. 3; Kolesar & Blum 1973", geometry),
)  # fmt: skip
