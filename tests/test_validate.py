"""validate: hours and load before a run, and what it passes `compare` runs."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from engine_factory import organisation, pool
from test_commands import SCENARIO, call

import models
from sim import StudyResult
from sim.codes import WINDOWS
from sim.declared import Declared
from sim.organisation import ALWAYS, Area, Post
from sim.scenario import Scenario
from sim.text import Text
from sim.world.build import build_world

CALENDARS = {
    "a year": "{weeks: 52, warm_up_weeks: 4}",
    "one week with a holiday on Monday": "{start: 2024-01-01, weeks: 1, warm_up_weeks: 0}",
    "one week of work": "{start: 2024-02-05, weeks: 1, warm_up_weeks: 0}",
    "Christmas": "{start: 2024-12-23, weeks: 1, warm_up_weeks: 1}",
    "Easter and the first of May": "{start: 2024-03-25, weeks: 5, warm_up_weeks: 1}",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and `compare` without its figures."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(StudyResult, "write_report", lambda *given, **named: [])
    return tmp_path


def write(folder: Path, calendar: str, hours: float, **more: str) -> str:
    asked = {
        "calendar": calendar,
        "staffing": f"{{hours_per_week: {hours}}}",
        "study": f"{{replications: 1, models: [{', '.join(models.FIRST)}]}}",
    }
    lines = [f"{key}: {value}" for key, value in (asked | more).items()]
    (folder / "asked.yaml").write_text("\n".join(lines), encoding="utf-8")
    return "asked.yaml"


def answers(folder: Path, calendar: str, hours: float) -> tuple[int, int]:
    """The exit statuses of validate and compare."""
    file = write(folder, calendar, hours)
    tried = call("compare", file, "--quiet", "--jobs", "1", "--replace", "--out", "out", package="models")
    return call("validate", file, "--json", package="models").exit_code, tried.exit_code


@pytest.mark.slow  # three calls of each command
def test_between_765_and_770_hours_validate_says_what_compare_says(here: Path) -> None:
    """The fixed posts of vårdcentral-led take 780 hours over the default year, and 762 in its first two weeks."""
    for hours in (765, 770):
        assert answers(here, CALENDARS["a year"], hours) == (2, 2)
    assert answers(here, CALENDARS["a year"], 785) == (0, 0)


@pytest.mark.slow
@pytest.mark.parametrize("calendar", CALENDARS)
def test_what_validate_passes_compare_runs(here: Path, calendar: str) -> None:
    seen = [answers(here, CALENDARS[calendar], hours) for hours in range(700, 801, 5)]
    assert all(one == other for one, other in seen), seen
    assert {(0, 0), (2, 2)} >= set(seen)


def test_the_sweep_has_both_answers_in_it(here: Path) -> None:
    assert answers(here, CALENDARS["one week of work"], 700) == (2, 2)
    assert answers(here, CALENDARS["Christmas"], 800) == (0, 0)


def test_what_is_wrong_in_every_model_is_told_at_once(here: Path) -> None:
    file = write(here, CALENDARS["one week of work"], 300)
    for command in ("validate", "compare"):
        told = call(command, file, "--lang", "en", package="models").stderr
        assert all(f"{made.name}: pool" in told for made in models.four()), told


def test_what_is_wrong_alike_in_every_model_is_told_once(here: Path) -> None:
    file = write(here, CALENDARS["one week of work"], 1080, organisation="{closed_bases: [Varbreg]}")
    told = call("validate", file, "--lang", "en", package="models").stderr
    assert told.count("Varbreg") == 1 and "did you mean Varberg?" in told
    assert all(made.name in told for made in models.four())


# --- what is shown --------------------------------------------------------------------------------


@pytest.fixture
def report(here: Path) -> dict[str, Any]:
    file = write(here, CALENDARS["Easter and the first of May"], 1080)
    (found,) = json.loads(call("validate", file, "--json", "--lang", "en", package="models").stdout)["scenarios"]
    return dict(found)


def test_the_object_has_hours_and_load_by_pool_municipality_and_window(report: dict[str, Any]) -> None:
    assert report["valid"] and report["asked_hours_per_week"] == 1080
    hours = {row["model"]: row for row in report["hours"]}
    assert list(hours) == [made.name for made in models.four()]
    for made in models.four():
        mine = [row for row in report["pools"] if row["model"] == made.name]
        assert [(row["pool"], row["window"]) for row in mine] == [(p.name, w) for p in made.pools for w in WINDOWS]
        total = sum(row["hours_per_week"] for row in mine) + sum(row["rest_hours_per_week"] for row in mine[::4])
        assert total == pytest.approx(hours[made.name]["hours_per_week"])
        filling = hours[made.name]["filling_pool"]
        of_pool = sum(row["hours_per_week"] for row in mine if row["pool"] == filling)
        assert 0 < hours[made.name]["left_hours_per_week"] <= of_pool + 5  # to the nearest five minutes of a shift
        parts = [row for row in report["pool_load"] if row["model"] == made.name]
        for row in mine:
            same = [p for p in parts if (p["pool"], p["window"]) == (row["pool"], row["window"])]
            for key in ("requests_per_year", "busy_physicians"):
                assert sum(p[key] for p in same) == pytest.approx(row[key])
            if row["on_duty"]:
                assert row["utilisation"] == pytest.approx(row["busy_physicians"] / row["on_duty"])
            else:
                assert row["utilisation"] is None  # infinite, or nothing to nobody
    assert len({row["municipality"] for row in report["pool_load"]}) == 6


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("sv", ("natt", "vila", "  Vårdcentral", "timmar i veckan blir", "de går till", "läkare i tjänst", "Tid:")),
        ("en", ("night", "rest", "  Mobile team", "hours a week", "they go to", "physicians on duty", "Time:")),
    ],
)
def test_people_read_tables_and_sentences(here: Path, lang: str, words: tuple[str, ...]) -> None:
    file = write(here, CALENDARS["Christmas"], 820, demand="{scale: 2}")
    told = call("validate", file, "--lang", lang, package="models").stdout
    assert all(word in told for word in words), told
    over = {"sv": "resten väntar, eller tas av nästa pool", "en": "the rest waits, or is for the next pool"}[lang]
    assert over in told
    usual = call("validate", write(here, CALENDARS["a year"], 1080), "--lang", lang, package="models").stdout
    assert over not in usual


def test_a_model_without_anybody_for_the_rest_says_so(here: Path) -> None:
    (here / "liten.yaml").write_text(SCENARIO, encoding="utf-8")
    told = call("validate", "liten.yaml", "--lang", "en").stdout
    assert "Status quo: the posts take 1,008 hours a week (1,008 asked for); none take what is left." in told


def test_a_model_that_has_nobody_for_some_patients_is_refused_by_both(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Patients listed at one vårdcentral only: all others have nobody. Only a run can tell, so both run."""
    world = build_world(Scenario())
    base = world.facilities[world.vardcentraler[0]].name
    listed = pool(Post(base, ALWAYS), name="listed", area=Area.LISTED)
    titled = Text("Bara listade", "Listed only")
    made = replace(organisation(listed), name="listed_only", title=titled, description=titled)
    package = ModuleType("listed_models")
    package.__dict__.update(declared=lambda: Declared.of((made,)))
    monkeypatch.setitem(sys.modules, package.__name__, package)
    file = write(here, CALENDARS["one week of work"], 1080, study="{replications: 1}")
    told = call("validate", file, "--lang", "en", package=package.__name__)
    assert told.exit_code == 2 and "listed_only: nobody is there for a request of group G" in told.stderr
    assert call("compare", file, "--quiet", "--jobs", "1", package=package.__name__).exit_code == 3


def test_a_model_that_will_not_keep_up_is_said_before_anything_is_run(here: Path) -> None:
    lines = "calendar: {weeks: 2, warm_up_weeks: 1}\nstudy: {replications: 1}\ndemand: {scale: 1.3}\n"
    (here / "much.yaml").write_text(lines, encoding="utf-8")
    told = json.loads(call("validate", "much.yaml", "--json", package="models").stdout)["scenarios"][0]
    asked = json.loads(call("compare", "much.yaml", "--json", "--jobs", "1", package="models").stdout)
    assert told["steady"] == asked["steady"]
    assert False in told["steady"].values() and True in told["steady"].values()
    assert told["warnings"] == asked["warnings"]
    spoken = call("validate", "much.yaml", "--lang", "en", package="models").stdout
    assert "does not keep up" in spoken.split("Requests a year")[0]
