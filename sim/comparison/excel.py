"""Tables that a Swedish Excel and LibreOffice open as they are: semicolon, decimal comma, byte-order mark, UTF-8.

Numbers are numbers, never shown by powers of ten that a reader has to work out; what is missing is an empty cell, what
is unbounded ∞, and yes and no are words. No text is taken for a formula.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from sim.comparison.files import FLOAT_FORMAT
from sim.language.numbers import number
from sim.language.units import as_shown, of_difference
from sim.text import Text

# What a cell of a formula may begin with (OWASP, CSV Injection), half and full width.
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
_BREAKS: Final = str.maketrans("\t\r\n", "   ")  # would end the row for some readers, and the next may be a formula
_PLAIN: Final = (1e-15, 1e15)  # beyond that, with an exponent, which Excel reads too
_YES_NO: Final = {True: Text("ja", "yes"), False: Text("nej", "no")}


def write_excel_csv(frame: pd.DataFrame, path: Path | str, lang: str = "sv") -> None:
    """Write a table whose columns and words are in the reader's language already. Raises OSError."""
    cells = {excel_text(str(name)): _cells(frame[name], lang) for name in frame.columns}
    text = pd.DataFrame(cells).to_csv(None, sep=";", index=False, lineterminator="\n")
    Path(path).write_bytes(text.encode("utf-8-sig"))


def excel_text(text: str) -> str:
    """Text that is no formula: one that could be taken for it has an apostrophe in front."""
    return ("'" if text.startswith(_FORMULA) else "") + text.translate(_BREAKS)


def unit_of_levels(name: str, lang: str) -> tuple[float, str]:
    """What values in the unit are multiplied by, and the unit they are in then: shares in per cent."""
    factor, unit = as_shown(name)
    return factor, "%" if name == "share" else unit.many.get(lang)


def unit_of_differences(name: str, lang: str) -> tuple[float, str]:
    """The same for differences: those of shares in percentage points."""
    factor, unit = of_difference(name)
    return factor, unit.many.get(lang)


def _cells(column: pd.Series, lang: str) -> list[str]:
    if pd.api.types.is_bool_dtype(column):
        return [_YES_NO[bool(value)].get(lang) for value in column]
    if pd.api.types.is_float_dtype(column):
        return [_number(value, lang) for value in column]
    if pd.api.types.is_integer_dtype(column):
        return [str(value) for value in column]
    values = column.astype(object).where(column.notna(), "")
    words = {value: excel_text(str(value)) for value in values.unique()}
    return [words[value] for value in values]


def _number(value: float, lang: str) -> str:
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return number(value, lang)
    text = FLOAT_FORMAT % (value + 0.0)  # + 0.0 takes the sign from a negative zero
    if "e" in text and _PLAIN[0] <= abs(value) < _PLAIN[1]:
        text = np.format_float_positional(float(text), trim="-")
    return text.replace(".", ",")
