"""docs/queries.md: every line is run on a study and a batch, and gives what the tables hold."""

from __future__ import annotations

import contextlib
import io
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
    lines = blocks[1:]
    assert len(lines) == 7 and all(line.count("\n") == 1 for line in lines), "one line each"
    names: dict[str, Any] = {"__name__": "page"}
    printed = []
    for code in blocks:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(code, "queries.md", "exec"), names)
        printed.append(said.getvalue())

    whole = read_measures(Path("results/halland/measures.parquet"))
    of_minutes = whole.query("measure == 'response_min' and `class` == 'acute' and group == 'all' and window == 'all'")
    minutes = of_minutes.groupby(["model", "municipality"], observed=True)["value"].mean()
    assert len(minutes) == 14 and [figure(f"{value:.6f}") in printed[1] for value in minutes] == [True] * 14
    assert len(names["frame"]) == len(whole) and set(names["frame"].columns) == set(whole.columns)
    assert set(names["verdicts"]["verdict"]) <= {"better", "worse", "practically equal", "undecided"}
    overtime = pd.read_csv("overtime.csv", sep=";", decimal=",", encoding="utf-8-sig")
    kept = whole.query("measure == 'overtime_h_per_week' and municipality == 'all'")
    assert len(overtime) == 6 and overtime["value"].sum() == pytest.approx(kept["value"].sum())

    assert printed[5].count("halland") == 2 and printed[5].count("less") == 2
    assert names["share"].groupby("class").size().max() == 2 * 2 * 3  # scenarios, models, replications
    assert set(names["overview"]["scenario"]) == {"halland", "less"}


def figure(text: str) -> str:
    """As many digits as DuckDB surely prints of a number."""
    return text[:7]


def test_every_file_named_is_there(there: Path) -> None:
    named = set(re.findall(r"results/[\w/]+\.csv", PAGE))
    assert len(named) >= 4 and all((there / name).is_file() for name in named)
    head = (there / "results/halland/comparison_excel.csv").read_text("utf-8-sig").split("\n")[0].split(";")
    assert head[: len(HEADS)] == [text.sv for text in HEADS.values()]
    assert all(name in PAGE for name in head[len(HEADS) :])


@pytest.mark.parametrize("page", ["README.md", "docs/batch.md"])
def test_it_is_linked(page: str) -> None:
    assert "queries.md)" in (Path(__file__).resolve().parent.parent / page).read_text("utf-8")
