"""One source, two ways to run it: compiled with Numba, or as the Python it is written in.

`compiled` is for functions that are called from Python, `rule` for the decisions and the loop of the engine, which are
called from each other; `uncompiled` gives back the Python.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, TypeVar, cast

import numba
from numba import types

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile at first use, without the GIL, and keep the machine code on disk where a cache folder can be written."""
    return _compile(function)


def entry(function: F) -> F:
    """The function by which Python goes into the rules: compiled as one with all rules it is made of."""
    return _compile(function, _nrt=False)


def rule(function: F) -> F:
    """A function that only rules call. They are built into one another, and array references are not counted: counting
    cost three quarters of the loop's time. Numba refuses to compile a rule that would allocate.

    Nothing is made by which Python could call it, and none of its machine code is kept but in what calls it.
    """
    return cast(F, _widened(numba.njit(forceinline=True, **_OF_RULES)(function)))


def out_of_line(function: F) -> F:
    """A rule that is called and not built in: a large one, seldom needed. A call copies the whole state's addresses."""
    return cast(F, _widened(numba.njit(forceinline=False, **_OF_RULES)(function)))  # False: or as its caller


_OF_RULES: Any = {"nogil": True, "_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def _widened(made: Any) -> Any:
    """Whole numbers of 4 bytes, as rows hold them, are passed on as 8 bytes: or every rule would be compiled twice.
    Python's calls, for which nothing is made, are refused."""
    compile_for = getattr(made, "compile", None)
    if compile_for is not None:  # none with NUMBA_DISABLE_JIT=1
        made.compile = lambda signature: compile_for(
            tuple(types.int64 if given == types.int32 else given for given in signature)
        )
        made.add_overload = lambda result: made.overloads.update({tuple(result.signature.args): result})
        made._compile_for_args = _refuse
    return made


def _refuse(*_: Any, **__: Any) -> None:
    raise TypeError("a rule is called by other rules: from Python call its py_func, or an entry")


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
