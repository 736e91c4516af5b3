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
                raise OrganisationError(f"{owner.__name__}: {name} must be {_said(kind)}, got {_shown(value)}")

    def at_least(self, low: float, *names: str) -> None:
        """Refuse numbers of these fields that are below `low`; None is let through."""
        for name in names:
            value = getattr(self, name)
            if value is not None and not low <= value:
                raise OrganisationError(f"{type(self).__name__}: {name} must be at least {low:g}, got {value}")


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


_PLAIN = {str: "text", int: "a whole number", float: "a number", bool: "True or False", type(None): "None"}


def _said(kind: Any) -> str:
    if get_origin(kind) in (Union, types.UnionType):
        return " or ".join(_said(one) for one in get_args(kind))
    if get_origin(kind) is tuple:
        return f"a list, each item {_said(get_args(kind)[0])}"
    if kind in _PLAIN:
        return _PLAIN[kind]
    if issubclass(kind, Enum):
        return "one of " + ", ".join(f"{kind.__name__}.{item.name}" for item in kind)
    if issubclass(kind, tuple):
        return f"{kind.__name__}(" + ", ".join(f'{name}="..."' for name in kind.__annotations__) + ")"
    return str(kind.__name__)


def _shown(value: Any) -> str:
    try:
        text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    except Exception:  # a value whose own code fails
        text = f"a {type(value).__name__}"
    return text if len(text) <= 80 else text[:77] + "..."
