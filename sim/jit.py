"""One source, two ways to run it: `compiled` and `rule` compile it with Numba, `uncompiled` gives back the Python."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile at first use, without the GIL, and keep the machine code on disk where a cache folder can be written."""
    return _compile(function)


def rule(function: F) -> F:
    """The same for the decisions and the loop of the engine, which allocate nothing.

    They are built into one another, and array references are not counted: counting cost three quarters of the loop's
    time. Numba refuses to compile a rule that would allocate.
    """
    return _compile(function, forceinline=True, _nrt=False)


def out_of_line(function: F) -> F:
    """A rule that is seldom called: compiled once and called, not built in, which keeps the first compilation short."""
    return _compile(function, _nrt=False)


def _compile(function: F, **options: Any) -> F:
    """Numba looks for changes in the function's own file only, and stumbles over what an older version left; here one
    file's functions are built into another's, so the cache is kept for one state of all of them."""
    try:
        made = numba.njit(cache=True, nogil=True, **options)(function)
    except RuntimeError:  # no folder for the cache can be written: compile in every process
        return cast(F, numba.njit(nogil=True, **options)(function))
    cache = getattr(made, "_cache", None)  # none with NUMBA_DISABLE_JIT=1
    if cache is not None:
        clear_stale(cache._cache_path)
        cache._cache_file._source_stamp = source_stamp()
    return cast(F, made)


@cache
def clear_stale(folder: str) -> None:
    """Empty a cache folder that was filled from other sources."""
    mark = Path(folder) / "sources.stamp"
    if mark.exists() and mark.read_text() == source_stamp():
        return
    for path in [*Path(folder).glob("*.nbi"), *Path(folder).glob("*.nbc")]:
        path.unlink(missing_ok=True)
    mark.write_text(source_stamp())


@lru_cache(maxsize=1)
def source_stamp() -> str:
    """A hash of the source of every file that compiled code is made from: changes when the machine code may."""
    top = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(
        [
            *top.glob("*.py"),
            *(top / "engine").glob("*.py"),
            *(top / "world").glob("*.py"),
            *(top / "measures" / "passes").glob("*.py"),
        ]
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def uncompiled(*modules: ModuleType) -> SimpleNamespace:
    """The names of some modules, functions as the Python they are written in; whatever compiled function they call, of
    any module, is the uncompiled one too. For rows that are objects, for reading and for stepping."""
    names: dict[str, Any] = {}
    for module in modules:
        names.update(_names_of(module.__name__))
    return SimpleNamespace(**names)


@cache
def _names_of(module: str) -> dict[str, Any]:
    """What the uncompiled functions of a module see."""
    names = dict(vars(sys.modules[module]))
    for name, thing in list(names.items()):
        source = getattr(thing, "py_func", None)
        if source is None:
            continue
        if source.__module__ == module:
            names[name] = FunctionType(source.__code__, names, name, source.__defaults__)
        else:
            names[name] = _names_of(source.__module__)[source.__name__]
    return names
