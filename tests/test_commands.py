"""Commands: what they print, what they write, and the exit status that a script can rely on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import click
import pytest
from click.testing import CliRunner, Result
from test_study import fail_on

import models
import run_sim
from cli import COMMANDS, Settings, make_group
from cli.commands import Command, Option
from cli.compare import hours_text, option_changes
from cli.show import quantity
from sim import Scenario, StudyResult
from sim.measures import HEADLINES
from sim.scenario import shipped
from sim.study.stages import Stages
from sim.text import Text

SCENARIO = """
title: {sv: Liten, en: Small}
calendar: {weeks: 1, warm_up_weeks: 0}
study: {replications: 2}
staffing: {hours_per_week: 1008}
demand: {scale: 0.3}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with one small scenario file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "liten.yaml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


@pytest.fixture
def no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the figures, which take longer than everything else together."""
    monkeypatch.setattr(StudyResult, "write_report", lambda *given, **named: [])


def call(*arguments: str, package: str = "study_models") -> Result:
    result = CliRunner().invoke(make_group(Settings(package)), list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


# --- the group ------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--help"], ["compare", "--help"], ["validate", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys, run_sim\n"
        f"sys.argv[1:] = {arguments!r}\n"
        "try:\n    run_sim.cli()\nexcept SystemExit as end:\n    print(end.code)\n"
        "heavy = {'numpy', 'pandas', 'pydantic', 'ruamel', 'duckdb', 'simpy', 'numba', 'matplotlib', 'models'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    top = Path(run_sim.__file__).parent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=top)
    assert done.stdout.splitlines()[-2:] == ["0", "[]"]
    assert len(done.stdout.splitlines()) > 2


@pytest.mark.parametrize(("arguments", "status"), [(["--version"], 0), (["compare", "--weeks", "none"], 2)])
def test_the_program_ends_at_once_with_its_status_and_all_that_it_printed(arguments: list[str], status: int) -> None:
    late = "import atexit, run_sim, sys; atexit.register(print, 'late'); sys.argv[1:] = {!r}; run_sim.main()"
    top = Path(run_sim.__file__).parent
    done = subprocess.run([sys.executable, "-c", late.format(arguments)], capture_output=True, text=True, cwd=top)
    assert done.returncode == status and "late" not in done.stdout
    assert (done.stdout if status == 0 else done.stderr).strip()


@pytest.mark.skipif(sys.platform == "win32", reason="no such descriptors")
@pytest.mark.parametrize("closed", [1, 2])
def test_a_closed_stream_is_no_fault(closed: int) -> None:
    top = Path(run_sim.__file__).parent
    code = f"import os, sys; os.close({closed}); os.execv(sys.executable, [sys.executable, 'run_sim.py', '--version'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=top)
    assert done.returncode == 0 and "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_what_cannot_be_printed_is_a_fault_all_the_same() -> None:
    top = Path(run_sim.__file__).parent
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "run_sim.py", "--version"], stdout=full, stderr=subprocess.PIPE, cwd=top)
    assert done.returncode != 0 and done.stderr


def test_every_command_is_there_and_has_help_and_the_shared_options() -> None:
    listed = call("--help").output
    for name in COMMANDS:
        assert f"  {name}" in listed
        text = call(name, "--help").output
        for option in ("--lang", "--json", "--quiet", "--debug", "--help"):
            assert option in text, (name, option)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["compare", "--nonsense"],
        ["compare", "--replications", "0"],
        ["compare", "--weeks", "x"],
        ["compare", "--jobs", "0"],
        ["compare", "--engine", "steam"],
        ["compare", "--lang", "de"],
        ["compare", "--models", "status_qou"],
        ["validate"],
        ["report"],
        ["new"],
    ],
)
def test_wrong_use_is_2(here: Path, arguments: list[str]) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert not (here / "results").exists()


def test_a_misspelt_model_gets_a_suggestion(here: Path) -> None:
    assert "menade du status_quo?" in call("compare", "liten.yaml", "--models", "status_qou").stderr
    assert "did you mean status_quo?" in call("compare", "liten.yaml", "--models", "status_qou", "--lang", "en").stderr
    assert "välj bland status_quo, central" in call("compare", "liten.yaml", "--models", "zzz").stderr


def test_a_fault_is_1_in_one_line_and_debug_shows_where(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_: Any) -> Any:
        raise ZeroDivisionError("on\npurpose")

    monkeypatch.setattr(Stages, "world", property(faulty))
    result = call("compare", "liten.yaml", "--quiet")
    assert result.exit_code == 1
    assert result.stderr == "fel i programmet: ZeroDivisionError: on purpose; kör igen med --debug för att se var\n"
    english = call("compare", "liten.yaml", "--quiet", "--lang", "en").stderr
    assert english == "fault in the program: ZeroDivisionError: on purpose; run again with --debug to see where\n"
    shown = call("compare", "liten.yaml", "--quiet", "--debug")
    assert shown.exit_code == 1 and "Traceback" in shown.stderr and "in faulty" in shown.stderr


def test_a_folder_that_cannot_be_written_is_1_in_one_line(here: Path) -> None:
    (here / "file").write_text("", encoding="utf-8")
    result = call("compare", "liten.yaml", "--quiet", "--out", str(Path("file") / "results"))
    assert result.exit_code == 1
    assert result.stderr.startswith("fel: file") and result.stderr.count("\n") == 1
    assert "är ingen mapp" in result.stderr or "finns redan" in result.stderr


# --- the language of the line ---------------------------------------------------------------------


def test_lang_anywhere_on_the_line_decides_then_the_environment_then_swedish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEMBESOK_LANG", raising=False)
    for arguments, first in (
        (["compare", "--help"], "Så här: "),
        (["compare", "--lang", "en", "--help"], "Usage: "),
        (["compare", "--help", "--lang=en"], "Usage: "),
        (["--lang", "en", "compare", "--help"], "Usage: "),
        (["--help", "--lang", "en"], "Usage: "),
    ):
        assert call(*arguments).output.startswith(first), arguments
    monkeypatch.setenv("HEMBESOK_LANG", "en_GB.UTF-8")
    assert call("validate").stderr.startswith("Usage: ") and "SCENARIO... is missing" in call("validate").stderr
    assert "SCENARIO... saknas" in call("validate", "--lang", "sv").stderr
    assert json.loads(call("models", "--json").stdout)["models"][1]["title"] == "Central"
    monkeypatch.setenv("HEMBESOK_LANG", "tlh")
    assert call("--help").output.startswith("Så här: ")


def test_every_command_and_option_has_help_in_both_languages() -> None:
    group = make_group(Settings("study_models"))
    said = dict(COMMANDS)
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        assert isinstance(command, Command), f"{name}: made by cli.commands.named"
        said[name + ":"] = command.said
        for param in command.params:
            if isinstance(param, click.Option):
                assert isinstance(param, Option), f"{name} {param.name}: made by cli.commands.option"
                said[f"{name} {param.name}"] = param.said
    assert len(said) > 60
    assert [key for key, text in said.items() if not text.sv or not text.en or text.sv == text.en] == []


@pytest.mark.parametrize(
    ("arguments", "sv", "en"),
    [
        (["nonsense"], "inget kommando nonsense", "no command nonsense; choose among compare, batch"),
        (["comp"], "menade du compare?", "did you mean compare?"),
        (["compare", "--replicatons", "3"], "menade du --replications?", "did you mean --replications?"),
        (["compare", "--xyz"], "inget tillval --xyz; --help", "no option --xyz; --help"),
        (
            ["compare", "--replications", "0"],
            "--replications: ska vara ett heltal, minst 1; fick 0",
            "at least 1, got 0",
        ),
        (["compare", "--weeks", "x"], "--weeks: ska vara ett heltal", "--weeks: must be a whole number"),
        (["compare", "--engine", "steam"], "ska vara ett av: compiled, simpy", "must be one of: compiled, simpy"),
        (["compare", "--lang", "de"], "--lang: ska vara ett av: sv, en; fick de", "--lang: must be one of: sv, en"),
        (["compare", "--weeks"], "--weeks: ett värde ska följa", "--weeks: a value must follow"),
        (["compare", "--quiet=1"], "--quiet tar inget värde", "--quiet takes no value"),
        (["compare", "a", "b", "c"], "mer än kommandot tar: b c", "more than the command takes: b c"),
        (["compare", "--out", "liten.yaml"], "liten.yaml är en fil; ge en mapp", "is a file; give a folder"),
        (["describe", "--out", "."], ". är en mapp; ge en fil", ". is a folder; give a file"),
        (["report"], "DIR saknas", "DIR is missing"),
        (["new", "a/b"], "a/b är inget namn på ett scenario", "a/b is not a name for a scenario"),
    ],
)
def test_wrong_use_is_told_in_the_language_of_the_line(here: Path, arguments: list[str], sv: str, en: str) -> None:
    for lang, words, error in (("sv", sv, "Fel: "), ("en", en, "Error: ")):
        result = call("--lang", lang, *arguments)
        assert result.exit_code == 2
        assert words in result.stderr and error in result.stderr, result.stderr


# --- broken scenario files ------------------------------------------------------------------------

BROKEN = {
    "unknown key": ("demnd: {scale: 1}", 1, "demnd", "demand"),
    "unknown key inside": ("demand:\n  scal: 1", 2, "demand.scal", "scale"),
    "not a number": ("demand:\n  scale: mycket", 2, "demand.scale", ""),
    "out of range": ("study:\n  replications: 0", 2, "study.replications", ""),
    "negative": ("staffing:\n  hours_per_week: -960", 2, "staffing.hours_per_week", ""),
    "not a Monday": ("calendar:\n  start: 2024-01-02", 2, "calendar.start", "Monday"),
    "shares do not add up": ("demand:\n  acute_mix: {A1: 0.5, A2: 0.35, A3: 0.55}", 2, "demand.acute_mix", ""),
    "a word that is no choice": ("organisation:\n  sharing: guess", 2, "organisation.sharing", "silo"),
    "no such base file": ("extends: finns_inte.yaml", 1, "extends", "finns_inte.yaml"),
    "the same key twice": ("demand: {scale: 1}\ndemand: {scale: 2}", 2, "demand", ""),
    "not YAML": ("demand: [1, 2", 1, "", ""),
    "a list instead of a group": ("calendar: [1, 2]", 1, "calendar", ""),
}

HINTS_SV = {"Monday": "måndag"}


@pytest.mark.parametrize("command", ["validate", "compare"])
@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_scenario_is_2_with_its_place(here: Path, case: str, command: str) -> None:
    text, line, key, hint = BROKEN[case]
    (here / "broken.yaml").write_text(text + "\n", encoding="utf-8")
    said = {}
    for lang in ("sv", "en"):
        result = call(command, "broken.yaml", "--lang", lang)
        assert result.exit_code == 2, result.output
        first = result.stderr.splitlines()[0]
        assert "Traceback" not in result.output
        name, found, column, *_ = first.split(":")
        assert name.endswith("broken.yaml") and column.isdigit()
        assert int(found) == line or (case == "not YAML" and int(found) >= 1)
        assert key in first and HINTS_SV.get(hint, hint) in first if lang == "sv" else hint in first
        said[lang] = first
    assert said["sv"] != said["en"]
    assert not re.search(r"\b(the|must|write|got|is|key|did|of)\b", said["sv"].partition(": ")[2])
    assert not (here / "results").exists()


def test_all_errors_of_all_files_are_told_at_once(here: Path) -> None:
    (here / "a.yaml").write_text("demand:\n  scale: -1\nstudy:\n  replications: 0\n", encoding="utf-8")
    (here / "b.yaml").write_text("nothing: 1\n", encoding="utf-8")
    result = call("validate", "a.yaml", "liten.yaml", "b.yaml", "no_such_file.yaml")
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    for start in ("a.yaml:2:", "a.yaml:4:", "b.yaml:1:", "no_such_file.yaml"):
        assert sum(line.startswith(start) for line in lines) == 1, (start, lines)
    assert "liten.yaml:" in result.stdout


def test_a_region_that_is_not_there_is_2(here: Path) -> None:
    (here / "away.yaml").write_text("region: no/such/region\n", encoding="utf-8")
    result = call("validate", "away.yaml")
    assert result.exit_code == 2
    assert "region" in result.stderr and "Traceback" not in result.stderr


# --- compare --------------------------------------------------------------------------------------


def test_compare_prints_the_verdicts_and_writes_the_files(here: Path, no_report: None) -> None:
    result = call("compare", "liten.yaml", "--jobs", "1", "--lang", "en")
    assert result.exit_code == 0, result.output
    manifest = json.loads((here / "results" / "liten" / "manifest.json").read_text(encoding="utf-8"))
    opening, *sentences = manifest["verdicts"]["en"]
    assert opening in result.stdout and len(sentences) == len(manifest["findings"]) == len(HEADLINES)
    for sentence, finding in zip(sentences, manifest["findings"], strict=True):
        told = finding["verdict"] in ("better", "worse")  # the others are counted, and told in the report
        assert (sentence in result.stdout) == told
    assert "Central compared with Status quo, short term, a year: The region " in result.stdout
    assert "(estimated prices)." in result.stdout and "Cost, region (MSEK a year)" in result.stdout
    assert "Small: " in result.stdout and "0.3" in result.stdout  # what differs from the default
    assert "Physician-hours a week: Status quo 1,008.0, Central 1,008.0 (equal within 1%)" in result.stdout
    assert "Response time" in result.stdout and "Utilisation" not in result.stdout.split("\n")[0]
    for path in (here / "results" / "liten").iterdir():
        assert str(path.relative_to(here)) in result.stdout
    frame = (here / "results" / "liten" / "comparison.csv").read_text(encoding="utf-8")
    assert frame.startswith("scenario,measure,municipality,class,model,reference,mean,reference_mean,difference,lower,")
    assert (
        (here / "results" / "liten" / "comparison_excel.csv").read_bytes().startswith(b"\xef\xbb\xbfScenario;Measure;")
    )


def test_json_is_one_object_and_nothing_else(here: Path, no_report: None) -> None:
    result = call("compare", "liten.yaml", "--jobs", "1", "--json", "--out", "somewhere")
    assert result.exit_code == 0 and result.stderr == ""
    told = json.loads(result.stdout)
    assert set(told) == {
        "study", "models", "hours", "steady", "warnings", "worlds", "wide_verdicts", "verdicts", "findings",
        "comparison", "consequences", "files", "trust", "at_best",
    }  # fmt: skip
    assert told["steady"] == {"status_quo": True, "central": True} and told["warnings"] == []
    assert [row["measure"] for row in told["findings"]] == [measure for measure, _ in HEADLINES]
    assert {row["model"] for row in told["findings"]} == {"central"}
    parties = {row["measure"]: row["party"] for row in told["consequences"]}
    assert parties["cost_region"] == "Regionen" and parties["nurse_h_per_year"] == "Kommunerna"
    assert told["study"]["name"] == "liten" and told["study"]["status"] == "complete"
    assert told["hours"] == {"status_quo": 1008.0, "central": 1008.0}
    assert [model["name"] for model in told["models"]] == ["status_quo", "central"]
    assert {row["verdict"] for row in told["comparison"]} <= {"better", "worse", "practically equal", "undecided", None}
    assert all(Path(name).exists() for name in told["files"]) and "somewhere/comparison.csv" in told["files"]


def test_jobs_do_not_change_a_byte_and_seeds_do(here: Path, no_report: None) -> None:
    def csv(out: str, *options: str) -> bytes:
        assert call("compare", "liten.yaml", "--quiet", "--out", out, *options).exit_code == 0
        return (here / out / "comparison.csv").read_bytes()

    one = csv("one", "--jobs", "1")
    assert csv("x", "--jobs", "2") == one
    workers = {task["worker"] for task in json.loads((here / "x" / "manifest.json").read_text("utf-8"))["tasks"]}
    assert os.getpid() not in workers
    assert csv("x", "--jobs", "1", "--seed", "7", "--replace") != one


def test_options_change_the_scenario(here: Path, no_report: None) -> None:
    call("compare", "liten.yaml", "--jobs", "1", "--weeks", "2", "--replications", "1", "--seed", "5", "--visits",
         "--models", "central", "--engine", "simpy", "--out", "x")  # fmt: skip
    manifest = json.loads((here / "x" / "manifest.json").read_text(encoding="utf-8"))
    resolved = manifest["scenarios"]["liten"]["resolved"]
    assert resolved["calendar"]["weeks"] == 2 and resolved["study"]["seed"] == 5 and manifest["seeds"] == {"liten": 5}
    assert manifest["replications"] == 1 and list(manifest["models"]) == ["central"] and manifest["engine"] == "simpy"
    assert (here / "x" / "visits.parquet").exists()


def test_a_short_run_has_a_short_warm_up_unless_the_scenario_says_otherwise() -> None:
    usual, own = Scenario(), Scenario().with_changes({"calendar.warm_up_weeks": 8})
    none: dict[str, None] = {"seed": None, "replications": None}
    assert option_changes(usual, weeks=1, **none) == {"calendar.weeks": 1, "calendar.warm_up_weeks": 1}
    assert option_changes(usual, weeks=6, **none) == {"calendar.weeks": 6}
    assert option_changes(own, weeks=1, **none) == {"calendar.weeks": 1}
    assert option_changes(usual, weeks=None, **none) == {}


def test_a_short_warm_up_is_told(here: Path, no_report: None) -> None:
    (here / "s.yaml").write_text(SCENARIO.replace(", warm_up_weeks: 0", ""), encoding="utf-8")
    result = call("compare", "s.yaml", "--weeks", "1", "--jobs", "1", "--lang", "en")
    assert result.exit_code == 0 and "warm-up is cut to 1 week" in result.stderr


def test_a_failed_replication_is_3_and_the_others_are_kept(
    here: Path, no_report: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_on(monkeypatch, ZeroDivisionError("on purpose"), 2)
    result = call("compare", "liten.yaml", "--jobs", "1")
    assert result.exit_code == 3
    assert "liten, central, replication 1: ZeroDivisionError: on purpose" in result.stderr
    manifest = json.loads((here / "results" / "liten" / "manifest.json").read_text(encoding="utf-8"))
    assert [task["status"] for task in manifest["tasks"]] == ["done", "done", "failed", "done"]
    assert (here / "results" / "liten" / "comparison.csv").stat().st_size > 1000


def test_an_interruption_is_130_and_what_was_finished_is_kept(
    here: Path, no_report: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_on(monkeypatch, KeyboardInterrupt(), 3)
    result = call("compare", "liten.yaml", "--jobs", "1")
    assert result.exit_code == 130
    manifest = json.loads((here / "results" / "liten" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["status"] == "interrupted"
    assert [task["status"] for task in manifest["tasks"]] == ["done", "not run", "done", "not run"]
    assert call("report", str(here / "results" / "liten")).exit_code == 0


def test_an_interruption_before_anything_is_done_is_130_too(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(Stages, "world", property(interrupted))
    result = call("compare", "liten.yaml", "--jobs", "1", "--debug")
    assert result.exit_code == 130 and result.stderr == "avbrutet\n"


def test_uneven_hours_are_told() -> None:
    def study(*hours: float) -> Any:
        return SimpleNamespace(models={str(h): SimpleNamespace(title=Text("M", "M"), hours_per_week=h) for h in hours})

    assert hours_text(study(960.0, 969.0), "en").endswith("(equal within 1%)")
    assert "NOTE: 2.0% apart" in hours_text(study(950.0, 969.0), "en")


# --- folders of results ---------------------------------------------------------------------------


EXTENT = "replications 2, weeks 1, seed 2024; status_quo, central"


def test_another_extent_goes_to_a_folder_of_its_own(here: Path, no_report: None) -> None:
    """Trying something quickly does not take the place of a whole study."""
    assert call("compare", "liten.yaml", "--jobs", "1", "--quiet").exit_code == 0
    usual = here / "results" / "liten"
    before = {path.name: path.read_bytes() for path in usual.iterdir()}
    for options, name in (
        (["--replications", "1"], "liten-1x1w"),
        (["--weeks", "2", "--replications", "1", "--seed", "5"], "liten-1x2w-seed5"),
        (["--models", "central"], "liten-central"),
    ):
        result = call("compare", "liten.yaml", "--jobs", "1", "--lang", "en", *options)
        assert result.exit_code == 0
        assert f"results go to {Path('results') / name}; {Path('results') / 'liten'} is for what" in result.stderr
        assert str(Path("results") / name / "comparison.csv") in result.stdout
        assert (here / "results" / name / "manifest.json").exists()
    assert {path.name: path.read_bytes() for path in usual.iterdir()} == before
    (here / "liten.yaml").write_text(SCENARIO.replace("replications: 2", "replications: 1"), encoding="utf-8")
    result = call("compare", "liten.yaml", "--jobs", "1", "--lang", "en")
    assert f"the study in {Path('results') / 'liten'} stays ({EXTENT})" in result.stderr
    assert {path.name: path.read_bytes() for path in usual.iterdir()} == before


def test_a_changed_scenario_takes_no_place(here: Path, no_report: None) -> None:
    assert call("compare", "liten.yaml", "--jobs", "1", "--quiet").exit_code == 0
    (here / "liten.yaml").write_text(SCENARIO + "costs: {physician_hour: 1500}\n", encoding="utf-8")
    for _ in range(2):
        result = call("compare", "liten.yaml", "--jobs", "1", "--lang", "en")
        assert result.exit_code == 0 and f"the study in {Path('results') / 'liten'} stays" in result.stderr
    names = sorted(path.name for path in (here / "results").iterdir())
    assert len(names) == 2 and names[0] == "liten" and names[1].startswith("liten-")


def test_the_same_study_again_and_a_named_folder(here: Path, no_report: None) -> None:
    arguments = ["compare", "liten.yaml", "--jobs", "1", "--lang", "en"]
    for more in ([], ["--replications", "2"], ["--models", "status_quo,central"]):
        result = call(*arguments, *more)
        assert result.exit_code == 0 and "results" not in result.stderr
    assert [path.name for path in (here / "results").iterdir()] == ["liten"]
    assert "takes the place" not in call(*arguments, "--out", "x").stderr
    said = call(*arguments, "--out", "x", "--replications", "1").stderr
    assert "x: there are 2 replications of this already; all of them take part" in said
    before = (here / "x" / "comparison.csv").read_bytes()
    refused = call(*arguments, "--out", "x", "--seed", "5")
    assert refused.exit_code == 2 and f"x: there is a study of something else already ({EXTENT})" in refused.stderr
    assert (here / "x" / "comparison.csv").read_bytes() == before
    said = call(*arguments, "--out", "x", "--seed", "5", "--replace").stderr
    assert f"x: takes the place of the study that is there ({EXTENT})" in said
    assert (here / "x" / "comparison.csv").read_bytes() != before


@pytest.mark.parametrize("arguments", [["compare", "liten.yaml", "--quiet", "--out", "own"], ["report", "own"]])
def test_a_folder_of_the_users_own_is_left_alone(here: Path, arguments: list[str]) -> None:
    for name in ("figures/mine.svg", "report.html", "measures.parquet", "thesis.docx"):
        (here / "own" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "own" / name).write_text("mine", encoding="utf-8")
    before = {path: path.read_bytes() for path in (here / "own").rglob("*") if path.is_file()}
    result = call(*arguments)
    assert result.exit_code == 4 and result.stderr.startswith("fel: own: ") and result.stderr.count("\n") == 1
    assert {path: path.read_bytes() for path in (here / "own").rglob("*") if path.is_file()} == before


def test_describe_replaces_descriptions_only(here: Path) -> None:
    (here / "mine.md").write_text("# My thesis\n", encoding="utf-8")
    (here / "binary.md").write_bytes(b"\xff\xfe")
    (here / "empty.md").touch()
    for name in ("mine.md", "binary.md", "folder"):
        before = (here / name).read_bytes() if name != "folder" else (here / "folder").mkdir()
        result = call("describe", "liten.yaml", "--out", name)
        assert result.exit_code == 2 and name in result.stderr
        assert name == "folder" or (here / name).read_bytes() == before
    for name in ("new.md", "empty.md"):
        for lang in ("sv", "en", "sv"):
            assert call("describe", "liten.yaml", "--out", name, "--lang", lang).exit_code == 0
            assert "STRESS-DES" in (here / name).read_text(encoding="utf-8").splitlines()[0]
    assert call("describe", "liten.yaml", "--out", "no/folder.md").exit_code == 1
    assert not list(here.glob(".writing-*"))


# --- report ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("spoil", ["nothing there", "no manifest", "damaged"])
def test_missing_or_damaged_results_are_4(here: Path, no_report: None, spoil: str) -> None:
    folder = here / "results" / "liten"
    if spoil != "nothing there":
        assert call("compare", "liten.yaml", "--jobs", "1", "--quiet").exit_code == 0
        if spoil == "no manifest":
            (folder / "manifest.json").unlink()
        else:
            (folder / "measures.parquet").write_bytes(b"")
    result = call("report", str(folder))
    assert result.exit_code == 4
    assert result.stderr.startswith("fel: ") and result.stderr.count("\n") == 1
    assert call("report", str(folder), "--lang", "en").stderr.startswith("error: ")


@pytest.mark.slow
def test_report_makes_figures_and_page_again(here: Path) -> None:
    assert call("compare", "liten.yaml", "--jobs", "1", "--quiet", "--lang", "en").exit_code == 0
    folder = here / "results" / "liten"
    page = (folder / "report.html").read_text(encoding="utf-8")
    pictures = {path.name for path in (folder / "figures").iterdir()}
    assert len(pictures) >= 6 and not any(name.endswith(".png") for name in pictures)
    (folder / "report.html").unlink()
    result = call("report", str(folder), "--lang", "en")
    assert result.exit_code == 0
    assert {path.name for path in (folder / "figures").iterdir()} == pictures
    assert len((folder / "report.html").read_text(encoding="utf-8")) == pytest.approx(len(page), rel=0.02)
    (here / "same_year.yaml").write_text(SCENARIO, encoding="utf-8")
    (here / "later.yaml").write_text(SCENARIO.replace("scale: 0.3", "scale: 0.3, year: 2030"), encoding="utf-8")
    for name in ("same_year", "later"):
        assert call("compare", f"{name}.yaml", "--jobs", "1", "--quiet", "--out", f"results/{name}").exit_code == 0
    refused = call("report", str(folder), "--lang", "en", "--later", str(here / "results" / "same_year"))
    assert refused.exit_code == 4 and "has population year 2024" in refused.output, refused.output
    both = call("report", str(folder), "--lang", "en", "--png", "--later", str(here / "results" / "later"))
    assert both.exit_code == 0, both.output
    after = (folder / "report.html").read_text(encoding="utf-8")
    drawn = {path.name for path in (folder / "figures").iterdir()}
    assert drawn == pictures | {f"{Path(name).stem}.png" for name in pictures}
    assert after.count("<caption>Long term") == 1 and "Long term" not in page
    assert not list(folder.glob(".*"))  # nothing half-written is left
    assert call("report", str(folder), "--later", str(here / "nowhere")).exit_code == 4


# --- the other commands ---------------------------------------------------------------------------


def test_validate_shows_changes_load_and_time(here: Path) -> None:
    result = call("validate", "liten.yaml", "--json")
    assert result.exit_code == 0 and result.stderr == ""
    (told,) = json.loads(result.stdout)["scenarios"]
    assert told["valid"] and told["errors"] == []
    assert len(told["load"]) == 6 * 4
    assert all(row["busy_physicians"] >= 0 for row in told["load"]) and told["seconds"] > 0
    text = call("validate", "liten.yaml", "--lang", "en").stdout
    assert "Kungsbacka" in text and "whole region" in text and "0.3" in text and "Time: about" in text


def test_new_writes_a_valid_scenario_and_never_overwrites(here: Path) -> None:
    result = call("new", "vinter_2030")
    assert result.exit_code == 0
    path = here / "scenarios" / "vinter_2030.yaml"
    assert result.stdout.strip() == str(path.relative_to(here))
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    before = path.read_bytes()
    again = call("new", "vinter_2030")
    assert again.exit_code == 2 and "finns redan" in again.stderr
    assert "exists already" in call("new", "vinter_2030", "--lang", "en").stderr
    assert path.read_bytes() == before
    from sim import load_scenario

    assert load_scenario(path).study == Scenario().study


@pytest.mark.parametrize("name", ["", "../up", "a/b", "a b", ".hidden", "con", "-x", "a:b", "x" * 90])
def test_new_refuses_names_that_are_no_file_names(here: Path, name: str) -> None:
    result = call("new", "--", name)
    assert result.exit_code == 2
    assert [path.name for path in here.rglob("*")] == ["liten.yaml"]


def test_models_lists_title_description_and_hours() -> None:
    text = call("models", "--lang", "en", package="models").stdout
    told = json.loads(call("models", "--lang", "en", "--json", package="models").stdout)["models"]
    assert {"status_quo", "central_team", "vardcentral_led", "hybrid"} <= {row["name"] for row in told}
    for row in told:
        assert f"{row['name']}: {row['title']} (" in text and row["description"].split()[0] in text
    hours = [row["hours_per_week"] for row in told]
    assert min(hours) > 0 and max(hours) == pytest.approx(min(hours), rel=0.01)  # the same for all: a fair comparison


def test_measures_prints_the_dictionary() -> None:
    from sim.measures import MEASURES

    told = json.loads(call("measures", "--json").stdout)["measures"]
    assert [row["name"] for row in told] == [item.name for item in MEASURES]
    text = call("measures").stdout
    assert all(item.name in text and item.formula.sv in text for item in MEASURES)


def test_assumptions_marks_estimates_and_takes_a_scenario(here: Path) -> None:
    told = json.loads(call("assumptions", "liten.yaml", "--json").stdout)
    rows = {row["key"]: row for row in told["assumptions"]}
    assert rows["demand.scale"]["value"] == 0.3
    assert {"value", "low", "high", "unit", "source", "quality"} <= set(rows["demand.scale"])
    assert rows["demand.scale"]["kind"] == "decision"
    world = [row for row in rows.values() if row["kind"] == "world"]
    estimates = [row for row in world if row["quality"] == "estimate"]
    assert told["estimates"] == len(estimates) and told["share_of_estimates"] == len(estimates) / len(world)
    lines = call("assumptions", "liten.yaml", "--lang", "en").stdout.splitlines()
    assert sum(line.startswith("* ") for line in lines) == len(estimates) + 1  # and the line that explains the mark
    assert f"{len(estimates)} of {len(world)} numbers of the world" in lines[-1]


def test_schema_is_the_schema() -> None:
    from sim.declared import json_schema

    for lang in ("sv", "en"):
        told = json.loads(call("schema", "--lang", lang, package="models").stdout)
        assert told == json.loads(json.dumps(json_schema(models.declared(), lang)))
        assert set(told["properties"]["models"]["properties"]) == set(models.names())


def test_the_default_scenario_is_found_from_anywhere_and_without_a_file(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source_tree = json.loads(call("assumptions", "--json").stdout)
    monkeypatch.setattr(shipped, "shipped_folder", lambda: here / "no scenarios")
    assert source_tree["scenario"] == "halland"
    assert json.loads(call("assumptions", "--json").stdout) == source_tree


# --- numbers --------------------------------------------------------------------------------------


def test_quantities_are_written_in_the_unit_they_are_shown_in() -> None:
    assert quantity(12_345_678.0, "SEK/year", "sv") == "12,3"
    assert quantity(0.123, "share", "sv") == "12,3\u00a0%" and quantity(0.123, "min", "en") == "0.1"


def test_the_time_left_is_told_from_the_pace_after_the_first_few(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from cli import progress

    clock = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    told = progress.Progress("upprepningar", quiet=False, lang="sv")
    told.begin(104)
    for second in (30.0, 30.0, 30.0, 30.0, *(30.0 + n for n in range(1, 21))):  # four come after the compiling
        clock[0] = second
        told.advance(cast(Any, None))
    told.end()
    lines = capsys.readouterr().err.splitlines()
    # At 31 s: one in a second, 99 left; 15 s later the sixteenth of them, 84 left.
    assert lines == ["upprepningar: 5/104, ungefär 99 s kvar", "upprepningar: 20/104, ungefär 84 s kvar"]
