"""From a model file to a Model, whatever is in the file: every fault is an OrganisationError with file and line."""

from __future__ import annotations

import hashlib
import inspect
import keyword
import re
import sys
import typing
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from pydantic import ValidationError

from sim.catalogue.model import Model, NoSettings, guarded, line_of, shown_path
from sim.errors import OrganisationError
from sim.scenario.fields import leaves
from sim.scenario.words import closest, problems_of
from sim.settings import Settings

MOST_BYTES: Final = 1_000_000  # a model is a hundred lines
RESERVED: Final = ("from", "title")  # what a variant says beside its settings
_NO_NAME: Final = re.compile(r"^(all|con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


def is_model_name(name: str) -> bool:
    """A name that can be a function's, a file's on every system, and a value in a table (where `all` has a meaning)."""
    plain = name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("_")
    return plain and len(name) <= 80 and _NO_NAME.match(name) is None


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
        raise OrganisationError(
            f"{shown_path(file)}: {name!r} is no name for a model: letters, digits and _, no word of Python's; "
            "rename the file (a copy of a model too)"
        )
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


def _own_name(file: Path) -> str:
    """A module name that no other file has."""
    return f"hembesok_model_{hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:12]}"


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


def _source(file: Path) -> bytes:
    place = shown_path(file)
    try:
        if not file.exists():
            near = closest(file.name, [path.name for path in model_files(file.parent)])
            what = f"did you mean {near}?" if near else "check the name and the folder"
            raise OrganisationError(f"{place}: no such file; {what}")
        if not file.is_file():
            raise OrganisationError(f"{place}: is not a file")
        if file.stat().st_size > MOST_BYTES:
            raise OrganisationError(f"{place}: is larger than {MOST_BYTES // 1_000_000} MB; a model is a short file")
        return file.read_bytes()
    except (OSError, ValueError) as error:
        raise OrganisationError(f"{place}: cannot be read ({getattr(error, 'strerror', None) or error})") from error


def _compiled(source: bytes, file: Path) -> Any:
    """The code. A fault in how it is written stands at its line."""
    place = shown_path(file)
    try:
        return compile(source, str(file), "exec", dont_inherit=True)
    except SyntaxError as error:
        line = error.lineno or _line_of_byte(source)
        raise OrganisationError(f"{place}:{line}: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise OrganisationError(f"{place}:1: is not Python source ({type(error).__name__}: {error})") from error


def _line_of_byte(source: bytes) -> int:
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        return source[: error.start].count(b"\n") + 1
    return 1


def _function(module: ModuleType, name: str, file: Path) -> Callable[..., Any]:
    """The function of the file's name, if it is one that can be asked for an organisation."""
    place = shown_path(file)
    found = vars(module).get(name)
    if name not in vars(module):
        others = [
            key
            for key, value in vars(module).items()
            if inspect.isfunction(value) and value.__module__ == module.__name__
        ]
        near = closest(name, others) or (others[0] if len(others) == 1 else None)
        what = f"rename {near}" if near else f"write def {name}() -> Organisation"
        raise OrganisationError(f"{place}:1: has no function {name}, the name of the file; {what}")
    if not inspect.isfunction(found):
        raise OrganisationError(
            f"{place}:1: {name} must be a function that returns an Organisation, not {_what(found)}"
        )
    kinds = (
        (inspect.iscoroutinefunction, "a coroutine (async def)"),
        (inspect.isasyncgenfunction, "an asynchronous generator"),
        (inspect.isgeneratorfunction, "a generator (yield)"),
    )
    for is_such, what in kinds:
        if is_such(found):
            raise OrganisationError(f"{place}:{line_of(found)}: {name} must be a plain function, not {what}")
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
            raise OrganisationError(
                f"{function.__name__} must take nothing, or its settings (s: a class of Settings); it asks for {names}"
            )
        _check_settings(kind)
    return kind


def _check_settings(kind: type[Settings]) -> None:
    """Every setting has a value that fits, and words in both languages."""
    for name, field in kind.model_fields.items():
        if name in RESERVED:
            raise OrganisationError(f"{kind.__name__}: a setting cannot be called {name}")
        if field.is_required():
            raise OrganisationError(f"{kind.__name__}.{name} has no value: declare it with setting(value, sv, en)")
    for leaf in leaves(kind):
        if not leaf.extra.get("title") or not leaf.extra.get("title_sv"):
            raise OrganisationError(f"{kind.__name__}.{leaf.key} has no words: declare it with setting(value, sv, en)")
    try:
        kind.model_validate(kind().model_dump())
    except ValidationError as error:
        where, _, message = problems_of(kind, error)[0]
        raise OrganisationError(f"{kind.__name__}.{'.'.join(map(str, where))} {message}") from None


def _what(value: object) -> str:
    if isinstance(value, type):
        return "a class"
    return "None" if value is None else f"a value of type {type(value).__name__}"
