"""Tables for Excel: words in the reader's language, Swedish numbers, no formulas, and nothing lost."""

from __future__ import annotations

import csv
import dataclasses
import json
import math
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import study_models
from click.testing import CliRunner

from cli import Settings, make_group
from sim import StudyResult, load_study, run_study
from sim.batch import excel as batch_excel
from sim.batch.batch import Options, run_batch
from sim.batch.cases import collect
from sim.comparison import COLUMNS, Reason, Verdict, write_excel_csv
from sim.comparison.findings import REASONS, TITLES
from sim.comparison.trust import COLUMNS as TRUST
from sim.decide.robust import COLUMNS as WIDE
from sim.measures import MEASURES
from sim.measures.vocabulary import CELL_CLASSES, CELL_TITLES
from sim.scenario import Scenario
from sim.study import excel
from sim.study.stages.hashing import file_sha256
from sim.text import LANGUAGES, Text

CHANGES = {
    "title.sv": "Liten", "title.en": "Small", "calendar.weeks": 1, "calendar.warm_up_weeks": 0, "demand.scale": 0.3,
    "staffing.hours_per_week": 1008, "study.reference": "status_quo",
}  # fmt: skip
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[StudyResult, Path]:
    """Three weeks of two models, stored in Swedish, without the runs that say who keeps up."""
    folder = tmp_path_factory.mktemp("study") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.study.standing.balances_of", lambda stages, jobs, shelf=None: {})
        made = run_study(
            {"small": Scenario().with_changes(CHANGES)}, study_models.all(), 3, out=folder, jobs=1, worlds=0
        )
    return made, folder


def cells(path: Path) -> list[dict[str, str]]:
    """As a spreadsheet set to Swedish splits it: the byte-order mark goes, semicolons part the cells."""
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def written(frame: pd.DataFrame, path: Path, lang: str = "sv") -> list[dict[str, str]]:
    write_excel_csv(frame, path, lang)
    return cells(path)


# --- any table ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "shown"), [
    (1234.5, "1234,5"), (-0.25, "-0,25"), (-0.0, "0"), (1 / 3, "0,333333"), (7.0, "7"), (math.nan, ""),
    (math.inf, "∞"), (-math.inf, "−∞"), (1_234_567.0, "1234570"), (0.0000123, "0,0000123"), (2.5e-80, "2,5e-80"),
])  # fmt: skip
def test_a_number_is_a_swedish_number(value: float, shown: str, tmp_path: Path) -> None:
    for lang in LANGUAGES:
        assert written(pd.DataFrame({"x": [value, 1.5]}), tmp_path / "x.csv", lang)[0] == {"x": shown}


def test_whole_numbers_yes_and_no_and_what_is_missing(tmp_path: Path) -> None:
    frame = pd.DataFrame({"n": [-3, 4], "steady": [True, False], "reason": [None, ""], "word": ["a", "b"]})
    assert [list(row.values()) for row in written(frame, tmp_path / "a.csv")] == [
        ["-3", "ja", "", "a"], ["4", "nej", "", "b"],
    ]  # fmt: skip
    assert [row["steady"] for row in written(frame, tmp_path / "b.csv", "en")] == ["yes", "no"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula(text: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"title": [text, f"a{text}"], text: [-1.5, 2.0]})
    rows = written(frame, tmp_path / "x.csv")
    assert len(rows) == 2 and all(not cell.startswith(FORMULAS_BEGIN) for cell in rows[0])
    assert rows[0]["title"] == "'" + text.replace("\t", " ").replace("\r", " ").replace("\n", " ")
    assert rows[1]["title"].startswith("a") and list(rows[0].values())[1] == "-1,5"


FORMULAS_BEGIN = tuple(text[0] for text in FORMULAS)


def test_what_parts_cells_and_rows_stays_inside_a_cell(tmp_path: Path) -> None:
    text = 'a;b "c"\r\n=1+1\rd'
    (tmp_path / "x.csv").write_bytes(b"")
    assert written(pd.DataFrame({"t": [text]}), tmp_path / "x.csv") == [{"t": 'a;b "c"  =1+1 d'}]
    assert (tmp_path / "x.csv").read_bytes().count(b"\n") == 2 and b"\r" not in (tmp_path / "x.csv").read_bytes()


def test_every_code_has_words_of_its_own_in_both_languages() -> None:
    assert set(TITLES) == set(Verdict) and set(REASONS) == set(Reason) and set(CELL_TITLES) == set(CELL_CLASSES)
    for words in (TITLES, REASONS, CELL_TITLES, excel.HEADS):
        for lang in LANGUAGES:
            assert len({text.get(lang) for text in words.values()}) == len(words)


# --- a comparison ---------------------------------------------------------------------------------


def test_the_table_is_in_the_readers_language(study: tuple[StudyResult, Path]) -> None:
    rows = cells(study[1] / "comparison_excel.csv")
    row = next(r for r in rows if (r["measure_name"], r["class_name"]) == ("response_min", "acute"))
    assert list(row)[:6] == ["Scenario", "Mått", "Kommun", "Klass", "Modell", "Jämförd med"]
    assert list(row.values())[:6] == ["Liten", "Svarstid", "hela regionen", "Akuta (A1–A3)", "Central", "Nuläge"]
    assert row["Enhet"] == row["Enhet för skillnad"] == "minuter" and row["Båda hinner med"] == "ja"
    assert {r["Omdöme"] for r in rows} <= {text.sv for text in TITLES.values()}
    assert {r["Varför oavgjort"] for r in rows} <= {"", *(text.sv for text in REASONS.values())}
    assert list(row.values())[-5:] == ["small", "response_min", "acute", "central", "status_quo"]


def test_shares_are_in_per_cent_and_sums_in_millions_as_on_the_page(study: tuple[StudyResult, Path]) -> None:
    rows = {(r["measure_name"], r["class_name"], r["Kommun"]): r for r in cells(study[1] / "comparison_excel.csv")}
    plain = study[0].comparison.set_index(["measure", "class", "municipality"])
    share, cost = rows[("in_target", "acute", "hela regionen")], rows[("cost_region", "all", "hela regionen")]
    assert (share["Enhet"], share["Enhet för skillnad"]) == ("%", "procentenheter")
    assert number(share["Modellens medelvärde"]) == pytest.approx(
        100 * plain.loc[("in_target", "acute", "all"), "mean"], rel=1e-5
    )
    assert number(share["Praktisk skillnad"]) == 5.0 and cost["Enhet"] == "mnkr per år"
    assert number(cost["Modellens medelvärde"]) == pytest.approx(
        plain.loc[("cost_region", "all", "all"), "mean"] / 1e6, rel=1e-5
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_lost(study: tuple[StudyResult, Path], lang: str, tmp_path: Path) -> None:
    """Names, numbers and codes of comparison.csv, worked out from the table for Excel alone."""
    result = study[0]
    back = {head.get(lang): name for name, head in excel.HEADS.items()}
    rows = written(excel.for_readers(result, lang), tmp_path / "x.csv", lang)
    plain = result.comparison
    assert len(rows) == len(plain) > 100 and {*COLUMNS, *WIDE} <= {*excel.HEADS} == set(back.values()) - {""}
    units = {item.name: item.unit for item in MEASURES}
    factors = {"share": 100.0, "SEK/year": 1e-6}
    codes: dict[str, Mapping[Any, Text]] = {"verdict": TITLES, "reason": REASONS}
    for row, (_, was) in zip(rows, plain.iterrows(), strict=True):
        found = {back.get(head, head): cell for head, cell in row.items()}
        assert all(found[f"{name}_name"] == was[name] for name in excel.NAMES)
        assert found["municipality"] == was["municipality"] or was["municipality"] == "all"
        for name, titles in codes.items():
            assert {title.get(lang): str(code) for code, title in titles.items()}.get(found[name], "") == was[name]
        factor = factors.get(units[was["measure"]], 1.0)
        for name in ("mean", "reference_mean", "difference", "lower", "upper", "threshold"):
            assert number(found[name]) == pytest.approx(factor * was[name], rel=1e-5, abs=1e-12, nan_ok=True)
        assert number(found["n"]) == was["n"]
        for name in ("adjusted_p", *TRUST):
            assert number(found[name]) == pytest.approx(was[name], rel=1e-5, nan_ok=True)


def number(cell: str) -> float:
    """As a reader of Swedish numbers takes it."""
    assert "." not in cell
    return {"": math.nan, "∞": math.inf, "−∞": -math.inf}.get(cell) or float(cell.replace(",", "."))


def test_infinite_levels_and_worlds_are_said(study: tuple[StudyResult, Path], tmp_path: Path) -> None:
    frame = study[0].comparison.head(1).assign(
        mean=math.inf, difference=math.nan, steady=False, verdict="undecided", reason="infinite", worlds=320,
        better_share=0.925, robust="usually",
    )  # fmt: skip
    row = written(excel.for_readers(dataclasses.replace(study[0], comparison=frame), "sv"), tmp_path / "x.csv")[0]
    assert (row["Modellens medelvärde"], row["Skillnad"], row["Båda hinner med"]) == ("∞", "", "nej")
    assert (row["Omdöme"], row["Varför oavgjort"]) == ("oavgjort", "obegränsat i någon upprepning")
    assert (row["Tänkbara världar"], row["Bättre, % av världarna"]) == ("320", "92,5")
    assert row["Hur långt det håller"] == "oftast"


def test_titles_of_users_are_no_formulas(study: tuple[StudyResult, Path], tmp_path: Path) -> None:
    result = study[0]
    models = {name: dataclasses.replace(model, title=Text("@SUM(1)", "+1")) for name, model in result.models.items()}
    scenario = result.scenarios["small"].with_changes({"title.sv": '=HYPERLINK("x";"y")'})
    evil = dataclasses.replace(result, models=models, scenarios={"small": scenario})
    row = written(excel.for_readers(evil, "sv"), tmp_path / "x.csv")[0]
    assert (row["Scenario"], row["Modell"], row["Jämförd med"]) == ('\'=HYPERLINK("x";"y")', "'@SUM(1)", "'@SUM(1)")
    assert row["scenario_name"] == "small" and row["model_name"] == "central"


def test_one_model_alone_gives_the_head(study: tuple[StudyResult, Path], tmp_path: Path) -> None:
    alone = dataclasses.replace(study[0], comparison=study[0].comparison.head(0))
    assert written(excel.for_readers(alone, "en"), tmp_path / "x.csv") == []
    assert (tmp_path / "x.csv").read_text("utf-8-sig").startswith("Scenario;Measure;")


# --- its language ---------------------------------------------------------------------------------


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures and page are drawn in tests of their own."""
    monkeypatch.setattr(
        "sim.report.write_report", lambda results, page, *rest, **named: page.write_text("page", "utf-8")
    )


def test_report_says_the_table_in_its_language(study: tuple[StudyResult, Path], tmp_path: Path, undrawn: None) -> None:
    folder = tmp_path / "out"
    shutil.copytree(study[1], folder)
    swedish, plain = ((folder / name).read_bytes() for name in ("comparison_excel.csv", "comparison.csv"))
    for lang, head in (("en", "Measure"), ("sv", "Mått")):
        done = CliRunner().invoke(make_group(Settings("study_models")), ["report", str(folder), "--lang", lang])
        assert done.exit_code == 0, done.output
        assert list(cells(folder / "comparison_excel.csv")[0])[1] == head
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        assert all(file_sha256(folder / name) == kept for name, kept in manifest["files"].items())
    assert (folder / "comparison_excel.csv").read_bytes() == swedish
    assert (folder / "comparison.csv").read_bytes() == plain


def test_a_page_drawn_elsewhere_writes_no_table(study: tuple[StudyResult, Path], tmp_path: Path, undrawn: None) -> None:
    load_study(study[1]).write_report(tmp_path / "page")
    assert not (tmp_path / "page" / "comparison_excel.csv").exists()


@pytest.mark.parametrize("command", ["compare", "batch"])
def test_a_command_writes_in_the_language_it_ran_with(
    command: str, tmp_path: Path, undrawn: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.study.standing.balances_of", lambda stages, jobs, shelf=None: {})
    monkeypatch.chdir(tmp_path)
    groups: dict[str, dict[str, Any]] = {}
    for key, value in CHANGES.items():
        group, name = key.split(".")
        groups.setdefault(group, {})[name] = value
    (tmp_path / "small.yaml").write_text(json.dumps(groups), "utf-8")
    arguments = [command, "small.yaml", "--replications", "2", "--jobs", "1", "--lang", "en", "--out", "out"]
    arguments += ["--worlds", "0"] if command == "compare" else ["--no-pages"]
    done = CliRunner().invoke(make_group(Settings("study_models")), arguments)
    assert done.exit_code == 0, done.output
    folder = tmp_path / "out" / ("small" if command == "batch" else "")
    row = cells(folder / "comparison_excel.csv")[0]
    assert (row["Scenario"], row["Compared with"], row["Both keep up"]) == ("Small", "Status quo", "yes")


# --- an overview ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    folder = tmp_path_factory.mktemp("batch")
    usual = Scenario().with_changes(CHANGES)
    less = usual.with_changes({"title.sv": "=1+1", "title.en": "-Less", "demand.scale": 0.2})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.study.standing.balances_of", lambda stages, jobs, shelf=None: {})
        patch.chdir(folder)
        for name, scenario in (("small", usual), ("less", less)):
            (folder / f"{name}.yaml").write_text(json.dumps(scenario.model_dump(mode="json")), "utf-8")
        names = [item.name for item in MEASURES]
        found = collect([Path("small.yaml"), Path("less.yaml")], study_models.declared(), names, Scenario())
        done = run_batch(found, folder / "out", Options(replications=2, jobs=1, pages=False))
    return done.overview, folder / "out"


def test_the_overview_is_in_the_readers_language(batch: tuple[Any, Path], tmp_path: Path) -> None:
    overview, folder = batch
    rows = cells(folder / "overview_excel.csv")
    assert len(rows) == len(overview.table)
    row = next(r for r in rows if (r["scenario_name"], r["model_name"], r["measure_name"]) == (
        "less", "central", "in_target"
    ))  # fmt: skip
    assert list(row)[:4] == ["Scenario", "Modell", "Mått", "Klass"]
    assert (row["Scenario"], row["Modell"], row["Klass"]) == ("'=1+1", "Central", "Akuta (A1–A3)")
    assert (row["Enhet"], row["Enhet för skillnad"], row["Hinner med"]) == ("%", "procentenheter", "ja")
    assert row["Mot sig själv i grundscenariot"] in {text.sv for text in TITLES.values()}
    english = written(batch_excel.for_readers(overview, "en"), tmp_path / "en.csv", "en")
    assert {r["Scenario"] for r in english} == {"Small", "'-Less"} and english[0]["Keeps up"] == "yes"


def test_the_overview_holds_what_overview_csv_holds(batch: tuple[Any, Path]) -> None:
    _, folder = batch
    plain = pd.read_csv(folder / "overview.csv", keep_default_na=False, dtype=str)
    units = {item.name: {"share": 100.0, "SEK/year": 1e-6}.get(item.unit, 1.0) for item in MEASURES}
    for row, (_, was) in zip(cells(folder / "overview_excel.csv"), plain.iterrows(), strict=True):
        assert all(row[f"{name}_name"] == was[name] for name in ("scenario", "model", "measure", "class"))
        for head, name in (("Medelvärde", "mean"), ("Avstånd till bästa modellen", "regret")):
            assert number(row[head]) == pytest.approx(
                units[was["measure"]] * float(was[name] or "nan"), rel=1e-4, abs=1e-9, nan_ok=True
            )
        assert row["Upprepningar"] == was["n"]
        words = {verdict.value: text.sv for verdict, text in TITLES.items()}
        for head, name in (
            ("Mot jämförelsemodellen", "verdict_reference"),
            ("Mot sig själv i grundscenariot", "verdict_default"),
        ):
            assert row[head] == words.get(was[name], "")


# --- opened for real ------------------------------------------------------------------------------

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_takes_numbers_for_numbers_and_no_text_for_a_formula(
    study: tuple[StudyResult, Path], tmp_path: Path
) -> None:
    opened = in_office(study[1] / "comparison_excel.csv", tmp_path)
    numeric = ("mean", "difference", "lower", "upper", "threshold", "n", "adjusted_p", "worlds", *TRUST)
    heads = [excel.HEADS[name].sv for name in (*numeric, "reference_mean", "better_share", "low5", "high95")]
    known = [row[head] for row in cells(study[1] / "comparison_excel.csv") for head in heads]
    assert numbers_in(opened) == sum(cell not in ("", "∞", "−∞") for cell in known) > 1000
    assert "Akuta (A1–A3)" in opened and "table:formula" not in opened

    write_excel_csv(pd.DataFrame({"t": [*FORMULAS, " =1+1"], "x": -12.5}), tmp_path / "formulas.csv")
    opened = in_office(tmp_path / "formulas.csv", tmp_path)
    assert "table:formula" not in opened and numbers_in(opened) == len(FORMULAS) + 1
    (tmp_path / "bare.csv").write_text("t\n=1+1\n", "utf-8")
    assert "table:formula" in in_office(tmp_path / "bare.csv", tmp_path), "what the apostrophe is for"


def in_office(path: Path, folder: Path) -> str:
    """A table as LibreOffice has it when it is set to Swedish (1053): semicolon, quotation mark, UTF-8, from row 1."""
    assert OFFICE is not None
    subprocess.run(
        [OFFICE, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "fods",
         "--infilter=CSV:59,34,76,1,,1053", "--outdir", str(folder), str(path)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return (folder / f"{path.stem}.fods").read_text("utf-8")


def numbers_in(opened: str) -> int:
    """How many cells hold a number; equal neighbours are written once, with their count."""
    found = re.findall(r'<table:table-cell([^>]*)office:value-type="float"', opened)
    times = [re.search(r'number-columns-repeated="(\d+)"', before) for before in found]
    return sum(int(match[1]) if match else 1 for match in times)
