"""Batches: which scenarios, what is run, what is stored, and the overview."""

from __future__ import annotations

import gc
import json
import math
import os
import re
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import study_models
from click.testing import CliRunner

import models
from cli import Settings, make_group
from sim.batch.batch import Options, Outcome, run_batch
from sim.batch.cases import NOTHING, Cases, collect
from sim.batch.overview import regret
from sim.batch.pages import Pages, is_drawn
from sim.declared import Declared
from sim.engine import Prepared
from sim.errors import OrganisationError, ResultsError, ScenarioError
from sim.measures import MEASURES, Measures
from sim.measures.forms import MeasureDefinition, Observed
from sim.report.front import Front
from sim.report.front import render as render_front
from sim.scenario import Scenario, load_scenario
from sim.study import tables
from sim.study.study import Told
from sim.study.tables import read_measures
from sim.text import LANGUAGES, Text

SMALL = """
title: {sv: Liten, en: Small}
calendar: {weeks: 1, warm_up_weeks: 0}
staffing: {hours_per_week: 1008}
demand: {scale: 0.3}
study: {replications: 2, reference: status_quo}
"""
NAMES = [item.name for item in MEASURES]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEMBESOK_LANG", "en")
    (tmp_path / "small.yaml").write_text(SMALL, "utf-8")
    (tmp_path / "less.yaml").write_text(
        "extends: small.yaml\ntitle: {sv: Mindre, en: Less}\ndemand: {scale: 0.2}\n", "utf-8"
    )
    return tmp_path


@pytest.fixture
def no_long_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether models keep up is another test's matter, and takes longer than all else."""
    monkeypatch.setattr("sim.study.standing.balances_of", lambda stages, jobs, shelf=None: {})


def cases(*names: str, declared: Declared | None = None, **options: Any) -> Cases:
    chosen = declared or study_models.declared()
    return collect([Path(name) for name in names], chosen, NAMES, Scenario(), **options)


def run(found: Cases, out: str = "out", **options: Any) -> tuple[Outcome, list[str]]:
    said: list[str] = []
    chosen = Options(**({"jobs": 1, "lang": "en", "pages": False} | options))
    outcome = run_batch(found, Path(out), chosen, Told(note=lambda text: said.append(text.en)))
    return outcome, said


def contents(folder: Path) -> dict[str, bytes]:
    """All tables of a batch; manifests say when they were made."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


@pytest.mark.slow
def test_what_is_held_does_not_grow_with_replications_or_scenarios(
    here: Path, no_long_runs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever a part of a table is written: runs whose measures are in memory, rows of the part, layouts of models."""
    monkeypatch.setattr("sim.study.tables.CHUNK", 2)
    held: list[tuple[int, int, int]] = []
    write = tables.write_parquet

    def counted(kind: type) -> int:
        return sum(type(thing) is kind for thing in gc.get_objects())

    def spy(frame: pd.DataFrame, path: Path, **more: Any) -> None:
        held.append((counted(Measures) - others[0], len(frame), counted(Prepared) - others[1]))
        write(frame, path, **more)

    monkeypatch.setattr(tables, "write_parquet", spy)
    most = []
    for scenarios, replications in ((1, 2), (1, 7), (7, 2)):
        gc.collect()
        others, held = (counted(Measures), counted(Prepared)), []
        names = []
        for number in range(scenarios):
            names.append(f"s{number}.yaml")
            (here / names[-1]).write_text(SMALL.replace("0.3", f"0.{number + 1}"), "utf-8")
        run(cases(*names), f"{scenarios}x{replications}", replications=replications)
        most.append(np.max(held, axis=0).tolist())
    few, many, wide = most
    assert few[0] == many[0] == wide[0] == 4 and few[1] == many[1] == wide[1]
    assert few[2] == many[2] == 2 and wide[2] <= 8 < 7 * 2


# --- which scenarios ------------------------------------------------------------------------------


def sweep(here: Path, text: str) -> list[tuple[str, Scenario]]:
    (here / "s.yaml").write_text(SMALL + text, "utf-8")
    return [(case.name, case.scenario) for case in cases("s.yaml").cases]


def test_files_folders_and_an_index(here: Path) -> None:
    assert [case.name for case in cases("small.yaml", "less.yaml").cases] == ["small", "less"]
    found = cases(".")
    assert [case.name for case in found.cases] == ["less", "small"] and found.default == "less"
    assert cases(".", default="small").default == "small"
    assert "0.2" in found.cases[0].says.en
    assert [case.name for case in cases("small.yaml", "small.yaml").cases] == ["small", "small_2"]


def test_the_shipped_index_is_a_batch(root: Path) -> None:
    found = cases(str(root / "scenarios" / "index.yaml"), declared=models.declared())
    files = {path.stem for path in (root / "scenarios").glob("*.yaml")} - {"index", "each_at_its_best"}
    assert {case.name for case in found.cases} == files and found.default == "halland"
    assert cases(str(root / "scenarios"), declared=models.declared()).default == "halland"
    closed = next(case for case in found.cases if case.name == "varberg_base_closed")
    assert {item.name for item in closed.organisations} == set(models.names())


def test_a_grid_has_every_combination_and_its_own_file_first(here: Path) -> None:
    found = sweep(here, "sweep: {demand.scale: [0.2, 0.3, 0.4], costs.physician_hour: [1000, 1100]}\n")
    assert [name for name, _ in found][:3] == ["s", "s-scale0.2-physician_hour1000", "s-scale0.2-physician_hour1100"]
    pairs = {(s.demand.scale, s.costs.physician_hour) for _, s in found[1:]}
    assert pairs == {(a, b) for a in (0.2, 0.3, 0.4) for b in (1000.0, 1100.0)} and len(found) == 7
    assert found[1][1].title.en.startswith("Small: ") and "0.2" in found[1][1].title.en


def test_the_file_as_it_stands_is_not_run_twice(here: Path) -> None:
    assert [name for name, _ in sweep(here, "sweep: {demand.scale: [0.2, 0.3]}\n")] == ["s", "s-scale0.2"]


def test_lists_side_by_side_named_cases_and_both(here: Path) -> None:
    found = sweep(here, "sweep: {zip: {demand.scale: [0.2, 0.4], staffing.hours_per_week: [1000, 1200]}}\n")
    assert [(s.demand.scale, s.staffing.hours_per_week) for _, s in found[1:]] == [(0.2, 1000.0), (0.4, 1200.0)]
    found = sweep(
        here, "sweep: {cases: {winter: {travel.weather_factor: 1.25}, fewer: {staffing.hours_per_week: 900}}}\n"
    )
    assert [name for name, _ in found] == ["s", "s-winter", "s-fewer"]
    found = sweep(here, "sweep: {cases: {a: {travel.weather_factor: 1.25}, b: {}}, grid: {demand.scale: [0.2, 0.4]}}\n")
    assert [name for name, _ in found] == ["s", "s-a-scale0.2", "s-a-scale0.4", "s-b-scale0.2", "s-b-scale0.4"]


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
def test_points_spread_over_ranges(here: Path, method: str) -> None:
    text = f"sweep: {{{method}: {{points: 16, seed: 3, fields: {{demand.scale: [0.2, 0.4], study.seed: [1, 8]}}}}}}\n"
    found = [scenario for _, scenario in sweep(here, text)[1:]]
    assert len(found) == 16 and [s for _, s in sweep(here, text)[1:]] == found
    cells = {int((s.demand.scale - 0.2) / 0.2 * 16 - 1e-9) for s in found}
    assert len(cells) == 16 and all(0.2 <= s.demand.scale <= 0.4 for s in found)
    assert {s.study.seed for s in found} == set(range(1, 9))


def test_settings_of_models_are_swept(root: Path, here: Path) -> None:

    (here / "s.yaml").write_text(SMALL + "sweep: {models.hybrid.hubs: [2, 3]}\n", "utf-8")
    found = cases("s.yaml", declared=models.declared())
    hubs = [dict(item.settings)["hubs"] for case in found.cases for item in case.organisations if item.name == "hybrid"]
    assert hubs[-2:] == [2, 3] and found.cases[1].says.en


@pytest.mark.parametrize(("text", "line", "words"), [
    ("sweep: {}\n", 7, "must hold fields with lists"),
    ("sweep:\n  demand.scael: [0.2]\n", 8, "did you mean"),
    ("sweep:\n  demand.scale: 0.2\n", 8, "must be a list of values"),
    ("sweep:\n  demand.scale: [0.2, -4]\n", 8, "demand.scale"),
    ("sweep:\n  grid: {demand.scale: [0.2]}\n  demand.scale: [1]\n", 9, "is no part of a sweep"),
    ("sweep:\n  gird: {demand.scale: [0.2]}\n", 8, "did you mean grid"),
    ("sweep:\n  sobol: {points: 4}\n", 8, "fields: {field: [lowest, highest]}"),
    ("sweep:\n  zip:\n    demand.scale: [0.2]\n    study.seed: [1, 2]\n", 8, "equally long"),
    ("sweep:\n  sobol: {points: 0, fields: {demand.scale: [0.2, 0.4]}}\n", 8, "points"),
    ("sweep:\n  sobol: {points: 4, fields: {demand.scale: [0.4, 0.2]}}\n", 8, "[lowest, highest]"),
    ("sweep:\n  grid: {demand.scale: [0.2]}\n  zip: {demand.scale: [0.3]}\n", 9, "varied twice"),
    ("sweep:\n  study.seed: [" + ", ".join(map(str, range(1, 200))) + "]\n  demand.scale: ["
     + ", ".join(str(n / 1000) for n in range(200, 400)) + "]\n", 7, "at most 10000"),
])  # fmt: skip
def test_faults_of_a_sweep_have_their_place(here: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        sweep(here, text)
    assert words in str(caught.value) and f"s.yaml:{line}:" in str(caught.value)


def test_one_fault_of_a_sweep_does_not_hide_another(here: Path) -> None:
    (here / "s.yaml").write_text(SMALL + "sweep:\n  demand.scael: [1]\n  models.hybird.hubs: [2]\n", "utf-8")
    with pytest.raises(ScenarioError) as caught:
        cases("s.yaml", declared=models.declared())
    assert [(problem.line, problem.key) for problem in caught.value.problems] == [
        (8, "sweep.demand.scael"), (9, "sweep.models.hybird.hubs"),
    ]  # fmt: skip


def test_what_cannot_be_run_is_told_of_every_scenario_before_anything_is(here: Path) -> None:
    for name in ("few", "fewer"):
        (here / f"{name}.yaml").write_text("extends: small.yaml\norganisation: {closed_bases: [Varbreg]}\n", "utf-8")
    found = cases("small.yaml", "few.yaml", "fewer.yaml")
    with pytest.raises(OrganisationError, match=r"(?s)few: .*fewer: "):
        run(found)
    planned = call("batch", "small.yaml", "few.yaml", "fewer.yaml", "--plan", "--lang", "en")
    assert planned.exit_code == 2 and "few: " in planned.stderr and "fewer: " in planned.stderr


def test_where_nothing_could_be_run_the_batch_says_why(
    here: Path, no_long_runs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.study.stages import Stages

    def faulty(stages: Stages, model: str, *rest: Any) -> Any:
        raise ZeroDivisionError("nothing to share")

    monkeypatch.setattr(Stages, "run_one", faulty)
    outcome, _ = run(cases("small.yaml"))
    manifest = json.loads((here / "out" / "manifest.json").read_text("utf-8"))
    assert len(manifest["failed"]) == len(outcome.failed) == 4
    assert "ZeroDivisionError: nothing to share" in manifest["failed"][0]["error"]


def test_only_batch_takes_a_sweep(here: Path) -> None:
    (here / "s.yaml").write_text(SMALL + "sweep: {demand.scale: [0.2]}\n", "utf-8")
    with pytest.raises(
        ScenarioError, match=r"s\.yaml:7:1: sweep: is many scenarios in one file, which only batch runs"
    ):
        load_scenario("s.yaml")
    (here / "t.yaml").write_text("extends: s.yaml\n", "utf-8")
    assert load_scenario("t.yaml").demand.scale == 0.3


def test_faults_of_all_files_are_told_at_once(here: Path) -> None:
    (here / "less.yaml").write_text("demand: {scale: many}\n", "utf-8")
    (here / "more.yaml").write_text("demand: {scael: 1}\n", "utf-8")
    with pytest.raises(ScenarioError) as caught:
        cases("less.yaml", "more.yaml", "small.yaml")
    assert {problem.file for problem in caught.value.problems} == {"less.yaml", "more.yaml"}


# --- running and going on -------------------------------------------------------------------------


def test_a_batch_is_the_same_as_each_of_its_studies(here: Path, no_long_runs: None) -> None:
    from sim import run_study

    outcome, _ = run(cases("small.yaml", "less.yaml"))
    assert outcome.status == "complete" and outcome.ran == 8
    for name in ("small", "less"):
        run_study(
            {name: load_scenario(f"{name}.yaml")}, study_models.all(), 2, out=Path("alone") / name, jobs=1, lang="en"
        )
    alone = contents(here / "alone")
    assert {name: data for name, data in contents(here / "out").items() if "/" in name} == alone


def test_the_same_again_runs_nothing_and_one_more_scenario_runs_alone(here: Path, no_long_runs: None) -> None:
    run(cases("small.yaml"))
    before = {path: path.stat().st_mtime_ns for path in (here / "out").rglob("*")}
    outcome, said = run(cases("small.yaml"))
    assert (outcome.ran, outcome.overview, said) == (0, None, [])
    assert {path: path.stat().st_mtime_ns for path in (here / "out").rglob("*")} == before
    outcome, said = run(cases("small.yaml", "less.yaml"))
    assert outcome.ran == 4 and said == ["writing less (1/1)"]
    outcome, said = run(cases("small.yaml", "less.yaml"), replications=3)
    assert outcome.ran == 4 and "more replications" in said[0]


def test_an_edited_scenario_is_the_only_one_run_and_it_says_so(here: Path, no_long_runs: None) -> None:
    run(cases("small.yaml", "less.yaml"))
    path = here / "less.yaml"
    path.write_text(path.read_text("utf-8").replace("0.2", "0.21"), "utf-8")
    outcome, said = run(cases("small.yaml", "less.yaml"))
    assert outcome.ran == 4 and said[0] == "to be run: status_quo, central in less (the scenario has changed)"


def test_another_language_is_that_of_every_table(here: Path, no_long_runs: None) -> None:
    def heads(name: str) -> str:
        return (here / name).read_text("utf-8-sig").split(";", 2)[1]

    run(cases("small.yaml", "less.yaml"))
    listed = json.loads((here / "out/less/manifest.json").read_text("utf-8"))["files"]
    before = contents(here / "out")
    assert heads("out/less/comparison_excel.csv") == "Measure"
    outcome, _ = run(cases("small.yaml", "less.yaml"), lang="sv")
    assert (
        outcome.ran == 0
        and heads("out/less/comparison_excel.csv") == "Mått"
        and heads("out/overview_excel.csv") == "Modell"
    )
    run(cases("small.yaml", "less.yaml"), "fresh", lang="sv")
    assert contents(here / "out") == contents(here / "fresh")
    run(cases("small.yaml", "less.yaml"))
    assert contents(here / "out") == before
    assert json.loads((here / "out/less/manifest.json").read_text("utf-8"))["files"] == listed


def test_a_batch_that_stops_before_its_end_is_known_again(
    here: Path, no_long_runs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("sim.batch.batch._publish", _full)
        with pytest.raises(OSError, match="No space left"):
            run(cases("small.yaml", "less.yaml"))
    assert json.loads((here / "out" / "manifest.json").read_text("utf-8"))["status"] == "begun"
    outcome, _ = run(cases("small.yaml", "less.yaml"))
    assert outcome.ran == 0 and outcome.overview is not None
    run(cases("small.yaml", "less.yaml"), "fresh")
    assert contents(here / "out") == contents(here / "fresh")


def _full(*_: Any) -> None:
    raise OSError(28, "No space left on device")


def test_failures_leave_the_rest_and_are_tried_again(
    here: Path, no_long_runs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.study.stages import Stages

    run_one = Stages.run_one
    with monkeypatch.context() as patch:

        def faulty(stages: Stages, model: str, *rest: Any) -> Any:
            if stages.scenario.demand.scale == 0.2 and model == "central":
                raise ZeroDivisionError(f"in {here}/secret.py")
            return run_one(stages, model, *rest)

        patch.setattr(Stages, "run_one", faulty)
        outcome, _ = run(cases("small.yaml", "less.yaml"))
    assert outcome.status == "incomplete" and {(t.scenario, t.model) for t in outcome.failed} == {("less", "central")}
    outcome, _ = run(cases("small.yaml", "less.yaml"))
    assert outcome.status == "complete" and outcome.ran == 2


@pytest.mark.parametrize("first", ["study", "batch"])
def test_a_study_and_a_batch_do_not_take_each_others_place(here: Path, no_long_runs: None, first: str) -> None:
    from sim import run_study

    def study() -> None:
        run_study({"small": load_scenario("small.yaml")}, study_models.all(), 1, out="out", jobs=1)

    def batch() -> None:
        run(cases("less.yaml"))

    one, other = (study, batch) if first == "study" else (batch, study)
    one()
    before = contents(here / "out")
    with pytest.raises(ResultsError, match="another folder"):
        other()
    assert contents(here / "out") == before


# --- the overview ---------------------------------------------------------------------------------


@pytest.fixture
def overview(here: Path, no_long_runs: None) -> pd.DataFrame:
    outcome, _ = run(cases("small.yaml", "less.yaml"), replications=6)
    assert outcome.overview is not None
    return pd.read_csv(here / "out" / "overview.csv", keep_default_na=False, na_values=[""])


def test_the_overview_is_what_the_tables_say(here: Path, overview: pd.DataFrame) -> None:
    whole = read_measures(here / "out" / "less" / "measures.parquet")
    rows = whole.query(
        "measure == 'response_min' and `class` == 'acute' and municipality == 'all' and model == 'central'"
    )
    rows = rows[(rows["group"] == "all") & (rows["window"] == "all")]
    found = overview.query("scenario == 'less' and measure == 'response_min' and model == 'central'").iloc[0]
    assert found["mean"] == pytest.approx(rows["value"].mean(), rel=1e-5) and found["n"] == 6
    compared = pd.read_csv(here / "out" / "less" / "comparison.csv")
    same = compared.query("measure == 'response_min' and municipality == 'all' and `class` == 'acute'").iloc[0]
    assert found["verdict_reference"] == same["verdict"]
    for (_, measure), part in overview.groupby(["scenario", "measure"]):
        better = next(item.better for item in MEASURES if item.name == measure)
        best = part["mean"].max() if better == "higher" else part["mean"].min()
        if better != "none" and part["mean"].notna().all():
            assert np.allclose(part["regret"], (part["mean"] - best).abs(), rtol=1e-4, atol=1e-6)


def test_verdicts_against_the_default_are_of_each_model_against_itself(overview: pd.DataFrame) -> None:
    assert overview.query("scenario == 'small'")["verdict_default"].isna().all()
    less = overview.query("scenario == 'less'")
    assert less["verdict_default"].notna().all()
    assert less.query("model == 'status_quo'")["verdict_reference"].isna().all()


def test_the_front_page_names_every_scenario(here: Path, overview: pd.DataFrame) -> None:
    page = (here / "out" / "index.html").read_text("utf-8")
    assert re.search(r">\s*Small\s*<", page) and re.search(r">\s*Less\s*<", page) and "http" not in page
    assert "Status quo" in page and "against itself" in page and "<script" not in page
    assert "answers.md" not in page  # there is no index
    excel = (here / "out" / "overview_excel.csv").read_bytes()
    assert excel.startswith(b"\xef\xbb\xbfScenario;Model;Measure;") and b"," in excel


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_front_page_of_an_index_links_the_answers(lang: str) -> None:
    front = Front((), (), {}, "", "Halland", "")
    assert 'href="answers.md"' in render_front(replace(front, answers="answers.md"), lang)
    assert "answers.md" not in render_front(front, lang)


def _endless_from_one_base(tape: Any, journal: Any, world: Any) -> tuple[float, int]:
    return (math.inf if len(np.unique(journal.shift_municipality)) == 1 else 5.0), 1


ENDLESS = MeasureDefinition(
    "endless", Text("Utan slut", "Without end"), "min", Text("så", "so"), "lower", Observed(_endless_from_one_base),
    practical=1.0, classes=("all",), split="region", headline="all",
)  # fmt: skip


def test_a_value_beyond_all_limits_is_shown_and_judged_as_one(here: Path, no_long_runs: None) -> None:
    outcome, _ = run(cases("small.yaml", "less.yaml"), own=(ENDLESS,))
    assert outcome.overview is not None
    table = pd.read_csv(here / "out" / "overview.csv").query("measure == 'endless' and scenario == 'less'")
    assert table.set_index("model")["mean"].to_dict() == {"status_quo": 5.0, "central": math.inf}
    assert table.set_index("model")["regret"].to_dict() == {"status_quo": 0.0, "central": math.inf}
    shown = next(item for item in outcome.overview.front("sv").measures if "Utan slut" in item.title)
    assert [(cell.value, cell.regret) for cell in shown.rows[1].cells] == [("5,0", "0,0"), ("∞", "∞")]
    assert shown.worst == ("0,0", "∞")


def test_how_far_from_the_best() -> None:
    assert regret(7.0, 5.0) == 2.0 and regret(math.inf, 5.0) == math.inf and regret(-math.inf, 5.0) == math.inf
    assert math.isnan(regret(math.inf, math.inf)) and math.isnan(regret(math.nan, 5.0))


def test_the_largest_distance_says_where_a_model_does_not_keep_up(here: Path, no_long_runs: None) -> None:
    outcome, _ = run(cases("small.yaml", "less.yaml"))
    assert outcome.overview is not None
    table = outcome.overview.table
    table.loc[(table["model"] == "central") & (table["scenario"] == "less"), ["steady", "mean", "regret"]] = [
        False, math.nan, math.nan,
    ]  # fmt: skip
    worst = outcome.overview.front("sv").measures[0].worst
    assert worst[1].endswith("; hinner inte med i 1") and "hinner" not in worst[0]


def test_the_front_page_is_in_one_language_and_says_what_it_rests_on(here: Path, no_long_runs: None) -> None:
    run(cases("small.yaml", "less.yaml"), lang="sv")
    page = (here / "out" / "index.html").read_text("utf-8")
    assert "Svarstid, akut (minuter)" in page and ", acute" not in page and ", planned" not in page
    assert "Illustrativa indata" in page and "är uppskattningar, inte mätningar" in page
    assert "report.html" not in page and "Mindre" in page  # no page was drawn, so none is linked
    (here / "out/less/report.html").write_text("drawn", "utf-8")
    run(cases("small.yaml", "less.yaml"), lang="sv")
    page = (here / "out" / "index.html").read_text("utf-8")
    assert 'href="less/report.html"' in page and 'href="small/report.html"' not in page


def test_what_options_change_in_all_scenarios_is_said_once(here: Path, no_long_runs: None) -> None:
    arguments = ["batch", "small.yaml", "less.yaml", "--weeks", "2", "--jobs", "1", "--no-pages", "--lang", "en"]
    assert call(*arguments, "--out", "out").exit_code == 0
    page = (here / "out" / "index.html").read_text("utf-8")
    assert page.count("weeks counted 2 (52)") == 1 and "All of them:" in page
    assert call(*arguments, "--out", "new", "--plan").stdout.count("weeks counted 2 (52)") == 1
    base = load_scenario("small.yaml")
    same = collect([Path("small.yaml")], study_models.declared(), NAMES, base, edit=lambda scenario: (
        scenario.with_changes({"study.seed": scenario.study.seed})
    ))  # fmt: skip
    assert same.common == NOTHING  # what is as it was is no change, though it was written


# --- the command ----------------------------------------------------------------------------------


def call(*arguments: str) -> Any:
    return CliRunner().invoke(make_group(Settings("study_models")), list(arguments))


def test_the_command(here: Path, no_long_runs: None) -> None:
    arguments = ["batch", "small.yaml", "less.yaml", "--jobs", "1", "--no-pages", "--lang", "en"]
    planned = call(*arguments, "--plan")
    assert planned.exit_code == 0, planned.stderr
    assert "To run: 8 of 8 runs on 1 workers, about" in planned.stdout and not (here / "results").exists()
    assert planned.stdout.count("requests a year") == 1 and "Halmstad" not in planned.stdout  # a line each
    assert "Halmstad" in call(*arguments[:2], *arguments[3:], "--plan").stdout  # one scenario: all of it
    plan = json.loads(call(*arguments, "--plan", "--json").stdout)
    assert plan["missing"] == 8 and plan["seconds"] > 0 and 0.01 < plan["megabytes"] < 1
    assert {row["scenario"] for row in plan["scenarios"]} == {"small", "less"} and plan["scenarios"][0]["pool_load"]
    done = call(*arguments)
    assert done.exit_code == 0 and "runs that had to be made: 8" in done.stdout
    assert "To run: 0 of 8 runs" in call(*arguments, "--plan").stdout
    told = json.loads(call(*arguments, "--json").stdout)
    assert told["status"] == "complete" and told["ran"] == 0
    wrong = call("batch", "smal.yaml")
    assert wrong.exit_code == 2 and "small.yaml" in wrong.stderr


@pytest.mark.slow
def test_one_digit_of_one_model_runs_that_model_alone_and_more_replications_top_up(
    here: Path, root: Path, no_long_runs: None
) -> None:
    """By the command, with a copy of a model as a file of one's own."""
    text = (
        (root / "models" / "hybrid.py")
        .read_text("utf-8")
        .replace("def hybrid(", "def mixed(")
        .replace('"hybrid"', '"mixed"')
    )
    (here / "mixed.py").write_text(text, "utf-8")
    for name in ("small.yaml", "less.yaml"):  # the region's own hours
        (here / name).write_text((here / name).read_text("utf-8").replace("1008", "1080"), "utf-8")
    arguments = ["batch", "small.yaml", "less.yaml", "--models", "status_quo,mixed.py", "--jobs", "1", "--no-pages"]

    def ran(*more: str) -> tuple[int, str]:
        done = CliRunner().invoke(make_group(Settings("models")), [*arguments, "--json", "--lang", "en", *more])
        again = CliRunner().invoke(make_group(Settings("models")), [*arguments, "--lang", "en", *more])
        assert done.exit_code == again.exit_code == 0, done.stderr + again.stderr
        return json.loads(done.stdout)["ran"], again.stdout

    assert ran()[0] == 8
    edited = text.replace(
        "planned_take_over_days: NumberOfDays = shared.days(7", "planned_take_over_days: NumberOfDays = shared.days(6"
    )
    assert sum(one != other for one, other in zip(text, edited, strict=True)) == 1
    (here / "mixed.py").write_text(edited, "utf-8")
    said = CliRunner().invoke(make_group(Settings("models")), [*arguments, "--lang", "en"])
    assert "to be run: mixed in small, less (the model has changed)" in said.stderr
    assert "runs that had to be made: 4" in said.stdout
    number, again = ran("--replications", "3")
    assert number == 4 and "runs that had to be made: 0" in again


@pytest.mark.parametrize("wanted", ["key", "central/2", "small/central/2"])
def test_a_stored_run_is_the_same_again(here: Path, no_long_runs: None, wanted: str) -> None:
    run(cases("small.yaml"))
    manifest = json.loads((here / "out" / "small" / "manifest.json").read_text("utf-8"))
    key = next(task["key"] for task in manifest["tasks"] if task["model"] == "central" and task["replication"] == 2)
    for folder in ("out", "out/small"):
        result = call("replay", folder, key[:8] if wanted == "key" else wanted, "--lang", "en")
        assert result.exit_code == 0, result.stderr
        assert "small, central, replication 2: all" in result.stdout and "same to the last bit" in result.stdout


def test_a_stored_run_that_is_not_the_same_says_why(
    here: Path, no_long_runs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.study.stages import Stages

    run(cases("small.yaml"))
    assert call("replay", "out", "central/9").exit_code == 4 and call("replay", "out", "c").exit_code == 4
    measures = Stages.measures

    def other(stages: Stages, *rest: Any) -> Any:
        found = measures(stages, *rest)
        values = found.values.copy()
        values[5] = np.nextafter(values[5], 9.0)
        return type(found)(found.names, values, found.counts, found.shares, found.physicians, found.own)

    monkeypatch.setattr(Stages, "measures", other)
    monkeypatch.setattr("sim.study.stages.keys.source", lambda files: "another")
    monkeypatch.setattr("sim.study.reasons.source", lambda files: "another")
    result = call("replay", "out", "central/2", "--lang", "en")
    assert result.exit_code == 4 and "1 of " in result.stdout and "(the program has changed)" in result.stdout
    told = json.loads(call("replay", "out", "central/2", "--json").stdout)
    assert told["differing"] == 1 and told["same"] is False and told["same_patients"] is True


def test_no_file_says_where_it_was_made(here: Path, no_long_runs: None) -> None:
    result = call(
        "batch", str(here / "small.yaml"), "--jobs", "1", "--no-pages", "--out", str(here / "results" / "x"), "--quiet"
    )
    assert result.exit_code == 0
    for path in (here / "results").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert str(here).encode() not in data and str(Path.home()).encode() + b"/" not in data, path
    manifest = json.loads((here / "results" / "x" / "small" / "manifest.json").read_text("utf-8"))
    assert manifest["scenarios"]["small"]["file"] == "small.yaml"


def test_pages_are_drawn_once(here: Path, no_long_runs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def draw(folder: Path, lang: str, png: bool) -> None:
        from sim.study.folder import publish, writing
        from sim.study.store import read_manifest, table_files, write_manifest

        drawn.append(folder.name)
        manifest: Mapping[str, Any] = read_manifest(folder) | {"drawn": {"lang": lang, "png": png}}
        with writing(folder) as stage:
            (stage / "report.html").write_text("drawn", "utf-8")
            write_manifest(stage, manifest, table_files(folder, manifest))
            publish(stage, folder)

    monkeypatch.setattr("sim.batch.pages.draw", draw)
    run(cases("small.yaml", "less.yaml"), pages=True)
    assert drawn == ["small", "less"]
    run(cases("small.yaml", "less.yaml"), pages=True)
    assert drawn == ["small", "less"]
    run(cases("small.yaml", "less.yaml"), pages=True, lang="sv")
    assert drawn == ["small", "less"] * 2
    os.remove(here / "out" / "less" / "report.html")
    run(cases("small.yaml", "less.yaml"), pages=True, lang="sv")
    assert drawn[-1] == "less" and len(drawn) == 5


@pytest.mark.parametrize("when", ["at once", "between"])
def test_pages_of_lost_workers_are_drawn_here(here: Path, no_long_runs: None, when: str) -> None:
    run(cases("small.yaml", "less.yaml"), pages=False)
    folders = [here / "out" / name for name in ("small", "less")]
    told: list[Text] = []
    with Pages(2, "en", png=False) as pages:
        pages.ask(folders[:1])
        assert pages._pool is not None
        pages._pool.submit(os._exit, 1)
        if when == "between":
            with pytest.raises(BrokenExecutor):
                pages._pool.submit(os._exit, 1).result()
        pages.ask(folders)
        pages.finish(told.append)
    assert {text.en.partition(" (")[0] for text in told} == {"drawn: small", "drawn: less"} and len(told) == 2
    assert all(is_drawn(folder, "en") and (folder / "report.html").stat().st_size > 10_000 for folder in folders)
    with Pages(2, "en", png=False) as pages:
        pages.ask(folders)
        assert pages._pool is None  # there is nothing to draw
