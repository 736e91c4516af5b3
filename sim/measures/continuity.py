"""Who sees whom again: named physician, own vårdcentral, and how patients' visits spread over physicians; compiled."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.codes import DONE
from sim.jit import compiled
from sim.measures.kernel import GROUP_COUNT, IS_LISTED, IS_NAMED, IS_OWN, Floats, Ints, RequestColumns

FEWEST_VISITS: Final = 3  # of a patient whose continuity is counted

# What is kept of the patients of a cell.
PATIENTS, UPC, COC = 0, 1, 2
PATIENT_SUMS: Final = 3


@compiled
def familiar(r: RequestColumns, physician: Ints, own: Ints, named_first: Ints, named: Ints, begin: float) -> Ints:
    """(R,) marks of the completed stops logged from `begin` on: `IS_LISTED` when the patient is listed at a
    vårdcentral, and to it `IS_OWN` when the physician belonged to it and `IS_NAMED` when it was the named one; else 0.

    `physician` and `own` (vårdcentral, -1) of each shift; the physicians of vårdcentral v are
    `named[named_first[v]:named_first[v + 1]]`, of whom the patient's number in [0, 1) points one out. An empty `own`:
    nothing is known of the physicians, and every mark is 0.
    """
    marks = np.zeros(len(r.t0), dtype=np.int64)
    if len(own) == 0:
        return marks
    for i in range(len(marks)):
        v = r.vardcentral[i]
        if r.outcome[i] != DONE or v < 0 or r.t0[i] < begin or r.shift[i] < 0:
            continue
        mark = IS_LISTED
        u = r.shift[i]
        if own[u] == v:
            mark |= IS_OWN
        n = named_first[v + 1] - named_first[v]
        if n > 0 and named[named_first[v] + min(int(r.named[i] * n), n - 1)] == physician[u]:
            mark |= IS_NAMED
        marks[i] = mark
    return marks


@compiled
def count_patients(r: RequestColumns, physician: Ints, begin: float, municipalities: int) -> Floats:
    """(municipalities, groups, PATIENT_SUMS) sums over patients seen at least `FEWEST_VISITS` times, by the
    municipality and group of their first visit. Rounds belong to homes, so they are nobody's visits here.

    With n visits of which n_j by physician j: UPC = max n_j / n, and COC = (sum n_j² - n) / (n (n - 1)).
    """
    shift, patient = r.shift, r.patient
    people = 0
    for u in range(len(physician)):
        people = max(people, physician[u] + 1)
    patients = 0
    for i in range(len(patient)):
        patients = max(patients, patient[i] + 1)
    first = np.zeros(patients + 1, dtype=np.int64)
    seen = np.zeros(len(patient), dtype=np.bool_)
    for i in range(len(patient)):
        if patient[i] >= 0 and r.outcome[i] == DONE and r.t0[i] >= begin and shift[i] >= 0 and r.no_show[i] == 0:
            seen[i] = True
            first[patient[i] + 1] += 1
    for k in range(patients):
        first[k + 1] += first[k]
    visit = np.empty(first[patients], dtype=np.int64)
    filled = first[:patients].copy()
    for i in range(len(patient)):
        if seen[i]:
            visit[filled[patient[i]]] = i
            filled[patient[i]] += 1
    times = np.zeros(people, dtype=np.int64)
    sums = np.zeros((municipalities, GROUP_COUNT, PATIENT_SUMS))
    for k in range(patients):
        n = first[k + 1] - first[k]
        if n < FEWEST_VISITS:
            continue
        squares = 0
        most = 0
        for v in range(first[k], first[k + 1]):
            person = physician[shift[visit[v]]]
            squares += 2 * times[person] + 1
            times[person] += 1
            most = max(most, times[person])
        for v in range(first[k], first[k + 1]):
            times[physician[shift[visit[v]]]] = 0
        cell = sums[r.municipality[visit[first[k]]], r.group[visit[first[k]]]]
        cell[PATIENTS] += 1.0
        cell[UPC] += most / n
        cell[COC] += (squares - n) / (n * (n - 1))
    return sums
