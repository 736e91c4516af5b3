"""From a journal to tidy numbers: one definition and one place of computation per measure."""

from sim.measures.definitions import HEADLINES, MEASURES, definition
from sim.measures.dictionary import dictionary
from sim.measures.forms import AWeek, AYear, MeasureDefinition, Observed, Ratio
from sim.measures.measuring import Measures, Sums, measure, priced, sums_of
from sim.measures.vocabulary import CELL_CLASSES, CURVE_CLASSES, CURVE_GRID, HOUR_STATES

__all__ = [
    "CELL_CLASSES",
    "CURVE_CLASSES",
    "CURVE_GRID",
    "HEADLINES",
    "HOUR_STATES",
    "MEASURES",
    "AWeek",
    "AYear",
    "MeasureDefinition",
    "Measures",
    "Observed",
    "Ratio",
    "Sums",
    "definition",
    "dictionary",
    "measure",
    "priced",
    "sums_of",
]
