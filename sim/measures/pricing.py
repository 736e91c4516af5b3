"""What is priced, and the prices: the amounts of one run that prices multiply, and the measures that come of them.

A price changes nothing that happened. So the amounts are kept with the sums of a run, and new prices need only these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.codes import A1, CLASSES, GROUPS, PAL
from sim.measures import kernel as k
from sim.measures.cells import Floats, Ints, over_splits, ratio, with_sum

if TYPE_CHECKING:
    from sim.measures.staff import Staff
    from sim.scenario.prices import Costs

# Where the municipality's nurses work, and the classes in which one may have to stay until the physician comes.
_WITH_NURSE: Final = np.array([name in ("G1", "G2", "G3", "G4", "G5") for name in GROUPS])
_WITH_WATCH: Final = np.isin(np.arange(len(CLASSES)), (A1, PAL))
_TO_ED: Final = np.array([name in ("A1", "A2", "A3") for name in CLASSES])

# What the region pays; the contractor's cost is part of that of the physicians.
REGION_COSTS: Final = (
    "cost_physicians", "cost_travel", "cost_transports", "cost_ed", "cost_ward", "cost_vardcentral",
)  # fmt: skip
PRICED: Final = (
    "co2_kg_per_year", "ward_days", "nurse_h_per_year", "cost_physicians", "cost_contractor", "cost_travel",
    "cost_transports", "cost_ed", "cost_ward", "cost_vardcentral", "cost_municipalities",
    "cost_region", "cost_total", "cost_per_visit",
)  # fmt: skip


class Amounts(NamedTuple):
    """What prices multiply, of the period that is counted.

    Of each physician-shift: municipality of the `base`, `pool`, paid `hours` with paid rest after it, `km`.
    `driven` (1 + municipalities,) km. By split of the requests (all, municipality, group, window): `transports`,
    `ed_visits`, `ward_stays` and `to_vardcentral`. `with_physician` and `watching` (municipalities, groups, classes,
    windows): minutes of patients whom a nurse of the municipality may stay with, while the physician is there and
    before. `visits` a year, in all. `a_year`: how many such periods make 52 weeks.
    """

    municipalities: int
    base: Ints
    pool: Ints
    hours: Floats
    km: Floats
    driven: Floats
    transports: Floats
    ed_visits: Floats
    ward_stays: Floats
    to_vardcentral: Floats
    with_physician: Floats
    watching: Floats
    visits: float
    a_year: float


def consequences(cube: Floats) -> Floats:
    """(4, splits) transports, visits to the emergency department, stays on a palliative ward and visits to a
    vårdcentral that follow from the requests of `cube` (municipalities, groups, classes, windows, sums)."""
    escalated = cube[..., k.ESCALATED_COUNT]
    found = (
        escalated * _of_class(A1) + cube[..., k.CONVEYED_COUNT],
        escalated * _TO_ED[:, None] + cube[..., k.AT_ED],
        escalated * _of_class(PAL),
        cube[..., k.AT_VARDCENTRAL],
    )
    by_split: Floats = over_splits(np.stack(found, axis=-1)).sum(axis=1).T
    return by_split


def nurse_minutes(cube: Floats) -> tuple[Floats, Floats]:
    """(municipalities, groups, classes, windows) minutes of physicians with patients in groups that have the
    municipality's nurse, and minutes that such patients waited in the classes in which she may stay."""
    there = _WITH_NURSE[:, None, None]
    return cube[..., k.AT_PATIENT] * there, cube[..., k.WAITING] * (_WITH_WATCH[:, None] & there)


def _of_class(code: int) -> Floats:
    """(classes, 1): 1 for the class, 0 for the others; against the last two axes of a cube without its sums."""
    return np.eye(len(CLASSES))[:, [code]]


def price(amounts: Amounts, costs: Costs, staff: Staff) -> dict[str, Floats]:
    """The value of every measure of `PRICED`, over the splits that it is made for."""
    a_year = amounts.a_year
    ward = amounts.ward_stays * costs.ward_days_per_stay
    nurse = _nurse_hours(amounts, costs)
    values = _of_shifts(amounts, costs, staff) | {
        "co2_kg_per_year": amounts.driven * costs.co2_g_per_km / 1000.0 * a_year,
        "ward_days": a_year * ward,
        "nurse_h_per_year": a_year * nurse,
        "cost_transports": costs.ambulance_transport * a_year * amounts.transports,
        "cost_ed": costs.ed_visit * a_year * amounts.ed_visits,
        "cost_ward": costs.inpatient_day * a_year * ward,
        "cost_vardcentral": costs.vardcentral_visit * a_year * amounts.to_vardcentral,
        "cost_municipalities": costs.nurse_hour * a_year * nurse,
    }
    region = np.array([sum(float(values[name][0]) for name in REGION_COSTS)])
    total = region + values["cost_municipalities"][:1]
    visits = np.array([amounts.visits])
    return values | {"cost_region": region, "cost_total": total, "cost_per_visit": ratio(total, visits)}


def _of_shifts(amounts: Amounts, costs: Costs, staff: Staff) -> dict[str, Floats]:
    """SEK a year by base, all of them first. A contractor's hour is paid with car and driver, so its kilometres cost
    nothing more. Added shift by shift, in their order."""
    usual = np.where(staff.contractor > 0.0, costs.contractor_hour, costs.physician_hour)
    of_hour = np.where(np.isnan(staff.own_hour_cost), usual, staff.own_hour_cost)
    of_km = costs.car_km * (1.0 - staff.contractor)
    cost = amounts.hours * of_hour[amounts.pool]
    parts = {
        "cost_physicians": cost,
        "cost_contractor": cost * staff.contractor[amounts.pool],
        "cost_travel": amounts.km * of_km[amounts.pool],
    }
    own: Floats = np.stack(
        [np.bincount(amounts.base, part, amounts.municipalities) for part in parts.values()], axis=-1
    )
    return dict(zip(parts, (with_sum(own) * amounts.a_year).T, strict=True))


def _nurse_hours(amounts: Amounts, costs: Costs) -> Floats:
    """Hours of the municipality's nurses in the period, over the splits."""
    minutes = amounts.with_physician * costs.nurse_present_share + amounts.watching * costs.nurse_waiting_share
    twice = np.stack([minutes / 60.0] * 2, axis=-1)  # of one column alone numpy would add the cells in another order
    hours: Floats = over_splits(twice).sum(axis=1)[:, 0]
    return hours
