"""What each model means for Regionen and Kommunerna, and what becomes of the needs that are not visited: tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.errors import ResultsError
from sim.measures.definitions import definition
from sim.report.ledger import ENTRIES, LONG_TERM, MUNICIPALITIES, PATIENTS, REGION, SHORT_TERM
from sim.report.numbers import MISSING, NBSP, number, percent
from sim.report.tables import Block, Cell, Row, Table, difference_cell, foot_of, heads, verdict_of, written
from sim.report.view import View
from sim.report.words import shown
from sim.text import Text

if TYPE_CHECKING:
    from sim.study.results import Results

_PARTIES: Final = (REGION, MUNICIPALITIES, PATIENTS)
_SUMS: Final = ("cost_region", "cost_municipalities", "cost_total")
_AWAY: Final = ("telephone", "referred", "cancelled", "escalated", "open")  # the ways a need can end without a visit
_REFERRED: Final = ("referred_to_vardcentral", "referred_to_ed", "referred_to_telephone")
_GIVES_UP: Final = ("A1", "A2", "A3", "PAL")
MARK: Final = "*"


class Term(NamedTuple):
    """A study of one scenario and what it stands for: kort sikt, lång sikt, or the scenario's own title."""

    title: Text
    view: View


def terms(views: Sequence[View], later: Results | None = None) -> list[Term]:
    """The terms side by side: one scenario is kort sikt, two are kort and lång sikt, more keep their titles.

    `later` is another study of one scenario that holds lång sikt. ResultsError when then either has several.
    """
    if later is not None:
        if len(views) > 1 or len(later.scenarios) > 1:
            raise ResultsError("kort and lång sikt of two studies need one scenario in each")
        views = [views[0], View(later, next(iter(later.scenarios)), views[0].lang)]
    if len(views) > 2:
        return [Term(_name(view), view) for view in views]
    titles = (SHORT_TERM, LONG_TERM)[: len(views)]
    if len(views) > 1:
        titles = tuple(
            Text(f"{term.sv}: {_name(view).sv}", f"{term.en}: {_name(view).en}")
            for term, view in zip(titles, views, strict=True)
        )
    return [Term(title, view) for title, view in zip(titles, views, strict=True)]


def _name(view: View) -> Text:
    title = view.scenario.title
    return title if title.get(view.lang) else Text(view.scenario_name, view.scenario_name)


def sums(known: Sequence[Term]) -> Table | None:
    """Regionen | Kommunerna | together: the difference in cost from the reference, model by model, term by term."""
    view = known[0].view
    blocks = []
    for term in known:
        rows = [
            Row(term.view.title(model), [_priced(term.view, measure, model) for measure in _SUMS])
            for model in term.view.others
        ]
        if any(cell.value != MISSING for row in rows for cell in row.cells):
            blocks.append(Block(_capital(term.title.get(view.lang)), rows))
    if not blocks:
        return None
    head = [view.say("page_model"), REGION.get(view.lang), MUNICIPALITIES.get(view.lang), view.say("sums_together")]
    return Table(view.say("sums_caption", reference=view.title(view.reference)), head, blocks)


def _priced(view: View, measure: str, model: str) -> Cell:
    what = shown(measure)
    cell = difference_cell(view, what, model)
    if cell.value == MISSING:
        return cell
    return Cell(f"{cell.value}{NBSP}{what.unit.get(view.lang)}{MARK}", cell.note, cell.word, cell.tone)


def consequences(term: Term) -> Table | None:
    """Every entry of the ledger, party by party: the reference's value, and each model's difference from it."""
    view = term.view
    blocks = []
    for party in _PARTIES:
        rows = []
        for entry in ENTRIES:
            what = shown(entry.measure, definition(entry.measure).classes[0])
            base = view.estimate(what.measure, view.reference, what.class_)
            if entry.party != party or not base.known:
                continue
            cells = [Cell(written(view, what, base.mean)), *(difference_cell(view, what, m) for m in view.others)]
            head = definition(entry.measure).title.get(view.lang) + (MARK if entry.estimated else "")
            rows.append(Row(head, cells, what.unit.get(view.lang)))
        if rows:
            blocks.append(Block(party.get(view.lang), rows))
    if not blocks or not view.others:
        return None
    caption = view.say("consequences_caption", term=_capital(term.title.get(view.lang)), level=view.level)
    head = [
        view.say("page_consequence"),
        view.say("page_value_of", model=view.title(view.reference)),
        *(view.say("page_difference_of", model=view.title(model)) for model in view.others),
    ]
    return Table(caption, head, blocks, foot_of(view, [row for block in blocks for row in block.rows]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- what was not visited --------------------------------------------------------------------------


def endings(view: View) -> Table | None:
    """Where the needs of a year ended, model by model: visited, or one of the ways without a visit."""
    if not any(view.estimate(ending, model).known for ending in _AWAY for model in view.models):
        return None
    total = {model: view.estimate("requests", model).mean for model in view.models}
    away = {(ending, model): view.count_of(ending, model) for ending in _AWAY for model in view.models}

    def row(key: str, values: dict[str, float], ending: str = "") -> Row:
        cells = [_counted(view, values[model], total[model], ending, model) for model in view.models]
        return Row(view.say(f"ending_{key}"), cells, view.say(f"ending_{key}_means"))

    def estimates(measure: str, class_: str = "all") -> dict[str, float]:
        return {model: view.estimate(measure, model, class_).mean for model in view.models}

    def of(ending: str) -> dict[str, float]:
        return {model: away[ending, model] for model in view.models}

    visited = {model: total[model] - math.fsum(away[ending, model] for ending in _AWAY) for model in view.models}
    whole = Row(
        view.say("ending_all"), [_count_cell(view, total[m]) for m in view.models], view.say("ending_all_means")
    )
    gave_up = [row(f"escalated_{c}", estimates("escalated_per_year", c)) for c in _GIVES_UP]
    blocks = [
        Block("", [whole, row("visited", visited)]),
        Block(
            view.say("ending_without"),
            [
                row("telephone", of("telephone")),
                *(row(name, estimates(name)) for name in _REFERRED),
                row("cancelled", of("cancelled"), "cancelled"),
                row("escalated", of("escalated"), "escalated"),
                row("open", of("open"), "open"),
            ],
        ),
        Block(view.say("ending_gave_up"), gave_up),
    ]
    foot = foot_of(view, [row_ for block in blocks for row_ in block.rows])
    return Table(view.say("endings_caption"), heads(view, view.say("page_ending")), blocks, foot)


def _counted(view: View, count: float, total: float, ending: str, model: str) -> Cell:
    """A number a year and its share of all needs; how it compares, where one direction is better."""
    cell = _count_cell(view, count)
    if cell.value == MISSING or not total > 0:
        return cell
    word, tone = "", ""
    if ending and model != view.reference:
        word, tone = verdict_of(view, shown(ending), view.difference(ending, model))
    return Cell(cell.value, f"({percent(count / total, view.lang, 1)})", word, tone)


def _count_cell(view: View, count: float) -> Cell:
    return Cell(number(count, view.lang, 0 if abs(count) >= 100 else 1))
