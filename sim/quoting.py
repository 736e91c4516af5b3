"""What somebody else wrote, as it may stand in a message: on one line, nothing invisible, not too long."""

from __future__ import annotations

from typing import Final

SPACES: Final = "\u00a0\u202f"  # between the digits of Swedish numbers: no letters to Python, but nothing odd either


def is_clean(text: str) -> bool:
    """Whether a terminal shows every character of the text, on one line."""
    return text.isprintable() or all(letter.isprintable() or letter in SPACES for letter in text)


def clean(text: str, most: int) -> str:
    """The text with what cannot be seen written as an escape, cut in the middle to `most` characters."""
    if len(text) > most:  # first, so that no work goes to what is not shown
        half = (most - 3) // 2
        text = f"{text[:half]}...{text[-half:]}"
    if is_clean(text):
        return text
    return cut("".join(letter if is_clean(letter) else _escape(letter) for letter in text), most)


def cut(text: str, most: int) -> str:
    """The text, or as much of its beginning as `most` characters hold."""
    return text if len(text) <= most else text[: most - 3] + "..."


def _escape(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")
