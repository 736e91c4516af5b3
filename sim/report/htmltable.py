"""Tables of the page: what a cell, a row and a table hold, and how a measure is written in one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.decide.sentences import short
from sim.language.numbers import MISSING, NBSP, between, number, with_sign
from sim.report.view import Difference, Estimate, View
from sim.report.words import Shown


@dataclass(frozen=True)
class Cell:
    """One table cell: the value, and in small what stands under it; `tone` is better, worse or empty (colour only
    repeats what the word says); `wide` is the word over plausible worlds, before the other. What is `as_written` is in
    a language of its own: a source, a command, a version."""

    value: str
    note: str = ""
    word: str = ""
    tone: str = ""
    as_written: bool = False
    wide: str = ""


@dataclass(frozen=True)
class Row:
    head: str
    cells: Sequence[Cell]
    note: str = ""


@dataclass(frozen=True)
class Block:
    """Rows under a common heading; the heading is empty for a plain table."""

    head: str
    rows: Sequence[Row]
    note: str = ""


@dataclass(frozen=True)
class Table:
    """`heads` are the column headings, the first one over the row heads; `wide` tables hold running text."""

    caption: str
    heads: Sequence[str]
    blocks: Sequence[Block]
    foot: str = ""
    kind: str = "numbers"

    @property
    def size(self) -> int:
        """How many rows there are."""
        return sum(len(block.rows) for block in self.blocks)


def heads(view: View, first: str) -> list[str]:
    """Column headings: `first`, then every model."""
    return [first, *(view.title(model) for model in view.models)]


def written(view: View, what: Shown, value: float) -> str:
    """A value with its unit, such as "12,5 %"."""
    text = bare(view, what, value)
    unit = what.unit.get(view.lang)
    if text == MISSING or not unit:
        return text
    return with_sign(text, view.lang) if unit == "%" else f"{text}{NBSP}{unit}"


def bare(view: View, what: Shown, value: float) -> str:
    """A value without its unit."""
    return number(value * what.factor, view.lang, what.digits)


def value_cell(
    view: View, what: Shown, model: str, municipality: str = "all", interval: bool = False, word: bool = True
) -> Cell:
    """A model's value, with its interval and with how it compares with the reference."""
    found: Estimate = view.estimate(what.measure, model, what.class_, municipality)
    note = _interval(view, what, found.lower, found.upper) if interval and found.has_interval else ""
    said, tone, wide = "", "", ""
    if word and model != view.reference:
        over = view.wide(what.measure, model, what.class_) if interval and municipality == "all" else None
        wide = short(over).get(view.lang) if over is not None else ""
        said, tone = verdict_of(view, what, view.difference(what.measure, model, what.class_, municipality))
    return Cell(written(view, what, found.mean), note, said, tone, wide=wide)


def difference_cell(view: View, what: Shown, model: str) -> Cell:
    """A model's difference from the reference, without unit, with its interval and verdict."""
    found = view.difference(what.measure, model, what.class_)
    if found is None:
        return Cell(MISSING)
    text = number(found.difference * what.factor, view.lang, what.digits, sign=True)
    return Cell(text, _interval(view, what, found.lower, found.upper), *verdict_of(view, what, found))


def verdict_of(view: View, what: Shown, found: Difference | None) -> tuple[str, str]:
    """The word of a comparison and its tone; nothing is said of a measure that has no better direction."""
    if found is None or view.better(what.measure) == "none":
        return "", ""
    return found.word.get(view.lang), found.verdict.value if found.verdict.is_difference else ""


def foot_of(view: View, rows: Sequence[Row]) -> str:
    """The reason for a missing value, only where one is missing."""
    return view.say("page_dash") if any(cell.value == MISSING for row in rows for cell in row.cells) else ""


def _interval(view: View, what: Shown, lower: float, upper: float) -> str:
    """Both ends in brackets; nothing where they are unknown, or so near that they are written alike."""
    if not (math.isfinite(lower) and math.isfinite(upper)):
        return ""
    low, high = (number(value * what.factor, view.lang, what.digits) for value in (lower, upper))
    return "" if low == high else f"({between(low, high, view.lang)})"
