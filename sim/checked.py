"""Plain data that refuses values of another type when it is made, so that the line that is wrong is the one named."""

from __future__ import annotations

import math
import numbers
import types
from collections.abc import Callable
from dataclasses import fields
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from sim.errors import OrganisationError
from sim.quoting import clean
from sim.text import Text, joined, same


class Checked:
    """Base of frozen dataclasses. Each value must fit the type its field is declared with, exactly (no subclass of a
    dataclass: only plain data can be sent to another process); a list stands for a tuple. Raises OrganisationError."""

    def __post_init__(self) -> None:
        owner: Any = type(self)
        for name, (kind, fits) in _tests(owner).items():
            value = getattr(self, name)
            if type(value) is list or (type(value) is tuple and list in map(type, value)):
                value = _as_tuples(value)
                object.__setattr__(self, name, value)
            if not fits(value):
                raise OrganisationError(
                    _WRONG.format(owner=owner.__name__, name=name, kind=_said(kind), value=_shown(value))
                )

    def at_least(self, low: float, *names: str) -> None:
        """Refuse numbers of these fields that are below `low`; None is let through."""
        for name in names:
            value = getattr(self, name)
            if value is not None and not low <= value:
                raise OrganisationError(
                    _TOO_LOW.format(owner=type(self).__name__, name=name, low=f"{low:g}", value=value)
                )


Test = Callable[[Any], bool]


@cache
def _tests(owner: Any) -> dict[str, tuple[Any, Test]]:
    """The type of every field, and whether a value is of it. What is declared in the module is found there by name."""
    hints = get_type_hints(owner)
    return {field.name: (hints[field.name], _test(hints[field.name])) for field in fields(owner)}


def _as_tuples(value: Any) -> Any:
    return tuple(map(_as_tuples, value)) if type(value) is list or type(value) is tuple else value


def _test(kind: Any) -> Test:
    """Whether a value is of a type: a union, a tuple of one type, a plain type, an enum, words, or a dataclass."""
    if kind is Any or kind is ...:
        return lambda value: True
    if get_origin(kind) in (Union, types.UnionType):
        several = [_test(one) for one in get_args(kind)]
        return lambda value: any(test(value) for test in several)
    if get_origin(kind) is tuple:
        inner, rest = map(_test, (get_args(kind)[0], get_args(kind)[1]))
        if get_args(kind)[1] is not ...:  # a pair
            return lambda value: type(value) is tuple and len(value) == 2 and inner(value[0]) and rest(value[1])
        return lambda value: type(value) is tuple and all(map(inner, value))
    if kind in (str, bool) or issubclass(kind, Enum):
        return lambda value: isinstance(value, kind)
    if kind is int:
        return lambda value: type(value) is int or (isinstance(value, numbers.Integral) and not isinstance(value, bool))
    if kind is float:
        return lambda value: (
            (type(value) in (int, float) or (isinstance(value, numbers.Real) and not isinstance(value, bool)))
            and not math.isnan(value)
        )
    if issubclass(kind, tuple):  # a NamedTuple of words
        return lambda value: type(value) is kind and all(isinstance(item, str) for item in value)
    return lambda value: type(value) is kind


def _said(kind: Any) -> Text:
    if get_origin(kind) in (Union, types.UnionType):
        return joined(map(_said, get_args(kind)), Text(" eller ", " or "))
    if get_origin(kind) is tuple:
        return _LIST.format(kind=_said(get_args(kind)[0]))
    if kind in _PLAIN:
        return _PLAIN[kind]
    if issubclass(kind, Enum):
        return joined((f"{kind.__name__}.{item.name}" for item in kind), Text(" eller ", " or "))
    if issubclass(kind, tuple):
        return same(f"{kind.__name__}(" + ", ".join(f'{name}="..."' for name in kind.__annotations__) + ")")
    return same(kind.__name__)


def _shown(value: Any) -> str:
    try:
        return clean(repr(value), 80)
    except Exception:  # a value whose own code fails
        return type(value).__name__


_PLAIN = {
    str: Text("text", "text"),
    int: Text("ett heltal", "a whole number"),
    float: Text("ett tal", "a number"),
    bool: Text("True eller False", "True or False"),
    type(None): same("None"),
}
_LIST = Text("en lista där varje del är {kind}", "a list, each item {kind}")
_WRONG = Text("{owner}: {name} ska vara {kind}, fick {value}", "{owner}: {name} must be {kind}, got {value}")
_TOO_LOW = Text(
    "{owner}: {name} ska vara minst {low}, fick {value}", "{owner}: {name} must be at least {low}, got {value}"
)
