"""Numbers and dates as the reader writes them: 12 345,7 in Swedish, 12,345.7 in English."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from typing import Final

from sim.text import Text

MISSING: Final = "–"
UNBOUNDED: Final = "∞"  # beyond every number, as a percentile of which too many never got a visit
NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"  # a hyphen is too short to be seen across a room
_DIGITS: Final = 12  # what `plain` shows at most: a sum of decimals is not written with its rounding error

WEEKDAYS: Final = (
    Text("måndag", "Monday"), Text("tisdag", "Tuesday"), Text("onsdag", "Wednesday"), Text("torsdag", "Thursday"),
    Text("fredag", "Friday"), Text("lördag", "Saturday"), Text("söndag", "Sunday"),
)  # fmt: skip
SHORT_WEEKDAYS: Final = (
    Text("mån", "Mon"), Text("tis", "Tue"), Text("ons", "Wed"), Text("tors", "Thu"), Text("fre", "Fri"),
    Text("lör", "Sat"), Text("sön", "Sun"),
)  # fmt: skip
MONTHS: Final = (
    Text("januari", "January"), Text("februari", "February"), Text("mars", "March"), Text("april", "April"),
    Text("maj", "May"), Text("juni", "June"), Text("juli", "July"), Text("augusti", "August"),
    Text("september", "September"), Text("oktober", "October"), Text("november", "November"),
    Text("december", "December"),
)  # fmt: skip


def number(value: float | None, lang: str, digits: int = 0, sign: bool = False) -> str:
    """`value` with `digits` decimals; "–" for None and NaN, "∞" for what is beyond every number.

    With `sign` a positive number carries "+"; a number that rounds to zero never carries a sign.
    """
    if value is None or math.isnan(value):
        return MISSING
    if math.isinf(value):
        return (MINUS if value < 0 else "+" if sign else "") + UNBOUNDED
    rounded = round(float(value), digits)
    text = _as_written(f"{abs(rounded):,.{digits}f}", lang)
    return text if rounded == 0 else MINUS + text if rounded < 0 else f"+{text}" if sign else text


def plain(value: float, lang: str, grouped: bool = True) -> str:
    """`value` with only as many decimals as it has: for axes, input values and sentences."""
    if not math.isfinite(value):
        return number(value, lang)
    text = _as_written(f"{abs(value):{',' if grouped else ''}.{_DIGITS}g}", lang)
    return MINUS + text if value < 0 else text


def plain_number(value: float) -> float | str | None:
    """As JSON can hold it: None for NaN, the text "inf" or "-inf" for what is beyond every number."""
    return None if math.isnan(value) else str(value) if math.isinf(value) else value


def digits_apart(pairs: Iterable[tuple[float, float]], digits: int) -> int:
    """The fewest decimals, `digits` or more, with which no two unequal numbers of a pair are written alike."""
    known = [pair for pair in pairs if pair[0] != pair[1] and all(map(math.isfinite, pair))]
    return enough(lambda found: all(round(a, found) != round(b, found) for a, b in known), digits)


def enough(tells: Callable[[int], bool], digits: int) -> int:
    """The fewest decimals, `digits` or more, that tell what must be told; `digits` when no number of them does."""
    return next((found for found in range(digits, _DIGITS + 1) if tells(found)), digits)


def percent(share: float | None, lang: str, digits: int = 0) -> str:
    """A share 0..1 as per cent, such as "12,5 %" (Swedish) or "12.5%" (English)."""
    return with_sign(number(None if share is None else 100.0 * share, lang, digits), lang)


def level(confidence: float, lang: str) -> str:
    """The level of an interval, such as "95 %", with no more decimals than it has."""
    return with_sign(plain(100.0 * confidence, lang), lang)


def with_sign(text: str, lang: str) -> str:
    """A written number with the sign for per cent as the language sets it; what has no number stays without."""
    return text if text == MISSING or UNBOUNDED in text else text + ("%" if lang == "en" else f"{NBSP}%")


def between(lower: str, upper: str, lang: str) -> str:
    """An interval of two written numbers: "3,1–4,2", or with a word where a sign would blur the dash."""
    if any(text[:1] in "-+\u2212" for text in (lower, upper)):
        return f"{lower} {'to' if lang == 'en' else 'till'} {upper}"
    return f"{lower}–{upper}"


def day(date: dt.date, lang: str) -> str:
    """A date in words, such as "1 januari 2024"."""
    return f"{date.day} {MONTHS[date.month - 1].get(lang)} {date.year}"


def said(value: float, digits: int | None = None, sign: bool = False) -> Text:
    """A number in both languages, for a Text that is filled in: with `digits` decimals, or as many as it has."""
    if digits is None:
        return Text(plain(value, "sv"), plain(value, "en"))
    return Text(number(value, "sv", digits, sign), number(value, "en", digits, sign))


def _as_written(text: str, lang: str) -> str:
    return text if lang == "en" else text.replace(",", NBSP).replace(".", ",")
