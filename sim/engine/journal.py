"""The Journal: what happened, one row per request and one per physician-shift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import CANCELLED, DONE, ESCALATED, OPEN, REFERRED, TELEPHONE
from sim.engine.state import AWAY, LEFT, REFUSED, RequestRow, Run, ShiftRow, as_arrays
from sim.jit import compiled

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
    never set out), `broken` (how many tours did not reach it), `referred_to` (code in sim.codes.ELSEWHERE, -1). For a
    telephone call t4 and t5 are its beginning and end.
    Nothing at or after the horizon is recorded; a visit still in hand then is open.

    Physician-shifts: `shift_physician` (person), `shift_pool`, `shift_municipality` (of the base), `shift_start`,
    `shift_end` (as rostered, end cut at the horizon), `shift_home` (when the physician was home or the shift ended,
    whichever is later; cut at the horizon), minutes `driving_min` (all legs, home included), `on_scene_min`,
    `documenting_min`, `telephone_min`, `idle_min` (breaks and office work included; these five sum to shift_home -
    shift_start exactly), `overtime_min` = shift_home -
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
    broken: Ints
    referred_to: Ints
    shift_physician: Ints
    shift_pool: Ints
    shift_municipality: Ints
    shift_start: Floats
    shift_end: Floats
    shift_home: Floats
    driving_min: Floats
    on_scene_min: Floats
    documenting_min: Floats
    telephone_min: Floats
    idle_min: Floats
    overtime_min: Floats
    shift_km: Floats
    shift_stops: Ints
    shift_visits: Ints


def close_journal(run: Run, tables: Tables, world: World) -> Journal:
    """The journal of a finished run: nothing later than the horizon, every request with one outcome."""
    requests, shifts = as_arrays(run.requests, RequestRow), as_arrays(run.shifts, ShiftRow)
    asked = Asked(*columns(Asked, len(requests)))
    duties = Duties(*columns(Duties, len(shifts)))
    write_requests(run.horizon, requests, asked)
    write_shifts(run.horizon, shifts, duties)
    return Journal(
        **asked._asdict(),
        t2=asked.t3,
        shift_physician=tables.roster.physician,
        shift_pool=tables.roster.pool,
        shift_municipality=world.node_municipality[tables.roster.base],
        **duties._asdict(),
    )


WHOLE: Final = {"outcome", "shift", "step", "broken", "referred_to", "shift_stops", "shift_visits"}


class Asked(NamedTuple):
    """Columns of the requests."""

    t1: Floats
    t3: Floats
    t4: Floats
    t5: Floats
    t6: Floats
    te: Floats
    km: Floats
    outcome: Ints
    shift: Ints
    step: Ints
    broken: Ints
    referred_to: Ints


class Duties(NamedTuple):
    """Columns of the physician-shifts."""

    shift_start: Floats
    shift_end: Floats
    shift_home: Floats
    driving_min: Floats
    on_scene_min: Floats
    documenting_min: Floats
    telephone_min: Floats
    idle_min: Floats
    overtime_min: Floats
    shift_km: Floats
    shift_stops: Ints
    shift_visits: Ints


def columns(kind: type[Any], length: int) -> list[NDArray[Any]]:
    """Room for each column of a class of columns."""
    return [np.empty(length, np.int64 if name in WHOLE else np.float64) for name in kind._fields]


@compiled
def write_requests(end: float, requests: NDArray[Any], to: Asked) -> None:
    """One pass over the requests."""
    for r in range(len(requests)):
        row = requests[r]
        to.t1[r] = row["ordered"] if row["ordered"] < end else np.nan
        to.t3[r] = row["t3"]
        to.t4[r] = row["t4"] if row["t4"] < end else np.nan
        to.t5[r] = row["t5"] if row["t5"] < end else np.nan
        to.t6[r] = row["t6"] if row["t6"] < end else np.nan
        to.te[r] = row["te"]
        to.km[r] = row["km"]
        to.outcome[r] = OPEN
        if row["t6"] < end:
            to.outcome[r] = TELEPHONE if row["telephone"] == 1 else DONE
        elif row["stage"] == AWAY:
            to.outcome[r] = ESCALATED
        elif row["stage"] == LEFT:
            to.outcome[r] = CANCELLED
        elif row["stage"] == REFUSED and row["ordered"] < end:
            to.outcome[r] = REFERRED
        to.broken[r] = row["broken"]
        to.referred_to[r] = row["referred_to"] if to.outcome[r] == REFERRED else -1
        to.shift[r] = row["shift"]
        to.step[r] = row["step"]


@compiled
def write_shifts(end: float, shifts: NDArray[Any], to: Duties) -> None:
    """One pass over the physician-shifts."""
    for u in range(len(shifts)):
        row = shifts[u]
        shift_end = min(row["end"], end)
        home = row["home"] if row["home"] > shift_end else shift_end  # not begun: its end
        busy = row["driving"] + row["on_scene"] + row["documenting"] + row["calling"]
        to.shift_start[u] = row["start"]
        to.shift_end[u] = shift_end
        to.shift_home[u] = home
        to.driving_min[u] = row["driving"]
        to.on_scene_min[u] = row["on_scene"]
        to.documenting_min[u] = row["documenting"]
        to.telephone_min[u] = row["calling"]
        to.idle_min[u] = home - row["start"] - busy
        to.overtime_min[u] = home - shift_end
        to.shift_km[u] = row["km"]
        to.shift_stops[u] = row["stops"]
        to.shift_visits[u] = row["visits"]
