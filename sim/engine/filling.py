"""One laid-out tape under one prepared organisation as the rows that the rules read, by compiled loops."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import CLASSES, GROUPS
from sim.columns import Floats, Ints
from sim.engine.kinds import Kinds, with_lists
from sim.engine.laying import Laid
from sim.engine.prepare import Lookup, Prepared
from sim.errors import OrganisationError
from sim.jit import compiled
from sim.text import Text
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
def fill_run(
    lookup: Lookup, kinds: Kinds, laid: Laid, named: Floats, blank: NDArray[Any], requests: NDArray[Any],
    courses: NDArray[Any], steps: NDArray[Any],
) -> int:  # fmt: skip
    """Write the rows of all requests, of their courses, and of their steps, the teams in the order they are asked.
    `named`: the tape's uniform that picks among the physicians based where the patient is listed. Gives the number of
    steps, or -1 where some list of teams is empty or has not been made."""
    n = 0
    for r in range(len(requests)):
        route = lookup.route[laid.case[r]]
        entry = kinds.list_of[route * lookup.n_served + laid.served[r]]
        if entry < 0 or kinds.first[entry] == kinds.first[entry + 1]:
            return -1
        requests[r] = laid.requests[r]
        courses[r] = laid.courses[r]
        row = requests[r]
        row["hand_over"] = lookup.hand_over_min[route]
        row["named"] = -1
        v = row["vardcentral"]
        if v >= 0:
            first = lookup.named_first[v]
            people = lookup.named_first[v + 1] - first
            if people > 0:
                row["named"] = lookup.named[first + min(int(named[r] * people), people - 1)]
        row["first_step"] = n
        for e in range(kinds.first[entry], kinds.first[entry + 1]):
            steps[n] = blank[0]
            step = steps[n]
            step["request"] = r
            step["team"] = kinds.team[e]
            step["at"] = row["ordered"] + kinds.after_min[e]
            step["taken_over"] = kinds.taken_over[e]
            n += 1
        row["end_step"] = n
    return n


def kinds_of_tape(ready: Prepared, asks: Requests, laid: Laid) -> Kinds:
    """The lists of teams, with those of kinds that only this tape has. OrganisationError if a list is empty."""
    kinds, tables = ready.kinds, ready.tables
    kind = ready.lookup.route[laid.case] * ready.lookup.n_served + laid.served
    new = kind[kinds.list_of[kind] < 0]
    if len(new):
        kinds = with_lists(tables, kinds, np.unique(new))
    empty = np.diff(kinds.first)[kinds.list_of[kind]] == 0
    if empty.any():
        r = int(np.flatnonzero(empty)[0])
        raise OrganisationError(
            _NOBODY_THERE.format(
                name=tables.organisation.name, group=GROUPS[asks.group[r]], klass=CLASSES[asks.klass[r]],
                municipality=asks.municipality[r], vardcentral=asks.vardcentral[r],
            )
        )  # fmt: skip
    return kinds


_NOBODY_THERE = Text(
    "{name}: ingen finns för ett ärende i grupp {group}, klass {klass} i kommun {municipality}, vårdcentral "
    "{vardcentral}: lägg till en pool i dess väg som har alla",
    "{name}: nobody is there for a request of group {group}, class {klass} in municipality {municipality}, "
    "vårdcentral {vardcentral}: add a pool to its route that serves everybody",
)
