"""Text for users in the two languages of the product: Swedish, which is said when nothing else is asked for, and
English."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

Language = Literal["sv", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("sv", "en")


class Text(NamedTuple):
    """The same words in Swedish and English."""

    sv: str
    en: str

    def get(self, lang: str) -> str:
        return self.en if lang == "en" else self.sv

    def format(self, **values: object) -> Text:
        """Both languages filled in; a value that is a Text itself stands in the language of the words around it."""
        return Text(*(self.get(lang).format(**{key: _in(value, lang) for key, value in values.items()}) for lang in
                      LANGUAGES))  # fmt: skip


def same(words: object) -> Text:
    """What is written alike in both languages: a name, a number without a fraction, a piece of code."""
    return Text(str(words), str(words))


def as_text(words: Text | str) -> Text:
    """Words that may still be in one language only: those are said as they are in both."""
    return words if isinstance(words, Text) else same(words)


def joined(parts: Iterable[Text | str], separator: Text | str = "") -> Text:
    """The parts after one another with `separator` between them."""
    found, between = [as_text(part) for part in parts], as_text(separator)
    return Text(*(between.get(lang).join(part.get(lang) for part in found) for lang in LANGUAGES))


def listed(parts: Iterable[Text | str]) -> Text:
    """The parts as a list in a sentence: "a, b och c"."""
    found = [as_text(part) for part in parts]
    if len(found) < 2:
        return joined(found)
    return joined([joined(found[:-1], ", "), found[-1]], Text(" och ", " and "))


def _in(value: object, lang: str) -> object:
    return value.get(lang) if isinstance(value, Text) else value
