"""Reading a scenario file: YAML 1.2, `extends`, and every problem at once with its place."""

from __future__ import annotations

import datetime as dt
import os
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from sim.errors import Problem, ScenarioError
from sim.language.nearest import nearest
from sim.scenario.fields import Part, part_of
from sim.scenario.schema import Scenario
from sim.scenario.words import Location, dotted, problems_of, shown

MAX_VALUES: Final = 20_000  # a scenario has about a hundred; aliases that multiply are stopped here
REGIONS: Final = Path(__file__).resolve().parent.parent / "data"

_YAML_HINTS: Final = {
    "mapping values are not allowed here": "a ':' is not expected here; check that the line is indented like its "
    "neighbours, or put text that holds ': ' in quotes",
    "could not find expected ':'": "a key must be followed by ': ' and a value",
    "found another document": "a scenario is one document; take away the line ---",
    "found unexpected end of stream": "the file ends inside quotes; close them",
}
_TAG: Final = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Place:
    """Where something stands; lines and columns start at 1."""

    file: Path
    line: int
    column: int

    def problem(self, key: str, message: str) -> Problem:
        return Problem(str(self.file), self.line, self.column, key, message)


@dataclass
class Document:
    """One file as plain values, with the place of every key and value by location."""

    file: Path
    tree: dict[str, Any]
    keys: dict[Location, Place] = field(default_factory=dict)
    values: dict[Location, Place] = field(default_factory=dict)


class _Unreadable(Exception):
    """A file from which nothing can be taken; holds its problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def load_scenario(path: str | Path) -> Scenario:
    """Read a scenario file and the files it extends.

    Raises ScenarioError with every problem found, each naming the file in the chain where the wrong value stands.
    """
    documents, problems = _read_chain(Path(path))
    if not documents or (problems and documents[-1].tree.get("extends") is not None):
        raise ScenarioError(problems)  # part of the chain is missing: what follows from that would mislead
    merged = _merge(documents)
    tree = {name: value for name, value in merged.tree.items() if name != "extends"}
    problems += _check_files(merged, tree)
    try:
        scenario = Scenario.model_validate(tree)
    except ValidationError as error:
        problems += [
            _place(merged, where, is_key).problem(dotted(where), message)
            for where, is_key, message in problems_of(Scenario, error)
        ]
    if problems:
        order = {str(document.file): number for number, document in enumerate(documents)}
        raise ScenarioError(sorted(set(problems), key=lambda p: (order.get(p.file, 0), p.line, p.column, p.key)))
    return scenario.placed_at(Path(path).absolute())


def read_document(path: Path) -> tuple[Document, list[Problem]]:
    """Any one file as plain values with places, and the problems that leave the rest readable. `extends` is only a key.

    Raises ScenarioError if nothing can be read.
    """
    try:
        return _parse(_text(path, None), path)
    except _Unreadable as error:
        raise ScenarioError([error.problem]) from None


def _read_chain(path: Path) -> tuple[list[Document], list[Problem]]:
    """The file and those it extends, nearest first, as far as they can be read; and the problems on the way."""
    documents: list[Document] = []
    problems: list[Problem] = []
    seen: list[Path] = []
    named: Place | None = None
    while True:
        real = path.resolve()
        if real in seen and named is not None:
            circle = " -> ".join(step.name for step in [*seen[seen.index(real) :], real])
            problems.append(named.problem("extends", f"goes round in a circle: {circle}; take away one extends"))
            return documents, problems
        seen.append(real)
        try:
            document, found = _parse(_text(path, named), path)
        except _Unreadable as error:
            return documents, [*problems, error.problem]
        documents.append(document)
        problems += found
        base = document.tree.get("extends")
        if "extends" not in document.tree:
            return documents, problems
        named = document.values[("extends",)]
        if not isinstance(base, str) or not base:
            message = f"must be the name of another scenario file, got {shown(base)}"
            document.tree["extends"] = ""
            return documents, [*problems, named.problem("extends", message)]
        path = Path(os.path.normpath(path.parent / base))


def _text(path: Path, named: Place | None) -> str:
    """The text of a file. `named` is where an `extends` names it; a missing file is reported there."""

    def missing(message: str) -> _Unreadable:
        if named is not None:
            return _Unreadable(named.problem("extends", f"{path}: {message}"))
        return _Unreadable(Problem(str(path), 0, 0, "", message))

    try:
        data = path.read_bytes()
    except FileNotFoundError:
        near = nearest(path.name, _scenario_files(path.parent))
        what = f"did you mean {path.parent / near}?" if near else "check the name and the folder"
        raise missing(f"no such file; {what}") from None
    except OSError as error:
        if path.is_dir():
            files = _scenario_files(path)
            what = f"name a file in it: {', '.join(files[:6])}" if files else "name a .yaml file"
            raise missing(f"is a folder, not a scenario file; {what}") from None
        raise missing(f"cannot be read ({error.strerror}); check the name and the rights to read it") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        message = f"is not UTF-8 text (byte 0x{data[error.start]:02x} here); save the file as UTF-8"
        raise _Unreadable(Problem(str(path), line, column, "", message)) from None


def _scenario_files(folder: Path) -> list[str]:
    try:
        return sorted(file.name for file in folder.iterdir() if file.suffix in (".yaml", ".yml"))
    except OSError:
        return []


def _parse(text: str, file: Path) -> tuple[Document, list[Problem]]:
    """The text as a Document, with the problems that leave the rest readable (duplicate keys, odd keys)."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
    from ruamel.yaml.reader import ReaderError

    document = Document(file, {})
    problems: list[Problem] = []
    count = 0

    def place(node: Node) -> Place:
        return Place(file, node.start_mark.line + 1, node.start_mark.column + 1)

    def convert(node: Node, where: Location, above: tuple[int, ...]) -> Any:
        nonlocal count
        count += 1
        if count > MAX_VALUES or id(node) in above:
            raise _Unreadable(place(node).problem(dotted(where), "refers to itself or is far too large; write it out"))
        # an empty value has no place of its own: the parser puts it where the next thing begins
        empty = isinstance(node, ScalarNode) and not node.value and where in document.keys
        document.values[where] = document.keys[where] if empty else place(node)
        known, value = True, None
        if isinstance(node, ScalarNode):
            known, value = _scalar(str(node.tag), str(node.value))
        elif str(node.tag) not in (_TAG + "map", _TAG + "seq"):
            known = False
        if not known:
            problems.append(place(node).problem(dotted(where), f"the tag {node.tag} is not used; take it away"))
        if isinstance(node, ScalarNode):
            return value
        if isinstance(node, SequenceNode):
            return [convert(item, (*where, index), (*above, id(node))) for index, item in enumerate(node.value)]
        return mapping(node, where, above)

    def mapping(node: Node, where: Location, above: tuple[int, ...]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                problems.append(place(key_node).problem(dotted(where), "a key must be a word; write key: value"))
                continue
            key = str(key_node.value)
            at = (*where, key)
            if key in result:
                first = document.keys[at].line
                problems.append(place(key_node).problem(dotted(at), f"stands twice, first on line {first}; keep one"))
                continue
            document.keys[at] = place(key_node)
            result[key] = convert(value_node, at, (*above, id(node)))
        return result

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a reused anchor is legal YAML
            root = YAML(typ="safe", pure=True).compose(text)
        if root is None:
            message = "is empty; write at least a title, or start from the file that the command new makes"
            raise _Unreadable(Place(file, 1, 1).problem("", message))
        if not isinstance(root, MappingNode):
            kind = "a list" if isinstance(root, SequenceNode) else "text without keys"
            raise _Unreadable(place(root).problem("", f"must hold keys and values, such as demand:, but holds {kind}"))
        document.tree = _without_empty_groups(mapping(root, (), ()), Scenario)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _Unreadable(Problem(str(file), line, column, "", _yaml_words(error.problem or "", text, line))) from None
    except ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, error.position - before.rfind("\n")
        message = f"the invisible character U+{ord(text[error.position]):04X} is not allowed; take it away"
        raise _Unreadable(Problem(str(file), line, column, "", message)) from None
    except RecursionError:
        message = "is nested far too deeply; a scenario has four levels"
        raise _Unreadable(Problem(str(file), 1, 1, "", message)) from None
    except YAMLError as error:
        raise _Unreadable(Problem(str(file), 1, 1, "", f"is not valid YAML: {error}")) from None
    return document, problems


def _yaml_words(problem: str, text: str, line: int) -> str:
    lines = text.splitlines()
    here = lines[line - 1] if line <= len(lines) else ""
    if "\t" in here[: len(here) - len(here.lstrip())] or "'\\t'" in problem:
        return "a tab is used for indentation; use spaces"
    return next((hint for words, hint in _YAML_HINTS.items() if words in problem), f"is not valid YAML: {problem}")


def _scalar(tag: str, text: str) -> tuple[bool, Any]:
    """(is the tag one of YAML's own, the value). A text that its tag cannot hold stays text."""
    kind = tag.removeprefix(_TAG)
    try:
        if kind in ("str", "merge", "value"):
            return True, text
        if kind == "null":
            return True, None
        if kind == "bool":
            return True, text.lower() in ("true", "yes", "on", "y")
        if kind == "int":
            base = {"0x": 16, "0o": 8, "0b": 2}.get(text.lstrip("+-")[:2].lower(), 10)
            return True, int(text, base)
        if kind == "float":
            return True, float(
                text.replace(".inf", "inf")
                .replace(".Inf", "inf")
                .replace(".INF", "inf")
                .replace(".nan", "nan")
                .replace(".NaN", "nan")
                .replace(".NAN", "nan")
            )
        if kind == "timestamp":
            return True, dt.date.fromisoformat(text) if len(text) == 10 else text
    except ValueError:
        return True, text
    return False, text


def _without_empty_groups(tree: dict[str, Any], model: type[Part]) -> dict[str, Any]:
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
        merged.tree = _overlay(merged.tree, _from_here(document, top))
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
        return str(target.resolve())


def _is_known_region(name: str) -> bool:
    return re.fullmatch(r"[\w-]+", name) is not None and (REGIONS / name).is_dir()


def _check_files(merged: Document, tree: Mapping[str, Any]) -> list[Problem]:
    """The files and folders that the scenario names must be there."""
    problems = []
    folder = merged.file.parent
    region, travel = tree.get("region"), tree.get("travel")
    if isinstance(region, str) and region and not _is_known_region(region) and not (folder / region).is_dir():
        names = sorted(table.parent.name for table in REGIONS.glob("*/municipalities.csv"))
        near = nearest(region, names)
        what = f"did you mean {near}?" if near else f"write {' or '.join(names)}, or the path of a region folder"
        problems.append(merged.values[("region",)].problem("region", f"no region folder {region!r}; {what}"))
    matrix = travel.get("matrix") if isinstance(travel, dict) else None
    if isinstance(matrix, str) and matrix and not (folder / matrix).is_file():
        message = f"no such file: {os.path.normpath(folder / matrix)}; the path is relative to the scenario file"
        problems.append(merged.values[("travel", "matrix")].problem("travel.matrix", message))
    return problems


def _place(merged: Document, where: Location, is_key: bool) -> Place:
    """The place of a value, or of the key for a whole group; else of the nearest group around it that is stated."""
    value: Any = merged.tree
    for part in where:
        value = value[part] if isinstance(value, dict) and part in value else None
    if not is_key and not isinstance(value, dict) and where in merged.values:
        return merged.values[where]
    for depth in range(len(where), 0, -1):
        if where[:depth] in merged.keys:
            return merged.keys[where[:depth]]
    return Place(merged.file, 1, 1)
