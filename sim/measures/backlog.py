"""What waits at the end of each week: the queue as a reader sees it grow, or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.codes import CLASSES, PLANNED
from sim.columns import Floats

if TYPE_CHECKING:
    from sim.engine.journal import Journal
    from sim.world.tape import DemandTape

WEEK_MIN: Final = 7 * 1440.0
KINDS: Final = ("acute", "planned")  # rows of what `backlog` gives: unplanned classes, planned visits and rounds
_PLANNED: Final = np.array([name in PLANNED for name in CLASSES])


def backlog(tape: DemandTape, journal: Journal) -> tuple[Floats, Floats]:
    """(waiting, ordered), each (2, weeks) by `KINDS` for the counted weeks: requests ordered that nobody has set out to
    at the end of the week, and those ordered in it.

    A request waits from t1 until somebody sets out, it escalates, or the patient leaves; refused ones never wait.
    """
    requests = journal.requests
    ends = np.fmin(np.fmin(requests.t3, requests.te), tape.requests.leaves_min)
    waits = (requests.t1 < tape.horizon_min) & (requests.referred_to < 0)
    edges = np.arange(tape.warm_up_min, tape.horizon_min + 1.0, WEEK_MIN)
    planned = _PLANNED[tape.requests.klass]
    waiting, ordered = [], []
    for kind in (waits & ~planned, waits & planned):
        begun, over = np.sort(requests.t1[kind]), np.sort(np.maximum(ends[kind], requests.t1[kind]))
        came = np.searchsorted(begun, edges, "right")
        waiting.append((came - np.searchsorted(over, edges, "right"))[1:])
        ordered.append(np.diff(came))
    return np.array(waiting, dtype=float), np.array(ordered, dtype=float)
