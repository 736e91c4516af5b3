"""Measures of a Python file anywhere, in this process and in others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sim.declared.files import read_module
from sim.errors import MeasureError, OrganisationError
from sim.measures.forms import AWeek, AYear, MeasureDefinition, Ratio
from sim.measures.own import checked
from sim.measures.rows import Own
from sim.text import Text


@dataclass(frozen=True)
class FileFunction:
    """The function of a measure by its file and name: as itself it could not be sent to another process, which has not
    read the file."""

    file: str
    measure: str

    def __call__(self, *given: Any) -> Any:
        made: Any = next(item.made for item in _read(self.file) if item.name == self.measure)
        return made.function(*given)


def measures_in(file: Path) -> Own:
    """The measures that a file defines, in its order. Raises MeasureError, also for what is wrong in one of them."""
    return checked(_sent(item, str(file.absolute())) for item in _read(str(file.absolute())))


def _sent(item: MeasureDefinition, file: str) -> MeasureDefinition:
    if item.made is None or isinstance(item.made, Ratio | AYear | AWeek):
        return item
    return replace(item, made=item.made._replace(function=FileFunction(file, item.name)))


@lru_cache(maxsize=16)
def _read(file: str) -> tuple[MeasureDefinition, ...]:
    """Each file is run once in a process."""
    try:
        names = vars(read_module(Path(file)))
    except OrganisationError as error:
        raise MeasureError(error.said) from None
    found = {id(value): value for value in names.values() if isinstance(value, MeasureDefinition)}
    if not found:
        raise MeasureError(_NONE.format(file=file))
    return tuple(found.values())


_NONE: Final = Text(
    "{file}: här finns inget mått; skriv ett_namn = MeasureDefinition(...)",
    "{file}: there is no measure here; write a_name = MeasureDefinition(...)",
)
