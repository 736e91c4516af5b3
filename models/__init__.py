"""The organisation models. One file each: a function with the file's name that gives an Organisation.

A new file is found by itself; see docs/howto-fifth-model.md.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Callable
from typing import cast

from sim.organisation import Organisation

FIRST = ("status_quo", "central_team", "vardcentral_led", "hybrid")  # order of presentation; others follow by name


def names() -> tuple[str, ...]:
    """The names of all models: the four of the investigation first, then any other file in this folder."""
    found = {module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")}
    return (*(name for name in FIRST if name in found), *sorted(found - set(FIRST)))


def find(name: str) -> Organisation:
    """The model of that name with its defaults; LookupError with the nearest names if there is none."""
    if name not in names():
        near = difflib.get_close_matches(name, names(), n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"choose among {', '.join(names())}"
        raise LookupError(f"there is no model {name!r}: {hint}")
    return _function(name)()


def all() -> tuple[Organisation, ...]:
    """Every model with its defaults, in order of presentation."""
    return tuple(find(name) for name in names())


def __getattr__(name: str) -> Callable[..., Organisation]:
    """`models.hybrid` is the function of models/hybrid.py."""
    if not name.startswith("_") and name in names():
        return _function(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _function(name: str) -> Callable[..., Organisation]:
    module = importlib.import_module(f"{__name__}.{name}")
    function = cast("Callable[..., Organisation]", getattr(module, name))
    globals()[name] = function  # importing has put the module of the same name there
    return function
