"""Reading a scenario file and those it extends: every problem at once, each at its place."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from sim.errors import Problem, ScenarioError
from sim.files import FileFault, check_file
from sim.language.nearest import did_you_mean
from sim.scenario.document import Document, read_document
from sim.scenario.fields import Part, part_of
from sim.scenario.places import Place, Places
from sim.scenario.ranges import range_problems
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped_file
from sim.scenario.words import dotted, problems_of, shown
from sim.text import Text

REGIONS: Final = Path(__file__).resolve().parent.parent / "data"
SWEEP: Final = "sweep"
MAX_CHAIN: Final = 20  # files that extend each other
MATRIX_BYTES: Final = 2**28  # a travel matrix of 3 000 places

CheckModels = Callable[[Mapping[str, Any], Places], list[Problem]]  # the tree of a file, and where it states what
P = TypeVar("P", bound=Part)


def load_scenario(path: str | Path, check_models: CheckModels | None = None) -> Scenario:
    """Read a scenario file and the files it extends. `check_models` finds what is wrong with the models that it names
    and their settings; without it that is left until they are used.

    Raises ScenarioError with every problem found, each naming the file in the chain where the wrong value stands.
    """
    scenario, _, problems = _load(Path(path), check_models)
    if problems or scenario is None:
        raise ScenarioError(problems)
    return scenario


def load_with_sweep(path: str | Path, check_models: CheckModels | None = None) -> tuple[Scenario, Document]:
    """The scenario as `load_scenario` reads it, and the file itself, whose tree may hold a `sweep`. Raises
    ScenarioError."""
    scenario, document, problems = _load(Path(path), check_models, swept=True)
    if problems or scenario is None:
        raise ScenarioError(problems)
    return scenario, document


def _load(
    path: Path, check_models: CheckModels | None, *, swept: bool = False
) -> tuple[Scenario | None, Document, list[Problem]]:
    """The scenario, its own file, and what is wrong; None when something is."""
    documents, problems = _read_chain(path)
    if not documents or (problems and documents[-1].tree.get("extends") is not None):
        raise ScenarioError(problems)  # part of the chain is missing: what follows from that would mislead
    merged = _merge(documents)
    tree = {name: value for name, value in merged.tree.items() if name not in ("extends", SWEEP)}
    if SWEEP in documents[0].tree and not swept:
        problems.append(documents[0].place((SWEEP,), is_key=True).problem(SWEEP, _SWEEP))
    problems += _check_files(merged, tree)
    places = Places(merged.keys, merged.values)
    if check_models is not None:
        problems += check_models(tree, places)
    scenario, found = validated(Scenario, merged, tree)
    problems += found
    if scenario is not None:
        problems += range_problems(scenario, places)
    if problems or scenario is None:
        order = {str(document.file): number for number, document in enumerate(documents)}
        told = sorted(set(problems), key=lambda p: (order.get(p.file, 0), p.line, p.column, p.key))
        return None, documents[0], told
    return scenario.placed_at(path.absolute(), places), documents[0], []


def validated(kind: type[P], document: Document, tree: Mapping[str, Any]) -> tuple[P | None, list[Problem]]:
    """The tree as a `kind`, or what is wrong with it, each fault at its place in the document."""
    try:
        return kind.model_validate(_without_empty_groups(tree, kind)), []
    except ValidationError as error:
        return None, [
            document.place(where, is_key).problem(dotted(where), message)
            for where, is_key, message in problems_of(kind, error)
        ]


def problem_at(scenario: Scenario, key: str, message: Text) -> Problem:
    """What is wrong with a field of a scenario, at the place that states it or the group it belongs to; without a line
    where it stands in no file."""
    problem = scenario.places.problem(tuple(key.split(".")), message)
    return problem if problem.line or scenario.file is None else replace(problem, file=str(scenario.file))


def _read_chain(path: Path) -> tuple[list[Document], list[Problem]]:
    """The file and those it extends, nearest first, as far as they can be read; and the problems on the way."""
    documents: list[Document] = []
    problems: list[Problem] = []
    seen: list[Path] = []
    named: Place | None = None
    while True:
        try:
            document, found = read_document(path, named)
        except ScenarioError as error:
            return documents, [*problems, *error.problems]
        real = Path(os.path.realpath(path))
        if named is not None and (real in seen or len(seen) == MAX_CHAIN):
            message = _CIRCLE.format(circle=_circle(seen, real)) if real in seen else _LONG_CHAIN
            return documents, [*problems, named.problem("extends", message)]
        seen.append(real)
        documents.append(document)
        problems += found
        base = document.tree.get("extends")
        if "extends" not in document.tree:
            return documents, problems
        named = document.values[("extends",)]
        if not isinstance(base, str) or not base:
            document.tree["extends"] = ""
            return documents, [*problems, named.problem("extends", _NO_BASE.format(value=shown(base)))]
        path = _beside(path.parent, base)


def _beside(folder: Path, base: str) -> Path:
    """The file that an `extends` names: beside the file itself, or else among those that come with the program."""
    path = Path(os.path.normpath(folder / base))
    return path if os.path.lexists(path) else shipped_file(base) or path


def _circle(seen: list[Path], real: Path) -> str:
    return " -> ".join(step.name for step in [*seen[seen.index(real) :], real])


def _without_empty_groups(tree: Mapping[str, Any], model: type[Part]) -> dict[str, Any]:
    """A group left empty (all its lines commented out) changes nothing."""
    result: dict[str, Any] = {}
    for name, value in tree.items():
        info = model.model_fields.get(name)
        part = part_of(info) if info else None
        if part is not None and value is None:
            continue
        result[name] = _without_empty_groups(value, part) if part is not None and isinstance(value, dict) else value
    return result


def _merge(documents: list[Document]) -> Document:
    """The files of a chain (nearest first) as one: groups are merged key by key, lists and values replaced."""
    top = documents[0].file
    merged = Document(top, {})
    for document in reversed(documents):
        merged.tree = _overlay(merged.tree, _without_empty_groups(_from_here(document, top), Scenario))
        for own, places in ((merged.keys, document.keys), (merged.values, document.values)):
            for where, place in places.items():
                own[where] = place
    return merged


def _overlay(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for name, value in above.items():
        old = result.get(name)
        result[name] = _overlay(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result


def _from_here(document: Document, top: Path) -> dict[str, Any]:
    """The tree with paths that are relative to its own file made relative to the file that was asked for."""
    tree = dict(document.tree)
    if document.file.parent == top.parent:
        return tree
    travel, region = tree.get("travel"), tree.get("region")
    if isinstance(travel, dict) and isinstance(travel.get("matrix"), str):
        tree["travel"] = {**travel, "matrix": _moved(travel["matrix"], document.file, top)}
    if isinstance(region, str) and not _is_known_region(region):
        tree["region"] = _moved(region, document.file, top)
    return tree


def _moved(path: str, file: Path, top: Path) -> str:
    target = file.parent / path
    try:
        return Path(os.path.relpath(target, top.parent)).as_posix()
    except ValueError:  # another drive on Windows
        return str(target.absolute())


def _is_known_region(name: str) -> bool:
    return re.fullmatch(r"[\w-]{1,100}", name) is not None and (REGIONS / name).is_dir()


def _check_files(merged: Document, tree: Mapping[str, Any]) -> list[Problem]:
    """The files and folders that the scenario names must be there."""
    problems = []
    folder = merged.file.parent
    region, travel = tree.get("region"), tree.get("travel")
    if isinstance(region, str) and region and not _is_known_region(region) and not os.path.isdir(folder / region):
        names = sorted(table.parent.name for table in REGIONS.glob("*/municipalities.csv"))
        what = did_you_mean(region, names, _REGIONS.format(names=" / ".join(names)))
        message = _NO_REGION.format(region=shown(region), what=what)
        problems.append(merged.values[("region",)].problem("region", message))
    matrix = travel.get("matrix") if isinstance(travel, dict) else None
    if isinstance(matrix, str) and matrix:
        try:
            check_file(folder / matrix, MATRIX_BYTES)
        except FileFault as fault:
            message = _MATRIX.format(fault=fault.said, path=os.path.normpath(folder / matrix))
            problems.append(merged.values[("travel", "matrix")].problem("travel.matrix", message))
    return problems


_SWEEP: Final = Text(
    "är många scenarier i en fil, som bara batch kör: hembesok batch FIL",
    "is many scenarios in one file, which only batch runs: hembesok batch FILE",
)
_CIRCLE: Final = Text(
    "går runt i en cirkel: {circle}; ta bort ett extends", "goes round in a circle: {circle}; take away one extends"
)
_LONG_CHAIN: Final = Text(
    f"går genom fler än {MAX_CHAIN} filer; bygg på färre", f"goes through more than {MAX_CHAIN} files; extend fewer"
)
_NO_BASE: Final = Text(
    "ska vara namnet på en annan scenariofil, är {value}", "must be the name of another scenario file, got {value}"
)
_REGIONS: Final = Text(
    "skriv {names}, eller sökvägen till en mapp med tabeller", "write {names}, or the path of a region folder"
)
_NO_REGION: Final = Text("ingen mapp för regionen {region}; {what}", "no region folder {region}; {what}")
_MATRIX: Final = Text(
    "{fault} ({path}; sökvägen räknas från scenariofilen)",
    "{fault} ({path}; the path is relative to the scenario file)",
)
