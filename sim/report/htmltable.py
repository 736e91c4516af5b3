"""Tables of the page: what a cell, a row and a table hold, and how a measure is written in one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.decide.sentences import short
from sim.language.numbers import MISSING, NBSP, UNBOUNDED, between, digits_apart, number, with_sign
from sim.language.units import exactly, of_difference
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


def about(view: View, what: Shown) -> str:
    """What a measure means, and the threshold that its verdicts are read from."""
    meaning, limit = what.meaning.get(view.lang), threshold_of(view, what)
    return f"{meaning}; {limit}" if limit else meaning


def threshold_of(view: View, what: Shown) -> str:
    """The threshold in words; nothing where no verdict is said."""
    limit = what.factor * view.practical(what.measure)
    if not view.others or view.better(what.measure) == "none" or not limit > 0:
        return ""
    return view.say("page_threshold", limit=exactly(limit, of_difference(what.in_unit)[1], view.lang))


def written(view: View, what: Shown, value: float) -> str:
    """A value with its unit, such as "12,5 %"."""
    text = bare(view, what, value)
    unit = what.unit.get(view.lang)
    if text == MISSING or UNBOUNDED in text or not unit:
        return text
    return with_sign(text, view.lang) if unit == "%" else f"{text}{NBSP}{unit}"


def bare(view: View, what: Shown, value: float) -> str:
    """A value without its unit."""
    return number(value * what.factor, view.lang, what.digits)


def value_cells(view: View, what: Shown, municipality: str = "all", interval: bool = False) -> list[Cell]:
    """The cells of a row, model by model: with as many decimals as it takes that one better or worse than the reference
    is not written alike."""

    def mean(model: str) -> float:
        return view.estimate(what.measure, model, what.class_, municipality).mean * what.factor

    judged = [
        model
        for model in view.others
        if (found := view.difference(what.measure, model, what.class_, municipality)) and found.verdict.is_difference
    ]
    digits = digits_apart([(mean(model), mean(view.reference)) for model in judged], what.digits)
    fitted = replace(what, digits=digits)
    return [value_cell(view, fitted, model, municipality, interval) for model in view.models]


def value_cell(view: View, what: Shown, model: str, municipality: str = "all", interval: bool = False) -> Cell:
    """A model's value, with its interval and with how it compares with the reference."""
    found: Estimate = view.estimate(what.measure, model, what.class_, municipality)
    note = _interval(view, what, found.lower, found.upper) if interval and found.has_interval else ""
    note = _how_many(view, found) or note
    said, tone, wide = "", "", ""
    if model != view.reference:
        over = view.wide(what.measure, model, what.class_) if interval and municipality == "all" else None
        wide = short(over).get(view.lang) if over is not None else ""
        said, tone = verdict_of(view, what, view.difference(what.measure, model, what.class_, municipality))
    return Cell(written(view, what, found.mean), note, said, tone, wide=wide)


def difference_cell(view: View, what: Shown, model: str) -> Cell:
    """A model's difference from the reference, without unit, with its interval and verdict."""
    found = view.difference(what.measure, model, what.class_)
    if found is None:
        return Cell(MISSING)
    if found.verdict.is_difference:  # then it is no 0
        what = replace(what, digits=digits_apart([(found.difference * what.factor, 0.0)], what.digits))
    text = number(found.difference * what.factor, view.lang, what.digits, sign=True)
    said, tone = verdict_of(view, what, found)
    return Cell(text, _interval(view, what, found.lower, found.upper), said, tone, wide=_range(view, what, found))


def verdict_of(view: View, what: Shown, found: Difference | None) -> tuple[str, str]:
    """The word of a comparison and its tone; nothing is said of a measure that has no better direction."""
    if found is None or view.better(what.measure) == "none":
        return "", ""
    return found.word.get(view.lang), found.verdict.value if found.verdict.is_difference else ""


def foot_of(view: View, rows: Sequence[Row]) -> str:
    """Why a value is missing or unbounded, only where one is."""
    values = [cell.value for row in rows for cell in row.cells]
    missing = view.say("page_dash") if MISSING in values else ""
    return f"{missing} {view.say('page_unbounded') if any(UNBOUNDED in value for value in values) else ''}".strip()


def _how_many(view: View, found: Estimate) -> str:
    """In how many replications there is no number, where some have one."""
    total = found.n + found.missing
    if 0 < found.unbounded < total:
        return f"({view.say('page_unbounded_in', count=found.unbounded, total=total)})"
    return f"({view.say('page_value_in', count=found.n, total=total)})" if 0 < found.n < total else ""


def _range(view: View, what: Shown, found: Difference) -> str:
    """Where nine of ten differences lie over plausible worlds; nothing where none were run."""
    if not (math.isfinite(found.low5) and math.isfinite(found.high95)):
        return ""
    low, high = (number(value * what.factor, view.lang, what.digits) for value in (found.low5, found.high95))
    return view.say("page_range", span=between(low, high, view.lang))


def _interval(view: View, what: Shown, lower: float, upper: float) -> str:
    """Both ends in brackets; nothing where they are unknown, or so near that they are written alike."""
    if not (math.isfinite(lower) and math.isfinite(upper)):
        return ""
    low, high = (number(value * what.factor, view.lang, what.digits) for value in (lower, upper))
    return "" if low == high else f"({between(low, high, view.lang)})"
