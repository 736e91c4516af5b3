"""Tables as CSV with the same bytes on every machine: fixed number format, fixed line ends."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

FLOAT_FORMAT = "%.6g"  # six digits: far more than any replication settles, and the same text wherever it was computed


def write_csv(frame: pd.DataFrame, path: Path | str) -> None:
    """UTF-8, comma, decimal point, newline \\n; a missing value is an empty field."""
    text = frame.assign(
        **{
            str(name): [_number(value) for value in frame[name]]
            for name in frame.columns
            if pd.api.types.is_float_dtype(frame[name])
        }
    ).to_csv(None, index=False, lineterminator="\n")
    Path(path).write_bytes(text.encode("utf-8"))


def _number(value: float) -> str:
    if value != value:
        return ""
    return FLOAT_FORMAT % (value + 0.0)  # + 0.0 takes the sign from a negative zero
