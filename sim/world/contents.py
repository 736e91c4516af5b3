"""What each request carries: durations, patience, promised day, and whose it is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.codes import A1, DAG, P, R
from sim.columns import Floats, Ints, room
from sim.jit import compiled
from sim.world.arrivals import Logged
from sim.world.elementary import normal_quantiles
from sim.world.laws import lognormal_of, on_grid, weibull
from sim.world.points import DAY_MIN, HOUR_MIN
from sim.world.population import Population
from sim.world.rounds import Rounds
from sim.world.streams import ORDINALS, Keys, uniform_of, uniforms_of
from sim.world.tape import Requests


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


def fill(laws: Laws, keys: Keys, window: Ints, people: Population, rounds: Rounds, logged: Logged) -> Requests:
    """The requests of a tape, from those logged in its order. `window` (hours,) of the calendar.

    Column by column and kind by kind: compiled code then handles several rows at a time and need not ask of each what
    it is.
    """
    address, klass = logged.address, logged.klass
    to = room(Requests, len(klass))._replace(klass=klass, t0_min=logged.t0_min, visits=logged.visits)
    fill_facts(keys, people, rounds, logged, to)
    fill_plans(klass, logged.t0_min, logged.visits, laws.on_scene_mean, laws.documentation_mean, laws.window_days,
               to.on_scene_plan_min, to.documentation_plan_min, to.due_day)  # fmt: skip
    unplanned, planned, seen, own = map(np.flatnonzero, (klass < R, klass == P, klass == R, klass != R))
    every = np.arange(len(address))
    for rows, key, mean, spread, column in (
        (unplanned, keys.request_triage, laws.triage_mean, laws.triage_spread, to.triage_min),
        (own, keys.request_on_scene, laws.on_scene_mean, laws.on_scene_spread, to.on_scene_min),
        (own, keys.request_documentation, laws.documentation_mean, laws.documentation_spread, to.documentation_min),
        (every, keys.request_travel, laws.travel_mean, laws.travel_spread, to.travel_factor),
    ):
        fill_lognormal(rows, key, mean, spread, klass, address, column, column is not to.travel_factor)
    fill_rounds(laws, keys, seen, logged, to)
    fill_patience(unplanned, keys.request_to_hospital, keys.request_patience, klass, address, laws.deadline,
                  laws.ed_share, laws.ed_from, laws.ed_scale, laws.ed_shape, to.patience_min)  # fmt: skip
    fill_fates(laws, keys, window, unplanned, planned, address, to)
    for column, key in ((to.single_visit, keys.request_single_visit), (to.elsewhere, keys.request_elsewhere)):
        column[own] = uniforms_of(key, address[own])
    return to


def fill_facts(keys: Keys, people: Population, rounds: Rounds, logged: Logged, to: Requests) -> None:
    """Whose, what and when, and the columns that hold only of some requests as they are of all others.

    The homes that have rounds are laid behind the patients, so that every column is one look-up.
    """
    homes, of_round = len(rounds.owner), logged.klass == R
    who = logged.who + len(people.group) * of_round
    home_named = uniforms_of(keys.named_physician, rounds.owner * ORDINALS)
    for own, of_home, column in (
        (people.group, rounds.group, to.group),
        (people.node, rounds.node, to.node),
        (people.municipality, rounds.municipality, to.municipality),
        (people.vardcentral, rounds.vardcentral, to.vardcentral),
        (people.named, home_named, to.named),
        (people.mobility, np.zeros(homes), to.mobility),
        (people.to_min, np.full(homes, np.inf), to.leaves_min),
    ):
        np.take(np.concatenate([own, of_home]), who, out=column, mode="wrap")  # "raise" would copy
    for column, value in (
        (to.patient, np.where(of_round, -1, logged.who)), (to.triage_min, 0.0), (to.patience_min, np.inf),
        (to.telephone, 0), (to.call_min, 0.0), (to.no_show, 0), (to.conveyed, 0), (to.single_visit, 0.5),
        (to.elsewhere, 0.5),
    ):  # fmt: skip
        column[:] = value


@compiled
def fill_plans(
    klass: Ints, t0: Floats, visits: Ints, there: Floats, after: Floats, window: int, on_scene: Floats,
    documentation: Floats, due_day: Ints,
) -> None:  # fmt: skip
    """What a planner expects, `there` and `after` by class, and the last promised day of `window`."""
    for row in range(len(klass)):
        k = klass[row]
        on_scene[row] = on_grid(visits[row] * there[k])
        documentation[row] = on_grid(visits[row] * after[k])
        due_day[row] = int(t0[row] / DAY_MIN) + (window - 1 if k == P else 0) if k >= R else -1


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


def fill_rounds(laws: Laws, keys: Keys, rows: Ints, logged: Logged, to: Requests) -> None:
    """The times of rounds: sums over the residents seen, each on the grid so that the order of adding cannot matter."""
    address = residents_seen(rows, logged.address, logged.visits)
    every, klass = np.arange(len(address)), np.full(len(address), R)
    for key, mean, spread, column in (
        (keys.request_on_scene, laws.on_scene_mean, laws.on_scene_spread, to.on_scene_min),
        (keys.request_documentation, laws.documentation_mean, laws.documentation_spread, to.documentation_min),
    ):
        minutes = np.empty(len(address))
        fill_lognormal(every, key, mean, spread, klass, address, minutes, True)
        add_up(rows, logged.visits, minutes, column)


@compiled
def residents_seen(rows: Ints, address: Ints, visits: Ints) -> Ints:
    """The addresses of the residents seen on some rounds, round by round."""
    total = 0
    for a in range(len(rows)):
        total += visits[rows[a]]
    each = np.empty(total, dtype=np.int64)
    e = 0
    for a in range(len(rows)):
        for nth in range(visits[rows[a]]):
            each[e] = address[rows[a]] + nth
            e += 1
    return each


@compiled
def add_up(rows: Ints, visits: Ints, minutes: Floats, column: Floats) -> None:
    """The sum of the residents' minutes for each round."""
    e = 0
    for a in range(len(rows)):
        total = 0.0
        for _ in range(visits[rows[a]]):
            total += minutes[e]
            e += 1
        column[rows[a]] = total


@compiled
def fill_patience(
    rows: Ints, to_hospital: np.uint64, waits: np.uint64, klass: Ints, address: Ints, deadline: float, share: Floats,
    least: Floats, scale: Floats, shape: Floats, column: Floats,
) -> None:  # fmt: skip
    """Of unplanned requests: A1 a fixed deadline; the others for a share from `least` + Weibull, else endless."""
    ends = np.empty(len(rows), dtype=np.int64)
    n = 0
    for a in range(len(rows)):
        k = klass[rows[a]]
        column[rows[a]] = on_grid(deadline) if k == A1 else np.inf
        ends[n] = rows[a]
        n += 1 if uniform_of(to_hospital, address[rows[a]]) < share[k] else 0
    for a in range(n):
        k = klass[ends[a]]
        column[ends[a]] = on_grid(least[k] + weibull(uniform_of(waits, address[ends[a]]), scale[k], shape[k]))


def fill_fates(
    laws: Laws, keys: Keys, window: Ints, unplanned: Ints, planned: Ints, address: Ints, to: Requests
) -> None:
    """What else may become of a request: nobody at home, conveyance, telephone. Not of rounds."""
    missed = planned[np.flatnonzero(uniforms_of(keys.request_no_show, address[planned]) < laws.no_show_share)]
    to.no_show[missed] = 1
    to.on_scene_min[missed] = laws.no_show
    to.documentation_min[missed] = 0.0
    at, klass = address[unplanned], to.klass[unplanned]
    conveyed = unplanned[np.flatnonzero(uniforms_of(keys.request_conveyed, at) < laws.conveyed_share[klass])]
    to.conveyed[conveyed] = 1
    to.on_scene_min[conveyed] += laws.conveyance
    jourtid = (window[(to.t0_min[unplanned] / HOUR_MIN).astype(np.int64)] != DAG).astype(np.int64)
    share = laws.telephone_share[jourtid, klass]
    calls = unplanned[np.flatnonzero(uniforms_of(keys.request_telephone, at) < share)]
    to.telephone[calls] = 1
    mean, spread = (np.full(len(laws.on_scene_mean), value) for value in (laws.call_mean, laws.call_spread))
    fill_lognormal(calls, keys.request_call, mean, spread, to.klass, address, to.call_min, True)
