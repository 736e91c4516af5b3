"""When requests are logged: acute calls, crises, certificates and planned needs of one replication, and in which order
requests lie on the tape.

The needs of a place (`sim.world.points`) lie still; whoever has the place at the minute of a need decides by his rate
whether it becomes a request. A need's address is that of everything that is drawn for the request.
"""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple

import numpy as np

from sim.codes import A1, ADM, PAL, P
from sim.columns import Column, Floats, Ints
from sim.jit import compiled
from sim.world.points import DAY_MIN, HOUR_MIN, Points
from sim.world.streams import uniform_of

ACUTE: Final = 0  # kinds of need
CRISIS: Final = 1
CERTIFICATE: Final = 2
PLANNED: Final = 3
KINDS: Final = 4


class Needs(NamedTuple):
    """Needs of patients. The factor on acute demand belongs to an organisation (`sim.world.parts`)."""

    kind: Annotated[Ints, Column("kind of need")]
    who: Annotated[Ints, Column("row of the population")]
    address: Annotated[Ints, Column("index of what is drawn for it")]
    minute: Annotated[Floats, Column("when, on the grid")]
    least_factor: Annotated[Floats, Column("asked for where acute demand is more than so many times; 0 if not acute")]


class Logged(NamedTuple):
    """Requests in the order of making."""

    who: Annotated[Ints, Column("row of the population, or of the homes that have rounds")]
    address: Annotated[Ints, Column("index of what is drawn for it")]
    klass: Annotated[Ints, Column("code of the class")]
    t0_min: Annotated[Floats, Column("logged, minutes from the start")]
    visits: Annotated[Ints, Column("residents seen; 1 for all but rounds")]
    least_factor: Annotated[Floats, Column("as of the need")]


@compiled
def assign(
    points: Points,
    kind_of: Ints,
    first: Ints,
    to_min: Floats,
    rate: Floats,
    by_hour: Floats,
    factor: float,
    needs: Needs,
) -> int:
    """Write the needs that the patients of the slots have where acute demand is `factor` times as large; gives their
    number. `needs` has room for one more than the points.

    Process kind * slots + s is need `kind` of slot s, whose patients are rows `first[s]` to `first[s + 1]` in order of
    time; `rate` (kinds, patients) a year, `by_hour` (kinds, hours) the weights.
    """
    n = 0
    slots = len(first) - 1
    for i in range(len(points.mark)):
        minute, process = points.minute[i], points.process[i]
        kind = kind_of[process]
        slot = process - kind * slots
        row, last = first[slot], first[slot + 1] - 1
        while row < last:  # the first who has not left by then
            middle = (row + last) >> 1
            row, last = (middle + 1, last) if minute >= to_min[middle] else (row, middle)
        needs.kind[n] = kind
        needs.who[n] = row
        needs.address[n] = points.address[i]
        needs.minute[n] = minute
        # of two numbers one is below the other if and only if the quotient, rounded, is below 1
        level = rate[kind, row] * by_hour[kind, int(minute / HOUR_MIN)]
        least = points.mark[i] / level if level > 0.0 else np.inf
        needs.least_factor[n] = least if kind == ACUTE else 0.0
        n += 1 if least < (factor if kind == ACUTE else 1.0) else 0
    return n


@compiled
def log_unplanned(class_share: Floats, classes: np.uint64, needs: Needs, logged: Logged) -> int:
    """Crises, certificates and acute needs, from row 0; gives the next free row. The stream `classes` decides the class
    of acute ones by the shares (2, hours) of A1, and of A1 and A2."""
    n = 0
    for i in range(len(needs.kind)):
        kind, hour, address = needs.kind[i], int(needs.minute[i] / HOUR_MIN), needs.address[i]
        u = uniform_of(classes, address)
        acute = A1 + (1 if u > class_share[0, hour] else 0) + (1 if u > class_share[1, hour] else 0)
        logged.who[n] = needs.who[i]
        logged.address[n] = address
        logged.klass[n] = acute if kind == ACUTE else (PAL if kind == CRISIS else ADM)
        logged.t0_min[n] = needs.minute[i]
        logged.visits[n] = 1
        logged.least_factor[n] = needs.least_factor[i]
        n += 1 if kind != PLANNED else 0
    return n


@compiled
def log_planned(release: Ints, from_min: Floats, to_min: Floats, needs: Needs, logged: Logged, n: int) -> int:
    """Planned needs on the office day of their release, from row `n`; gives the next free row. A need of the day on
    which the patient came is released on the next; one that would be released after the patient left is not made."""
    days = len(release)
    for i in range(len(needs.kind)):
        who = needs.who[i]
        day = release[int(needs.minute[i] / DAY_MIN)]
        if day * DAY_MIN < from_min[who]:
            day = release[day + 1] if day + 1 < days else days
        logged.who[n] = who
        logged.address[n] = needs.address[i]
        logged.klass[n] = P
        logged.t0_min[n] = day * DAY_MIN
        logged.visits[n] = 1
        logged.least_factor[n] = 0.0
        n += 1 if needs.kind[i] == PLANNED and day < days and day * DAY_MIN < to_min[who] else 0
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


def tape_order(t0: Floats, tie: Floats, unplanned: int, horizon: float) -> Ints:
    """The order of requests by time and uniform `tie`. The first `unplanned` of them come at any time, the others at
    midnight, where the uniform alone tells them apart: each kind is sorted by what spreads it, and the two are merged.
    """
    first = rising(t0[:unplanned], t0[:unplanned], tie[:unplanned], horizon)
    later = rising(t0[unplanned:] / DAY_MIN + tie[unplanned:], t0[unplanned:], tie[unplanned:], horizon / DAY_MIN)
    return merged(t0, tie, first, later + unplanned)


@compiled
def merged(time: Floats, tie: Floats, one: Ints, other: Ints) -> Ints:
    """Two lists of numbers in order of (time, tie) as one."""
    order = np.empty(len(one) + len(other), dtype=np.int64)
    a = 0
    b = 0
    for row in range(len(order)):
        i = one[a] if a < len(one) else -1
        j = other[b] if b < len(other) else -1
        if j < 0 or (i >= 0 and (time[i] < time[j] or (time[i] == time[j] and tie[i] <= tie[j]))):
            order[row] = i
            a += 1
        else:
            order[row] = j
            b += 1
    return order
