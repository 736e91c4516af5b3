"""What each request carries: durations, patience, promised day, and whose it is. Written row by row of the tape."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import A1, DAG, P, R
from sim.jit import compiled
from sim.world.arrivals import Logged, Rounds
from sim.world.elementary import normal_quantiles
from sim.world.laws import lognormal_of, on_grid, weibull
from sim.world.points import DAY_MIN, HOUR_MIN
from sim.world.population import Population
from sim.world.streams import ORDINALS, Keys, uniform_of
from sim.world.tape import Requests

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Laws(NamedTuple):
    """Means and spreads (`sim.world.laws.log_spread`), arrays by class. Patience of A1: `deadline`; of A2, A3, PAL and
    ADM `ed_from` + Weibull for the share `ed_share` (PAL: to a palliative ward), else endless. `telephone_share`
    (2, unplanned classes): in office hours, and outside."""

    triage_mean: Floats
    triage_spread: Floats
    on_scene_mean: Floats
    on_scene_spread: Floats
    documentation_mean: Floats
    documentation_spread: Floats
    deadline: float
    ed_share: Floats
    ed_from: Floats
    ed_scale: Floats
    ed_shape: Floats
    window_days: int
    travel_mean: Floats
    travel_spread: Floats
    telephone_share: Floats
    call_mean: float
    call_spread: float
    conveyed_share: Floats
    conveyance: float
    no_show_share: float
    no_show: float


def fill(
    laws: Laws, keys: Keys, window: Ints, people: Population, rounds: Rounds, logged: Logged, order: Ints, to: Requests
) -> None:
    """Write every column of every request, in the order of the tape. `window` (hours,) of the calendar.

    Column by column and kind by kind, so that compiled code can handle several rows at a time and need not ask of each
    what it is.
    """
    address = fill_facts(laws, people, rounds, keys.named_physician, logged, order, to)
    unplanned, planned, seen = (
        np.flatnonzero(to.klass < R),
        np.flatnonzero(to.klass == P),
        np.flatnonzero(to.klass == R),
    )
    own = np.flatnonzero(to.klass != R)
    for column, neutral in (
        (to.triage_min, 0.0), (to.patience_min, np.inf), (to.telephone, 0), (to.call_min, 0.0), (to.no_show, 0),
        (to.conveyed, 0), (to.single_visit, 0.5), (to.elsewhere, 0.5),
    ):  # fmt: skip
        column[:] = neutral
    every = np.arange(len(address))
    for rows, key, mean, spread, column in (
        (unplanned, keys.request_triage, laws.triage_mean, laws.triage_spread, to.triage_min),
        (own, keys.request_on_scene, laws.on_scene_mean, laws.on_scene_spread, to.on_scene_min),
        (own, keys.request_documentation, laws.documentation_mean, laws.documentation_spread, to.documentation_min),
        (every, keys.request_travel, laws.travel_mean, laws.travel_spread, to.travel_factor),
    ):
        fill_lognormal(rows, key, mean, spread, to.klass, address, column, column is not to.travel_factor)
    fill_rounds(laws, keys, seen, address, to)
    fill_patience(laws, keys, unplanned, address, to)
    fill_fates(laws, keys, window, unplanned, planned, address, to)


def fill_facts(
    laws: Laws, people: Population, rounds: Rounds, named: np.uint64, logged: Logged, order: Ints, to: Requests
) -> Ints:
    """Whose, what and when, and what follows from it; gives the address of each row's draws.

    The homes that have rounds are laid behind the patients, so that every column is one look-up.
    """

    def look_up(table: NDArray[Any], which: Ints, column: NDArray[Any]) -> None:
        np.take(table, which, out=column, mode="wrap")  # "raise" would copy

    homes = len(rounds.owner)
    home_named = np.empty(homes)
    fill_named(named, rounds.owner, home_named)
    for held, column in ((logged.klass, to.klass), (logged.t0_min, to.t0_min), (logged.visits, to.visits)):
        look_up(held, order, column)
    address = np.empty_like(order)
    look_up(logged.address, order, address)
    who = logged.who[order]
    of_round = to.klass == R
    np.copyto(to.patient, np.where(of_round, -1, who))
    who += len(people.group) * of_round
    for own, of_home, target in (
        (people.group, rounds.group, to.group),
        (people.node, rounds.node, to.node),
        (people.municipality, rounds.municipality, to.municipality),
        (people.vardcentral, rounds.vardcentral, to.vardcentral),
        (people.named, home_named, to.named),
        (people.mobility, np.zeros(homes), to.mobility),
        (people.to_min, np.full(homes, np.inf), to.leaves_min),
    ):
        look_up(np.concatenate([own, of_home]), who, target)
    fill_plans(laws, to)
    return address


@compiled
def fill_named(key: np.uint64, owner: Ints, named: Floats) -> None:
    """The uniform of each home that has rounds."""
    for row in range(len(owner)):
        named[row] = uniform_of(key, owner[row] * ORDINALS)


@compiled
def fill_plans(laws: Laws, to: Requests) -> None:
    """What a planner expects, and the last promised day."""
    for row in range(len(to.klass)):
        klass = to.klass[row]
        to.on_scene_plan_min[row] = on_grid(to.visits[row] * laws.on_scene_mean[klass])
        to.documentation_plan_min[row] = on_grid(to.visits[row] * laws.documentation_mean[klass])
        day = int(to.t0_min[row] / DAY_MIN)
        to.due_day[row] = day + laws.window_days - 1 if klass == P else (day if klass == R else -1)


@compiled
def fill_lognormal(
    rows: Ints, key: np.uint64, mean: Floats, spread: Floats, klass: Ints, address: Ints, column: Floats, gridded: bool
) -> None:
    """One lognormal value in each of some rows; mean and spread by class."""
    value, means, spreads = np.empty(len(rows)), np.empty(len(rows)), np.empty(len(rows))
    for a in range(len(rows)):
        k = klass[rows[a]]
        value[a] = uniform_of(key, address[rows[a]])
        means[a] = mean[k]
        spreads[a] = spread[k]
    normal_quantiles(value)
    for a in range(len(rows)):
        value[a] = lognormal_of(value[a], means[a], spreads[a])
    for a in range(len(rows)):
        column[rows[a]] = on_grid(value[a]) if gridded else value[a]


@compiled
def fill_rounds(laws: Laws, keys: Keys, rows: Ints, address: Ints, to: Requests) -> None:
    """The times of rounds: sums over the residents seen, each on the grid so that the order of adding cannot matter."""
    first = np.zeros(len(rows) + 1, dtype=np.int64)
    for a in range(len(rows)):
        first[a + 1] = first[a] + to.visits[rows[a]]
    on_scene, documentation = np.empty(first[-1]), np.empty(first[-1])
    for a in range(len(rows)):
        for e in range(first[a], first[a + 1]):
            nth = address[rows[a]] + e - first[a]
            on_scene[e] = uniform_of(keys.request_on_scene, nth)
            documentation[e] = uniform_of(keys.request_documentation, nth)
    normal_quantiles(on_scene)
    normal_quantiles(documentation)
    for e in range(first[-1]):
        on_scene[e] = on_grid(lognormal_of(on_scene[e], laws.on_scene_mean[R], laws.on_scene_spread[R]))
        documentation[e] = on_grid(
            lognormal_of(documentation[e], laws.documentation_mean[R], laws.documentation_spread[R])
        )
    for a in range(len(rows)):
        there = 0.0
        after = 0.0
        for e in range(first[a], first[a + 1]):
            there += on_scene[e]
            after += documentation[e]
        to.on_scene_min[rows[a]] = there
        to.documentation_min[rows[a]] = after


@compiled
def fill_patience(laws: Laws, keys: Keys, rows: Ints, address: Ints, to: Requests) -> None:
    """Of unplanned requests: A1 a fixed deadline; the others for a share `ed_share` from + Weibull, else endless."""
    ends = np.empty(len(rows), dtype=np.int64)
    n = 0
    for a in range(len(rows)):
        k = to.klass[rows[a]]
        to.patience_min[rows[a]] = on_grid(laws.deadline) if k == A1 else np.inf
        ends[n] = rows[a]
        n += 1 if uniform_of(keys.request_to_hospital, address[rows[a]]) < laws.ed_share[k] else 0
    for a in range(n):
        row = ends[a]
        k = to.klass[row]
        waits = weibull(uniform_of(keys.request_patience, address[row]), laws.ed_scale[k], laws.ed_shape[k])
        to.patience_min[row] = on_grid(laws.ed_from[k] + waits)


@compiled
def fill_fates(
    laws: Laws, keys: Keys, window: Ints, unplanned: Ints, planned: Ints, address: Ints, to: Requests
) -> None:
    """What else may become of a request: telephone, conveyance, nobody at home, refusal. Not of rounds."""
    for rows in (unplanned, planned):
        for a in range(len(rows)):
            to.single_visit[rows[a]] = uniform_of(keys.request_single_visit, address[rows[a]])
            to.elsewhere[rows[a]] = uniform_of(keys.request_elsewhere, address[rows[a]])
    for a in range(len(planned)):
        row = planned[a]
        if uniform_of(keys.request_no_show, address[row]) < laws.no_show_share:
            to.no_show[row] = 1
            to.on_scene_min[row] = laws.no_show
            to.documentation_min[row] = 0.0
    calls = np.empty(len(unplanned), dtype=np.int64)
    n = 0
    for a in range(len(unplanned)):
        row = unplanned[a]
        k = to.klass[row]
        jourtid = 0 if window[int(to.t0_min[row] / HOUR_MIN)] == DAG else 1
        conveyed = 1 if uniform_of(keys.request_conveyed, address[row]) < laws.conveyed_share[k] else 0
        to.conveyed[row] = conveyed
        to.on_scene_min[row] += laws.conveyance * conveyed
        calls[n] = row
        n += 1 if uniform_of(keys.request_telephone, address[row]) < laws.telephone_share[jourtid, k] else 0
    minutes = np.empty(n)
    for c in range(n):
        minutes[c] = uniform_of(keys.request_call, address[calls[c]])
    normal_quantiles(minutes)
    for c in range(n):
        to.telephone[calls[c]] = 1
        to.call_min[calls[c]] = on_grid(lognormal_of(minutes[c], laws.call_mean, laws.call_spread))
