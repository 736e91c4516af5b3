"""What no tape changes of an organisation's runs, laid out once for a world; `filling.py` makes a run of it."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import CLASSES, DAG, GROUPS, PLANNED
from sim.engine.state import (
    LEVELS,
    PLANNED_LEVEL,
    PlannerRow,
    QueueRow,
    RequestRow,
    ShiftRow,
    StepRow,
    TeamRow,
    rows,
)
from sim.engine.tables import Tables
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


@dataclass(frozen=True)
class Prepared:
    """All of a run that no tape changes. `shifts`, `teams`, `queues` and what planning uses are copied for every run,
    the others shared; the blank rows hold the defaults."""

    tables: Tables
    lookup: Lookup
    kinds: Kinds
    travel_min: Floats
    travel_km: Floats
    day_end: Floats
    plan_times: Floats
    plan_teams: Ints
    starts_order: Ints
    shifts: NDArray[Any]
    teams: NDArray[Any]
    queues: NDArray[Any]
    planners: NDArray[Any]
    n_breaks: int
    blank_request: NDArray[Any]
    blank_step: NDArray[Any]


def prepare(world: World, tables: Tables) -> Prepared:
    """Lay out what no tape changes."""
    keep_freed_memory()
    roster = tables.roster
    day_end, day_starts = office_hours(world)
    plan_times, plan_teams = planning(tables, day_end, day_starts)
    return Prepared(
        tables=tables,
        lookup=make_lookup(world, tables),
        kinds=with_lists(tables, no_kinds(tables), usual_kinds(world, tables)),
        travel_min=np.ascontiguousarray(world.travel_min).ravel(),
        travel_km=np.ascontiguousarray(world.travel_km).ravel(),
        day_end=day_end,
        plan_times=plan_times,
        plan_teams=plan_teams,
        starts_order=np.lexsort((np.arange(len(roster.start)), roster.start)),
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
            stand_by=roster.stand_by,
            between=tables.between,
            break_every=tables.break_every,
            break_min=tables.break_min,
            block_min=tables.block_min,
            planned_left=tables.planned_min,
        ),
        teams=rows(TeamRow, tables.n_teams, reserve=tables.reserve),
        queues=rows(QueueRow, tables.n_teams * LEVELS),
        planners=rows(PlannerRow, most_on_duty(tables)),
        n_breaks=int(np.ceil((roster.end - roster.start) / tables.break_every).sum()),
        blank_request=blank_row(RequestRow),
        blank_step=blank_row(StepRow),
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
        n_classes=n_classes,
        n_windows=n_windows,
        n_municipalities=n_municipalities,
        n_vardcentraler=len(tables.named),
        named_first=np.cumsum(np.array([0, *(len(people) for people in tables.named)], dtype=np.int64)),
        named=np.concatenate([np.empty(0, dtype=np.int64), *tables.named]),
    )


def blank_row(kind: type[Any]) -> NDArray[Any]:
    """One row with the defaults; 0 in the fields without one, which every row fills in."""
    return rows(kind, 1, **{field.name: 0 for field in fields(kind) if field.default is MISSING})


def usual_kinds(world: World, tables: Tables) -> list[int]:
    """The kinds that people of this world can make: every route, for each municipality with the vårdcentraler where
    its people and homes are listed, and with none."""
    pairs = {(m, -1) for m in range(len(world.municipalities))}
    for node, v in np.argwhere(world.listing > 0).tolist():
        pairs.add((int(world.node_municipality[node]), v))
    pairs |= {(facility.municipality, facility.vardcentral) for facility in world.facilities}
    return [kind_number(tables, i, m, v) for i in range(len(tables.route_steps)) for m, v in sorted(pairs)]


def kind_number(tables: Tables, route: int, municipality: int, vardcentral: int) -> int:
    """The number of a kind of request."""
    n_municipalities: int = tables.route_of.shape[3]
    return (route * n_municipalities + municipality) * (len(tables.named) + 1) + vardcentral + 1


def no_kinds(tables: Tables) -> Kinds:
    """No list made yet."""
    n = kind_number(tables, len(tables.route_steps), 0, -1)
    nothing = np.empty(0, dtype=np.int64)
    return Kinds(np.full(n, -1, dtype=np.int64), np.zeros(1, dtype=np.int64), nothing, np.empty(0), nothing)


def with_lists(tables: Tables, kinds: Kinds, numbers: list[int]) -> Kinds:
    """`kinds` and the lists of some more."""
    list_of = kinds.list_of.copy()
    lists: list[list[Asking]] = []
    for number in numbers:
        route, rest = divmod(number, tables.route_of.shape[3] * (len(tables.named) + 1))
        m, v = divmod(rest, len(tables.named) + 1)
        list_of[number] = len(kinds.first) - 1 + len(lists)
        lists.append(teams_asked(tables, route, m, v - 1))
    flat = [step for steps in lists for step in steps]
    return Kinds(
        list_of,
        np.concatenate([kinds.first, kinds.first[-1] + np.cumsum([len(steps) for steps in lists], dtype=np.int64)]),
        np.concatenate([kinds.team, np.array([step.team for step in flat], dtype=np.int64)]),
        np.concatenate([kinds.after_min, np.array([step.after_min for step in flat], dtype=np.float64)]),
        np.concatenate(
            [kinds.taken_over, np.array([takes_over(steps, s) for steps in lists for s in steps], np.int64)]
        ),
    )


def takes_over(steps: list[Asking], step: Asking) -> bool:
    """Whether a team that comes later is of another pool than the one asked first."""
    return step.after_min > steps[0].after_min and step.pool != steps[0].pool


class Asking(NamedTuple):
    """A team in the order of asking, its pool, and the minutes until it is asked."""

    team: int
    pool: int
    after_min: float


def teams_asked(tables: Tables, route: int, municipality: int, vardcentral: int) -> list[Asking]:
    """Each team once, at the earliest minute that any step of the route gives it, soonest first."""
    soonest: dict[int, Asking] = {}
    for step in tables.route_steps[route]:
        for team, extra in tables.asked[step.pool].of(municipality, vardcentral):
            turn = Asking(team, step.pool, step.after_min + extra)
            if team not in soonest or turn.after_min < soonest[team].after_min:
                soonest[team] = turn
    return sorted(soonest.values(), key=lambda turn: turn.after_min)


def office_hours(world: World) -> tuple[Floats, Floats]:
    """Per hour the minute at which its office day ends (0 outside office hours), and the minutes at which office
    days begin."""
    office = world.calendar.window == DAG
    day_end = np.zeros(len(office))
    end = 0.0
    for hour in reversed(range(len(office))):
        if office[hour]:
            end = end or (hour + 1) * 60.0
            day_end[hour] = end
        else:
            end = 0.0
    before = np.concatenate([[False], office[:-1]])
    return day_end, 60.0 * np.flatnonzero(office & ~before).astype(np.float64)


def planning(tables: Tables, day_end: Floats, day_starts: Floats) -> tuple[Floats, Ints]:
    """When each team plans: whenever one of its physicians comes on duty within office hours, or is on duty when
    they begin. Minutes and teams, in order of (minute, team)."""
    start, end = tables.roster.start, tables.roster.end
    office = np.full(int(max(end.max(), len(day_end) * 60.0) // 1440) + 2, np.nan)
    closes = np.full_like(office, np.nan)
    day = (day_starts // 1440).astype(np.int64)
    office[day] = day_starts
    closes[day] = day_end[(day_starts // 60).astype(np.int64)]
    first = (start // 1440).astype(np.int64)
    times: list[Floats] = []
    teams: list[Ints] = []
    for lag in range(int((end // 1440 - first).max(initial=0)) + 1):
        on = np.minimum(first + lag, len(office) - 1)
        begins = np.maximum(start, office[on])
        here = begins < np.minimum(end, closes[on])
        times.append(begins[here])
        teams.append(tables.team[here])
    pairs = np.unique(np.column_stack([np.concatenate(times), np.concatenate(teams)]), axis=0)
    return np.ascontiguousarray(pairs[:, 0]), pairs[:, 1].astype(np.int64)


def most_on_duty(tables: Tables) -> int:
    """The most physicians of one team that are rostered at the same time."""
    start, end, team = tables.roster.start, tables.roster.end, tables.team
    time, change = np.concatenate([start, end]), np.repeat([1, -1], len(start))
    order = np.lexsort((change, time, np.concatenate([team, team])))
    running = np.cumsum(change[order])  # every team ends at 0
    return int(running.max(initial=0))
