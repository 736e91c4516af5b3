"""Text for users in the two languages of the product."""

from __future__ import annotations

from typing import Literal, NamedTuple

Language = Literal["sv", "en"]


class Text(NamedTuple):
    """The same words in Swedish and English."""

    sv: str
    en: str

    def get(self, lang: str) -> str:
        return self.en if lang == "en" else self.sv
