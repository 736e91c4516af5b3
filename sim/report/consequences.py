"""What each model means for Regionen and Kommunerna, and what becomes of the needs that are not visited: tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.errors import ResultsError
from sim.language.numbers import MISSING, NBSP, number, percent
from sim.measures.definitions import definition
from sim.report.htmltable import Block, Cell, Row, Table, bare, difference_cell, foot_of, heads, threshold_of
from sim.report.ledger import ENTRIES, LONG_TERM, MUNICIPALITIES, PATIENTS, REGION, SHORT_TERM
from sim.report.view import View
from sim.report.words import shown
from sim.text import Text

if TYPE_CHECKING:
    from sim.study.results import Results

_PARTIES: Final = (REGION, MUNICIPALITIES, PATIENTS)
_SUMS: Final = ("cost_region", "cost_municipalities", "cost_total")
_AWAY: Final = ("telephone", "referred", "cancelled", "escalated", "open")  # the ways a request can end without a visit
_REFERRED: Final = ("referred_to_vardcentral", "referred_to_ed", "referred_to_telephone")
_GIVES_UP: Final = ("A1", "A2", "A3", "PAL")
MARK: Final = "*"
_ONE_EACH: Final = Text(
    "kort och lång sikt ur två studier kräver ett scenario i var och en",
    "kort and lång sikt of two studies need one scenario in each",
)

_NO_LATER: Final = Text(
    "{later} har befolkningsår {there} och kan inte vara lång sikt till en studie med {here}: kör ett scenario med ett "
    "senare demand.year",
    "{later} has population year {there} and cannot be the lång sikt of a study of {here}: run a scenario with a later "
    "demand.year",
)
_OTHER_REGION: Final = Text(
    "{later} gäller {there} och inte {here}: lång sikt är samma kommuner ett senare år",
    "{later} is of {there} and not {here}: lång sikt is the same municipalities in a later year",
)
_OTHER_MODELS: Final = Text(
    "{later} saknar {missing} eller har en annan jämförelsemodell: kör det med samma modeller",
    "{later} lacks {missing} or has another reference: run it with the same models",
)


class Term(NamedTuple):
    """A study of one scenario and what it stands for: kort sikt, lång sikt, or the scenario's own title."""

    title: Text
    view: View


def terms(views: Sequence[View], later: Results | None = None) -> list[Term]:
    """The terms side by side: one scenario is kort sikt, two of the same region of which the second is of a later year
    are kort and lång sikt, others keep their titles.

    `later` is another study of one scenario that holds lång sikt. ResultsError when then either has several, or when it
    is not of a later year of the same region with the same models and reference.
    """
    if later is not None:
        if len(views) > 1 or len(later.scenarios) > 1:
            raise ResultsError(_ONE_EACH)
        views = [views[0], View(later, next(iter(later.scenarios)), views[0].lang)]
        wrong = _not_later(*views)
        if wrong is not None:
            raise ResultsError(wrong)
    if len(views) > 2 or (len(views) == 2 and _not_later(*views) is not None):
        return [Term(_name(view), view) for view in views]
    titles = (SHORT_TERM, LONG_TERM)[: len(views)]
    if len(views) > 1:
        titles = tuple(
            Text(f"{term.sv}: {_name(view).sv}", f"{term.en}: {_name(view).en}")
            for term, view in zip(titles, views, strict=True)
        )
    return [Term(title, view) for title, view in zip(titles, views, strict=True)]


def _not_later(view: View, later: View) -> Text | None:
    """Why a scenario cannot be the lång sikt of another; None when it can."""
    here, there = view.scenario, later.scenario
    if there.demand.year <= here.demand.year:
        return _NO_LATER.format(later=later.scenario_name, there=there.demand.year, here=here.demand.year)
    if later.municipalities != view.municipalities:
        return _OTHER_REGION.format(
            later=later.scenario_name, there=_listed(later.municipalities), here=_listed(view.municipalities)
        )
    missing = [name for name in view.models if name not in later.models]
    if missing or later.reference != view.reference:
        return _OTHER_MODELS.format(later=later.scenario_name, missing=", ".join(missing or [view.reference]))
    return None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _name(view: View) -> Text:
    title = view.scenario.title
    return Text(title.sv or view.scenario_name, title.en or view.scenario_name)


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
    return replace(cell, value=f"{cell.value}{NBSP}{what.unit.get(view.lang)}{MARK}")


def consequences(term: Term) -> Table | None:
    """Every entry of the ledger, party by party: the reference's value, and each model's difference from it."""
    view = term.view
    blocks = []
    for party in _PARTIES:
        rows = []
        for entry in ENTRIES:
            what = shown(entry.measure, definition(entry.measure).classes[0])
            base = view.estimate(what.measure, view.reference, what.class_)
            if entry.party != party or not base.exists:
                continue
            cells = [Cell(bare(view, what, base.mean)), *(difference_cell(view, what, m) for m in view.others)]
            mark = MARK if entry.estimated else ""
            head = f"{definition(entry.measure).title.get(view.lang)}{mark} ({what.unit.get(view.lang)})"
            rows.append(Row(head, cells, threshold_of(view, what)))
        if rows:
            blocks.append(Block(party.get(view.lang), rows))
    if not blocks or not view.others:
        return None
    caption = view.say("consequences_caption", term=_capital(term.title.get(view.lang)), level=view.level)
    columns = [
        view.say("page_consequence"),
        view.say("page_value_of", model=view.title(view.reference)),
        *(view.say("page_difference_of", model=view.title(model)) for model in view.others),
    ]
    return Table(caption, columns, blocks, foot_of(view, [row for block in blocks for row in block.rows]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- what was not visited --------------------------------------------------------------------------


def endings(view: View) -> Table | None:
    """Where the needs of a year ended, model by model: visited, or one of the ways without a visit."""
    if not any(view.estimate(ending, model).known for ending in _AWAY for model in view.models):
        return None
    total = [view.estimate("requests", model).mean for model in view.models]
    away = {ending: [view.count_of(ending, model) for model in view.models] for ending in _AWAY}
    visited = [whole - math.fsum(parts) for whole, *parts in zip(total, *away.values(), strict=True)]

    def row(key: str, counts: Sequence[float]) -> Row:
        return _ending(view, key, counts, [_ratio(*pair) for pair in zip(counts, total, strict=True)])

    def means(measure: str, class_: str = "all") -> list[float]:
        return [view.estimate(measure, model, class_).mean for model in view.models]

    blocks = [
        Block("", [_ending(view, "all", total, [math.nan] * len(total)), row("visited", visited)]),
        Block(
            view.say("ending_without"),
            [
                row("telephone", away["telephone"]),
                *(row(name, means(name)) for name in _REFERRED),
                *(row(name, away[name]) for name in ("cancelled", "escalated", "open")),
            ],
        ),
        Block(
            view.say("ending_gave_up"),
            [
                _ending(view, f"escalated_{class_}", means("escalated_per_year", class_), means("escalated", class_))
                for class_ in _GIVES_UP
            ],
            view.say("ending_gave_up_means"),
        ),
    ]
    foot = foot_of(view, [line for block in blocks for line in block.rows])
    return Table(view.say("endings_caption"), heads(view, view.say("page_ending")), blocks, foot)


def _ending(view: View, key: str, counts: Sequence[float], shares: Sequence[float]) -> Row:
    """A number a year for each model, with the share under it where that is known."""
    cells = []
    for count, share in zip(counts, shares, strict=True):
        written = number(count, view.lang, 0 if abs(count) >= 100 else 1)
        note = "" if math.isnan(share) or written == MISSING else f"({percent(share, view.lang, 1)})"
        cells.append(Cell(written, note))
    return Row(view.say(f"ending_{key}"), cells, view.say(f"ending_{key}_means"))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan
