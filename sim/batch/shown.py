"""Levels and differences of a batch as they are written for readers."""

from __future__ import annotations

import math
from typing import Final

from sim.language.numbers import number, percent
from sim.language.titles import CLASS_TITLES
from sim.language.units import as_shown
from sim.measures.forms import MeasureDefinition
from sim.text import Text, same


def label(item: MeasureDefinition, klass: str, lang: str) -> str:
    """Title, class and unit of a measure."""
    unit = as_shown(item.unit)[1].many.get(lang) if item.unit not in ("share", "index") else ""
    words = item.title.get(lang) + ("" if klass == "all" else f", {CLASS_TITLES.get(klass, same(klass)).get(lang)}")
    return f"{words} ({unit})" if unit else words


def worst_of(regret: float, behind: int, item: MeasureDefinition, lang: str) -> str:
    """The largest regret, and in how many scenarios there is none because the model does not keep up."""
    said = _BEHIND.get(lang).format(n=behind)
    return (
        apart(regret, item, lang)
        if not behind
        else said
        if math.isnan(regret)
        else (f"{apart(regret, item, lang)}; {said}")
    )


def apart(value: float, item: MeasureDefinition, lang: str) -> str:
    """How far two values lie apart: percentage points for shares."""
    points = _POINTS.get(lang) if item.unit == "share" and math.isfinite(value) else ""
    return scaled(value, item, lang) + points


def shown(value: float, item: MeasureDefinition, lang: str) -> str:
    """A level in the unit its measure is shown in."""
    return percent(value, lang, 1) if item.unit == "share" else scaled(value, item, lang)


def scaled(value: float, item: MeasureDefinition, lang: str, sign: bool = False) -> str:
    """A number in the unit its measure is shown in, without it."""
    figure = as_shown(item.unit)[0] * value
    return number(figure, lang, 0 if abs(figure) >= 1000 else 1, sign)


_BEHIND: Final = Text("hinner inte med i {n}", "does not keep up in {n}")
_POINTS: Final = Text(" pe", " pp")
