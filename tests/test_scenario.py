"""The scenario room: reading, refusing, extending, changing, describing, and the text made from the fields."""

from __future__ import annotations

import json
import math
import os
import pickle
import re
from pathlib import Path
from typing import Any

import annotated_types as bound
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutants import guard, printable
from pydantic import ValidationError

from sim.errors import ScenarioError
from sim.language.wordlist import one_language
from sim.scenario import (
    Scenario,
    assumptions,
    changed_fields,
    describe_changes,
    fields,
    head_of,
    in_full,
    json_schema,
    load_scenario,
    manual,
    resolved,
    template,
)
from sim.scenario.demand import acute_shares
from sim.scenario.fields import leaves, value_of
from sim.scenario.meanings import declared, meaning, one_line
from sim.scenario.template import _OFFERED, _STATED
from sim.text import Text

ROOT = Path(__file__).resolve().parent.parent
HALLAND = ROOT / "scenarios" / "halland.yaml"


def write(folder: Path, text: str | bytes, name: str = "my.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(path: Path) -> list[str]:
    """The problems of a file that must be refused, with the folder left out."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    return [str(problem).replace(str(path.parent) + "/", "") for problem in caught.value.problems]


# --- files that must be refused: text, then every problem as it is printed (a prefix and what it must hold)

BROKEN: list[tuple[str, str | bytes, list[tuple[str, str]]]] = [
    ("unknown key", "demand:\n  scael: 2\n", [("my.yaml:2:3: demand.scael: unknown key", "mean demand.scale?")]),
    ("key at the wrong level", "scale: 2\n", [("my.yaml:1:1: scale: unknown key here", "mean demand.scale?")]),
    ("key of several groups", "on_scene_cv: 1\n", [("my.yaml:1:1: on_scene_cv: unknown", "classes.A1, classes.A2")]),
    ("letter case", "classes:\n  a1:\n    target_min: 5\n", [("my.yaml:2:3: classes.a1: ", "classes.A1?")]),
    ("nothing like it", "study:\n  xyzzy: 1\n", [("my.yaml:2:3: study.xyzzy: ", "the keys here are seed, repl")]),
    ("text for a number", "study:\n  replications: ten\n",
     [("my.yaml:2:17: study.replications: must be a whole number from 1", "got 'ten'")]),
    ("fraction for a count", "calendar: {weeks: 1.5}\n", [("my.yaml:1:19: calendar.weeks: must be a whole n", "1.5")]),
    ("too low", "study:\n  replications: 0\n", [("my.yaml:2:17: study.replications: must be", "from 1 to")]),
    ("too high", "demand:\n  acute_mix:\n    A1: 1.5\n", [("my.yaml:3:9: demand.acute_mix.A1: must", "1, got 1.5")]),
    ("negative spread", "travel: {cv: -0.1}\n", [("my.yaml:1:14: travel.cv: must be", "from 0 to 5, got -0.1")]),
    ("not a number", "demand:\n  scale: .nan\n", [("my.yaml:2:10: demand.scale: must be a number", "got nan")]),
    ("infinite", "demand:\n  scale: .inf\n", [("my.yaml:2:10: demand.scale: must be a number", "got inf")]),
    ("too large for a float", "travel:\n  cv: 1e999\n", [("my.yaml:2:7: travel.cv: must be a number", "got inf")]),
    ("quoted number", 'demand:\n  scale: "1.1"\n', [("my.yaml:2:10: demand.scale: ", "take away the quotes")]),
    ("decimal comma", "demand:\n  scale: 1,1\n", [("my.yaml:2:10: demand.scale: ", "write 1.1 with a decimal point")]),
    ("per cent", "demand: {acute_mix: {A1: 10 %}}\n", [("my.yaml:1:26: demand.acute_mix.A1: ", "write 0.1")]),
    ("truth for a number", "travel:\n  cv: true\n", [("my.yaml:2:7: travel.cv: must be a number", "got true")]),
    ("no value", "demand:\n  scale:\n", [("my.yaml:2:3: demand.scale: ", "0 to 20, got nothing")]),
    ("list for a number", "demand:\n  scale: [1]\n", [("my.yaml:2:10: demand.scale: must be a number", "got a list")]),
    ("value for a group", "demand: 1.1\n", [("my.yaml:1:9: demand: must be a group of keys (scale, ", "got 1.1")]),
    ("number for text", "title:\n  sv: 2024\n", [("my.yaml:2:7: title.sv: must be text", "put it in quotes")]),
    ("not a Monday", "calendar:\n  start: 2024-01-02\n",
     [("my.yaml:2:10: calendar.start: must be a Monday", "write 2024-01-01 or 2024-01-08")]),
    ("no such day", "calendar:\n  start: 2024-02-30\n", [("my.yaml:2:10: calendar.start: ", "got '2024-02-30'")]),
    ("number for a day", "calendar:\n  start: 20240101\n", [("my.yaml:2:10: calendar.start: ", "20240101")]),
    ("clock time for a day", "calendar:\n  start: 2024-01-01 00:00:00\n", [("my.yaml:2:10: calendar.start: ", "date")]),
    ("shares do not add up", "demand:\n  acute_mix:\n    A1: 0.2\n    A3: 0.55\n",
     [("my.yaml:2:3: demand.acute_mix: the shares must add up to 1", "0.2 + 0.35 + 0.55 is 1.1")]),
    ("nothing is left", "demand: {acute_mix: {A1: 0.7}}\n",
     [("my.yaml:1:10: demand.acute_mix: ", "A1 and A2 alone are 1.05")]),
    ("refused twice", "organisation:\n  refused_to_vardcentral: 0.8\n  refused_to_ed: 0.3\n",
     [("my.yaml:1:1: organisation: refused_to_vardcentral and refused_to_ed", "0.8 + 0.3 is 1.1")]),
    ("no models", "study:\n  models: []\n", [("my.yaml:2:11: study.models: must be a list", "an empty list")]),
    ("model twice", "study:\n  models: [a, b, a]\n", [("my.yaml:2:11: study.models: ", "once, a is there")]),
    ("one model as text", "study:\n  models: hybrid\n", [("my.yaml:2:11: study.models: ", "write [hybrid]")]),
    ("model without name", "study:\n  models: [a, 3]\n", [("my.yaml:2:15: study.models[1]: ", "a name, got 3")]),
    ("wrong word", "organisation:\n  sharing: sillo\n", [("my.yaml:2:12: organisation.sharing: ", "mean silo?")]),
    ("matrix not named", "travel:\n  method: matrix\n", [("my.yaml:2:11: travel.method: ", "write matrix: FILE")]),
    ("matrix not there", "travel:\n  matrix: m.csv\n", [("my.yaml:2:11: travel.matrix: no such file", "m.csv")]),
    ("region not there", "region: hallnd\n", [("my.yaml:1:9: region: no region folder", "did you mean halland?")]),
    ("key twice", "demand:\n  scale: 1\n  scale: 2\n", [("my.yaml:3:3: demand.scale: ", "first on line 2; keep one")]),
    ("group twice", "study:\n  seed: 1\ndemand:\n  scale: 1\nstudy:\n  seed: 2\n", [("my.yaml:5:1: study", "line 1")]),
    ("tab", "demand:\n\tscale: 1\n", [("my.yaml:2:1: ", "use spaces")]),
    ("bad indentation", "demand:\n  scale: 1\n   cv: 2\n", [("my.yaml:3:6: ", "indented like its neighbours")]),
    ("quotes left open", 'title:\n  sv: "Hej\n', [("my.yaml:", "close them")]),
    ("two documents", "title: {sv: a}\n---\ntitle: {sv: b}\n", [("my.yaml:2:1: ", "one document")]),
    ("python tag", "title: !!python/object:os.system {}\n", [("my.yaml:1:8: title: the tag ", "is not used")]),
    ("merge key", "x: &a {scale: 1}\ndemand:\n  <<: *a\n",
     [("my.yaml:1:1: x: unknown key", ""), ("my.yaml:3:3: demand.<<: merge keys", "extends")]),
    ("refers to itself", "demand: &a\n  G1: *a\n", [("my.yaml:", "refers to itself")]),
    ("far too deep", "a: " + "[" * 700 + "]" * 700, [("my.yaml:1:15: ", "nested far too deeply")]),
    ("a key that is a list", "? [a, b]\n: 1\n", [("my.yaml:1:3: ", "a key must be a word")]),
    ("empty", "", [("my.yaml:1:1: ", "is empty")]),
    ("only comments", "# nothing\n", [("my.yaml:1:1: ", "is empty")]),
    ("a list", "- demand\n", [("my.yaml:1:1: ", "holds a list")]),
    ("plain text", "hello\n", [("my.yaml:1:1: ", "text without keys")]),
    ("Latin-1", "title:\n  sv: Hembesök\n".encode("latin-1"), [("my.yaml:2:13: ", "save the file as UTF-8")]),
    ("UTF-16", "title: {sv: a}\n".encode("utf-16"), [("my.yaml:1:1: ", "save the file as UTF-8")]),
    ("control character", "title:\n  sv: a\x07b\n", [("my.yaml:2:8: ", "U+0007")]),
    ("extends in a group", "demand:\n  extends: a.yaml\n", [("my.yaml:2:3: demand.extends: ", "top of a file")]),
    ("extends a number", "extends: 3\n", [("my.yaml:1:10: extends: must be the name", "got 3")]),
    ("extends nothing there", "extends: nope.yaml\n", [("my.yaml:1:10: extends: ", "nope.yaml: no such file")]),
    ("extends itself", "extends: my.yaml\n", [("my.yaml:1:10: extends: ", "my.yaml -> my.yaml")]),
    ("an escape beyond the letters", 'title:\n  sv: "\\U99999999"\n', [("my.yaml:2:8: ", "no character \\U99999999")]),
    ("half a letter", 'title:\n  sv: "a\\uD800"\n', [("my.yaml:2:7: title.sv: ", "U+D800")]),
    ("an escaped control", 'title:\n  sv: "\\e[31m"\n', [("my.yaml:2:7: title.sv: ", "U+001B")]),
    ("NUL in a file", "title:\n  sv: a\0b\n", [("my.yaml:2:8: ", "NUL")]),
    ("NUL in a name", 'extends: "a\\0.yaml"\n', [("my.yaml:1:10: extends: ", "U+0000"), ("my.yaml:1:10: ", "a.yaml")]),
    ("5 000 digits", "study:\n  seed: " + "9" * 5000 + "\n", [("my.yaml:2:9: study.seed: must be", "got inf")]),
    ("5 000 hex digits", "demand:\n  scale: -0x" + "f" * 5000, [("my.yaml:2:10: demand.scale: ", "got -inf")]),
    ("a long text", "title: {sv: " + "x" * 200_000 + "}\n", [("my.yaml:1:13: title.sv: is 200000", "at most 2000")]),
    ("a long key", "y" * 200_000 + ": 1\n", [("my.yaml:1:200001: ", "")]),
    ("a name too long", "extends: " + "x" * 300 + "\n", [("my.yaml:1:10: extends: ", "name is too long")]),
    ("a region's name too long", "region: " + "x" * 300 + "\n", [("my.yaml:1:9: region: no region", "'xxx")]),
    ("a device for a matrix", "travel: {matrix: /dev/zero}\n", [("my.yaml:1:18: travel.matrix: ", "no ordinary file")]),
    ("no matrix", "travel: {method: matrix}\n", [("my.yaml:1:18: travel.method: ", "write matrix: FILE")]),
    ("large", "# " + "x" * 300_000 + "\n", [("my.yaml: ", "is larger than 256 kB")]),
    ("everything at once", "demand:\n  scale: -1\ncalendar:\n  weeks: 0\n  start: 2024-01-03\nregion: hallnd\nfoo: 1\n",
     [("my.yaml:2:10: demand.scale", ""), ("my.yaml:4:10: calendar.weeks", ""), ("my.yaml:5:10: calendar.start", ""),
      ("my.yaml:6:9: region", ""), ("my.yaml:7:1: foo", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_broken_file_is_refused_with_place_and_advice(
    tmp_path: Path, text: str | bytes, expected: list[tuple[str, str]]
) -> None:
    problems = refused(write(tmp_path, text))
    assert len(problems) == len(expected), problems
    for problem, (start, held) in zip(problems, expected, strict=True):
        assert problem.startswith(start)
        assert held in problem
        assert "pydantic" not in problem and "Input should" not in problem


def test_missing_file_suggests_a_neighbour(tmp_path: Path) -> None:
    write(tmp_path, "title: {sv: a}\n", "winter.yaml")
    assert refused(tmp_path / "wintr.yaml") == ["wintr.yaml: no such file; did you mean winter.yaml?"]


def test_a_folder_is_not_a_scenario(tmp_path: Path) -> None:
    write(tmp_path, "title: {sv: a}\n", "winter.yaml")
    with pytest.raises(ScenarioError, match=r"is a folder, not a scenario file; name a file in it: winter\.yaml"):
        load_scenario(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such files")
@pytest.mark.parametrize("how", ["", "extends: odd.yaml\n", "travel: {matrix: odd.yaml}\n"])
@pytest.mark.parametrize("kind", ["pipe", "loop", "device", "folder"])
def test_what_is_no_ordinary_file_is_refused_at_once(tmp_path: Path, kind: str, how: str) -> None:
    odd = tmp_path / "odd.yaml"
    if kind == "pipe":
        os.mkfifo(odd)
    elif kind == "folder":
        odd.mkdir()
    else:
        odd.symlink_to({"loop": "odd.yaml", "device": "/dev/zero"}[kind])
    path = write(tmp_path, how) if how else odd
    said = {"pipe": "no ordinary file", "loop": "in a circle", "device": "no ordinary file", "folder": "is a folder"}
    with guard(5):
        (problem,) = refused(path)
    assert said[kind] in problem and problem.startswith("my.yaml:1:" if how else "odd.yaml: ")


@pytest.mark.parametrize("name", ["a\0b.yaml", "\ud800.yaml", "x" * 300 + ".yaml", "x/" * 3000 + "y.yaml"])
def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScenarioError, match="name") as caught:
        load_scenario(tmp_path / name)
    assert printable(str(caught.value))


def test_a_long_chain_of_files_is_stopped(tmp_path: Path) -> None:
    for number in range(40):
        write(tmp_path, f"extends: {number + 1}.yaml\n", f"{number}.yaml")
    assert refused(tmp_path / "0.yaml") == ["19.yaml:1:10: extends: goes through more than 20 files; extend fewer"]


def test_many_problems_are_counted_and_the_first_hundred_said(tmp_path: Path) -> None:
    with guard(5):
        problems = refused(write(tmp_path, "".join(f"key{n}: 1\n" for n in range(5000))))
    assert len(problems) == 101 and problems[-1] == "my.yaml: and 4900 problems more; mend these first"


def test_a_line_break_in_a_value_is_a_space_and_what_is_repeated_is_on_one_line(tmp_path: Path) -> None:
    path = write(tmp_path, 'title:\n  sv: "a\\n\\tb"\n  en: |\n    c\n    d\n')
    assert tuple(load_scenario(path).title.model_dump().values()) == ("a b", "c d")
    (problem,) = refused(write(tmp_path, 'organisation:\n  sharing: "si\\nlo"\n'))
    assert printable(problem) and "'si lo'" in problem


@pytest.mark.parametrize(
    ("text", "matrix"),
    [
        ("travel: {matrix: m.csv}\n", "m.csv"),
        ("travel: {method: matrix, matrix: m.csv}\n", "m.csv"),
        ("travel: {method: formula}\n", None),
    ],
)
def test_one_field_says_where_travel_comes_from(tmp_path: Path, text: str, matrix: str | None) -> None:
    write(tmp_path, "from,to,minutes,km\n", "m.csv")
    scenario = load_scenario(write(tmp_path, text))
    assert scenario.travel.matrix == matrix
    assert changed_fields(scenario, Scenario()) == ([("travel.matrix", None, "m.csv")] if matrix else [])
    if matrix:
        assert describe_changes(scenario, Scenario()).en.endswith(": travel matrix m.csv (none: by the formula).")


def test_a_method_that_contradicts_the_matrix_is_refused_where_it_stands(tmp_path: Path) -> None:
    write(tmp_path, "from,to,minutes,km\n", "m.csv")
    write(tmp_path, "travel:\n  method: formula\n", "base.yaml")
    (problem,) = refused(write(tmp_path, "extends: base.yaml\ntravel: {matrix: m.csv}\n"))
    assert problem.startswith("base.yaml:2:11: travel.method: the field is gone; write matrix: FILE")
    assert Scenario.model_validate({"travel": {"method": "formula", "matrix": None}}) == Scenario()  # as once stored
    with pytest.raises(ScenarioError, match=r"change: travel\.method: the field is gone"):
        Scenario().with_changes({"travel.method": "matrix"})


def test_an_alias_bomb_is_stopped(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "far too large" in refused(write(tmp_path, "\n".join(lines)))[0]


# --- files that must be read ----------------------------------------------------------------------


def test_yaml_1_2_words_and_numbers(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, "title: {sv: no, en: 'yes'}\nstudy: {seed: 0123, models: [no, off]}\n"))
    assert scenario.title.sv == "no"
    assert scenario.study.seed == 123
    assert scenario.study.models == ("no", "off")


@pytest.mark.parametrize(
    "text", ["\ufefftitle: {sv: å}\n", "title:\r\n  sv: å\r\n", "title: {sv: å}\ndemand:\nstudy:\n"]
)
def test_byte_order_mark_windows_lines_and_empty_groups_are_read(tmp_path: Path, text: str) -> None:
    scenario = load_scenario(write(tmp_path, text))
    assert scenario.title.get("en") == "å"
    assert scenario.demand == Scenario().demand


def test_the_shipped_default_states_the_default_in_full() -> None:
    stated = load_scenario(HALLAND)
    assert changed_fields(stated, Scenario()) == []
    assert stated.title.sv and stated.title.en and stated.question.sv and stated.question.en
    text = HALLAND.read_text(encoding="utf-8")
    assert text == in_full(head_of(text)), "write scenarios/halland.yaml anew: python -m tools.restate"
    for leaf in leaves(Scenario):
        assert re.search(rf"^\s*{leaf.key.rpartition('.')[2]}:", text, re.MULTILINE), leaf.key
    assert stated.folder == HALLAND.parent


# --- extends --------------------------------------------------------------------------------------


def test_extends_merges_groups_and_replaces_lists_over_several_files(tmp_path: Path) -> None:
    write(tmp_path, "demand:\n  scale: 1.2\n  G1: {acute_per_year: 1, planned_per_year: 2}\n"
          "study: {models: [a, b], seed: 7}\n", "lib/base.yaml")  # fmt: skip
    write(tmp_path, "extends: lib/base.yaml\ndemand:\n  G1: {acute_per_year: 3}\nstudy:\n", "middle.yaml")
    scenario = load_scenario(write(tmp_path, "extends: middle.yaml\nstudy: {models: [c]}\n"))
    demand = scenario.demand
    assert (demand.scale, demand.G1.acute_per_year, demand.G1.planned_per_year) == (1.2, 3, 2)
    assert (scenario.study.models, scenario.study.seed) == (("c",), 7)
    assert scenario.folder == tmp_path


def test_a_wrong_value_is_reported_in_the_file_where_it_stands(tmp_path: Path) -> None:
    write(tmp_path, "# base\ndemand:\n  scale: -1\n  heterogeneity_cv: -1\n", "base.yaml")
    path = write(tmp_path, "extends: base.yaml\ndemand:\n  heterogeneity_cv: 1\ntravel: {cv: 9}\n")
    problems = refused(path)
    assert [problem.split(": must")[0] for problem in problems] == [
        "my.yaml:4:14: travel.cv", "base.yaml:3:10: demand.scale"]  # fmt: skip


def test_a_fault_in_the_base_is_reported_there(tmp_path: Path) -> None:
    write(tmp_path, "demand: [\n", "base.yaml")
    assert refused(write(tmp_path, "extends: base.yaml\n"))[0].startswith("base.yaml:")


def test_a_circle_names_its_files(tmp_path: Path) -> None:
    write(tmp_path, "title: {sv: b}\nextends: my.yaml\n", "b.yaml")
    assert refused(write(tmp_path, "extends: b.yaml\n")) == [
        "b.yaml:2:10: extends: goes round in a circle: my.yaml -> b.yaml -> my.yaml; take away one extends"
    ]


def test_a_matrix_named_in_a_base_elsewhere_is_found_from_the_new_file(tmp_path: Path) -> None:
    write(tmp_path, "from,to,minutes,km\n", "lib/m.csv")
    write(tmp_path, "travel: {method: matrix, matrix: m.csv}\n", "lib/base.yaml")
    scenario = load_scenario(write(tmp_path, "extends: ../lib/base.yaml\n", "own/my.yaml"))
    assert scenario.folder is not None and scenario.travel.matrix is not None
    assert (scenario.folder / scenario.travel.matrix).resolve() == tmp_path / "lib" / "m.csv"


# --- changes in Python ----------------------------------------------------------------------------


def test_with_changes_leaves_the_old_one_and_keeps_the_rest() -> None:
    old = load_scenario(HALLAND)
    new = old.with_changes({"demand.scale": 1.1, "title": Text("a", "b"), "demand.acute_mix": {"A1": 0.2, "A2": 0.3}})
    assert old.demand.scale == 1.0
    assert (new.demand.scale, new.title.en, new.demand.acute_mix.A3) == (1.1, "b", None)
    assert acute_shares(new.demand.acute_mix) == (0.2, 0.3, 0.5)
    stated = old.with_changes({"demand.acute_mix": {"A1": 0.2, "A2": 0.25, "A3": 0.55}})
    assert acute_shares(stated.demand.acute_mix) == (0.2, 0.25, 0.55)
    assert new.folder == old.folder
    assert new.with_changes({"demand": old.demand}).demand == old.demand


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"demand.scael": 2}, "change: demand.scael: unknown key; did you mean demand.scale?"),
        ({"demand.scale.more": 2}, "change: demand.scale: must be a number from 0 to 20"),
        ({"demand": 3}, "change: demand: must be a group of keys"),
        ({"calendar.start": "2024-01-02"}, "2024-01-02 is a Tuesday"),
        ({"study.seed": 1, "scale": 1, "study.replications": 0}, "study.replications: must be"),
        ({"demand.acute_mix.A1": 0.7}, "demand.acute_mix: the shares must add up to 1"),
        ({"folder": "x"}, "change: folder: unknown key"),
        ({"": 1}, "change: unknown key"),
    ],
)
def test_a_wrong_change_is_refused_in_words(changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario().with_changes(changes)
    assert expected in str(caught.value)
    assert all(problem.line == 0 for problem in caught.value.problems)


def _within(leaf_field: Any) -> st.SearchStrategy[Any]:
    """Any value inside the declared hard bounds of a numeric field."""
    limits = {type(item): item for item in leaf_field.metadata}
    ge, gt = limits.get(bound.Ge), limits.get(bound.Gt)
    le, lt = limits.get(bound.Le), limits.get(bound.Lt)
    low, high = (ge.ge if ge else gt.gt), (le.le if le else lt.lt)  # type: ignore[union-attr]
    if leaf_field.annotation is int:
        return st.integers(low, high)
    return st.floats(low, high, exclude_min=ge is None, exclude_max=le is None)


NUMERIC = {
    leaf.key: leaf.field
    for leaf in leaves(Scenario)
    if leaf.field.annotation in (int, float)
    and not leaf.key.startswith(("demand.acute_mix.", "organisation.refused_to_"))
}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(sorted(NUMERIC)), unique=True, max_size=8).flatmap(
        lambda keys: st.fixed_dictionaries({key: _within(NUMERIC[key]) for key in keys})
    )
)
def test_any_change_within_the_bounds_is_a_valid_scenario(changes: dict[str, Any]) -> None:
    scenario = Scenario().with_changes(changes)
    assert {key: value_of(scenario, key) for key in changes} == changes
    assert Scenario.model_validate(resolved(scenario)) == scenario
    differing = {key for key, _, _ in changed_fields(scenario, Scenario())}
    assert differing == {key for key, value in changes.items() if value != value_of(Scenario(), key)}
    if differing:
        for lang in ("sv", "en"):  # two different values never look the same
            for part in describe_changes(scenario, Scenario()).get(lang).split("; "):
                assert re.search(r"^(.*) (\S.*) \((.*)\)", part)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(NUMERIC)), st.sampled_from([math.nan, math.inf, -math.inf, -1, "x", True, None, [1], {}]))
def test_any_change_outside_the_bounds_is_refused(key: str, value: Any) -> None:
    with pytest.raises(ScenarioError, match=re.escape(key)):
        Scenario().with_changes({key: value})


# --- a value among values -------------------------------------------------------------------------


def test_a_scenario_is_frozen_hashable_and_picklable() -> None:
    scenario = load_scenario(HALLAND)
    with pytest.raises(ValidationError):
        scenario.demand.scale = 2.0
    assert hash(Scenario()) == hash(Scenario().with_changes({"demand.scale": 1}))
    twin = pickle.loads(pickle.dumps(scenario))
    assert twin == scenario and twin.folder == scenario.folder


def test_resolved_is_plain_sorted_and_independent_of_the_way_there(tmp_path: Path) -> None:
    as_text = json.dumps(resolved(Scenario()))
    assert json.loads(as_text) == resolved(Scenario())
    assert as_text == json.dumps(resolved(Scenario()), sort_keys=True)
    stated = load_scenario(write(tmp_path, "calendar: {start: 2024-01-01}\nstaffing: {hours_per_week: 1080}\n"))
    assert json.dumps(resolved(stated)) == as_text
    assert Scenario.model_validate(json.loads(as_text)) == Scenario()


def test_the_default_has_the_agreed_values() -> None:
    s = Scenario()
    assert s.region == "halland" and s.calendar.start.isoformat() == "2024-01-01" and s.study.models is None
    assert (s.calendar.warm_up_weeks, s.calendar.weeks, s.study.seed, s.study.replications) == (6, 52, 2024, 100)
    assert (s.demand.scale, s.demand.heterogeneity_cv) == (1.0, 0.8)
    assert (s.classes.A3.patience.ed_share, s.classes.A3.patience.ed_shape, s.classes.A1.patience.deadline_min) == (
        0.15, 1.5, 120)  # fmt: skip
    assert [s.classes.A1.target_min, s.classes.A2.target_min, s.classes.A3.target_min] == [60, 120, 360]
    assert (s.classes.P.window_days, s.staffing.hours_per_week, s.organisation.sharing) == (14, 1080, None)


# --- sentences and registers ----------------------------------------------------------------------


def test_the_sentence_of_differences() -> None:
    default = Scenario()
    changed = default.with_changes(
        {"demand.scale": 1.1, "staffing.hours_per_week": 12345.5, "classes.A1.on_scene_mean_min": 60, "title.sv": "X",
         "study.models": ["hybrid"], "organisation.sharing": "network", "study.confidence": 0.9, "study.seed": 20241}
    )  # fmt: skip
    words = describe_changes(changed, default)
    assert words.sv.replace("\u00a0", "_") == (
        "Skiljer sig från standard: slumpfrö 20241 (2024); modeller hybrid (alla); konfidensgrad 90_% (95_%); "
        "efterfrågan × 1,10 (1,00); A1 tid på plats, medel 60 minuter (40 minuter); "
        "läkartimmar 12_345,5 timmar i veckan (1_080 timmar i veckan); "
        "samverkan över gränser nätverk (enligt modellen)."
    )
    assert words.en.startswith("Differs from the default: seed 20241 (2024); models hybrid (all); confidence level 90%")
    assert "physician-hours 12,345.5 hours a week" in words.en
    assert describe_changes(default.with_changes({"title.sv": "X"}), default) == Text(
        "Ingen skillnad mot standard.", "No change from the default."
    )
    named = changed.with_changes({"title.en": "Winter", "title.sv": "Vinter"})
    assert describe_changes(default, named).en.startswith("Differs from “Winter”: ")
    assert changed_fields(changed, default)[0] == ("study.seed", 2024, 20241)


def test_the_assumption_register_marks_what_was_changed() -> None:
    changes = {"demand.scale": 1.6, "travel.weather_factor": 1.25}
    rows = {row.key: row for row in assumptions(Scenario().with_changes(changes))}
    assert rows["demand.scale"].changed and rows["demand.scale"].default == 1.0
    assert not rows["demand.scale"].outside  # a decision: nobody is wrong to ask
    assert rows["travel.weather_factor"].changed and rows["travel.weather_factor"].outside
    assert not rows["travel.cv"].changed and not rows["travel.cv"].outside
    assert rows["demand.G1.acute_per_year"].title == Text(
        "G1 akuta besök per inskriven", "G1 acute visits per enrolled person"
    )
    for row in rows.values():
        assert row.low <= row.default <= row.high
        assert row.source and row.quality in ("measured", "published", "estimate")
        assert not row.source.startswith("project") or row.quality == "estimate"


def test_every_field_is_documented_and_titled_once() -> None:
    titles = [leaf.title for leaf in leaves(Scenario) if not leaf.key.startswith(("title.", "question."))]
    assert len(set(titles)) == len(titles)  # a sentence of differences must not be ambiguous
    for leaf in leaves(Scenario):
        assert leaf.field.description, leaf.key
        assert leaf.title.sv and leaf.title.en


def test_what_fields_mean_in_swedish_stands_once_and_for_all_that_the_template_offers() -> None:
    swedish = one_language(Path(fields.__file__).with_name("fields"), "sv")
    first: dict[str, str] = {}  # what is said in English to the key that says it
    for key, field in declared(Scenario):
        first.setdefault(one_line(field.description), key)
    strangers = set(swedish) - set(first.values())
    assert strangers == set(), "no field of that name says something new: take the line out of fields.sv.toml"
    for key in (*_STATED, *_OFFERED):
        assert first[meaning(key).en] in swedish, f"{key}: say what it means in sim/scenario/fields.sv.toml"
        assert swedish[first[meaning(key).en]] == meaning(key).sv
    assert meaning("classes.A3.triage_cv") == meaning("classes.A1.triage_cv")


def test_json_schema_fits_the_default() -> None:
    schema = json_schema()
    json.dumps(schema)
    assert schema["properties"]["extends"]["type"] == "string"
    scale = schema["$defs"]["Demand"]["properties"]["scale"]
    assert (scale["unit"], scale["low"], scale["high"], scale["quality"], scale["minimum"], scale["maximum"]) == (
        "factor", 0.7, 1.5, "estimate", 0, 20)  # fmt: skip
    assert scale["source"] and scale["description"]
    _conforms(resolved(Scenario()), schema, schema, "")
    with pytest.raises(AssertionError):
        _conforms({"demand": {"scale": -1}}, schema, schema, "")
    with pytest.raises(AssertionError):
        _conforms({"demand": {"scael": 1}}, schema, schema, "")


def _conforms(value: Any, rule: dict[str, Any], schema: dict[str, Any], where: str) -> None:
    """A small reading of JSON Schema: enough for the keywords that a scenario's schema uses."""
    if "$ref" in rule:
        rule = schema["$defs"][rule["$ref"].rpartition("/")[2]]
    if "anyOf" in rule:
        if value is None:
            assert {"type": "null"} in rule["anyOf"], where
            return
        rule = next(choice for choice in rule["anyOf"] if choice != {"type": "null"})
        return _conforms(value, rule, schema, where)
    kinds: dict[str, Any] = {
        "boolean": bool,
        "object": dict,
        "string": str,
        "number": (int, float),
        "integer": int,
        "array": list,
    }
    if "type" in rule:
        assert isinstance(value, kinds[rule["type"]]), where
    if "enum" in rule:
        assert value in rule["enum"], where
    if "minimum" in rule:
        assert value >= rule["minimum"], where
    if "maximum" in rule:
        assert value <= rule["maximum"], where
    if rule.get("type") == "object" and where == ".models":  # their settings: see test_settings.py
        assert set(rule["additionalProperties"]["type"]) == {"object", "null"}
    elif rule.get("type") == "object" and where == ".plausible":  # see test_worlds.py
        assert set(rule["additionalProperties"]["type"]) == {"object", "array", "string", "null"}
    elif rule.get("type") == "object":
        assert rule["additionalProperties"] is False
        for name, inner in value.items():
            assert name in rule["properties"], f"{where}.{name}"
            _conforms(inner, rule["properties"][name], schema, f"{where}.{name}")


def test_the_schema_speaks_to_editors_in_either_language() -> None:
    sv, en = json_schema("sv"), json_schema("en")
    of = lambda schema: schema["$defs"]["Demand"]["properties"]["scale"]  # noqa: E731
    assert of(sv)["title"] == "efterfrågan" and of(en)["title"] == "demand"
    assert of(sv)["description"].startswith("Faktor på varje takt") and of(en)["description"].startswith("Factor on")
    assert "title_sv" not in json.dumps(sv)


# --- text made from the fields --------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("name", ["winter", 'Tio % "fler": ja # så', "två\nrader", "emoji 🚑", "\x07", ""])
def test_the_template_loads_as_it_stands(tmp_path: Path, name: str, lang: str) -> None:
    scenario = load_scenario(write(tmp_path, template(name, lang)))
    assert changed_fields(scenario, Scenario()) == []
    if name.isprintable() and name:
        assert scenario.title.sv == name


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_template_loads_with_every_offered_line_taken_in(tmp_path: Path, lang: str) -> None:
    names = {part for leaf in leaves(Scenario) for part in leaf.key.split(".")}
    text, taken = re.subn(rf"(?m)^(\s*)# (\s*(?:{'|'.join(sorted(names))}):(?: \S+)?)$", r"\1\2", template("x", lang))
    assert taken >= 12
    scenario = load_scenario(write(tmp_path, text))
    assert changed_fields(scenario, Scenario()) == []
    assert all(len(line) <= 120 for line in text.splitlines())


def test_the_manual_on_disk_is_the_one_made_from_the_fields() -> None:
    text = manual()
    stored = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    assert stored == text, "write docs/scenarios.md anew: python -m tools.restate"
    for leaf in leaves(Scenario):
        assert f"**`{leaf.key}`**" in text
