"""What no tape changes of an organisation's runs, laid out once for a world; `running.py` makes a run of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from sim.codes import CLASSES, DAG, GROUPS, PLANNED
from sim.engine.posts import DAY_MIN
from sim.engine.rows import blank_row, rows
from sim.engine.state import (
    ACUTE_LEVELS,
    PLANNED_LEVEL,
    Agenda,
    CourseRow,
    PlaceRow,
    PlannerRow,
    QueueRow,
    RequestRow,
    ShiftRow,
    StepRow,
    TeamRow,
)
from sim.engine.tables import Tables
from sim.engine.teams import Asked
from sim.memory import keep_freed_memory
from sim.world.world import World

LEVELS_OF: Final = {"A1": 0, "A2": 1, "PAL": 1, "A3": 2, "ADM": 3} | dict.fromkeys(PLANNED, PLANNED_LEVEL)
LEVEL_OF_CLASS: Final = np.array([LEVELS_OF[c] for c in CLASSES], dtype=np.int64)

G6: Final = GROUPS.index("G6")
G7: Final = GROUPS.index("G7")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Lookup(NamedTuple):
    """What decides how a request is treated: `route` (groups * classes * windows * municipalities,) and its triage,
    `window` of every hour, `level` of every class, and the physicians based at each vårdcentral: entries
    `named_first[v]` to `named_first[v + 1]` of `named`."""

    route: Ints
    window: Ints
    level: Ints
    triage_min: Floats
    hand_over_min: Floats
    call_plan_min: float
    n_nodes: int
    n_classes: int
    n_windows: int
    n_municipalities: int
    n_vardcentraler: int
    named_first: Ints
    named: Ints


class Kinds(NamedTuple):
    """Requests alike in route, municipality and vårdcentral are of one kind and share a list of teams to ask: that of
    kind c is entries `first[list_of[c]]` to `first[list_of[c] + 1]`; -1 where no list has been made."""

    list_of: Ints
    first: Ints
    team: Ints
    after_min: Floats
    taken_over: Ints


class Blank(NamedTuple):
    """One row of each kind with the defaults."""

    request: NDArray[Any]
    course: NDArray[Any]
    step: NDArray[Any]
    place: NDArray[Any]


@dataclass(frozen=True)
class Prepared:
    """All of a run that no tape changes. `shifts`, `teams`, `queues` and `planners` are copied for every run, the
    others shared. The agenda is yet without arrivals."""

    tables: Tables
    lookup: Lookup
    kinds: Kinds
    travel_min: Floats
    travel_km: Floats
    day_end: Floats
    day_starts: Floats
    agenda: Agenda
    shifts: NDArray[Any]
    teams: NDArray[Any]
    queues: NDArray[Any]
    planners: NDArray[Any]
    blank: Blank


def prepare(world: World, tables: Tables) -> Prepared:
    """Lay out what no tape changes."""
    keep_freed_memory()
    roster = tables.roster
    day_end, day_starts = office_hours(world)
    plan_times, plan_teams = planning(tables, roster.start, roster.end, tables.team, day_end, day_starts)
    return Prepared(
        tables=tables,
        lookup=make_lookup(world, tables),
        kinds=with_lists(tables, no_kinds(tables), usual_kinds(world, tables)),
        travel_min=np.ascontiguousarray(world.travel_min).ravel(),
        travel_km=np.ascontiguousarray(world.travel_km).ravel(),
        day_end=day_end,
        day_starts=day_starts,
        agenda=Agenda(
            starts=cast(Any, np.argsort(roster.start, kind="stable")),
            plan_times=cast(Any, plan_times),
            plan_teams=cast(Any, plan_teams),
            ordered=[],
            arrivals=[],
            n_breaks=int(np.ceil((roster.end - roster.start) / tables.break_every).sum()),
        ),
        shifts=rows(
            ShiftRow,
            len(roster.start),
            start=roster.start,
            end=roster.end,
            latest=tables.latest,
            team=tables.team,
            physician=roster.physician,
            vardcentral=roster.vardcentral,
            base=roster.base,
            stand_by=np.where(roster.stand_by == roster.base, -1, roster.stand_by),  # who waits at base goes nowhere
            between=tables.between,
            break_every=tables.break_every,
            break_min=tables.break_min,
            block_min=tables.block_min,
            planned_left=tables.planned_min,
        ),
        teams=rows(TeamRow, tables.n_teams, reserve=tables.reserve),
        queues=rows(QueueRow, tables.n_teams * (ACUTE_LEVELS + days_of(day_end))),
        planners=rows(PlannerRow, most_on_duty(tables)),
        blank=Blank(*(blank_row(kind) for kind in (RequestRow, CourseRow, StepRow, PlaceRow))),
    )


def make_lookup(world: World, tables: Tables) -> Lookup:
    """Routes, windows and the named physicians as flat tables."""
    _, n_classes, n_windows, n_municipalities = tables.route_of.shape
    return Lookup(
        route=np.ascontiguousarray(tables.route_of).ravel(),
        window=np.ascontiguousarray(world.calendar.window),
        level=LEVEL_OF_CLASS,
        triage_min=tables.route_triage_min.astype(np.float64),
        hand_over_min=tables.route_hand_over_min,
        call_plan_min=tables.call_plan_min,
        n_nodes=len(world.node_name),
        n_classes=n_classes,
        n_windows=n_windows,
        n_municipalities=n_municipalities,
        n_vardcentraler=len(tables.named),
        named_first=np.cumsum(np.array([0, *(len(people) for people in tables.named)], dtype=np.int64)),
        named=np.concatenate([np.empty(0, dtype=np.int64), *tables.named]),
    )


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


def kind_number(tables: Tables, route: int, municipality: Ints, vardcentral: Ints) -> Ints:
    """The numbers of kinds of request, of one route."""
    n_municipalities: int = tables.route_of.shape[3]
    return (route * n_municipalities + municipality) * (len(tables.named) + 1) + vardcentral + 1


def no_kinds(tables: Tables) -> Kinds:
    """No list made yet."""
    n = len(tables.route_steps) * tables.route_of.shape[3] * (len(tables.named) + 1)
    nothing = np.empty(0, dtype=np.int64)
    return Kinds(np.full(n, -1, dtype=np.int64), np.zeros(1, dtype=np.int64), nothing, np.empty(0), nothing)


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


def office_hours(world: World) -> tuple[Floats, Floats]:
    """Per hour the minute at which its office day ends (0 outside office hours), and the minutes at which office
    days begin."""
    office = world.calendar.window == DAG
    change = np.diff(office.astype(np.int64), prepend=0, append=0)
    begins, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    day_end = np.zeros(len(office))
    day_end[office] = np.repeat(60.0 * ends, ends - begins)
    return day_end, 60.0 * begins.astype(np.float64)


def days_of(day_end: Floats) -> int:
    """Days of the run that have a queue of planned work: at least one."""
    return max(1, len(day_end) // 24)


def planning(
    tables: Tables, starts: Floats, ends: Floats, team: Ints, day_end: Floats, day_starts: Floats
) -> tuple[Floats, Ints]:
    """When each team plans, with these physician-shifts: whenever one of its physicians comes on duty within office
    hours, or is on duty when they begin. Minutes and teams, in order of (minute, team)."""
    start, end = starts.astype(np.int64), ends.astype(np.int64)  # shifts are in whole minutes
    opens = np.zeros(max(int(end.max(initial=0)), 60 * len(day_end)) // DAY_MIN + 2, dtype=np.int64)
    closes = np.zeros_like(opens)  # nobody begins before: no office hours that day
    day = day_starts.astype(np.int64) // DAY_MIN
    opens[day] = day_starts
    closes[day] = day_end[(day_starts // 60).astype(np.int64)]
    first = start // DAY_MIN
    found: list[Ints] = []
    for lag in range(int((end // DAY_MIN - first).max(initial=0)) + 1):
        on = np.minimum(first + lag, len(opens) - 1)
        begins = np.maximum(start, opens[on])
        here = begins < np.minimum(end, closes[on])
        found.append(begins[here] * tables.n_teams + team[here])
    pairs = np.sort(np.concatenate(found))
    minute, of_team = np.divmod(pairs[np.diff(pairs, prepend=-1) > 0], tables.n_teams)
    return minute.astype(np.float64), of_team


def most_on_duty(tables: Tables) -> int:
    """The most physicians of one team that are rostered at the same time: it is reached when one begins."""
    start, end = tables.roster.start, tables.roster.end
    team = tables.team * (end.max(initial=0.0) + 1.0)  # teams apart in time
    begun, over = np.sort(start + team), np.sort(end + team)
    on_duty = np.arange(1, len(begun) + 1) - np.searchsorted(over, begun, side="right")
    return int(on_duty.max(initial=0))
