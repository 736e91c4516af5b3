"""Tables held column by column. Each is a NamedTuple that declares its columns once, with type and meaning:

    class Patients(NamedTuple):
        node: Annotated[Ints, Column("home place")]

Compiled code takes such a table as it is. All columns of a table are as long as each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, NamedTuple, Self, TypeVar, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Table = TypeVar("Table", bound="tuple[Any, ...]")


@dataclass(frozen=True)
class Column:
    """What a column means; `neutral` is its value where whoever makes a table by hand does not state it."""

    meaning: str
    neutral: float | None = None


@cache
def declared(kind: Any) -> dict[str, tuple[type[Any], Column]]:
    """The columns of a kind of table in order: name to numpy type (int64 or float64) and meaning."""
    found = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        held, column = get_args(hint)
        found[name] = (np.int64 if held == Ints else np.float64, column)
    return found


def room(kind: type[Table], length: int) -> Table:
    """A table whose columns are yet to be written."""
    return kind(*(np.empty(length, dtype) for dtype, _ in declared(kind).values()))


def filled(kind: type[Table], length: int, **stated: Any) -> Table:
    """A table of the columns that are stated (an array, or one value for all rows) and of neutral values for the rest.
    TypeError for a column that does not exist, or that has no neutral value and is not stated."""
    columns = []
    for name, (dtype, column) in declared(kind).items():
        value = stated.pop(name, None)
        value = column.neutral if value is None else value
        if value is None:
            raise TypeError(f"{kind.__name__} needs {name}: {column.meaning}")
        columns.append(np.ascontiguousarray(np.broadcast_to(np.asarray(value, dtype), length)))
    if stated:
        raise TypeError(f"{kind.__name__} has no column {', '.join(sorted(stated))}")
    return kind(*columns)


def rows_of(table: Table, rows: Any) -> Table:
    """Some rows of a table: a slice, numbers or a mask."""
    return type(table)(*(column[rows] for column in table))


def joined(*tables: Table) -> Table:
    """The rows of several tables of one kind, one after the other."""
    return type(tables[0])(*(np.concatenate(columns) for columns in zip(*tables, strict=True)))


def checked(table: Table) -> Table:
    """The same table as compiled code needs it, which looks at nothing: types as declared, one length, each column in
    one piece. ValueError that names the column."""
    kind = type(table)
    length = len(table[0])
    for (name, (dtype, _)), column in zip(declared(kind).items(), table, strict=True):
        if column.dtype != dtype or column.shape != (length,):
            wrong = f"{column.dtype} {column.shape}"
            raise ValueError(f"{kind.__name__}.{name}: {np.dtype(dtype)} ({length},) is needed, here is {wrong}")
    return kind(*map(np.ascontiguousarray, table))


class Group(NamedTuple):
    """A table of a thing made of several: its name there, the word for one row, and its kind."""

    table: str
    word: str
    kind: Any


class Grouped:
    """Several tables as one thing, whose columns are read by name, as `tape.t0_min` for `tape.requests.t0_min`: by its
    own name the first table that has such a column, and any by its table's word before it (`tape.patient_node`)."""

    groups: ClassVar[tuple[Group, ...]]

    def __getattr__(self, name: str) -> Any:
        if name not in (places := places_of(self.groups)):
            raise AttributeError(f"{type(self).__name__} has no column {name!r}")
        table, column = places[name]
        return getattr(getattr(self, table), column)

    def columns(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Every column once, as `requests.t0_min`."""
        for group in self.groups:
            table = getattr(self, group.table)
            yield from ((f"{group.table}.{name}", column) for name, column in zip(table._fields, table, strict=True))

    def with_columns(self, **changed: Any) -> Self:
        """The same with other columns, named as they are read."""
        held = {group.table: getattr(self, group.table) for group in self.groups}
        for name, value in changed.items():
            table, column = places_of(self.groups)[name]
            held[table] = held[table]._replace(**{column: value})
        return type(self)(**{**vars(self), **held})


@cache
def places_of(groups: tuple[Group, ...]) -> dict[str, tuple[str, str]]:
    """Where each column is: name to table and its own name there. Own names come first."""
    found: dict[str, tuple[str, str]] = {}
    for before in (False, True):
        for table, word, kind in groups:
            for column in declared(kind):
                found.setdefault(f"{word}_{column}" if before else column, (table, column))
    return found
