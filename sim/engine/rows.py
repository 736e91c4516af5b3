"""Two ways to hold rows: as a structured array, which compiled code takes, or as Python objects."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.state import (
    Agenda,
    CourseRow,
    PlacedRow,
    PlaceRow,
    PlannerRow,
    QueueRow,
    RequestRow,
    Run,
    ShiftRow,
    State,
    StepRow,
    TeamRow,
)

CACHE_LINE: Final = 64  # bytes
ROW_CLASSES: Final = {
    "shifts": ShiftRow,
    "requests": RequestRow,
    "courses": CourseRow,
    "steps": StepRow,
    "teams": TeamRow,
    "queues": QueueRow,
    "places": PlaceRow,
    "placed": PlacedRow,
    "planners": PlannerRow,
}


def row_type(kind: type[Any]) -> np.dtype[Any]:
    """The numpy type of a row class. Whole numbers take 4 bytes: small rows keep more of a run in the processor's
    cache."""
    return np.dtype([(f.name, np.float64 if f.type == "float" else np.int32) for f in fields(kind)], align=True)


def rows(kind: type[Any], length: int, **columns: Any) -> NDArray[Any]:
    """A structured array of `length` rows of a row class: `columns` by name, defaults for the rest."""
    table = np.zeros(length, dtype=row_type(kind))
    for field in fields(kind):
        table[field.name] = columns.pop(field.name) if field.name in columns else field.default
    if columns:
        raise TypeError(f"{kind.__name__} has no fields {sorted(columns)}")
    return table


def blank_row(kind: type[Any]) -> NDArray[Any]:
    """One row with the defaults; 0 in the fields without one, which every row fills in."""
    return rows(kind, 1, **{field.name: 0 for field in fields(kind) if field.default is MISSING})


def room_for_rows(kind: type[Any], length: int) -> NDArray[Any]:
    """Rows yet to be written, the first at the beginning of a cache line."""
    row = row_type(kind)
    room = np.empty(length * row.itemsize + CACHE_LINE, dtype=np.uint8)
    first = -room.ctypes.data % CACHE_LINE
    return room[first : first + length * row.itemsize].view(row)


def copy_rows(table: NDArray[Any]) -> NDArray[Any]:
    """A copy as bytes: numpy copies rows with padding field by field, seven times slower."""
    return table.view(np.uint8).copy().view(table.dtype)


def as_objects(run: Run) -> Run:
    """A copy with rows as objects and arrays as lists, which plain Python handles several times faster."""
    return Run(State(**_held(run.state)), Agenda(**_held(run.agenda)))


def _held(table: Any) -> dict[str, Any]:
    held: dict[str, Any] = table._asdict()
    for name, value in held.items():
        if name in ROW_CLASSES:
            kind = ROW_CLASSES[name]
            held[name] = [kind(**dict(zip(value.dtype.names, row, strict=True))) for row in value.tolist()]
        elif isinstance(value, np.ndarray):
            held[name] = value.tolist()
    return held


def as_arrays(table: Any, kind: type[Any]) -> NDArray[Any]:
    """Rows of a table as a structured array, whichever way they are held."""
    if isinstance(table, np.ndarray):
        return table
    names = [field.name for field in fields(kind)]
    return np.array([tuple(getattr(row, name) for name in names) for row in table], dtype=row_type(kind))
