"""Sorting and exact percentiles of many overlapping cells, compiled."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.jit import compiled
from sim.measures.kernel import ACUTE_COUNT, CLASS_COUNT, GROUP_COUNT, WINDOW_COUNT, Floats, Ints

DIGIT_BITS: Final = 11
DIGITS: Final = 6  # 6 x 11 bits hold the 64 of a number
DIGIT_VALUES: Final = 2**DIGIT_BITS


@compiled
def order_of(values: Floats) -> Ints:
    """The positions of `values`, none negative or NaN, from the smallest to the largest; equal ones as they stand.

    A radix sort of the bits, which for such numbers have the order of the numbers: the time grows with their number
    alone, whatever they are. Digits that all have in common are passed over.
    """
    bits = values.view(np.int64)
    count = np.zeros((DIGITS, DIGIT_VALUES), dtype=np.int64)
    for i in range(len(bits)):
        for digit in range(DIGITS):
            count[digit, (bits[i] >> (DIGIT_BITS * digit)) & (DIGIT_VALUES - 1)] += 1
    order = np.arange(len(bits))
    sorted_order = np.empty_like(order)
    for digit in range(DIGITS):
        shift = DIGIT_BITS * digit
        if len(bits) == 0 or count[digit, (bits[0] >> shift) & (DIGIT_VALUES - 1)] == len(bits):
            continue
        place = np.cumsum(count[digit]) - count[digit]  # of the next one with each value of this digit
        for row in order:
            value = (bits[row] >> shift) & (DIGIT_VALUES - 1)
            sorted_order[place[value]] = row
            place[value] += 1
        order, sorted_order = sorted_order, order
    return order


@compiled
def percentiles(waited: Floats, cell_of: Ints, rank: Ints, first_group: int, first_window: int) -> Floats:
    """The `rank`-th smallest of `waited` in each cell: exact order statistics; NaN where the rank is 0.

    `rank` is (splits, 1 + unplanned classes), splits being all, each municipality, each group (from
    `first_group`), each window (from `first_window`), and column 0 all acute classes together.
    """
    seen = np.zeros_like(rank)
    found = np.full(rank.shape, np.nan)
    for i in order_of(waited):
        rest, window = divmod(cell_of[i], WINDOW_COUNT)
        rest, klass = divmod(rest, CLASS_COUNT)
        place, group = divmod(rest, GROUP_COUNT)
        for split in (0, 1 + place, first_group + group, first_window + window):
            for column in (0, 1 + klass):
                if column == 0 and klass >= ACUTE_COUNT:
                    continue
                seen[split, column] += 1
                if seen[split, column] == rank[split, column]:
                    found[split, column] = waited[i]
    return found
