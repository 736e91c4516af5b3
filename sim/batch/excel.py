"""The overview as tables: overview.csv, and the same in the reader's language for Excel, as the studies have it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from sim.batch.overview import Overview
from sim.comparison import write_csv, write_excel_csv
from sim.comparison.excel import unit_of_differences, unit_of_levels
from sim.comparison.findings import TITLES
from sim.measures.vocabulary import CELL_TITLES
from sim.study.folder import manifest_of, publish, writing
from sim.study.store import COMPARISONS, EXCEL, write_excel, write_manifest
from sim.study.study import load_results
from sim.text import Text

NO_WINDOW: Final = "\"window\" = 'all'"  # of the measures, all that pages, figures and comparisons read
_HEADS: Final = {
    "scenario": Text("Scenario", "Scenario"),
    "model": Text("Modell", "Model"),
    "measure": Text("Mått", "Measure"),
    "class": Text("Klass", "Class"),
    "mean": Text("Medelvärde", "Mean"),
    "unit": Text("Enhet", "Unit"),
    "n": Text("Upprepningar", "Replications"),
    "steady": Text("Hinner med", "Keeps up"),
    "verdict_reference": Text("Mot jämförelsemodellen", "Against the reference"),
    "verdict_default": Text("Mot sig själv i grundscenariot", "Against itself in the default"),
    "regret": Text("Avstånd till bästa modellen", "Distance to the best model"),
    "unit_of_difference": Text("Enhet för skillnad", "Unit of difference"),
}
_NAMES: Final = ("scenario", "model", "measure", "class")  # each again as in overview.csv: <name>_name


def write_overview(overview: Overview, stage: Path, lang: str) -> None:
    """overview.csv and overview_excel.csv, the latter in `lang`. Raises OSError."""
    write_csv(overview.table, stage / "overview.csv")
    write_excel_csv(for_readers(overview, lang), stage / "overview_excel.csv", lang)


def write_comparisons(folders: Sequence[Path], lang: str) -> None:
    """comparison_excel.csv anew where a study has it in another language. Raises ResultsError, OSError."""
    for folder in folders:
        manifest = manifest_of(folder)
        if manifest is not None and manifest.get(EXCEL) != lang:
            with writing(folder, [COMPARISONS[1]]) as stage:
                write_excel(load_results(folder, NO_WINDOW), stage, lang)
                write_manifest(stage, manifest | {EXCEL: lang}, manifest["files"])
                publish(stage, folder)


def for_readers(overview: Overview, lang: str) -> pd.DataFrame:
    """The overview with titles, words and the units of the page, and `_NAMES` behind."""
    table = overview.table
    definitions = {item.name: item for item, _ in overview.measures}
    scenarios = {case.name: case.scenario.title.get(lang) or case.name for case in overview.cases}
    levels = [unit_of_levels(definitions[name].unit, lang) for name in table["measure"]]
    apart = [unit_of_differences(definitions[name].unit, lang) for name in table["measure"]]
    verdicts = {"": "", **{verdict.value: title.get(lang) for verdict, title in TITLES.items()}}
    made = pd.DataFrame({
        "scenario": table["scenario"].map(scenarios),
        "model": [overview.titles[name].get(lang) for name in table["model"]],
        "measure": [definitions[name].title.get(lang) for name in table["measure"]],
        "class": [CELL_TITLES[name].get(lang) for name in table["class"]],
        "mean": table["mean"].astype(float) * [factor for factor, _ in levels],
        "unit": [unit for _, unit in levels],
        "n": table["n"],
        "steady": table["steady"],
        "verdict_reference": table["verdict_reference"].map(verdicts),
        "verdict_default": table["verdict_default"].map(verdicts),
        "regret": table["regret"].astype(float) * [factor for factor, _ in apart],
        "unit_of_difference": [unit for _, unit in apart],
    })  # fmt: skip
    named = made.rename(columns={name: head.get(lang) for name, head in _HEADS.items()})
    return named.assign(**{f"{name}_name": table[name] for name in _NAMES})
