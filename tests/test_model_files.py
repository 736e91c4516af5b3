"""Model files as people save them: whatever is in one, the message names file and line, and the others run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import models
from cli import Settings, make_group
from sim.declared import Declared, load_model, model_files
from sim.errors import OrganisationError

HEAD = """\
from sim.organisation import *
from sim.settings import Bases, Clock, Lines, Settings, setting

"""
GOOD = (
    HEAD
    + """\
def NAME():
    team = Pool("team", Text("Team", "Team"), Principal.REGION, (Post(Hub(0, 1), ALWAYS, 6),))
    return Organisation("NAME", Text("Mitt", "Mine"), Text("Sex.", "Six."), (team,), (route(team),))
"""
)
SETTINGS = (
    HEAD
    + """\
class Mine(Settings):
    lines: Lines = setting(6, "linjer", "lines")

def NAME(s: Mine):
    team = Pool("team", Text("Team", "Team"), Principal.REGION, (Post(Hub(0, 1), ALWAYS, s.lines),))
    return Organisation("NAME", Text("Mitt", "Mine"), Text("Sex.", "Six."), (team,), (route(team),))
"""
)


def changed(old: str, new: str, text: str = GOOD) -> str:
    assert old in text
    return text.replace(old, new)


def made(part: str, old: str = "Post(Hub(0, 1), ALWAYS, 6)") -> str:
    return changed(old, part)


def returning(what: str) -> str:
    return HEAD + f"def NAME():\n    return {what}\n"


# name of the file without .py; what is in it; the line that is named (None: none); what the message says
Hostile = tuple[str, str | bytes, int | None, str]
POOL = 'Pool("team", Text("Team", "Team"), Principal.REGION, (Post(Hub(0, 1), ALWAYS, 6),))'
ORGANISATION = 'Organisation("NAME", Text("Mitt", "Mine"), Text("Sex.", "Six."), (team,), (route(team),))'
HOSTILE: dict[str, Hostile] = {
    # names
    "an editor's copy": ("hybrid (copy)", GOOD, None, "no name for a model"),
    "a copy in Swedish": ("hybrid - kopia", GOOD, None, "no name for a model"),
    "a second download": ("hybrid(1)", GOOD, None, "no name for a model"),
    "a leading digit": ("2teams", GOOD, None, "no name for a model"),
    "a hyphen": ("two-teams", GOOD, None, "no name for a model"),
    "a dot inside": ("two.teams", GOOD, None, "no name for a model"),
    "a space": ("two teams", GOOD, None, "no name for a model"),
    "only spaces": ("  ", GOOD, None, "no name for a model"),
    "a word of Python": ("class", GOOD, None, "no name for a model"),
    "another word of Python": ("None", GOOD, None, "no name for a model"),
    "a word of the tables": ("all", GOOD, None, "no name for a model"),
    "a device": ("nul", GOOD, None, "no name for a model"),
    "a name too long": ("a" * 81, GOOD, None, "no name for a model"),
    "a smile": ("☺", GOOD, None, "no name for a model"),
    # text that is no Python
    "empty": ("mine", "", 1, "has no function mine"),
    "only a comment": ("mine", "# later", 1, "has no function mine"),
    "a syntax error": ("mine", HEAD + "def mine(:\n    pass\n", 4, "is not written as Python"),
    "a bracket left open": ("mine", HEAD + "def mine(\n", 4, "is not written as Python"),
    "a tab among spaces": ("mine", "if 1:\n        x = 1\n\ty = 2\n", 3, "is not written as Python"),
    "indentation": ("mine", "def mine():\nreturn 1\n", 2, "is not written as Python"),
    "quotes left open": ("mine", 'x = "a\n', 1, "is not written as Python"),
    "Latin-1": ("mine", "x = 1\n# två team\n".encode("latin-1"), 2, "is not UTF-8 text (byte 0xe5 here)"),
    "UTF-16": ("mine", GOOD.encode("utf-16"), 1, "is UTF-16"),
    "a NUL": ("mine", b"x = 1\n\x00\n", 2, "holds a NUL"),
    "an unknown encoding": ("mine", b"# -*- coding: elvish -*-\nx = 1\n", 1, "has no function mine"),
    "binary": ("mine", bytes(range(256)), 2, "is not UTF-8 text"),
    "deep brackets": ("mine", "x = " + "(" * 500 + ")" * 500, 1, "is not written as Python"),
    "a million signs": ("mine", "#" * 1_100_000, None, "is larger than"),
    "another language": ("mine", "function mine() { return 1; }", 1, "is not written as Python"),
    "a merge conflict": ("mine", "<<<<<<< HEAD\n" + GOOD, 1, "is not written as Python"),
    "return at the top": ("mine", "return 1\n", 1, "is not written as Python"),
    "await at the top": ("mine", "await x\n", 1, "is not written as Python"),
    "a future that is not": ("mine", "from __future__ import braces\n", 1, "is not written as Python"),
    # at import
    "raises": ("mine", HEAD + "raise ValueError('on\\npurpose')\n", 4, "ValueError: on purpose"),
    "divides by zero": ("mine", "x = 1\ny = x / 0\n" + GOOD, 2, "ZeroDivisionError"),
    "a name that is not": ("mine", HEAD + "LINES = lins + 1\n", 4, "NameError: name 'lins'"),
    "a module that is not": ("mine", "import no_such_module_here\n", 1, "ModuleNotFoundError"),
    "a word that is not": ("mine", "from sim.organisation import Pol\n", 1, "ImportError"),
    "leaves": ("mine", "import sys\nsys.exit(0)\n", 2, "SystemExit: 0"),
    "leaves in words": ("mine", "raise SystemExit('bye')\n", 1, "SystemExit: bye"),
    "an assertion": ("mine", "assert False\n", 1, "AssertionError"),
    "recursion": ("mine", "def f():\n    return f()\nf()\n", 2, "RecursionError"),
    "a base exception": ("mine", "class Mine(BaseException): pass\nraise Mine\n", 2, "Mine"),
    "stops a generator": ("mine", "raise GeneratorExit\n", 1, "GeneratorExit"),
    "an error that cannot be said": (
        "mine", "class E(Exception):\n    def __str__(self): return 1 / 0\nraise E\n", 3, "E: no text",
    ),
    "200 kB of text": ("mine", "raise ValueError('x' * 200_000)\n", 1, "ValueError: xxx"),
    "a file that is not": ("mine", "open('no such file')\n", 1, "FileNotFoundError"),
    "too much memory": ("mine", "raise MemoryError\n", 1, "MemoryError"),
    "relative import": ("mine", "from . import hybrid\n", 1, "ImportError"),
    "25:00 at the top": ("mine", HEAD + 'NIGHT = Shift(EVERY_DAY, "22:00", "25:00")\n', 4, "'25:00' is not a clock"),
    # no function, or another
    "no function": ("mine", HEAD + "x = 1\n", 1, "has no function mine"),
    "a function of another name": ("mine", changed("def NAME", "def other"), 1, "rename other"),
    "a function only imported": ("mine", "from models.hybrid import hybrid\n", 1, "has no function mine"),
    "a number": ("mine", "mine = 3\n", 1, "of type int"),
    "None": ("mine", "mine = None\n", 1, "of type NoneType"),
    "text": ("mine", "mine = 'hybrid'\n", 1, "of type str"),
    "a class": ("mine", "class mine: pass\n", 1, "of type type"),
    "a module": ("mine", "import json as mine\n", 1, "of type module"),
    "a builtin": ("mine", "mine = len\n", 1, "of type builtin_function"),
    "an Organisation": (
        "mine", HEAD + f"team = {POOL}\nmine = {ORGANISATION}\n", 1, "of type Organisation",
    ),
    "an object that can be called": ("mine", "class C:\n    def __call__(self): ...\nmine = C()\n", 1, "of type C"),
    "a partial": ("mine", "import functools\nmine = functools.partial(dict)\n", 1, "of type partial"),
    "a coroutine": ("mine", changed("def NAME", "async def NAME"), 4, "plain function"),
    "a generator": ("mine", changed("    return", "    yield"), 4, "plain function"),
    "an asynchronous generator": (
        "mine", "async def mine():\n    yield 1\n", 1, "plain function",
    ),
    "taken away again": ("mine", GOOD + "del NAME\n", 1, "has no function mine"),
    # arguments
    "an argument": ("mine", changed("def NAME()", "def NAME(hubs)"), 4, "it asks for hubs"),
    "two arguments": ("mine", changed("def NAME()", "def NAME(a, b)"), 4, "it asks for a, b"),
    "an argument of another type": ("mine", changed("def NAME()", "def NAME(hubs: int)"), 4, "it asks for hubs"),
    "an argument of no type there is": ("mine", changed("def NAME()", "def NAME(s: 'Nothing')"), 4, "NameError"),
    "settings by name only": ("mine", changed("def NAME(s: Mine)", "def NAME(*, s: Mine)", SETTINGS), 7, "asks for s"),
    "settings and more": ("mine", changed("def NAME(s: Mine)", "def NAME(s: Mine, x)", SETTINGS), 7, "asks for s, x"),
    "the settings themselves": ("mine", changed("def NAME(s: Mine)", "def NAME(s: Mine())", SETTINGS), 7, "asks for s"),
    # settings
    "a setting without a value": (
        "mine", changed('lines: Lines = setting(6, "linjer", "lines")', "lines: Lines", SETTINGS), 7, "no value",
    ),
    "a setting without words": (
        "mine", changed('lines: Lines = setting(6, "linjer", "lines")', "lines: Lines = 6", SETTINGS), 7, "no words",
    ),
    "a setting without a type": (
        "mine", changed("lines: Lines =", "lines =", SETTINGS), 4, "PydanticUserError",
    ),
    "a setting of the wrong type": (
        "mine", changed('setting(6,', 'setting("six",', SETTINGS), 7, "Mine.lines must be a whole number",
    ),
    "a setting out of bounds": ("mine", changed("setting(6,", "setting(-6,", SETTINGS), 7, "Mine.lines must be"),
    "a setting at 25:00": (
        "mine", changed('lines: Lines = setting(6,', 'lines: Clock = setting("25:00",', SETTINGS), 7, "clock time",
    ),
    "a setting that is called from": (
        "mine", changed("    lines: Lines", '    title: Lines = setting(1, "a", "b")\n    lines: Lines', SETTINGS), 8,
        "cannot be called that",
    ),
    "settings that fail when made": (
        "mine",
        changed("    lines:", "    def __init__(self, **k):\n        raise ValueError('no')\n    lines:", SETTINGS),
        6, "ValueError: no",
    ),
    "settings that are asked for what they have not": (
        "mine", changed("s.lines", "s.lins", SETTINGS), 8, "AttributeError",
    ),
    # what is returned
    "returns nothing": ("mine", changed("    return", "    made ="), 4, "got a NoneType; does it end with return?"),
    "returns a number": ("mine", returning("3"), 4, "got a int"),
    "returns text": ("mine", returning("'hybrid'"), 4, "got a str"),
    "returns a dict": ("mine", returning("{'name': 'mine'}"), 4, "got a dict"),
    "returns a list": ("mine", returning("[1]"), 4, "got a list"),
    "returns the class": ("mine", returning("Organisation"), 4, "got a type"),
    "returns a function": ("mine", returning("lambda: 1"), 4, "got a function"),
    "returns a generator": ("mine", returning("(x for x in ())"), 4, "got a generator"),
    "returns itself": ("mine", returning("NAME"), 4, "got a function"),
    "returns a pool": ("mine", returning(POOL), 4, "got a Pool"),
    "returns two": ("mine", changed("(route(team),))\n", "(route(team),)), 1\n"), 4, "got a tuple"),
    "returns a subclass": (
        "mine",
        changed("def NAME", "class Own(Organisation): pass\n\ndef NAME").replace("return Organisation", "return Own"),
        6, "got a Own",
    ),
    "raises when called": ("mine", changed("    return", "    raise KeyError('x')\n    return"), 6, "KeyError: 'x'"),
    "leaves when called": ("mine", changed("    return", "    raise SystemExit\n    return"), 6, "SystemExit"),
    "recurses when called": ("mine", returning("NAME()"), 5, "RecursionError"),
    "another name": ("mine", changed('("NAME"', '("other"'), 4, "is called 'other'"),
    "the name of another": ("mine", changed('("NAME"', '("hybrid"'), 4, "is called 'hybrid'"),
    "no name": ("mine", changed('("NAME"', '(""'), 4, "is called ''"),
    "a name like a path": ("mine", changed('("NAME"', '("../../etc"'), 4, "is called '../../etc'"),
    "a name of spaces": ("mine", changed('("NAME"', '(" NAME"'), 4, "is called ' mine'"),
    "a name of bytes": ("mine", changed('("NAME"', '(b"NAME"'), 6, "Organisation: name must be text"),
    "a name of 200 kB": ("mine", changed('("NAME"', '("x" * 200_000'), 4, "is called 'xxx"),
    # words
    "a title of one language": ("mine", changed('Text("Mitt", "Mine")', '"Mine"'), 6, "title must be Text"),
    "a title that is a pair": ("mine", changed('Text("Mitt", "Mine")', '("Mitt", "Mine")'), 6, "title must be Text"),
    "a title of numbers": ("mine", changed('Text("Mitt", "Mine")', "Text(1, 2)"), 6, "title must be Text"),
    "no title": ("mine", changed('Text("Mitt", "Mine")', "None"), 6, "title must be Text"),
    "an empty title": ("mine", changed('Text("Mitt", "Mine")', 'Text("", "")'), 4, "title must be 1 to 80"),
    "a title in Swedish only": ("mine", changed('Text("Mitt", "Mine")', 'Text("Mitt", "")'), 4, "title must be 1"),
    "a title of two lines": ("mine", changed('"Mine")', '"Mi\\nne")'), 4, "title must be 1 to 80 printable"),
    "a title that rings": ("mine", changed('"Mine")', '"\\x07")'), 4, "title must be 1 to 80 printable"),
    "a title of 10 000 signs": ("mine", changed('"Mine")', '"M" * 10_000)'), 4, "title must be 1 to 80"),
    "a description that is a list": ("mine", changed('Text("Sex.", "Six.")', '["Six."]'), 6, "description must be"),
    "no description": ("mine", changed('Text("Sex.", "Six.")', 'Text(" ", " ")'), 4, "description must be 1"),
    # pools, posts, routes
    "pools that are one pool": ("mine", changed("(team,), (route", "team, (route"), 6, "pools must be a list"),
    "pools that are names": ("mine", changed("(team,), (route", '("team",), (route'), 6, "pools must be a list"),
    "pools that are a set": ("mine", changed("(team,), (route", "{team}, (route"), 6, "pools must be a list"),
    "pools that never end": (
        "mine", changed("(team,), (route", "iter(lambda: team, 1), (route"), 6, "pools must be a list",
    ),
    "routes that are one": ("mine", changed("(route(team),)", "route(team)"), 6, "routes must be a list"),
    "routes that are None": ("mine", changed("(route(team),)", "None"), 6, "routes must be a list"),
    "a route to a name": ("mine", changed("route(team)", 'route("team")'), 6, "Route: to must be a list"),
    "a route of one class": (
        "mine", changed("route(team)", 'route(team, classes="A1")'), 6, "Route: classes must be a list",
    ),
    "a take-over before the visit is ordered": (
        "mine", changed("route(team)", "route(team.after(minutes=-5))"), 6, "after_min must be at least 0",
    ),
    "a take-over that is no time": (
        "mine", changed("route(team)", "route(team.after(minutes=float('nan')))"), 6, "after_min must be a number",
    ),
    "a take-over in words": ("mine", changed("route(team)", "route(team.after(minutes='5'))"), 6, "TypeError"),
    "a sharing in words": (
        "mine", changed("(route(team),))", "(route(team),), sharing='silo')"), 6, "sharing must be Sharing.SILO or",
    ),
    "a choice in words": (
        "mine", changed("(route(team),))", "(route(team),), choice='nearest')"), 6, "choice must be Choice.NEAREST or",
    ),
    "a principal in words": ("mine", changed("Principal.REGION", "'Regionen'"), 5, "principal must be Principal.REG"),
    "a pool without a name": ("mine", changed('Pool("team"', "Pool(None"), 5, "Pool: name must be text"),
    "a pool of a title in one language": ("mine", changed('Text("Team", "Team")', '"Team"'), 5, "Pool: title must be"),
    "staffing that is one post": (
        "mine", changed("(Post(Hub(0, 1), ALWAYS, 6),)", "Post(Hub(0, 1), ALWAYS, 6)"), 5, "staffing must be a list",
    ),
    "staffing in words": ("mine", made("'six physicians'"), 5, "staffing must be a list"),
    "a shift for a post": ("mine", made("Shift(EVERY_DAY, '08:00', '17:00')"), 5, "staffing must be a list"),
    "half a physician": ("mine", made("Post(Hub(0, 1), ALWAYS, 0.5)"), 5, "lines must be a whole number, got 0.5"),
    "physicians in words": ("mine", made("Post(Hub(0, 1), ALWAYS, 'six')"), 5, "lines must be a whole number"),
    "a yes for a number": ("mine", made("Post(Hub(0, 1), ALWAYS, True)"), 5, "lines must be a whole number"),
    "a negative number of physicians": ("mine", made("Post(Hub(0, 1), ALWAYS, -1)"), 5, "lines must be at least 0"),
    "a base of a number": ("mine", made("Post(3, ALWAYS, 6)"), 5, "base must be text or Hub or"),
    "a base of None": ("mine", made("Post(None, ALWAYS, 6)"), 5, "base must be text or Hub or"),
    "the class for a base": ("mine", made("Post(EachMunicipality, ALWAYS, 6)"), 5, "base must be text or Hub or"),
    "hubs in words": ("mine", made("Post(Hub('first', 1), ALWAYS, 6)"), 5, "Hub: number must be a whole number"),
    "one shift that is no list": (
        "mine", made("Post(Hub(0, 1), Shift(EVERY_DAY, '08:00', '17:00'), 6)"), 5, "shifts must be a list",
    ),
    "shifts in words": ("mine", made("Post(Hub(0, 1), ('08-17',), 6)"), 5, "shifts must be a list"),
    "25:00": ("mine", made("Post(Hub(0, 1), (Shift(EVERY_DAY, '17:00', '25:00'),), 6)"), 5, "'25:00' is not a clock"),
    "24:30": ("mine", made("Post(Hub(0, 1), (Shift(EVERY_DAY, '17:00', '24:30'),), 6)"), 5, "'24:30' is not a clock"),
    "8 o'clock": ("mine", made("Post(Hub(0, 1), (Shift(EVERY_DAY, '8', '17'),), 6)"), 5, "'8' is not a clock"),
    "8.30": ("mine", made("Post(Hub(0, 1), (Shift(EVERY_DAY, '8.30', '17'),), 6)"), 5, "'8.30' is not a clock"),
    "minus eight": ("mine", made("Post(Hub(0, 1), (Shift(EVERY_DAY, '-8:00', '17:00'),), 6)"), 5, "is not a clock"),
    "a clock of numbers": ("mine", made("Post(Hub(0, 1), (Shift(EVERY_DAY, 8, 17),), 6)"), 5, "start must be text"),
    "days in words": ("mine", made("Post(Hub(0, 1), (Shift('office', '08:00', '17:00'),), 6)"), 5, "days must be Days"),
    "an eighth day": ("mine", made("Post(Hub(0, 1), (Shift(Days((7,)), '08:00', '17:00'),), 6)"), 5, "weekdays are"),
    "a day in words": (
        "mine", made("Post(Hub(0, 1), (Shift(Days(('monday',)), '08:00', '17:00'),), 6)"), 5, "weekdays must be a list",
    ),
    "windows at 25:00": ("mine", made("HomeVisitWindows('25:00')"), 5, "'25:00' is not a clock"),
    "windows of no length": ("mine", made("HomeVisitWindows('12:30', 0)"), 5, "usual_length_min must be at least 1"),
    "a limit in words": (
        "mine", changed("6),))", "6),), overtime_min='none')"), 5, "overtime_min must be a number or None",
    ),
    "a limit that is no number": (
        "mine", changed("6),))", "6),), overtime_min=float('nan'))"), 5, "overtime_min must be a number or None",
    ),
    "a negative limit": ("mine", changed("6),))", "6),), overtime_min=-1)"), 5, "overtime_min must be at least 0"),
    "a reserve of a half": ("mine", changed("6),))", "6),), reserve=0.5)"), 5, "reserve must be a whole number"),
    "a rest before the shift": ("mine", changed("6),))", "6),), rest_h=-4)"), 5, "rest_h must be at least 0"),
    "a word that a pool has not": ("mine", changed("6),))", "6),), cars=2)"), 5, "TypeError"),
    "too few words": ("mine", changed('Text("Sex.", "Six."), ', ""), 6, "TypeError"),
}  # fmt: skip


def write(folder: Path, name: str, text: str | bytes) -> Path:
    file = folder / f"{name}.py"
    file.write_bytes(text.replace("NAME", name).encode() if isinstance(text, str) else text)
    return file


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_told_with_its_place_and_stops_no_other(here: Path, case: str) -> None:
    name, text, line, says = HOSTILE[case]
    file = write(here, name, text)
    write(here, "zz_good", GOOD)
    with pytest.raises(OrganisationError) as told:
        load_model(file)
    place = f"{file.name}:{line}: " if line else f"{file.name}: "
    for lang in ("sv", "en"):
        said = told.value.get(lang)
        assert said.startswith(place) and "\n" not in said and len(said) < 600, said
        assert said.isprintable()
    assert says in told.value.get("en")
    found = Declared.of_files(model_files(here))
    assert list(found.models) == ["zz_good"] and list(found.faults) == [name]


def test_the_good_ones_among_them_are_good(here: Path) -> None:
    for name in ("mine", "find", "names", "importlib", "declared", "of", "två_team", "json", "sim", "models", "match"):
        assert load_model(write(here, name, GOOD))().name == name
    model = load_model(write(here, "mine", SETTINGS))
    assert model(lines=2).pools[0].staffing[0].lines == 2  # type: ignore[union-attr]
    lists = GOOD.replace("(team,), (route(team),)", "[team], [route(team)]").replace("(Post(", "[Post(")
    assert load_model(write(here, "mine", lists.replace("6),))", "6)])")))() == load_model(write(here, "mine", GOOD))()


def test_a_file_that_is_no_file(here: Path) -> None:
    (here / "folder.py").mkdir()
    (here / "loop.py").symlink_to(here / "loop.py")
    (here / "nowhere.py").symlink_to(here / "gone.py")
    for name, says in (("folder", "not a file"), ("loop", "circle"), ("nowhere", "no such"), ("x", "no such")):
        with pytest.raises(OrganisationError, match=rf"^{name}\.py: .*{says}"):
            load_model(here / f"{name}.py")
    if hasattr(os, "mkfifo"):
        os.mkfifo(here / "pipe.py")
        with pytest.raises(OrganisationError, match="no ordinary file"):
            load_model(here / "pipe.py")


def test_files_that_are_no_models_are_let_be(here: Path) -> None:
    for name in ("_helper", ".hidden"):
        write(here, name, "raise ValueError")
    (here / "notes.txt").write_text("x", encoding="utf-8")
    (here / "mine.py~").write_text("raise ValueError", encoding="utf-8")
    assert model_files(here) == [] and model_files(here / "none") == []


def test_what_a_model_prints_does_not_stand_among_the_results(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load_model(write(here, "mine", "print('at import')\n" + changed("    team =", "    print('at call')\n    team =")))
    printed = capsys.readouterr()
    assert printed.out == "" and "at import" in printed.err and "at call" in printed.err


def test_an_edited_file_is_read_anew_and_a_failed_one_leaves_nothing(here: Path) -> None:
    before = set(sys.modules)
    file = write(here, "mine", "raise ValueError")
    with pytest.raises(OrganisationError):
        load_model(file)
    assert set(sys.modules) == before
    write(here, "mine", GOOD)
    assert load_model(file)().pools[0].title.sv == "Team"
    write(here, "mine", GOOD.replace('Text("Team"', 'Text("Lag"'))
    assert load_model(file)().pools[0].title.sv == "Lag"


# --- the commands ---------------------------------------------------------------------------------


def call(*arguments: str, package: str = "study_models") -> Result:
    result = CliRunner().invoke(make_group(Settings(package)), list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_bad_files_among_the_models_stop_no_command(here: Path) -> None:
    (here / "models").mkdir()
    for name in ("hybrid (copy)", "2teams", "class"):
        write(here / "models", name, GOOD)
    write(here / "models", "mine", HEAD + "raise ValueError('on purpose')")
    write(here / "models", "good", GOOD)
    write(here / "models", "status_quo", GOOD)
    write(here / "models", "other_program", "import django_that_is_not_here")
    listed = call("models", "--lang", "en")
    assert listed.exit_code == 0
    assert re.findall(r"^(\w+): ", listed.stdout, re.M) == ["status_quo", "central", "good"]
    told = listed.stderr.splitlines()
    assert [line.split(": ")[1] for line in told] == [
        "models/2teams.py", "models/class.py", "models/hybrid (copy).py", "models/mine.py:4", "models/status_quo.py",
    ]  # fmt: skip
    assert all(line.startswith("left out: ") for line in told)
    assert "ValueError: on purpose" in told[3] and "the name status_quo is taken by another model" in told[4]
    as_json = call("models", "--json")
    assert len(json.loads(as_json.stdout)["left_out"]) == 5
    for command in (["validate", "s.yaml"], ["new", "y"], ["schema"], ["assumptions"]):
        (here / "s.yaml").write_text("calendar: {weeks: 1, warm_up_weeks: 0}\n", encoding="utf-8")
        result = call(*command)
        assert result.exit_code == 0, result.output
        assert result.stderr.count("utelämnad: ") == 5
    asked = call("models", "--models", "good,central")
    assert asked.exit_code == 0 and asked.stderr == ""
    for name in ("mine", "2teams"):
        result = call("models", "--models", f"central,{name}", "--lang", "en")
        assert result.exit_code == 2 and f"models/{name}.py" in result.stderr and "Traceback" not in result.output


def test_a_model_file_anywhere_is_asked_for_by_its_path(here: Path) -> None:
    (here / "my models").mkdir()
    write(here / "my models", "mine", SETTINGS)
    listed = call("models", "--models", "central, my models/mine.py", "--lang", "en")
    assert listed.exit_code == 0, listed.output
    assert re.findall(r"^(\w+): ", listed.stdout, re.M) == ["central", "mine"]
    (here / "s.yaml").write_text("models: {mine: {lines: 3}, more: {from: mine, lines: 4}}\n", encoding="utf-8")
    varied = call("models", "s.yaml", "--models", "mine,more,my models/mine.py", "--lang", "en")
    assert varied.exit_code == 0, varied.output
    assert "more (from mine): Mine (lines 4)" in varied.stdout
    wrong = call("models", "--models", "my models/mne.py", "--lang", "en")
    assert wrong.exit_code == 2 and "my models/mne.py: no such file; did you mean mine.py?" in wrong.stderr
    write(here, "status_quo", GOOD)
    taken = call("models", "--models", "status_quo.py", "--lang", "en")
    assert taken.exit_code == 2 and "status_quo.py: the name status_quo is taken" in taken.stderr


def test_the_package_of_models_warns_of_files_it_leaves_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "hybrid (copy)", GOOD)
    write(tmp_path, "find", GOOD)
    monkeypatch.setattr(models, "__file__", str(tmp_path / "__init__.py"))
    assert models.names() == ("find",)
    with pytest.warns(UserWarning, match=r"left out: .*hybrid \(copy\)\.py: "):
        assert [made.name for made in models.all()] == ["find"]
    assert callable(models.find) and models.find("find").name == "find"
    with pytest.raises(OrganisationError, match="no model is called 'fnd'; did you mean find"):
        models.find("fnd")


def test_the_shipped_models_are_without_fault() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert tuple(made.name for made in models.all())[: len(models.FIRST)] == models.FIRST
    for file in model_files(Path(models.__file__).parent):
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 100, file


def test_too_many_physicians_are_refused_before_they_are_rostered(here: Path) -> None:
    posts = "tuple(Post(Hub(0, 1), (Shift(EVERY_DAY, '08:00', '17:00'),)) for _ in range(10_000))"
    write(here, "mine", changed("(Post(Hub(0, 1), ALWAYS, 6),)", posts))
    write(here, "more", made("Post(Hub(0, 1), (Shift(EVERY_DAY, '08:00', '17:00'),), 10**9)"))
    result = call("models", "--models", "central,mine.py,more.py", "--lang", "en")
    assert result.exit_code == 2 and "central: Central" in result.stdout
    assert len(re.findall(r"^(?:mine|more): .*shifts in the calendar are more than", result.stderr, re.M)) == 2


def test_an_organisation_of_a_file_can_be_sent_to_another_process(here: Path) -> None:
    """Plain data: it unpickles where the file is not there."""
    import pickle

    kept = pickle.dumps(load_model(write(here, "mine", SETTINGS))(lines=2))
    code = "import pickle, sys; print(pickle.loads(sys.stdin.buffer.read()).pools[0].staffing[0].lines)"
    home = str(Path(models.__file__).parent.parent)
    where = {**os.environ, "PYTHONPATH": home}
    done = subprocess.run([sys.executable, "-c", code], input=kept, capture_output=True, check=True, env=where)
    assert done.stdout.strip() == b"2"
