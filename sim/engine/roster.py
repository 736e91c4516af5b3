"""From posts to rostered physician-shifts: which days, from where, and which person.

Hours are counted over the whole calendar, so holidays are in them. `Filled` and `HomeVisitWindows` share what is
left of the weekly physician-hours, which makes organisations equal in hours by construction.
"""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import FACILITY_KINDS
from sim.errors import OrganisationError
from sim.organisation import (
    Base,
    Days,
    EachFacility,
    EachMunicipality,
    EachVardcentral,
    Filled,
    HomeVisitWindows,
    Hub,
    Organisation,
    Post,
    Shift,
)
from sim.world.world import World

DAY_MIN = 1440
REST_MIN = 11 * 60  # daily rest, Working Hours Act (1982:673) 13 §
WEEK_LIMIT_MIN = 45 * 60  # seven days: 40 ordinary hours (Working Hours Act 5 §) and meal breaks; overtime on top
ROUND_TO_MIN = 5  # rosters are made in five-minute steps
SHORTEST_WINDOW_MIN = 150  # a window for home visits shorter than this holds neither a round nor two visits
LONGEST_WINDOW_MIN = 540
OFFICE_OPENS_MIN = 8 * 60
OFFICE_CLOSES_MIN = 17 * 60


class Duty(NamedTuple):
    """One line of one post: its base and every shift it is rostered for, in minutes from the start."""

    pool: int
    base: int
    vardcentral: int  # number, -1
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    stand_by: int = -1  # node, -1: the base


@dataclass(frozen=True)
class Roster:
    """S physician-shifts sorted by (physician, start); the position is the tie order. Times in minutes."""

    pool: NDArray[np.int64]
    base: NDArray[np.int64]
    vardcentral: NDArray[np.int64]
    physician: NDArray[np.int64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    stand_by: NDArray[np.int64]  # node, -1: the base


def main_town(world: World, municipality: int) -> int:
    """The place of a municipality with the least travel from its people aged 80 and over (1-median)."""
    nodes = np.flatnonzero(world.node_municipality == municipality)
    weight = world.population[nodes, 3]
    return int(nodes[np.argmin(weight @ world.travel_min[np.ix_(nodes, nodes)])])


def hubs(world: World, of: int) -> tuple[int, ...]:
    """The `of` main towns with the least total travel to everybody aged 80 and over (exact p-median), by
    municipality."""
    towns = [main_town(world, m) for m in range(len(world.municipalities))]
    if not 1 <= of <= len(towns):
        raise OrganisationError(
            f"{of} hubs asked for in a region of {len(towns)} municipalities: choose 1 to {len(towns)}"
        )
    weight = world.population[:, 3]
    best = min(
        itertools.combinations(towns, of), key=lambda some: float(weight @ world.travel_min[list(some)].min(axis=0))
    )
    return best


def base_nodes(world: World, base: Base, owner: str) -> list[tuple[int, int]]:
    """(node, number of the vårdcentral or -1) of every place that `base` means."""
    match base:
        case Hub(number, of):
            if not 0 <= number < of:
                raise OrganisationError(f"{owner}: hub {number} of {of}: number the hubs 0 to {of - 1}")
            return [(hubs(world, of)[number], -1)]
        case EachMunicipality():
            return [(main_town(world, m), -1) for m in range(len(world.municipalities))]
        case EachVardcentral():
            return [(world.facilities[f].node, v) for v, f in enumerate(world.vardcentraler)]
        case EachFacility(kind):
            if kind not in FACILITY_KINDS:
                raise OrganisationError(f"{owner}: {kind!r} is no kind of facility: {', '.join(FACILITY_KINDS)}")
            return [(f.node, -1) for f in world.facilities if f.kind == kind]
        case str():
            return [named_base(world, base, owner)]


def named_base(world: World, name: str, owner: str) -> tuple[int, int]:
    """The node of a municipality (its main town), a place or a facility, found by name in that order."""
    for m, municipality in enumerate(world.municipalities):
        if municipality.name == name:
            return main_town(world, m), -1
    if name in world.node_name:
        return world.node_name.index(name), -1
    for f, facility in enumerate(world.facilities):
        if facility.name == name:
            return facility.node, world.vardcentraler.index(f) if f in world.vardcentraler else -1
    known = ", ".join(m.name for m in world.municipalities)
    raise OrganisationError(f"{owner}: no municipality, place or facility is called {name!r}; municipalities: {known}")


def without_closed(roster: Roster, world: World, closed: Sequence[str], owner: str) -> Roster:
    """The roster with nobody based in a closed place (names as for `named_base`): whoever is based there works from the
    nearest main town of a municipality that is open. Bases at a vårdcentral stay.

    Only the base moves: which team a shift belongs to is settled before, so its patients keep it. OrganisationError for
    a name that does not exist, or if no main town is left open.
    """
    if not closed:
        return roster
    owner = f"{owner}: organisation.closed_bases"
    nodes = {closed_node(world, name, owner) for name in closed}
    towns = [main_town(world, m) for m in range(len(world.municipalities))]
    left = [town for town in towns if town not in nodes]
    if not left:
        raise OrganisationError(f"{owner}: the main town of every municipality is closed: leave at least one open")
    base = roster.base.copy()
    for node in nodes:
        nearest = left[int(np.argmin(world.travel_min[node, left]))]
        base[(roster.base == node) & (roster.vardcentral < 0)] = nearest
    return replace(roster, base=base)


def closed_node(world: World, name: str, owner: str) -> int:
    """The node of a base to be closed; the error for an unknown name has the nearest one."""
    try:
        return named_base(world, name, owner)[0]
    except OrganisationError as error:
        known = [m.name for m in world.municipalities] + [*world.node_name] + [f.name for f in world.facilities]
        near = difflib.get_close_matches(name, known, n=1)
        raise OrganisationError(f"{error}; did you mean {near[0]}?" if near else str(error)) from None


def days_of(world: World, days: Days) -> NDArray[np.int64]:
    """Day numbers on which a shift with these days starts."""
    calendar = world.calendar
    chosen = np.isin(calendar.weekday, days.weekdays)
    if days.office is not None:
        chosen &= calendar.office == days.office
    return np.flatnonzero(chosen)


def horizon(world: World) -> int:
    """Minutes from the first to the last day of the calendar."""
    return len(world.calendar.weekday) * DAY_MIN


def post_duties(world: World, pool: int, post: Post, owner: str) -> list[Duty]:
    """Every line of a post with its shifts."""
    if post.lines < 0:
        raise OrganisationError(f"{owner}: {post.lines} lines: a post has 0 or more")
    if isinstance(post.shifts, str):
        starts, ends = np.array([0]), np.array([horizon(world)])
    else:
        starts = np.concatenate([days_of(world, s.days) * DAY_MIN + s.start_min for s in post.shifts])
        ends = np.concatenate([days_of(world, s.days) * DAY_MIN + s.start_min + s.length_min for s in post.shifts])
    order = np.argsort(starts, kind="stable")
    waits = -1 if post.stand_by is None else base_nodes(world, post.stand_by, owner)[0][0]
    return [
        Duty(pool, node, vardcentral, starts[order], ends[order], waits)
        for node, vardcentral in base_nodes(world, post.base, owner)
        for _ in range(post.lines)
    ]


def filled_duties(world: World, pool: int, filled: Filled, minutes: float, owner: str) -> list[Duty]:
    """Lines of one shift that use up `minutes` of duty over the calendar, spread evenly over the bases."""
    bases = [pair for base in filled.bases for pair in base_nodes(world, base, owner)]
    days = days_of(world, filled.shift.days)
    start, length = filled.shift.start_min, filled.shift.length_min
    if len(days) == 0:  # a short calendar without such days
        return []
    lines = minutes / (length * len(days))
    lengths = [length] * int(lines)
    part = ROUND_TO_MIN * round((lines - int(lines)) * length / ROUND_TO_MIN)
    if part:
        lengths.append(part)
    starts = days * DAY_MIN + start
    return [Duty(pool, *bases[i % len(bases)], starts, starts + long) for i, long in enumerate(lengths)]


def beside_posts(
    world: World, pool: int, duties: list[Duty], minutes: float, work: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights (V,) for sharing `minutes` of windows so that the office-hours duty of each municipality, posts of the
    same pool and windows together, follows the expected `work` (V,) there."""
    posts = np.zeros(len(world.municipalities))
    for duty in duties:
        clock = duty.starts % DAY_MIN
        office = (
            world.calendar.office[duty.starts // DAY_MIN] & (clock >= OFFICE_OPENS_MIN) & (clock < OFFICE_CLOSES_MIN)
        )
        if duty.pool == pool:
            posts[world.node_municipality[duty.base]] += (duty.ends - duty.starts)[office].sum()
    at = np.array([world.facilities[f].municipality for f in world.vardcentraler])
    of = np.bincount(at, weights=work, minlength=len(posts))
    wanted = np.maximum((minutes + posts.sum()) * of / of.sum() - posts, 0.0)
    weights: NDArray[np.float64] = work / np.where(of > 0, of, 1.0)[at] * wanted[at]
    return weights


def window_minutes(work: NDArray[np.float64], minutes: float, most: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share `minutes` in proportion to `work`, nobody below the shortest window in all or above `most`. If there is too
    little for such windows everywhere all are alike and have less: equal hours between organisations go first."""
    share = minutes * work / work.sum()
    least = min(SHORTEST_WINDOW_MIN, minutes / len(work))
    for _ in range(50):
        share = np.clip(share, np.minimum(least, most), most)
        free = (share > least) & (share < most)
        left = minutes - share.sum()
        if abs(left) < 1.0 or not free.any():
            break
        share[free] += left * work[free] / work[free].sum()
    return np.asarray(share, dtype=np.float64)


def window_duties(
    world: World, pool: int, windows: HomeVisitWindows, minutes: float, work: NDArray[np.float64]
) -> list[Duty]:
    """Home-visit windows at every vårdcentral that use up `minutes` of duty over the calendar in proportion to
    `work`. One that has too little for the shortest window every week has it every second week, or third."""
    weeks = len(world.calendar.weekday) / 7
    homes = [0] * len(world.vardcentraler)
    for facility in world.facilities:
        if facility.round_weekday >= 0 and facility.vardcentral >= 0:
            homes[facility.vardcentral] += 1
    most = np.full(len(work), 5.0 * LONGEST_WINDOW_MIN)
    weekly = window_minutes(work, minutes / weeks, most)
    first = Shift(Days(), windows.start, windows.start).start_min
    duties = []
    for v, f in enumerate(world.vardcentraler):
        wanted = max(round(weekly[v] / windows.usual_length_min), min(homes[v], int(weekly[v] / SHORTEST_WINDOW_MIN)))
        count = min(max(wanted, 1), 5)
        days = days_of(world, Days(tuple((v + 2 * j) % 5 for j in range(count)), office=True))
        if len(days) == 0:  # a short calendar with holidays on all of them
            continue
        if weekly[v] < SHORTEST_WINDOW_MIN - ROUND_TO_MIN:
            every = min(ceil(SHORTEST_WINDOW_MIN / weekly[v]), len(days))
            days = days[v % every :: every]
        length = ROUND_TO_MIN * round(weekly[v] * weeks / len(days) / ROUND_TO_MIN)
        length = min(max(length, ROUND_TO_MIN), LONGEST_WINDOW_MIN)
        starts = days * DAY_MIN + min(first, OFFICE_CLOSES_MIN - length)
        duties.append(Duty(pool, world.facilities[f].node, v, starts, starts + length))
    return duties


def all_duties(
    organisation: Organisation, world: World, hours_per_week: float, work: Callable[[], NDArray[np.float64]]
) -> list[Duty]:
    """Every line of an organisation. The staffing that fills takes what the rest leaves of `hours_per_week`; `work`
    gives (V,) the expected planned work of each vårdcentral, and is called only if there are windows to size.

    Raises OrganisationError when the fixed posts alone need more than the hours, or two parts want to fill.
    """
    duties: list[Duty] = []
    fillers: list[tuple[int, Filled | HomeVisitWindows, str]] = []
    for p, pool in enumerate(organisation.pools):
        owner = f"{organisation.name}: pool {pool.name!r}"
        for staffing in pool.staffing:
            if isinstance(staffing, Post):
                duties += post_duties(world, p, staffing, owner)
            else:
                fillers.append((p, staffing, owner))
                if pool.rest_h:
                    raise OrganisationError(
                        f"{owner}: paid rest after shifts is for posts; staffing that fills up the hours cannot have it"
                    )
    if len(fillers) > 1:
        raise OrganisationError(
            f"{organisation.name}: only one part of an organisation can take the hours that are left"
        )
    for p, filler, owner in fillers:
        fixed = sum(paid_minutes(d, organisation) for d in duties)
        left = hours_per_week * 60 * horizon(world) / (7 * DAY_MIN) - fixed
        if left <= 0:
            fixed_h = fixed / 60 / (horizon(world) / (7 * DAY_MIN))
            raise OrganisationError(
                f"{owner}: the fixed posts of {organisation.name} take {fixed_h:.0f} physician-hours a week and "
                f"staffing.hours_per_week is {hours_per_week:g}: raise it or cut the posts"
            )
        if isinstance(filler, Filled):
            duties += filled_duties(world, p, filler, left, owner)
        else:
            duties += window_duties(world, p, filler, left, beside_posts(world, p, duties, left, work()))
    return duties


def paid_minutes(duty: Duty, organisation: Organisation) -> float:
    """Minutes on duty and of the rest that follows every shift."""
    rest = 60.0 * organisation.pools[duty.pool].rest_h * len(duty.starts)
    return float((duty.ends - duty.starts).sum()) + rest


def people(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> list[int]:
    """Who (0, 1, ...) works each shift of a line: the first person who has rested 11 hours and stays within 40 hours in
    the seven days up to the end of the shift; a new person if nobody can."""
    worked: list[list[tuple[int, int]]] = []
    who = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        for person, shifts in enumerate(worked):  # noqa: B007 - the person found is used below
            recent = sum(b - max(a, end - 7 * DAY_MIN) for a, b in shifts if b > end - 7 * DAY_MIN)
            if start - shifts[-1][1] >= REST_MIN and recent + end - start <= WEEK_LIMIT_MIN:
                break
        else:
            person = len(worked)
            worked.append([])
        worked[person] = [*worked[person][-14:], (start, end)]
        who.append(person)
    return who


def make_roster(duties: list[Duty], world: World) -> Roster:
    """Number the people line by line and sort their shifts."""
    last = horizon(world)
    rows: list[tuple[int, ...]] = []
    nobody = 0
    for duty in duties:
        inside = duty.starts < last
        starts, ends = duty.starts[inside], duty.ends[inside]
        who = people(starts, ends)
        rows += [
            (nobody + person, start, end, duty.pool, duty.base, duty.vardcentral, duty.stand_by)
            for person, start, end in zip(who, starts.tolist(), ends.tolist(), strict=True)
        ]
        nobody += max(who, default=-1) + 1
    table = np.array(sorted(rows), dtype=np.int64).reshape(-1, 7)
    return Roster(
        pool=table[:, 3],
        base=table[:, 4],
        vardcentral=table[:, 5],
        physician=table[:, 0],
        start=table[:, 1].astype(np.float64),
        end=table[:, 2].astype(np.float64),
        stand_by=table[:, 6],
    )
