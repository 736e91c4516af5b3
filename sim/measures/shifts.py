"""Measures of physician-shifts: where paid time goes, overtime, nights, rest, spread; from the counts of two passes."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.measures import kernel as k
from sim.measures import rest
from sim.measures.cells import Floats, Values, ratio, with_sum
from sim.measures.requests import WEEKS_PER_YEAR, rank_of
from sim.statistics import weighted_gini

_BUSY, _HOURS = k.SHIFT_SUMS, k.SHIFT_SUMS + 1  # sums that are made of the others

# Name to what is divided by what, and n.
_RATIOS: Final = {
    "visits_per_hour": (k.VISITS, _HOURS, k.SHIFTS),
    "stops_per_hour": (k.STOPS, _HOURS, k.SHIFTS),
    "utilisation": (_BUSY, k.SCHEDULED, k.SHIFTS),
    "driving_share": (k.DRIVING, k.PAID, k.SHIFTS),
    "on_scene_share": (k.ON_SCENE, k.PAID, k.SHIFTS),
    "documenting_share": (k.DOCUMENTING, k.PAID, k.SHIFTS),
    "telephone_time_share": (k.CALLS, k.PAID, k.SHIFTS),
    "idle_share": (k.IDLE, k.PAID, k.SHIFTS),
    "travel_min_per_visit": (k.DRIVING, k.VISITS, k.VISITS),
    "km_per_visit": (k.KM, k.VISITS, k.VISITS),
    "km_per_stop": (k.KM, k.STOPS, k.STOPS),
    "visits_per_shift": (k.VISITS, k.SHIFTS, k.SHIFTS),
    "nights_disturbed": (k.DISTURBED, k.NIGHTS, k.NIGHTS),
}
_PARTS, _WHOLES, _COUNTS = (list(column) for column in zip(*_RATIOS.values(), strict=True))


def shift_measures(counts: k.ShiftCounts, rests: rest.RestCounts, weeks: float) -> Values:
    """Every measure split by shift: name to (value, n), each (1 + municipalities,) with all of them first.

    n is the number of shifts, or of what the definition says instead.
    """
    sums = with_sum(counts.bases).T
    busy = sums[k.DRIVING] + sums[k.ON_SCENE] + sums[k.DOCUMENTING] + sums[k.CALLS]
    total = np.vstack([sums, busy, sums[k.SCHEDULED] / 60.0])
    shifts = total[k.SHIFTS]
    quotients = ratio(total[_PARTS], total[_WHOLES])
    values: Values = dict(zip(_RATIOS, zip(quotients, total[_COUNTS], strict=True), strict=True))
    a_year = WEEKS_PER_YEAR / weeks
    values["km_per_year"] = total[k.KM] * a_year, shifts
    values["contractor_h_per_year"] = total[k.CONTRACTOR_TIME] / 60.0 * a_year, shifts
    values["hours_per_week"] = total[_HOURS] / weeks, shifts
    values["clinic_h_per_week"] = total[k.CLINIC_TIME] / 60.0 / weeks, np.nan_to_num(total[k.CLINIC_SHIFTS])
    values["overtime_h_per_week"] = total[k.OVERTIME] / 60.0 / weeks, shifts
    values["visits_per_shift_p95"] = _percentile(with_sum(counts.by_visits), 95), shifts
    values["load_spread"] = _spread(with_sum(counts.busy), with_sum(counts.scheduled))
    values["hours_gini"] = _gini(with_sum(counts.busy), with_sum(counts.scheduled))
    return values | _rest_measures(rests, shifts, a_year)


def _rest_measures(rests: rest.RestCounts, shifts: Floats, a_year: float) -> Values:
    """Breaches of working time by base, and the weeks past 48 hours for the whole region."""
    total = with_sum(rests.bases).T
    longest = np.concatenate(
        [rests.bases[:, rest.LONGEST].max(initial=-1.0, keepdims=True), rests.bases[:, rest.LONGEST]]
    )
    return {
        "rest_breaches": (total[rest.SHORT_RESTS] * a_year, shifts),
        "long_days": (total[rest.LONG_DAYS] * a_year, shifts),
        "longest_stretch_h": (np.where(longest < 0.0, np.nan, longest / 60.0), shifts),
        "long_weeks": (np.array([rests.long_weeks * a_year]), np.array([float(rests.weeks)])),
    }


def _percentile(frequency: Floats, percent: int) -> Floats:
    """Of each row, the smallest whole number that at least `percent` % do not exceed; column v counts the value v."""
    n = frequency.sum(axis=1).astype(np.int64)
    reached = np.cumsum(frequency, axis=1) >= rank_of(percent, n)[:, None]
    return np.where(n > 0, reached.argmax(axis=1), np.nan)


def _spread(work: Floats, time: Floats) -> tuple[Floats, Floats]:
    """Standard deviation of load between the physicians (columns) who have time in a row, and their number."""
    load, there = ratio(work, time), time > 0
    n = there.sum(axis=1).astype(float)
    mean = ratio(np.where(there, load, 0.0).sum(axis=1), n)
    square = np.where(there, (load - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return np.sqrt(ratio(square, n)), n


def _gini(work: Floats, time: Floats) -> tuple[Floats, Floats]:
    """Gini of the work of the physicians (columns) who have time in a row, and their number."""
    there = (time > 0).astype(float)
    return np.array([weighted_gini(own, here) for own, here in zip(work, there, strict=True)]), there.sum(axis=1)
