"""One tape under one prepared organisation, as the rows that both clocks read: filled in by compiled loops."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import A1, CLASSES, GROUPS, P, R
from sim.columns import Floats, Ints
from sim.engine.choosing import goes_to, refused
from sim.engine.prepare import G6, G7, Kinds, Lookup, Prepared, prepare, with_lists
from sim.engine.state import (
    MAX_STOPS,
    PLANNED_LEVEL,
    REFUSED,
    Run,
)
from sim.engine.tables import Door, Tables
from sim.errors import OrganisationError
from sim.jit import compiled
from sim.text import Text
from sim.world.arrivals import rising
from sim.world.laws import on_grid
from sim.world.streams import uniform_at, wrapping
from sim.world.tape import DemandTape, Requests
from sim.world.world import World


def make_run(tape: DemandTape, world: World, tables: Tables, prepared: Prepared | None = None) -> Run:
    """Route every request and lay tape, world and tables out as rows of numpy arrays, before the first event.

    `prepared` (of the same world and tables) spares work when many tapes are run. OrganisationError if nobody is there
    for a request.
    """
    ready = prepare(world, tables) if prepared is None else prepared
    asks = tape.requests
    if asks.vardcentral.max(initial=-1) >= len(tables.named):  # compiled loops would read beyond their tables
        raise ValueError(f"the tape speaks of vårdcentral {asks.vardcentral.max()}; there are {len(tables.named)}")
    requests = np.empty(len(tape), dtype=ready.blank_request.dtype)
    kind, ordered = np.empty(len(tape), dtype=np.int64), np.empty(len(tape))
    fill_requests(ready.lookup, tables.door, asks, ready.blank_request, requests, kind, ordered)
    kinds = kinds_of_tape(ready, asks, kind)
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
    lookup: Lookup, door: Door, asks: Requests, blank: NDArray[Any], requests: NDArray[Any], kind: Ints, ordered: Floats
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


def kinds_of_tape(ready: Prepared, asks: Requests, kind: Ints) -> Kinds:
    """The lists of teams, with those of kinds that only this tape has. OrganisationError if a list is empty."""
    kinds, tables = ready.kinds, ready.tables
    number = kinds.list_of[kind]
    if (number < 0).any():
        kinds = with_lists(tables, kinds, np.unique(kind[number < 0]))
        number = kinds.list_of[kind]
    empty = np.diff(kinds.first)[number] == 0
    if empty.any():
        r = int(np.flatnonzero(empty)[0])
        raise OrganisationError(
            _NOBODY_THERE.format(
                name=tables.organisation.name, group=GROUPS[asks.group[r]], klass=CLASSES[asks.klass[r]],
                municipality=asks.municipality[r], vardcentral=asks.vardcentral[r],
            )
        )  # fmt: skip
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


_NOBODY_THERE = Text(
    "{name}: ingen finns för ett ärende i grupp {group}, klass {klass} i kommun {municipality}, vårdcentral "
    "{vardcentral}: lägg till en pool i dess väg som har alla",
    "{name}: nobody is there for a request of group {group}, class {klass} in municipality {municipality}, "
    "vårdcentral {vardcentral}: add a pool to its route that serves everybody",
)
