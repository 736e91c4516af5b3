"""Measures of a Python file anywhere, in this process and in others."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sim.declared.files import MOST_BYTES, read_module
from sim.errors import MeasureError, OrganisationError
from sim.files import read_text_file
from sim.measures.checking import checked
from sim.measures.forms import AWeek, AYear, MeasureDefinition, Ratio
from sim.measures.rows import Own
from sim.text import Text
from sim.usercode import line_of, shown_path


@dataclass(frozen=True)
class FileFunction:
    """The function of a measure by its file and name: as itself it could not be sent to another process, which has not
    read the file. `line` is where it begins."""

    file: str
    measure: str
    line: int

    def __call__(self, *given: Any) -> Any:
        made: Any = next(item.made for _, item in _read(self.file) if item.name == self.measure)
        return made.function(*given)


def measures_in(file: Path) -> Own:
    """The measures that a file defines, in its order. Raises MeasureError, also for what is wrong in one of them, with
    file and line."""
    path = file.absolute()
    found = _read(str(path))
    places = [f"{shown_path(path)}:{line}: " for line, _ in found]
    return tuple(_sent(item, str(path)) for item in checked([item for _, item in found], places))


def _sent(item: MeasureDefinition, file: str) -> MeasureDefinition:
    if item.made is None or isinstance(item.made, Ratio | AYear | AWeek):
        return item
    line = line_of(item.made.function)
    return replace(item, made=item.made._replace(function=FileFunction(file, item.name, line)))


@lru_cache(maxsize=16)
def _read(file: str) -> tuple[tuple[int, MeasureDefinition], ...]:
    """Each measure of a file with its line. A file is run once in a process."""
    try:
        names = vars(read_module(Path(file)))
    except OrganisationError as error:
        raise MeasureError(error.said) from None
    found = {id(value): (name, value) for name, value in names.items() if isinstance(value, MeasureDefinition)}
    if not found:
        raise MeasureError(_NONE.format(file=shown_path(Path(file))))
    lines = _lines(read_text_file(Path(file), MOST_BYTES))
    return tuple((lines.get(name, 1), value) for name, value in found.values())


def _lines(source: str) -> dict[str, int]:
    """Where each name at the top of a file is given its value."""
    targets = {
        target: node.lineno
        for node in ast.parse(source).body
        for target in (node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)])
    }
    return {target.id: line for target, line in targets.items() if isinstance(target, ast.Name)}


_NONE: Final = Text(
    "{file}:1: här finns inget mått; skriv ett_namn = MeasureDefinition(...)",
    "{file}:1: there is no measure here; write a_name = MeasureDefinition(...)",
)
