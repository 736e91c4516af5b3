"""Numbers and dates as the reader writes them: 12 345,7 in Swedish, 12,345.7 in English."""

from __future__ import annotations

import datetime as dt
import math
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal

MISSING: Final = "–"
NBSP: Final = "\u00a0"
_MINUS: Final = "\u2212"  # a hyphen is too short to be seen across a room
_LOCALES: Final = {"sv": "sv_SE", "en": "en_GB"}
_PATTERNS: Final = ("#,##0", "#,##0.0", "#,##0.00", "#,##0.000")


def locale(lang: str) -> str:
    """The Babel locale of a language of the product; Swedish unless `lang` is "en"."""
    return _LOCALES.get(lang, "sv_SE")


def number(value: float | None, lang: str, digits: int = 0, sign: bool = False) -> str:
    """`value` with `digits` (0..3) decimals; "–" for None, NaN and infinities.

    With `sign` a positive number carries "+"; a number that rounds to zero never carries a sign.
    """
    if value is None or not math.isfinite(value):
        return MISSING
    rounded = round(float(value), digits)
    if rounded == 0:
        return format_decimal(0, format=_PATTERNS[digits], locale=locale(lang))
    text = format_decimal(abs(rounded), format=_PATTERNS[digits], locale=locale(lang))
    return _MINUS + text if rounded < 0 else f"+{text}" if sign else text


def plain(value: float, lang: str) -> str:
    """`value` with only as many decimals as it needs, at most four: for axes and input values."""
    if not math.isfinite(value):
        return MISSING
    text = format_decimal(abs(value), format="#,##0.####", locale=locale(lang))
    return _MINUS + text if value < 0 and text != "0" else text


def percent(share: float | None, lang: str, digits: int = 0) -> str:
    """A share 0..1 as per cent, such as "12,5 %" (Swedish) or "12.5%" (English)."""
    text = number(None if share is None else 100.0 * share, lang, digits)
    return text if text == MISSING else text + ("%" if lang == "en" else f"{NBSP}%")


def between(lower: str, upper: str, lang: str) -> str:
    """An interval of two written numbers: "3,1–4,2", or with a word where a sign would blur the dash."""
    if any(text[:1] in "-+\u2212" for text in (lower, upper)):
        return f"{lower} {'to' if lang == 'en' else 'till'} {upper}"
    return f"{lower}–{upper}"


def day(date: dt.date, lang: str) -> str:
    """A date in words, such as "1 januari 2024"."""
    return format_date(date, format="long", locale=locale(lang))
