"""Settings and variants: stated in a scenario, checked with their place, and what they change."""

from __future__ import annotations

import json
import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

import models
from cli import Settings, make_group
from sim import compare, simulate
from sim.declared import Declared, Variant, describe_changes, json_schema, manual, settings_of, template, variants
from sim.declared.files import is_model_name
from sim.engine import compile_tables
from sim.errors import OrganisationError, ScenarioError
from sim.organisation import HomeVisitWindows, Hub, Organisation, Post
from sim.scenario import Scenario, changed_fields, load_scenario, resolved
from sim.scenario import describe_changes as describe_fields
from sim.scenario.fields import leaves
from sim.text import Text
from sim.world.build import build_world

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = """\
title: {sv: Prov, en: Trial}
models:
  hybrid: {hubs: 4, night_hubs: 1, evening_end: "22:00", take_over_min: 0}
  hybrid_two_night_hubs: {from: hybrid, night_hubs: 2}
study: {models: [hybrid, hybrid_two_night_hubs, status_quo], reference: hybrid}
"""


def read(folder: Path, text: str, name: str = "s.yaml") -> Scenario:
    (folder / name).write_text(text, encoding="utf-8")
    return load_scenario(folder / name)


def found(scenario: Scenario, *wanted: str) -> dict[str, Variant]:
    return {variant.name: variant for variant in variants(scenario, models.declared(), wanted or None)}


def stated(**entries: Any) -> Scenario:
    """A scenario made in Python that states these models."""
    return Scenario().with_changes({"models": entries})


def problems(scenario: Scenario) -> list[str]:
    with pytest.raises(ScenarioError) as told:
        models.of(scenario)
    return [re.sub(r"^.*s\.yaml", "s.yaml", str(problem)) for problem in told.value.problems]


# --- stating them ---------------------------------------------------------------------------------


def test_a_scenario_file_sets_models_and_makes_variants(tmp_path: Path) -> None:
    scenario = read(tmp_path, CONTRACT)
    made = models.of(scenario)
    assert [item.name for item in made] == ["hybrid", "hybrid_two_night_hubs", "status_quo"]
    hybrid, variant, today = made
    assert hybrid.title == Text("Hybrid", "Hybrid")
    assert variant.title == Text("Hybrid (nattbaser 2)", "Hybrid (night bases 2)")
    assert "från fyra baser" in hybrid.description.sv and "from four bases" in variant.description.en
    assert "baser 4 (3); nattbaser 1 (2); övertagande efter 0 minuter (60 minuter)" in hybrid.description.sv
    assert today == models.status_quo()
    team = hybrid.pools[1]
    bases = [post.base for post in team.staffing if isinstance(post, Post)]
    assert bases == [Hub(i, 4) for i in range(4)] + [Hub(0, 1)] + [Hub(i, 4) for i in range(4)]
    assert hybrid.routes[3].to[1].after_min == 0.0
    assert all(pickle.loads(pickle.dumps(item)) == item for item in made)
    assert dict(variant.settings)["night_hubs"] == 2 and dict(variant.settings)["hubs"] == 4
    assert (hybrid.model, variant.model) == ("hybrid", "hybrid")


def test_files_that_extend_each_other_are_merged_setting_by_setting(tmp_path: Path) -> None:
    read(tmp_path, CONTRACT, "base.yaml")
    above = "extends: base.yaml\nmodels:\n  hybrid: {night_hubs: 3}\n  last: {from: central_team, lines: 2}\n"
    scenario = read(tmp_path, above + "study: {models: null}\n")
    made = found(scenario)
    assert list(made) == [*models.names(), "hybrid_two_night_hubs", "last"]
    values = dict(made["hybrid"].organisation().settings)
    assert (values["hubs"], values["night_hubs"], values["take_over_min"]) == (4, 3, 0)
    wrong = read(tmp_path, above.replace("night_hubs: 3", "night_hubs: no") + "study: {models: [hybrid, lost]}\n")
    assert problems(wrong) == [
        "s.yaml:3:24: models.hybrid.night_hubs: must be a number of bases of at least 1, or a list of places such as "
        "[Varberg, Halmstad], got 'no'",
        "s.yaml:5:26: study.models[1]: no model is called 'lost'; did you mean last?",
    ]


def test_everything_wrong_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    text = """\
study: {models: [hybird, hybrid], reference: nobody}
models:
  hybird: {hubs: 4}
  hybrid: {hub: 4, night_hubs: 0, evening_end: 22, windows: {strat: 1, start: "25:00"}, lines: two}
  a: {from: b}
  b: {from: a}
  c: {from: hybrid2}
  d: 3
  2x: {from: hybrid}
  e: {hubs: 3}
  central_team: {from: hybrid}
  status_quo: {windows: }
  vardcentral_led: {evening_start: "23:30"}
  f: {from: central_team, late_start: "07:00"}
  g: {from: vardcentral_led, title: x}
  h: {from: hybrid, title: {sv: " ", en: ""}}
  i: {from: [hybrid]}
  all: {from: hybrid}
  j: {from: status_quo, sharing: netwrk, choice: 1, jour: {hubs: [Varberg, 3]}}
"""
    told = problems(read(tmp_path, text))
    for line in (
        "s.yaml:1:46: study.reference: no model is called 'nobody'; choose among status_quo, central_team, ",
        "s.yaml:3:3: models.hybird: no model is called 'hybird'; did you mean hybrid? (a variant says what it is made",
        "s.yaml:4:12: models.hybrid.hub: unknown key; did you mean hubs?",
        "s.yaml:4:32: models.hybrid.night_hubs: must be a number of bases of at least 1",
        's.yaml:4:48: models.hybrid.evening_end: must be a clock time from "00:00" to "24:00", got 22',
        "s.yaml:4:62: models.hybrid.windows.strat: unknown key; did you mean windows.start?",
        "s.yaml:4:79: models.hybrid.windows.start: must be a clock time",
        "s.yaml:4:96: models.hybrid.lines: must be a whole number from 0 to 1000, got 'two'",
        "s.yaml:6:13: models.b.from: goes round in a circle: a -> b -> a",
        "s.yaml:7:13: models.c.from: no model is called 'hybrid2'; did you mean hybrid?",
        "s.yaml:8:6: models.d: must be a group of settings, such as {hubs: 2}, got 3",
        "s.yaml:9:3: models.2x: is no name for a variant",
        "s.yaml:10:3: models.e: no model is called 'e'; choose among ",
        "s.yaml:11:18: models.central_team.from: central_team is a model; give the variant another name",
        "s.yaml:13:3: models.vardcentral_led: ",
        "s.yaml:15:37: models.g.title: must be a group of keys (sv, en), got 'x'",
        "s.yaml:16:28: models.h.title: must be 1 to 80 printable signs",
        "s.yaml:17:13: models.i.from: must be the name of a model, got a list",
        "s.yaml:18:3: models.all: is no name for a variant",
        "s.yaml:19:34: models.j.sharing: must be one of silo, agreement, network, got 'netwrk'; did you mean network?",
        "s.yaml:19:50: models.j.choice: must be one of nearest, continuity, fewest hours, got 1",
        "s.yaml:19:66: models.j.jour.hubs: must be a number of bases",
    ):
        assert sum(found.startswith(line) for found in told) == 1, (line, told)
    assert len(told) == 22  # hybird in study.models is said once, where it is stated
    assert told == sorted(told, key=lambda line: [int(part) for part in line.split(":")[1:3]])
    with pytest.raises(ScenarioError) as swedish:
        models.of(read(tmp_path, text))
    assert "models.b.from: går runt i en cirkel" in swedish.value.get("sv")


def test_shifts_that_do_not_follow_each_other_are_told_where_they_are_stated(tmp_path: Path) -> None:
    for entry in ("hybrid: {evening_start: '23:00'}", "x: {from: central_team, late_start: '07:00'}",
                  "vardcentral_led: {day_start: '18:00'}"):  # fmt: skip
        (told,) = problems(read(tmp_path, f"models:\n  {entry}\n"))
        assert re.search(r"s\.yaml:2:3: models\.\w+: .*models/\w+\.py:\d+: shifts that begin .* do not follow", told), (
            told
        )


def test_a_group_that_is_not_known_is_left_to_the_fields(tmp_path: Path) -> None:
    for text in ("models: [hybrid]\n", "models: hybrid\n", "models: 3\n"):
        with pytest.raises(ScenarioError, match=r"s\.yaml:1:9: models: must be a group of models"):
            read(tmp_path, text)
    assert models.of(read(tmp_path, "models:\n")) == models.all()
    assert models.of(read(tmp_path, "models:\n  hybrid:\n  status_quo: {windows: , jour: {}}\n")) == models.all()


def test_in_python_settings_are_changed_like_fields() -> None:
    scenario = Scenario().with_changes(
        {"models.hybrid.hubs": 4, "models.late": {"from": "hybrid", "evening_end": "23:00"}}
    )
    assert resolved(scenario)["models"] == {"hybrid": {"hubs": 4}, "late": {"evening_end": "23:00", "from": "hybrid"}}
    assert Scenario.model_validate(resolved(scenario)) == scenario and hash(scenario) != hash(Scenario())
    assert pickle.loads(pickle.dumps(scenario)) == scenario
    assert changed_fields(scenario, Scenario())[0] == ("models.hybrid.hubs", None, 4)
    again = scenario.with_changes({"models.hybrid.hubs": 5, "models.late.night_hubs": 1})
    assert dict(found(again)["late"].organisation().settings)["hubs"] == 5
    assert problems(scenario.with_changes({"models.hybrid.hubs": "four"})) == [
        "change: models.hybrid.hubs: must be a number of bases of at least 1, or a list of places such as [Varberg, "
        "Halmstad], got 'four'"
    ]
    assert problems(Scenario().with_changes({"models.hybrid.hubz": 1})) == [
        "change: models.hybrid.hubz: unknown key; did you mean hubs?"
    ]


def test_a_change_in_python_is_not_told_as_if_it_stood_in_the_file(tmp_path: Path) -> None:
    scenario = read(tmp_path, "models:\n  hybrid: {hubs: 0, lines: -1}\n")
    assert [line.split(":")[0] for line in problems(scenario)] == ["s.yaml", "s.yaml"]
    places = [line.split(": ")[0] for line in problems(scenario.with_changes({"models.hybrid.lines": -2}))]
    assert places == ["s.yaml:2:18", "change"]


def test_models_are_called_with_settings_by_name() -> None:
    assert models.hybrid() == models.find("hybrid")
    assert dict(models.hybrid(hubs=2, **{"windows.start": "9:00"}).settings)["windows.start"] == "09:00"
    assert models.hybrid(windows={"start": "09:00"}) == models.hybrid(**{"windows.start": "09:00"})
    with pytest.raises(ScenarioError, match="hubz: unknown key; did you mean hubs"):
        models.hybrid(hubz=2)
    with pytest.raises(OrganisationError, match=r"models/hybrid\.py:\d+: 1 stand-by places for 3 bases"):
        models.hybrid(stand_by=["Varberg"])
    with pytest.raises(AttributeError):
        _ = models.hybird


# --- variants -------------------------------------------------------------------------------------


def test_a_variant_starts_from_what_it_is_made_from_as_the_scenario_sets_it() -> None:
    made = found(stated(late={"from": "early", "evening_end": "23:00"}, early={"from": "hybrid", "day_start": "07:00"},
                        hybrid={"hubs": 4}))  # fmt: skip
    values = dict(made["late"].organisation().settings)
    assert (values["hubs"], values["day_start"], values["evening_end"]) == (4, "07:00", "23:00")
    assert made["late"].made_from == "early"
    assert made["early"].title == Text("Hybrid (dagpasset börjar 07:00)", "Hybrid (the day shift begins 07:00)")
    assert made["late"].title == Text("Hybrid (dagpasset börjar 07:00 +1)", "Hybrid (the day shift begins 07:00 +1)")


def test_titles_are_made_from_what_differs() -> None:
    made = found(
        stated(
            one={"from": "hybrid", "night_hubs": 1},
            two={"from": "hybrid", "night_hubs": 1, "hubs": ["Varberg", "Halmstad"], "evening_end": "23:00"},
            same={"from": "hybrid"},
            twin={"from": "hybrid", "night_hubs": 1},
            named={"from": "hybrid", "title": {"sv": "Min egen"}, "lines": 2},
        )
    )
    titles = {name: variant.organisation().title for name, variant in made.items()}
    assert titles["hybrid"] == Text("Hybrid", "Hybrid")
    assert titles["one"] == Text("Hybrid (nattbaser 1)", "Hybrid (night bases 1)")
    assert titles["two"] == Text("Hybrid (baser Varberg, Halmstad, nattbaser 1 +1)",
                                 "Hybrid (bases Varberg, Halmstad, night bases 1 +1)")  # fmt: skip
    assert titles["same"] == Text("Hybrid (same)", "Hybrid (same)")
    assert titles["twin"] == Text("Hybrid (nattbaser 1) (twin)", "Hybrid (night bases 1) (twin)")
    assert titles["named"] == Text("Min egen", "Min egen")
    assert len(set(titles.values())) == len(titles)
    assert all(len(title.sv) <= 80 and len(title.en) <= 80 for title in titles.values())


def test_names_of_models_and_variants_are_names_everywhere() -> None:
    assert all(map(is_model_name, ("hybrid", "h2", "två_nav", "a" * 80)))
    assert not any(
        map(is_model_name, ("", "2h", "a b", "a-b", "a/b", "..", "all", "ALL", "class", "_x", "con", "a" * 81))
    )


# --- what they change -----------------------------------------------------------------------------

OTHER: dict[str, Any] = {
    "limits.planned_share": 0.5,
    "hubs": 1,
    "night_hubs": 1,
    "clusters": 1,
    "jour.hubs": 1,
    "psychiatry.towns": 1,
}
NEEDS: dict[str, dict[str, Any]] = {
    "left.start": {"windows": {"hours_per_week": 100}},  # else the windows take what is left
    "left.end": {"windows": {"hours_per_week": 100}},
    "jour.evening_end": {"jour": {"evening_lines": 1}},
}


def another(key: str, value: Any) -> Any:
    """A value of the setting that is not its own."""
    if key in OTHER:
        return OTHER[key]
    if isinstance(value, str) and re.fullmatch(r"\d\d:\d\d", value):
        return f"{value[:3]}{'15' if value[3:] == '00' else '00'}"
    words = {"nearest": "continuity", "continuity": "nearest", "silo": "network", "network": "silo",
             "everybody": "nearest base", "nearest base": "everybody", "listed": "municipality",
             "municipality": "nearest base", "stand by": "stay", "stay": "stand by", "agreement": "silo"}  # fmt: skip
    if isinstance(value, str):
        return words[value]
    if isinstance(value, list | tuple):
        return ["monday", "friday"]
    if value is None:
        return ["Varberg", "Halmstad", "Laholm"] if key == "stand_by" else 2
    return value + 1


SETTINGS = [(name, key, value) for name in models.names() for key, value in models.find(name).settings]


@pytest.mark.parametrize(("name", "key", "value"), SETTINGS, ids=lambda item: str(item)[:40])
def test_every_setting_changes_the_organisation_and_nothing_else_does(name: str, key: str, value: Any) -> None:
    before = NEEDS.get(key, {}) if name != "central_team" else {}
    changed = {key: ["Varberg", "Halmstad"] if (name, key) == ("central_team", "stand_by") else another(key, value)}
    model = models.declared().models[name]
    old, new = model(**before), model(**before, **changed)
    whole = [(made.pools, made.routes, made.choice, made.sharing, made.acute_demand) for made in (old, new)]
    assert whole[0] != whole[1]
    assert {one for one, two in zip(old.settings, new.settings, strict=True) if one != two} == {
        (key, dict(old.settings)[key])
    }
    variant = found(stated(**{name: nested(changed)}), name)[name]
    said = variant.organisation().description
    title = next(leaf.title for leaf in leaves(model.settings) if leaf.key == key)
    assert f"{title.sv} " in said.sv and f"{title.en} " in said.en


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, value in flat.items():
        *groups, last = key.split(".")
        inside = tree
        for group in groups:
            inside = inside.setdefault(group, {})
        inside[last] = value
    return tree


@pytest.mark.parametrize("name", models.names())
def test_settings_are_titled_once_and_documented(name: str) -> None:
    rows = settings_of(name, models.declared().models[name].settings())
    assert len({row.title.sv for row in rows}) == len({row.title.en for row in rows}) == len(rows)
    assert len(rows) >= 20 or name not in models.FIRST
    for row in rows:
        assert row.about and row.title.sv and row.title.en and not row.changed, row.key
        if row.quality is not None:
            assert row.low is not None and row.high is not None and row.low <= row.plain <= row.high and row.source


def test_what_is_left_of_the_hours_goes_where_it_is_set_to_go() -> None:
    scenario = Scenario()
    world = build_world(scenario)
    for name, pool in (("status_quo", 1), ("vardcentral_led", 0), ("hybrid", 1)):
        model = models.declared().models[name]
        usual, given, none = (
            model(**changes) for changes in ({}, {"windows.hours_per_week": 150}, {"windows.hours_per_week": 0})
        )
        hours = [compile_tables(made, world, scenario) for made in (usual, given, none)]
        assert all(tables.hours_per_week == pytest.approx(1080, rel=0.01) for tables in hours)
        if name != "vardcentral_led":  # there the windows and the day posts are one pool
            assert hours[1].pool_hours_per_week[0] == pytest.approx(150, rel=0.01)
            assert hours[2].pool_hours_per_week[0] == 0
            assert hours[2].pool_hours_per_week[pool] > hours[0].pool_hours_per_week[pool] + 300


@pytest.mark.parametrize("days", [("monday",), ("tuesday", "friday"), ("monday", "tuesday", "wednesday", "thursday")])
def test_windows_lie_on_their_weekdays(days: tuple[str, ...]) -> None:
    scenario = Scenario()
    world = build_world(scenario)
    tables = compile_tables(models.status_quo(**{"windows.weekdays": days, "windows.start": "10:00"}), world, scenario)
    mine = tables.roster.pool == 0
    weekday = world.calendar.weekday[(tables.roster.start[mine] // 1440).astype(int)]
    names = ("monday", "tuesday", "wednesday", "thursday", "friday")
    assert {names[day] for day in np.unique(weekday)} == set(days)
    assert (tables.roster.start[mine] % 1440 <= 600).all()
    alone = Organisation("x", Text("x", "x"), Text("x", "x"), (), ())
    assert alone.settings == () and HomeVisitWindows().weekdays == (0, 1, 2, 3, 4)


def test_an_organisation_made_without_what_the_scenario_states_is_refused() -> None:
    scenario = stated(hybrid={"hubs": 4, "day_start": "8:00", "windows": {"weekdays": ["friday", "Monday"]}})
    with pytest.raises(ScenarioError) as told:
        simulate(scenario, models.hybrid())
    assert [problem.key for problem in told.value.problems] == ["models.hybrid.hubs", "models.hybrid.windows.weekdays"]
    assert "make it by models.of(scenario)" in str(told.value)
    with pytest.raises(ScenarioError, match=r"models\.hybrid\.hubs"):
        compare(scenario, models.all(), 1)


def test_more_bases_reach_acute_patients_sooner() -> None:
    short = {"calendar.weeks": 26, "calendar.warm_up_weeks": 2, "models.hybrid": {"hubs": 4, "night_hubs": 1},
             "models.usual": {"from": "hybrid", "hubs": 3, "night_hubs": 2},
             "models.at_once": {"from": "hybrid", "take_over_min": 0},
             "study.reference": "usual"}  # fmt: skip
    scenario = Scenario().with_changes(short)
    result = compare(scenario, models.of(scenario, ["hybrid", "usual", "at_once"]), 2, jobs=1)
    frame = result.measures
    acute = frame[(frame["measure"] == "response_min") & (frame["class"] == "acute") & (frame["municipality"] == "all")]
    acute = acute[(acute["group"] == "all") & (acute["window"] == "all")]
    mean = acute.groupby("model")["value"].mean()
    assert 28 < mean["hybrid"] < 42 and mean["usual"] > mean["hybrid"] + 10
    assert mean["at_once"] < mean["hybrid"]
    assert list(result.models) == ["hybrid", "usual", "at_once"]
    kept = result.manifest["models"]["at_once"]
    assert kept["model"] == "hybrid" and kept["settings"]["take_over_min"] == 0 and kept["settings"]["hubs"] == 4
    assert result.models["usual"].title.sv == "Hybrid (baser 3, nattbaser 2)"


# --- words ----------------------------------------------------------------------------------------


def test_the_sentence_of_differences_says_settings_in_words(tmp_path: Path) -> None:
    scenario = read(tmp_path, CONTRACT)
    declared = models.declared()
    said = describe_changes(scenario, Scenario(), declared)
    assert said.sv.replace("\u00a0", " ") == (
        "Skiljer sig från standard: modeller hybrid, hybrid_two_night_hubs, status_quo (alla); jämförelsemodell hybrid "
        "(status_quo); Hybrid: baser 4 (3); Hybrid: nattbaser 1 (2); Hybrid: övertagande efter 0 minuter "
        "(60 minuter); även Hybrid (nattbaser 2)."
    )
    assert "; Hybrid: bases 4 (3); Hybrid: night bases 1 (2); " in said.en and said.en.endswith(
        "; also Hybrid (night bases 2)."
    )
    back = describe_changes(Scenario(), scenario, declared)
    assert "Hybrid: baser 3 (4)" in back.sv and back.sv.endswith("; utan Hybrid (nattbaser 2).")
    assert describe_changes(scenario, scenario, declared).en == "No change from “Trial”."
    plain = describe_fields(scenario, Scenario()).sv
    assert "models.hybrid.hubs 4 (som angivet i modellen)" in plain
    other = scenario.with_changes({"models.hybrid_two_night_hubs.night_hubs": 3})
    assert describe_changes(other, scenario, declared).sv.endswith("Hybrid (nattbaser 3): nattbaser 3 (2).")


def test_the_page_of_settings_on_disk_is_the_one_made_from_the_models() -> None:
    text = manual(models.declared())
    stored = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert stored == text, "write docs/settings.md anew: python -m tools.restate"
    for _, key, _ in SETTINGS:
        assert f"* **`{key}`**, " in text


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_new_scenario_loads_with_every_setting_taken_in(tmp_path: Path, lang: str) -> None:
    text = template("prov", models.declared(), lang)
    assert models.of(read(tmp_path, text)) == models.all()
    begin = text.index("# models:\n")
    taken = text[:begin] + re.sub(r"(?m)^# ", "", text[begin:])
    scenario = read(tmp_path, taken)
    made = models.of(scenario)
    assert made[:-1] == models.all() and made[-1].name == "a_variant"
    keys = {key for key, _, _ in changed_fields(scenario, Scenario())} - {"models.a_variant.from"}
    assert keys == {f"models.{name}.{key}" for name, key, value in SETTINGS if value is not None}
    assert all(len(line) <= 120 for line in text.splitlines())


def test_the_schema_holds_every_setting_and_knows_variants() -> None:
    schema = json_schema(models.declared())
    part = schema["properties"]["models"]
    assert list(part["properties"]) == list(models.names())
    hybrid = part["properties"]["hybrid"]
    assert hybrid["additionalProperties"] is False
    assert hybrid["properties"]["hubs"]["default"] == 3 and hybrid["properties"]["hubs"]["title_sv"] == "baser"
    assert {"type": "integer", "minimum": 1, "maximum": 100} in hybrid["properties"]["hubs"]["anyOf"]
    group = hybrid["properties"]["windows"]
    name = (group.get("$ref") or group["allOf"][0]["$ref"]).rpartition("/")[2]
    assert schema["$defs"][name]["properties"]["usual_length_min"]["quality"] == "estimate"
    variants_of = [choice["properties"]["from"].get("const") for choice in part["additionalProperties"]["anyOf"]]
    assert variants_of == [*models.names(), None]
    json.dumps(schema)


# --- the commands ---------------------------------------------------------------------------------


def call(*arguments: str) -> Result:
    result = CliRunner().invoke(make_group(Settings("models")), list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder that is not the project's."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(CONTRACT, encoding="utf-8")
    return tmp_path


def test_models_lists_settings_of_models_and_variants(away: Path) -> None:
    told = json.loads(call("models", "s.yaml", "--json").stdout)["models"]
    assert [row["name"] for row in told] == ["hybrid", "hybrid_two_night_hubs", "status_quo"]
    assert told[1]["from"] == "hybrid" and told[0]["from"] is None
    rows = {row["key"]: row for row in told[0]["settings"]}
    assert (rows["hubs"]["value"], rows["hubs"]["default"], rows["hubs"]["title"]) == (4, 3, "baser")
    assert rows["windows.usual_length_min"]["quality"] == "estimate" and rows["sharing"]["value"] == "silo"
    assert set(rows) == {key for name, key, _ in SETTINGS if name == "hybrid"}
    swedish = call("models", "s.yaml").stdout
    assert re.search(r"(?m)^  \*  hubs +4 +baser$", swedish) and re.search(
        r"(?m)^     lines +1 +linjer per bas$", swedish
    )
    assert "hybrid_two_night_hubs (av hybrid): Hybrid (nattbaser 2) (" in swedish and "monday" not in swedish


def test_describe_assumptions_and_new_know_settings(away: Path) -> None:
    described = call("describe", "s.yaml", "--lang", "en").stdout
    assert "| `hybrid` | `hubs` | bases | **4** | – |" in described
    told = json.loads(call("assumptions", "s.yaml", "--json").stdout)["settings"]
    assert {(row["model"], row["key"]) for row in told} >= {("status_quo", "lmh_lines"), ("hybrid", "palliative.lines")}
    assert all(row["source"] and row["quality"] in ("measured", "published", "estimate") for row in told)
    assert "models.status_quo.lmh_lines" in call("assumptions").stdout
    assert call("new", "prov").exit_code == 0
    assert "#     hubs: 3" in (away / "scenarios" / "prov.yaml").read_text(encoding="utf-8")


def test_wrong_settings_are_wrong_use_with_their_place(away: Path) -> None:
    (away / "s.yaml").write_text("demand: {scale: -1}\nmodels:\n  hybrid: {hubz: 4}\n", encoding="utf-8")
    for command in ("compare", "validate", "describe", "models", "assumptions"):
        result = call(command, "s.yaml", "--lang", "en")
        assert result.exit_code == 2, (command, result.output)
        lines = result.stderr.splitlines()
        assert lines[0].startswith("s.yaml:1:17: demand.scale: must be a number from 0 to 20")
        assert lines[1] == "s.yaml:3:12: models.hybrid.hubz: unknown key; did you mean hubs?"
    (away / "s.yaml").write_text("models: {hybrid: {hubs: 9}}\n", encoding="utf-8")
    result = call("validate", "s.yaml", "--lang", "en")
    assert result.exit_code == 2 and "9 hubs asked for in a region of 6 municipalities" in result.stderr


def test_what_comes_with_the_program_is_found_from_any_folder(away: Path) -> None:
    told = json.loads(call("models", "year_2030", "--json", "--models", "hybrid").stdout)["models"]
    assert told[0]["name"] == "hybrid"
    (away / "mine.yaml").write_text("extends: july.yaml\nmodels: {hybrid: {hubs: 2}}\n", encoding="utf-8")
    scenario = load_scenario(away / "mine.yaml")
    assert scenario.staffing.hours_per_week == 864 and scenario.models["hybrid"]["hubs"] == 2
    assert call("models", "mine", "--models", "hybrid", "--lang", "en").stdout.startswith("hybrid: Hybrid (")
    (away / "july.yaml").write_text("staffing: {hours_per_week: 900}\n", encoding="utf-8")
    assert load_scenario(away / "mine.yaml").staffing.hours_per_week == 900  # the one beside it goes first
    assert json.loads(call("assumptions", "july", "--json").stdout)["scenario"] == "july"
    call("new", "year_2030")
    assert (away / "scenarios" / "year_2030.yaml").is_file()
    missing = call("models", "yaer_2030", "--lang", "en")
    assert missing.exit_code == 2 and "did you mean year_2030" in missing.stderr
    nowhere = call("models", str(Path("no") / "year_2030"), "--lang", "en")
    assert nowhere.exit_code == 2 and "no such file" in nowhere.stderr


def test_a_declared_collection_keeps_order_and_names() -> None:
    declared = models.declared()
    assert tuple(declared.models)[: len(models.FIRST)] == models.FIRST and not declared.faults
    again = Declared.of(models.all())
    assert [model() for model in again.models.values()] != [] and again.models["hybrid"].settings.model_fields == {}
