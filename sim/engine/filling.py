"""One tape under one prepared organisation as the rows that the rules read, by compiled loops."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import A1, CLASSES, GROUPS, REFERRED, P, R
from sim.columns import Floats, Ints
from sim.engine.choosing import goes_to, refused
from sim.engine.prepare import G6, G7, Blank, Kinds, Lookup, Prepared, with_lists
from sim.engine.state import PLANNED_LEVEL, REFUSED, Least
from sim.engine.tables import Door
from sim.errors import OrganisationError
from sim.jit import compiled
from sim.text import Text
from sim.world.laws import on_grid
from sim.world.streams import uniform_at
from sim.world.tape import Requests


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
    lookup: Lookup, door: Door, asks: Requests, horizon: float, blank: Blank, requests: NDArray[Any],
    courses: NDArray[Any], kind: Ints, ordered: Floats,
) -> Least:  # fmt: skip
    """Write the rows of all requests and of their courses but for their steps and their order; `kind` and `ordered`
    (t1) too. Gives the least planned work."""
    visit_on_scene, visit, round_on_scene, round_ = np.inf, np.inf, np.inf, np.inf
    for r in range(len(requests)):
        klass = asks.klass[r]
        window = lookup.window[int(asks.t0_min[r] / 60.0)]
        case = (asks.group[r] * lookup.n_classes + klass) * lookup.n_windows + window
        route = lookup.route[case * lookup.n_municipalities + asks.municipality[r]]
        v = asks.vardcentral[r]
        kind[r] = (route * lookup.n_municipalities + asks.municipality[r]) * (lookup.n_vardcentraler + 1) + v + 1
        t1 = on_grid(asks.t0_min[r] + asks.triage_min[r] + lookup.triage_min[route])
        ordered[r] = t1
        courses[r] = blank.course[0]
        requests[r] = blank.request[0]
        row = requests[r]
        row["ordered"] = t1
        row["gives_up"] = t1 + asks.patience_min[r]
        row["leaves"] = 0
        if asks.leaves_min[r] < row["gives_up"]:  # one who has left before the visit is ordered: when it is
            row["gives_up"] = max(asks.leaves_min[r], t1)
            row["leaves"] = 1
        row["node"] = asks.node[r]
        row["level"] = lookup.level[klass]
        row["due_day"] = max(asks.due_day[r], 0)
        row["on_scene"] = asks.on_scene_min[r]
        row["documentation"] = asks.documentation_min[r]
        row["on_scene_plan"] = asks.on_scene_plan_min[r]
        row["documentation_plan"] = asks.documentation_plan_min[r]
        row["travel_factor"] = asks.travel_factor[r]
        row["vardcentral"] = v
        row["visits"] = asks.visits[r]
        row["hand_over"] = lookup.hand_over_min[route]
        row["telephone"] = asks.telephone[r]
        row["place"] = asks.node[r] + lookup.n_nodes + 1 if klass == R else asks.node[r]
        if asks.telephone[r] == 1:
            row["on_scene"] = asks.call_min[r]
            row["on_scene_plan"] = lookup.call_plan_min
            row["documentation"] = 0.0
            row["documentation_plan"] = 0.0
            row["place"] = lookup.n_nodes
        work = row["on_scene_plan"] + row["documentation_plan"]
        if row["place"] > lookup.n_nodes:
            round_on_scene, round_ = min(round_on_scene, row["on_scene_plan"]), min(round_, work)
        elif row["level"] == PLANNED_LEVEL:
            visit_on_scene, visit = min(visit_on_scene, row["on_scene_plan"]), min(visit, work)
        row["named"] = -1
        if v >= 0:  # the tape's uniform picks among the physicians based where the patient is listed
            first = lookup.named_first[v]
            n = lookup.named_first[v + 1] - first
            if n > 0:
                row["named"] = lookup.named[first + min(int(asks.named[r] * n), n - 1)]
        if refused(
            asks.group[r] == G6, asks.group[r] == G7, klass in (P, R), asks.mobility[r],
            asks.single_visit[r], door.threshold, door.single_share, door.policy[asks.municipality[r]],
        ):  # fmt: skip
            row["stage"] = REFUSED
            if t1 < horizon:
                courses[r]["outcome"] = REFERRED
            row["referred_to"] = goes_to(klass == A1, asks.elsewhere[r], door.to_vardcentral, door.to_ed)
    return Least(visit_on_scene, visit, round_on_scene, round_)


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
def fill_steps(kinds: Kinds, kind: Ints, blank: Blank, requests: NDArray[Any], steps: NDArray[Any]) -> None:
    """The teams of every request in the order they are asked."""
    for r in range(len(requests)):
        entry = kinds.first[kinds.list_of[kind[r]]]
        for s in range(requests[r]["first_step"], requests[r]["end_step"]):
            steps[s] = blank.step[0]
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
            place[requests[r]["due_day"] + 1] += 1
    for day in range(last + 1):
        place[day + 1] += place[day]
    for number in range(len(arrivals)):
        row = requests[arrivals[number]]
        row["order"] = number
        if row["level"] == PLANNED_LEVEL:
            row["order"] = place[row["due_day"]]
            place[row["due_day"]] += 1


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
