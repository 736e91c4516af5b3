"""Python that users write, models and measures: where it stands, and where it went wrong."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sim.errors import HembesokError
from sim.quoting import clean
from sim.text import Text, joined


@contextlib.contextmanager
def located(file: Path | None, line: int, kind: type[HembesokError], about: Text | None = None) -> Iterator[None]:
    """Whatever goes wrong in the code of a `file` as an error of one `kind` that names its line (`line` when it went
    wrong elsewhere) and what it is `about`."""
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # also code that calls sys.exit
        said = error.said if isinstance(error, HembesokError) else f"{type(error).__name__}: {_one_line(error)}"
        place = "" if file is None else f"{shown_path(file)}:{_line_in(file, error) or line}: "
        raise kind(joined([place, joined([about, ": "]) if about else "", said])) from error


def line_of(function: Callable[..., Any]) -> int:
    """Where a function begins in its file."""
    code = getattr(function, "__code__", None)
    return code.co_firstlineno if code is not None else 1


def shown_path(file: Path) -> str:
    """Relative to the working folder where it lies in it."""
    with contextlib.suppress(ValueError, OSError):
        return file.relative_to(Path.cwd()).as_posix()
    return str(file)


def _line_in(file: Path, error: BaseException) -> int | None:
    """The last line of the file that the error went through."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
    return lines[-1] if lines else None


def _one_line(error: BaseException) -> str:
    try:
        return clean(" ".join(str(error).split()), 200)
    except Exception:  # an error whose own text fails
        return "no text"
