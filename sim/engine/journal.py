"""The Journal: what happened, one row per request and one per physician-shift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, NamedTuple

import numpy as np

from sim.codes import OPEN
from sim.columns import Column, Floats, Group, Grouped, Ints


class Courses(NamedTuple):
    """What became of the requests: the same rows as the tape. Times in minutes from the start, NaN when it did not
    happen. Nothing at or after the horizon is recorded; a visit still in hand then is open. Neutral: before the first
    event."""

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
