"""docs/queries.md: every line is run on a study and a batch, and gives what the tables hold."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import study_models

from sim import run_study
from sim.batch.batch import Options, run_batch
from sim.batch.cases import collect
from sim.measures import MEASURES
from sim.scenario import Scenario
from sim.study.excel import HEADS
from sim.study.tables import read_measures

PAGE = (Path(__file__).resolve().parent.parent / "docs/queries.md").read_text("utf-8")
SMALL = """
title: {sv: Liten, en: Small}
calendar: {weeks: 1, warm_up_weeks: 0}
staffing: {hours_per_week: 1008}
demand: {scale: 0.3}
study: {replications: 3, reference: status_quo}
"""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with results/halland and results/night as the page supposes."""
    folder = tmp_path_factory.mktemp("queries")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.study.standing.balances_of", lambda stages, jobs, shelf=None: {})
        patch.chdir(folder)
        (folder / "halland.yaml").write_text(SMALL, "utf-8")
        (folder / "less.yaml").write_text("extends: halland.yaml\ndemand: {scale: 0.2}\n", "utf-8")
        names = [item.name for item in MEASURES]
        found = collect([Path("halland.yaml"), Path("less.yaml")], study_models.declared(), names, Scenario())
        run_batch(found, Path("results/night"), Options(jobs=1, pages=False))
        scenario = next(case.scenario for case in found.cases if case.name == "halland")
        run_study({"halland": scenario}, study_models.all(), out="results/halland", jobs=1, worlds=0)
    return folder


def test_every_line_gives_what_the_tables_hold(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(there)
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    assert len(blocks) == 9 and sum(code.count("\n") == 1 for code in blocks) == 7, "one line each"
    names: dict[str, Any] = {"__name__": "page"}
    shown: list[Any] = []
    monkeypatch.setattr("sys.displayhook", shown.append)  # what a line shows when it is typed
    for code in blocks:
        for statement in ast.parse(code).body:
            exec(compile(ast.Interactive([statement]), "queries.md", "single"), names)
    costs, _, minutes, matrix = shown

    whole = read_measures(Path("results/halland/measures.parquet"))
    cost = whole[whole["measure"] == "cost_per_visit"]
    assert dict(costs.fetchall()) == pytest.approx(cost.groupby("model", observed=True)["value"].mean().to_dict())
    assert len(names["frame"]) == len(whole) and set(names["frame"].columns) == set(whole.columns)
    assert set(names["verdicts"]["verdict"]) <= {"better", "worse", "practically equal", "undecided"}
    carried = pd.read_csv("costs.csv", sep=";", decimal=",", encoding="utf-8-sig")
    assert len(carried) == 6 and carried["value"].sum() == pytest.approx(cost["value"].sum())
    part = whole.query("measure == 'response_min' and `class` == 'acute' and group == 'all' and window == 'all'")
    means = part.groupby(["model", "municipality"], observed=True)["value"].mean()
    assert {row[:2]: row[2] for row in minutes.fetchall()} == pytest.approx(means.to_dict()) and len(means) == 14

    overview = names["overview"]
    assert matrix.columns == ["measure", "scenario", "central", "status_quo"]
    found = {
        (measure, scenario, model): value
        for measure, scenario, *values in matrix.fetchall()
        for model, value in zip(("central", "status_quo"), values, strict=True)
    }
    kept = overview.set_index(["measure", "scenario", "model"])["mean"].to_dict()
    assert found == pytest.approx(kept) and len(found) == len(overview)
    assert set(overview["scenario"]) == {"halland", "less"} and len(names["costs"]) == 2 * 2 * 3


def test_every_file_named_is_there(there: Path) -> None:
    named = set(re.findall(r"results/[\w/]+\.csv", PAGE))
    assert len(named) >= 4 and all((there / name).is_file() for name in named)
    head = (there / "results/halland/comparison_excel.csv").read_text("utf-8-sig").split("\n")[0].split(";")
    assert head[: len(HEADS)] == [text.sv for text in HEADS.values()]
    assert all(name in PAGE for name in head[len(HEADS) :])


@pytest.mark.parametrize("page", ["README.md", "docs/batch.md"])
def test_it_is_linked(page: str) -> None:
    assert "queries.md)" in (Path(__file__).resolve().parent.parent / page).read_text("utf-8")
