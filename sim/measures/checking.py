"""Whether a measure that is added from outside is well said."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final, get_args

from sim.errors import MeasureError
from sim.measures.definitions import MEASURES
from sim.measures.forms import Made, MeasureDefinition, Plain, Spoken
from sim.measures.rows import Own
from sim.measures.vocabulary import CELL_CLASSES, FILES_ONLY, SUBJECTS, Better, Split
from sim.scenario.practical import Practical
from sim.text import Text, joined

OWN_SUBJECT: Final = "own"


def checked(own: Iterable[Any], places: Sequence[str] = ()) -> Own:
    """The measures as they are, when all can be added to those of the program. `places`: where each is written, as
    "file:line: ". Raises MeasureError with every fault."""
    found, faults = [], []
    known = [item.name for item in MEASURES]
    for number, item in enumerate(own):
        place = places[number] if places else ""
        if not isinstance(item, MeasureDefinition):
            faults.append(joined([place, _NO_MEASURE.format(kind=type(item).__name__)]))
            continue
        wrong = _of_other_types(item) or _faults(item, known)
        faults += [joined([place, _FAULT.format(name=str(item.name), fault=fault)]) for fault in wrong]
        if not wrong:
            known.append(item.name)
            found.append(replace(item, classes=tuple(item.classes), subject=item.subject or OWN_SUBJECT))
    if faults:
        raise MeasureError(joined(faults, "\n"))
    return tuple(found)


def _of_other_types(item: MeasureDefinition) -> list[Text]:
    """What is of another kind than it must be: then nothing else is looked at."""
    kinds: dict[str, tuple[Any, str]] = {
        "name": (str, "str"), "title": (Text, "Text"), "unit": (str, "str"), "formula": (Text, "Text"),
        "better": (str, "str"), "made": (get_args(Made), "Observed"), "practical": ((str, float, int), "float"),
        "classes": ((tuple, list), "tuple"), "split": (str, "str"), "subject": (str, "str"),
        "subject_class": (str, "str"), "headline": (str, "str"), "spoken": ((Spoken, type(None)), "Spoken"),
        "plain": ((Plain, type(None)), "Plain"),
    }  # fmt: skip
    wrong = {name: said for name, (kind, said) in kinds.items() if not isinstance(getattr(item, name), kind)}
    found = [_KIND.format(what=name, kind=said, got=type(getattr(item, name)).__name__) for name, said in wrong.items()]
    if isinstance(item.made, get_args(Made)) and hasattr(item.made, "function") and not callable(item.made.function):
        found.append(_KIND.format(what="made", kind="Observed(function)", got=type(item.made.function).__name__))
    return found


def _faults(item: MeasureDefinition, known: Sequence[str]) -> list[Text]:
    """What is wrong with one measure, and what to write instead."""
    among: list[tuple[str, str, tuple[str, ...]]] = [
        ("better", item.better, get_args(Better)),
        ("split", item.split, get_args(Split)),
        ("subject", item.subject, ("", *SUBJECTS, FILES_ONLY)),
        ("subject_class", item.subject_class, ("", *item.classes)),
        ("headline", item.headline, ("", *item.classes)),
        *(("classes", klass, CELL_CLASSES) for klass in item.classes or ("",)),
    ]
    found = [] if item.name.isidentifier() and item.name != "all" else [_NAME]
    found += [_TAKEN] if item.name in known else []
    found += [] if all((*item.title, *item.formula, item.unit)) else [_WORDS]
    for what, given, allowed in among:
        if given not in allowed:
            found.append(_ONE_OF.format(what=what, known=", ".join(filter(None, allowed)), given=repr(given)))
    return [*found, *_of_practical(item)]


def _of_practical(item: MeasureDefinition) -> list[Text]:
    """A measure with a direction has a difference that matters: without one any difference at all would be better."""
    fields = tuple(Practical.model_fields)
    if isinstance(item.practical, str):
        if item.practical in fields or (not item.practical and item.better == "none"):
            return []
        return [_PRACTICAL.format(known=", ".join(fields))]
    least = 0.0 if item.better == "none" else math.ulp(0.0)
    return [] if least <= item.practical < math.inf else [_PRACTICAL.format(known=", ".join(fields))]


_FAULT: Final = Text("måttet {name}: {fault}", "the measure {name}: {fault}")
_KIND: Final = Text("{what} ska vara {kind}, inte av typen {got}", "{what} must be {kind}, not of type {got}")
_NAME: Final = Text(
    "namnet ska ha bokstäver, siffror och _ och inte börja med en siffra",
    "the name must be letters, digits and _, and not begin with a digit",
)
_TAKEN: Final = Text("ett annat mått heter så; välj ett annat namn", "another measure is called that; choose another")
_WORDS: Final = Text(
    "title, formula och unit behöver ord, på båda språken", "title, formula and unit need words, in both languages"
)
_ONE_OF: Final = Text("{what} ska vara bland {known}, inte {given}", "{what} must be among {known}, not {given}")
_PRACTICAL: Final = Text(
    "practical ska vara den minsta skillnad som betyder något: ett tal över 0 i måttets enhet, eller bland {known}",
    "practical must be the smallest difference that matters: a number above 0 in the unit of the measure, or among "
    "{known}",
)
_NO_MEASURE: Final = Text(
    "ett mått ska vara en MeasureDefinition, inte av typen {kind}",
    "a measure must be a MeasureDefinition, not of type {kind}",
)
