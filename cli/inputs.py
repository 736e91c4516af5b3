"""What a command works on: a scenario by path or name, and models by name, variant or file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from cli import Settings
from cli.speaking import language
from sim.language.nearest import did_you_mean
from sim.text import Text

if TYPE_CHECKING:
    from sim.declared import Declared, Variant
    from sim.measures.rows import Own
    from sim.organisation import Organisation
    from sim.scenario import Scenario

MODELS_HELP: Final = Text(
    "Bara de här modellerna, varianterna i scenariot eller sökvägarna till modellfiler.",
    "Only these models, variants of the scenario or paths of model files.",
)
LONG_ENOUGH: Final = 26  # weeks of a run beside which models at their best are laid
OWN_MODELS: Final = Path("models")  # in the working folder, beside the program's own
SCENARIOS: Final = Path("scenarios")  # where `new` writes
_SPEAKS_OF: Final = b"sim.organisation"  # what every model imports; other Python files in such a folder are let be


def scenario_file(asked: Path) -> Path:
    """The file that is meant: as it is written, with the ending left out, or (a name alone) in scenarios/ here or among
    those that come with the program. What is not found is given back as it was written."""
    from sim.scenario.shipped import shipped_file, spellings

    places = [asked] if asked.name != str(asked) else [asked, SCENARIOS / asked]
    found = next((path for place in places for path in spellings(place) if os.path.isfile(path)), None)
    return found or shipped_file(str(asked)) or asked


def load_named(asked: Path | None, declared: Declared) -> tuple[str, Scenario]:
    """The scenario and its name; the default without a path. Raises ScenarioError with every fault, also in what it
    says of models."""
    from sim.declared import problems_in
    from sim.errors import Problem, ScenarioError
    from sim.scenario import Scenario, load_scenario
    from sim.scenario.shipped import DEFAULT
    from sim.study.names import safe_name

    path = scenario_file(asked or Path(DEFAULT))
    if asked is not None and asked.name == str(asked) and not os.path.lexists(path):
        raise ScenarioError([Problem(str(asked), 0, 0, "", _NO_FILE.format(hint=near_file(asked.name)))])
    if asked is None and not os.path.isfile(path):
        return DEFAULT, Scenario()
    return safe_name(path.stem), load_scenario(path, lambda tree, places: problems_in(tree, places, declared))


def near_file(name: str) -> Text:
    """What a scenario of a name that is not found may be: one here, in scenarios/, or that comes with the program."""
    from sim.scenario.shipped import SUFFIXES, shipped_folder

    folders = [folder for folder in (Path(), SCENARIOS, shipped_folder()) if folder.is_dir()]
    there = [path for folder in folders for path in sorted(folder.iterdir()) if path.suffix in SUFFIXES]
    known = [path.name if Path(name).suffix in SUFFIXES else path.stem for path in there]
    return did_you_mean(name, known, _CHECK)


def default_scenario() -> Scenario:
    """What others are compared with."""
    from sim.scenario import Scenario, load_scenario
    from sim.scenario.shipped import DEFAULT, shipped_file

    path = shipped_file(DEFAULT)
    return load_scenario(path) if path else Scenario()


def declared_models(settings: Settings, names: Sequence[str] | None = None, files: Sequence[Path] = ()) -> Declared:
    """The models there are: the program's, those in models/ of the working folder, and those of `files`, each of which
    must have one. Files that lie among them and are no model are told on stderr, unless only some `names` are asked
    for. Raises OrganisationError."""
    found: Declared = import_module(settings.models).declared()
    found = found.and_files(path for path in own_model_files() if path.stem not in {file.stem for file in files})
    found = found.and_files(files)
    for file in files:
        fault = found.faults.get(str(file)) or found.faults.get(file.stem)
        if fault is not None:
            raise fault
    if names is None:
        tell_left_out(found)
    return found


def own_model_files() -> list[Path]:
    """The files in models/ of the working folder that speak of organisations."""
    from sim.declared import model_files

    return [path for path in model_files(OWN_MODELS) if path.is_file() and _SPEAKS_OF in path.read_bytes()]


def choose(names: Iterable[str] | None, scenario: Scenario, declared: Declared) -> tuple[Variant, ...]:
    """The models and variants of these names; None: those that the scenario names, or all there are. Raises
    ScenarioError, OrganisationError."""
    from sim.declared import variants

    return variants(scenario, declared, None if names is None else tuple(names))


def chosen_models(
    settings: Settings, path: Path | None, names: str | None
) -> tuple[str, Scenario, dict[str, Organisation]]:
    """The name and the scenario of a path (None: the default) and its organisations by name: those of `names`, written
    as a,b or paths of files, or all. Raises ScenarioError, OrganisationError."""
    wanted, files = models_asked(names)
    declared = declared_models(settings, wanted, files)
    name, scenario = load_named(path, declared)
    return name, scenario, {item.name: item.organisation() for item in choose(wanted, scenario, declared)}


def models_at_best(declared: Declared, scenario: Scenario) -> tuple[Organisation, ...]:
    """The models at their best that come with the program, for a run long enough to say something of them. None where
    their file or what it is made from is not there."""
    from sim.decide.written import SUFFIX
    from sim.declared import variants
    from sim.errors import HembesokError
    from sim.scenario import load_scenario
    from sim.scenario.shipped import AT_BEST, shipped_file

    path = shipped_file(AT_BEST)
    if path is None or scenario.calendar.weeks < LONG_ENOUGH:
        return ()
    try:
        found = variants(load_scenario(path), declared)
    except HembesokError:
        return ()
    return tuple(item.organisation() for item in found if item.name.endswith(SUFFIX))


def tell_left_out(declared: Declared) -> None:
    """The files that lie among the models and are none, a line each on stderr."""
    lang = language(click.get_current_context())
    for fault in declared.faults.values():
        click.echo(_LEFT_OUT.format(fault=fault.said).get(lang), err=True)


def own_measures(file: Path | None) -> Own:
    """The measures that a Python file defines; none without a file. Raises MeasureError."""
    if file is None:
        return ()
    from sim.measures.own_files import measures_in

    return measures_in(file)


def models_asked(text: str | None) -> tuple[list[str] | None, list[Path]]:
    """From `a, b, path/to/c.py` to the names (a, b, c; None for nothing but commas) and the files among them."""
    parts = [part.strip() for part in (text or "").split(",") if part.strip()]
    files = [Path(part) for part in parts if part.endswith(".py")]
    return [Path(part).stem if part.endswith(".py") else part for part in parts] or None, files


_NO_FILE = Text("filen finns inte; {hint}", "no such file; {hint}")
_CHECK = Text("se efter namn och mapp", "check the name and the folder")
_LEFT_OUT = Text("utelämnad: {fault}", "left out: {fault}")
