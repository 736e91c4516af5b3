"""What prices multiply: amounts of one run, kept with its sums, since a price changes nothing that happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.columns import Floats
from sim.measures.passes.pricing import price_nurses, price_shifts
from sim.measures.passes.sums import AT_ED, AT_VARDCENTRAL, CONVEYED_COUNT, DONE_VISITS, ESCALATED_COUNT, KM
from sim.measures.vocabulary import CELL_CLASSES

if TYPE_CHECKING:
    from sim.measures.passes.shifts import Paid
    from sim.measures.passes.whole import Counted
    from sim.measures.staff import Staff
    from sim.scenario.prices import Costs


class Amounts(NamedTuple):
    """Of the period that is counted.

    What is `paid` of each physician-shift, and `driven_km` by base, all of them first. By split of the requests (all,
    municipality, group, window): `transports`, `ed_visits`, `ward_stays` and `to_vardcentral`. `nursed` (cells, 2)
    minutes of patients whom a nurse of the municipality may stay with, while the physician is there and before.
    `visits` a year, in all. `a_year`: how many such periods make 52 weeks.
    """

    paid: Paid
    driven_km: Floats
    transports: Floats
    ed_visits: Floats
    ward_stays: Floats
    to_vardcentral: Floats
    nursed: Floats
    visits: float
    a_year: float


def amounts_of(counted: Counted) -> Amounts:
    """What prices will multiply."""
    whole, escalated = counted.requests[:, 0], counted.requests[ESCALATED_COUNT]
    return Amounts(
        paid=counted.paid,
        driven_km=counted.shifts[KM],
        transports=escalated[CELL_CLASSES.index("A1")] + whole[CONVEYED_COUNT],
        ed_visits=escalated[CELL_CLASSES.index("acute")] + whole[AT_ED],
        ward_stays=escalated[CELL_CLASSES.index("PAL")],
        to_vardcentral=whole[AT_VARDCENTRAL],
        nursed=counted.nursed,
        visits=float(whole[DONE_VISITS, 0]) * counted.a_year,
        a_year=counted.a_year,
    )


@dataclass(frozen=True, eq=False)
class Bill:
    """Amounts and what to pay for them; `staff` says whose the pools are and which have a price of their own. `priced`
    gets the measures, one after another."""

    amounts: Amounts
    costs: Costs
    staff: Staff
    priced: dict[str, Floats] = field(default_factory=dict)

    def whole(self, name: str) -> float:
        """The value of a measure that is priced already, for everything together."""
        return float(self.priced[name][0])

    @cached_property
    def of_shifts(self) -> Floats:
        """(3, 1 + municipalities) SEK in the period by base: the physicians' hours, the contractors' part of them, and
        kilometres. A contractor's hour is paid with car and driver, so its kilometres cost nothing more."""
        hired, own, costs = self.staff.contractor, self.staff.own_hour_cost, self.costs
        of_hour = np.where(np.isnan(own), np.where(hired > 0.0, costs.contractor_hour, costs.physician_hour), own)
        return price_shifts(self.amounts.paid, of_hour, costs.car_km * (1.0 - hired), hired, self._municipalities)

    @cached_property
    def ward_days(self) -> Floats:
        """In the period, by split."""
        return self.amounts.ward_stays * self.costs.ward_days_per_stay

    @cached_property
    def nurse_hours(self) -> Floats:
        """Of the municipality's nurses in the period, by split."""
        present, waiting = float(self.costs.nurse_present_share), float(self.costs.nurse_waiting_share)
        return price_nurses(self.amounts.nursed, present, waiting, self._municipalities)

    @property
    def _municipalities(self) -> int:
        return len(self.amounts.driven_km) - 1
