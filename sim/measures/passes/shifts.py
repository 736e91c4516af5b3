"""One pass over the physician-shifts of a journal, compiled: sums by base, the physicians' load, nights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.columns import Floats, Ints
from sim.jit import part
from sim.measures.passes.layout import MINUTES_PER_DAY
from sim.measures.passes.sums import (
    CALLS,
    CLINIC_SHIFTS,
    CLINIC_TIME,
    CONTRACTOR_TIME,
    DISTURBED,
    DOCUMENTING,
    DRIVING,
    IDLE,
    KM,
    NIGHTS,
    ON_SCENE,
    OVERTIME,
    PAID,
    SCHEDULED,
    SHIFT_SUMS,
    SHIFTS,
    STOPS,
    VISITS,
)

if TYPE_CHECKING:
    from sim.engine.journal import Duties
    from sim.measures.staff import Staff

Small = NDArray[np.int16]
NIGHT_TO: Final = 300.0  # nights that are counted as disturbed are 00-05, here in minutes after midnight


class Paid(NamedTuple):
    """Of each shift that is counted: municipality of the `base`, `pool`, paid `hours` with paid rest after it, `km`."""

    base: Small
    pool: Small
    hours: Floats
    km: Floats


class ShiftCounts(NamedTuple):
    """What is `paid`; `bases` (municipalities, SHIFT_SUMS), those of `rest` still 0; `busy` and `scheduled` minutes by
    (municipality, physician); `by_visits` (municipalities, most visits + 1) how many shifts made each number of
    visits."""

    paid: Paid
    bases: Floats
    busy: Floats
    scheduled: Floats
    by_visits: Floats


@part
def count_shifts(s: Duties, staff: Staff, called: NDArray[np.bool_], begin: float, municipalities: int) -> ShiftCounts:
    """Everything about the shifts that began in the period; `called` of each shift by `night_calls`."""
    physicians = 0
    most = 0
    for u in range(len(s.start)):
        physicians = max(physicians, s.physician[u] + 1)
        most = max(most, s.visits[u])
    bases = np.zeros((municipalities, SHIFT_SUMS))
    busy = np.zeros((municipalities, physicians))
    scheduled = np.zeros((municipalities, physicians))
    by_visits = np.zeros((municipalities, most + 1))
    of_base, of_pool = np.empty(len(s.start), np.int16), np.empty(len(s.start), np.int16)
    hours, km = np.empty(len(s.start)), np.empty(len(s.start))
    counted = 0
    for u in range(len(s.start)):
        if s.start[u] < begin or s.end[u] <= s.start[u]:  # one that fell away has no length
            continue
        base = s.municipality[u]
        person = s.physician[u]
        pool = s.pool[u]
        length = s.end[u] - s.start[u]
        paid = s.home[u] - s.start[u]
        of_base[counted] = base
        of_pool[counted] = pool
        hours[counted] = (paid + staff.rest_min[pool]) / 60.0
        km[counted] = s.km[u]
        counted += 1
        bases[base, SHIFTS] += 1.0
        bases[base, SCHEDULED] += length
        bases[base, PAID] += paid
        bases[base, DRIVING] += s.driving_min[u]
        bases[base, ON_SCENE] += s.on_scene_min[u]
        bases[base, DOCUMENTING] += s.documenting_min[u]
        bases[base, CALLS] += s.telephone_min[u]
        bases[base, IDLE] += s.idle_min[u]
        bases[base, OVERTIME] += s.overtime_min[u]
        bases[base, KM] += s.km[u]
        bases[base, STOPS] += s.stops[u]
        bases[base, VISITS] += s.visits[u]
        bases[base, CONTRACTOR_TIME] += paid * staff.contractor[pool]
        bases[base, CLINIC_TIME] += length * staff.clinic[pool]
        bases[base, CLINIC_SHIFTS] += staff.clinic[pool]
        night = covers_night(s.start[u], s.end[u])
        bases[base, NIGHTS] += night
        bases[base, DISTURBED] += night & called[u]
        busy[base, person] += s.driving_min[u] + s.on_scene_min[u] + s.documenting_min[u] + s.telephone_min[u]
        scheduled[base, person] += length
        by_visits[base, s.visits[u]] += 1.0
    n = counted
    return ShiftCounts(Paid(of_base[:n], of_pool[:n], hours[:n], km[:n]), bases, busy, scheduled, by_visits)


@part
def night_calls(t3: Floats, t6: Floats, shift: Ints, end: float, shifts: int) -> NDArray[np.bool_]:
    """(shifts,) whether the physician was out for a patient, from setting out to documented, or on the telephone with
    one, between 00 and 05."""
    called = np.zeros(shifts, dtype=np.bool_)
    for i in range(len(t3)):
        if shift[i] >= 0 and not np.isnan(t3[i]):
            called[shift[i]] |= covers_night(t3[i], end if np.isnan(t6[i]) else t6[i])
    return called


@part
def covers_night(start: float, stop: float) -> bool:
    """Whether some of the time from `start` to `stop` lies between 00 and 05; an empty time does not."""
    clock = start - MINUTES_PER_DAY * int(start / MINUTES_PER_DAY)  # % takes four times as long
    return (stop > start) & ((clock < NIGHT_TO) | (clock + (stop - start) > MINUTES_PER_DAY))
