"""The closed words of the tables of measures: classes, subjects, points of the curves, states of the hours."""

from __future__ import annotations

from typing import Final, Literal

from sim.codes import ACUTE, CLASS_TITLES, CLASSES, PLANNED, UNPLANNED
from sim.text import Text

Better = Literal["lower", "higher", "none"]
Split = Literal["request", "patient", "shift", "municipality", "region"]

CELL_CLASSES: Final = ("all", "acute", "planned", *CLASSES)
CELL_TITLES: Final = {
    "all": Text("Alla", "All"),
    "acute": Text("Akuta (A1–A3)", "Acute (A1–A3)"),
    "planned": Text("Planerade (R, P)", "Planned (R, P)"),
    **CLASS_TITLES,
}
WHOLE: Final = ("all",)
ACUTE_ONLY: Final = ("acute",)
WIDE_CELLS: Final = ("all", "acute", "planned")
UNPLANNED_CELLS: Final = ("acute", *UNPLANNED)
ALL_AND_UNPLANNED: Final = ("all", *UNPLANNED_CELLS)
PLANNED_CELLS: Final = ("planned", *PLANNED)

CURVE_CLASSES: Final = (*ACUTE, "acute")
CURVE_GRID: Final = tuple(range(0, 490, 10))  # minutes, evenly spaced from 0
HOUR_STATES: Final = ("on_shift", "driving", "on_scene", "documenting", "telephone")

# What the page tells of besides its first table; the tables follow one another in this order.
SUBJECTS: Final = {
    "access": Text("Tillgänglighet", "Access"),
    "continuity": Text("Kontinuitet", "Continuity"),
    "working time": Text("Arbetstid", "Working time"),
    "equity": Text("Jämlikhet mellan kommunerna", "Equity between municipalities"),
    "driving": Text("Resor och miljö", "Driving and environment"),
    "costs": Text("Kostnader (uppskattade priser)", "Costs (estimated prices)"),
    "own": Text("Egna mått", "Own measures"),
}
FILES_ONLY: Final = "files only"  # the subject of a measure that stands in the tables of a study but on no page
