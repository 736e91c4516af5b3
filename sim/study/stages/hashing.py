"""From data to a key: one text for equal data, whatever made it, and its sha256."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import numpy as np

LIBRARIES: Final = ("numpy", "numba", "scipy", "simpy", "holidays")  # what numbers are computed by
_TOP: Final = Path(__file__).resolve().parents[2]

LeftOut = Mapping[type, Collection[str]]  # names of fields, by the class that has them


def digest(*parts: Any) -> str:
    """sha256, in 64 hexadecimal digits, of plain data."""
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def plain(value: Any, left_out: LeftOut | None = None) -> Any:
    """Frozen data as what JSON can hold: a dataclass with its name and fields (but those of `left_out`), an array by
    its content. TypeError for anything else, such as a function."""
    if value is None or (isinstance(value, bool | int | float | str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, tuple | list):
        return [plain(item, left_out) for item in value]
    if isinstance(value, Enum):
        return [type(value).__name__, value.name]
    if isinstance(value, Mapping):
        return {str(key): plain(value[key], left_out) for key in sorted(value)}
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, np.ndarray):
        content = np.ascontiguousarray(value)
        return [str(content.dtype), list(content.shape), hashlib.sha256(content.tobytes()).hexdigest()]
    if is_dataclass(value) and not isinstance(value, type):
        gone = (left_out or {}).get(type(value), ())
        held = {field.name: getattr(value, field.name) for field in fields(value) if field.name not in gone}
        return [type(value).__name__, {name: plain(item, left_out) for name, item in held.items()}]
    raise TypeError(f"{value!r} is no plain data, so nothing that depends on it can be told apart")


@cache
def source(files: tuple[str, ...]) -> str:
    """Hash of source files and whole rooms ("engine/") of the package `sim`, and of the libraries' versions."""
    found: list[tuple[str, str]] = []
    for name in files:
        paths = sorted((_TOP / name).rglob("*.py")) if name.endswith("/") else [_TOP / name]
        found += [(path.relative_to(_TOP).as_posix(), file_sha256(path)) for path in paths]
    return digest(found, library_versions())


@cache
def library_versions() -> dict[str, str]:
    """Of those that are installed."""
    versions = {}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def file_sha256(path: Path) -> str:
    """Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
