"""Measures from outside: computed, compared, spoken of and shown as the others; what is wrong is told with its line."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import study_models
from test_commands import call
from test_study import SMALL

from sim import MeasureDefinition, MeasureError, Observed, Scenario, Text, compare, load_study, run_study, simulate
from sim.codes import A3, DONE
from sim.comparison import compare_measures, compare_runs
from sim.measures import MEASURES, Ratio
from sim.measures.checking import checked
from sim.measures.own import mean_by_municipality, sum_by_municipality
from sim.measures.own_files import measures_in
from sim.measures.passes.sums import RESPONSE, VISITED
from sim.study.stages import Kept, make_stages
from sim.study.stages.identity import identity

ROOT = Path(__file__).resolve().parent.parent
SCENARIO = Scenario().with_changes(SMALL)


def _acute_minutes(tape: Any, journal: Any, world: Any) -> tuple[Any, Any]:
    seen = (tape.t0_min >= tape.warm_up_min) & (tape.klass <= A3) & (tape.telephone == 0) & ~np.isnan(journal.t4)
    return mean_by_municipality((journal.t4 - journal.t1)[seen], tape.municipality[seen], world)


def _minus_stops(tape: Any, journal: Any, world: Any) -> tuple[float, int]:
    done = int((journal.outcome == DONE).sum())
    return -float(done), done


def _endless(tape: Any, journal: Any, world: Any) -> tuple[float, int]:
    return math.inf, 1


def made(name: str, function: Any = _acute_minutes, **more: Any) -> MeasureDefinition:
    said: dict[str, Any] = {
        "title": Text(f"Mitt {name}", f"My {name}"), "unit": "min", "formula": Text("så", "so"), "better": "lower",
        "made": Observed(function), "practical": 5.0, "classes": ("acute",), "split": "municipality",
    }  # fmt: skip
    return MeasureDefinition(name, **{**said, **more})


MINUTES = made("minutes", headline="acute")
STOPS = made("minus_stops", _minus_stops, unit="per year", split="region", classes=("all",), practical=1)


def rows_of(result: Any, name: str) -> pd.DataFrame:
    found = result.measures[result.measures["measure"] == name]
    return found.sort_values(["model", "replication", "municipality"]).reset_index(drop=True)


# --- what is computed -----------------------------------------------------------------------------


def test_one_of_the_programs_measures_said_from_outside_is_the_same_to_the_last_bit() -> None:
    run = simulate(SCENARIO, study_models.STATUS_QUO, measures=[MINUTES])
    table = run.measures[(run.measures["group"] == "all") & (run.measures["window"] == "all")]
    wide = table[table["class"] == "acute"].pivot(index="municipality", columns="measure", values="value")
    assert wide["minutes"].notna().sum() > 3
    pd.testing.assert_series_equal(wide["minutes"], wide["response_min"], check_names=False, check_exact=True)
    n = table[table["class"] == "acute"].pivot(index="municipality", columns="measure", values="n")
    assert (n["minutes"] <= n["response_p90_min"]).all() and n["minutes"]["all"] > 0


def test_the_other_measures_do_not_change() -> None:
    alone = simulate(SCENARIO, study_models.CENTRAL).measures
    beside = simulate(SCENARIO, study_models.CENTRAL, measures=[STOPS, MINUTES]).measures
    pd.testing.assert_frame_equal(alone, beside.iloc[: len(alone)], check_exact=True)
    assert beside["measure"].iloc[len(alone) :].unique().tolist() == ["minus_stops", "minutes"]


def test_sums_may_be_used_as_the_program_uses_them() -> None:
    own = made("also", made=Ratio(RESPONSE, VISITED), split="request", classes=("acute", "A1"))
    found = simulate(SCENARIO, study_models.CENTRAL, measures=[own]).measures
    for klass in own.classes:
        one, other = (found[(found["measure"] == m) & (found["class"] == klass)] for m in ("also", "response_min"))
        assert one["value"].to_numpy() == pytest.approx(other["value"].to_numpy(), rel=0, abs=0, nan_ok=True)


def test_sums_by_municipality_add_up() -> None:
    world = make_stages(SCENARIO, study_models.all()).world
    value, n = sum_by_municipality([1.0, 2.0, 4.0], np.array([0, 2, 2]), world)
    assert value.tolist()[:4] == [7.0, 1.0, 0.0, 6.0] and n.tolist()[:4] == [3.0, 1.0, 0.0, 2.0]
    value, n = mean_by_municipality([True, False, True], np.array([0, 2, 2]), world)
    assert value[0] == 2 / 3 and value[3] == 0.5 and math.isnan(value[2]) and n[2] == 0


@pytest.mark.parametrize("options", [{"jobs": 2}, {"jobs": 2, "engine": "simpy"}, {"jobs": 1, "engine": "simpy"}])
def test_threads_and_processes_give_what_one_worker_gives(options: dict[str, Any]) -> None:
    one, many = (
        run_study({"s": SCENARIO}, study_models.all(), 2, measures=[MINUTES, STOPS], **chosen)
        for chosen in ({"jobs": 1}, options)
    )
    assert many.status == "complete"
    pd.testing.assert_frame_equal(many.measures, one.measures, check_exact=True)
    pd.testing.assert_frame_equal(many.frame, one.frame, check_exact=True)


def test_the_measures_of_a_file_reach_processes_that_have_not_read_it(tmp_path: Path) -> None:
    own = measures_in(the_file_of_the_page(tmp_path))
    results = [
        run_study({"s": SCENARIO}, study_models.all(), 2, measures=own, jobs=2, engine=engine)
        for engine in ("compiled", "simpy")
    ]
    pd.testing.assert_frame_equal(rows_of(results[0], "soon"), rows_of(results[1], "soon"), check_exact=True)
    assert rows_of(results[0], "soon")["value"].between(0, 1).any()


def test_a_function_that_other_processes_cannot_find_is_refused_before_they_start() -> None:
    own = made("local", lambda tape, journal, world: _acute_minutes(tape, journal, world))
    assert run_study({"s": SCENARIO}, study_models.all(), 2, measures=[own], jobs=2).status == "complete"
    with pytest.raises(MeasureError, match="the measure local cannot be sent to other processes"):
        run_study({"s": SCENARIO}, study_models.all(), 2, measures=[own], jobs=2, engine="simpy")


def test_what_is_kept_of_a_run_is_not_taken_for_that_of_another_function(tmp_path: Path) -> None:
    first, second = (the_file_of_the_page(tmp_path / name) for name in ("a", "b"))
    second.write_text(second.read_text(encoding="utf-8").replace("<= 30.0", "<= 60.0"), encoding="utf-8")
    found, kept = [], Kept()
    for own in ((), measures_in(first), measures_in(second)):
        stages = make_stages(SCENARIO, study_models.all(), own=own, kept=kept)
        found.append((stages.keys.sums("central", 1), stages.measures("central", stages.draw(1)).values))
    assert len({key for key, _ in found}) == 3
    assert found[1][1].shape == found[2][1].shape and (found[1][1] != found[2][1]).any()
    assert identity(made("a")) == identity(made("a")) != identity(made("a", _minus_stops))
    assert identity(made("a", lambda *given: given)) != identity(made("a", lambda *given: given))


# --- what is compared and shown -------------------------------------------------------------------


def test_it_gets_a_verdict_by_its_own_threshold_and_direction() -> None:
    result = compare(SCENARIO, study_models.all(), 3, jobs=1, measures=[MINUTES, STOPS])
    (spoken,) = [finding for finding in result.findings if finding.measure == "minutes"]
    theirs = next(finding for finding in result.findings if finding.measure == "response_min")
    assert spoken.difference == theirs.difference and spoken.threshold == 5.0
    assert any("My minutes" in text for text in result.verdicts["en"])
    for limit, larger, smaller in ((1e-3, "worse", "better"), (1e9, "practically equal", "practically equal")):
        own = made("driven", _driven, split="region", classes=("all",), practical=limit)
        found = compare(SCENARIO, study_models.all(), 3, jobs=1, measures=[own]).frame
        (row,) = found[found["measure"] == "driven"].to_dict("records")
        assert (row["verdict"], row["threshold"]) == (larger if row["difference"] > 0 else smaller, limit)


def _driven(tape: Any, journal: Any, world: Any) -> tuple[float, int]:
    return float(journal.driving_min.sum()), len(journal.driving_min)


def test_infinite_everywhere_is_no_tie_and_no_verdict() -> None:
    own = made("never", _endless, split="region", headline="acute")
    result = compare(SCENARIO, study_models.all(), 2, jobs=1, measures=[own])
    (finding,) = [item for item in result.findings if item.measure == "never"]
    assert finding.verdict.value == "undecided" and finding.reason is not None and finding.infinite == 2


def test_a_stored_study_is_read_without_the_file_and_its_page_shows_the_measure(tmp_path: Path) -> None:
    file = the_file_of_the_page(tmp_path)
    own = measures_in(file)
    result = run_study({"s": SCENARIO}, study_models.all(), 2, measures=own, jobs=1, out=tmp_path / "study")
    file.unlink()
    again = load_study(tmp_path / "study")
    pd.testing.assert_frame_equal(again.frame, result.frame, check_exact=True)
    assert again.verdicts == result.verdicts and again.own[0].title == own[0].title
    page = again.to_html("sv")
    assert "Egna mått" in page and "Inom en halvtimme" in page and "(95" in page
    assert "Within half an hour" in again.to_html("en")


def test_runs_as_they_are_compare_as_their_tables_do() -> None:
    own = checked([MINUTES, STOPS])
    result = run_study({"s": SCENARIO}, study_models.all(), 3, measures=own, jobs=1)
    stages = make_stages(SCENARIO, study_models.all(), own=own)
    draws = [stages.draw(number) for number in (1, 2, 3)]
    runs = {name: [stages.measures(name, draw) for draw in draws] for name in stages.organisations}
    direct = compare_runs(runs, SCENARIO, result.titles, result.standings["s"])
    table = compare_measures(result.measures, SCENARIO, result.titles, result.standings, own)
    assert direct.findings[0].record() == table.findings[0].record() | {"scenario": ""}
    pd.testing.assert_frame_equal(
        direct.frame.drop(columns="scenario"), table.frame.drop(columns="scenario"), check_exact=True
    )


# --- what is wrong --------------------------------------------------------------------------------

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a name with a space": ({"name": "my measure"}, "the name must be letters"),
    "the name of another": ({"name": "response_min"}, "another measure is called that"),
    "a title that is text": ({"title": "Mine"}, "title must be Text, not of type str"),
    "no words": ({"title": Text("", "Mine")}, "need words, in both languages"),
    "a direction that is not": ({"better": "less"}, "better must be among lower, higher, none, not 'less'"),
    "a class that is not": ({"classes": ("acute", "A4")}, "classes must be among all, acute"),
    "no classes": ({"classes": ()}, "classes must be among"),
    "a split that is not": ({"split": "county"}, "split must be among request"),
    "a headline that it is not made for": ({"headline": "A1"}, "headline must be among acute"),
    "a subject that is not": ({"subject": "my things"}, "subject must be among access"),
    "no difference that matters": ({"practical": ""}, "practical must be the smallest difference that matters"),
    "a difference of 0": ({"practical": 0.0}, "practical must be"),
    "a negative one": ({"practical": -1}, "practical must be"),
    "one that is no number": ({"practical": math.nan}, "practical must be"),
    "an unknown field": ({"practical": "respons_min"}, "practical must be"),
    "not made": ({"made": None}, "made must be Observed, not of type NoneType"),
    "made by no function": ({"made": Observed(3)}, "made must be Observed(function), not of type int"),
    "made by a bare function": ({"made": _acute_minutes}, "made must be Observed, not of type function"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_badly_said_is_refused_before_anything_is_run(what: str) -> None:
    changes, said = WRONG[what]
    own = made(**{"name": "mine", **changes})
    with pytest.raises(MeasureError, match=re.escape(said)):
        run_study({"s": SCENARIO}, study_models.all(), 1, measures=[own])


def test_every_fault_is_told_at_once_in_both_languages() -> None:
    with pytest.raises(MeasureError) as error:
        checked([made("a", better="less", split="x"), made("b"), made("b"), 3])
    for lang, words in (("en", "must be among"), ("sv", "ska vara bland")):
        lines = error.value.get(lang).splitlines()
        assert len(lines) == 4 and words in lines[0] and words in lines[1]
    assert checked([made("free", better="none", practical="")])[0].subject == "own"


FILES: dict[str, tuple[str, str, int, str]] = {  # what is replaced in the file of the page, by what; line, message
    "no Python": ("def _soon(", "def _soon((", 10, "is not written as Python"),
    "a word that is not": ("import A3", "import A9", 6, "ImportError"),
    "a field that is not": ('    better="higher"', '    bettre="higher"', 17, "TypeError"),
    "a wrong word": ('better="higher"', 'better="more"', 17, "the measure soon: better must be among"),
    "no threshold": ("practical=0.02", "practical=0", 17, "the measure soon: practical must be"),
}


@pytest.mark.parametrize("what", FILES)
def test_what_is_wrong_in_a_file_is_told_with_its_line(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new, line, said = FILES[what]
    file = the_file_of_the_page(tmp_path)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = call("compare", "--measures", "my_measures.py", "--lang", "en")
    assert result.exit_code == 2
    assert re.search(rf"^error: my_measures\.py:{line}: .*{re.escape(said)}", result.stderr, re.M), result.stderr
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("text", ["", "x = 1\n"])
def test_a_file_without_a_measure_says_what_to_write(text: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(MeasureError, match=r"mine.py:1: there is no measure here; write a_name = MeasureDefinition"):
        measures_in(file)
    with pytest.raises(MeasureError, match="no such file"):
        measures_in(tmp_path / "nowhere.py")


BROKEN = {
    "divides": ("x = 1 / 0\n    return x, x", 10, "the measure mine: ZeroDivisionError"),
    "gives one thing": ("return 3.0", 10, "the function must give two things, value and n, but gave float"),
    "gives too few": ("return 1.0, 1", 10, "gave 1 values and 1 n, but 7 are needed"),
    "gives words": ("return ['a'] * 7, [1] * 7", 10, "ValueError"),
    "n below 0": ("return [1.0] * 7, [-1] * 7", 10, "n must be numbers of things"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_function_that_fails_is_told_with_its_line_in_every_replication(what: str, tmp_path: Path) -> None:
    body, line, said = BROKEN[what]
    file = tmp_path / "mine.py"
    file.write_text(
        "from sim import MeasureDefinition, Observed, Text\n\n\n\n\n\n\n\n"
        f"def _mine(tape, journal, world):\n    {body}\n\n"
        'mine = MeasureDefinition("mine", Text("m", "m"), "min", Text("m", "m"), "lower", Observed(_mine), 1.0,\n'
        '                         ("acute",), "municipality")\n',
        encoding="utf-8",
    )
    result = run_study({"s": SCENARIO}, study_models.all(), 2, measures=measures_in(file), jobs=1)
    assert len(result.measures) == 0
    errors = {task["error"].strip().splitlines()[-1] for task in result.manifest["tasks"]}
    assert len(errors) == 1
    (error,) = errors
    where = line if what == "divides" else 9  # what the function gave is wrong: where it begins
    assert re.search(rf"mine\.py:{where}: .*{re.escape(said)}", error), error


# --- the page that tells how ----------------------------------------------------------------------


def the_file_of_the_page(folder: Path) -> Path:
    page = (ROOT / "docs/howto-measure.md").read_text(encoding="utf-8")
    folder.mkdir(exist_ok=True)
    file = folder / "my_measures.py"
    file.write_text(page.split("```python\n")[1].split("```")[0], encoding="utf-8")
    return file


def test_the_commands_of_the_page_show_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    the_file_of_the_page(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.StudyResult.write_report", lambda *given, **named: [])
    (tmp_path / "liten.yaml").write_text(
        "calendar: {weeks: 1, warm_up_weeks: 0}\nstudy: {replications: 2}\n"
        "staffing: {hours_per_week: 1008}\ndemand: {scale: 0.3}\n", encoding="utf-8",
    )  # fmt: skip
    listed = call("measures", "--measures", "my_measures.py", "--lang", "en")
    assert listed.exit_code == 0 and "Within half an hour" in listed.stdout.splitlines()[-1]
    shown = call("compare", "liten.yaml", "--measures", "my_measures.py", "--jobs", "1", "--lang", "en")
    assert shown.exit_code == 0, shown.stderr
    assert re.search(r"^Within half an hour, acute +\d", shown.stdout, re.M)
    table = pd.read_csv(next(tmp_path.glob("results/*/comparison.csv")))
    assert set(table[table["measure"] == "soon"]["threshold"]) == {0.02}
    manifest = json.loads(next(tmp_path.glob("results/*/manifest.json")).read_text(encoding="utf-8"))
    assert [item["name"] for item in manifest["measures"]] == ["soon"]


def test_a_measure_of_the_program_needs_its_definition_and_its_twin_and_nothing_else() -> None:
    from measure_factory import make_staff, run
    from measure_slow import slow_value
    from test_measures_slow import long_week

    requests, shifts = long_week()
    found = run(requests, shifts, staff=make_staff(shifts)).table
    whole = found[(found["municipality"] == "all") & (found["group"] == "all") & (found["window"] == "all")]
    for item in MEASURES:  # the twin is found by the definition alone
        row = whole[(whole["measure"] == item.name) & (whole["class"] == item.classes[0])].iloc[0]
        value, n = slow_value(requests, shifts, item.name, item.split, item.classes[0], "all", "all", "all")
        assert row["n"] == n and row["value"] == pytest.approx(value, rel=1e-9, nan_ok=True), item.name
