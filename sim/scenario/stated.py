"""What a scenario states of the models, kept as it stands: which models there are, and their settings, is not known
here. `sim.declared` checks it against the models that are declared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import WithJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from sim.scenario.fields import Allowed
from sim.text import Text


class Stated(Mapping[str, Any]):
    """Keys and values as in a file, read only: text, numbers, dates, null, tuples of those, and Stated within."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any] | None = None) -> None:
        self._items = {str(key): _fixed(value) for key, value in (items or {}).items()}

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"Stated({self._items!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        """Read from any mapping, and written as dicts."""
        as_dicts = core_schema.plain_serializer_function_ser_schema(cls.plain)
        return core_schema.no_info_plain_validator_function(_as_stated, serialization=as_dicts)

    def plain(self) -> dict[str, Any]:
        """As dicts and lists of its own."""
        return {key: _plain(value) for key, value in self._items.items()}


def _fixed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Stated(value)
    if isinstance(value, list | tuple):
        return tuple(_fixed(item) for item in value)
    if value is None or isinstance(value, str | int | float | dt.date):
        return value
    return str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Stated):
        return value.plain()
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _as_stated(value: object) -> Stated:
    if value is None:
        return Stated()
    if isinstance(value, Mapping):
        return Stated(value)
    raise PydanticCustomError("no_group", "not a group of models")


ModelSettings = Annotated[
    Stated,
    WithJsonSchema({"type": "object", "additionalProperties": {"type": ["object", "null"]}}),
    Allowed(
        Text(
            "en grupp modeller, var och en med sina inställningar, som hybrid: {hubs: 4}",
            "a group of models, each with its settings, such as hybrid: {hubs: 4}",
        )
    ),
]

Ranges = Annotated[
    Stated,
    WithJsonSchema({"type": "object", "additionalProperties": {"type": ["object", "array", "string", "null"]}}),
    Allowed(
        Text(
            "tal om världen med [låg, hög] eller known, som travel.cv: [0.1, 0.2]",
            "numbers of the world with [low, high] or known, such as travel.cv: [0.1, 0.2]",
        )
    ),
]


def stated_leaves(entries: Mapping[str, Any], before: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """(dotted key, value) of everything stated, in order; an empty group is no statement."""
    for key, value in entries.items():
        if isinstance(value, Mapping):
            yield from stated_leaves(value, (*before, key))
        else:
            yield ".".join((*before, key)), value
