"""A journal as tables for people: one row a request, one row a physician-shift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.codes import CLASSES, ELSEWHERE, GROUPS, OUTCOMES, WINDOWS

if TYPE_CHECKING:
    from sim.engine.journal import Journal
    from sim.engine.tables import Tables
    from sim.world.tape import DemandTape
    from sim.world.world import World


def visit_rows(tape: DemandTape, world: World, tables: Tables, journal: Journal) -> pd.DataFrame:
    """One row a request, the row number being its number. Times in minutes from the start (NaN: did not happen).

    `physician` and `pool` are empty (-1, "") for a request that nobody set out to; `reason` says why that pool had it.
    `referred_to` is empty for a request that was not refused; `not_reached` counts the tours that did not get to it;
    `conveyed` (0 or 1) happens only when a physician comes. Of a call t4 and t5 are the beginning and the end.
    """
    taken = journal.shift >= 0
    shift = np.where(taken, journal.shift, 0)
    pools = np.append(np.asarray(tables.pool_names, dtype=object), "")
    pool = journal.shift_pool[shift] if len(journal.shift_pool) else np.zeros(len(tape), dtype=np.int64)
    person = journal.shift_physician[shift] if len(journal.shift_physician) else np.zeros(len(tape), dtype=np.int64)
    hour = np.minimum(tape.t0_min // 60.0, len(world.calendar.window) - 1).astype(np.int64)
    later = [f"took over as number {step + 1} of the route" for step in range(1, int(journal.step.max(initial=0)) + 1)]
    return pd.DataFrame(
        {
            "request": np.arange(len(tape)),
            "patient": tape.patient,
            "municipality": _named(tuple(m.name for m in world.municipalities), tape.municipality),
            "place": _named(world.node_name, tape.node),
            "group": _named(GROUPS, tape.group),
            "class": _named(CLASSES, tape.klass),
            "window": _named(WINDOWS, world.calendar.window[hour]),
            "residents": tape.visits,
            "due_day": tape.due_day,
            "t0_min": tape.t0_min,
            "t1_min": journal.t1,
            "t2_min": journal.t2,
            "t3_min": journal.t3,
            "t4_min": journal.t4,
            "t5_min": journal.t5,
            "t6_min": journal.t6,
            "te_min": journal.te,
            "outcome": _named(OUTCOMES, journal.outcome),
            "referred_to": _named((*ELSEWHERE, ""), journal.referred_to),
            "not_reached": journal.broken,
            "conveyed": tape.conveyed,
            "physician": np.where(taken, person, -1),
            "pool": pools[np.where(taken, pool, -1)],
            "reason": _named(("", "first in the route", *later), np.where(taken, journal.step + 1, 0)),
            "km": journal.km,
        }
    )


def shift_rows(world: World, tables: Tables, journal: Journal) -> pd.DataFrame:
    """One row a physician-shift; minutes and kilometres as in the journal."""
    return pd.DataFrame(
        {
            "physician": journal.shift_physician,
            "pool": _named(tables.pool_names, journal.shift_pool),
            "municipality": _named(tuple(m.name for m in world.municipalities), journal.shift_municipality),
            "start_min": journal.shift_start,
            "end_min": journal.shift_end,
            "home_min": journal.shift_home,
            "driving_min": journal.driving_min,
            "on_scene_min": journal.on_scene_min,
            "documenting_min": journal.documenting_min,
            "telephone_min": journal.telephone_min,
            "idle_min": journal.idle_min,
            "overtime_min": journal.overtime_min,
            "km": journal.shift_km,
            "stops": journal.shift_stops,
            "visits": journal.shift_visits,
        }
    )


def _named(names: tuple[str, ...], codes: NDArray[np.int64]) -> NDArray[np.object_]:
    return np.asarray(names, dtype=object)[codes]
