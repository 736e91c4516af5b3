"""Measures with one value for the whole region: equity between its municipalities."""

from __future__ import annotations

import numpy as np

from sim.measures.cells import Floats, Values
from sim.measures.definitions import CELL_CLASSES
from sim.statistics import gap, weighted_gini


def equity_measures(by_request: Values, population: Floats) -> Values:
    """Name to (value, n), each (1,); n is the number of municipalities with a value. `population` of each."""
    acute, own = CELL_CLASSES.index("acute"), slice(1, 1 + len(population))
    response, in_target = (by_request[name][0][acute, own] for name in ("response_min", "in_target"))
    response_gap, known = gap(response)
    target_gap, known_target = gap(in_target)
    found = {
        "gap_response_min": (response_gap, known),
        "gap_in_target": (target_gap, known_target),
        "gini_response": (weighted_gini(response, population), known),
        "gini_in_target": (weighted_gini(in_target, population), known_target),
    }
    return {name: (np.array([value]), np.array([float(n)])) for name, (value, n) in found.items()}
