"""Who sees whom again: named physician, own vårdcentral, and how patients' visits spread over physicians; compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.codes import DONE
from sim.columns import Floats, Ints
from sim.jit import part
from sim.measures.passes.layout import GROUP_COUNT
from sim.measures.passes.sums import COC, PATIENT_SUMS, PATIENTS, UPC

if TYPE_CHECKING:
    from sim.engine.journal import Courses
    from sim.world.tape import Requests

FEWEST_VISITS: Final = 3  # of a patient whose continuity is counted


@part
def is_named(physician: int, vardcentral: int, number: float, named_first: Ints, named: Ints) -> bool:
    """Whether it is the fast läkarkontakt: the `number` in [0, 1) of a patient listed at `vardcentral` points one out
    among its physicians `named[named_first[v]:named_first[v + 1]]`; nobody when it has none."""
    first, n = named_first[vardcentral], named_first[vardcentral + 1] - named_first[vardcentral]
    return bool(named[first + min(int(number * n), n - 1)] == physician) if n > 0 else False


@part
def count_patients(asked: Requests, became: Courses, physician: Ints, begin: float, municipalities: int) -> Floats:
    """(municipalities, groups, PATIENT_SUMS) sums over patients seen at least `FEWEST_VISITS` times, by the
    municipality and group of their first visit. Rounds belong to homes, so they are nobody's visits here.

    With n visits of which n_j by physician j: UPC = max n_j / n, and COC = (sum n_j² - n) / (n (n - 1)).
    """
    shift, patient = became.shift, asked.patient
    people = 0
    for u in range(len(physician)):
        people = max(people, physician[u] + 1)
    patients = 0
    for i in range(len(patient)):
        patients = max(patients, patient[i] + 1)
    # The visits of a patient are a chain, the last first; the last place is that of all requests that are left out.
    count = np.zeros(patients + 1, dtype=np.int64)
    last = np.full(patients + 1, -1)
    before = np.empty(len(patient), dtype=np.int64)
    for i in range(len(patient)):
        done = (became.outcome[i] == DONE) & (asked.t0_min[i] >= begin) & (shift[i] >= 0)
        seen = done & (patient[i] >= 0) & (asked.no_show[i] == 0)
        k = patient[i] if seen else patients
        before[i] = last[k]
        last[k] = i
        count[k] += 1
    times = np.zeros(people, dtype=np.int64)
    sums = np.zeros((municipalities, GROUP_COUNT, PATIENT_SUMS))
    for k in range(patients):
        n = count[k]
        if n < FEWEST_VISITS:
            continue
        squares = 0
        most = 0
        first = last[k]
        visit = last[k]
        while visit >= 0:
            person = physician[shift[visit]]
            squares += 2 * times[person] + 1
            times[person] += 1
            most = max(most, times[person])
            first = visit
            visit = before[visit]
        visit = last[k]
        while visit >= 0:
            times[physician[shift[visit]]] = 0
            visit = before[visit]
        place, group = asked.municipality[first], asked.group[first]
        sums[place, group, PATIENTS] += 1.0
        sums[place, group, UPC] += most / n
        sums[place, group, COC] += (squares - n) / (n * (n - 1))
    return sums
