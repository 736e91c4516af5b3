"""Sorting and exact percentiles of many overlapping cells, compiled."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.columns import Floats, Ints
from sim.jit import compiled, part
from sim.measures.passes.layout import ACUTE_COUNT, CLASS_COUNT, GROUP_COUNT, UNPLANNED_COUNT, WINDOW_COUNT

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


@part
def percentiles(waited: Floats, cell_of: Ints, percent: int, municipalities: int) -> Floats:
    """(splits, 1 + unplanned classes) the first of the values `waited` that at least `percent` % do not exceed: exact
    order statistics (type 1); infinite where it falls among those that are, NaN where there is no value. Splits are
    all, each municipality, each group, each window; column 0 is all acute classes together."""
    first_group = 1 + municipalities
    first_window = first_group + GROUP_COUNT
    rank = np.zeros((first_window + WINDOW_COUNT, 1 + UNPLANNED_COUNT), dtype=np.int64)
    many = np.zeros(municipalities * GROUP_COUNT * CLASS_COUNT * WINDOW_COUNT, dtype=np.int64)
    for cell in cell_of:
        many[cell] += 1
    for cell in range(len(many)):
        rest, window = divmod(cell, WINDOW_COUNT)
        rest, klass = divmod(rest, CLASS_COUNT)
        place, group = divmod(rest, GROUP_COUNT)
        if many[cell] == 0:
            continue
        for split in (0, 1 + place, first_group + group, first_window + window):
            rank[split, 1 + klass] += many[cell]
            if klass < ACUTE_COUNT:
                rank[split, 0] += many[cell]
    rank = (percent * rank + 99) // 100  # whole numbers: 0.9 * n would round
    found = np.full(rank.shape, np.nan)
    for i in order_of(waited):
        rest, window = divmod(cell_of[i], WINDOW_COUNT)
        rest, klass = divmod(rest, CLASS_COUNT)
        place, group = divmod(rest, GROUP_COUNT)
        for split in (0, 1 + place, first_group + group, first_window + window):
            rank[split, 1 + klass] -= 1
            if rank[split, 1 + klass] == 0:
                found[split, 1 + klass] = waited[i]
            if klass < ACUTE_COUNT:
                rank[split, 0] -= 1
                if rank[split, 0] == 0:
                    found[split, 0] = waited[i]
    return found


@part
def whole_percentiles(frequency: Floats, percent: int) -> Floats:
    """Of each row, the smallest whole number that at least `percent` % do not exceed; column v counts the value v. NaN
    without values."""
    found = np.full(len(frequency), np.nan)
    for row in range(len(frequency)):
        n = int(frequency[row].sum())
        so_far = 0
        for value in range(frequency.shape[1]):
            so_far += int(frequency[row, value])
            if n > 0 and so_far >= (percent * n + 99) // 100:
                found[row] = value
                break
    return found
