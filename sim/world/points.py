"""Nested Poisson processes: points that lie still, and rates that take more or fewer of them.

A process is a fixed random set of points (minute, mark), one to a year and unit of rate on average. A rate that varies
over time takes the points whose mark lies below it at their minute. Those are a Poisson process with that rate,
whatever it is (the thinning of Lewis & Shedler 1979, "Simulation of nonhomogeneous Poisson processes by thinning",
Naval Research Logistics Quarterly 26(3), 403-413); and a rate that is nowhere lower takes the same points and some
more.

Points are drawn for one block of 56 weeks at a time, in order of their marks: in a block of L years marks are a Poisson
process of rate L, so that the k-th is a sum of k exponential gaps over L, and the minute of each is uniform in the
block (Kingman 1993, "Poisson Processes", Oxford, sections 2.3 and 5.2). So only points below the highest rate are
drawn, and no rate, and no length of the run, decides where a point lies.
"""

from __future__ import annotations

import math
from typing import Annotated, Final, NamedTuple

import numpy as np

from sim.columns import Column, Floats, Ints, joined, room, rows_of
from sim.errors import HembesokError
from sim.jit import compiled
from sim.world.elementary import log
from sim.world.laws import on_grid
from sim.world.streams import BLOCKS, NEEDS, uniform_of, wrapping

HOUR_MIN: Final = 60.0
DAY_MIN: Final = 1440.0
YEAR_MIN: Final = 365.25 * DAY_MIN  # the year of every yearly rate
WEEKS_OF_BLOCK: Final = 56  # the default run, which then wastes nothing
BLOCK_MIN: Final = WEEKS_OF_BLOCK * 7 * DAY_MIN
BLOCK_YEARS: Final = BLOCK_MIN / YEAR_MIN
MOST_BLOCKS: Final = NEEDS // BLOCKS
MARGIN: Final = 1.0 + 2.0**-20  # on a rate that is a product: no point is lost by how it is rounded


class Processes(NamedTuple):
    """Processes of points and the highest rates that take them: address `first` of the draws, `rate` (blocks,
    processes) in points a year at weight 1, one row for all blocks or one each, and `profile`, the row of weights that
    it follows."""

    first: Ints
    rate: Floats
    profile: Ints


class Weights(NamedTuple):
    """How rates vary: `by_hour` (profiles, hours of the run), and `peak` (profiles,) the highest of each."""

    by_hour: Floats
    peak: Floats


class Points(NamedTuple):
    """One row a point."""

    process: Annotated[Ints, Column("row of its process")]
    address: Annotated[Ints, Column("index of what is drawn for it")]
    minute: Annotated[Floats, Column("when, on the grid")]
    mark: Annotated[Floats, Column("rate from which on it is taken, points a year")]


def weights(by_hour: Floats) -> Weights:
    """The weights with their peaks."""
    return Weights(np.ascontiguousarray(by_hour), by_hour.max(axis=1, initial=0.0))


def points_below(gap: np.uint64, at: np.uint64, processes: Processes, weights: Weights) -> Points:
    """The points of each process whose mark lies below its rate x the weight of their hour, within the hours given.

    `gap` and `at` are the streams of marks and minutes; point k = 1, 2, .. of block b is drawn at address first + b *
    2**19 + k. By block, k and process. HembesokError beyond 2**19 - 1 points of one process in a block.
    """
    blocks = blocks_of(weights.by_hour.shape[1] * HOUR_MIN)
    with wrapping():
        parts = [points_of_block(gap, at, processes, weights, block) for block in range(blocks)]
    return parts[0] if len(parts) == 1 else joined(room(Points, 0), *parts)


def blocks_of(horizon_min: float) -> int:
    """How many blocks a run touches."""
    return math.ceil(horizon_min / BLOCK_MIN)


def points_of_block(gap: np.uint64, at: np.uint64, processes: Processes, weights: Weights, block: int) -> Points:
    """The points of one block."""
    first, rate = processes.first + block * BLOCKS, processes.rate[min(block, len(processes.rate) - 1)]
    most = expected_room(float(rate.sum() * weights.peak.max(initial=0.0)) * BLOCK_YEARS)
    while True:
        points = room(Points, most + 1)
        n = walk(gap, first, rate, processes.profile, weights.peak, points)
        if n < 0:
            who = f"more than {BLOCKS - 1} needs in a year of one patient or municipality"
            raise HembesokError(who + "; lower demand.scale or the rates")
        if n <= most:
            n = thin(at, rate, processes.profile, weights.by_hour, block * BLOCK_MIN, n, points)
            return rows_of(points, slice(n))
        most = n


def expected_room(mean: float) -> int:
    """Hardly ever too little: eight standard deviations above the mean."""
    return 64 + int(mean + 8.0 * math.sqrt(mean))


@compiled
def walk(gap: np.uint64, first: Ints, rate: Floats, profile: Ints, peak: Floats, points: Points) -> int:
    """Write the points below each rate x its peak, but for their minutes, as far as there is room for one more than
    they are; gives how many there are, or -1 if one process has too many.

    Layer by layer, the k-th point of all processes that had one before, so that the logarithms come many at a time.
    Rows that are not kept are written too and then written over, which is quicker than asking first.
    """
    n = 0
    last = len(points.mark) - 1
    many = len(rate)
    who, limit, unit, share = np.empty(many, dtype=np.int64), np.empty(many), np.empty(many), np.empty(many)
    alive = 0
    for process in range(many):
        limit[process] = rate[process] * peak[profile[process]]
        who[alive] = process
        unit[alive] = 0.0
        alive += 1 if limit[process] > 0.0 else 0
    for k in range(1, BLOCKS):
        for a in range(alive):
            share[a] = uniform_of(gap, first[who[a]] + k)
        for a in range(alive):
            unit[a] -= log(share[a])
        kept = 0
        for a in range(alive):
            process, total = who[a], unit[a]
            mark = np.divide(total, BLOCK_YEARS)
            row = min(n, last)
            points.process[row] = process
            points.address[row] = first[process] + k
            points.mark[row] = mark
            who[kept] = process
            unit[kept] = total
            more = 1 if mark < limit[process] else 0
            n += more
            kept += more
        alive = kept
        if alive == 0:
            return n
    return -1


@compiled
def thin(at: np.uint64, rate: Floats, profile: Ints, by_hour: Floats, begin: float, n: int, points: Points) -> int:
    """Draw the minutes of the first `n` points, of a block from minute `begin` on, and keep those that lie below the
    rate of their hour; gives how many are left."""
    end = by_hour.shape[1] * HOUR_MIN
    for i in range(n):
        points.minute[i] = on_grid(begin + BLOCK_MIN * uniform_of(at, points.address[i]))
    kept = 0
    for i in range(n):
        process, minute, mark = points.process[i], points.minute[i], points.mark[i]
        inside = minute < end
        weight = by_hour[profile[process], int(minute / HOUR_MIN) if inside else 0]
        points.process[kept] = process
        points.address[kept] = points.address[i]
        points.minute[kept] = minute
        points.mark[kept] = mark
        kept += 1 if inside and mark < rate[process] * weight else 0
    return kept
