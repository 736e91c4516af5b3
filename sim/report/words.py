"""What the report says and which measures it shows; the words lie in words.sv.toml and words.en.toml, `say` fills
them in. The words of a measure, also the short, plain ones that a decision maker reads first, stand in its definition.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from sim.language.units import as_shown, of_difference
from sim.language.wordlist import wordlist
from sim.measures.definitions import HEADLINES, MEASURES, definition
from sim.measures.rows import Own
from sim.measures.vocabulary import SUBJECTS
from sim.text import Text


@dataclass(frozen=True)
class Shown:
    """How a measure is shown: short title, what it means in plain words, decimals; the unit follows its definition."""

    measure: str
    class_: str
    title: Text
    meaning: Text
    digits: int
    in_unit: str

    @property
    def factor(self) -> float:
        """From the unit of the table to the unit shown: shares become per cent, yearly sums millions."""
        return as_shown(self.in_unit)[0]

    @property
    def unit(self) -> Text:
        return as_shown(self.in_unit)[1].short

    @property
    def difference_unit(self) -> Text:
        """The unit of a difference: percentage points where the measure is a share."""
        return of_difference(self.in_unit)[1].short


_DIGITS: Final = {
    "SEK/year": 2, "SEK": 0, "index": 3, "per hour": 2, "h/year": 0, "km/year": 0, "kg/year": 0, "days/year": 0,
}  # fmt: skip


def shown(measure: str, class_: str = "all", own: Own = ()) -> Shown:
    """The plain words of a measure; its own title where there are none. `own`: those besides the program's."""
    item = definition(measure, own)
    title, meaning, digits = item.plain or (item.title, item.formula, _DIGITS.get(item.unit, 1))
    if class_ == "acute" and measure != "gap_response_min":
        title = Text(f"{title.sv}, akuta", f"{title.en}, acute")
    return Shown(measure, class_, title, meaning, digits, item.unit)


HEADLINE: Final = tuple(shown(measure, class_) for measure, class_ in HEADLINES)
# The first table: what verdicts are spoken of, then continuity, rest and the two payers.
MAIN: Final = (*HEADLINE, *(shown(m) for m in ("by_named", "rest_breaches", "cost_region", "cost_municipalities")))
# Which parts of the method are told, in this order; `method_<part>` is its name and `method_<part>_text` what is said.
METHOD: Final = ("simulation", "same_patients", "warm_up", "uncertainty", "practical", "leavers")


def more(own: Own = ()) -> list[tuple[Text, list[Shown]]]:
    """What the first table leaves out, by subject; `own` measures are shown with the others."""
    every = (*MEASURES, *own)
    return [
        (title, [shown(item.name, item.page_class, own) for item in every if item.subject == subject])
        for subject, title in SUBJECTS.items()
    ]


def say(key: str, lang: str, **values: object) -> str:
    """The words of `key` in `lang` with `values` filled in. Raises KeyError for an unknown key."""
    return everything()[key].get(lang).format(**values)


@cache
def everything() -> dict[str, Text]:
    """All words of the report by key, read once from words.sv.toml and words.en.toml."""
    return wordlist(Path(__file__).with_name("words"))
