"""Which teams a request is put to: requests alike in route, municipality and vårdcentral share a list of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.columns import Floats, Ints
from sim.engine.tables import Tables
from sim.engine.teams import Asked
from sim.world.world import World


class Kinds(NamedTuple):
    """The teams to ask about a request of kind c are entries `first[list_of[c]]` to `first[list_of[c] + 1]`; -1 where
    no list has been made. No list is longer than `longest`."""

    list_of: Ints
    first: Ints
    team: Ints
    after_min: Floats
    taken_over: Ints
    longest: int


def usual_kinds(world: World, tables: Tables) -> Ints:
    """The kinds that people of this world can make: every route, for each municipality with the vårdcentraler where
    its people and homes are listed, and with none. In order of number."""
    nodes, listed = np.nonzero(world.listing > 0)
    homes = np.array([(f.municipality, f.vardcentral) for f in world.facilities], dtype=np.int64).reshape(-1, 2)
    whole = np.arange(len(world.municipalities))
    municipality = np.concatenate([whole, world.node_municipality[nodes], homes[:, 0]])
    vardcentral = np.concatenate([np.full(len(whole), -1), listed, homes[:, 1]])
    kinds = [kind_number(tables, route, municipality, vardcentral) for route in range(len(tables.route_steps))]
    return np.unique(np.concatenate(kinds))


def kind_number(tables: Tables, route: Ints | int, municipality: Ints, vardcentral: Ints) -> Ints:
    """The numbers of kinds of request: of a route one for each pair of municipality and vårdcentral (-1: none)."""
    n_municipalities: int = tables.route_of.shape[3]
    found: Ints = (route * n_municipalities + municipality) * (len(tables.named) + 1) + vardcentral + 1
    return found


def no_kinds(tables: Tables) -> Kinds:
    """No list made yet."""
    n = len(tables.route_steps) * tables.route_of.shape[3] * (len(tables.named) + 1)
    nothing = np.empty(0, dtype=np.int64)
    return Kinds(np.full(n, -1, dtype=np.int64), np.zeros(1, dtype=np.int64), nothing, np.empty(0), nothing, 0)


def with_lists(tables: Tables, kinds: Kinds, numbers: Ints) -> Kinds:
    """`kinds` and the lists of some more, given in order of number."""
    route, rest = np.divmod(numbers, tables.route_of.shape[3] * (len(tables.named) + 1))
    municipality, vardcentral = np.divmod(rest, len(tables.named) + 1)
    reach = [reach_of(asked) for asked in tables.asked]
    lists = [
        teams_asked(tables, reach, i, municipality[route == i], vardcentral[route == i] - 1)
        for i in range(len(tables.route_steps))
    ]
    list_of = kinds.list_of.copy()
    list_of[numbers] = len(kinds.first) - 1 + np.arange(len(numbers))
    lengths = np.concatenate([part.lengths for part in lists])
    return Kinds(
        list_of,
        np.concatenate([kinds.first, kinds.first[-1] + np.cumsum(lengths)]),
        np.concatenate([kinds.team, *(part.team for part in lists)]),
        np.concatenate([kinds.after_min, *(part.after_min for part in lists)]),
        np.concatenate([kinds.taken_over, *(part.taken_over for part in lists)]),
        max(kinds.longest, int(lengths.max(initial=0))),
    )


class Reach(NamedTuple):
    """The teams of one pool as arrays, a row for each municipality or vårdcentral and one more for none: teams (-1:
    no more), and the minutes until they may be asked."""

    by_vardcentral: bool
    team: Ints
    extra_min: Floats


def reach_of(asked: Asked) -> Reach:
    """The same as rows of one length."""
    rows_of = (*asked.teams, ())
    longest = max(len(teams) for teams in rows_of)
    team, extra = np.full((len(rows_of), longest), -1, dtype=np.int64), np.zeros((len(rows_of), longest))
    for row, teams in enumerate(rows_of):
        for place, (number, minutes) in enumerate(teams):
            team[row, place], extra[row, place] = number, minutes
    return Reach(asked.by_vardcentral, team, extra)


class Lists(NamedTuple):
    """Lists of teams, one after the other, and how long each is."""

    lengths: Ints
    team: Ints
    after_min: Floats
    taken_over: Ints


def teams_asked(tables: Tables, reach: list[Reach], route: int, municipality: Ints, vardcentral: Ints) -> Lists:
    """For each pair of municipality and vårdcentral (-1: none) the teams that a route leads to, soonest first; those
    asked at once stand in the order of the route. A pool that a route names twice counts from the sooner time. One of
    which nobody is asked before another is takes over from it, and needs the minutes of the hand-over more."""
    soonest: dict[int, float] = {}
    for turn in tables.route_steps[route]:
        soonest.setdefault(turn.pool, turn.after_min)
    rows_of = {pool: vardcentral if reach[pool].by_vardcentral else municipality for pool in soonest}
    teams = [reach[pool].team[rows_of[pool]] for pool in soonest]
    times = [
        np.where(of >= 0, minutes + reach[pool].extra_min[rows_of[pool]], np.inf)
        for of, (pool, minutes) in zip(teams, soonest.items(), strict=True)
    ]
    of_pool = [at.min(axis=1, initial=np.inf) for at in times]
    first = np.min(of_pool, axis=0)
    team = np.hstack(teams)
    later = np.hstack([np.broadcast_to((at > first)[:, None], of.shape) for of, at in zip(teams, of_pool, strict=True)])
    after = np.hstack(times) + np.where(later, tables.route_hand_over_min[route], 0.0)
    order = np.argsort(after, axis=1, kind="stable")
    team, after, later = (np.take_along_axis(table, order, 1) for table in (team, after, later))
    there = team >= 0
    return Lists(there.sum(axis=1), team[there], after[there], later[there].astype(np.int64))
