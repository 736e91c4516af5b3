"""The table of models as they are and at their best."""

from __future__ import annotations

from typing import Any, Final

from sim.language.numbers import between, number
from sim.report.htmltable import Block, Cell, Row, Table
from sim.report.view import View
from sim.report.words import Shown, shown


def best_table(view: View) -> Table | None:
    """Headline measures, model by model: as it is, at its best, and the difference from the reference in both."""
    found = view.results.at_best
    if found is None:
        return None
    heads = [view.say("page_measure"), *(view.say(key) for key in _HEADS)]
    blocks = []
    for model, rows in found.groupby("model", sort=False):
        records = rows.to_dict("records")
        blocks.append(Block(view.title(str(model)), [_row(view, record) for record in records]))
    caption = view.say("best_caption", reference=view.title(str(found["reference"].iloc[0])))
    return Table(caption, heads, blocks, view.say("best_hours"))


def _row(view: View, record: dict[Any, Any]) -> Row:
    what = shown(record["measure"], record["class"])

    def value(name: str) -> Cell:
        return Cell(number(record[name] * what.factor, view.lang, what.digits))

    cells = [value("as_is"), value("best")]
    if record["model"] != record["reference"]:
        cells += [_difference(view, what, record, end) for end in ("", "_best")]
    else:
        cells += [Cell(""), Cell("")]
    return Row(f"{what.title.get(view.lang)} ({what.unit.get(view.lang)})", cells)


def _difference(view: View, what: Shown, record: dict[Any, Any], end: str) -> Cell:
    numbers = [record[f"{name}{end}"] * what.factor for name in ("difference", "lower", "upper")]
    low, high = (number(value, view.lang, what.digits) for value in numbers[1:])
    return Cell(number(numbers[0], view.lang, what.digits, sign=True), f"({between(low, high, view.lang)})")


_HEADS: Final = ("best_as_is", "best_best", "best_apart", "best_apart_best")
