"""The tables of what to find out first, and of what counting is worth."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

from sim.decide.counting import ALL, COUNTED, MONTHS
from sim.decide.information import COUNTS, EVERYTHING
from sim.decide.plausible import DUMMY
from sim.decide.sentences import input_title
from sim.language.numbers import MISSING, number
from sim.report.htmltable import Block, Cell, Row, Table
from sim.report.view import View

SHOWN: Final = 12  # inputs and sources; all of them are in information.csv


def information_table(view: View) -> Table | None:
    """The inputs that are worth most to know before a model is chosen, in points; then everything, and an input that
    nothing reads. None where it cannot be told."""
    values = {name: (row["points"], row["error"]) for name, row in _rows(view).items()}
    if not values:
        return None
    ranked = [name for name in values if name not in (EVERYTHING, DUMMY, ALL) and values[name][0] > 0][:SHOWN]
    titles = {EVERYTHING: view.say("information_everything"), DUMMY: view.say("information_dummy")}
    rows = []
    for name in (*ranked, EVERYTHING, DUMMY):
        title = titles.get(name) or input_title(name, view.results.titles).get(view.lang)
        rows.append(Row(title, [_worth(*values[name], view)]))
    heads = [view.say("page_assumption"), view.say("information_points")]
    return Table(view.say("information_caption"), heads, [Block("", rows)], view.say("information_foot"))


def counting_table(view: View) -> Table | None:
    """What it is worth to count for some months, in points, and to know, of all that a count tells. None where it
    cannot be told."""
    found = _rows(view)
    rows = []
    for name in (*COUNTED, ALL):
        if name in found and COUNTS[0] in found[name]:
            values = found[name]
            counted = [_worth(values[count], values[f"{count}_error"], view) for count in COUNTS]
            rows.append(
                Row(
                    input_title(name, view.results.titles).get(view.lang),
                    [*counted, _worth(values["points"], values["error"], view)],
                )
            )
    if not rows:
        return None
    months = [view.say("counting_month" if n == 1 else "counting_months", months=n) for n in MONTHS]
    heads = [view.say("counting_what"), *months, view.say("counting_known")]
    return Table(view.say("counting_caption"), heads, [Block("", rows)], view.say("counting_foot"))


def _rows(view: View) -> dict[str, dict[Hashable, Any]]:
    """What there is of this scenario, by input, most first."""
    found = view.results.information
    if found is None:
        return {}
    return {str(row["input"]): row for row in found[found["scenario"] == view.scenario_name].to_dict("records")}


def _worth(points: float, error: float, view: View) -> Cell:
    """A value with its standard error; where the fit prefers to say nothing there is none, and no number is shown."""
    if points == error == 0.0:
        return Cell(view.say("information_nothing"))
    told = number(error, view.lang, 2)
    return Cell(number(points, view.lang, 2), "" if told == MISSING else f"\u00b1 {told}")
