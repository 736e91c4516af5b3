"""What holds over plausible worlds, on the first screen: one sentence a model, and a table of all headline measures."""

from __future__ import annotations

from sim.decide.robust import Robust, WideFinding
from sim.decide.sentences import outcomes, span, verdict_word
from sim.language.numbers import MISSING
from sim.report.htmltable import Block, Cell, Row, Table
from sim.report.view import View
from sim.report.words import HEADLINE, Shown


def wide_table(view: View) -> Table | None:
    """Headline measures by model: the word, in how many worlds of 100, and where nine of ten differences lie. None
    where no worlds were run."""
    found = [item for item in view.results.wide if item.scenario == view.scenario_name]
    if not found:
        return None
    models = list(dict.fromkeys(item.model for item in found))
    rows = [_row(view, what, models) for what in HEADLINE]
    caption = view.say("page_wide_caption", reference=view.title(view.reference), n=found[0].worlds)
    heads = [view.say("page_measure"), *(view.title(model) for model in models)]
    return Table(caption, heads, [Block("", rows)], kind="worlds")


def _row(view: View, what: Shown, models: list[str]) -> Row:
    cells = [_cell(view, view.wide(what.measure, model, what.class_)) for model in models]
    return Row(what.title.get(view.lang), cells, what.difference_unit.get(view.lang))


def _cell(view: View, item: WideFinding | None) -> Cell:
    if item is None:
        return Cell(MISSING)
    tone = "" if item.robust is Robust.OPEN or not item.outcome.is_difference else item.outcome.value
    value, note, word = (text.get(view.lang) for text in (span(item), outcomes(item), verdict_word(item)))
    return Cell(value, note, word, tone)
