"""The nearest word: what a misspelt name was meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from sim.text import Text

_LIKE = 0.6  # of difflib's ratio: two letters changed places, one left out, one too many
_MEANT = Text("menade du {near}?", "did you mean {near}?")
_THERE_ARE = Text("välj bland {known}", "choose among {known}")


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice most like `word`, letter case aside; None if none is."""
    by_lower: dict[str, str] = {}
    for choice in choices:
        by_lower.setdefault(choice.lower(), choice)
    found = difflib.get_close_matches(word.lower(), list(by_lower), n=1, cutoff=_LIKE)
    return by_lower[found[0]] if found else None


def did_you_mean(word: str, choices: Iterable[str], otherwise: Text | None = None) -> Text:
    """What to write instead of a word that is not among `choices`: the nearest one; else `otherwise`, and without that
    all there are."""
    known = list(choices)
    near = nearest(word, known)
    if near is not None:
        return _MEANT.format(near=near)
    return _THERE_ARE.format(known=", ".join(known)) if otherwise is None else otherwise
