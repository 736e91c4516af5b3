"""A finished run read back as a journal: the requests as they were written down, the physicians' shifts added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import REFERRED
from sim.columns import Floats, room
from sim.engine.journal import Courses, Duties, Journal
from sim.engine.rows import as_arrays
from sim.engine.state import CourseRow, RequestRow, Run, ShiftRow
from sim.jit import compiled

if TYPE_CHECKING:
    from sim.engine.tables import Tables
    from sim.world.world import World


def close_journal(run: Run, tables: Tables, world: World) -> Journal:
    """The journal of a finished run: nothing later than the horizon, every request with one outcome."""
    state, roster = run.state, tables.roster
    requests, shifts = as_arrays(state.requests, RequestRow), as_arrays(state.shifts, ShiftRow)
    courses, duties = room(Courses, len(requests)), room(Duties, len(shifts))
    ordered = np.asarray(run.agenda.ordered)
    write_courses(state.horizon, ordered, requests, as_arrays(state.courses, CourseRow), courses)
    write_duties(state.horizon, shifts, duties)
    where = world.node_municipality[roster.base]
    return Journal(
        courses._replace(t2=courses.t3),  # whoever is assigned sets out at once
        duties._replace(physician=roster.physician, pool=roster.pool, municipality=where),
    )


@compiled
def write_courses(
    end: float, ordered: Floats, requests: NDArray[Any], courses: NDArray[Any], to: Courses
) -> None:  # fmt: skip
    """One pass over the requests."""
    for r in range(len(courses)):
        row = courses[r]
        to.t1[r] = ordered[r] if ordered[r] < end else np.nan
        to.t3[r] = row["t3"]
        to.t4[r] = row["t4"]
        to.t5[r] = row["t5"]
        to.t6[r] = row["t6"]
        to.te[r] = row["te"]
        to.outcome[r] = row["outcome"]
        to.shift[r] = row["shift"]
        to.step[r] = row["step"]
        to.km[r] = row["km"]
        to.broken[r] = row["broken"]
        to.referred_to[r] = requests[r]["referred_to"] if row["outcome"] == REFERRED else -1


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
