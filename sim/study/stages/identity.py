"""What tells one own measure from another, so that what was found of a run with it is not taken for another's."""

from __future__ import annotations

import inspect
import uuid
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.measures.forms import MeasureDefinition
from sim.measures.own_files import FileFunction
from sim.study.stages.hashing import file_sha256


def identity(item: MeasureDefinition) -> list[Any]:
    """Plain data that changes when what the measure gives may: its definition, and the content of the file of its
    function. A function that stands at the top of no file, as in a notebook, is unlike any other."""
    said = [getattr(item, field.name) for field in fields(item) if field.name in ("name", "classes", "split")]
    return [*said, type(item.made).__name__, [_plain(part) for part in item.made or ()]]


def _plain(part: Any) -> Any:
    return _of_function(part) if callable(part) else part


@lru_cache(maxsize=64)
def _of_function(function: Any) -> str:
    if isinstance(function, FileFunction):
        return f"{function.measure} {file_sha256(Path(function.file))}"
    name, module = getattr(function, "__qualname__", "<>"), inspect.getmodule(function)
    file = getattr(module, "__file__", None)
    if "<" in name or file is None or not Path(file).is_file():
        return uuid.uuid4().hex
    return f"{name} {file_sha256(Path(file))}"
