"""Pools cut into teams by whose patients they see, and which teams are asked about a patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.roster import Roster
from sim.errors import OrganisationError
from sim.organisation import Area, Organisation, Pool, Sharing
from sim.text import Text
from sim.world.world import World

NEIGHBOURS = 2  # areas that help under Sharing.AGREEMENT

Ints = NDArray[np.int64]


class Team(NamedTuple):
    """A team of a pool that a request may be put to, and the extra minutes before it may."""

    team: int
    extra_min: float


@dataclass(frozen=True)
class Asked:
    """Which teams of one pool are asked about a request: by the patient's vårdcentral or by municipality."""

    by_vardcentral: bool
    teams: tuple[tuple[Team, ...], ...]  # by number of the vårdcentral or municipality; empty: nobody there

    def of(self, municipality: int, vardcentral: int) -> tuple[Team, ...]:
        """The teams, own one first."""
        if not self.by_vardcentral:
            return self.teams[municipality]
        return self.teams[vardcentral] if vardcentral >= 0 else ()


class Teams(NamedTuple):
    """The team of every physician-shift, how many teams there are, and of each pool those that are asked."""

    of_shift: Ints
    n: int
    asked: tuple[Asked, ...]


class Areas(NamedTuple):
    """A pool cut into teams: the team (from 0) of each of its shifts, the place of each team, and the own team (-1:
    none) and place of every municipality or vårdcentral."""

    of_shift: Ints
    nodes: list[int]
    own: list[int]
    keys: list[int]


def make_teams(organisation: Organisation, world: World, roster: Roster, sharing: Sharing, delay: float) -> Teams:
    """Cut every pool into teams, numbered on from pool to pool; `delay` minutes before neighbours help by agreement."""
    team = np.zeros(len(roster.start), dtype=np.int64)
    asked = []
    n = 0
    for p, pool in enumerate(organisation.pools):
        mine = np.flatnonzero(roster.pool == p)
        if pool.area is Area.EVERYBODY or sharing is Sharing.NETWORK:
            of_shift, reached = np.zeros(len(mine), dtype=np.int64), [[(0, 0.0)]] * len(world.municipalities)
        else:
            areas = cut(world, pool, roster.vardcentral[mine], roster.base[mine], organisation.name)
            of_shift, reached = areas.of_shift, reach(world, areas, delay if sharing is Sharing.AGREEMENT else None)
        team[mine] = n + of_shift
        by_vardcentral = pool.area is Area.LISTED and sharing is not Sharing.NETWORK
        asked.append(Asked(by_vardcentral, tuple(tuple(Team(n + t, extra) for t, extra in teams) for teams in reached)))
        last = max((t for teams in reached for t, _ in teams), default=-1)
        n += max(last, int(of_shift.max(initial=-1))) + 1  # a base may be nearest to nobody
    return Teams(team, n, tuple(asked))


def cut(world: World, pool: Pool, vardcentral: Ints, base: Ints, organisation: str) -> Areas:
    """The teams of a pool whose shifts are at these vårdcentraler (-1: none) and bases."""
    if pool.area is Area.LISTED:
        if (vardcentral < 0).any():
            raise OrganisationError(_NOT_LISTED.format(organisation=organisation, pool=pool.name))
        keys = [world.facilities[f].node for f in world.vardcentraler]
        present, of_shift, own = numbered(vardcentral, len(keys))
        return Areas(of_shift, [keys[v] for v in present], own, keys)
    keys = list(world.towns.main)
    if pool.area is Area.MUNICIPALITY:
        present, of_shift, own = numbered(world.node_municipality[base], len(keys))
        nodes = [keys[m] for m in present]
    else:
        nodes, of_shift, _ = numbered(base, len(world.node_name))
        own = [-1] * len(keys)
    nearest = [int(np.argmin(world.travel_min[nodes, key])) if nodes else -1 for key in keys]
    return Areas(of_shift, nodes, [near if mine < 0 else mine for mine, near in zip(own, nearest, strict=True)], keys)


def numbered(values: Ints, n: int) -> tuple[list[int], Ints, list[int]]:
    """Which of 0..n-1 are among the `values`, each value as its number among those, and that number of 0..n-1 (-1)."""
    here = np.bincount(values, minlength=n) > 0
    number = np.cumsum(here) - 1
    return np.flatnonzero(here).tolist(), number[values], np.where(here, number, -1).tolist()


def reach(world: World, areas: Areas, delay: float | None) -> list[list[tuple[int, float]]]:
    """For each municipality or vårdcentral the teams asked: the own one, then after `delay` the nearest others."""
    asked = []
    for key, own in zip(areas.keys, areas.own, strict=True):
        teams = [(own, 0.0)] if own >= 0 else []
        if delay is not None:
            nearest = np.argsort(world.travel_min[areas.nodes, key], kind="stable").tolist()
            teams += [(t, delay) for t in [t for t in nearest if t != own][:NEIGHBOURS]]
        asked.append(teams)
    return asked


_NOT_LISTED = Text(
    "{organisation}: poolen {pool!r} har listade patienter men ett pass som inte är vid en vårdcentral",
    "{organisation}: pool {pool!r} serves listed patients but has a post that is not at a vårdcentral",
)
