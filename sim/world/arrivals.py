"""When requests are logged: acute calls, crises, certificates, planned needs and rounds of one replication, and their
order on the tape.

A patient's requests of each kind are numbered from 1; the number plus the kind's offset (`CRISIS`, `CERTIFICATE`,
`PLANNED`) is the ordinal of everything that is drawn for the request. Nothing is logged outside presence.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.codes import A1, A2, A3, P, R
from sim.errors import HembesokError
from sim.jit import compiled
from sim.world.elementary import log
from sim.world.laws import first_at_least, guide_table, invert, on_grid
from sim.world.streams import REQUESTS, Keys, uniform_at, wrapping

DAY_MIN: Final = 1440.0
YEAR_MIN: Final = 365.25 * DAY_MIN  # the year of every yearly rate
DAYS_PER_YEAR: Final = YEAR_MIN / DAY_MIN
HOUR_MIN: Final = 60.0
CRISIS: Final = REQUESTS  # offsets of a request's ordinal; that of acute requests is 0
CERTIFICATE: Final = 2 * REQUESTS
PLANNED: Final = 3 * REQUESTS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class AcuteTimes(NamedTuple):
    """When acute calls come. `cumulative` intensity in mean years at `minutes`, straight between; `guide` and
    `per_cell` find the hour; `class_share` (2, hours): the shares of A1, and of A1 and A2, in each hour."""

    minutes: Floats
    cumulative: Floats
    guide: Ints
    per_cell: float
    class_share: Floats


class Presence(NamedTuple):
    """(patients,) each: `owner` of the draws, present from `from_min` to before `to_min` (inf: to the end)."""

    owner: Ints
    from_min: Floats
    to_min: Floats


class Rounds(NamedTuple):
    """The homes that have rounds. `home` is the position in the facility table; P(residents seen <= k) is entry
    `seen_first[h] + k` of `seen_share`, up to `seen_first[h + 1]`."""

    home: Ints
    group: Ints
    node: Ints
    municipality: Ints
    vardcentral: Ints
    weekday: Ints
    seen_first: Ints
    seen_share: Floats


class Logged(NamedTuple):
    """Requests in the order of making: `who` (patient, or row of Rounds), `ordinal` (number with the offset of its
    kind, or the week), class, time, uniform that orders equal times, and residents seen."""

    who: Ints
    ordinal: Ints
    klass: Ints
    t0_min: Floats
    order: Floats
    visits: Ints


def unit_arrivals(
    key: int, rate: Floats, end: float | Floats, begin: Floats | None = None, owner: Ints | None = None
) -> tuple[Ints, Ints, Floats]:
    """Arrivals of independent Poisson processes, one for each rate, on [begin, end] (from 0 unless given).

    Process i has its k-th arrival (k = 1, 2, ..) at begin[i] + S_k / rate[i] where S_k = sum over j <= k of
    -log u(address(owner[i], j)); the owner is i unless given. Returns process, k and time, by k and process. A rate of
    0 gives none. Another rate stretches the times and keeps every gap's number. HembesokError beyond 2**18 - 1
    arrivals of one process.
    """
    n_processes = len(rate)
    last = np.full(n_processes, end) if isinstance(end, float) else end
    first = np.zeros(n_processes) if begin is None else begin
    who = np.arange(n_processes) if owner is None else owner
    room = expected_room(float((rate * np.maximum(last - first, 0.0)).sum()))
    while True:
        process, k, time = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64), np.empty(room)
        with wrapping():
            n = walk_gaps(np.uint64(key), who, rate, first, last, process, k, time)
        if n < 0:
            raise HembesokError(f"more than {REQUESTS - 1} requests from one patient; lower demand.scale or the rates")
        if n <= room:
            return process[:n], k[:n], time[:n]
        room = n


def expected_room(mean: float) -> int:
    """Hardly ever too little: eight standard deviations above the mean."""
    return 64 + int(mean + 8.0 * math.sqrt(mean))


@compiled
def walk_gaps(
    key: np.uint64, owner: Ints, rate: Floats, begin: Floats, end: Floats, process: Ints, k: Ints, time: Floats
) -> int:
    """Write arrivals as far as there is room; gives how many there are, or -1 if one process has too many.

    Layer by layer, the k-th arrival of all processes that had one before, so that the logarithms come many at a time.
    """
    who = np.flatnonzero(rate > 0.0)
    unit, at = np.zeros(len(who)), np.empty(len(who))
    alive = len(who)
    n = 0
    for layer in range(1, REQUESTS):
        for a in range(alive):
            at[a] = uniform_at(key, owner[who[a]], layer)
        for a in range(alive):
            unit[a] -= log(at[a])
        for a in range(alive):
            at[a] = begin[who[a]] + np.divide(unit[a], rate[who[a]])
        kept = 0
        for a in range(alive):
            if at[a] <= end[who[a]]:
                if n < len(time):
                    process[n] = who[a]
                    k[n] = layer
                    time[n] = at[a]
                n += 1
                who[kept] = who[a]
                unit[kept] = unit[a]
                kept += 1
        alive = kept
        if alive == 0:
            return n
    return -1


def arrival_times(unit_times: ArrayLike, cumulative_min: Floats, cumulative: Floats) -> Floats:
    """Times at which a process with a given cumulative intensity reaches `unit_times`: exact inversion, no thinning.

    The cumulative intensity is piecewise linear through the points (`cumulative_min`, `cumulative`), minutes rising,
    values not falling and starting at 0. Unit times beyond its last value give infinity; the shape is that of
    `unit_times`. No arrival falls strictly inside a stretch of zero intensity.
    """
    goal = np.asarray(unit_times, dtype=np.float64)
    interval, times = np.empty(goal.size, dtype=np.int64), np.empty(goal.size)
    invert(goal.ravel(), cumulative_min, cumulative, *guide_table(cumulative), interval, times)
    return times.reshape(goal.shape)


@compiled
def reached(minutes: Floats, times: Floats, cumulative: Floats) -> Floats:
    """The cumulative intensity reached at each of some minutes; `times` are whole hours from 0, and what lies beyond
    the last gives its value."""
    goal = np.empty(len(minutes))
    last = len(times) - 1
    for i in range(len(minutes)):
        if minutes[i] <= 0.0:
            goal[i] = 0.0
        elif minutes[i] >= times[last]:
            goal[i] = cumulative[last]
        else:
            h = int(minutes[i] / HOUR_MIN)
            share = (minutes[i] - times[h]) / HOUR_MIN
            goal[i] = cumulative[h] + share * (cumulative[h + 1] - cumulative[h])
    return goal


@compiled
def log_acute(
    when: AcuteTimes, keys: Keys, horizon: float, here: Presence, patient: Ints, ordinal: Ints, unit: Floats,
    logged: Logged, n: int,
) -> int:  # fmt: skip
    """The acute calls that come before the horizon, from row `n`; gives the next free row."""
    hour, time = np.empty(len(unit), dtype=np.int64), np.empty(len(unit))
    invert(unit, when.minutes, when.cumulative, when.guide, when.per_cell, hour, time)
    for i in range(len(unit)):
        h = hour[i]  # not the hour of t0, which rounding may move to the next
        who = patient[i]
        t0 = max(on_grid(time[i]), here.from_min[who])
        if t0 >= horizon or t0 >= here.to_min[who]:
            continue
        u = uniform_at(keys.acute_class, here.owner[who], ordinal[i])
        logged.klass[n] = A1 if u <= when.class_share[0, h] else (A2 if u <= when.class_share[1, h] else A3)
        logged.who[n] = who
        logged.ordinal[n] = ordinal[i]
        logged.t0_min[n] = t0
        logged.order[n] = uniform_at(keys.acute_order, here.owner[who], ordinal[i])
        logged.visits[n] = 1
        n += 1
    return n


@compiled
def log_other(
    klass: int, offset: int, when: AcuteTimes, keys: Keys, horizon: float, here: Presence, patient: Ints,
    ordinal: Ints, unit: Floats, logged: Logged, n: int,
) -> int:  # fmt: skip
    """Crises or certificates, which come at the hours of acute calls, from row `n`; gives the next free row."""
    hour, time = np.empty(len(unit), dtype=np.int64), np.empty(len(unit))
    invert(unit, when.minutes, when.cumulative, when.guide, when.per_cell, hour, time)
    for i in range(len(unit)):
        who = patient[i]
        t0 = max(on_grid(time[i]), here.from_min[who])
        if t0 >= horizon or t0 >= here.to_min[who]:
            continue
        logged.klass[n] = klass
        logged.who[n] = who
        logged.ordinal[n] = offset + ordinal[i]
        logged.t0_min[n] = t0
        logged.order[n] = uniform_at(keys.acute_order, here.owner[who], offset + ordinal[i])
        logged.visits[n] = 1
        n += 1
    return n


@compiled
def log_planned(
    release: Ints, keys: Keys, here: Presence, patient: Ints, ordinal: Ints, years: Floats, logged: Logged, n: int
) -> int:
    """Planned needs on the office day of their release, from row `n`; gives the next free row. A need of the day on
    which the patient came is released on the next; one that would be released after the patient left is not made."""
    for i in range(len(years)):
        who = patient[i]
        day = release[min(int(years[i] * DAYS_PER_YEAR), len(release) - 1)]
        if day * DAY_MIN < here.from_min[who]:
            day = release[day + 1] if day + 1 < len(release) else len(release)
        if day >= len(release) or day * DAY_MIN >= here.to_min[who]:
            continue
        logged.klass[n] = P
        logged.who[n] = who
        logged.ordinal[n] = PLANNED + ordinal[i]
        logged.t0_min[n] = day * DAY_MIN
        logged.order[n] = uniform_at(keys.planned_order, here.owner[who], PLANNED + ordinal[i])
        logged.visits[n] = 1
        n += 1
    return n


@compiled
def log_rounds(release: Ints, keys: Keys, rounds: Rounds, logged: Logged, n: int) -> int:
    """The weekly rounds on which somebody is to be seen, from row `n`; gives the next free row."""
    for row in range(len(rounds.home)):
        home = rounds.home[row]
        first = rounds.seen_first[row]
        for week in range(len(release) // 7):
            u = uniform_at(keys.round_residents, home, week)
            seen = first_at_least(rounds.seen_share, first, rounds.seen_first[row + 1], u) - first
            day = release[7 * week + rounds.weekday[row]]
            if seen == 0 or day >= len(release):
                continue
            logged.klass[n] = R
            logged.who[n] = row
            logged.ordinal[n] = week
            logged.t0_min[n] = day * DAY_MIN
            logged.order[n] = uniform_at(keys.round_order, home, week)
            logged.visits[n] = seen
            n += 1
    return n


@compiled
def rising(position: Floats, time: Floats, tie: Floats, span: float) -> Ints:
    """The order of (time, tie), equal ones by number. `position`, 0 to `span`, never falls in that order: each goes
    to one of as many cells as there are numbers, and what shares a cell is sorted by insertion."""
    n = len(position)
    cell = np.empty(n, dtype=np.int64)
    place = np.zeros(n + 1, dtype=np.int64)
    for i in range(n):
        cell[i] = min(int(position[i] * (n / span)), n - 1)
        place[cell[i] + 1] += 1
    for c in range(n):
        place[c + 1] += place[c]
    order = np.empty(n, dtype=np.int64)
    for i in range(n):
        order[place[cell[i]]] = i
        place[cell[i]] += 1
    for row in range(1, n):
        i = order[row]
        before = row - 1
        while before >= 0 and (
            time[order[before]] > time[i] or (time[order[before]] == time[i] and tie[order[before]] > tie[i])
        ):
            order[before + 1] = order[before]
            before -= 1
        order[before + 1] = i
    return order


@compiled
def tape_order(logged: Logged, acute: int, n: int, horizon: float) -> Ints:
    """The first `n` requests by time and uniform. The first `acute` of them come at any time, the others at midnight,
    where the uniform alone tells them apart: each kind is sorted by what spreads it, and the two are merged."""
    t0, tie = logged.t0_min, logged.order
    first = rising(t0[:acute], t0[:acute], tie[:acute], horizon)
    second = rising(t0[acute:n] / DAY_MIN + tie[acute:n], t0[acute:n], tie[acute:n], horizon / DAY_MIN)
    order = np.empty(n, dtype=np.int64)
    a = 0
    b = 0
    for row in range(n):
        i = first[a] if a < len(first) else n
        j = second[b] + acute if b < len(second) else n
        if j == n or (i < n and (t0[i] < t0[j] or (t0[i] == t0[j] and tie[i] <= tie[j]))):
            order[row] = i
            a += 1
        else:
            order[row] = j
            b += 1
    return order
