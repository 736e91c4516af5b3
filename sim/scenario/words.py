"""Plain words for what is wrong with a value or a key, and how to mend it."""

from __future__ import annotations

import datetime as dt
import re
import types
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from sim.errors import FieldError
from sim.language.nearest import nearest
from sim.scenario.fields import Allowed, Part, item_of, leaves, part_of
from sim.text import Text, joined, listed, same

Location = tuple[str | int, ...]


def dotted(location: Location) -> str:
    """('study', 'models', 0) as study.models[0]."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).removeprefix(".")


def unknown_key(root: type[Part], location: Location) -> Text:
    """What to say of a key that does not exist: the nearest one, or else all there are in its group."""
    before, last = location[:-1], str(location[-1])
    if last in _HINTS:
        return _HINTS[last]
    model, _, _ = _at(root, before)
    here = list(model.model_fields) if model else []
    prefix = "".join(f"{part}." for part in before) if all(isinstance(part, str) for part in before) else ""
    near = nearest(last, here)
    if near is not None and near.lower() == last.lower():
        return _MEANT.format(key=prefix + near)
    elsewhere = [key.rpartition(".")[0] for key in _all_keys(root) if key.rpartition(".")[2].lower() == last.lower()]
    if len(elsewhere) == 1:
        return _MEANT_THERE.format(key=f"{elsewhere[0]}.{last}" if elsewhere[0] else last)
    if elsewhere:
        return _BELONGS.format(groups=", ".join(elsewhere))
    if near is not None:
        return _MEANT.format(key=prefix + near)
    return _KEYS.format(keys=", ".join(here))


def problems_of(root: type[Part], error: ValidationError) -> list[tuple[Location, bool, Text]]:
    """Every fault pydantic found as (location, is it the key that is wrong, message)."""
    return [
        ((*detail["loc"], *_field_named(detail)), detail["type"] == "extra_forbidden", _say(root, detail))
        for detail in error.errors()
    ]


def allowed(field: FieldInfo) -> Text:
    """What a field takes, in words: 'a whole number from 1 to 520'."""
    kind, metadata, optional = _unwrap(field)
    bounds = {
        name: getattr(item, name) for item in metadata for name in ("ge", "gt", "le", "lt") if hasattr(item, name)
    }
    if own := next((item.words for item in metadata if isinstance(item, Allowed)), None):
        said = own
    elif words := _words_of(kind):
        said = _ONE_OF.format(words=", ".join(words))
    elif item_of(field) is not None:
        said = _GROUPS
    elif get_origin(kind) is tuple:
        said = _NAMES_OR if optional else _NAMES
    elif kind is bool:
        said = _TRUE_OR_FALSE
    elif kind is str:
        said = _TEXT
    elif kind is dt.date:
        said = _DATE.format(first=bounds["ge"], last=bounds["le"])
    else:
        said = joined([_WHOLE if kind is int else _NUMBER, _range(bounds)])
    return joined([said, _OR_NULL]) if optional else said


def shown(value: object) -> Text:
    """A value as it may stand in a message."""
    if value is None:
        return _NOTHING
    if isinstance(value, bool):
        return same("true" if value else "false")
    if isinstance(value, Mapping):
        return _A_GROUP
    if isinstance(value, list | tuple):
        return _A_LIST if value else _EMPTY_LIST
    text = repr(value) if isinstance(value, str) else str(value)
    return same(text if len(text) <= 60 else text[:57] + "...")


def _field_named(detail: ErrorDetails) -> tuple[str, ...]:
    error = detail.get("ctx", {}).get("error")
    return (error.field,) if isinstance(error, FieldError) and error.field else ()


def _say(root: type[Part], detail: ErrorDetails) -> Text:
    location, kind = detail["loc"], detail["type"]
    value = None if kind == "missing" else detail["input"]
    if kind == "extra_forbidden":
        return unknown_key(root, location)
    if kind == "value_error":
        error = detail.get("ctx", {}).get("error", detail["msg"])
        return error.said if isinstance(error, FieldError) else same(error)
    model, field, depth = _at(root, location)
    if field is None or model is not None:
        return _NO_GROUP.format(keys=", ".join((model or root).model_fields), got=shown(value))
    if depth < len(location):
        return _NO_NAME.format(got=shown(value))
    return _MUST_BE.format(allowed=allowed(field), got=shown(value), mend=_mend(field, value))


def _mend(field: FieldInfo, value: object) -> Text:
    """How to mend a value where the slip is a common one; nothing else."""
    kind, metadata, _ = _unwrap(field)
    if isinstance(value, str) and kind in (int, float):
        text = value.strip()
        if re.fullmatch(r"[-+]?\d+(\.\d+)?", text):
            return _NO_QUOTES
        if re.fullmatch(r"[-+]?\d+,\d+", text):
            return _POINT.format(number=text.replace(",", "."))
        if percent := re.fullmatch(r"([-+]?\d+(?:[.,]\d+)?)\s*%", text):
            return _WRITE.format(value=f"{float(percent[1].replace(',', '.')) / 100:g}")
    own_words = any(isinstance(item, Allowed) for item in metadata)
    if kind is str and not own_words and isinstance(value, bool | int | float | dt.date):
        return _QUOTES
    if isinstance(value, str) and (near := nearest(value, _words_of(kind))):
        return _NEAR.format(near=near)
    if get_origin(kind) is tuple and isinstance(value, str):
        return _WRITE.format(value=f"[{value}]")
    return same("")


def _range(bounds: Mapping[str, Any]) -> Text:
    if "ge" in bounds and "le" in bounds and bounds["le"] < 1e6:
        return _FROM_TO.format(low=f"{bounds['ge']:g}", high=f"{bounds['le']:g}")
    told = {name: bounds[name] for name in _BOUND if name in bounds and bounds[name] < 1e6}
    said = listed(_BOUND[name].format(bound=f"{bound:g}") for name, bound in told.items())
    return joined([" ", said]) if told else said


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


_HINTS: Final = {
    "<<": Text(
        "sammanslagna nycklar används inte i scenarier; lägg det gemensamma i en egen fil och nämn den under extends",
        "merge keys are not used in scenarios; put the shared part in a file of its own and name it under extends",
    ),
    "extends": Text(
        "extends står överst i en fil, inte i en grupp; flytta den dit",
        "extends stands at the top of a file, not inside a group; move it there",
    ),
}
_MEANT: Final = Text("okänd nyckel; menade du {key}?", "unknown key; did you mean {key}?")
_MEANT_THERE: Final = Text("okänd nyckel här; menade du {key}?", "unknown key here; did you mean {key}?")
_BELONGS: Final = Text("okänd nyckel här; den hör hemma i {groups}", "unknown key here; it belongs in {groups}")
_KEYS: Final = Text("okänd nyckel; nycklarna här är {keys}", "unknown key; the keys here are {keys}")
_NO_GROUP: Final = Text("ska vara en grupp nycklar ({keys}), fick {got}", "must be a group of keys ({keys}), got {got}")
_NO_NAME: Final = Text("varje post ska vara ett namn, fick {got}", "each item must be a name, got {got}")
_MUST_BE: Final = Text("ska vara {allowed}, fick {got}{mend}", "must be {allowed}, got {got}{mend}")
_ONE_OF: Final = Text("ett av {words}", "one of {words}")
_GROUPS: Final = Text("en lista av grupper med nycklar", "a list of groups of keys")
_NAMES_OR: Final = Text(
    "en lista med minst ett namn, som [status_quo, hybrid],",
    "a list of at least one name, such as [status_quo, hybrid],",
)
_NAMES: Final = Text("en lista med namn", "a list of names")
_TRUE_OR_FALSE: Final = Text("true eller false", "true or false")
_TEXT: Final = Text("text", "text")
_DATE: Final = Text(
    "ett datum från {first} till {last}, skrivet 2024-01-01", "a date from {first} to {last}, written 2024-01-01"
)
_WHOLE: Final = Text("ett heltal", "a whole number")
_NUMBER: Final = Text("ett tal", "a number")
_OR_NULL: Final = Text(" eller null", " or null")
_FROM_TO: Final = Text(" från {low} till {high}", " from {low} to {high}")
_BOUND: Final = {
    "ge": Text("på minst {bound}", "of at least {bound}"),
    "gt": Text("över {bound}", "above {bound}"),
    "lt": Text("under {bound}", "below {bound}"),
    "le": Text("på högst {bound}", "at most {bound}"),
}
_NOTHING: Final = Text("ingenting", "nothing")
_A_GROUP: Final = Text("en grupp nycklar", "a group of keys")
_A_LIST: Final = Text("en lista", "a list")
_EMPTY_LIST: Final = Text("en tom lista", "an empty list")
_NO_QUOTES: Final = Text("; ta bort citattecknen", "; take away the quotes")
_QUOTES: Final = Text("; sätt det inom citattecken", "; put it in quotes")
_POINT: Final = Text("; skriv {number} med decimalpunkt", "; write {number} with a decimal point")
_WRITE: Final = Text("; skriv {value}", "; write {value}")
_NEAR: Final = Text("; menade du {near}?", "; did you mean {near}?")
