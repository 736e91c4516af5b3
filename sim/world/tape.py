"""The DemandTape: who needs what and when, drawn before any organisation is run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# What a tape made by hand need not state: everybody is in the home-care group of old (score 0), is present for the
# whole run, is not helped by telephone, is at home when somebody comes, and is not conveyed.
NEUTRAL: Final[dict[str, float]] = {
    "patient_mobility": 0.0, "patient_from_min": 0.0, "patient_to_min": np.inf,
    "mobility": 0.0, "single_visit": 0.5, "elsewhere": 0.5, "telephone": 0, "call_min": 0.0,
    "no_show": 0, "conveyed": 0, "leaves_min": np.inf,
}  # fmt: skip


def _unstated() -> Any:
    """The mark of a column that `__post_init__` fills with its value in `NEUTRAL`."""
    return None


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
    Patients: `patient_mobility` (score 0 = bedridden .. 1 = moves freely; 0 outside G6), present from
    `patient_from_min` (0: from the start) to before `patient_to_min` (inf: to the end).
    Requests: `mobility` of the patient; the uniforms `single_visit` (a G6 request above the threshold may be granted
    an enstaka hembesök) and `elsewhere` (where a refused request goes); `telephone` (1: can be solved by telephone,
    which takes a physician `call_min`, 0 otherwise); `no_show` (1: nobody is at home, `on_scene_min` is short);
    `conveyed` (1: taken to hospital, which `on_scene_min` includes); `leaves_min` when the patient leaves (inf:
    never); a request still waiting then is cancelled.
    `absence_key` (0 <= key < 2**64): the stream that says which physician-shifts fall away. Rosters belong to
    organisations, so the tape can only carry the key: the draw of the n-th shift of a physician is at (physician, n).
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
    patient_mobility: Floats = field(default_factory=_unstated)
    patient_from_min: Floats = field(default_factory=_unstated)
    patient_to_min: Floats = field(default_factory=_unstated)
    mobility: Floats = field(default_factory=_unstated)
    single_visit: Floats = field(default_factory=_unstated)
    elsewhere: Floats = field(default_factory=_unstated)
    telephone: Ints = field(default_factory=_unstated)
    call_min: Floats = field(default_factory=_unstated)
    no_show: Ints = field(default_factory=_unstated)
    conveyed: Ints = field(default_factory=_unstated)
    leaves_min: Floats = field(default_factory=_unstated)
    absence_key: int = 0

    def __post_init__(self) -> None:
        """Nobody can write on a tape: all organisations share it."""
        for name, value in NEUTRAL.items():
            if getattr(self, name) is None:
                n = len(self.patient_group) if name.startswith("patient_") else len(self.t0_min)
                object.__setattr__(self, name, np.full(n, value))
        for column in fields(self):
            held = getattr(self, column.name)
            if isinstance(held, np.ndarray):
                held.setflags(write=False)

    def __len__(self) -> int:
        return len(self.t0_min)

    def sha256(self) -> str:
        """A hash of every number on the tape: equal hashes prove equal patients and needs."""
        digest = hashlib.sha256()
        for column in fields(self):
            digest.update(column.name.encode())
            digest.update(np.ascontiguousarray(getattr(self, column.name)).tobytes())
        return digest.hexdigest()
