"""The Journal: what happened, one row per request and one per physician-shift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.codes import DONE, ESCALATED, OPEN
from sim.engine.state import Run, column

if TYPE_CHECKING:
    from sim.engine.tables import Tables
    from sim.world.world import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Journal:
    """What one organisation did with one tape. Times in minutes from the start, NaN when it did not happen.

    Requests (same rows as the tape): `t1` visit ordered, `t2` assigned, `t3` set out, `t4` arrived, `t5` left,
    `t6` documented, `te` escalated; `outcome` (code in sim.codes.OUTCOMES), `shift` (row below, -1), `step` (how
    many pools of the route had been asked when it was taken: 0 first, -1 never), `km` driven to the patient (NaN if
    never set out).
    Nothing at or after the horizon is recorded; a visit still in hand then is open.

    Physician-shifts: `shift_physician` (person), `shift_pool`, `shift_municipality` (of the base), `shift_start`,
    `shift_end` (as rostered, end cut at the horizon), `shift_home` (when the physician was home or the shift ended,
    whichever is later; cut at the horizon), minutes `driving_min` (all legs, home included), `on_scene_min`,
    `documenting_min`, `idle_min` (these four sum to shift_home - shift_start exactly), `overtime_min` = shift_home -
    shift_end, `shift_km` (all legs), and `shift_stops`, `shift_visits` completed.
    """

    t1: Floats
    t2: Floats
    t3: Floats
    t4: Floats
    t5: Floats
    t6: Floats
    te: Floats
    outcome: Ints
    shift: Ints
    step: Ints
    km: Floats
    shift_physician: Ints
    shift_pool: Ints
    shift_municipality: Ints
    shift_start: Floats
    shift_end: Floats
    shift_home: Floats
    driving_min: Floats
    on_scene_min: Floats
    documenting_min: Floats
    idle_min: Floats
    overtime_min: Floats
    shift_km: Floats
    shift_stops: Ints
    shift_visits: Ints


def close_journal(run: Run, tables: Tables, world: World) -> Journal:
    """The journal of a finished run: nothing later than the horizon, every request with one outcome."""
    end = run.horizon
    t3, t4, t5, t6, te, km = (column(run, "requests", name) for name in ("t3", "t4", "t5", "t6", "te", "km"))
    ordered = column(run, "requests", "ordered")
    start = column(run, "shifts", "start")
    shift_end = np.minimum(column(run, "shifts", "end"), end)
    home = np.maximum(column(run, "shifts", "home"), shift_end)
    driving, on_scene, documenting = (column(run, "shifts", name) for name in ("driving", "on_scene", "documenting"))
    return Journal(
        t1=np.where(ordered < end, ordered, np.nan),
        t2=t3,
        t3=t3,
        t4=np.where(t4 < end, t4, np.nan),
        t5=np.where(t5 < end, t5, np.nan),
        t6=np.where(t6 < end, t6, np.nan),
        te=te,
        outcome=np.where(t6 < end, DONE, np.where(np.isnan(te), OPEN, ESCALATED)).astype(np.int64),
        shift=column(run, "requests", "shift"),
        step=column(run, "requests", "step"),
        km=km,
        shift_physician=tables.roster.physician,
        shift_pool=tables.roster.pool,
        shift_municipality=world.node_municipality[tables.roster.base],
        shift_start=start,
        shift_end=shift_end,
        shift_home=home,
        driving_min=driving,
        on_scene_min=on_scene,
        documenting_min=documenting,
        idle_min=home - start - driving - on_scene - documenting,
        overtime_min=home - shift_end,
        shift_km=column(run, "shifts", "km"),
        shift_stops=column(run, "shifts", "stops"),
        shift_visits=column(run, "shifts", "visits"),
    )
