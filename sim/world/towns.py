"""The main towns of a region's municipalities, and those that together lie nearest to the old."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.codes import AGE_GROUPS

if TYPE_CHECKING:
    from sim.world.world import World

OLDEST = len(AGE_GROUPS) - 1  # 80 and over


@dataclass(frozen=True)
class Towns:
    """`main` (M): of each municipality the place with the least travel from its people aged 80 and over (1-median);
    `minutes` (M, N) from each to every place; `weight` (N,) the people aged 80 and over."""

    main: tuple[int, ...]
    minutes: NDArray[np.float64]
    weight: NDArray[np.float64]
    _found: dict[int, tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)

    def hubs(self, of: int) -> tuple[int, ...]:
        """The `of` (1 to M) main towns with the least total travel to everybody aged 80 and over (exact p-median), by
        municipality."""
        if of not in self._found:
            best = min(itertools.combinations(range(len(self.main)), of), key=self._travel)
            self._found[of] = tuple(self.main[m] for m in best)
        return self._found[of]

    def _travel(self, some: tuple[int, ...]) -> float:
        """Minutes from everybody to the nearest of some of the towns."""
        return float(self.weight @ self.minutes[list(some)].min(axis=0))


def towns_of(world: World) -> Towns:
    """Of every municipality of the world."""
    main = tuple(_main_town(world, m) for m in range(len(world.municipalities)))
    return Towns(main, world.travel_min[list(main)], world.population[:, OLDEST])


def _main_town(world: World, municipality: int) -> int:
    nodes = np.flatnonzero(world.node_municipality == municipality)
    weight = world.population[nodes, OLDEST]
    return int(nodes[np.argmin(weight @ world.travel_min[np.ix_(nodes, nodes)])])
