"""The frame of the project: one-way imports, nothing of one machine, whole requirements, a wheel that runs."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ("sim", "models", "cli", "run_sim.py")

# --- imports go one way ---------------------------------------------------------------------------

# A room may import itself and every room above it.
ORDER = (
    "sim.quoting",
    "sim.text",
    "sim.language",
    "sim.errors",
    "sim.checked",
    "sim.usercode",
    "sim.files",
    "sim.grid",
    "sim.codes",
    "sim.columns",
    "sim.jit",
    "sim.memory",
    "sim.version",
    "sim.scenario",
    "sim.world",
    "sim.scripted",  # worlds and tapes made by hand
    "sim.organisation",
    "sim.settings",
    "sim.declared",
    "sim.engine",
    "sim.statistics",
    "sim.measures",
    "sim.comparison",  # before study: a study writes its comparison
    "sim.study.each",
    "sim.study.stages",
    "sim.decide",  # on the stages of a run; a study writes what it says
    "sim.study",
    "sim.documents",
    "sim.report",
    "sim.drawn",  # results that can be drawn
    "sim.api",  # the steps of a study for scripts and notebooks
    "sim.batch",  # many studies, with their pages
    "sim",  # the public names
    "cli",
    "run_sim",
)
MODELS_MAY_IMPORT = ("sim.organisation", "sim.settings", "sim.text", "sim.language", "sim.codes")
ITS_DOOR_MAY_IMPORT = ("sim.declared", "sim.scenario")  # models/__init__.py, which is no model
ONLY_IN_REPORT = ("matplotlib", "jinja2")
WITHOUT_PANDAS = ORDER[: ORDER.index("sim.engine") + 1]


def room(module: str) -> str:
    """The room of a module: the longest name in ORDER that it starts with; "models"; or its top package."""
    if module.split(".")[0] not in ("sim", "cli", "run_sim"):
        return module.split(".")[0]
    return max((name for name in ORDER if (module + ".").startswith(name + ".")), key=len)


def imported(source: str, module: str, is_package: bool = False) -> Iterator[tuple[int, str]]:
    """(line, full module name) of every import in the source, also inside functions and `if TYPE_CHECKING`."""
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:  # `from sim import grid` names a room, `from sim import simulate` a thing in one
                whole = f"{name}.{alias.name}"
                yield node.lineno, whole if whole in ORDER or name in ("sim", "") else name


def breaches(source: str, module: str, is_package: bool = False) -> list[str]:
    """Every import in the source that goes against the flow."""
    own = room(module)
    found = []
    for line, name in imported(source, module, is_package):
        top, target = name.split(".")[0], room(name)
        if own == "models":
            allowed = MODELS_MAY_IMPORT + (ITS_DOOR_MAY_IMPORT if is_package else ())
            wrong = top in ("sim", "cli", "run_sim") and target not in allowed
        elif top == "models":
            wrong = own != "run_sim"
        elif target in ORDER:
            wrong = ORDER.index(target) > ORDER.index(own)
        else:
            wrong = False
        wrong |= top in ONLY_IN_REPORT and own != "sim.report"
        wrong |= top == "pandas" and own in (*WITHOUT_PANDAS, "models")
        if wrong:
            found.append(f"{module}:{line} imports {name}")
    return found


def modules() -> list[tuple[str, Path]]:
    paths = [
        path for top in SHIPPED for path in sorted(ROOT.glob(f"{top}/**/*.py") if "." not in top else ROOT.glob(top))
    ]
    return [(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path) for path in paths]


def test_imports_go_one_way() -> None:
    assert len(modules()) > 20
    found = [
        line
        for name, path in modules()
        for line in breaches(path.read_text(encoding="utf-8"), name, path.name == "__init__.py")
    ]
    assert found == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("sim.world.travel", "from sim.engine.rules import on_grid"),
        ("sim.world.travel", "from ..engine import rules"),
        ("sim.world.travel", "from sim import engine"),
        ("sim.world.travel", "from sim import load_scenario"),
        ("sim.world.travel", "import sim.report.page as page"),
        ("sim.scenario.schema", "from sim.world.world import World"),
        ("sim.engine.tables", "import models"),
        ("sim.study.run", "from models import hybrid"),
        ("sim.engine.tables", "import pandas as pd"),
        ("sim.scenario.schema", "def f():\n    import pandas"),
        ("sim.study.run", "import matplotlib.pyplot as plt"),
        ("sim.study.manifest", "from sim import __version__"),
        ("run_sim", "def f():\n    from jinja2 import Environment"),
        ("sim.measures", "import jinja2.nodes"),
        ("models.hybrid", "from sim.world.world import World"),
        ("models.hybrid", "from sim import simulate"),
        ("models.hybrid", "import cli"),
        ("sim.api", "from cli.show import table"),
        ("cli.compare", "import models"),
        ("models.hybrid", "import pandas"),
        ("sim.comparison", "if TYPE_CHECKING:\n    from sim.study.results import Results"),
    ],
)
def test_a_breach_is_seen(module: str, line: str) -> None:
    assert len(breaches(line, module)) == 1


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("sim.world.travel", "from sim.grid import to_grid"),
        ("sim.world.travel", "from sim import grid"),
        ("sim.world.travel", "from .world import World"),
        ("sim.engine.rules", "from sim.engine.state import Facts"),
        ("sim.study.manifest", "from sim.version import __version__"),
        ("sim.measures", "import pandas as pd"),
        ("sim.report.page", "import jinja2"),
        ("models.hybrid", "from sim.organisation import Pool, Text"),
        ("models", "from models.hybrid import hybrid"),
        ("run_sim", "import models\nfrom sim.report import write_page\nfrom sim import compare"),
        ("sim", "from sim.study import run_study"),
    ],
)
def test_what_goes_with_the_flow_is_let_through(module: str, line: str) -> None:
    assert breaches(line, module) == []


# --- nothing of one machine -----------------------------------------------------------------------

# Brackets in the patterns keep this file from finding itself.
FOREIGN = {
    "a path of one machine": re.compile(r"(?<![\w.])/(wor[k]|far[m]|roo[t]|hom[e]|User[s])/\w|[A-Z]:\\User[s]\\"),
    "a folder beside the project": re.compile(r"\.\./share[d]"),
    "the address of a registry": re.compile(
        r"pypi\.(or[g]|pytho[n])|pythonhoste[d]|(?<!emit-)index-ur[l]|find-link[s]|file:/[/]|npmjs\.or[g]"
    ),
    "a secret": re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KE[Y]|\bAKI[A][0-9A-Z]{16}\b|\bgh[pousr]_\w{30,}|\bsk-[\w-]{30,}"
        r"|://[^/\s:@]+:[^/\s:@]+@|(?i:passw(or)?d|secret|api_?key|token)\s*[=:]\s*[\"'][^\"'\s]{8,}[\"']"
    ),
}


def tracked() -> list[Path]:
    """Every file that is, or is about to be, in git."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def foreign(text: str) -> list[str]:
    return [
        f"{number}: {what}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in FOREIGN.items()
        if pattern.search(line)
    ]


def test_no_tracked_file_holds_a_machine_path_a_registry_or_a_secret() -> None:
    files = tracked()
    assert ROOT / "pyproject.toml" in files
    found = []
    for path in files:
        if path.suffix not in {".png", ".parquet"}:
            found += [f"{path.relative_to(ROOT)}:{line}" for line in foreign(path.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "see /" + "home/anna/notes.txt",
        "C:\\" + "Users\\anna",
        "data from .." + "/shared/data",
        "--index" + "-url x",
        "https://py" + "pi.org/simple",
        "file:/" + "//opt/simple",
        "pass" + "word = 'correct-horse'",
        "https://anna:" + "hemligt@example.org/",
        "-----BEGIN " + "PRIVATE KEY-----",
        "AK" + "IA" + "ABCDEFGHIJKLMNOP",
    ],
)
def test_a_foreign_line_is_seen(line: str) -> None:
    assert len(foreign(line)) == 1


# --- requirements ---------------------------------------------------------------------------------

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CORE = [Requirement(line) for line in PROJECT["dependencies"]]
TEST = [Requirement(line) for line in PROJECT["optional-dependencies"]["test"]]
EXTRAS = {  # what a command needs that not everybody wants, and the only modules that import it, in a function
    "decide": ("sim.decide.searching", "sim.decide.indices"),
    "cluster": ("sim.batch.cluster",),
}


def pins(file: str) -> dict[str, list[Requirement]]:
    """Name -> its pins (one for each range of Python versions). Every pin is exact and has a hash."""
    found: dict[str, list[Requirement]] = {}
    text = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in filter(None, map(str.strip, text.splitlines())):
        spec, *hashes = line.split(" --hash=")
        pin = Requirement(spec)
        assert [part.operator for part in pin.specifier] == ["=="], line
        assert hashes, f"{spec} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", item.strip()) for item in hashes), spec
        found.setdefault(canonicalize_name(pin.name), []).append(pin)
    return found


def version_of(pin: Requirement) -> str:
    return next(iter(pin.specifier)).version


def needed(wanted: list[Requirement]) -> set[str]:
    """Names of everything the wanted packages need in this interpreter, found by their own metadata."""
    names: set[str] = set()
    ahead = list(wanted)
    while ahead:
        requirement = ahead.pop()
        name = canonicalize_name(requirement.name)
        if name not in names and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            names.add(name)
            ahead += [Requirement(line) for line in importlib.metadata.requires(requirement.name) or []]
    return names


@pytest.mark.parametrize(("file", "wanted"), [("requirements.txt", CORE), ("requirements-test.txt", CORE + TEST)])
def test_requirements_are_hashed_and_complete(file: str, wanted: list[Requirement]) -> None:
    pinned = pins(file)
    assert not re.search(r"https?:|file:|^-", (ROOT / file).read_text(encoding="utf-8"), re.M)
    for requirement in wanted:
        found = pinned.get(canonicalize_name(requirement.name), [])
        assert found, f"{requirement.name} is in pyproject.toml but not in {file}"
        assert all(requirement.specifier.contains(version_of(pin)) for pin in found), (
            f"{file} is older than pyproject.toml"
        )
    assert needed(wanted) - set(pinned) == set()


def test_both_files_pin_the_same_versions() -> None:
    core, test = pins("requirements.txt"), pins("requirements-test.txt")
    for name, found in core.items():  # markers may differ: more packages ask for a thing in more cases
        assert [version_of(pin) for pin in test.get(name, [])] == [version_of(pin) for pin in found], name


def test_the_lowest_versions_are_the_bounds() -> None:
    """Those that are installed on the oldest Python: on a newer one a package may need more."""
    lowest = pins("requirements-lowest.txt")
    assert not re.search(r"https?:|file:|^-", (ROOT / "requirements-lowest.txt").read_text(encoding="utf-8"), re.M)
    for requirement in CORE + TEST:
        on_oldest = [
            pin
            for pin in lowest[canonicalize_name(requirement.name)]
            if pin.marker is None or pin.marker.evaluate({"python_full_version": "3.11.0", "python_version": "3.11"})
        ]
        found, bound = (Version(version_of(item)) for item in (*on_oldest, requirement))
        assert found.release[: len(bound.release)] == bound.release, requirement.name


def test_pyproject_holds_lower_bounds_only() -> None:
    assert {part.operator for requirement in CORE + TEST for part in requirement.specifier} == {">="}
    assert all(len(requirement.specifier) == 1 for requirement in CORE + TEST)


def test_every_import_is_a_declared_dependency() -> None:
    declared = {canonicalize_name(requirement.name) for requirement in CORE}
    declared.add("pydantic-core")  # pydantic pins it exactly and hands out its types
    providers = importlib.metadata.packages_distributions()
    extra = {
        (module, canonicalize_name(Requirement(line).name))
        for part, users in EXTRAS.items()
        for module in users
        for line in PROJECT["optional-dependencies"][part]
    }
    strangers = {
        f"{name}:{line} {target}"
        for name, path in modules()
        for line, target in imported(path.read_text(encoding="utf-8"), name, path.name == "__init__.py")
        if (top := target.split(".")[0]) not in sys.stdlib_module_names | {"sim", "models", "cli", "run_sim"}
        and not declared & (found := {canonicalize_name(item) for item in providers.get(top, [])})
        and not {(name, item) for item in found} & extra
    }
    assert strangers == set()


def test_what_an_extra_needs_is_tested_and_imported_where_it_is_used_alone() -> None:
    tested = {canonicalize_name(requirement.name) for requirement in TEST}
    providers = importlib.metadata.packages_distributions()
    for part, users in EXTRAS.items():
        names = {canonicalize_name(Requirement(line).name) for line in PROJECT["optional-dependencies"][part]}
        assert names <= tested
        inside: set[str] = set()
        for module in users:
            tree = ast.parse((ROOT / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8"))
            for node in tree.body:
                tops = {item.split(".")[0] for _, item in imported(ast.unparse(node), module)}
                found = {canonicalize_name(item) for top in tops for item in providers.get(top, [])} & names
                assert not found or not isinstance(node, ast.Import | ast.ImportFrom), module
                inside |= found
        assert inside == names, part


def test_the_version_is_the_same_everywhere() -> None:
    source = (ROOT / "sim/version.py").read_text(encoding="utf-8")
    version = re.search(r'^__version__ = "(.+)"', source, re.M)
    assert version is not None
    assert f"\nversion: {version[1]}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {version[1]}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


# --- the documents hold ---------------------------------------------------------------------------


def readme_commands() -> list[str]:
    """The lines of the first code block of the README, as .ci/run reads them."""
    block = re.search(r"^```\w*\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    assert block is not None
    return block[1].splitlines()


def test_the_readme_opens_with_two_commands() -> None:
    commands = readme_commands()
    assert len(commands) == 2
    assert commands[0].endswith("run_sim.py compare")
    assert "pytest" in commands[1]
    assert all("python3 -m venv .venv" in command for command in commands)


def test_links_in_the_documents_lead_to_files() -> None:
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    assert len(documents) > 5
    dead = [
        f"{path.relative_to(ROOT)}: {link}"
        for path in documents
        for link in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:", link) and not (path.parent / link).exists()
    ]
    assert dead == []


def test_the_models_in_the_how_to_work(tmp_path: Path) -> None:
    from sim.declared import load_model
    from sim.engine.tables import compile_tables
    from sim.scenario import Scenario
    from sim.world.build import build_world

    text = (ROOT / "docs/howto-fifth-model.md").read_text(encoding="utf-8")
    plain, settable = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    scenario = Scenario()
    world = build_world(scenario)
    made = []
    for block in (plain, settable):
        assert breaches(block, "models.two_teams") == []
        (tmp_path / "two_teams.py").write_text(block, encoding="utf-8")
        model = load_model(tmp_path / "two_teams.py")
        made.append(model())
        tables = compile_tables(made[-1], world, scenario)
        assert tables.hours_per_week == pytest.approx(scenario.staffing.hours_per_week, rel=0.01)
        assert tables.pool_names == tuple(pool.name for pool in made[-1].pools)
    assert made[0].pools == made[1].pools and made[0].routes == made[1].routes  # the same model, with and without
    assert made[0].settings == () and len(made[1].settings) == 5
    assert "tre baser" in model(hubs=3).description.sv


def test_what_takes_long_to_load_is_loaded_by_those_who_need_it() -> None:
    """Every worker and every command pays for what a study and a batch import."""
    said = run(
        sys.executable, "-c", "import sys, sim.batch.batch as b; print(b.__file__, *sys.modules, sep='\\n')", cwd=ROOT
    ).split()
    assert Path(said[0]) == ROOT / "sim" / "batch" / "batch.py"
    assert not {"scipy.stats", "matplotlib", "distributed", "optuna"} & set(said)


# --- a wheel installed elsewhere ------------------------------------------------------------------


def run(*command: str | Path, cwd: Path) -> str:
    """Standard output of a command that must succeed, run where the source tree cannot be seen."""
    clean = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "PYTHONHOME"}}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=clean, capture_output=True, encoding="utf-8", timeout=600
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return next(folder.glob("hembesok-*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_code_and_data_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    inside = {path for path in tracked() if path.relative_to(ROOT).parts[0] in SHIPPED}
    expected = {path.relative_to(ROOT).as_posix() for path in inside}
    expected |= {f"sim/data/scenarios/{path.name}" for path in (ROOT / "scenarios").glob("*.yaml")}
    assert {name for name in names if ".dist-info/" not in name} == expected
    assert "sim/data/scenarios/halland.yaml" in names


@pytest.mark.slow
def test_the_wheel_runs_where_there_is_no_source(wheel: Path, tmp_path: Path) -> None:
    home, away = tmp_path / "venv", tmp_path / "away"
    away.mkdir()
    venv.create(home, with_pip=False)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    where = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    site = Path(run(python, "-c", where, cwd=away).strip())
    run(sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index", wheel, cwd=away)
    (site / "dependencies.pth").write_text(run(sys.executable, "-c", where, cwd=away), encoding="utf-8")

    show = "import sim, models, cli, run_sim; print(*(m.__file__ for m in (sim, models, cli, run_sim)), sep='\\n')"
    places = run(python, "-c", show, cwd=away).splitlines()
    assert len(places) == 4
    assert all(Path(place).is_relative_to(site) for place in places)

    (away / "models").mkdir()  # a model of one's own, and a scenario that builds on one that comes with the program
    own = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs/howto-fifth-model.md").read_text("utf-8"), re.M | re.S)[1]
    (away / "models" / "two_teams.py").write_text(own, encoding="utf-8")
    mine = "extends: year_2030.yaml\nmodels: {two_teams: {night_lines: 2}}\n"
    (away / "mine.yaml").write_text(mine, encoding="utf-8")

    command = scripts / "hembesok"
    listed = run(command, "models", cwd=away)
    names = json.loads(run(command, "models", "--json", cwd=away))
    assert "hybrid" in listed
    assert [row["name"] for row in names["models"]] == [
        "status_quo",
        "central_team",
        "vardcentral_led",
        "hybrid",
        "two_teams",
    ]
    assert "2030" in run(command, "validate", "year_2030", cwd=away)
    quick = ("--replications", "1", "--weeks", "1", "--out", away / "study")
    printed = run(command, "compare", "mine", *quick, "--models", "hybrid,two_teams", cwd=away)
    assert "2030" in printed and "Två team" in printed
    printed = run(command, "compare", *quick, "--replace", cwd=away)
    assert printed.strip()
    manifest = json.loads((away / "study" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest
    for name in ("measures.parquet", "comparison.csv", "report.html"):
        assert (away / "study" / name).stat().st_size > 1000, name
    assert len(list((away / "study" / "figures").glob("*.svg"))) >= 6
