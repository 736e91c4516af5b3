"""Quantities and JSON on stdout, and the table of results."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.language.numbers import number, percent, plain_number
from sim.language.titles import CLASS_TITLES
from sim.language.units import as_shown
from sim.text import Text, same

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.measures import MeasureDefinition


def quantity(value: float, unit: str, lang: str) -> str:
    """A measure's value as people read it: shares in per cent, yearly sums in millions."""
    if unit == "share":
        return percent(value, lang, 1)
    return number(value * as_shown(unit)[0], lang, 2 if unit in ("per hour", "index") else 1)


def print_json(value: Any) -> None:
    """One JSON document. JSON has no word for what is no number: NaN becomes null, an infinite number the text inf."""
    plain_ascii = "utf" not in (getattr(sys.stdout, "encoding", None) or "").lower()
    click.echo(json.dumps(_finite(value), ensure_ascii=plain_ascii, indent=2, allow_nan=False, default=str))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, Text):
        return value._asdict()
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if hasattr(value, "item") and not isinstance(value, str):  # a numpy number
        value = value.item()
    return plain_number(value) if isinstance(value, float) else value


# --- the table of results -------------------------------------------------------------------------

KEY_MEASURES = (
    ("response_min", "acute"),
    ("response_p90_min", "acute"),
    ("in_target", "acute"),
    ("escalated", "acute"),
    ("on_promised_day", "planned"),
    ("travel_min_per_visit", "all"),
    ("km_per_visit", "all"),
    ("utilisation", "all"),
    ("overtime_h_per_week", "all"),
    ("visits_per_hour", "all"),
    ("gap_response_min", "acute"),
    ("by_named", "all"),
    ("cost_region", "all"),
    ("cost_municipalities", "all"),
)


def key_rows(
    measures: DataFrame, models: dict[str, Text], own: Sequence[MeasureDefinition], lang: str
) -> list[list[str]]:
    """Rows for `aligned`: the region's means over replications, a measure a row, a model a column; `own` measures
    last."""
    from sim.measures import MEASURES

    known = {item.name: item for item in (*MEASURES, *own)}
    region = measures[
        (measures["municipality"] == "all") & (measures["group"] == "all") & (measures["window"] == "all")
    ]
    means = region.groupby(["measure", "class", "model"], sort=False)["value"].mean()
    rows = [["", *(title.get(lang) for title in models.values())]]
    for name, klass in (*KEY_MEASURES, *((item.name, item.page_class) for item in own)):
        item = known.get(name)
        # region-wide measures that are not split by class are stored under all
        classes = [k for k in (klass, "all") if any((name, k, model) in means.index for model in models)]
        if item is None or not classes:
            continue
        values = [float(means.get((name, classes[0], model), math.nan)) for model in models]
        if not all(math.isnan(value) for value in values):
            of_class = "" if klass == "all" else CLASS_TITLES.get(klass, same(klass)).get(lang)
            label = item.title.get(lang) + (f", {of_class}" if of_class else "")
            words = as_shown(item.unit)[1].many.get(lang)
            unit = "" if item.unit in ("share", "km", "per hour") else f" ({words})"
            rows.append([label + unit, *(quantity(value, item.unit, lang) for value in values)])
    return rows
