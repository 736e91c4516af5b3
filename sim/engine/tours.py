"""The tour of one physician: cheapest insertion, then 2-opt and Or-opt. Called by the rules on both clocks.

A tour is a part of two arrays that the caller provides: `tour[first : first + n]` holds the nodes of its `n` stops in
the order in which they are visited, `item` beside it the request of each. It begins at node `start`, where the
physician is, and ends at node `end`, the base; neither is in the arrays. So one pair of arrays has room for every tour
of a team, and plain lists do as well. Nothing is allocated.

`travel[a * n_nodes + b]` is the expected minutes from node a to node b, on the dyadic grid: sums of such numbers are
exact, so what is compared does not hang on the order of additions, and a change that shortens a tour at all shortens it
by a whole tick. Hence every search ends, and ends the same on both clocks. There and back may differ. A trip from a
node to itself counts as the table has it, a trip between two addresses; only a tour without stops that starts at its
end takes no time.
"""

from __future__ import annotations

from sim.jit import rule

LONGEST_MOVED = 3  # stops that Or-opt moves together (Or 1976)


@rule
def leg(travel: list[float], n_nodes: int, origin: int, destination: int) -> float:
    """Expected minutes from one node to another."""
    return travel[origin * n_nodes + destination]


@rule
def node_at(tour: list[int], first: int, n: int, start: int, end: int, i: int) -> int:
    """The node at position `i`: `start` at -1, stops at 0..n-1, `end` at n."""
    if i < 0:
        return start
    return end if i >= n else tour[first + i]


@rule
def empty_minutes(travel: list[float], n_nodes: int, start: int, end: int) -> float:
    """Minutes of a tour without stops."""
    return 0.0 if start == end else leg(travel, n_nodes, start, end)


@rule
def tour_minutes(travel: list[float], n_nodes: int, tour: list[int], first: int, n: int, start: int, end: int) -> float:
    """Minutes of driving from `start` by way of all stops to `end`."""
    if n == 0:
        return empty_minutes(travel, n_nodes, start, end)
    minutes = 0.0
    for i in range(n + 1):
        before = node_at(tour, first, n, start, end, i - 1)
        minutes += leg(travel, n_nodes, before, node_at(tour, first, n, start, end, i))
    return minutes


# --- putting a stop in --------------------------------------------------------------------------------


@rule
def insertion_cost(
    travel: list[float], n_nodes: int, tour: list[int], first: int, n: int, start: int, end: int, node: int, i: int
) -> float:
    """Minutes that `node` adds to the tour as its stop number `i`, 0..n. Can be negative where a detour is shorter."""
    before = node_at(tour, first, n, start, end, i - 1)
    after = node_at(tour, first, n, start, end, i)
    there = leg(travel, n_nodes, before, node) + leg(travel, n_nodes, node, after)
    if n == 0:
        return there - empty_minutes(travel, n_nodes, start, end)
    return there - leg(travel, n_nodes, before, after)


@rule
def cheapest_position(
    travel: list[float], n_nodes: int, tour: list[int], first: int, n: int, start: int, end: int, node: int
) -> int:
    """The position 0..n at which `node` adds least; equal cost: the latest, so that what was put in first is first."""
    best = 0
    best_cost = insertion_cost(travel, n_nodes, tour, first, n, start, end, node, 0)
    for i in range(1, n + 1):
        cost = insertion_cost(travel, n_nodes, tour, first, n, start, end, node, i)
        if cost <= best_cost:
            best = i
            best_cost = cost
    return best


@rule
def insert(tour: list[int], item: list[int], first: int, n: int, i: int, node: int, request: int) -> int:
    """Put a stop in at position `i`; gives the new number of stops. The arrays must have room at `first + n`."""
    for k in range(first + n, first + i, -1):
        tour[k] = tour[k - 1]
        item[k] = item[k - 1]
    tour[first + i] = node
    item[first + i] = request
    return n + 1


# --- making a tour shorter ------------------------------------------------------------------------------


@rule
def reverse(tour: list[int], item: list[int], i: int, j: int) -> None:
    """Turn round what lies at the indices i..j of the arrays; nothing if i >= j."""
    while i < j:
        node = tour[i]
        tour[i] = tour[j]
        tour[j] = node
        request = item[i]
        item[i] = item[j]
        item[j] = request
        i += 1
        j -= 1


@rule
def two_opt(
    travel: list[float], n_nodes: int, tour: list[int], item: list[int], first: int, n: int, start: int, end: int
) -> float:
    """Turn round the part of the tour that shortens it most, until none does; gives the minutes saved.

    The part itself is counted in its new direction. Equal gains: the part that begins first, then the shorter.
    """
    saved = 0.0
    while True:
        best = 0.0
        best_i = 0
        best_j = 0
        for i in range(n - 1):
            before = node_at(tour, first, n, start, end, i - 1)
            head = tour[first + i]
            entry = leg(travel, n_nodes, before, head)
            inside = 0.0  # minutes of the part turned round less those of the part as it is
            tail = head
            for j in range(i + 1, n):
                inside += leg(travel, n_nodes, tour[first + j], tail) - leg(travel, n_nodes, tail, tour[first + j])
                tail = tour[first + j]
                after = node_at(tour, first, n, start, end, j + 1)
                ends = leg(travel, n_nodes, before, tail) + leg(travel, n_nodes, head, after)
                change = ends + inside - entry - leg(travel, n_nodes, tail, after)
                if change < best:
                    best = change
                    best_i = i
                    best_j = j
        if best == 0.0:
            return saved
        reverse(tour, item, first + best_i, first + best_j)
        saved -= best


@rule
def move(tour: list[int], item: list[int], first: int, i: int, length: int, gap: int, turned: bool) -> None:
    """Move the stops i..i+length-1 to before the stop at `gap` (counted as the tour was), in their order or turned
    round. `gap` lies outside the stops moved and their own place."""
    low = first + min(i, gap)
    high = first + max(i + length, gap) - 1
    reverse(tour, item, low, high)  # the two neighbouring parts change places, both turned round
    if gap > i:
        reverse(tour, item, low, high - length)
        if not turned:
            reverse(tour, item, high - length + 1, high)
    else:
        reverse(tour, item, low + length, high)
        if not turned:
            reverse(tour, item, low, low + length - 1)


@rule
def or_opt(
    travel: list[float], n_nodes: int, tour: list[int], item: list[int], first: int, n: int, start: int, end: int
) -> float:
    """Move the one to LONGEST_MOVED neighbouring stops whose moving, in their order or turned round, shortens the tour
    most, until none does; gives the minutes saved.

    Equal gains: fewer stops, then those that come first, then the earlier new place, then their order kept.
    """
    saved = 0.0
    while True:
        best = 0.0
        best_i = 0
        best_length = 0
        best_gap = 0
        best_turned = False
        for length in range(1, min(LONGEST_MOVED, n - 1) + 1):
            for i in range(n - length + 1):
                before = node_at(tour, first, n, start, end, i - 1)
                after = node_at(tour, first, n, start, end, i + length)
                head = tour[first + i]
                tail = tour[first + i + length - 1]
                out = leg(travel, n_nodes, before, after)
                out -= leg(travel, n_nodes, before, head) + leg(travel, n_nodes, tail, after)
                inside = 0.0  # as in `two_opt`
                for k in range(first + i, first + i + length - 1):
                    inside += leg(travel, n_nodes, tour[k + 1], tour[k]) - leg(travel, n_nodes, tour[k], tour[k + 1])
                for gap in range(n + 1):
                    if i <= gap <= i + length:
                        continue
                    left = node_at(tour, first, n, start, end, gap - 1)
                    right = node_at(tour, first, n, start, end, gap)
                    base = out - leg(travel, n_nodes, left, right)
                    kept = base + leg(travel, n_nodes, left, head) + leg(travel, n_nodes, tail, right)
                    turned = base + leg(travel, n_nodes, left, tail) + inside + leg(travel, n_nodes, head, right)
                    if min(kept, turned) < best:
                        best = min(kept, turned)
                        best_i = i
                        best_length = length
                        best_gap = gap
                        best_turned = turned < kept
        if best == 0.0:
            return saved
        move(tour, item, first, best_i, best_length, best_gap, best_turned)
        saved -= best


@rule
def improve(
    travel: list[float], n_nodes: int, tour: list[int], item: list[int], first: int, n: int, start: int, end: int
) -> float:
    """2-opt and Or-opt in turn until neither shortens the tour; gives the minutes saved."""
    saved = 0.0
    while True:
        saved += two_opt(travel, n_nodes, tour, item, first, n, start, end)
        moved = or_opt(travel, n_nodes, tour, item, first, n, start, end)
        if moved == 0.0:
            return saved
        saved += moved
