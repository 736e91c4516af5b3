"""The measures of one run, in two steps: its sums, in which no price has a part, and what they come to at the prices of
a scenario. Compact arrays; tidy tables when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.columns import Floats
from sim.measures.found import Found

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.journal import Journal
    from sim.measures.amounts import Amounts
    from sim.measures.rows import Own
    from sim.measures.staff import Staff
    from sim.scenario import Scenario
    from sim.scenario.classes import Classes
    from sim.scenario.prices import Costs
    from sim.world.tape import DemandTape
    from sim.world.world import World


@dataclass(frozen=True, eq=False)
class Measures(Found):
    """The measures of one run; the data dictionary says what each value means.

    Tables, made when first asked for:
    `table`: municipality, group, class, window, measure, value, unit, n ("all" where a dimension is not split).
    `curves`: municipality, class, minutes, arrived, escalated (cumulative shares of ordered visits).
    `hours`: weekday (0 = Monday), hour, and the mean number of physicians in each of `HOUR_STATES`.
    Every run of one region has the same rows in the same order; a value that does not exist is NaN with n = 0.
    """

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


@dataclass(frozen=True, eq=False)
class Sums:
    """What a run came to before any price is known: `found`, with NaN for the measures that prices are part of, and the
    `amounts` that those multiply."""

    found: Found
    amounts: Amounts


def measure(
    tape: DemandTape, world: World, scenario: Scenario, journal: Journal, staff: Staff | None = None, own: Own = ()
) -> Measures:
    """All measures of one run, and `own` ones. `staff` says of what kind the pools are and where physicians belong
    (`staff_of`); without it all are the region's own, and what needs to know more has no value.

    ValueError when journal and tape differ in length or no time is left after warm-up. MeasureError when the function
    of an own measure gives what it should not.
    """
    from sim.measures.staff import unknown_staff

    known = staff or unknown_staff(int(journal.shift_pool.max(initial=-1)) + 1)
    return priced(sums_of(tape, world, scenario.classes, journal, known, own), scenario.costs, known)


def sums_of(tape: DemandTape, world: World, classes: Classes, journal: Journal, staff: Staff, own: Own = ()) -> Sums:
    """Everything about one run but its prices. Of `classes` only the targets are read, of `staff` no price.

    ValueError and MeasureError as `measure`.
    """
    # here, so that whoever only asks what the measures mean need not load the compiler
    from sim.measures.amounts import amounts_of
    from sim.measures.counting import count
    from sim.measures.evaluating import evaluate
    from sim.measures.own import observe

    if len(journal.t1) != len(tape):
        raise ValueError(f"the journal has {len(journal.t1)} requests and the tape {len(tape)}")
    if tape.horizon_min <= tape.warm_up_min:
        raise ValueError("the warm-up is as long as the run: nothing is left to measure")
    counted = count(tape, world, classes, journal, staff)
    values, n = evaluate(counted, own)
    observe(tape, journal, world, values, n, own)
    names = tuple(place.name for place in world.municipalities)
    found = Found(names, values, n, counted.shares, counted.physicians, own)
    return Sums(found, amounts_of(counted))


def priced(sums: Sums, costs: Costs, staff: Staff) -> Measures:
    """The measures at these prices; `staff` as for `sums_of`, of which only the pools' own prices and whose they are
    is read."""
    from sim.measures.amounts import Bill
    from sim.measures.evaluating import price

    found = sums.found
    values = rounded(price(found.values, Bill(sums.amounts, costs, staff), found.own))
    return Measures(found.names, values, found.counts, found.shares, found.physicians, found.own)


def rounded(values: Floats) -> Floats:
    """The values to `DIGITS` binary digits: for whatever takes less than a day that is finer than the clock itself
    (`sim.grid`), and a quarter less on disk. Whole numbers, NaN and infinities stay as they are."""
    bits = np.ascontiguousarray(values).view(np.int64)
    kept = ((bits + (_UNIT >> 1)) & -_UNIT).view(np.float64)
    return np.where(np.isfinite(values), kept, values)


DIGITS: Final = 37  # of 53: eleven decimal ones, and sign, exponent and digits fill six bytes
_UNIT: Final = 1 << (53 - DIGITS)
