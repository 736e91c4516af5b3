"""All passes over a run as one compiled function: its tables are handed over once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.codes import A1, PAL
from sim.columns import Floats
from sim.jit import compiled, part
from sim.measures.passes.continuity import count_patients
from sim.measures.passes.curves import curve_shares, mean_number
from sim.measures.passes.hourly import HELD, count_hours
from sim.measures.passes.layout import CLASS_COUNT, GROUP_COUNT, WINDOW_COUNT, Period
from sim.measures.passes.lifting import lift_patients, lift_shifts, over_classes, over_splits, with_all
from sim.measures.passes.ordering import percentiles, whole_percentiles
from sim.measures.passes.requests import count_requests
from sim.measures.passes.rest import count_rest
from sim.measures.passes.shifts import Paid, count_shifts, night_calls
from sim.measures.passes.sums import AT_PATIENT, WAITING

if TYPE_CHECKING:
    from sim.engine.journal import Courses, Duties
    from sim.measures.staff import Staff
    from sim.world.tape import Requests

WEEKS_PER_YEAR: Final = 52
MINUTES_PER_WEEK: Final = 10080.0
RESPONSE_PERCENT: Final = 90
VISITS_PERCENT: Final = 95
NURSED_GROUPS: Final = 5  # G1 to G5: where the municipality's nurses work


class Counted(NamedTuple):
    """The sums of one run, named in `sim.measures.passes.sums`, by cell; all cells together come first.

    `requests` (sums, classes, splits), where splits are all, each municipality, each group, each window; `p90` (splits,
    acute and each unplanned class) of their response times, infinite where more than a tenth was never visited.
    `patients` (sums, all and each municipality and group). By base, all and each municipality: `shifts` (sums, bases),
    `busy` and `scheduled` minutes (bases, physicians), `visits_p95` that 95 % of the shifts do not exceed, `longest`
    stretch in minutes (NaN: no shift). Physician-weeks past 48 hours (`long_weeks`) and those with work
    (`worked_weeks`). `population` of each municipality; `weeks` that are counted.
    For prices: what is `paid` by shift; `nursed` (cells, 2) minutes of patients whom a nurse of the municipality may
    stay with, while the physician is there and before.
    Beside the measures: `shares` by `curves.curve_shares`; `physicians` (states, 168) by hour of the week.
    """

    requests: Floats
    p90: Floats
    patients: Floats
    shifts: Floats
    busy: Floats
    scheduled: Floats
    visits_p95: Floats
    longest: Floats
    long_weeks: int
    worked_weeks: int
    shares: Floats
    physicians: Floats
    paid: Paid
    nursed: Floats
    population: Floats
    weeks: float

    @property
    def a_year(self) -> float:
        """How many such periods make 52 weeks."""
        return WEEKS_PER_YEAR / self.weeks


@compiled
def count_run(
    asked: Requests, became: Courses, duties: Duties, staff: Staff, period: Period,
    population: Floats, step: float, points: int,
) -> Counted:  # fmt: skip
    """Requests, shifts and hours of one run, counted from the end of the warm-up. Curves have a point every `step`
    minutes from 0, `points` in all."""
    municipalities = len(population)
    requests = count_requests(asked, became, duties, staff, period, municipalities, step, points)
    called = night_calls(became.t3, became.t6, became.shift, period.end, len(duties.start))
    shifts = count_shifts(duties, staff, called, period.begin, municipalities)
    rest = count_rest(duties, period.begin, period.end, shifts.bases)
    week = count_hours(asked, became, duties, period)
    patients = count_patients(asked, became, duties.physician, period.begin, municipalities)
    return Counted(
        over_classes(over_splits(requests.cells, municipalities)),
        percentiles(requests.waited, requests.cell, RESPONSE_PERCENT, municipalities),
        lift_patients(patients),
        lift_shifts(shifts.bases),
        with_all(shifts.busy),
        with_all(shifts.scheduled),
        whole_percentiles(with_all(shifts.by_visits), VISITS_PERCENT),
        rest.longest,
        rest.long_weeks,
        rest.weeks,
        curve_shares(requests.curves),
        mean_number(week[:HELD], week[HELD]),
        shifts.paid,
        nursed_minutes(requests.cells),
        population,
        (period.end - period.begin) / MINUTES_PER_WEEK,
    )


@part
def nursed_minutes(cells: Floats) -> Floats:
    """Of the groups in which the municipality's nurses work; before the physician only in the classes in which one may
    have to stay."""
    found = np.zeros((len(cells), 2))
    for cell in range(len(cells)):
        klass = cell // WINDOW_COUNT % CLASS_COUNT
        group = cell // (WINDOW_COUNT * CLASS_COUNT) % GROUP_COUNT
        if group < NURSED_GROUPS:
            found[cell, 0] = cells[cell, AT_PATIENT]
            if klass in (A1, PAL):
                found[cell, 1] = cells[cell, WAITING]
    return found
