"""One tape under one organisation, as the rows that both clocks read.

What no tape changes is laid out once for an organisation and a world (`prepare`); a run is then filled in by compiled
loops (`make_run`).
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import A1, CLASSES, DAG, GROUPS, PLANNED, P, R
from sim.engine.choosing import goes_to, refused
from sim.engine.state import (
    LEVELS,
    MAX_STOPS,
    PLANNED_LEVEL,
    REFUSED,
    PlannerRow,
    QueueRow,
    RequestRow,
    Run,
    ShiftRow,
    StepRow,
    TeamRow,
    rows,
)
from sim.engine.tables import Door, Tables
from sim.errors import OrganisationError
from sim.jit import compiled
from sim.memory import keep_freed_memory
from sim.world.arrivals import rising
from sim.world.laws import on_grid
from sim.world.streams import uniform_at, wrapping
from sim.world.tape import DemandTape
from sim.world.world import World

LEVELS_OF: Final = {"A1": 0, "A2": 1, "PAL": 1, "A3": 2, "ADM": 3} | dict.fromkeys(PLANNED, PLANNED_LEVEL)
LEVEL_OF_CLASS: Final = np.array([LEVELS_OF[c] for c in CLASSES], dtype=np.int64)

G6: Final = GROUPS.index("G6")
G7: Final = GROUPS.index("G7")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Asks(NamedTuple):
    """The columns of a tape that a run reads."""

    group: Ints
    klass: Ints
    node: Ints
    municipality: Ints
    vardcentral: Ints
    named: Floats
    t0_min: Floats
    triage_min: Floats
    on_scene_min: Floats
    documentation_min: Floats
    on_scene_plan_min: Floats
    documentation_plan_min: Floats
    travel_factor: Floats
    patience_min: Floats
    due_day: Ints
    visits: Ints
    mobility: Floats
    single_visit: Floats
    elsewhere: Floats
    telephone: Ints
    call_min: Floats
    leaves_min: Floats


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


def make_run(tape: DemandTape, world: World, tables: Tables, prepared: Prepared | None = None) -> Run:
    """Route every request and lay tape, world and tables out as rows of numpy arrays, before the first event.

    `prepared` (of the same world and tables) spares work when many tapes are run. OrganisationError if nobody is there
    for a request.
    """
    ready = prepare(world, tables) if prepared is None else prepared
    if tape.vardcentral.max(initial=-1) >= len(tables.named):  # compiled loops would read beyond their tables
        raise ValueError(f"the tape speaks of vårdcentral {tape.vardcentral.max()}; there are {len(tables.named)}")
    asks = Asks(*(np.ascontiguousarray(getattr(tape, name)) for name in Asks._fields))
    requests = np.empty(len(tape), dtype=ready.blank_request.dtype)
    kind, ordered = np.empty(len(tape), dtype=np.int64), np.empty(len(tape))
    fill_requests(ready.lookup, tables.door, asks, ready.blank_request, requests, kind, ordered)
    kinds = kinds_of_tape(ready, tape, kind)
    steps = np.empty(first_steps(kinds, kind, requests), dtype=ready.blank_step.dtype)
    shifts, starts_order = on_duty(ready, tape)
    fill_steps(kinds, kind, ready.blank_step, requests, steps)
    arrivals = rising(np.minimum(ordered, tape.horizon_min), ordered, np.zeros(len(tape)), tape.horizon_min)
    number_queues(arrivals, requests)
    held: dict[str, Any] = {
        "horizon": tape.horizon_min,
        "n_nodes": len(world.node_name),
        "n_hours": len(ready.day_end),
        "choice": tables.choice,
        "named_weight": tables.named_weight_min,
        "n_breaks": ready.n_breaks,
        "travel_min": ready.travel_min,
        "travel_km": ready.travel_km,
        "day_end": ready.day_end,
        "plan_times": ready.plan_times,
        "plan_teams": ready.plan_teams,
        "starts_order": starts_order,
        "arrivals_order": to_order(arrivals, requests, tape.horizon_min),
        "shifts": shifts,
        "requests": requests,
        "steps": steps,
        "teams": ready.teams.copy(),
        "queues": ready.queues.copy(),
        "tour": np.zeros(MAX_STOPS * len(ready.planners), dtype=np.int64),
        "item": np.zeros(MAX_STOPS * len(ready.planners), dtype=np.int64),
        "planners": ready.planners.copy(),
    }
    return Run(**held)


def copy_rows(table: NDArray[Any]) -> NDArray[Any]:
    """A copy as bytes: numpy copies rows with padding field by field, seven times slower."""
    return table.view(np.uint8).copy().view(table.dtype)


# --- before any tape ------------------------------------------------------------------------------


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


# --- for each tape --------------------------------------------------------------------------------


def on_duty(ready: Prepared, tape: DemandTape) -> tuple[NDArray[Any], Ints]:
    """The rows of the physician-shifts for one run, and those that begin in order of start. A shift that falls away
    ends where it starts, and never begins."""
    shifts = copy_rows(ready.shifts)
    share = ready.tables.absence_share
    if share == 0.0:
        return shifts, ready.starts_order
    with wrapping():
        away = absent(np.uint64(tape.absence_key), share, ready.tables.roster.physician)
    shifts["end"][away] = shifts["start"][away]
    shifts["latest"][away] = shifts["start"][away]
    return shifts, ready.starts_order[~away[ready.starts_order]]


@compiled
def absent(key: np.uint64, share: float, physician: Ints) -> NDArray[np.bool_]:
    """Which physician-shifts fall away; they lie physician by physician. The n-th shift (from 0) of a physician has a
    draw of its own, so that a larger share adds absences and takes none away."""
    away = np.zeros(len(physician), dtype=np.bool_)
    n = 0
    for u in range(len(physician)):
        n = n + 1 if u > 0 and physician[u] == physician[u - 1] else 0
        away[u] = uniform_at(key, physician[u], n) < share
    return away


@compiled
def fill_requests(
    lookup: Lookup, door: Door, asks: Asks, blank: NDArray[Any], requests: NDArray[Any], kind: Ints, ordered: Floats
) -> None:
    """Write the rows of all requests but for their steps and their place in queues; `kind` and `ordered` (t1) too.
    Refused ones are marked."""
    for r in range(len(requests)):
        window = lookup.window[int(asks.t0_min[r] / 60.0)]
        case = (asks.group[r] * lookup.n_classes + asks.klass[r]) * lookup.n_windows + window
        route = lookup.route[case * lookup.n_municipalities + asks.municipality[r]]
        v = asks.vardcentral[r]
        kind[r] = (route * lookup.n_municipalities + asks.municipality[r]) * (lookup.n_vardcentraler + 1) + v + 1
        t1 = on_grid(asks.t0_min[r] + asks.triage_min[r] + lookup.triage_min[route])
        ordered[r] = t1
        requests[r] = blank[0]
        row = requests[r]
        row["ordered"] = t1
        row["gives_up"] = t1 + asks.patience_min[r]
        row["leaves"] = 0
        if asks.leaves_min[r] < row["gives_up"]:  # one who has left before the visit is ordered: when it is
            row["gives_up"] = max(asks.leaves_min[r], t1)
            row["leaves"] = 1
        row["node"] = asks.node[r]
        row["level"] = lookup.level[asks.klass[r]]
        row["due_day"] = asks.due_day[r]
        row["on_scene"] = asks.on_scene_min[r]
        row["documentation"] = asks.documentation_min[r]
        row["on_scene_plan"] = asks.on_scene_plan_min[r]
        row["documentation_plan"] = asks.documentation_plan_min[r]
        row["travel_factor"] = asks.travel_factor[r]
        row["vardcentral"] = v
        row["named"] = -1
        row["visits"] = asks.visits[r]
        row["hand_over"] = lookup.hand_over_min[route]
        row["telephone"] = asks.telephone[r]
        if asks.telephone[r] == 1:
            row["on_scene"] = asks.call_min[r]
            row["on_scene_plan"] = lookup.call_plan_min
            row["documentation"] = 0.0
            row["documentation_plan"] = 0.0
        klass = asks.klass[r]
        if refused(
            asks.group[r] == G6, asks.group[r] == G7, klass in (P, R), asks.mobility[r],
            asks.single_visit[r], door.threshold, door.single_share, door.policy[asks.municipality[r]],
        ):  # fmt: skip
            row["stage"] = REFUSED
            row["referred_to"] = goes_to(klass == A1, asks.elsewhere[r], door.to_vardcentral, door.to_ed)
        if v >= 0:  # the tape's uniform picks among the physicians based where the patient is listed
            first = lookup.named_first[v]
            n = lookup.named_first[v + 1] - first
            if n > 0:
                row["named"] = lookup.named[first + min(int(asks.named[r] * n), n - 1)]


def kinds_of_tape(ready: Prepared, tape: DemandTape, kind: Ints) -> Kinds:
    """The lists of teams, with those of kinds that only this tape has. OrganisationError if a list is empty."""
    kinds, tables = ready.kinds, ready.tables
    number = kinds.list_of[kind]
    if (number < 0).any():
        kinds = with_lists(tables, kinds, np.unique(kind[number < 0]).tolist())
        number = kinds.list_of[kind]
    empty = np.diff(kinds.first)[number] == 0
    if empty.any():
        r = int(np.flatnonzero(empty)[0])
        raise OrganisationError(
            f"{tables.organisation.name}: nobody is there for a request of group {GROUPS[tape.group[r]]}, class "
            f"{CLASSES[tape.klass[r]]} in municipality {tape.municipality[r]}, vårdcentral {tape.vardcentral[r]}: "
            "add a pool to its route that serves everybody"
        )
    return kinds


@compiled
def first_steps(kinds: Kinds, kind: Ints, requests: NDArray[Any]) -> int:
    """Give every request its range of steps; how many there are in all."""
    n = 0
    for r in range(len(requests)):
        number = kinds.list_of[kind[r]]
        requests[r]["first_step"] = n
        n += kinds.first[number + 1] - kinds.first[number]
        requests[r]["end_step"] = n
    return n


@compiled
def fill_steps(kinds: Kinds, kind: Ints, blank: NDArray[Any], requests: NDArray[Any], steps: NDArray[Any]) -> None:
    """The teams of every request in the order they are asked."""
    for r in range(len(requests)):
        entry = kinds.first[kinds.list_of[kind[r]]]
        for s in range(requests[r]["first_step"], requests[r]["end_step"]):
            steps[s] = blank[0]
            step = steps[s]
            step["request"] = r
            step["team"] = kinds.team[entry]
            step["at"] = requests[r]["ordered"] + kinds.after_min[entry]
            step["taken_over"] = kinds.taken_over[entry]
            entry += 1


@compiled
def number_queues(arrivals: Ints, requests: NDArray[Any]) -> None:
    """`order` compares requests of one level: acute ones as they are ordered, planned ones by promised day and then as
    they are ordered (a counting sort by day)."""
    last = 0
    for r in range(len(requests)):
        last = max(last, requests[r]["due_day"])
    place = np.zeros(last + 2, dtype=np.int64)
    for r in range(len(requests)):
        if requests[r]["level"] == PLANNED_LEVEL:
            place[max(requests[r]["due_day"], 0) + 1] += 1
    for day in range(last + 1):
        place[day + 1] += place[day]
    for number in range(len(arrivals)):
        row = requests[arrivals[number]]
        row["order"] = number
        if row["level"] == PLANNED_LEVEL:
            day = max(row["due_day"], 0)
            row["order"] = place[day]
            place[day] += 1


@compiled
def to_order(arrivals: Ints, requests: NDArray[Any], horizon: float) -> Ints:
    """Of the requests in order of t1 those that somebody is asked about before the horizon."""
    n = 0
    kept = np.empty(len(arrivals), dtype=np.int64)
    for r in arrivals:
        if requests[r]["ordered"] < horizon and requests[r]["stage"] != REFUSED:
            kept[n] = r
            n += 1
    return kept[:n]
