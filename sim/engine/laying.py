"""One tape laid out as the rows that a run begins with, once for all organisations that meet it.

What depends on the organisation is filled in for each run by `filling.py`.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import A1, CLASSES, GROUPS, PLANNED, REFERRED, WINDOWS, P, R
from sim.columns import Floats, Ints
from sim.engine.choosing import goes_to, refused
from sim.engine.rows import blank_row, room_for_rows
from sim.engine.state import PLANNED_LEVEL, REFUSED, CourseRow, Least, RequestRow
from sim.engine.terms import Terms
from sim.jit import compiled
from sim.memory import keep_freed_memory
from sim.world.arrivals import rising
from sim.world.laws import on_grid
from sim.world.tape import DemandTape, Requests
from sim.world.world import World

LEVELS_OF: Final = {"A1": 0, "A2": 1, "PAL": 1, "A3": 2, "ADM": 3} | dict.fromkeys(PLANNED, PLANNED_LEVEL)
LEVEL_OF_CLASS: Final = np.array([LEVELS_OF[c] for c in CLASSES], dtype=np.int64)
G6: Final = GROUPS.index("G6")
G7: Final = GROUPS.index("G7")
NO_WORK: Final = Least(np.inf, np.inf, np.inf, np.inf)


class Laid(NamedTuple):
    """A tape as rows. Of each request `case`, the entry of a table of routes (groups * classes * windows *
    municipalities,), `served`, municipality * (vårdcentraler + 1) + vårdcentral + 1, and t1 (`ordered`). `arrivals`:
    requests by (t1, number) that somebody is asked about before the horizon. Every run copies the rows."""

    case: Ints
    served: Ints
    ordered: Floats
    arrivals: Ints
    least: Least
    requests: NDArray[Any]
    courses: NDArray[Any]


class Place(NamedTuple):
    """What a world says of requests: the `window` of every hour, and how many there are of each."""

    window: Ints
    n_nodes: int
    n_classes: int
    n_windows: int
    n_municipalities: int
    n_vardcentraler: int


def lay_tape(tape: DemandTape, world: World, terms: Terms, more_triage_min: Floats | None = None) -> Laid:
    """Lay out a tape. `more_triage_min` of each request: what its route adds to its triage. ValueError for the tape of
    another world."""
    keep_freed_memory()
    asks, horizon, n = tape.requests, tape.horizon_min, len(tape)
    place = Place(
        np.ascontiguousarray(world.calendar.window), len(world.node_name), len(CLASSES), len(WINDOWS),
        len(world.municipalities), len(world.vardcentraler),
    )  # fmt: skip
    if asks.vardcentral.max(initial=-1) >= place.n_vardcentraler:  # compiled loops would read beyond their tables
        raise ValueError(f"the tape speaks of vårdcentral {asks.vardcentral.max()}; there are {place.n_vardcentraler}")
    laid = Laid(
        np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64), np.empty(n), np.empty(0, dtype=np.int64), NO_WORK,
        room_for_rows(RequestRow, n), room_for_rows(CourseRow, n),
    )  # fmt: skip
    more = np.zeros(n) if more_triage_min is None else more_triage_min
    least = fill_requests(asks, more, place, terms, horizon, blank_row(RequestRow), blank_row(CourseRow), laid)
    arrivals = rising(np.minimum(laid.ordered, horizon), laid.ordered, np.zeros(n), horizon)
    number_queues(arrivals, laid.requests)
    laid = laid._replace(arrivals=to_order(arrivals, laid.requests, horizon), least=least)
    for table in laid:
        if isinstance(table, np.ndarray):  # many runs share it
            table.setflags(write=False)
    return laid


@compiled
def fill_requests(
    asks: Requests, more_triage_min: Floats, place: Place, terms: Terms, horizon: float, blank: NDArray[Any],
    blank_course: NDArray[Any], to: Laid,
) -> Least:  # fmt: skip
    """Write what the tape says of every request and its course; their order comes later. Gives the least planned
    work."""
    visit_on_scene, visit, round_on_scene, round_ = np.inf, np.inf, np.inf, np.inf
    for r in range(len(to.requests)):
        klass = asks.klass[r]
        v = asks.vardcentral[r]
        window = place.window[int(asks.t0_min[r] / 60.0)]
        case = (asks.group[r] * place.n_classes + klass) * place.n_windows + window
        to.case[r] = case * place.n_municipalities + asks.municipality[r]
        to.served[r] = asks.municipality[r] * (place.n_vardcentraler + 1) + v + 1
        t1 = on_grid(asks.t0_min[r] + asks.triage_min[r] + more_triage_min[r])
        to.ordered[r] = t1
        to.courses[r] = blank_course[0]
        to.requests[r] = blank[0]
        row = to.requests[r]
        row["ordered"] = t1
        row["gives_up"] = t1 + asks.patience_min[r]
        row["leaves"] = 0
        if asks.leaves_min[r] < row["gives_up"]:  # one who has left before the visit is ordered: when it is
            row["gives_up"] = max(asks.leaves_min[r], t1)
            row["leaves"] = 1
        row["node"] = asks.node[r]
        row["level"] = LEVEL_OF_CLASS[klass]
        row["due_day"] = max(asks.due_day[r], 0)
        row["on_scene"] = asks.on_scene_min[r]
        row["documentation"] = asks.documentation_min[r]
        row["on_scene_plan"] = asks.on_scene_plan_min[r]
        row["documentation_plan"] = asks.documentation_plan_min[r]
        row["travel_factor"] = asks.travel_factor[r]
        row["vardcentral"] = v
        row["visits"] = asks.visits[r]
        row["telephone"] = asks.telephone[r]
        row["place"] = asks.node[r] + place.n_nodes + 1 if klass == R else asks.node[r]
        if asks.telephone[r] == 1:
            row["on_scene"] = asks.call_min[r]
            row["on_scene_plan"] = terms.call_plan_min
            row["documentation"] = 0.0
            row["documentation_plan"] = 0.0
            row["place"] = place.n_nodes
        work = row["on_scene_plan"] + row["documentation_plan"]
        if row["place"] > place.n_nodes:
            round_on_scene, round_ = min(round_on_scene, row["on_scene_plan"]), min(round_, work)
        elif row["level"] == PLANNED_LEVEL:
            visit_on_scene, visit = min(visit_on_scene, row["on_scene_plan"]), min(visit, work)
        if refused(
            asks.group[r] == G6, asks.group[r] == G7, klass in (P, R), asks.mobility[r],
            asks.single_visit[r], terms.threshold, terms.single_share, terms.policy[asks.municipality[r]],
        ):  # fmt: skip
            row["stage"] = REFUSED
            if t1 < horizon:
                to.courses[r]["outcome"] = REFERRED
            row["referred_to"] = goes_to(klass == A1, asks.elsewhere[r], terms.to_vardcentral, terms.to_ed)
    return Least(visit_on_scene, visit, round_on_scene, round_)


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
