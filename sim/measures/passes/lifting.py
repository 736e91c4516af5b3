"""From the sums of single cells to those that measures are made for; compiled."""

from __future__ import annotations

import numpy as np

from sim.columns import Floats
from sim.jit import part
from sim.measures.passes.layout import ACUTE_COUNT, CLASS_COUNT, GROUP_COUNT, UNPLANNED_COUNT, WINDOW_COUNT
from sim.measures.passes.sums import BUSY, CALLS, DOCUMENTING, DRIVING, HOURS, ON_SCENE, SCHEDULED, SHIFT_SUMS_AND_MADE


@part
def over_splits(cells: Floats, municipalities: int) -> Floats:
    """Sums of (cells, x) over the splits: (splits, classes, x). A cell is a municipality, group, class and window, in
    that order; splits are all, each municipality, each group, each window. Added in the order of the cells."""
    group_0 = 1 + municipalities
    window_0 = group_0 + GROUP_COUNT
    width = cells.shape[1]
    found = np.zeros((window_0 + WINDOW_COUNT, CLASS_COUNT, width))
    cell = 0
    for place in range(municipalities):
        for group in range(GROUP_COUNT):
            for klass in range(CLASS_COUNT):
                for window in range(WINDOW_COUNT):
                    for x in range(width):
                        value = cells[cell, x]
                        found[1 + place, klass, x] += value
                        found[group_0 + group, klass, x] += value
                        found[window_0 + window, klass, x] += value
                    cell += 1
    for place in range(municipalities):
        for klass in range(CLASS_COUNT):
            for x in range(width):
                found[0, klass, x] += found[1 + place, klass, x]
    return found


@part
def over_classes(by_split: Floats) -> Floats:
    """(splits, classes, x) as (x, classes of `CELL_CLASSES`, splits): all, acute and planned in front of each class."""
    splits, classes, width = by_split.shape
    found = np.zeros((width, 3 + classes, splits))
    for split in range(splits):
        for klass in range(classes):
            for x in range(width):
                value = by_split[split, klass, x]
                found[x, 3 + klass, split] = value
                found[x, 0, split] += value
                if klass < ACUTE_COUNT:
                    found[x, 1, split] += value
                elif klass >= UNPLANNED_COUNT:
                    found[x, 2, split] += value
    return found


@part
def with_all(own: Floats) -> Floats:
    """(municipalities, x) with all of them together in front."""
    found = np.zeros((len(own) + 1, own.shape[1]))
    for place in range(len(own)):
        for x in range(own.shape[1]):
            found[0, x] += own[place, x]
            found[1 + place, x] = own[place, x]
    return found


@part
def lift_patients(own: Floats) -> Floats:
    """(municipalities, groups, x) as (x, splits): all, each municipality, each group."""
    municipalities, groups, width = own.shape
    found = np.zeros((width, 1 + municipalities + groups))
    for place in range(municipalities):
        for group in range(groups):
            for x in range(width):
                found[x, 0] += own[place, group, x]
                found[x, 1 + place] += own[place, group, x]
                found[x, 1 + municipalities + group] += own[place, group, x]
    return found


@part
def lift_shifts(own: Floats) -> Floats:
    """(municipalities, SHIFT_SUMS) as (SHIFT_SUMS_AND_MADE, all and each municipality)."""
    found = np.zeros((SHIFT_SUMS_AND_MADE, 1 + len(own)))
    lifted = with_all(own)
    for place in range(len(lifted)):
        for x in range(own.shape[1]):
            found[x, place] = lifted[place, x]
        found[HOURS, place] = found[SCHEDULED, place] / 60.0
        found[BUSY, place] = (
            found[DRIVING, place] + found[ON_SCENE, place] + found[DOCUMENTING, place] + found[CALLS, place]
        )
    return found
