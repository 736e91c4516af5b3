"""From a model file to a Model, whatever is in the file: every fault is an OrganisationError with file and line."""

from __future__ import annotations

import hashlib
import inspect
import keyword
import os
import re
import sys
import typing
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from pydantic import ValidationError

from sim.declared.model import Model, NoSettings, guarded
from sim.errors import OrganisationError
from sim.files import FileFault, read_text_file
from sim.language.nearest import nearest
from sim.scenario.fields import leaves
from sim.scenario.words import dotted, problems_of
from sim.settings import Settings
from sim.text import Text, joined
from sim.usercode import line_of, shown_path

MOST_BYTES: Final = 2**20  # a model is a hundred lines
RESERVED: Final = ("from", "title")  # what a variant says beside its settings
_NO_FILE_NAME: Final = re.compile(r"^(all|con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


def is_model_name(name: str) -> bool:
    """A name that can be a function's, a file's on every system, and a value in a table (where `all` has a meaning)."""
    plain = name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("_")
    return plain and len(name) <= 80 and _NO_FILE_NAME.match(name) is None


def model_files(folder: Path) -> list[Path]:
    """The files of a folder that may be models, by name; those that begin with _ or . are not."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix == ".py" and path.name[0] not in "_.")


def load_model(file: Path, package: str = "") -> Model:
    """The model of a file. `package`: its files are modules of that package; others are modules of their own.

    Raises OrganisationError.
    """
    name = file.stem
    if not is_model_name(name):
        raise _fault(file, None, _NO_NAME.format(name=repr(name)))
    module = _module(file, f"{package}.{name}" if package else _own_name(file))
    function = _function(module, name, file)
    model = Model(name, function, _settings(function, file), file)
    model()  # a model that cannot be made is found here
    return model


def load_all(files: Iterable[Path], package: str = "") -> tuple[list[Model], dict[str, OrganisationError]]:
    """The models of those files that have one, and by name what is wrong with the others."""
    models: list[Model] = []
    faults: dict[str, OrganisationError] = {}
    for file in files:
        try:
            models.append(load_model(file, package))
        except OrganisationError as error:
            faults[file.stem] = error
    return models, faults


def read_module(file: Path) -> ModuleType:
    """Any Python file run as a module of its own. Raises OrganisationError with file and line."""
    return _module(file, _own_name(file))


def _own_name(file: Path) -> str:
    """A module name that no other file has."""
    return f"hembesok_model_{hashlib.sha256(os.path.abspath(file).encode()).hexdigest()[:12]}"


def _module(file: Path, name: str) -> ModuleType:
    """The file run as a module. One of a package that has been imported already is not run again."""
    known = sys.modules.get(name)
    if known is not None and "." in name and getattr(known, "__file__", None) == str(file):
        return known
    source = _source(file)
    code = _compiled(source, file)
    module = ModuleType(name)
    module.__file__, module.__package__ = str(file), name.rpartition(".")[0]
    sys.modules[name] = module  # where types written as text are looked up
    try:
        with guarded(file):
            exec(code, module.__dict__)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


def _source(file: Path) -> str:
    try:
        return read_text_file(file, MOST_BYTES)
    except FileFault as fault:
        near = nearest(file.name, [path.name for path in model_files(file.parent) if path.exists()])
        said = _NO_FILE.format(near=near) if fault.reason == "missing" and near else fault.said
        raise _fault(file, fault.line or None, said) from None


def _compiled(source: str, file: Path) -> Any:
    """The code. A fault in how it is written stands at its line."""
    try:
        return compile(source, str(file), "exec", dont_inherit=True)
    except SyntaxError as error:
        raise _fault(file, error.lineno or 1, _SYNTAX.format(why=error.msg)) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise _fault(file, 1, _SYNTAX.format(why=f"{type(error).__name__}: {error}")) from error


def _function(module: ModuleType, name: str, file: Path) -> Callable[..., Any]:
    """The function of the file's name, if it is one that can be asked for an organisation."""
    inside = vars(module)
    found = inside.get(name)
    if name not in inside:
        own = [key for key, value in inside.items() if getattr(value, "__module__", "") == module.__name__]
        others = [key for key in own if inspect.isfunction(inside[key])]
        near = nearest(name, others) or (others[0] if len(others) == 1 else None)
        what = _RENAME.format(near=near) if near else _WRITE.format(name=name)
        raise _fault(file, 1, _NO_FUNCTION.format(name=name, what=what))
    if not inspect.isfunction(found):
        raise _fault(file, 1, _NOT_A_FUNCTION.format(name=name, what=type(found).__name__))
    if inspect.iscoroutinefunction(found) or inspect.isasyncgenfunction(found) or inspect.isgeneratorfunction(found):
        raise _fault(file, line_of(found), _NOT_PLAIN.format(name=name))
    return found


def _settings(function: Callable[..., Any], file: Path) -> type[Settings]:
    """The settings that the function takes: the type of its first argument, a class of Settings."""
    needed = [
        argument
        for argument in inspect.signature(function).parameters.values()
        if argument.default is argument.empty and argument.kind not in (argument.VAR_POSITIONAL, argument.VAR_KEYWORD)
    ]
    if not needed:
        return NoSettings
    with guarded(file, line_of(function)):
        kind = typing.get_type_hints(function).get(needed[0].name)
        positional = needed[0].kind in (needed[0].POSITIONAL_ONLY, needed[0].POSITIONAL_OR_KEYWORD)
        if len(needed) > 1 or not positional or not (isinstance(kind, type) and issubclass(kind, Settings)):
            names = ", ".join(argument.name for argument in needed)
            raise OrganisationError(_ARGUMENTS.format(name=function.__name__, names=names))
        _check_settings(kind)
    return kind


def _check_settings(kind: type[Settings]) -> None:
    """Every setting has a value that fits, and words in both languages."""
    for name, field in kind.model_fields.items():
        if name in RESERVED:
            raise OrganisationError(_TAKEN_KEY.format(key=f"{kind.__name__}.{name}"))
        if field.is_required():
            raise OrganisationError(_UNDECLARED.format(key=f"{kind.__name__}.{name}"))
    for leaf in leaves(kind):
        if not leaf.extra.get("title") or not leaf.extra.get("title_sv"):
            raise OrganisationError(_UNDECLARED.format(key=f"{kind.__name__}.{leaf.key}"))
    try:
        kind.model_validate(kind().model_dump(warnings=False))
    except ValidationError as error:
        where, _, message = problems_of(kind, error)[0]
        raise OrganisationError(joined([f"{kind.__name__}.{dotted(where)} ", message])) from None


def _fault(file: Path, line: int | None, what: Text) -> OrganisationError:
    return OrganisationError(joined([f"{shown_path(file)}:{f'{line}:' if line else ''} ", what]))


_NO_NAME = Text(
    "{name} är inget namn på en modell: bokstäver, siffror och _, inget av Pythons egna ord; byt namn på filen, eller "
    "ta bort kopian",
    "{name} is no name for a model: letters, digits and _, no word of Python's own; rename the file, or delete the "
    "copy",
)
_NO_FILE = Text("filen finns inte; menade du {near}?", "no such file; did you mean {near}?")
_SYNTAX = Text("är inte skrivet som Python: {why}", "is not written as Python: {why}")
_NO_FUNCTION = Text(
    "har ingen funktion {name}, som är filens namn; {what}", "has no function {name}, the name of the file; {what}"
)
_RENAME = Text("byt namn på {near}", "rename {near}")
_WRITE = Text("skriv def {name}() -> Organisation", "write def {name}() -> Organisation")
_NOT_A_FUNCTION = Text(
    "{name} måste vara en funktion som ger en Organisation, inte av typen {what}",
    "{name} must be a function that returns an Organisation, not of type {what}",
)
_NOT_PLAIN = Text(
    "{name} måste vara en vanlig funktion: ingen async, ingen yield",
    "{name} must be a plain function: no async, no yield",
)
_ARGUMENTS = Text(
    "{name} ska ta inget argument, eller sina inställningar (s: en klass av Settings); den vill ha {names}",
    "{name} must take nothing, or its settings (s: a class of Settings); it asks for {names}",
)
_TAKEN_KEY = Text("{key}: en inställning kan inte heta så", "{key}: a setting cannot be called that")
_UNDECLARED = Text(
    "{key} har inget värde eller inga ord: skriv setting(värde, svenska, engelska)",
    "{key} has no value or no words: write setting(value, Swedish, English)",
)
