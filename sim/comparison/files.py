"""Tables as CSV with the same bytes on every machine: fixed number format, fixed line ends."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

FLOAT_FORMAT = "%.6g"  # six digits: far more than any replication settles, and the same text wherever it was computed


def write_csv(frame: pd.DataFrame, path: Path | str) -> None:
    """UTF-8, comma, decimal point, newline \\n; a missing value is an empty field."""
    _write(frame, path, separator=",", decimal=".", encoding="utf-8")


def write_excel_csv(frame: pd.DataFrame, path: Path | str) -> None:
    """The same table as Swedish Excel opens it: semicolon, decimal comma, byte-order mark."""
    _write(frame, path, separator=";", decimal=",", encoding="utf-8-sig")


def _write(frame: pd.DataFrame, path: Path | str, separator: str, decimal: str, encoding: str) -> None:
    text = frame.assign(
        **{
            str(name): [_number(value, decimal) for value in frame[name]]
            for name in frame.columns
            if pd.api.types.is_float_dtype(frame[name])
        }
    ).to_csv(None, sep=separator, index=False, lineterminator="\n")
    Path(path).write_bytes(text.encode(encoding))


def _number(value: float, decimal: str) -> str:
    if value != value:
        return ""
    return (FLOAT_FORMAT % (value + 0.0)).replace(".", decimal)  # + 0.0 takes the sign from a negative zero
