"""What each request carries: durations, patience, promised day, and whose it is. Written row by row of the tape."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import A1, ADM, DAG, P, R
from sim.jit import compiled
from sim.world.arrivals import DAY_MIN, HOUR_MIN, Logged, Rounds
from sim.world.elementary import normal_quantiles
from sim.world.laws import lognormal_of, on_grid, weibull
from sim.world.population import Population
from sim.world.streams import Keys, uniform_at
from sim.world.tape import Requests

NO_KEY: Final = np.uint64(0)  # for classes whose value is not drawn there
UNPLANNED_CLASSES: Final = ADM + 1  # the first codes
RESIDENTS: Final = 1024  # addresses of one round; a home keeps 2**20 / 1024 rounds

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

    Column by column, so that compiled code can handle several rows at a time.
    """
    owner, ordinal = fill_facts(laws, people, rounds, keys.round_named_physician, logged, order, to)
    for column, acute, of_round, planned, mean, spread in (
        (to.triage_min, keys.acute_triage, NO_KEY, NO_KEY, laws.triage_mean, laws.triage_spread),
        (to.on_scene_min, keys.acute_on_scene, NO_KEY, keys.planned_on_scene, laws.on_scene_mean, laws.on_scene_spread),
        (to.documentation_min, keys.acute_documentation, NO_KEY, keys.planned_documentation,
         laws.documentation_mean, laws.documentation_spread),
        (to.travel_factor, keys.acute_travel, keys.round_travel, keys.planned_travel,
         laws.travel_mean, laws.travel_spread),
    ):  # fmt: skip
        key = np.array([*[acute] * UNPLANNED_CLASSES, of_round, planned], dtype=np.uint64)
        fill_lognormal(key, mean, spread, to.klass, owner, ordinal, column, column is not to.travel_factor)
    fill_patience(laws, keys.acute_to_hospital, keys.acute_patience, to.klass, owner, ordinal, to.patience_min)
    for column, key_of_round, mean, spread in (
        (to.on_scene_min, keys.round_on_scene, laws.on_scene_mean, laws.on_scene_spread),
        (to.documentation_min, keys.round_documentation, laws.documentation_mean, laws.documentation_spread),
    ):
        fill_sums(key_of_round, mean[R], spread[R], to.klass, owner, ordinal, to.visits, column)
    fill_fates(laws, keys, window, owner, ordinal, to)


def fill_facts(
    laws: Laws, people: Population, rounds: Rounds, named: np.uint64, logged: Logged, order: Ints, to: Requests
) -> tuple[Ints, Ints]:
    """Whose, what and when, and what follows from it; gives the address (owner, ordinal) of each row's draws.

    The homes that have rounds are laid behind the patients, so that every column is one look-up.
    """

    def look_up(table: NDArray[Any], which: Ints, column: NDArray[Any]) -> None:
        np.take(table, which, out=column, mode="clip")  # "raise" would copy

    homes = len(rounds.home)
    home_named = np.empty(homes)
    fill_named(named, rounds.home, home_named)
    for held, column in ((logged.klass, to.klass), (logged.t0_min, to.t0_min), (logged.visits, to.visits)):
        look_up(held, order, column)
    owner, ordinal = np.empty_like(order), np.empty_like(order)
    look_up(logged.ordinal, order, ordinal)
    who = logged.who[order]
    of_round = to.klass == R
    np.copyto(to.patient, np.where(of_round, -1, who))
    who += len(people.owner) * of_round
    for own, of_home, target in (
        (people.owner, rounds.home, owner),
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
    return owner, ordinal


@compiled
def fill_named(key: np.uint64, home: Ints, named: Floats) -> None:
    """The uniform of each home that has rounds."""
    for row in range(len(home)):
        named[row] = uniform_at(key, home[row], 0)


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
    """A1 a fixed deadline; the other unplanned classes for a share `ed_share` from + Weibull, all others endless."""
    for row in range(len(column)):
        patience = np.inf
        k = klass[row]
        if k == A1:
            patience = laws.deadline
        elif (
            k <= ADM and laws.ed_share[k] > 0.0 and uniform_at(to_hospital, owner[row], ordinal[row]) < laws.ed_share[k]
        ):
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


@compiled
def fill_fates(laws: Laws, keys: Keys, window: Ints, owner: Ints, ordinal: Ints, to: Requests) -> None:
    """What else may become of a request: telephone, conveyance, nobody at home, refusal. Not of rounds."""
    calls = 0
    where = np.empty(len(owner), dtype=np.int64)
    each = np.empty(len(owner))
    for row in range(len(owner)):
        k = to.klass[row]
        to.telephone[row] = 0
        to.call_min[row] = 0.0
        to.no_show[row] = 0
        to.conveyed[row] = 0
        to.single_visit[row] = 0.5
        to.elsewhere[row] = 0.5
        if k == R:
            continue
        to.single_visit[row] = uniform_at(keys.request_single_visit, owner[row], ordinal[row])
        to.elsewhere[row] = uniform_at(keys.request_elsewhere, owner[row], ordinal[row])
        if k == P:
            if uniform_at(keys.planned_no_show, owner[row], ordinal[row]) < laws.no_show_share:
                to.no_show[row] = 1
                to.on_scene_min[row] = laws.no_show
                to.documentation_min[row] = 0.0
            continue
        if uniform_at(keys.request_conveyed, owner[row], ordinal[row]) < laws.conveyed_share[k]:
            to.conveyed[row] = 1
            to.on_scene_min[row] += laws.conveyance
        jourtid = 0 if window[int(to.t0_min[row] / HOUR_MIN)] == DAG else 1
        if uniform_at(keys.request_telephone, owner[row], ordinal[row]) < laws.telephone_share[jourtid, k]:
            to.telephone[row] = 1
            where[calls] = row
            each[calls] = uniform_at(keys.request_call, owner[row], ordinal[row])
            calls += 1
    each = each[:calls]
    normal_quantiles(each)
    for c in range(calls):
        to.call_min[where[c]] = on_grid(lognormal_of(each[c], laws.call_mean, laws.call_spread))
