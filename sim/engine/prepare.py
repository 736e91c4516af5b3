"""What no tape changes of an organisation's runs, laid out once for a world; `running.py` makes a run of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from sim.codes import DAG
from sim.columns import Floats, Ints
from sim.engine.kinds import Kinds, no_kinds, usual_kinds, with_lists
from sim.engine.posts import DAY_MIN
from sim.engine.rows import blank_row, rows
from sim.engine.state import (
    ACUTE_LEVELS,
    Agenda,
    PlaceRow,
    PlannerRow,
    QueueRow,
    ShiftRow,
    StepRow,
    TeamRow,
)
from sim.engine.tables import Tables
from sim.memory import keep_freed_memory
from sim.world.world import World


class Lookup(NamedTuple):
    """What decides whose a request is: `route` (groups * classes * windows * municipalities,), and the physicians based
    at each vårdcentral: entries `named_first[v]` to `named_first[v + 1]` of `named`. There are `n_served` kinds of each
    route (`kinds.py`)."""

    route: Ints
    hand_over_min: Floats
    n_served: int
    named_first: Ints
    named: Ints


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
    blank_step: NDArray[Any]
    blank_place: NDArray[Any]


def prepare(world: World, tables: Tables) -> Prepared:
    """Lay out what no tape changes."""
    keep_freed_memory()
    roster = tables.roster
    day_end, day_starts = office_hours(world)
    plan_times, plan_teams = planning(tables, roster.start, roster.end, tables.team, day_end, day_starts)
    return Prepared(
        tables=tables,
        lookup=make_lookup(tables),
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
        blank_step=blank_row(StepRow),
        blank_place=blank_row(PlaceRow),
    )


def make_lookup(tables: Tables) -> Lookup:
    """Routes and the named physicians as flat tables."""
    return Lookup(
        route=np.ascontiguousarray(tables.route_of).ravel(),
        hand_over_min=tables.route_hand_over_min,
        n_served=tables.route_of.shape[3] * (len(tables.named) + 1),
        named_first=np.cumsum(np.array([0, *(len(people) for people in tables.named)], dtype=np.int64)),
        named=np.concatenate([np.empty(0, dtype=np.int64), *tables.named]),
    )


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
