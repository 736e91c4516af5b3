"""Measures with one value for the whole region: equity between its municipalities, and what it all costs."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.measures.cells import Floats, Values, ratio
from sim.measures.definitions import CELL_CLASSES
from sim.statistics import gap, weighted_gini

# What the region pays; the contractor's cost is part of that of the physicians.
REGION_COSTS: Final = (
    "cost_physicians", "cost_travel", "cost_transports", "cost_ed", "cost_ward", "cost_vardcentral",
)  # fmt: skip


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


def cost_measures(values: Values) -> Values:
    """Name to (value, n), each (1,), from the measures of requests and of shifts; n is the number of stops."""
    region = np.array([sum(whole(values, name) for name in REGION_COSTS)])
    total = region + whole(values, "cost_municipalities")
    stops = values["visits"][1].ravel()[:1]
    return {
        "cost_region": (region, stops),
        "cost_total": (total, stops),
        "cost_per_visit": (ratio(total, np.array([whole(values, "visits")])), stops),
    }


def whole(values: Values, name: str) -> float:
    """The value for everything together: the first cell."""
    return float(values[name][0].flat[0])
