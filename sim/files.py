"""Reading the files of others: ordinary files only, up to a stated size, UTF-8.

A pipe would be waited for without end and a device read without end; neither is opened for reading.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

from sim.errors import Problem

# Opening a pipe must not wait for a writer, nor a terminal become ours. Windows has no such flags, and its own for bytes.
_FLAGS: Final = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


class FileFault(Exception):
    """Why a file cannot be read: `reason` is "missing", "folder" or "other"; line and column are 0 where unknown."""

    def __init__(self, message: str, reason: str = "other", line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message, self.reason, self.line, self.column = message, reason, line, column

    def problem(self, path: Path) -> Problem:
        """The fault as a problem of the file at `path`."""
        return Problem(str(path), self.line, self.column, "", self.message)


def read_bytes(path: Path, limit: int) -> bytes:
    """All of an ordinary file of at most `limit` bytes. Raises FileFault."""
    try:
        handle = os.open(path, _FLAGS)
        try:
            _check(os.fstat(handle), limit)
            with open(handle, "rb", closefd=False) as stream:
                data = stream.read(limit + 1)
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        raise _fault_of(path, error) from None
    if len(data) > limit:  # a file that grows, or one that does not tell its size
        raise FileFault(_too_large(limit))
    return data


def read_text_file(path: Path, limit: int) -> str:
    """The text of an ordinary UTF-8 file of at most `limit` bytes, without a byte order mark. Raises FileFault."""
    data = read_bytes(path, limit)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = "is UTF-16" if data.startswith(_UTF_16) else f"is not UTF-8 text (byte 0x{data[error.start]:02x} here)"
        line, column = place_in(data[: error.start].decode("utf-8-sig"))
        raise FileFault(f"{what}; save the file as UTF-8", line=line, column=column) from None
    if "\0" in text:
        line, column = place_in(text[: text.index("\0")])
        raise FileFault("holds a NUL character (is it UTF-16?); save the file as UTF-8 text", line=line, column=column)
    return text


def check_file(path: Path, limit: int) -> None:
    """Raises FileFault unless there is an ordinary file of at most `limit` bytes: for what another library reads."""
    try:
        _check(os.stat(path), limit)
    except (OSError, ValueError) as error:
        raise _fault_of(path, error) from None


def _check(facts: os.stat_result, limit: int) -> None:
    if stat.S_ISDIR(facts.st_mode):
        raise FileFault("is a folder, not a file", "folder")
    if not stat.S_ISREG(facts.st_mode):
        raise FileFault("is no ordinary file (a pipe, a device or the like); name a file")
    if facts.st_size > limit:
        raise FileFault(_too_large(limit))


def _too_large(limit: int) -> str:
    return f"is larger than {limit // 1024:_} kB, the most that is read; is it the right file?".replace("_", " ")


def _fault_of(path: Path, error: OSError | ValueError) -> FileFault:
    if isinstance(error, ValueError):  # a NUL, or half a character, in the name
        return FileFault("is no possible name of a file; check the name")
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return FileFault("no such file; check the name and the folder", "missing")
    if os.path.isdir(path):  # Windows does not open folders at all
        return FileFault("is a folder, not a file", "folder")
    reasons = {errno.ELOOP: "links go round in a circle", errno.ENAMETOOLONG: "the name is too long"}
    why = reasons.get(error.errno or 0, error.strerror or str(error))
    return FileFault(f"cannot be read ({why}); check the name and the rights to read it")


def place_in(before: str) -> tuple[int, int]:
    """Line and column, from 1, of what stands after a text."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")
