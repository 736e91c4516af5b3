"""The rows of the table that are made of sums; compiled."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.columns import Floats, Ints
from sim.jit import compiled

RATIO, A_YEAR, A_WEEK, OTHERWISE = 0, 1, 2, 3
FORMS: Final = (RATIO, A_YEAR, A_WEEK, OTHERWISE)


class Recipe(NamedTuple):
    """How each row is made: its `form`; where the sums `what`, `whole` and `of` lie; what the first is divided by."""

    form: Ints
    what: Ints
    whole: Ints
    of: Ints
    per: Floats


@compiled
def fill_rows(recipe: Recipe, sums: Floats, weeks: float, a_year: float) -> tuple[Floats, Ints]:
    """Values and n of all rows; NaN for what is made otherwise, and where the whole is 0; n is 0 where it is not
    known."""
    form, what, whole, of, per = recipe.form, recipe.what, recipe.whole, recipe.of, recipe.per
    values = np.full(len(form), np.nan)
    n = np.zeros(len(form), dtype=np.int64)
    for row in range(len(form)):
        part = sums[what[row]] / per[row]
        if form[row] == RATIO:
            values[row] = part / sums[whole[row]] if sums[whole[row]] != 0.0 else np.nan
        elif form[row] == A_YEAR:
            values[row] = part * a_year
        elif form[row] == A_WEEK:
            values[row] = part / weeks
        n[row] = 0 if np.isnan(sums[of[row]]) else int(sums[of[row]])
    return values, n
