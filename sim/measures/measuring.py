"""The measures of one run: a journal in, compact arrays out, tidy tables when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.measures.cells import Floats, Ints, in_rows, ratio

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.journal import Journal
    from sim.measures.staff import Staff
    from sim.scenario import Scenario
    from sim.world.tape import DemandTape
    from sim.world.world import World

MINUTES_PER_WEEK: Final = 7 * 24 * 60


@dataclass(frozen=True, eq=False)
class Measures:
    """The measures of one run; the data dictionary says what each value means.

    Numbers: `values` and `counts` (n) in the order of the table; `shares` (2, 1 + municipalities, 1 + acute classes,
    points) arrived and escalated; `physicians` (states, 168) by hour of the week. `names` of the municipalities.

    Tables, made when first asked for:
    `table`: municipality, group, class, window, measure, value, unit, n ("all" where a dimension is not split).
    `curves`: municipality, class, minutes, arrived, escalated (cumulative shares of ordered visits).
    `hours`: weekday (0 = Monday), hour, and the mean number of physicians in each of `HOUR_STATES`.
    Every run of one region has the same rows in the same order; a value that does not exist is NaN with n = 0.
    """

    names: tuple[str, ...]
    values: Floats
    counts: Ints
    shares: Floats
    physicians: Floats

    @cached_property
    def table(self) -> pd.DataFrame:
        from sim.measures.frames import measures_frame

        return measures_frame([self])

    @cached_property
    def curves(self) -> pd.DataFrame:
        from sim.measures.frames import curves_frame

        return curves_frame([self])

    @cached_property
    def hours(self) -> pd.DataFrame:
        from sim.measures.frames import hours_frame

        return hours_frame([self])


def measure(
    tape: DemandTape, world: World, scenario: Scenario, journal: Journal, staff: Staff | None = None
) -> Measures:
    """All measures of one run. `staff` says what the pools cost and where physicians belong (`staff_of`); without it
    all are the region's own, and what needs to know more has no value.

    ValueError when journal and tape differ in length or no time is left after warm-up.
    """
    # here, so that whoever only asks what the measures mean need not load the compiler
    from sim.measures.counting import count
    from sim.measures.county import cost_measures, equity_measures
    from sim.measures.requests import curve_shares, patient_measures, request_measures
    from sim.measures.shifts import shift_measures
    from sim.measures.staff import unknown_staff

    if len(journal.t1) != len(tape):
        raise ValueError(f"the journal has {len(journal.t1)} requests and the tape {len(tape)}")
    weeks = (tape.horizon_min - tape.warm_up_min) / MINUTES_PER_WEEK
    if weeks <= 0:
        raise ValueError("the warm-up is as long as the run: nothing is left to measure")
    places, costs = world.municipalities, scenario.costs
    people = np.array([place.population for place in places], dtype=float)
    known = staff or unknown_staff(costs, int(journal.shift_pool.max(initial=-1)) + 1)
    counts = count(tape, world, scenario, journal, known)
    found = (
        request_measures(counts.requests, len(places), weeks, costs)
        | patient_measures(counts.patients)
        | shift_measures(counts.shifts, counts.rest, weeks, costs)
    )
    values, n = in_rows(found | equity_measures(found, people) | cost_measures(found))
    return Measures(
        names=tuple(place.name for place in places),
        values=values,
        counts=n,
        shares=curve_shares(counts.requests),
        physicians=ratio(counts.week[:-1], counts.week[-1]),
    )
