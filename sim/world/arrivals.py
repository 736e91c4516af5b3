"""When requests are logged: acute calls, crises, certificates, planned needs and rounds of one replication, and their
order on the tape.

The needs of a place (`sim.world.points`) lie still; whoever has the place at the minute of a need decides by his rate
whether it becomes a request. A need's address is that of everything that is drawn for the request.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import A1, ADM, PAL, P, R
from sim.jit import compiled
from sim.world.laws import Shares, value_at
from sim.world.points import DAY_MIN, HOUR_MIN, Points
from sim.world.streams import ORDINALS, Keys, uniform_of

ACUTE: Final = 0  # kinds of need
CRISIS: Final = 1
CERTIFICATE: Final = 2
PLANNED: Final = 3
KINDS: Final = 4
RESIDENTS: Final = 1024  # addresses of one round

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Needs(NamedTuple):
    """Needs of patients: kind, whose (row of the population), address of the draws, and minute."""

    kind: Ints
    who: Ints
    address: Ints
    minute: Floats


class Rounds(NamedTuple):
    """The homes that have rounds. `owner` of the draws; `seen`: the law of how many residents are seen."""

    owner: Ints
    group: Ints
    node: Ints
    municipality: Ints
    vardcentral: Ints
    weekday: Ints
    seen: Shares


class Logged(NamedTuple):
    """Requests in the order of making: `who` (patient, or row of Rounds), `address` of the draws, class, time, uniform
    that orders equal times, and residents seen."""

    who: Ints
    address: Ints
    klass: Ints
    t0_min: Floats
    order: Floats
    visits: Ints


@compiled
def assign(
    points: Points, kind_of: Ints, first: Ints, to_min: Floats, rate: Floats, by_hour: Floats, needs: Needs
) -> int:
    """Write the needs that the patients of the slots have; gives their number. `needs` has room for one more than the
    points.

    Process kind * slots + s is need `kind` of slot s, whose patients are rows `first[s]` to `first[s + 1]` in order of
    time; `rate` (kinds, patients) a year, `by_hour` (kinds, hours) the weights.
    """
    n = 0
    slots = len(first) - 1
    for i in range(len(points.mark)):
        minute, process = points.minute[i], points.process[i]
        kind = kind_of[process]
        slot = process - kind * slots
        row = first[slot]
        last = first[slot + 1] - 1
        while row < last and minute >= to_min[row]:
            row += 1
        needs.kind[n] = kind
        needs.who[n] = row
        needs.address[n] = points.address[i]
        needs.minute[n] = minute
        n += 1 if points.mark[i] < rate[kind, row] * by_hour[kind, int(minute / HOUR_MIN)] else 0
    return n


@compiled
def log_unplanned(class_share: Floats, keys: Keys, needs: Needs, logged: Logged) -> int:
    """All needs but the planned, from row 0; gives the next free row."""
    n = 0
    for i in range(len(needs.kind)):
        kind = needs.kind[i]
        if kind == PLANNED:
            continue
        address = needs.address[i]
        klass = PAL if kind == CRISIS else ADM
        if kind == ACUTE:
            hour = int(needs.minute[i] / HOUR_MIN)
            u = uniform_of(keys.request_class, address)
            klass = A1 + (1 if u > class_share[0, hour] else 0) + (1 if u > class_share[1, hour] else 0)
        logged.klass[n] = klass
        logged.who[n] = needs.who[i]
        logged.address[n] = address
        logged.t0_min[n] = needs.minute[i]
        logged.order[n] = uniform_of(keys.request_order, address)
        logged.visits[n] = 1
        n += 1
    return n


@compiled
def log_planned(
    release: Ints, from_min: Floats, to_min: Floats, keys: Keys, needs: Needs, logged: Logged, n: int
) -> int:
    """Planned needs on the office day of their release, from row `n`; gives the next free row. A need of the day on
    which the patient came is released on the next; one that would be released after the patient left is not made."""
    for i in range(len(needs.kind)):
        if needs.kind[i] != PLANNED:
            continue
        who = needs.who[i]
        day = release[int(needs.minute[i] / DAY_MIN)]
        if day * DAY_MIN < from_min[who]:
            day = release[day + 1] if day + 1 < len(release) else len(release)
        if day >= len(release) or day * DAY_MIN >= to_min[who]:
            continue
        logged.klass[n] = P
        logged.who[n] = who
        logged.address[n] = needs.address[i]
        logged.t0_min[n] = day * DAY_MIN
        logged.order[n] = uniform_of(keys.request_order, needs.address[i])
        logged.visits[n] = 1
        n += 1
    return n


@compiled
def log_rounds(release: Ints, keys: Keys, rounds: Rounds, logged: Logged, n: int) -> int:
    """The weekly rounds on which somebody is to be seen, from row `n`; gives the next free row."""
    for row in range(len(rounds.owner)):
        for week in range(len(release) // 7):
            address = rounds.owner[row] * ORDINALS + week * RESIDENTS
            seen = value_at(uniform_of(keys.round_residents, address), rounds.seen, row)
            day = release[7 * week + rounds.weekday[row]]
            if seen == 0 or day >= len(release):
                continue
            logged.klass[n] = R
            logged.who[n] = row
            logged.address[n] = address
            logged.t0_min[n] = day * DAY_MIN
            logged.order[n] = uniform_of(keys.request_order, address)
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
