"""Reading a CSV table so that every fault in it is found, named and placed, not only the first."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import Problem


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint such as "; did you mean 'Halmstad'?", or "" when nothing is near."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""


def sha256_of(path: Path) -> str:
    """Hash of a text table with its line ends made equal, so that a Windows checkout has the same hash."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


@dataclass(frozen=True)
class Row:
    """One line of a table; `line` counts from 1, the header being line 1."""

    line: int
    cells: dict[str, str]


@dataclass
class Table:
    """A CSV file (comma separated, UTF-8, a header) and the faults found in it so far.

    The `column` of a fault is the number of the field from the left, as a spreadsheet counts, not of the character.
    """

    path: Path
    problems: list[Problem]
    header: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def fault(self, line: int, key: str, message: str) -> None:
        column = self.header.index(key) + 1 if key in self.header else 1
        self.problems.append(Problem(str(self.path), line, column if line else 0, key, message))

    def text(self, row: Row, key: str, allowed: Collection[str] | None = None) -> str:
        """A non-empty word, one of `allowed` if given; "" after a fault."""
        value = row.cells.get(key, "")
        if not value:
            self.fault(row.line, key, "is empty; write " + (_one_of(allowed) if allowed else "a name"))
        elif allowed is not None and value not in allowed:
            self.fault(row.line, key, f"'{value}' is not known; write {_one_of(allowed)}{did_you_mean(value, allowed)}")
        else:
            return value
        return ""

    def number(self, row: Row, key: str, low: float, high: float, what: str, blank: bool = False) -> float:
        """A finite number in [low, high]; NaN after a fault, or for an empty cell where `blank` is allowed."""
        value = row.cells.get(key, "")
        if not value and blank:
            return math.nan
        try:
            number = float(value)
        except ValueError:
            hint = " (decimal point, not comma)" if "," in value else ""
            self.fault(row.line, key, f"'{value}' is not a number; write {what}{hint}")
            return math.nan
        if not low <= number <= high:
            self.fault(row.line, key, f"{value} is outside {low:g} to {high:g}; write {what}")
            return math.nan
        return number

    def unique(self, row: Row, key: str, seen: dict[str, int]) -> str:
        """A non-empty word that no earlier line has in this column."""
        value = self.text(row, key)
        if value and value in seen:
            self.fault(row.line, key, f"'{value}' is already on line {seen[value]}; write a name of its own")
        elif value:
            seen[value] = row.line
        return value


def _one_of(words: Collection[str]) -> str:
    shown = list(words)[:8]
    return "one of " + ", ".join(shown) + (", ..." if len(words) > len(shown) else "")


def read_table(path: Path, required: Collection[str], problems: list[Problem]) -> Table:
    """Read `path`; a table that cannot be used (missing, empty, without a column) has no rows and adds its faults."""
    table = Table(path, problems)
    if not path.is_file():
        table.fault(0, "", f"the file is missing; write a CSV table with the columns {', '.join(required)}")
        return table
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        table.fault(0, "", "is not UTF-8; save it again as CSV UTF-8")
        return table
    reader = csv.reader(io.StringIO(text, newline=""))
    table.header = [name.strip() for name in next(reader, [])]
    if not any(table.header):
        table.fault(0, "", f"is empty; write a header with {', '.join(required)} and at least one line")
        return table
    if len(table.header) == 1 and ";" in table.header[0]:
        table.fault(1, "", "is separated by semicolons; save it separated by commas, with decimal points")
        return table
    before = len(problems)
    missing = [name for name in required if name not in table.header]
    for name in missing:
        table.fault(1, name, f"the column is missing; add it to the header{did_you_mean(name, table.header)}")
    rows = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(table.header):
            table.fault(
                reader.line_num,
                "",
                f"has {len(cells)} fields, the header {len(table.header)}; quote texts that hold a comma",
            )
            continue
        rows.append(Row(reader.line_num, dict(zip(table.header, (cell.strip() for cell in cells), strict=True))))
    if not rows and len(problems) == before:
        table.fault(1, "", "has a header but no lines; write at least one line under it")
    table.rows = [] if missing else rows
    return table
