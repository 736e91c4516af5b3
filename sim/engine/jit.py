"""One source, two ways to run it: `rule` compiles a decision with Numba; `plain` gives back the Python underneath."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def rule(function: F) -> F:
    """Compile at first use, without the GIL, and keep the machine code on disk where that is possible."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))


def plain(module: ModuleType) -> SimpleNamespace:
    """The rules of `module` as uncompiled Python that call each other uncompiled: for lists, reading and stepping."""
    names: dict[str, Any] = dict(vars(module))
    for name, thing in vars(module).items():
        if hasattr(thing, "py_func"):
            names[name] = FunctionType(thing.py_func.__code__, names, name)
    return SimpleNamespace(**names)
