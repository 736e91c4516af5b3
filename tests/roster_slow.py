"""Rosters, teams and lists of teams once more in the plainest way, one shift and one request at a time: slow twins of
what `sim.engine` does with arrays and compiled loops."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from sim.codes import DAG
from sim.engine.posts import Duty
from sim.engine.roster import Roster
from sim.engine.tables import Tables
from sim.organisation import Area, Days, Organisation, Pool, Sharing
from sim.world.world import World

DAY = 1440
WEEK = 7 * DAY


def days_of(world: World, days: Days) -> list[int]:
    """Day numbers on which a shift with these days starts."""
    calendar = zip(world.calendar.weekday.tolist(), world.calendar.office.tolist(), strict=True)
    return [
        day
        for day, (weekday, office) in enumerate(calendar)
        if weekday in days.weekdays and (days.office is None or days.office == office)
    ]


def main_town(world: World, municipality: int) -> int:
    """The place with the least travel from the people aged 80 and over of a municipality."""
    nodes = np.flatnonzero(world.node_municipality == municipality)
    weight = world.population[nodes, 3]
    return int(nodes[np.argmin(weight @ world.travel_min[np.ix_(nodes, nodes)])])


def hubs(world: World, of: int) -> tuple[int, ...]:
    """The `of` main towns with the least total travel to everybody aged 80 and over."""
    towns = [main_town(world, m) for m in range(len(world.municipalities))]
    weight = world.population[:, 3]
    return min(
        itertools.combinations(towns, of), key=lambda some: float(weight @ world.travel_min[list(some)].min(axis=0))
    )


def people(starts: Iterable[int], ends: Iterable[int]) -> list[int]:
    """Who (0, 1, ...) works each shift of one line: the first who has rested 11 hours and stays within 45 hours in the
    seven days up to the end of the shift; a new person if nobody can."""
    worked: list[list[tuple[int, int]]] = []
    who = []
    for start, end in zip(starts, ends, strict=True):
        for person, shifts in enumerate(worked):  # noqa: B007 - the person found is used below
            recent = sum(b - max(a, end - WEEK) for a, b in shifts if b > end - WEEK)
            if start - shifts[-1][1] >= 11 * 60 and recent + end - start <= 45 * 60:
                break
        else:
            person = len(worked)
            worked.append([])
        worked[person].append((start, end))
        who.append(person)
    return who


def make_roster(duties: list[Duty], world: World) -> Roster:
    """The people numbered line by line and their shifts sorted, a row at a time."""
    last = len(world.calendar.weekday) * DAY
    rows: list[tuple[int, ...]] = []
    nobody = 0
    for duty in duties:
        shifts = [(a, b) for a, b in zip(duty.starts.tolist(), duty.ends.tolist(), strict=True) if a < last]
        who = people([a for a, _ in shifts], [b for _, b in shifts])
        rows += [
            (nobody + person, start, end, duty.pool, duty.base, duty.vardcentral, duty.stand_by)
            for person, (start, end) in zip(who, shifts, strict=True)
        ]
        nobody += max(who, default=-1) + 1
    physician, start, end, pool, base, vardcentral, stand_by = np.array(sorted(rows), dtype=np.int64).reshape(-1, 7).T
    return Roster(pool, base, vardcentral, physician, start.astype(float), end.astype(float), stand_by)


class PoolTeams(NamedTuple):
    """The team (from 0) of each shift of a pool, and of each municipality or vårdcentral the teams asked."""

    of_shift: list[int]
    asked: list[list[tuple[int, float]]]


def pool_teams(world: World, pool: Pool, sharing: Sharing, delay: float, roster: Roster, p: int) -> PoolTeams:
    """One pool cut into teams."""
    mine = np.flatnonzero(roster.pool == p).tolist()
    towns = [main_town(world, m) for m in range(len(world.municipalities))]
    if pool.area is Area.EVERYBODY or sharing is Sharing.NETWORK:
        return PoolTeams([0] * len(mine), [[(0, 0.0)]] * len(towns))
    if pool.area is Area.LISTED:
        keys = [world.facilities[f].node for f in world.vardcentraler]
        mark = [int(roster.vardcentral[u]) for u in mine]
    elif pool.area is Area.MUNICIPALITY:
        keys, mark = towns, [int(world.node_municipality[roster.base[u]]) for u in mine]
    else:
        keys, mark = towns, [int(roster.base[u]) for u in mine]
    teams = sorted(set(mark))
    nodes = teams if pool.area is Area.NEAREST_BASE else [keys[mark] for mark in teams]
    asked = []
    for number, key in enumerate(keys):
        nearest = sorted(range(len(nodes)), key=lambda t: (world.travel_min[nodes[t], key], t))
        own = [teams.index(number)] if pool.area is not Area.NEAREST_BASE and number in teams else []
        own = own or ([] if pool.area is Area.LISTED else nearest[:1])
        others = [t for t in nearest if t not in own][:2] if sharing is Sharing.AGREEMENT else []
        asked.append([(t, 0.0) for t in own] + [(t, delay) for t in others])
    return PoolTeams([teams.index(m) for m in mark], asked)


class AllTeams(NamedTuple):
    """Of every pool together: the team of each shift, the teams asked of each pool, and how many there are."""

    of_shift: list[int]
    asked: list[list[list[tuple[int, float]]]]
    n: int


def all_teams(organisation: Organisation, world: World, sharing: Sharing, delay: float, roster: Roster) -> AllTeams:
    """Numbered on from pool to pool."""
    of_shift, asked, n = [-1] * len(roster.start), [], 0
    for p, pool in enumerate(organisation.pools):
        teams = pool_teams(world, pool, sharing, delay, roster, p)
        for u, team in zip(np.flatnonzero(roster.pool == p).tolist(), teams.of_shift, strict=True):
            of_shift[u] = n + team
        asked.append([[(n + t, extra) for t, extra in some] for some in teams.asked])
        n += max([t for some in teams.asked for t, _ in some] + teams.of_shift, default=-1) + 1
    return AllTeams(of_shift, asked, n)


class Asking(NamedTuple):
    """A team in the order of asking, its pool, the minutes until it is asked, and whether it then takes over from
    another pool."""

    team: int
    pool: int
    after_min: float
    takes_over: bool


def teams_asked(tables: Tables, route: int, municipality: int, vardcentral: int) -> list[Asking]:
    """Each team once, at the earliest minute that any step of the route gives it, soonest first. A pool takes over if
    another has somebody there who is asked before all of its own."""
    soonest: dict[int, dict[int, float]] = {}
    for step in tables.route_steps[route]:
        of_pool = soonest.setdefault(step.pool, {})
        for team, extra in tables.asked[step.pool].of(municipality, vardcentral):
            of_pool[team] = min(of_pool.get(team, np.inf), step.after_min + extra)
    first = min((at for of_pool in soonest.values() for at in of_pool.values()), default=np.inf)
    turns = []
    for pool, of_pool in soonest.items():
        takes_over = min(of_pool.values(), default=np.inf) > first
        hand_over = float(tables.route_hand_over_min[route]) if takes_over else 0.0
        turns += [Asking(team, pool, at + hand_over, takes_over) for team, at in of_pool.items()]
    return sorted(turns, key=lambda turn: turn.after_min)


def usual_kinds(world: World, tables: Tables) -> list[tuple[int, int, int]]:
    """(route, municipality, vårdcentral or -1) of every kind that people of this world can make."""
    pairs = {(m, -1) for m in range(len(world.municipalities))}
    for node in range(len(world.node_name)):
        for v in range(len(world.vardcentraler)):
            if world.listing[node, v] > 0:
                pairs.add((int(world.node_municipality[node]), v))
    pairs |= {(facility.municipality, facility.vardcentral) for facility in world.facilities}
    return [(route, m, v) for route in range(len(tables.route_steps)) for m, v in sorted(pairs)]


def office_days(world: World) -> list[tuple[float, float]]:
    """(begins, ends) of every stretch of office hours, in minutes."""
    stretches: list[tuple[float, float]] = []
    for hour, window in enumerate(world.calendar.window.tolist()):
        if window == DAG:
            joined = bool(stretches) and stretches[-1][1] == 60.0 * hour
            begins = stretches.pop()[0] if joined else 60.0 * hour
            stretches.append((begins, 60.0 * hour + 60.0))
    return stretches


def planning(tables: Tables, world: World) -> list[tuple[float, int]]:
    """(minute, team) of every plan: a physician comes on duty within office hours, or is on duty when they begin."""
    found = set()
    for begins, ends in office_days(world):
        for start, end, team in zip(tables.roster.start, tables.roster.end, tables.team, strict=True):
            if max(start, begins) < min(end, ends):
                found.add((float(max(start, begins)), int(team)))
    return sorted(found)


def most_on_duty(tables: Tables) -> int:
    """The most physicians of one team that are rostered at the same time."""
    roster, most = tables.roster, 0
    for start, team in zip(roster.start, tables.team, strict=True):
        most = max(most, int(((tables.team == team) & (roster.start <= start) & (start < roster.end)).sum()))
    return most
