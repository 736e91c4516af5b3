"""Values of fields as they stand in a sentence: with their unit, as the language writes numbers."""

from __future__ import annotations

from enum import Enum

from sim.language import units
from sim.language.numbers import number, plain, with_sign
from sim.scenario.fields import Leaf
from sim.scenario.stated import Stated, stated_leaves


def spoken(leaf: Leaf, value: object, lang: str) -> str:
    """A field's value with its unit, as it stands in a sentence."""
    extra = leaf.extra
    suffix = "" if lang == "en" else "_sv"
    if value is None:
        return str(extra.get("null_means" + suffix, "–"))
    if isinstance(value, Stated):
        value = [f"{key} {inner}" for key, inner in stated_leaves(value)]
    words = {word: text.get(lang) for word, text in extra.get("words", {}).items()}
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, list | tuple):
        return ", ".join(str(words.get(item, item)) for item in value) or ("none" if lang == "en" else "inga")
    if not isinstance(value, int | float):
        return str(words.get(str(value), value))
    unit = str(extra.get("unit", ""))
    if unit == "factor":
        return "× " + (number(value, lang, 2) if round(value, 2) == value else plain(value, lang))
    if unit == "share":
        return with_sign(plain(100 * value, lang), lang)
    text = plain(value, lang, grouped=leaf.key.rpartition(".")[2] not in _NAMED)
    return f"{text} {word}" if (word := unit_words(unit, lang, value)) else text


_NAMED = ("seed", "year")  # numbers that name something: their digits are not grouped
_UNSPOKEN = ("cv", "weeks", "days", "factor", "share")  # the title says it, or the sign does


def unit_words(unit: str, lang: str, value: float = 2.0) -> str:
    """The unit as it follows `value` in a sentence; empty where the title already says it."""
    if unit in _UNSPOKEN:
        return ""
    found = units.unit(unit)
    return (found.one if value == 1 else found.many).get(lang) if unit else ""
