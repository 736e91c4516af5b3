"""One source, two ways to run it: compiled with Numba, or as the Python it is written in.

`compiled` is for functions that are called from Python, `rule` for the decisions and the loop of the engine, which are
called from each other, `part` for other functions that only compiled ones call; `uncompiled` gives back the Python.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, Final, TypeVar, cast

import numba
from numba import types

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile at first use, without the GIL, and keep the machine code on disk where a cache folder can be written."""
    return _compile(function)


def part(function: F) -> F:
    """A function that only compiled ones call: nothing is made by which Python could call it, and its machine code is
    kept in theirs alone."""
    return _within(function, **_WITHIN)


def entry(function: F) -> F:
    """The function by which Python goes into the rules: compiled as one with all rules it is made of."""
    return _compile(function, _nrt=False)


def rule(function: F) -> F:
    """A function that only rules call. They are built into one another, and array references are not counted: counting
    cost three quarters of the loop's time. Numba refuses to compile a rule that would allocate.

    Nothing is made by which Python could call it, and none of its machine code is kept but in what calls it.
    """
    return _within(function, forceinline=True, **_OF_RULES)


def out_of_line(function: F) -> F:
    """A rule that is called and not built in: a large one, seldom needed. A call copies the whole state's addresses."""
    return _within(function, forceinline=False, **_OF_RULES)  # False, or it takes after its caller


_WITHIN: Final[dict[str, Any]] = {"nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_OF_RULES: Final[dict[str, Any]] = {**_WITHIN, "_nrt": False}


def _within(function: F, **options: Any) -> F:
    """Compiled for compiled callers; Python's calls, for which nothing is made, are refused."""
    made: Any = numba.njit(**options)(function)
    if hasattr(made, "compile"):
        made.add_overload = lambda result: made.overloads.update({tuple(result.signature.args): result})
        made._compile_for_args = _refuse
    return cast(F, _widened(made))


def _refuse(*_: Any, **__: Any) -> None:
    raise TypeError("only compiled code can call this: from Python call its py_func, or what calls it")


def _compile(function: F, **options: Any) -> F:
    """Numba looks for changes in the function's own file only, and stumbles over what an older version left; here one
    file's functions are built into another's, so the cache is kept for one state of all of them."""
    options |= {"nogil": True, "no_cfunc_wrapper": True}
    try:
        made: Any = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # no folder for the cache can be written: compile in every process
        made = numba.njit(**options)(function)
    cache = getattr(made, "_cache", None)  # none with NUMBA_DISABLE_JIT=1
    if cache is not None and hasattr(cache, "_cache_path"):
        clear_stale(cache._cache_path)
        cache._cache_file._source_stamp = source_stamp()
    return cast(F, _widened(made))


def _widened(made: Any) -> Any:
    """Whole numbers of 4 bytes, as rows hold them, are passed on as 8 bytes, and constants as any number: or functions
    would be compiled twice."""
    compile_for = getattr(made, "compile", None)
    if compile_for is not None:  # none with NUMBA_DISABLE_JIT=1
        made.compile = lambda signature: compile_for(tuple(map(_wide, signature)))
    return made


def _wide(given: Any) -> Any:
    plain = cast(Any, types).unliteral(given)
    return types.int64 if plain == types.int32 else plain


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
        names.update(names_of(module.__name__))
    return SimpleNamespace(**names)


@cache
def names_of(module: str) -> dict[str, Any]:
    """What the uncompiled functions of a module see."""
    names = dict(vars(sys.modules[module]))
    for name, thing in list(names.items()):
        source = getattr(thing, "py_func", None)
        if source is None:
            continue
        if source.__module__ == module:
            names[name] = FunctionType(source.__code__, names, name, source.__defaults__)
        else:
            names[name] = names_of(source.__module__)[source.__name__]
    return names
