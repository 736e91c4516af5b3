"""Measures that are made by a function of tape and journal: what a researcher adds from outside.

    def _soon(tape, journal, world):
        seen = (tape.t0_min >= tape.warm_up_min) & (tape.klass <= A3) & (journal.outcome == DONE)
        return mean_by_municipality((journal.t4 - journal.t1)[seen] <= 30.0, tape.municipality[seen], world)

    soon = MeasureDefinition(
        "soon", Text("Inom en halvtimme", "Within half an hour"), "share", Text(...), "higher", Observed(_soon),
        practical=0.05, classes=("acute",), split="municipality",
    )

They are handed to `compare(..., measures=[soon])`, or stand in a file for `compare --measures FILE`. Worker processes
find a function by its module, so it stands at the top of one. `docs/howto-measure.md` tells it from the beginning.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike

from sim.columns import Floats, Ints
from sim.errors import MeasureError
from sim.measures.definitions import MEASURES
from sim.measures.forms import MeasureDefinition, Observed
from sim.measures.rows import Own, rows_of, splits_of
from sim.text import Text
from sim.usercode import line_of, located

if TYPE_CHECKING:
    from sim.engine.journal import Journal
    from sim.world.tape import DemandTape
    from sim.world.world import World


def mean_by_municipality(values: ArrayLike, municipality: Ints, world: World) -> tuple[Floats, Floats]:
    """Value and n of the mean of `values` (or the share that is true), for all and each municipality: (1 +
    municipalities,) each. `municipality` of each value, NaN where there is none."""
    total, n = _sums(np.asarray(values, dtype=float), municipality, world)
    return np.divide(total, n, out=np.full(n.shape, np.nan), where=n > 0), n


def sum_by_municipality(values: ArrayLike, municipality: Ints, world: World) -> tuple[Floats, Floats]:
    """Value and n of the sum of `values`, in the same way."""
    return _sums(np.asarray(values, dtype=float), municipality, world)


def _sums(values: Floats, municipality: Ints, world: World) -> tuple[Floats, Floats]:
    places = len(world.municipalities)
    total, n = np.bincount(municipality, values, places), np.bincount(municipality, minlength=places).astype(float)
    return np.concatenate([[values.sum()], total]), np.concatenate([[len(values)], n])


def observe(tape: DemandTape, journal: Journal, world: World, values: Floats, n: Ints, own: Own = ()) -> None:
    """Write the values and n of the measures that are observed into the rows of the table. Raises MeasureError, with
    file and line, when a function fails or gives something else than one value and one n for each of its rows."""
    places = len(world.municipalities)
    for item in (*MEASURES, *own):
        if isinstance(item.made, Observed):
            rows = rows_of(places, own)[item.name]
            function = item.made.function
            with located(_file_of(function), _line_of(function), MeasureError, _THE_MEASURE.format(name=item.name)):
                values[rows], n[rows] = _fitting(item, function(tape, journal, world), places)


def _file_of(function: Any) -> Path | None:
    """Where a function is written; None for one typed where nothing is kept."""
    name: str = getattr(function, "file", "") or getattr(getattr(function, "__code__", None), "co_filename", "<")
    return None if name.startswith("<") else Path(name)


def _line_of(function: Any) -> int:
    """Where it begins there; the function of a file says it itself."""
    return getattr(function, "line", 0) or line_of(function)


def _fitting(item: MeasureDefinition, given: Any, places: int) -> tuple[Floats, Floats]:
    """What a function gave as arrays (rows,) each."""
    if not isinstance(given, tuple) or len(given) != 2:
        raise MeasureError(_NOT_TWO.format(kind=type(given).__name__))
    needed = len(item.classes) * splits_of(item.split, places)
    value, n = (np.asarray(part, dtype=float).ravel() for part in given)
    if len(value) != needed or len(n) != needed:
        raise MeasureError(_ROWS.format(values=len(value), n=len(n), needed=needed, split=item.split))
    if not (np.isfinite(n) & (n >= 0)).all():
        raise MeasureError(_NO_NUMBER)
    return value, n


_THE_MEASURE: Final = Text("måttet {name}", "the measure {name}")
_NOT_TWO: Final = Text(
    "funktionen ska ge två ting, värde och n, men gav {kind}",
    "the function must give two things, value and n, but gave {kind}",
)
_ROWS: Final = Text(
    "funktionen gav {values} värden och {n} n, men {needed} behövs ({split}: hela regionen först, sedan varje del, "
    "klass för klass)",
    "the function gave {values} values and {n} n, but {needed} are needed ({split}: the whole region first, then each "
    "part, class by class)",
)
_NO_NUMBER: Final = Text("n ska vara antal: 0 eller mer", "n must be numbers of things: 0 or more")
