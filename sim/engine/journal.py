"""The Journal: what happened, one row per request and one per physician-shift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import CANCELLED, DONE, ESCALATED, OPEN, REFERRED, TELEPHONE
from sim.columns import Column, Floats, Group, Grouped, Ints, room
from sim.engine.state import AWAY, LEFT, REFUSED, RequestRow, Run, ShiftRow, as_arrays
from sim.jit import compiled

if TYPE_CHECKING:
    from sim.engine.tables import Tables
    from sim.world.world import World


class Courses(NamedTuple):
    """What became of the requests: the same rows as the tape. Times in minutes from the start, NaN when it did not
    happen. Nothing at or after the horizon is recorded; a visit still in hand then is open."""

    t1: Annotated[Floats, Column("visit ordered", np.nan)]
    t2: Annotated[Floats, Column("assigned to a physician", np.nan)]
    t3: Annotated[Floats, Column("physician sets out", np.nan)]
    t4: Annotated[Floats, Column("arrived; of a call its beginning", np.nan)]
    t5: Annotated[Floats, Column("left the patient; of a call its end", np.nan)]
    t6: Annotated[Floats, Column("documented", np.nan)]
    te: Annotated[Floats, Column("escalated: patience ran out before anybody had set out", np.nan)]
    outcome: Annotated[Ints, Column("code of how it ended", OPEN)]
    shift: Annotated[Ints, Column("physician-shift that took it, -1 if none", -1)]
    step: Annotated[Ints, Column("pools asked before the one that took it: 0 the first, -1 nobody took it", -1)]
    km: Annotated[Floats, Column("kilometres driven to the patient, NaN if nobody set out", np.nan)]
    broken: Annotated[Ints, Column("tours that did not get to it", 0)]
    referred_to: Annotated[Ints, Column("code of where it went when it was refused, -1 if it was not", -1)]


class Duties(NamedTuple):
    """The physician-shifts as they were worked, physician by physician in order of start. The minutes of driving, on
    scene, documenting, telephone and idle sum to home - start exactly."""

    physician: Annotated[Ints, Column("number of the physician")]
    pool: Annotated[Ints, Column("pool of the organisation", 0)]
    municipality: Annotated[Ints, Column("municipality of the base", 0)]
    start: Annotated[Floats, Column("start as rostered, minutes from the start of the run")]
    end: Annotated[Floats, Column("end as rostered, cut at the horizon")]
    home: Annotated[Floats, Column("physician home, or end of the shift if later; cut at the horizon")]
    driving_min: Annotated[Floats, Column("minutes at the wheel, drives home included", 0.0)]
    on_scene_min: Annotated[Floats, Column("minutes with patients", 0.0)]
    documenting_min: Annotated[Floats, Column("minutes of documentation", 0.0)]
    telephone_min: Annotated[Floats, Column("minutes of calls with patients", 0.0)]
    idle_min: Annotated[Floats, Column("minutes of everything else: stand-by, breaks, office work", 0.0)]
    overtime_min: Annotated[Floats, Column("minutes from the end of the shift until home", 0.0)]
    km: Annotated[Floats, Column("kilometres of all drives", 0.0)]
    stops: Annotated[Ints, Column("stops completed", 0)]
    visits: Annotated[Ints, Column("patients seen at them: a round is one stop", 0)]


@dataclass(frozen=True)
class Journal(Grouped):
    """What one organisation did with one tape."""

    groups: ClassVar = (Group("requests", "request", Courses), Group("shifts", "shift", Duties))

    requests: Courses
    shifts: Duties


def close_journal(run: Run, tables: Tables, world: World) -> Journal:
    """The journal of a finished run: nothing later than the horizon, every request with one outcome."""
    requests, shifts = as_arrays(run.requests, RequestRow), as_arrays(run.shifts, ShiftRow)
    courses, duties = room(Courses, len(requests)), room(Duties, len(shifts))
    write_courses(run.horizon, requests, courses)
    write_duties(run.horizon, shifts, duties)
    roster = tables.roster
    where = world.node_municipality[roster.base]
    return Journal(
        courses._replace(t2=courses.t3),  # whoever is assigned sets out at once
        duties._replace(physician=roster.physician, pool=roster.pool, municipality=where),
    )


@compiled
def write_courses(end: float, requests: NDArray[Any], to: Courses) -> None:
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
def write_duties(end: float, shifts: NDArray[Any], to: Duties) -> None:
    """One pass over the physician-shifts."""
    for u in range(len(shifts)):
        row = shifts[u]
        shift_end = min(row["end"], end)
        home = row["home"] if row["home"] > shift_end else shift_end  # not begun: its end
        busy = row["driving"] + row["on_scene"] + row["documenting"] + row["calling"]
        to.start[u] = row["start"]
        to.end[u] = shift_end
        to.home[u] = home
        to.driving_min[u] = row["driving"]
        to.on_scene_min[u] = row["on_scene"]
        to.documenting_min[u] = row["documenting"]
        to.telephone_min[u] = row["calling"]
        to.idle_min[u] = home - row["start"] - busy
        to.overtime_min[u] = home - shift_end
        to.km[u] = row["km"]
        to.stops[u] = row["stops"]
        to.visits[u] = row["visits"]
