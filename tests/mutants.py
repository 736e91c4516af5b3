"""What the mutants of scenarios and regions share: odd values, odd files, and the judgement of what came of one.

A mutant is a valid file changed in its structure. It must work, or be refused in words: an InputError (or an
OrganisationError) whose every problem names a file and can be printed on one line. Anything else is a fault.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from sim.errors import InputError, OrganisationError

SECONDS = 120  # a safety net: what is refused is refused at once
LONGEST = 2000  # characters of one problem
SHOWABLE = {"\u00a0", "\u202f"}  # spaces that Swedish numbers are written with

# What may stand where a value is expected; written as it is, in YAML and in CSV alike.
HUGE = "x" * 200_000
ODD_TEXT = (
    "", " ", "~", "null", "true", "no", "-1", "0", "1", "2", "1e400", "-1e400", "1e-400", "nan", ".nan", "inf", ".inf",
    "-inf", "9" * 5000, "0x" + "f" * 5000, "1" * 400, "0.0000000001", "1_000", "1,5", "10 %", "٣", "1e3", "1e15",
    "9007199254740993", "all", "change", "A1", "halland", "Halmstad", "é", "å" * 300, "\u202eabc", "\u2028", "\x85",
    "\x07", "\x1b[31mred\x1b[0m", "\x00", "\ufeff", "\ud800", "\U0010ffff", "a\tb", "a\nb", "a\r\nb", "a;b", "a,b", "'",
    '"', '""', '"a', "a'b", "../../x", "/dev/zero", "/dev/null", "con", "2024-02-30", "2024-01-01", "12:34:56",
    "x" * 300, "x" * 5000, HUGE, "y" * 140_000, "%s%n{0}", "{x}", "${HOME}", "=1+1", "\\", "|", ">", "#", "- a", "@",
)  # fmt: skip


class Overdue(BaseException):
    """A mutant took longer than any may."""


@contextmanager
def guard(seconds: float = SECONDS) -> Iterator[None]:
    """Raise Overdue after so many seconds; without alarm signals (Windows) nothing is guarded."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise Overdue

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def judged(action: Callable[[], Any]) -> str:
    """ "works", "refused", or what is wrong with how the action ended."""
    try:
        with guard():
            action()
    except InputError as error:
        return _words(error)
    except OrganisationError as error:
        return "refused" if printable(str(error)) else f"an OrganisationError that cannot be printed: {error!r:.200}"
    except Overdue:
        return f"takes more than {SECONDS} s"
    except Exception as error:
        return f"{type(error).__name__}: {error!s:.200}"
    return "works"


def _words(error: InputError) -> str:
    """ "refused" if what is said can be printed and says where; else what is wrong with it."""
    if not error.problems:
        return "an InputError without a problem"
    for problem in error.problems:
        text = str(problem)
        if not problem.file or not problem.message:
            return f"a problem without a file or a message: {text!r:.200}"
        if not printable(text):
            return f"a problem that cannot be printed on one line: {text!r:.200}"
        if len(text) >= LONGEST:
            return f"a problem of {len(text)} characters: {text:.200}"
    if len(str(error)) >= 100 * LONGEST:
        return f"{len(error.problems)} problems, {len(str(error))} characters in all"
    return "refused"


def printable(text: str) -> bool:
    """Whether a terminal shows the text as it is, on one line."""
    return all(letter.isprintable() or letter in SHOWABLE for letter in text)


# --- odd files ------------------------------------------------------------------------------------


def odd_bytes(data: bytes, chance: random.Random) -> bytes:
    """The content of a file, damaged or written in another way."""
    kind = chance.randrange(13)
    at = chance.randrange(len(data) + 1)
    if kind == 0:
        return data[:at]
    if kind == 1:
        return b""
    if kind == 2:
        return data.decode("utf-8", "replace").encode(chance.choice(["utf-16", "utf-16-le", "utf-32"]), "replace")
    if kind == 3:
        return data.decode("utf-8", "replace").encode("latin-1", "replace")
    if kind == 4:
        return b"\xef\xbb\xbf" * chance.randint(1, 2) + data
    if kind == 5:
        return data.replace(b"\n", chance.choice([b"\r\n", b"\r", b"\n\n"]))
    if kind == 6:
        return data[:at] + chance.randbytes(chance.randint(1, 8)) + data[at:]
    if kind == 7:
        return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
    if kind == 8:
        return (
            data[:at]
            + chance.choice([b"\0", b"\t", b'"', b"'", b"\x1a", b"\xff\xfe", b"{[", b"&a *a", b"%"])
            + data[at:]
        )
    if kind == 9:
        return data * chance.choice([2, 30])
    if kind == 10:
        end = min(len(data), at + chance.randrange(2000))
        return data[:at] + data[end:]
    if kind == 11:
        return data + chance.choice([b"\0" * 100, b"\n" * 5000, b"#" * 300_000, b"x," * 100_000, b"---\n", b"...\n"])
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


ODD_KINDS = ("folder", "pipe", "loop", "device", "holes", "name", "below", "full folder", "nothing")


def odd_file(path: Path, kind: str, chance: random.Random) -> Path:
    """Put something at `path` that is no ordinary file, or give a path at which there is none."""
    path.unlink(missing_ok=True)
    if kind in ("folder", "full folder"):
        path.mkdir()
    if kind == "full folder":
        (path / path.name).mkdir()
    if kind == "pipe" and hasattr(os, "mkfifo"):
        os.mkfifo(path)
    if kind == "loop":
        path.symlink_to(path.name)
    if kind == "device":
        path.symlink_to(chance.choice(["/dev/zero", "/dev/null", "/dev/stdin", "/proc/self/mem", "/nowhere"]))
    if kind == "holes":
        with path.open("wb") as stream:
            stream.truncate(chance.choice([3_000_000, 3_000_000_000]))  # takes no room on the disk
    if kind == "name":
        return path.with_name(chance.choice(["\ud800", "x" * 300, "y" * 5000, "a\nb", "\x1b[31m"]) + path.suffix)
    return path / "below" / path.name if kind == "below" else path
