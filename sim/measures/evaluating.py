"""From the sums of a run to the rows of the table: every measure by its own definition.

Which sums a row is made of depends on the definitions alone and is found once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.columns import Floats, Ints
from sim.measures.definitions import MEASURES
from sim.measures.forms import AWeek, AYear, Computed, MeasureDefinition, Priced, Ratio
from sim.measures.passes.rows import A_WEEK, A_YEAR, OTHERWISE, RATIO, Recipe, fill_rows
from sim.measures.passes.sums import PATIENT_SUMS, REQUEST_SUMS, SHIFT_SUMS_AND_MADE
from sim.measures.rows import Own, rows_of, splits_of
from sim.measures.vocabulary import CELL_CLASSES, Split

if TYPE_CHECKING:
    from sim.measures.amounts import Bill
    from sim.measures.passes.whole import Counted

# The sums in the order they are laid out in: the split whose cells they have, and how many there are.
_LAID_OUT: Final[tuple[tuple[Split, int], ...]] = (
    ("request", REQUEST_SUMS), ("patient", PATIENT_SUMS), ("shift", SHIFT_SUMS_AND_MADE),
)  # fmt: skip


class Plan(NamedTuple):
    """How the rows are made: of sums by `recipe`, or by functions of their own."""

    recipe: Recipe
    computed: tuple[tuple[slice, Computed], ...]
    priced: tuple[tuple[str, slice, Priced], ...]


def evaluate(counted: Counted, own: Own = ()) -> tuple[Floats, Ints]:
    """Values and n of all rows; NaN for the values that prices or functions of the journal are needed for."""
    plan = plan_of(len(counted.population), own)
    sums = np.concatenate([counted.requests.ravel(), counted.patients.ravel(), counted.shifts.ravel()])
    values, n = fill_rows(plan.recipe, sums, counted.weeks, counted.a_year)
    for place, made in plan.computed:
        value, known = made.function(counted)
        values[place], n[place] = np.ravel(value), np.ravel(known)
    return values, n


def price(values: Floats, bill: Bill, own: Own = ()) -> Floats:
    """The values with those that prices are part of."""
    found = values.copy()
    for name, place, made in plan_of(len(bill.amounts.driven_km) - 1, own).priced:
        found[place] = made.function(bill)
        bill.priced[name] = found[place]
    return found


@lru_cache(maxsize=16)
def plan_of(municipalities: int, own: Own) -> Plan:
    """How the rows of a region with so many municipalities are made."""
    places = rows_of(municipalities, own)
    recipes, computed, priced = [], [], []
    for item in (*MEASURES, *own):
        place = places[item.name]
        form, numbers, per = OTHERWISE, (0, 0, 0), 1.0
        match item.made:
            case Ratio(part, base, n, per):
                form, numbers = RATIO, (part, base, base if n is None else n)
            case AYear(part, n, per):
                form, numbers = A_YEAR, (part, part, n)
            case AWeek(part, n, per):
                form, numbers = A_WEEK, (part, part, n)
            case Priced(_, n):
                numbers = (n, n, n)
                priced.append((item.name, place, item.made))
            case Computed():
                computed.append((place, item.made))
        size = place.stop - place.start
        what, whole, of = (_cells(item, number, municipalities) for number in numbers)
        recipes.append(Recipe(np.full(size, form), what, whole, of, np.full(size, per)))
    together = Recipe(*(np.concatenate(column) for column in zip(*recipes, strict=True)))
    return Plan(together, tuple(computed), tuple(priced))


def _cells(item: MeasureDefinition, number: int, municipalities: int) -> Ints:
    """Where a sum lies, for each row of a measure; for one without sums of its own, that of all requests."""
    first = 0
    for split, sums in _LAID_OUT:
        splits, classes = splits_of(split, municipalities), len(CELL_CLASSES) if split == "request" else 1
        if split == item.split:
            kept = [CELL_CLASSES.index(klass) if split == "request" else 0 for klass in item.classes]
            return (first + (number * classes + np.array(kept)[:, None]) * splits + np.arange(splits)).ravel()
        first += sums * classes * splits
    whole = number * len(CELL_CLASSES) * splits_of("request", municipalities)
    return np.full(len(item.classes) * splits_of(item.split, municipalities), whole)
