"""Prices times amounts; compiled."""

from __future__ import annotations

import numpy as np

from sim.columns import Floats
from sim.jit import compiled
from sim.measures.passes.lifting import over_splits, with_all
from sim.measures.passes.shifts import Paid


@compiled
def price_shifts(paid: Paid, of_hour: Floats, of_km: Floats, contractor: Floats, municipalities: int) -> Floats:
    """(3, 1 + municipalities) SEK by base, all of them first: hours, the contractors' part of them, and kilometres.
    Prices by pool. Added shift by shift, in their order."""
    own = np.zeros((municipalities, 3))
    for u in range(len(paid.base)):
        base, pool = paid.base[u], paid.pool[u]
        cost = paid.hours[u] * of_hour[pool]
        own[base, 0] += cost
        own[base, 1] += cost * contractor[pool]
        own[base, 2] += paid.km[u] * of_km[pool]
    return with_all(own).T.copy()


@compiled
def price_nurses(minutes: Floats, present: float, waiting: float, municipalities: int) -> Floats:
    """(splits,) hours of the municipality's nurses: the shares of `minutes` (cells, 2) during which they are there."""
    hours = np.empty((len(minutes), 1))
    for cell in range(len(minutes)):
        hours[cell, 0] = (minutes[cell, 0] * present + minutes[cell, 1] * waiting) / 60.0
    by_split = over_splits(hours, municipalities)
    found = np.zeros(len(by_split))
    for split in range(len(by_split)):
        for klass in range(by_split.shape[1]):
            found[split] += by_split[split, klass, 0]
    return found
