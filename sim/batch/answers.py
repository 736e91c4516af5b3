"""What came out, question by question of an index, as a page in Markdown: for each question its measures, the models
beside each other or each against itself in the default, the verdict sentences, and for stress cases what each model
loses against the best one. Made from the studies and the overview of a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from sim.batch.overview import Overview
from sim.batch.shown import apart, label, scaled, shown, worst_of
from sim.comparison.sentences import differences
from sim.language.tables import markdown
from sim.measures.definitions import definition
from sim.scenario.index import MODELS, Index, Question
from sim.statistics import mean_interval
from sim.study.compared import load_results
from sim.study.results import Results
from sim.text import Text

FILE: Final = "answers.md"
ROBUSTNESS: Final = "robustness"  # the question whose files are stresses
REGRET: Final = ("response_min", "in_target", "on_promised_day")
_WHOLE: Final = " AND ".join(f"\"{column}\" = 'all'" for column in ("municipality", "group", "window"))


class _Answer(NamedTuple):
    """What the page says of one study, which need not be held for it: `values` by measure as by `values_of`, and the
    sentences `said`."""

    titles: Mapping[str, Text]
    replications: int
    weeks: int
    values: Mapping[str, pd.DataFrame]
    said: Sequence[str]


def answers(index: Index, names: Mapping[str, str], overview: Overview, out: Path, lang: str) -> str:
    """The page of the batch in `out`; `names`: the scenario of the batch that each file of the index is. A file without
    a study is left out. Raises ResultsError."""
    known = {case.name for case in overview.cases}
    asked = dict.fromkeys(name for question in index.questions for name in question.measures)
    studies = {file: _read(out / name, list(asked), lang) for file, name in names.items() if name in known}
    first = next(iter(studies.values()), None)
    years = _YEARS.format(n=first.replications, weeks=first.weeks) if first else Text("", "")
    parts = [f"# {_HEADING.get(lang)}", f"{years.get(lang)}{_LEAD.get(lang)}"]
    for question in index.questions:
        parts += _section(question, index, studies, lang)
        if question.id == ROBUSTNESS:
            stresses = [(file, names[file]) for file in question.files if file in studies]
            parts += [f"### {_REGRET.get(lang)}", regrets(overview, stresses, lang)]
    return "\n\n".join(parts) + "\n"


def _read(folder: Path, measures: Sequence[str], lang: str) -> _Answer:
    study = load_results(folder, _WHOLE)
    weeks = next(iter(study.scenarios.values())).calendar.weeks
    values = {name: values_of(study, name, _class_of(name)) for name in measures}
    said = differences(study.findings, study.titles, lang)
    return _Answer(study.titles, study.manifest["replications"], weeks, values, said)


def _section(question: Question, index: Index, studies: Mapping[str, _Answer], lang: str) -> list[str]:
    asked = [question.question.get(lang), f"*{question.question.get('sv' if lang == 'en' else 'en')}*"]
    parts = [f"## {asked[0]}", asked[1], f"{_LEVER.get(lang)}: {question.lever.get(lang)}."]
    for file in question.files:
        if file not in studies:
            continue
        study, default = studies[file], studies.get(index.default)
        parts += [f"### `{file}`", *([index.changes(file).get(lang)] if file != index.default else [])]
        alone = question.against == MODELS or file == index.default or default is None
        parts.append(_table(study, None if alone else default, question.measures, lang))
        parts.append("\n".join(f"- {said}" for said in study.said))
    return parts


def _class_of(measure: str) -> str:
    item = definition(measure)
    return item.headline or ("all" if "all" in item.classes else item.classes[0])


def _table(study: _Answer, default: _Answer | None, measures: Sequence[str], lang: str) -> str:
    """The models beside each other; with `default` each with its paired difference from there and half the width of the
    95 % interval."""
    titles = [title.get(lang) for title in study.titles.values()]
    rows = []
    for name in measures:
        before = default.values[name] if default else None
        cell = partial(_cell, now=study.values[name], before=before, measure=name, lang=lang)
        rows.append([label(definition(name), _class_of(name), lang), *(cell(model) for model in study.titles)])
    return markdown(["", *titles], rows, numbers=range(1, len(titles) + 1))


def _cell(model: str, now: pd.DataFrame, before: pd.DataFrame | None, measure: str, lang: str) -> str:
    item = definition(measure)
    mean = shown(float(now[model].mean()) if model in now else np.nan, item, lang)
    if before is None or model not in now or model not in before:
        return mean
    change = mean_interval((now[model] - before[model]).to_numpy())
    return f"{mean} ({scaled(change.mean, item, lang, sign=True)} ± {apart(change.half_width, item, lang)})"


def values_of(study: Results, measure: str, klass: str) -> pd.DataFrame:
    """A measure of the whole region, of which alone `study` has rows: a column a model that keeps up, a row a
    replication."""
    rows = study.measures
    rows = rows[(rows["measure"] == measure) & (rows["class"] == klass)]
    table = rows.pivot_table(index="replication", columns="model", values="value", dropna=False, observed=True)
    return table[[name for name in table.columns if study.steady(str(name))]]


def regrets(overview: Overview, stresses: Sequence[tuple[str, str]], lang: str) -> str:
    """For each stress and each of a few measures how far each model lies from the best one, and the most over all."""
    table = overview.table[overview.table["scenario"].isin([name for _, name in stresses])]
    rows: list[list[str]] = []
    for item, klass in overview.measures:
        if item.name not in REGRET:
            continue
        part = table[table["measure"] == item.name]
        wide = part.pivot_table(index="scenario", columns="model", values="regret", dropna=False)
        steady = part.pivot_table(index="scenario", columns="model", values="steady", aggfunc="all")
        for file, name in stresses:
            cells = [apart(float(wide[model].get(name, np.nan)), item, lang) for model in overview.titles]
            rows.append([f"{label(item, klass, lang)}: {Path(file).stem}", *cells])
        most = [
            worst_of(float(wide[model].max()), int((~steady[model].astype(bool)).sum()), item, lang)
            for model in overview.titles
        ]
        rows.append([f"**{label(item, klass, lang)}: {_LARGEST.get(lang)}**", *(f"**{text}**" for text in most)])
    titles = [title.get(lang) for title in overview.titles.values()]
    return markdown(["", *titles], rows, numbers=range(1, len(titles) + 1))


_HEADING: Final = Text(
    "Regionens frågor, besvarade på illustrativa indata", "The region's questions, answered on illustrative inputs"
)
_LEAD: Final = Text(
    "De flesta volymer är uppskattningar: läs skillnaderna, inte nivåerna. Allt gäller givet dessa indata, med bara "
    "slumpens brus; hur långt ett omdöme håller över tänkbara världar säger `compare`. I tabeller mot grundscenariot "
    "är en cell medelvärdet i scenariot med den parade skillnaden från samma modell i grundscenariot och halva dess "
    "95 %-intervall. En modell som inte hinner med har inga tal.",
    "Most volumes are estimates: read the differences, not the levels. All is given these inputs, with the noise of "
    "the draw alone; how far a verdict holds over plausible worlds is told by `compare`. In tables against the "
    "default, a cell is the mean in the scenario with its paired difference from the same model in the default and "
    "half its 95 % interval. A model that does not keep up has no figures.",
)
_YEARS: Final = Text("{n} upprepningar av {weeks} veckor. ", "{n} replications of {weeks} weeks. ")
_LEVER: Final = Text("Grepp", "Lever")
_REGRET: Final = Text(
    "Avstånd till den bästa modellen under varje påfrestning", "Regret: distance to the best model under each stress"
)
_LARGEST: Final = Text("längst från bäst", "largest regret")
