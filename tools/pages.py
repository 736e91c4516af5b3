"""Pages that commands fill in: between two marks, or whole; one that is not theirs is left as it is."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

Marks = tuple[str, str]


def ours(is_ours: Callable[[str], bool]) -> Callable[[str], Path]:
    """The type of an argument that names a file to write: it is new, empty, or what `is_ours` knows. Any other is wrong
    use, before anything is run."""

    def check(name: str) -> Path:
        path = Path(name)
        if path.exists() and not _is_replaceable(path, is_ours):
            raise argparse.ArgumentTypeError(f"{name} was not made by this command and is left as it is")
        return path

    return check


def marked(*choices: Marks) -> Callable[[str], bool]:
    """Whether a page has the marks of one of the choices, in order."""

    def has(text: str) -> bool:
        return any(-1 < text.find(begin) < text.find(end) for begin, end in choices)

    return has


def write_between(path: Path, text: str, marks: Marks) -> None:
    """Write `text` between the two marks of a page that has them; a new page is the marks and what is between."""
    old = path.read_text(encoding="utf-8") if path.is_file() else ""
    inside = f"{marks[0]}\n\n{text}\n\n{marks[1]}"
    if old.strip():
        if not marked(marks)(old):
            raise ValueError(f"{path} has no marks {marks[0]} and {marks[1]}; it is left as it is")
        before, rest = old.split(marks[0], 1)
        inside = before + inside + rest.split(marks[1], 1)[1]
    path.write_text(inside if inside.endswith("\n") else inside + "\n", encoding="utf-8", newline="\n")


def _is_replaceable(path: Path, is_ours: Callable[[str], bool]) -> bool:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    return not text.strip() or is_ours(text)
