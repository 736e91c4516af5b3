"""Measures of requests: response, target, outcomes, promises, continuity, curves; from the counts of one pass."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.codes import CLASSES, GROUPS, UNPLANNED, WINDOWS
from sim.measures import continuity
from sim.measures import kernel as k
from sim.measures.cells import Floats, Ints, Values, lift, ratio
from sim.measures.definitions import CELL_CLASSES
from sim.measures.ordering import percentiles

WEEKS_PER_YEAR: Final = 52

# Means and shares: name to what is divided by what; the second is also n.
_RATIOS: Final = {
    "response_min": (k.RESPONSE, k.VISITED),
    "response_logged_min": (k.RESPONSE_LOGGED, k.VISITED),
    "queue_min": (k.QUEUE, k.VISITED),
    "travel_min": (k.TRAVEL, k.VISITED),
    "in_target": (k.IN_TARGET, k.JUDGED),
    "escalated": (k.ESCALATED_COUNT, k.ALL),
    "open": (k.OPEN_COUNT, k.ALL),
    "open_age_days": (k.OPEN_AGE, k.OPEN_COUNT),
    "on_promised_day": (k.ON_DAY, k.DUE),
    "days_to_visit": (k.RESPONSE_LOGGED, k.VISITED),
    "telephone": (k.TELEPHONE_COUNT, k.ALL),
    "cancelled": (k.CANCELLED_COUNT, k.ALL),
    "referred": (k.REFERRED_COUNT, k.ALL),
    "conveyed": (k.CONVEYED_COUNT, k.DONE_COUNT),
    "by_named": (k.BY_NAMED, k.LISTED),
    "by_own_vardcentral": (k.BY_OWN, k.LISTED),
}
# Numbers a year: name to what is counted and what n is.
_A_YEAR: Final = {
    "requests": (k.ALL, k.ALL),
    "visits": (k.DONE_VISITS, k.DONE_COUNT),
    "stops": (k.DONE_COUNT, k.DONE_COUNT),
    "telephone_per_year": (k.TELEPHONE_COUNT, k.ALL),
    "cancelled_per_year": (k.CANCELLED_COUNT, k.ALL),
    "referred_per_year": (k.REFERRED_COUNT, k.ALL),
    "referred_to_vardcentral": (k.AT_VARDCENTRAL, k.REFERRED_COUNT),
    "referred_to_ed": (k.AT_ED, k.REFERRED_COUNT),
    "referred_to_telephone": (k.ON_TELEPHONE, k.REFERRED_COUNT),
    "escalated_per_year": (k.ESCALATED_COUNT, k.ALL),
    "not_reached_per_year": (k.NOT_REACHED, k.ALL),
    "conveyed_per_year": (k.CONVEYED_COUNT, k.DONE_COUNT),
}
_PARTS: Final = [part for part, _ in _RATIOS.values()]
_WHOLES: Final = [whole for _, whole in _RATIOS.values()]
_IN_DAYS: Final = [list(_RATIOS).index(name) for name in ("open_age_days", "days_to_visit")]
_P90_COLUMNS: Final = [CELL_CLASSES.index(klass) for klass in ("acute", *UNPLANNED)]


def request_measures(counts: k.RequestCounts, municipalities: int, weeks: float) -> Values:
    """Every measure split by request that no price is part of: name to (value, n), each (len(CELL_CLASSES), splits);
    `weeks` counted."""
    total = lift(by_cell(counts, municipalities))
    part, n = total[_PARTS], total[_WHOLES]
    part[_IN_DAYS] /= k.MINUTES_PER_DAY
    values: Values = dict(zip(_RATIOS, zip(ratio(part, n), n, strict=True), strict=True))
    a_year = WEEKS_PER_YEAR / weeks
    for name, (what, of) in _A_YEAR.items():
        values[name] = total[what] * a_year, total[of]
    values["broken_promises"] = (total[k.DUE] - total[k.ON_DAY]) * a_year, total[k.DUE]
    values["waiting_h_per_year"] = total[k.WAITING] / 60.0 * a_year, total[k.ORDERED]
    values["response_p90_min"] = _p90(counts, total[k.ORDERED], municipalities), total[k.ORDERED]
    return values


def by_cell(counts: k.RequestCounts, municipalities: int) -> Floats:
    """(municipalities, groups, classes, windows, sums)."""
    return counts.cells.reshape(municipalities, len(GROUPS), len(CLASSES), len(WINDOWS), k.REQUEST_SUMS)


def patient_measures(sums: Floats) -> Values:
    """Continuity, split by patient: name to (value, n), each (1 + municipalities + groups,); n is the number of
    patients. `sums` by `continuity.count_patients`."""
    split = np.concatenate([sums.sum(axis=(0, 1))[None], sums.sum(axis=1), sums.sum(axis=0)]).T
    n = split[continuity.PATIENTS]
    return {"upc": (ratio(split[continuity.UPC], n), n), "coc": (ratio(split[continuity.COC], n), n)}


def _p90(counts: k.RequestCounts, n: Floats, municipalities: int) -> Floats:
    """P90 of ordered unplanned visits; those never visited are infinite, and an infinite percentile is told as NaN."""
    rank = rank_of(90, n[_P90_COLUMNS].T.astype(np.int64))
    first_group = 1 + municipalities
    found = percentiles(counts.waited, counts.cell, rank, first_group, first_group + len(GROUPS))
    found[np.isinf(found)] = np.nan
    value = np.full(n.shape, np.nan)
    value[_P90_COLUMNS] = found.T
    return value


def rank_of(percent: int, n: Ints) -> Ints:
    """Which of `n` values in order is the percentile: the first that at least `percent` % do not exceed (type 1)."""
    return (percent * n + 99) // 100  # whole numbers: 0.9 * n would round


def curve_shares(counts: k.RequestCounts) -> Floats:
    """(2, 1 + municipalities, 1 + acute classes, points): shares arrived and escalated, all municipalities first, all
    acute classes last."""
    reached = np.cumsum(np.stack([counts.arrived, counts.escalated])[..., :-1], axis=-1)
    return ratio(_with_sums(reached), _with_sums(counts.followed[..., None]))


def _with_sums(counts: Floats) -> Floats:
    """(..., M, K, x) to (..., 1 + M, K + 1, x): all municipalities in front, all classes at the end."""
    both = np.concatenate([counts.sum(axis=-3, keepdims=True), counts], axis=-3)
    return np.concatenate([both, both.sum(axis=-2, keepdims=True)], axis=-2)
