"""The DemandTape: who needs what and when, drawn before any organisation is run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated, ClassVar, NamedTuple

import numpy as np

from sim.columns import Column, Floats, Group, Grouped, Ints, checked


class Requests(NamedTuple):
    """Everything that can be known of the requests before anybody is asked. Sorted by (`t0_min`, draw); the row is the
    number. Minutes lie on the dyadic grid.

    Neutral: in the home-care group of old, helped at home and nowhere else, found there, patient without end.
    """

    patient: Annotated[Ints, Column("row of the patient; -1 for a round, which belongs to a home", -1)]
    group: Annotated[Ints, Column("code of the group of patients", 0)]
    klass: Annotated[Ints, Column("code of the class", 0)]
    node: Annotated[Ints, Column("place to which somebody has to come")]
    municipality: Annotated[Ints, Column("municipality of that place")]
    vardcentral: Annotated[Ints, Column("vårdcentral where the patient or home is listed, -1 if none", -1)]
    named: Annotated[Floats, Column("uniform that points out the named physician among those based there", 0.0)]
    t0_min: Annotated[Floats, Column("logged, minutes from the start")]
    triage_min: Annotated[Floats, Column("minutes of triage until the visit is ordered", 0.0)]
    on_scene_min: Annotated[Floats, Column("minutes on scene; short if nobody is at home", 0.0)]
    documentation_min: Annotated[Floats, Column("minutes of documentation", 0.0)]
    on_scene_plan_min: Annotated[Floats, Column("minutes on scene that a planner expects", 0.0)]
    documentation_plan_min: Annotated[Floats, Column("minutes of documentation that a planner expects", 0.0)]
    travel_factor: Annotated[Floats, Column("actual driving over expected driving, weather included", 1.0)]
    patience_min: Annotated[Floats, Column("minutes from ordered until it escalates (inf: never)", np.inf)]
    due_day: Annotated[Ints, Column("last promised day, counted from the start; -1: acute, no promise", -1)]
    visits: Annotated[Ints, Column("residents seen at the stop: 1 for all but rounds", 1)]
    mobility: Annotated[Floats, Column("mobility score of the patient, 0 = bedridden; 0 outside G6", 0.0)]
    single_visit: Annotated[Floats, Column("uniform: may somebody above the threshold have a single visit", 0.5)]
    elsewhere: Annotated[Floats, Column("uniform: where it goes if it is refused", 0.5)]
    telephone: Annotated[Ints, Column("1: can be solved by telephone", 0)]
    call_min: Annotated[Floats, Column("minutes of a physician that the call takes", 0.0)]
    no_show: Annotated[Ints, Column("1: nobody is at home", 0)]
    conveyed: Annotated[Ints, Column("1: taken to hospital, if a physician comes", 0)]
    leaves_min: Annotated[Floats, Column("when the patient leaves (inf: never); what still waits is cancelled", np.inf)]


class Patients(NamedTuple):
    """Who may need somebody: the drawn population of one replication."""

    group: Annotated[Ints, Column("code of the group", 0)]
    node: Annotated[Ints, Column("home place")]
    municipality: Annotated[Ints, Column("municipality of that place")]
    vardcentral: Annotated[Ints, Column("vårdcentral where listed, -1 if none", -1)]
    named: Annotated[Floats, Column("uniform that points out the named physician among those based there", 0.0)]
    mobility: Annotated[Floats, Column("mobility score, 0 = bedridden .. 1 = moves freely; 0 outside G6", 0.0)]
    from_min: Annotated[Floats, Column("present from (0: from the start)", 0.0)]
    to_min: Annotated[Floats, Column("present to before (inf: to the end)", np.inf)]


@dataclass(frozen=True)
class DemandTape(Grouped):
    """Everything random in one replication; nobody can write on it, since all organisations share it.

    `absence_key` (0 <= key < 2**64): the stream that says which physician-shifts fall away. Rosters belong to
    organisations, so the tape can only carry the key: the draw of the n-th shift of a physician is at (physician, n).
    """

    groups: ClassVar = (Group("requests", "request", Requests), Group("patients", "patient", Patients))

    horizon_min: float
    warm_up_min: float
    requests: Requests
    patients: Patients
    absence_key: int = 0

    def __post_init__(self) -> None:
        for group in self.groups:
            table = checked(getattr(self, group.table))
            for column in table:
                column.setflags(write=False)
            object.__setattr__(self, group.table, table)

    def __len__(self) -> int:
        return len(self.requests.t0_min)

    def sha256(self) -> str:
        """A hash of every number on the tape: equal hashes prove equal patients and needs."""
        digest = hashlib.sha256(repr((self.horizon_min, self.warm_up_min, self.absence_key)).encode())
        for name, column in self.columns():
            digest.update(name.encode())
            digest.update(column.data)
        return digest.hexdigest()
