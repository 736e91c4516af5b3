"""The table of what to find out first."""

from __future__ import annotations

from typing import Final

from sim.decide.information import EVERYTHING
from sim.decide.plausible import DUMMY
from sim.decide.sentences import input_title
from sim.language.numbers import MISSING, number
from sim.report.htmltable import Block, Cell, Row, Table
from sim.report.view import View

SHOWN: Final = 12  # inputs and sources; all of them are in information.csv


def information_table(view: View) -> Table | None:
    """The inputs that are worth most to know before a model is chosen, in points; then everything, and an input that
    nothing reads. None where it cannot be told."""
    found = view.results.information
    mine = None if found is None else found[found["scenario"] == view.scenario_name]
    if mine is None or not len(mine):
        return None
    values = {row["input"]: (row["points"], row["error"]) for row in mine.to_dict("records")}
    ranked = [name for name in values if name not in (EVERYTHING, DUMMY) and values[name][0] > 0][:SHOWN]
    titles = {EVERYTHING: view.say("information_everything"), DUMMY: view.say("information_dummy")}
    rows = []
    for name in (*ranked, EVERYTHING, DUMMY):
        title = titles.get(name) or input_title(name).get(view.lang)
        cells = [number(value, view.lang, 2) for value in values[name]]
        note = "" if cells[1] == MISSING else f"\u00b1 {cells[1]}"
        rows.append(Row(title, [Cell(cells[0], note)]))
    heads = [view.say("page_assumption"), view.say("information_points")]
    return Table(view.say("information_caption"), heads, [Block("", rows)], view.say("information_foot"))
