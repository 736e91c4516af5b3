"""Setting dotted keys of a scenario, or of any group of fields, in Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from sim.errors import Problem, ScenarioError
from sim.scenario.fields import Part
from sim.scenario.places import SOURCE_OF_CHANGE
from sim.scenario.words import dotted, problems_of
from sim.text import Text

P = TypeVar("P", bound=Part)


def edited(part: P, changes: Mapping[str, Any]) -> P:
    """`part` with dotted keys set. Raises ScenarioError with every problem; the old one is untouched."""
    tree: dict[str, Any] = part.model_dump()
    for key, value in changes.items():
        for path, plain in _flat(tuple(str(key).split(".")), value):
            _put(tree, path, plain)
    try:
        return type(part).model_validate(tree)
    except ValidationError as error:
        raise ScenarioError(
            [
                Problem(SOURCE_OF_CHANGE, 0, 0, dotted(where), message)
                for where, _, message in problems_of(type(part), error)
            ]
        ) from None


def _flat(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """A change as (path, plain value) pairs: a group given whole is taken apart, so that the rest of it stays."""
    if isinstance(value, Part):
        value = value.model_dump()
    elif isinstance(value, Text):
        value = value._asdict()
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _flat((*path, *str(name).split(".")), inner)
    else:
        yield path, _plain(value)


def _plain(value: Any) -> Any:
    """numpy numbers and paths as Python's own, which is what the fields take."""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, dt.date | str | int | float) or value is None:
        return value
    return value.item() if hasattr(value, "item") and getattr(value, "ndim", 1) == 0 else value


def _put(tree: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    *groups, last = path
    for name in groups:
        inner = tree.get(name)
        if not isinstance(inner, dict):
            inner = tree[name] = {} if name not in tree else {"": inner}
        tree = inner
    tree[last] = value
