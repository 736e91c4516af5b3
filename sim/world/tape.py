"""The DemandTape: who needs what and when, drawn before any organisation is run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class DemandTape:
    """Everything random in one replication. Requests are sorted by (t0_min, number); the row is the number.

    Patients (length n_patients): `patient_group`, `patient_node`, `patient_municipality`, `patient_vardcentral`
    (number of the vårdcentral where listed, -1 if none), `patient_named` (uniform in [0, 1): an organisation turns it
    into the fast läkarkontakt among the physicians of that vårdcentral).

    Requests: `patient` (-1 for a round, which belongs to a home), `group`, `klass`, `node`, `municipality`,
    `vardcentral`, `named` (copied from the patient; a draw of the home's for a round), and
    `t0_min` logged; `triage_min`; `on_scene_min`, `documentation_min` actual; `on_scene_plan_min`,
    `documentation_plan_min` what a planner expects; `travel_factor` (actual = expected x factor, weather included);
    `patience_min` from visit ordered until the request gives up (inf: never); `due_day` last promised day as a day
    number from the start (-1: acute, no promise); `visits` residents seen at the stop (1 for all but rounds).
    All `_min` on the dyadic grid. int64 and float64 throughout.
    """

    horizon_min: float
    warm_up_min: float
    patient_group: Ints
    patient_node: Ints
    patient_municipality: Ints
    patient_vardcentral: Ints
    patient_named: Floats
    patient: Ints
    group: Ints
    klass: Ints
    node: Ints
    municipality: Ints
    vardcentral: Ints
    named: Floats
    t0_min: Floats
    triage_min: Floats
    on_scene_min: Floats
    documentation_min: Floats
    on_scene_plan_min: Floats
    documentation_plan_min: Floats
    travel_factor: Floats
    patience_min: Floats
    due_day: Ints
    visits: Ints

    def __post_init__(self) -> None:
        """Nobody can write on a tape: all organisations share it."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def __len__(self) -> int:
        return len(self.t0_min)

    def sha256(self) -> str:
        """A hash of every number on the tape: equal hashes prove equal patients and needs."""
        digest = hashlib.sha256()
        for field in fields(self):
            digest.update(field.name.encode())
            digest.update(np.ascontiguousarray(getattr(self, field.name)).tobytes())
        return digest.hexdigest()
