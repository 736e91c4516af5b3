"""The page's words on how far its means may be trusted: warm-up, replications, the same patients."""

from __future__ import annotations

import math

import pandas as pd

from sim.comparison.trust import COLUMNS, PRECISION, enough, filling
from sim.language.numbers import MISSING, number
from sim.language.units import exactly, unit
from sim.report.htmltable import Block, Cell, Row, Table, threshold_of
from sim.report.view import View
from sim.report.words import HEADLINE
from sim.text import listed


def trust_words(view: View) -> list[tuple[str, str]]:
    """Headings and what stands under them; without those of which nothing is known."""
    found = {"fill": _filling(view), "needed": _enough(view), "pairing": _pairing(view)}
    return [(view.say(f"trust_{key}"), text) for key, text in found.items() if text]


def trust_table(view: View) -> Table | None:
    """Replications needed and variance reduction of every headline measure and model; None where none is known."""
    rows = _rows(view)
    known = {
        (row["measure"], row["class"], row["model"]): (row[COLUMNS[0]], row[COLUMNS[1]])
        for row in rows.to_dict("records")
    }
    if not known or not rows[list(COLUMNS)].notna().any(axis=None):
        return None
    found = []
    for what in HEADLINE:
        pairs = [known.get((what.measure, what.class_, model), (math.nan, math.nan)) for model in view.others]
        cells = [Cell(number(needed, view.lang), _divided(view, ratio)) for needed, ratio in pairs]
        found.append(Row(what.title.get(view.lang), cells, threshold_of(view, what)))
    heads = [view.say("page_measure"), *(view.title(model) for model in view.others)]
    return Table(view.say("trust_caption", reference=view.title(view.reference)), heads, [Block("", found)])


def _rows(view: View) -> pd.DataFrame:
    """The headline rows of this scenario's comparison."""
    table = view.results.comparison
    mine = table[(table["scenario"] == view.scenario_name) & (table["municipality"] == "all")]
    spoken = {(what.measure, what.class_) for what in HEADLINE}
    return mine.loc[[key in spoken for key in zip(mine["measure"], mine["class"], strict=True)]]


def _divided(view: View, ratio: float) -> str:
    text = number(ratio, view.lang, 1)
    return "" if text == MISSING else view.say("trust_divided", ratio=text)


def _filling(view: View) -> str:
    fills = filling(view.scenario, view.results.standings.get(view.scenario_name, {}))
    weeks = {model: value for model, value in fills.needed.items() if model in view.results.models}
    if not weeks:
        return ""
    late = [model for model in weeks if model in fills.too_short_for]
    each = [_needs(view, model, value) for model, value in weeks.items()]
    own = _weeks(view, fills.warm_up_weeks)
    said = [view.say("trust_fill_text", each=listed(each).get(view.lang))]
    if late:
        names = listed([view.title(model) for model in late]).get(view.lang)
        said.append(view.say("trust_fill_short", weeks=own, models=names))
    else:
        said.append(view.say("trust_fill_enough", weeks=own))
    return " ".join(said)


def _needs(view: View, model: str, weeks: float) -> str:
    if not math.isfinite(weeks):
        return view.say("trust_fill_never", model=view.title(model))
    return view.say("trust_fill_week", model=view.title(model), weeks=_weeks(view, weeks))


def _weeks(view: View, weeks: float) -> str:
    return exactly(weeks, unit("weeks"), view.lang)


def _enough(view: View) -> str:
    counts = enough(_rows(view))
    if not counts.told:
        return ""
    numbers = {key: number(value, view.lang) for key, value in counts._asdict().items()}
    said = view.say("trust_needed_short" if counts.short else "trust_needed_enough", **numbers)
    return f"{view.say('trust_needed_text', precision=number(100 * PRECISION, view.lang))} {said}"


def _pairing(view: View) -> str:
    ratios = _rows(view)["variance_reduction"].dropna()
    if not len(ratios):
        return ""
    low, middle, high = (number(float(at), view.lang, 1) for at in (ratios.min(), ratios.median(), ratios.max()))
    return view.say("trust_pairing_text", low=low, middle=middle, high=high)
