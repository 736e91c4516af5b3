"""A batch at one glance: for every scenario and model the headline measures, how each stands against the reference and
against the same model in the default, and how far it is from the best."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from sim.batch.cases import NOTHING, Case
from sim.batch.shown import apart, label, shown, worst_of
from sim.comparison import compare_measures
from sim.comparison.findings import TITLES, Verdict
from sim.comparison.standing import Standing
from sim.language.numbers import MISSING
from sim.measures.definitions import MEASURES, headlines
from sim.measures.forms import MeasureDefinition
from sim.measures.rows import Own
from sim.report.front import Front, FrontCell, FrontMeasure, FrontRow, banner
from sim.study.folder import PAGE, located, manifest_of
from sim.study.standing import recorded
from sim.study.tables import read_measures
from sim.text import Text

COLUMNS: Final = (
    "scenario", "model", "measure", "class", "mean", "unit", "n", "steady", "verdict_reference", "verdict_default",
    "regret",
)  # fmt: skip
_WHOLE: Final = "\"municipality\" = 'all' AND \"group\" = 'all' AND \"window\" = 'all'"
_THEN, _NOW = "default", "now"


@dataclass(frozen=True)
class Overview:
    """`table`: columns `COLUMNS`, one row a scenario × model × headline measure. `titles` of the models; `drawn`: the
    scenarios that have a page; `common`: what options change in all of them."""

    table: pd.DataFrame
    cases: Sequence[Case]
    default: str
    titles: Mapping[str, Text]
    measures: Sequence[tuple[MeasureDefinition, str]]  # with the class it is spoken of
    drawn: frozenset[str] = frozenset()
    common: Text = NOTHING

    def front(self, lang: str, answers: str = "") -> Front:
        """What the front page shows; `answers`: name of the file with them."""
        rows = {(r["scenario"], r["model"], r["measure"]): r for r in self.table.to_dict("records")}
        names = list(self.titles)
        shown = []
        for item, klass in self.measures:
            lines = []
            for case in self.cases:
                cells = tuple(_cell(rows.get((case.name, model, item.name)), item, lang) for model in names)
                lines.append(FrontRow(case.name, _title(case, lang), case.name in self.drawn, cells))
            shown.append(FrontMeasure(label(item, klass, lang), item.better, tuple(lines), self._worst(item, lang)))
        says = {case.name: case.says.get(lang) for case in self.cases}
        usual = next((case for case in self.cases if case.name == self.default), None)
        default = _title(usual, lang) if usual else self.default
        told = banner(usual.scenario, lang) if usual else ""
        titles = tuple(self.titles[model].get(lang) for model in names)
        return Front(titles, tuple(shown), says, self.common.get(lang), default, told, answers)

    def _worst(self, item: MeasureDefinition, lang: str) -> tuple[str, ...]:
        """The largest regret of every model over the scenarios; empty for a measure without a better direction."""
        if item.better == "none":
            return ()
        part = self.table[self.table["measure"] == item.name]
        worst = part.groupby("model", sort=False)["regret"].max()
        behind = part.groupby("model", sort=False)["steady"].agg(lambda steady: int((~steady.astype(bool)).sum()))
        return tuple(worst_of(worst.get(model, np.nan), int(behind.get(model, 0)), item, lang) for model in self.titles)


def overview_of(cases: Sequence[Case], default: str, out: Path, own: Own = (), common: Text = NOTHING) -> Overview:
    """Made from the studies in the batch's folder. Raises ResultsError, OSError."""
    spoken = [
        (item, klass)
        for measure, klass in headlines((*MEASURES, *own))
        for item in (*MEASURES, *own)
        if item.name == measure
    ]
    classes = {item.name: klass for item, klass in spoken}
    tables = {case.name: _spoken(out / case.name, classes) for case in cases}
    titles: dict[str, Text] = {}
    frames = [pd.DataFrame(columns=list(COLUMNS))]
    for case in cases:
        titles |= {item.name: item.title for item in case.organisations if item.name not in titles}
        rows = _rows(case, out / case.name, tables[case.name], spoken)
        same = case.name != default and default in tables
        base = next((other for other in cases if other.name == default), None)
        against = (
            _against(case, tables, default, out, own)
            if same and base and base.scenario.region == case.scenario.region
            else {}
        )
        rows["verdict_default"] = [against.get((m, k), "") for m, k in zip(rows["model"], rows["measure"], strict=True)]
        frames.append(rows)
    table = pd.concat([frame for frame in frames if len(frame)], ignore_index=True) if len(frames) > 1 else frames[0]
    return Overview(table[list(COLUMNS)], cases, default, titles, spoken, drawn_in(out, cases), common)


def drawn_in(out: Path, cases: Sequence[Case]) -> frozenset[str]:
    """The scenarios whose page is in the batch's folder."""
    return frozenset(case.name for case in cases if located(out / case.name, PAGE).is_file())


# --- the parts ------------------------------------------------------------------------------------


def _spoken(folder: Path, classes: Mapping[str, str]) -> pd.DataFrame:
    """The headline rows of the whole region, every replication."""
    table = read_measures(located(folder, "measures.parquet"), _WHOLE)
    wanted = table["measure"].astype(str).map(classes)
    return table[wanted == table["class"].astype(str)]


def _standings(folder: Path, name: str) -> dict[str, Standing]:
    known = (manifest_of(folder) or {}).get("standings", {}).get(name, {})
    return {model: recorded(kept) for model, kept in known.items()}


def _rows(
    case: Case, folder: Path, table: pd.DataFrame, spoken: Sequence[tuple[MeasureDefinition, str]]
) -> pd.DataFrame:
    """Every model's mean, its verdict against the reference and its regret."""
    standings = _standings(folder, case.name)
    compared = pd.read_csv(located(folder, "comparison.csv"), keep_default_na=False)
    compared = compared[compared["municipality"] == "all"]
    verdicts = {(r["measure"], r["class"], r["model"]): r["verdict"] for r in compared.to_dict("records")}
    values = table.groupby(["measure", "model"], observed=True)["value"].agg(["mean", "count"])
    rows: list[dict[str, Any]] = []
    for item, klass in spoken:
        names = [made.name for made in case.organisations]
        steady = {name: standings[name].steady if name in standings else True for name in names}
        means = {name: float(values["mean"].get((item.name, name), np.nan)) for name in names}
        level = {name: mean if steady[name] else np.nan for name, mean in means.items()}
        known = [mean for mean in level.values() if not np.isnan(mean)]
        best = (max if item.better == "higher" else min)(known) if known and item.better != "none" else np.nan
        for name in names:
            rows.append({
                "scenario": case.name, "model": name, "measure": item.name, "class": klass, "mean": level[name],
                "unit": item.unit, "n": int(values["count"].get((item.name, name), 0)), "steady": steady[name],
                "verdict_reference": verdicts.get((item.name, klass, name), ""), "regret": regret(level[name], best),
            })  # fmt: skip
    return pd.DataFrame(rows)


def regret(mean: float, best: float) -> float:
    """How far a mean lies from the best; infinite for one beyond all limits beside one within, NaN when both are."""
    return abs(mean - best) if math.isfinite(best) or math.isnan(best) else math.nan


def _against(
    case: Case, tables: Mapping[str, pd.DataFrame], default: str, out: Path, own: Own
) -> dict[tuple[str, str], str]:
    """(model, measure) to the verdict of each model against itself in the default, on the same patients where demand is
    the same. Hours may differ: that may be what the scenario is about."""
    before, now = _standings(out / default, default), _standings(out / case.name, case.name)
    asked = case.scenario.with_changes(
        {"study.reference": _THEN, "study.allow_unequal_hours": True, "study.models": None}
    )
    found: dict[tuple[str, str], str] = {}
    for made in case.organisations:
        parts = []
        for side, name in ((_THEN, default), (_NOW, case.name)):
            part = tables[name]
            parts.append(part[part["model"] == made.name].assign(scenario=case.name, model=side))
        if any(part.empty for part in parts):
            continue
        known = {side: held[made.name] for side, held in ((_THEN, before), (_NOW, now)) if made.name in held}
        joined = pd.concat(
            [part.astype({n: str for n in ("measure", "class", "municipality", "group", "window")}) for part in parts]
        )
        result = compare_measures(joined, asked, None, {case.name: known}, own)
        found |= {(made.name, row.measure): row.verdict.value for row in result.findings}
    return found


def _title(case: Case, lang: str) -> str:
    return case.scenario.title.get(lang) or case.name


def _cell(row: Mapping[Any, Any] | None, item: MeasureDefinition, lang: str) -> FrontCell:
    if row is None or np.isnan(row["mean"]):
        return FrontCell(MISSING)
    regret = apart(row["regret"], item, lang) if item.better != "none" else ""
    return FrontCell(
        shown(row["mean"], item, lang),
        _word(row["verdict_reference"], lang),
        _word(row["verdict_default"], lang),
        regret,
    )


def _word(verdict: str, lang: str) -> str:
    return TITLES[Verdict(verdict)].get(lang) if verdict else ""
