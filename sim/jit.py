"""One source, two ways to run it: `rule` compiles a decision with Numba; `plain` gives back the Python underneath."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, TypeVar, cast

import numba
from numba.core.caching import IndexDataCacheFile

F = TypeVar("F", bound=Callable[..., Any])


def rule(function: F) -> F:
    """Compile at first use, without the GIL, and keep the machine code on disk where some cache folder can be written.

    Numba looks for changes in the function's own file only, and reads what an older version left behind; here one
    file's functions are built into another's, so the names of the cache files carry a stamp of all of them.
    """
    try:
        compiled = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder for the cache can be written: compile in every process
        return cast(F, numba.njit(nogil=True)(function))
    cache = getattr(compiled, "_cache", None)  # none with NUMBA_DISABLE_JIT=1
    if cache is not None:
        stamp = source_stamp()
        base = f"{cache._impl.filename_base}-{stamp[:12]}"
        cache._cache_file = IndexDataCacheFile(cache._cache_path, base, stamp)  # type: ignore[no-untyped-call]
    return cast(F, compiled)


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
            *(top / "measures").glob("*.py"),
        ]
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def plain(*modules: ModuleType) -> SimpleNamespace:
    """The functions of `modules` as uncompiled Python that call each other uncompiled: for objects, reading,
    stepping."""
    names: dict[str, Any] = {}
    for module in modules:
        names.update(vars(module))
    for name, thing in list(names.items()):
        if hasattr(thing, "py_func"):
            names[name] = FunctionType(thing.py_func.__code__, names, name)
    return SimpleNamespace(**names)
