"""From a journal to tidy numbers: one definition and one place of computation per measure."""

from sim.measures.definitions import (
    CELL_CLASSES,
    CURVE_CLASSES,
    CURVE_GRID,
    HEADLINES,
    HOUR_STATES,
    MEASURES,
    MeasureDefinition,
    definition,
    dictionary,
)
from sim.measures.measuring import Measures, Sums, measure, priced, sums_of

__all__ = [
    "CELL_CLASSES",
    "CURVE_CLASSES",
    "CURVE_GRID",
    "HEADLINES",
    "HOUR_STATES",
    "MEASURES",
    "MeasureDefinition",
    "Measures",
    "Sums",
    "definition",
    "dictionary",
    "measure",
    "priced",
    "sums_of",
]
