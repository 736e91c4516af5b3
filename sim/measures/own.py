"""Measures that a researcher adds from outside: what their functions give, and whether they are well said.

    def _soon(tape, journal, world):
        seen = (tape.t0_min >= tape.warm_up_min) & (tape.klass <= A3) & (journal.outcome == DONE)
        return mean_by_municipality((journal.t4 - journal.t1)[seen] <= 30.0, tape.municipality[seen], world)

    soon = MeasureDefinition(
        "soon", Text("Inom en halvtimme", "Within half an hour"), "share", Text(...), "higher", Observed(_soon),
        practical=0.05, classes=("acute",), split="municipality",
    )

They are handed to `run_study(..., measures=[soon])`. Worker processes find a function by its module, so it stands at
the top of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, get_args

import numpy as np
from numpy.typing import ArrayLike

from sim.columns import Floats, Ints
from sim.errors import MeasureError
from sim.measures.definitions import MEASURES
from sim.measures.forms import MeasureDefinition, Observed
from sim.measures.rows import Own, rows_of, splits_of
from sim.measures.vocabulary import CELL_CLASSES, Better, Split
from sim.scenario.practical import Practical
from sim.text import Text

if TYPE_CHECKING:
    from sim.engine.journal import Journal
    from sim.world.tape import DemandTape
    from sim.world.world import World


# --- what a function gives ----------------------------------------------------------------------------------------


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
    """Write the values and n of the measures that are observed into the rows of the table. Raises MeasureError when a
    function gives something else than one value and one n for each of its rows."""
    places = len(world.municipalities)
    for item in (*MEASURES, *own):
        if isinstance(item.made, Observed):
            rows = rows_of(places, own)[item.name]
            values[rows], n[rows] = _given(item, item.made.function(tape, journal, world), places)


def _given(item: MeasureDefinition, given: Any, places: int) -> tuple[Floats, Floats]:
    if not isinstance(given, tuple) or len(given) != 2:
        raise MeasureError(_NOT_TWO.format(name=item.name, kind=type(given).__name__))
    needed = len(item.classes) * splits_of(item.split, places)
    value, n = (np.asarray(part, dtype=float).ravel() for part in given)
    if len(value) != needed or len(n) != needed:
        said = _ROWS.format(name=item.name, values=len(value), n=len(n), needed=needed, split=item.split)
        raise MeasureError(said)
    return value, np.nan_to_num(n)


# --- whether it is well said --------------------------------------------------------------------------------------


def checked(own: Iterable[MeasureDefinition]) -> Own:
    """The measures as they are, when all can be added to those of the program. Raises MeasureError with every fault."""
    found = tuple(_tidy(item) for item in own)
    known = [item.name for item in MEASURES]
    faults = []
    for item in found:
        faults += [_FAULT.format(name=item.name, fault=fault) for fault in _faults(item, known)]
        known.append(item.name)
    if faults:
        raise MeasureError(Text(*("\n".join(fault.get(lang) for fault in faults) for lang in ("sv", "en"))))
    return found


def _tidy(item: Any) -> MeasureDefinition:
    if not isinstance(item, MeasureDefinition):
        raise MeasureError(_NO_MEASURE.format(kind=type(item).__name__))
    return replace(item, classes=tuple(item.classes), subject=item.subject or "own")


def _faults(item: MeasureDefinition, known: Sequence[str]) -> list[Text]:
    """What is wrong with one measure, and what to write instead."""
    practical = tuple(Practical.model_fields)
    found = []
    if not item.name.isidentifier() or item.name == "all":
        found.append(_NAME)
    if item.name in known:
        found.append(_TAKEN)
    if item.better not in get_args(Better):
        found.append(_ONE_OF.format(what="better", known=", ".join(get_args(Better))))
    if item.split not in get_args(Split):
        found.append(_ONE_OF.format(what="split", known=", ".join(get_args(Split))))
    if not item.classes or not set(item.classes) <= set(CELL_CLASSES):
        found.append(_ONE_OF.format(what="classes", known=", ".join(CELL_CLASSES)))
    if item.headline and item.headline not in item.classes:
        found.append(_ONE_OF.format(what="headline", known=", ".join(item.classes)))
    if isinstance(item.practical, str) and item.practical not in ("", *practical):
        found.append(_ONE_OF.format(what="practical", known=", ".join(practical)))
    if not isinstance(item.practical, str) and not item.practical >= 0.0:
        found.append(_NEGATIVE)
    if item.made is None:
        found.append(_NOT_MADE)
    return found


_FAULT: Final = Text("måttet {name}: {fault}", "the measure {name}: {fault}")
_NAME: Final = Text(
    "namnet ska ha bokstäver, siffror och _ och inte börja med en siffra",
    "the name must be letters, digits and _, and not begin with a digit",
)
_TAKEN: Final = Text("ett annat mått heter så; välj ett annat namn", "another measure is called that; choose another")
_ONE_OF: Final = Text("{what} ska vara bland {known}", "{what} must be among {known}")
_NEGATIVE: Final = Text(
    "practical ska vara 0 eller mer, i måttets enhet", "practical must be 0 or more, in the unit of the measure"
)
_NOT_MADE: Final = Text(
    "made säger hur det räknas: skriv Observed(funktion)", "made says how it is computed: write Observed(function)"
)
_NO_MEASURE: Final = Text(
    "ett mått ska vara en MeasureDefinition, inte av typen {kind}",
    "a measure must be a MeasureDefinition, not of type {kind}",
)
_NOT_TWO: Final = Text(
    "funktionen i måttet {name} ska ge två ting, värde och n, men gav {kind}",
    "the function of the measure {name} must give two things, value and n, but gave {kind}",
)
_ROWS: Final = Text(
    "funktionen i måttet {name} gav {values} värden och {n} n, men {needed} behövs ({split}: hela regionen först, "
    "sedan varje del, klass för klass)",
    "the function of the measure {name} gave {values} values and {n} n, but {needed} are needed ({split}: the whole "
    "region first, then each part, class by class)",
)
