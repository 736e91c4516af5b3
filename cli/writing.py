"""Writing a file that the user has named: whole or not at all, and never over one that the program has not made."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from cli.wrong import WrongUse
from sim.text import Text


def write_text(path: Path, text: str, is_ours: Callable[[str], bool] | None = None) -> None:
    """Write `text` to `path`, in place of an old file only if there is `is_ours` and that says so of what is in it, or
    it is empty.

    Raises WrongUse for any other file, which is left as it is; OSError.
    """
    check_free(path, is_ours)
    handle, made = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        os.chmod(made, 0o666 & ~_umask())
        os.replace(made, path)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise


def check_free(path: Path, is_ours: Callable[[str], bool] | None = None) -> None:
    """Raises what `write_text` would: before long work whose result it is to hold."""
    if path.exists() or path.is_symlink():
        old = _text_of(path)
        if old is None or is_ours is None or (old.strip() and not is_ours(old)):
            raise WrongUse(_EXISTS.format(path=path))
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))


def _text_of(path: Path) -> str | None:
    """None for what is no text file that can be read."""
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else None
    except (OSError, ValueError):
        return None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


_EXISTS = Text(
    "{path} finns redan och lämnas som den är; välj ett annat namn",
    "{path} exists already and is left as it is; choose another name",
)
