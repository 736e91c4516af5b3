"""Measures of requests: response, target, escalation, promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.codes import A3, ACUTE, CANCELLED, CLASSES, DONE, ESCALATED, OPEN, TELEPHONE
from sim.engine.journal import Journal
from sim.measures.cells import Floats, Ints, RequestCells, ratio
from sim.measures.definitions import CELL_CLASSES
from sim.statistics import order_statistic
from sim.world.tape import DemandTape
from sim.world.world import World

Flags = NDArray[np.bool_]

MINUTES_PER_DAY: Final = 24 * 60
WEEKS_PER_YEAR: Final = 52


@dataclass(frozen=True)
class Requests:
    """The counted requests (logged after the warm-up) with what measures need; minutes, NaN for what did not happen."""

    cells: RequestCells
    acute: Flags
    ordered: Flags
    visited: Flags
    outcome: Ints
    visits: Floats
    target: Floats
    age: Floats  # from ordered to the end of the period
    age_logged: Floats
    response: Floats
    response_logged: Floats
    queue: Floats
    travel: Floats
    until_escalated: Floats
    due: Flags  # promised by a day that ended within the period
    on_day: Flags

    @staticmethod
    def of(tape: DemandTape, world: World, journal: Journal, targets: Floats) -> Requests:
        """Choose the counted requests; `targets` are the minutes of A1, A2, A3."""
        rows = np.flatnonzero(tape.t0_min >= tape.warm_up_min)
        t0, klass, due_day = tape.t0_min[rows], tape.klass[rows], tape.due_day[rows]
        t1, t3, t4 = journal.t1[rows], journal.t3[rows], journal.t4[rows]
        outcome = journal.outcome[rows]
        windows = world.calendar.window
        hour = np.floor(np.where(np.isnan(t1), tape.horizon_min, t1) / 60.0).astype(np.int64)
        end = min(len(windows), int(np.ceil(tape.horizon_min / 60.0)))
        visited = ~np.isnan(t4)
        acute = klass <= A3
        due = (due_day >= 0) & ((due_day + 1) * float(MINUTES_PER_DAY) <= tape.horizon_min)
        return Requests(
            cells=RequestCells(
                municipalities=len(world.municipalities),
                municipality=tape.municipality[rows],
                group=tape.group[rows],
                klass=klass,
                window=windows[np.minimum(hour, end - 1)],
            ),
            acute=acute,
            ordered=~np.isnan(t1) & (outcome != TELEPHONE) & (outcome != CANCELLED),
            visited=visited,
            outcome=outcome,
            visits=tape.visits[rows].astype(float),
            target=np.where(acute, np.append(targets, np.inf)[np.minimum(klass, A3 + 1)], np.inf),
            age=tape.horizon_min - t1,
            age_logged=tape.horizon_min - t0,
            response=t4 - t1,
            response_logged=t4 - t0,
            queue=t3 - t1,
            travel=t4 - t3,
            until_escalated=journal.te[rows] - t1,
            due=due,
            on_day=due & visited & (np.where(visited, t4, np.inf) < (due_day + 1) * float(MINUTES_PER_DAY)),
        )


def request_measures(r: Requests, weeks: float) -> dict[str, tuple[Floats, Floats]]:
    """Every measure split by request: name to (value, n), each (splits, len(CELL_CLASSES)); `weeks` counted."""
    total = r.cells.total
    everything = np.ones(len(r.outcome), dtype=bool)
    done, escalated, still_open = (r.outcome == code for code in (DONE, ESCALATED, OPEN))
    seen_acute = r.visited & r.acute
    hit = seen_acute & r.ordered & (r.response <= r.target)
    too_young = ~r.visited & (r.outcome == OPEN) & (r.age < r.target)
    judged = r.acute & r.ordered & ~too_young
    a_year = WEEKS_PER_YEAR / weeks

    n_all, n_done, n_visited, n_seen_acute = total(everything), total(done), total(r.visited), total(seen_acute)
    n_open, n_judged, n_due = total(still_open), total(judged), total(r.due)
    seen_planned = r.visited & ~r.acute
    n_seen_planned = total(seen_planned)

    def mean(mask: Flags, values: Floats, n: Floats) -> tuple[Floats, Floats]:
        return ratio(total(mask, values), n), n

    return {
        "requests": (n_all * a_year, n_all),
        "visits": (total(done, r.visits) * a_year, n_done),
        "response_min": mean(seen_acute, r.response, n_seen_acute),
        "response_logged_min": mean(seen_acute, r.response_logged, n_seen_acute),
        "response_p90_min": _p90(r),
        "queue_min": mean(seen_acute, r.queue, n_seen_acute),
        "travel_min": mean(r.visited, r.travel, n_visited),
        "in_target": (ratio(total(hit), n_judged), n_judged),
        "escalated": (ratio(total(escalated), n_all), n_all),
        "open": (ratio(n_open, n_all), n_all),
        "open_age_days": mean(still_open, r.age_logged / MINUTES_PER_DAY, n_open),
        "on_promised_day": (ratio(total(r.on_day), n_due), n_due),
        "days_to_visit": mean(seen_planned, r.response_logged / MINUTES_PER_DAY, n_seen_planned),
    }


def _p90(r: Requests) -> tuple[Floats, Floats]:
    """P90 of ordered acute visits; those never visited are infinite, and an infinite percentile is told as NaN."""
    rows = np.flatnonzero(r.acute & r.ordered)
    waited = np.where(r.visited[rows], r.response[rows], np.inf)
    klass, kinds = r.cells.klass[rows], len(ACUTE)
    value = np.full((r.cells.splits, len(CELL_CLASSES)), np.nan)
    n = np.zeros_like(value)
    acute, first = CELL_CLASSES.index("acute"), CELL_CLASSES.index(CLASSES[0])
    for start, size, code in r.cells.split_codes():
        part = slice(start, start + size)
        value[part, acute], n[part, acute] = order_statistic(waited, code[rows], size, 90)
        found, count = order_statistic(waited, code[rows] * kinds + klass, size * kinds, 90)
        value[part, first : first + kinds] = found.reshape(size, kinds)
        n[part, first : first + kinds] = count.reshape(size, kinds)
    return np.where(np.isinf(value), np.nan, value), n
