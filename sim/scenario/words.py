"""Plain words for what is wrong, and numbers as people write them."""

from __future__ import annotations

import datetime as dt
import re
import types
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from sim.errors import FieldError
from sim.language import units
from sim.language.nearest import nearest
from sim.language.numbers import number, plain, with_sign
from sim.scenario.fields import Allowed, Leaf, Part, item_of, leaves, part_of
from sim.scenario.stated import Stated, stated_leaves
from sim.text import Text

Location = tuple[str | int, ...]
_HINTS = {
    "<<": "merge keys are not used in scenarios; put the shared part in a file of its own and name it under extends",
    "extends": "extends stands at the top of a file, not inside a group; move it there",
}


def dotted(location: Location) -> str:
    """('study', 'models', 0) as study.models[0]."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).removeprefix(".")


def unknown_key(root: type[Part], location: Location) -> str:
    """What to say of a key that does not exist: the nearest one, or else all there are in its group."""
    before, last = location[:-1], str(location[-1])
    if last in _HINTS:
        return _HINTS[last]
    model, _, _ = _at(root, before)
    here = list(model.model_fields) if model else []
    prefix = "".join(f"{part}." for part in before) if all(isinstance(part, str) for part in before) else ""
    near = nearest(last, here)
    if near is not None and near.lower() == last.lower():
        return f"unknown key; did you mean {prefix + near}?"
    elsewhere = [key.rpartition(".")[0] for key in _all_keys(root) if key.rpartition(".")[2].lower() == last.lower()]
    if len(elsewhere) == 1:
        full = f"{elsewhere[0]}.{last}" if elsewhere[0] else last
        return f"unknown key here; did you mean {full}?"
    if elsewhere:
        return f"unknown key here; it belongs in {', '.join(elsewhere)}"
    if near is not None:
        return f"unknown key; did you mean {prefix + near}?"
    return f"unknown key; the keys here are {', '.join(here)}"


def problems_of(root: type[Part], error: ValidationError) -> list[tuple[Location, bool, Text | str]]:
    """Every fault pydantic found as (location, is it the key that is wrong, message)."""
    return [
        ((*detail["loc"], *_field_named(detail)), detail["type"] == "extra_forbidden", _say(root, detail))
        for detail in error.errors()
    ]


def allowed(field: FieldInfo) -> str:
    """What a field takes, in words: 'a whole number from 1 to 520'."""
    kind, metadata, optional = _unwrap(field)
    bounds = {
        name: getattr(item, name) for item in metadata for name in ("ge", "gt", "le", "lt") if hasattr(item, name)
    }
    or_null = " or null" if optional else ""
    if said := next((item.words for item in metadata if isinstance(item, Allowed)), None):
        return said + or_null
    if words := _words_of(kind):
        return "one of " + ", ".join(words) + or_null
    if item_of(field) is not None:
        return "a list of groups of keys"
    if get_origin(kind) is tuple:
        return "a list of at least one name, such as [status_quo, hybrid]," + or_null if optional else "a list of names"
    if kind is str:
        return "text" + or_null
    if kind is dt.date:
        return f"a date from {bounds['ge']} to {bounds['le']}, written 2024-01-01"
    noun = "a whole number" if kind is int else "a number"
    return noun + _range(bounds) + or_null


def shown(value: object) -> str:
    """A value as it may stand in a message."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a group of keys"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _field_named(detail: ErrorDetails) -> tuple[str, ...]:
    error = detail.get("ctx", {}).get("error")
    return (error.field,) if isinstance(error, FieldError) and error.field else ()


def _say(root: type[Part], detail: ErrorDetails) -> Text | str:
    location, kind = detail["loc"], detail["type"]
    value = None if kind == "missing" else detail["input"]
    if kind == "extra_forbidden":
        return unknown_key(root, location)
    if kind == "value_error":
        error = detail.get("ctx", {}).get("error", detail["msg"])
        return error.said if isinstance(error, FieldError) else str(error)
    model, field, depth = _at(root, location)
    if field is None or model is not None:
        keys = ", ".join((model or root).model_fields)
        return f"must be a group of keys ({keys}), got {shown(value)}"
    if depth < len(location):
        return f"each item must be a name, got {shown(value)}"
    return f"must be {allowed(field)}{_got(field, value)}"


def _got(field: FieldInfo, value: object) -> str:
    """', got 'ten'' and, where the slip is a common one, how to mend it."""
    got = ("" if allowed(field).endswith(",") else ",") + f" got {shown(value)}"
    kind, metadata, _ = _unwrap(field)
    if isinstance(value, str) and kind in (int, float):
        text = value.strip()
        if re.fullmatch(r"[-+]?\d+(\.\d+)?", text):
            return got + "; take away the quotes"
        if re.fullmatch(r"[-+]?\d+,\d+", text):
            return got + f"; write {text.replace(',', '.')} with a decimal point"
        if percent := re.fullmatch(r"([-+]?\d+(?:[.,]\d+)?)\s*%", text):
            return got + f"; write {float(percent[1].replace(',', '.')) / 100:g}"
    own_words = any(isinstance(item, Allowed) for item in metadata)
    if kind is str and not own_words and isinstance(value, bool | int | float | dt.date):
        return got + "; put it in quotes"
    if isinstance(value, str) and (near := nearest(value, _words_of(kind))):
        return got + f"; did you mean {near}?"
    if get_origin(kind) is tuple and isinstance(value, str):
        return got + f"; write [{value}]"
    return got


def _range(bounds: Mapping[str, Any]) -> str:
    if "ge" in bounds and "le" in bounds:
        return f" from {bounds['ge']:g} to {bounds['le']:g}" if bounds["le"] < 1e6 else f" of at least {bounds['ge']:g}"
    parts = [
        word + f" {bounds[name]:g}"
        for name, word in (("ge", "of at least"), ("gt", "above"), ("lt", "below"), ("le", "at most"))
        if name in bounds
    ]
    return " " + " and ".join(parts) if parts else ""


def _unwrap(field: FieldInfo) -> tuple[Any, list[Any], bool]:
    """(bare type, constraints, whether null is allowed)."""
    kind, metadata, optional = field.annotation, list(field.metadata), False
    if get_origin(kind) in (Union, types.UnionType) and type(None) in get_args(kind):
        optional = True
        kind = next(arg for arg in get_args(kind) if arg is not type(None))
    if get_origin(kind) is Annotated:
        kind, *more = get_args(kind)
        for item in more:
            metadata += item.metadata if isinstance(item, FieldInfo) else [item]
    return kind, metadata, optional


def _words_of(kind: Any) -> list[str]:
    """The words that a choice among words allows; none for any other type."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(item.value) for item in kind]
    return [str(word) for word in get_args(kind)] if get_origin(kind) is Literal else []


def _at(root: type[Part], location: Location) -> tuple[type[Part] | None, FieldInfo | None, int]:
    """What stands at a location as far as it is declared: (the group, None for a value; the field, None for the root;
    how many parts of the location lead there)."""
    model: type[Part] | None = root
    field: FieldInfo | None = None
    depth = 0
    while model is not None and depth < len(location) and str(location[depth]) in model.model_fields:
        field = model.model_fields[str(location[depth])]
        depth += 1
        model, item = part_of(field), item_of(field)
        if item is not None and depth < len(location) and isinstance(location[depth], int):
            model, depth = item, depth + 1
    return model, field, depth


@cache
def _all_keys(root: type[Part]) -> list[str]:
    """Every dotted key, groups before what is in them."""
    keys: dict[str, None] = {}
    for leaf in leaves(root):
        names = leaf.key.split(".")
        for depth in range(1, len(names) + 1):
            keys[".".join(names[:depth])] = None
    return list(keys)


def spoken(leaf: Leaf, value: object, lang: str) -> str:
    """A field's value with its unit, as it stands in a sentence."""
    extra = leaf.extra
    suffix = "" if lang == "en" else "_sv"
    if value is None:
        return str(extra.get("null_means" + suffix, "–"))
    if isinstance(value, Stated):
        value = [f"{key} {inner}" for key, inner in stated_leaves(value)]
    words = {word: text.get(lang) for word, text in extra.get("words", {}).items()}
    if isinstance(value, Enum):
        return str(words.get(value.value, value.value))
    if isinstance(value, list | tuple):
        return ", ".join(str(words.get(item, item)) for item in value) or ("none" if lang == "en" else "inga")
    if not isinstance(value, int | float):
        return str(value)
    unit = str(extra.get("unit", ""))
    if unit == "factor":
        return "× " + (number(value, lang, 2) if round(value, 2) == value else plain(value, lang))
    if unit == "share":
        return with_sign(plain(100 * value, lang), lang)
    text = plain(value, lang, grouped=leaf.key.rpartition(".")[2] not in _NAMED)
    return f"{text} {word}" if (word := unit_words(unit, lang, value)) else text


_NAMED = ("seed", "year")  # numbers that name something: their digits are not grouped
_UNSPOKEN = ("cv", "weeks", "days", "factor", "share")  # the title says it, or the sign does


def unit_words(unit: str, lang: str, value: float = 2.0) -> str:
    """The unit as it follows `value` in a sentence; empty where the title already says it."""
    if unit in _UNSPOKEN:
        return ""
    found = units.unit(unit)
    return (found.one if value == 1 else found.many).get(lang) if unit else ""
