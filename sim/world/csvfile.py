"""Reading a CSV table so that every fault in it is found, named and placed, and each kind of fault said once."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.errors import Problem
from sim.files import FileFault, read_bytes, read_text_file
from sim.language.nearest import nearest
from sim.quoting import clean, is_clean
from sim.text import Text, as_text, joined, same

if TYPE_CHECKING:
    from _csv import Reader

TABLE_BYTES: Final = 2**24  # ten times the longest table of a region as large as Sweden
MAX_ROWS: Final = 100_000
MAX_CELL: Final = 2_000  # characters
MAX_NAME: Final = 100
NAMED: Final = 5  # lines that are named of faults of one kind
_NUMBER: Final = re.compile(r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|nan|inf)", re.ASCII | re.IGNORECASE)
_SHOWN: Final = 60  # characters of a cell that are repeated in a message


def did_you_mean(word: str, known: Iterable[str]) -> Text:
    """A hint such as "; did you mean 'Halmstad'?", or "" when nothing is near."""
    near = nearest(word, known)
    return _MEANT.format(near=clean(near, _SHOWN)) if near else same("")


def sha256_of(path: Path, limit: int = TABLE_BYTES) -> str:
    """Hash of a text table with its line ends made equal, so that a Windows checkout has the same hash. Raises
    FileFault."""
    return hashlib.sha256(read_bytes(path, limit).replace(b"\r\n", b"\n")).hexdigest()


@dataclass(frozen=True)
class Row:
    """One line of a table; `line` counts from 1, the header being line 1."""

    line: int
    cells: dict[str, str]


@dataclass
class _Kind:
    """Faults of one kind in one column: where their problem stands in the list, what is said of the first, and the
    lines of those after it (the first few, and how many)."""

    at: int
    first: Problem
    lines: list[int] = field(default_factory=list)
    more: int = 0


@dataclass
class Table:
    """A CSV file (comma separated, UTF-8, a header) and the faults found in it so far.

    The `column` of a fault is the number of the field from the left, as a spreadsheet counts, not of the character.
    """

    path: Path
    problems: list[Problem]  # only ever added to, by whoever shares it
    header: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    _kinds: dict[tuple[str, str], _Kind] = field(default_factory=dict)

    def fault(self, line: int, key: str, said: Text | str, /, **values: object) -> None:
        """Note a fault: the words `said`, filled in with `values`. Further faults of the same words in the same column
        add their lines to the first; line 0 is none in particular."""
        words = as_text(said)
        kind = self._kinds.get((key, words.en))
        if kind is None or not line:
            shown = {name: clean(value, _SHOWN) if isinstance(value, str) else value for name, value in values.items()}
            column = self.header.index(key) + 1 if key in self.header else 1
            message = words.format(**shown) if shown else words
            problem = Problem(str(self.path), line, column if line else 0, key, message)
            self._kinds[key, words.en] = _Kind(len(self.problems), problem)
            self.problems.append(problem)
            return
        kind.more += 1
        if len(kind.lines) < NAMED:
            kind.lines.append(line)
        lines = ", ".join(map(str, kind.lines)) + (" ..." if kind.more > NAMED else "")
        rest = (_ONE_MORE if kind.more == 1 else _MORE).format(more=kind.more, lines=lines)
        first = kind.first
        self.problems[kind.at] = replace(first, message=joined([first.message, rest]))

    def text(self, row: Row, key: str, allowed: Collection[str] | None = None) -> str:
        """A non-empty word, one of `allowed` if given; "" after a fault."""
        value = row.cells.get(key, "")
        if not value:
            self.fault(row.line, key, _NOTHING, what=_one_of(allowed) if allowed else _A_NAME)
        elif allowed is not None and value not in allowed:
            self.fault(row.line, key, _UNKNOWN, value=value, what=_one_of(allowed), hint=did_you_mean(value, allowed))
        else:
            return value
        return ""

    def number(self, row: Row, key: str, low: float, high: float, what: Text, blank: bool = False) -> float:
        """A finite number in [low, high]; NaN after a fault, or for an empty cell where `blank` is allowed."""
        value = row.cells.get(key, "")
        if not value and blank:
            return math.nan
        if not _NUMBER.fullmatch(value):
            self.fault(row.line, key, _COMMA if "," in value else _NO_NUMBER, value=value, what=what)
            return math.nan
        number = float(value)
        if not low <= number <= high:
            self.fault(row.line, key, _OUTSIDE, value=value, low=f"{low:g}", high=f"{high:g}", what=what)
            return math.nan
        return number

    def unique(self, row: Row, key: str, seen: dict[str, int]) -> str:
        """A non-empty word that no earlier line has in this column."""
        value = self.text(row, key)
        if value and value in seen:
            self.fault(row.line, key, _AGAIN, value=value, line=seen[value])
        elif len(value) > MAX_NAME:
            self.fault(row.line, key, _LONG_NAME, length=len(value))
        elif value:
            seen[value] = row.line
        return value


def read_table(path: Path, required: Collection[str], problems: list[Problem]) -> Table:
    """Read `path`; a table that cannot be used (missing, empty, without a column) has no rows and adds its faults."""
    table, rows = open_table(path, required, problems)
    table.rows = list(rows)
    return table


def open_table(
    path: Path, required: Collection[str], problems: list[Problem], limit: int = TABLE_BYTES, most: int = MAX_ROWS
) -> tuple[Table, Iterator[Row]]:
    """As `read_table`, for a table too long to be kept: its rows one by one, of a file of at most `limit` bytes."""
    table = Table(path, problems)
    try:
        text = read_text_file(path, limit)
    except FileFault as fault:
        note_missing(table, fault, required)
        return table, iter(())
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    before = len(problems)
    _, header = _next_line(table, reader) or (1, [])
    table.header = [name.strip() for name in header]
    usable = len(problems) == before and _header_is_usable(table, required)
    return table, _rows(table, reader, most) if usable else iter(())


def note_missing(table: Table, fault: FileFault, required: Collection[str]) -> None:
    """Note why the file of a table cannot be read; of one that is not there, which columns it needs."""
    if fault.reason == "missing":
        table.fault(0, "", _MISSING, columns=", ".join(required))
    else:
        table.problems.append(fault.problem(table.path))


def _header_is_usable(table: Table, required: Collection[str]) -> bool:
    """Whether every column that is needed is there once."""
    header = table.header
    if not any(header):
        table.fault(0, "", _EMPTY, columns=", ".join(required))
        return False
    if len(header) == 1 and (separator := next((mark for mark in ";\t" if mark in header[0]), "")):
        table.fault(1, "", _SEMICOLONS if separator == ";" else _TABS)
        return False
    for name in dict.fromkeys(header):
        if name and header.count(name) > 1:
            table.fault(1, name, _COLUMN_TWICE)
    for name in required:
        if name not in header:
            table.fault(1, name, _NO_COLUMN, hint=did_you_mean(name, header))
    return all(header.count(name) == 1 for name in required)


def _next_line(table: Table, reader: Reader) -> tuple[int, list[str]] | None:
    """The number and cells of the next line; None at the end, or where the file cannot be taken apart."""
    line = reader.line_num + 1
    try:
        cells = next(reader, None)
    except csv.Error as error:
        table.fault(line, "", _NO_CSV, why=str(error))
        return None
    return None if cells is None else (line, cells)


def _rows(table: Table, reader: Reader, most: int) -> Iterator[Row]:
    """The rows below the header that have a cell for each column, and the faults of the others."""
    width = len(table.header)
    count, before = 0, len(table.problems)
    while found := _next_line(table, reader):
        line, cells = found
        stripped = [cell.strip() for cell in cells]
        whole = "".join(stripped)
        if not whole:
            continue
        count += 1
        if count > most:
            table.fault(line, "", _TOO_MANY, most=most)
            return
        if len(cells) != width:
            table.fault(line, "", _FIELDS, fields=len(cells), columns=width)
            continue
        if not whole.isprintable() or (len(whole) > MAX_CELL and max(map(len, stripped)) > MAX_CELL):
            _refuse_odd_cells(table, line, stripped)
            continue
        yield Row(line, dict(zip(table.header, stripped, strict=True)))
    if not count and len(table.problems) == before:
        table.fault(1, "", _NO_LINES)


def _refuse_odd_cells(table: Table, line: int, cells: list[str]) -> None:
    for key, cell in zip(table.header, cells, strict=True):
        if len(cell) > MAX_CELL:
            table.fault(line, key, _LONG, length=len(cell))
        elif not is_clean(cell):
            table.fault(line, key, _INVISIBLE, value=cell)


def _one_of(words: Collection[str]) -> Text:
    listed = [clean(word, _SHOWN) for word in list(words)[:8]]
    return _ONE_OF.format(words=", ".join(listed) + (", ..." if len(words) > len(listed) else ""))


PEOPLE: Final = Text("antalet människor, 0 eller fler", "the number of people, 0 or more")  # what is asked for often

_MEANT: Final = Text("; menade du '{near}'?", "; did you mean '{near}'?")
_ONE_MORE: Final = Text("; likadant på en rad till: {lines}", "; the same on one more line: {lines}")
_MORE: Final = Text("; likadant på {more} rader till: {lines}", "; the same on {more} more lines: {lines}")
_NOTHING: Final = Text("är tomt; skriv {what}", "is empty; write {what}")
_A_NAME: Final = Text("ett namn", "a name")
_ONE_OF: Final = Text("något av {words}", "one of {words}")
_UNKNOWN: Final = Text("'{value}' är okänt; skriv {what}{hint}", "'{value}' is not known; write {what}{hint}")
_NO_NUMBER: Final = Text("'{value}' är inget tal; skriv {what}", "'{value}' is not a number; write {what}")
_COMMA: Final = Text(
    "'{value}' är inget tal; skriv {what} (decimalpunkt, inte komma)",
    "'{value}' is not a number; write {what} (decimal point, not comma)",
)
_OUTSIDE: Final = Text(
    "{value} ligger utanför {low} till {high}; skriv {what}", "{value} is outside {low} to {high}; write {what}"
)
_AGAIN: Final = Text(
    "'{value}' står redan på rad {line}; skriv ett eget namn",
    "'{value}' is already on line {line}; write a name of its own",
)
_LONG_NAME: Final = Text(
    f"är {{length}} tecken långt; skriv ett namn på högst {MAX_NAME}",
    f"is {{length}} characters long; write a name of at most {MAX_NAME}",
)
_MISSING: Final = Text(
    "filen saknas; skriv en CSV-tabell med kolumnerna {columns}",
    "the file is missing; write a CSV table with the columns {columns}",
)
_EMPTY: Final = Text(
    "är tom; skriv en rubrikrad med {columns} och minst en rad till",
    "is empty; write a header with {columns} and at least one line",
)
_NO_LINES: Final = Text(
    "har en rubrikrad men inga rader; skriv minst en rad under den",
    "has a header but no lines; write at least one line under it",
)
_SEMICOLONS: Final = Text(
    "är delad med semikolon; spara den delad med komma, med decimalpunkt",
    "is separated by semicolons; save it separated by commas, with decimal points",
)
_TABS: Final = Text(
    "är delad med tabbar; spara den delad med komma", "is separated by tabs; save it separated by commas"
)
_COLUMN_TWICE: Final = Text("kolumnen står två gånger; behåll en", "the column stands twice; keep one")
_NO_COLUMN: Final = Text(
    "kolumnen saknas; lägg till den i rubrikraden{hint}", "the column is missing; add it to the header{hint}"
)
_NO_CSV: Final = Text(
    "kan inte delas upp i fält ({why}); se efter citattecknen", "cannot be taken apart ({why}); check the quotes"
)
_TOO_MANY: Final = Text(
    "har fler än {most} rader; är det rätt fil?", "has more than {most} lines; is it the right file?"
)
_FIELDS: Final = Text(
    "har {fields} fält, rubrikraden {columns}; sätt texter med komma inom citattecken",
    "has {fields} fields, the header {columns}; quote texts that hold a comma",
)
_LONG: Final = Text(
    f"är {{length}} tecken långt; skriv högst {MAX_CELL}", f"is {{length}} characters long; write at most {MAX_CELL}"
)
_INVISIBLE: Final = Text(
    "'{value}' har tecken som inte syns; ta bort dem", "'{value}' holds characters that cannot be seen; take them away"
)
