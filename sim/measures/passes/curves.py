"""From counts to shares: the curves of acute requests, and the physicians by hour; compiled."""

from __future__ import annotations

import numpy as np

from sim.columns import Floats
from sim.jit import part
from sim.measures.passes.requests import Curves


@part
def curve_shares(curves: Curves) -> Floats:
    """(2, 1 + municipalities, 1 + acute classes, points) of those followed, the shares that arrived and that escalated
    up to each point; all municipalities first, all acute classes last. NaN where nobody was followed."""
    places, classes, points = curves.arrived.shape
    reached = np.zeros((2, 1 + places, 1 + classes, points - 1))
    followed = np.zeros((1 + places, 1 + classes))
    for place in range(places):
        for klass in range(classes):
            for row in (0, 1 + place):
                for column in (klass, classes):
                    followed[row, column] += curves.followed[place, klass]
                    for point in range(points - 1):
                        reached[0, row, column, point] += curves.arrived[place, klass, point]
                        reached[1, row, column, point] += curves.escalated[place, klass, point]
    for ending in range(2):
        for row in range(1 + places):
            for column in range(1 + classes):
                so_far = 0.0
                for point in range(points - 1):
                    so_far += reached[ending, row, column, point]
                    share = so_far / followed[row, column] if followed[row, column] > 0.0 else np.nan
                    reached[ending, row, column, point] = share
    return reached


@part
def mean_number(minutes: Floats, held: Floats) -> Floats:
    """(states, hours) minutes over those that the period holds of each hour; NaN where it holds none."""
    found = np.full(minutes.shape, np.nan)
    for state in range(len(minutes)):
        for hour in range(len(held)):
            if held[hour] > 0.0:
                found[state, hour] = minutes[state, hour] / held[hour]
    return found
