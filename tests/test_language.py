"""The room for language: numbers, dates, units, the nearest word, tables; both languages whole and kept apart."""

from __future__ import annotations

import ast
import datetime as dt
import math
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.errors import FieldError, OrganisationError, Problem, ScenarioError
from sim.language.nearest import did_you_mean, nearest
from sim.language.numbers import MONTHS, SHORT_WEEKDAYS, WEEKDAYS, between, day, level, number, percent, plain, said
from sim.language.tables import aligned, markdown
from sim.language.units import UNITS, amount, as_shown, of_difference, unit
from sim.language.wordlist import one_language, wordlist
from sim.text import Text, joined, listed, same

# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "digits", "sign", "sv", "en"),
    [
        (12345.67, 1, False, "12\u00a0345,7", "12,345.7"),
        (1234567, 0, False, "1\u00a0234\u00a0567", "1,234,567"),
        (-0.5, 2, False, "\u22120,50", "\u22120.50"),
        (3.26, 1, True, "+3,3", "+3.3"),
        (-3.26, 1, True, "\u22123,3", "\u22123.3"),
        (-0.01, 0, True, "0", "0"),
        (-0.04, 1, False, "0,0", "0.0"),
        (0.5, 0, False, "0", "0"),
        (2.5, 0, False, "2", "2"),  # halves go to the even one, as in Python
        (math.nan, 1, False, "–", "–"),
        (math.nan, 1, True, "–", "–"),
        (math.inf, 1, True, "+∞", "+∞"),
        (-math.inf, 0, False, "−∞", "−∞"),
        (None, 0, False, "–", "–"),
    ],
)
def test_a_number_is_written_as_the_language_does(
    value: float | None, digits: int, sign: bool, sv: str, en: str
) -> None:
    assert (number(value, "sv", digits, sign), number(value, "en", digits, sign)) == (sv, en)


def test_a_plain_number_has_the_digits_it_has() -> None:
    assert plain(1234.5, "sv") == "1\u00a0234,5" and plain(1234.5, "en") == "1,234.5"
    assert plain(0.1 + 0.2, "en") == "0.3" and plain(2024, "sv", grouped=False) == "2024"
    assert plain(-1.25, "sv") == "\u22121,25" and plain(math.nan, "sv") == "–"
    assert said(2.5).sv == "2,5" and said(1234, 1).en == "1,234.0"


def test_per_cent_and_intervals() -> None:
    assert percent(0.1234, "sv", 1) == "12,3\u00a0%" and percent(0.1234, "en", 1) == "12.3%"
    assert percent(math.nan, "sv") == percent(None, "en") == "–"
    assert level(0.95, "sv") == "95\u00a0%" and level(0.975, "en") == "97.5%"
    assert between("−3", "4", "sv") == "−3 till 4" and between("−3", "4", "en") == "−3 to 4"
    assert between("3", "4", "sv") == "3–4"


def test_days_in_words() -> None:
    assert day(dt.date(2024, 1, 1), "sv") == "1 januari 2024" and day(dt.date(2035, 5, 31), "en") == "31 May 2035"
    assert [len({word.get(lang) for word in words}) for words in (MONTHS, WEEKDAYS) for lang in ("sv", "en")] == [
        12, 12, 7, 7,
    ]  # fmt: skip
    for whole, short in zip(WEEKDAYS, SHORT_WEEKDAYS, strict=True):
        assert whole.sv.startswith(short.sv) and whole.en.startswith(short.en)


# --- units ----------------------------------------------------------------------------------------


def test_one_and_many_of_a_unit() -> None:
    assert amount(1, unit("min"), "sv") == "1 minut" and amount(1, unit("min"), "sv", 1) == "1,0 minuter"
    assert amount(0.8, unit("h"), "en") == "1 hour" and amount(-1.2, unit("min"), "en") == "−1 minute"
    assert amount(2, unit("days"), "sv", sign=True) == "+2 dygn"


def test_shares_are_shown_in_per_cent_and_differ_by_percentage_points() -> None:
    assert as_shown("share") == (100.0, UNITS["share"]) and as_shown("share")[1].short.sv == "%"
    factor, points = of_difference("share")
    assert (factor, points.one.sv, points.many.en) == (100.0, "procentenhet", "percentage points")
    assert as_shown("SEK/year") == of_difference("SEK/year") == (1e-6, UNITS["MSEK/year"])
    assert of_difference("min") == (1.0, UNITS["min"])


def test_a_unit_of_ones_own_is_said_as_it_is_written() -> None:
    assert amount(3, unit("turns a week"), "sv") == "3 turns a week"


def test_every_unit_of_fields_inputs_and_measures_has_words() -> None:
    from sim.measures import MEASURES
    from sim.scenario import Scenario
    from sim.scenario.fields import leaves
    from sim.world.assumed import all_inputs

    asked = {leaf.extra["unit"] for leaf in leaves(Scenario)} | {item.unit for item in all_inputs(Scenario())}
    asked |= {item.unit for item in MEASURES}
    assert asked - set(UNITS) == set()


# --- words and tables -----------------------------------------------------------------------------


def test_the_nearest_word() -> None:
    known = ("status_quo", "central_team", "hybrid")
    assert nearest("status_qou", known) == "status_quo" and nearest("HYBRID", known) == "hybrid"
    assert nearest("zzz", known) is None and nearest("x", ()) is None
    assert did_you_mean("hybird", known) == ("menade du hybrid?", "did you mean hybrid?")
    assert did_you_mean("zzz", known).sv == "välj bland status_quo, central_team, hybrid"
    assert did_you_mean("zzz", known, Text("fritt val", "any name")).en == "any name"


def test_tables_are_aligned() -> None:
    assert aligned([["", "a"], ["xx", "10"]]) == "\n".join(["     a", "--  --", "xx  10"])
    assert aligned([["part", "a"], ["whole"], ["b", "1"]], rule=False) == "\n".join(["part   a", "whole", "b      1"])
    assert aligned([["a", "b"], ["cc", "d"]], numbers_from=2, rule=False) == "a   b\ncc  d"


def test_markdown_keeps_cells_whole() -> None:
    assert markdown(["x", "n"], [["a | b", "1\n2"]], numbers=[1]) == "\n".join(
        ["| x | n |", "| --- | ---: |", "| a \\| b | 1 2 |"]
    )


# --- texts and errors -----------------------------------------------------------------------------


def test_a_text_is_filled_in_by_language() -> None:
    form = Text("{what} saknas, {n}", "{what} is missing, {n}")
    assert form.format(what=Text("ett mål", "a target"), n=2) == ("ett mål saknas, 2", "a target is missing, 2")
    assert joined([same("a"), Text("och", "and"), "b"], " ") == ("a och b", "a and b")
    assert listed(["a", "b", Text("sist", "last")]) == ("a, b och sist", "a, b and last")
    assert listed(["a"]) == ("a", "a") and listed([]) == ("", "")


def test_an_error_speaks_both_languages_and_survives_a_pickle() -> None:
    error = OrganisationError(Text("ingen i tjänst", "nobody on duty"))
    assert str(error) == "nobody on duty" and error.get("sv") == "ingen i tjänst"
    assert str(pickle.loads(pickle.dumps(error))) == "nobody on duty"
    plain_one = OrganisationError("only English")
    assert plain_one.get("sv") == plain_one.get("en") == "only English"
    problems = [Problem("a.yaml", 2, 3, "demand.scale", Text("fel", "wrong")), Problem("b.yaml", 0, 0, "", "odd")]
    several = ScenarioError(problems)
    assert several.get("sv") == "a.yaml:2:3: demand.scale: fel\nb.yaml: odd"
    again = pickle.loads(pickle.dumps(several))
    assert str(again) == str(several) == "a.yaml:2:3: demand.scale: wrong\nb.yaml: odd"
    assert again.problems == several.problems
    assert FieldError(Text("fel", "wrong")).said.sv == "fel"


# --- word lists -----------------------------------------------------------------------------------

ROOT = Path(__file__).resolve().parent.parent
WORDLISTS = sorted({path.with_name(path.name.split(".")[0]) for path in ROOT.glob("sim/**/*.en.toml")})
HOLE = re.compile(r"{(\w+)[^}]*}")


@pytest.mark.parametrize("stem", WORDLISTS, ids=lambda stem: str(stem.relative_to(ROOT)))
def test_both_languages_of_a_word_list_say_the_same(stem: Path) -> None:
    sv, en = (one_language(stem, lang) for lang in ("sv", "en"))
    assert list(sv) == list(en)  # the same order too, so that the two can be read side by side
    for key, words in wordlist(stem).items():
        assert words.sv.strip() and words.en.strip(), key
        assert sorted(set(HOLE.findall(words.sv))) == sorted(set(HOLE.findall(words.en))), key


def spoken_keys(folder: Path) -> tuple[set[str], list[re.Pattern[str]]]:
    """Every word written out in the sources and templates of a room, and a pattern of each that is put together."""
    written: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                written.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [str(part.value) if isinstance(part, ast.Constant) else "" for part in node.values]
                if len("".join(parts).strip("_")) > 2:
                    patterns.append(re.compile(r"\w+".join(re.escape(part) if part else "" for part in parts)))
    for path in folder.rglob("*.j2"):
        written |= set(re.findall(r"""say\(["'](\w+)""", path.read_text(encoding="utf-8")))
    return written, patterns


@pytest.mark.parametrize("stem", WORDLISTS, ids=lambda stem: str(stem.relative_to(ROOT)))
def test_every_key_of_a_word_list_is_used_and_every_used_key_is_there(stem: Path) -> None:
    written, patterns = spoken_keys(stem.parent)
    keys = set(wordlist(stem))
    unused = {key for key in keys - written if not any(pattern.fullmatch(key) for pattern in patterns)}
    assert unused == set(), "take these keys out of both files, or say them"
    said = {
        word
        for path in stem.parent.rglob("*")
        if path.suffix in (".py", ".j2")
        for word in re.findall(r"""\bsay\(\s*["'](\w+)["']""", path.read_text(encoding="utf-8"))
    }
    assert len(said) > 50 and said <= keys


def test_a_key_in_one_language_only_is_refused(tmp_path: Path) -> None:
    (tmp_path / "w.sv.toml").write_text('a = "ett"\nb = "två"\n', encoding="utf-8")
    (tmp_path / "w.en.toml").write_text('a = "one"\n', encoding="utf-8")
    with pytest.raises(KeyError, match="w: only in one language: b"):
        wordlist(tmp_path / "w")


# --- what users are told --------------------------------------------------------------------------

# What takes a message, and the place of the message among its arguments.
TELLS = {
    "OrganisationError": 0, "ResultsError": 0, "FieldError": 0, "WrongUse": 0, "Problem": 4, "fault": 2, "problem": 1,
}  # fmt: skip


def only_english(source: str) -> list[int]:
    """The lines of a source that tell users something in a plain string, which is in one language."""
    found = []
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.Module):
            own = list(_inside(function))
            strings = {
                target.id
                for node in own
                if isinstance(node, ast.Assign) and any(_is_string(part) for part in _pieces(node.value))
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in own:
                if isinstance(node, ast.Call):
                    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                    for part in _pieces(*node.args[TELLS.get(name, 99) :][:1]):
                        if _is_string(part) or (isinstance(part, ast.Name) and part.id in strings):
                            found.append(node.lineno)
    return sorted(set(found))


def _inside(function: ast.AST) -> Iterator[ast.AST]:
    """What is written in a function or module, without the functions in it."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.FunctionDef):
            yield node
            yield from _inside(node)


def _is_string(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _pieces(*nodes: ast.expr) -> Iterator[ast.expr]:
    """Messages, or what they are chosen from or put together of."""
    for node in nodes:
        if isinstance(node, ast.BinOp):
            yield from _pieces(node.left, node.right)
        elif isinstance(node, ast.IfExp):
            yield from _pieces(node.body, node.orelse)
        else:
            yield node


def test_what_users_are_told_is_in_both_languages() -> None:
    found = []
    for top in ("sim", "cli", "models"):
        for path in sorted((ROOT / top).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            found += [f"{name}:{line}" for line in only_english(path.read_text(encoding="utf-8"))]
    assert found == [], "say it as a sim.text.Text"


def test_a_message_in_one_language_is_seen() -> None:
    assert only_english('raise OrganisationError("nobody is there")') == [1]
    assert only_english('x = 1\nproblems.append(Problem(file, 0, 0, "", f"{x} is wrong"))') == [2]
    assert only_english('table.fault(1, key, "is empty" + what)') == [1]
    assert only_english('table.fault(1, key, "a" if x else WORDS)') == [1]
    assert only_english('def f():\n    said = f"{x} is wrong"\n    raise FieldError(said)') == [3]
    assert only_english("raise OrganisationError(_NOBODY.format(name=name))\ntable.fault(1, key, _EMPTY)") == []
