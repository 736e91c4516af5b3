"""Short closed tours: the project's planner (cheapest insertion, 2-opt, Or-opt) beside the exact answer on the same
places (dynamic programming), and the exact answer beside the published means."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.tours import cheapest_position, improve, insert, tour_minutes
from sim.grid import to_grid
from sim.jit import compiled
from verification.cases import Case, expected
from verification.draws import Draws
from verification.rows import COMPILED, FORMULA, Figure, Ratio, Row, estimated, exact, values_of
from verification.setup import Effort
from verification.space import between_all, euclid, scattered

Floats = NDArray[np.float64]

INSTANCES = 50  # tours a replication
REPLICATIONS = 40
EXCESS = 0.02  # how much longer than the shortest the planner's mean tour may be: a limit set here, no known answer


@compiled
def shortest(travel: Floats, n_nodes: int) -> float:
    """Length of the shortest tour from node 0 through all others and back (Held & Karp 1962)."""
    n = n_nodes - 1
    best = np.full(((1 << n), n), np.inf)
    for last in range(n):
        best[1 << last, last] = travel[last + 1]
    for seen in range(1, 1 << n):
        for last in range(n):
            held = best[seen, last]
            if held == np.inf:
                continue
            for to in range(n):
                if not seen & (1 << to):
                    more = held + travel[(last + 1) * n_nodes + to + 1]
                    if more < best[seen | (1 << to), to]:
                        best[seen | (1 << to), to] = more
    answer = np.inf
    for last in range(n):
        answer = min(answer, best[(1 << n) - 1, last] + travel[(last + 1) * n_nodes])
    return float(answer)


@compiled
def planned(travel: Any, n_nodes: int, tour: Any, item: Any) -> float:
    """Length of the tour that the project's planner makes, the stops put in one by one in the order of their number."""
    n = 0
    for node in range(1, n_nodes):
        i = cheapest_position(travel, n_nodes, tour, 0, n, 0, 0, node)
        n = insert(tour, item, 0, n, i, node, node)
    improve(travel, n_nodes, tour, item, 0, n, 0, 0)
    return float(tour_minutes(travel, n_nodes, tour, 0, n, 0, 0))


def one_tour(draws: Draws, points: int, depot: str) -> tuple[float, float]:
    """Shortest and planned length of one tour over random places in the unit square (or torus)."""
    places = scattered(draws, points)
    if depot == "centre":
        places[0] = 0.5
    travel = to_grid(between_all(places, euclid, (1.0, 1.0) if depot == "torus" else None)).ravel()
    room = np.zeros(points, dtype=np.int64)
    return shortest(travel, points), planned(travel, points, room, room.copy())


def tours(effort: Effort) -> list[Row]:
    """Every size of tour of the case."""
    name = "bhh_small"
    rows = []
    for answer in expected(name):
        depot, points = answer["depot"], answer["points"]
        what = f"{points - 1} stops from the {depot}" if depot != "torus" else f"{points} places on a torus"
        best: list[Figure] = []
        excess: list[Figure] = []
        shorter = 0
        for i in range(1, effort.replications(REPLICATIONS) + 1):
            pairs = np.array([
                one_tour(Draws(f"{name}, {what}, {k}", i), points, depot) for k in range(INSTANCES)
            ])  # fmt: skip
            best.append(float(pairs[:, 0].mean()))
            excess.append(Ratio(float(pairs[:, 1].sum()), float(pairs[:, 0].sum())))
            shorter += int((pairs[:, 1] < pairs[:, 0]).sum())
        longer = float(values_of(excess).mean())
        rows += [
            estimated(name, f"shortest, {what}", answer["mean_opt_tour"], best, se=answer["se"], engine=FORMULA),
            exact(name, f"planned tours below the shortest, {what}", 0, shorter),
            exact(name, f"planned / shortest (at most {1 + EXCESS:.2f}), {what}", 1.0, longer, tolerance=EXCESS,
                  engine=COMPILED),
        ]  # fmt: skip
    return rows


CASES = (
    Case("bhh_small", "Tours", "Random places in a square or on a torus. The shortest closed tour by dynamic "
         "programming against the case's mean (which has an error of its own, taken into z); the program's planner, "
         "stops put in one by one and improved, against the shortest on the same places. That the planner stays within "
         "2 % is a limit set here.",
         "Held & Karp 1962; Beardwood, Halton & Hammersley 1959; Johnson & McGeoch 1996", tours),
)  # fmt: skip
