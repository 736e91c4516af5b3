"""What each request carries: durations, patience, promised day, and whose it is. Written row by row of the tape."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import A1, A3, P, R
from sim.jit import compiled
from sim.world.arrivals import DAY_MIN, Logged, Rounds
from sim.world.elementary import normal_quantiles
from sim.world.laws import lognormal_of, on_grid, weibull
from sim.world.population import Population
from sim.world.streams import Keys, uniform_at

NO_KEY: Final = np.uint64(0)  # for classes whose value is not drawn there
RESIDENTS: Final = 1024  # addresses of one round; a home keeps 2**20 / 1024 rounds

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Laws(NamedTuple):
    """Means and spreads (`sim.world.laws.log_spread`), arrays by class. Patience of A1: `deadline`; of the other acute
    classes `ed_from` + Weibull for the share `ed_share`, else endless."""

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


class Columns(NamedTuple):
    """The request columns of a DemandTape."""

    patient: Ints
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


def empty_columns(n: int) -> Columns:
    """Room for `n` requests."""
    whole = {"patient", "group", "klass", "node", "municipality", "vardcentral", "due_day", "visits"}
    made: dict[str, Any] = {name: np.empty(n, dtype=np.int64 if name in whole else float) for name in Columns._fields}
    return Columns(**made)


def fill(laws: Laws, keys: Keys, people: Population, rounds: Rounds, logged: Logged, order: Ints, to: Columns) -> None:
    """Write every column of every request, in the order of the tape.

    Column by column, so that compiled code can handle several rows at a time.
    """
    owner, ordinal = np.empty(len(order), dtype=np.int64), np.empty(len(order), dtype=np.int64)
    fill_facts(laws, people, rounds, keys.round_named_physician, logged, order, owner, ordinal, to)
    for column, acute, of_round, planned, mean, spread in (
        (to.triage_min, keys.acute_triage, NO_KEY, NO_KEY, laws.triage_mean, laws.triage_spread),
        (to.on_scene_min, keys.acute_on_scene, NO_KEY, keys.planned_on_scene, laws.on_scene_mean, laws.on_scene_spread),
        (to.documentation_min, keys.acute_documentation, NO_KEY, keys.planned_documentation,
         laws.documentation_mean, laws.documentation_spread),
        (to.travel_factor, keys.acute_travel, keys.round_travel, keys.planned_travel,
         laws.travel_mean, laws.travel_spread),
    ):  # fmt: skip
        key = np.array([acute, acute, acute, acute, acute, of_round, planned], dtype=np.uint64)
        fill_lognormal(key, mean, spread, to.klass, owner, ordinal, column, column is not to.travel_factor)
    fill_patience(laws, keys.acute_to_hospital, keys.acute_patience, to.klass, owner, ordinal, to.patience_min)
    for column, key_of_round, mean, spread in (
        (to.on_scene_min, keys.round_on_scene, laws.on_scene_mean, laws.on_scene_spread),
        (to.documentation_min, keys.round_documentation, laws.documentation_mean, laws.documentation_spread),
    ):
        fill_sums(key_of_round, mean[R], spread[R], to.klass, owner, ordinal, to.visits, column)


@compiled
def fill_facts(
    laws: Laws, people: Population, rounds: Rounds, named: np.uint64, logged: Logged, order: Ints,
    owner: Ints, ordinal: Ints, to: Columns,
) -> None:  # fmt: skip
    """Whose, what and when, and what follows from it; `owner` and `ordinal` become the address of each row's draws."""
    for row in range(len(order)):
        i = order[row]
        klass = logged.klass[i]
        visits = logged.visits[i]
        day = int(logged.t0_min[i] / DAY_MIN)
        who = logged.owner[i]
        to.klass[row] = klass
        to.t0_min[row] = logged.t0_min[i]
        to.visits[row] = visits
        to.on_scene_plan_min[row] = on_grid(visits * laws.on_scene_mean[klass])
        to.documentation_plan_min[row] = on_grid(visits * laws.documentation_mean[klass])
        ordinal[row] = logged.ordinal[i]
        if klass == R:
            owner[row] = rounds.home[who]
            to.patient[row] = -1
            to.group[row] = rounds.group[who]
            to.node[row] = rounds.node[who]
            to.municipality[row] = rounds.municipality[who]
            to.vardcentral[row] = rounds.vardcentral[who]
            to.named[row] = uniform_at(named, rounds.home[who], 0)
            to.due_day[row] = day
        else:
            owner[row] = who
            to.patient[row] = who
            to.group[row] = people.group[who]
            to.node[row] = people.node[who]
            to.municipality[row] = people.municipality[who]
            to.vardcentral[row] = people.vardcentral[who]
            to.named[row] = people.named[who]
            to.due_day[row] = day + laws.window_days - 1 if klass == P else -1


@compiled
def fill_lognormal(
    key: NDArray[np.uint64], mean: Floats, spread: Floats, klass: Ints, owner: Ints, ordinal: Ints, column: Floats,
    gridded: bool,
) -> None:  # fmt: skip
    """One lognormal value a row; stream, mean and spread by class. A class with mean and spread 0 gets 0."""
    means, spreads = np.empty(len(column)), np.empty(len(column))
    for row in range(len(column)):
        k = klass[row]
        column[row] = uniform_at(key[k], owner[row], ordinal[row])
        means[row] = mean[k]
        spreads[row] = spread[k]
    normal_quantiles(column)
    for row in range(len(column)):
        column[row] = lognormal_of(column[row], means[row], spreads[row])
    if gridded:
        for row in range(len(column)):
            column[row] = on_grid(column[row])


@compiled
def fill_patience(
    laws: Laws, to_hospital: np.uint64, waits: np.uint64, klass: Ints, owner: Ints, ordinal: Ints, column: Floats
) -> None:
    """A1 a fixed deadline; A2 and A3 for a share `ed_share` from + Weibull, all others endless."""
    for row in range(len(column)):
        patience = np.inf
        k = klass[row]
        if k == A1:
            patience = laws.deadline
        elif k <= A3 and uniform_at(to_hospital, owner[row], ordinal[row]) < laws.ed_share[k]:
            u = uniform_at(waits, owner[row], ordinal[row])
            patience = laws.ed_from[k] + weibull(u, laws.ed_scale[k], laws.ed_shape[k])
        column[row] = on_grid(patience)


@compiled
def fill_sums(
    key: np.uint64, mean: float, spread: float, klass: Ints, home: Ints, week: Ints, visits: Ints, column: Floats
) -> None:
    """For rounds the sum over the residents seen, each on the grid so that the order of adding cannot matter."""
    total = 0
    for row in range(len(column)):
        if klass[row] == R:
            total += visits[row]
    each = np.empty(total)
    e = 0
    for row in range(len(column)):
        if klass[row] == R:
            for nth in range(visits[row]):
                each[e] = uniform_at(key, home[row], RESIDENTS * week[row] + nth)
                e += 1
    normal_quantiles(each)
    for e in range(total):
        each[e] = on_grid(lognormal_of(each[e], mean, spread))
    e = 0
    for row in range(len(column)):
        if klass[row] == R:
            column[row] = 0.0
            for _ in range(visits[row]):
                column[row] += each[e]
                e += 1
