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
from sim.text import Text

# Opening a pipe must not wait for a writer, nor a terminal become ours. Windows has none of these flags but the last.
_FLAGS: Final = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


class FileFault(Exception):
    """Why a file cannot be read: `reason` is "missing", "folder" or "other"; line and column are 0 where unknown."""

    def __init__(self, said: Text, reason: str = "other", line: int = 0, column: int = 0) -> None:
        super().__init__(said.en)
        self.said, self.reason, self.line, self.column = said, reason, line, column

    def problem(self, path: Path) -> Problem:
        """The fault as a problem of the file at `path`."""
        return Problem(str(path), self.line, self.column, "", self.said)


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
        said = _IS_UTF_16 if data.startswith(_UTF_16) else _NOT_UTF_8.format(byte=f"{data[error.start]:02x}")
        line, column = place_in(data[: error.start].decode("utf-8-sig"))
        raise FileFault(said, line=line, column=column) from None
    if "\0" in text:
        line, column = place_in(text[: text.index("\0")])
        raise FileFault(_NUL, line=line, column=column)
    return text


def check_file(path: Path, limit: int) -> None:
    """Raises FileFault unless there is an ordinary file of at most `limit` bytes: for what another library reads."""
    try:
        _check(os.stat(path), limit)
    except (OSError, ValueError) as error:
        raise _fault_of(path, error) from None


def _check(facts: os.stat_result, limit: int) -> None:
    if stat.S_ISDIR(facts.st_mode):
        raise FileFault(_FOLDER, "folder")
    if not stat.S_ISREG(facts.st_mode):
        raise FileFault(_NOT_ORDINARY)
    if facts.st_size > limit:
        raise FileFault(_too_large(limit))


def _too_large(limit: int) -> Text:
    return _LARGE.format(limit=f"{limit // 1024:_}".replace("_", " "))


def _fault_of(path: Path, error: OSError | ValueError) -> FileFault:
    if isinstance(error, ValueError):  # a NUL, or half a character, in the name
        return FileFault(_NO_NAME)
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return FileFault(_MISSING, "missing")
    if os.path.isdir(path):  # Windows does not open folders at all
        return FileFault(_FOLDER, "folder")
    return FileFault(_CANNOT.format(why=_REASONS.get(error.errno or 0, error.strerror or str(error))))


def place_in(before: str) -> tuple[int, int]:
    """Line and column, from 1, of what stands after a text."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


_MISSING: Final = Text("filen finns inte; se efter namnet och mappen", "no such file; check the name and the folder")
_FOLDER: Final = Text("är en mapp, inte en fil", "is a folder, not a file")
_NOT_ORDINARY: Final = Text(
    "är ingen vanlig fil (ett rör, en enhet eller liknande); ange en fil",
    "is no ordinary file (a pipe, a device or the like); name a file",
)
_LARGE: Final = Text(
    "är större än {limit} kB, det mesta som läses; är det rätt fil?",
    "is larger than {limit} kB, the most that is read; is it the right file?",
)
_NO_NAME: Final = Text(
    "kan inte vara namnet på en fil; se efter namnet", "is no possible name of a file; check the name"
)
_CANNOT: Final = Text(
    "kan inte läsas ({why}); se efter namnet och rätten att läsa",
    "cannot be read ({why}); check the name and the rights to read it",
)
_REASONS: Final = {
    errno.ELOOP: Text("länkarna går i cirkel", "links go round in a circle"),
    errno.ENAMETOOLONG: Text("namnet är för långt", "the name is too long"),
}
_IS_UTF_16: Final = Text("är UTF-16; spara filen som UTF-8", "is UTF-16; save the file as UTF-8")
_NOT_UTF_8: Final = Text(
    "är inte UTF-8-text (byte 0x{byte} här); spara filen som UTF-8",
    "is not UTF-8 text (byte 0x{byte} here); save the file as UTF-8",
)
_NUL: Final = Text(
    "har ett NUL-tecken (är det UTF-16?); spara filen som UTF-8-text",
    "holds a NUL character (is it UTF-16?); save the file as UTF-8 text",
)
