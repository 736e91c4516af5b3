"""Expected minutes and kilometres between places from a file: a table with a line for every pair.

The header names the units: `minutes`, `seconds` or `hours`, and `km` or `m`. Whether that can be so is judged by the
places' coordinates, pair by pair.
"""

from __future__ import annotations

import glob
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem, RegionError
from sim.files import FileFault, check_file
from sim.quoting import clean
from sim.scenario.reading import MATRIX_BYTES
from sim.text import Text, same
from sim.world.csvfile import Row, Table, did_you_mean, note_missing, open_table
from sim.world.regiontables import Places
from sim.world.travel import great_circle_km

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ENDS: Final = ("from", "to")
TIMES: Final = {"minutes": 1.0, "seconds": 1.0 / 60.0, "hours": 60.0}  # in minutes
LENGTHS: Final = {"km": 1.0, "m": 0.001}  # in km
UNREACHABLE: Final = ("", "nan", "inf", "null", "none", "infinity")
NAMED: Final = 10  # pairs that a message names

# What no road and no car can be. A place is a point for many addresses, and a router's point may lie beside it: the
# distance between two may be SLACK_KM shorter. FASTEST and SLOWEST are km/h as the crow flies.
SLACK_KM: Final = 2.0
FASTEST: Final = 130.0
SLOWEST: Final = 5.0  # on foot,
WAIT_MIN: Final = 60.0  # after waiting an hour for a ferry
SHORTEST: Final = 0.5  # of the straight line
LONGEST: Final = 5.0  # times the straight line,
DETOUR_KM: Final = 20.0  # and a way round the water
# What a pair usually takes, for telling one unit from another: 4 minutes and 45 km/h as the crow flies.
USUAL_START_MIN: Final = 4.0
USUAL_PACE: Final = 60.0 / 45.0
USUAL_CIRCUITY: Final = 1.25
OFF: Final = 12.0  # so many times too large or too small in the middle: another unit


@dataclass
class _Pairs:
    """What the lines of a matrix say, in the units of its header; `line` 0 where there is none."""

    time: Floats
    length: Floats
    line: Ints
    unreachable: list[tuple[int, int]] = field(default_factory=list)


def read_matrix(path: Path, places: Places) -> tuple[Floats, Floats]:
    """(N, N) minutes and km from a CSV or Parquet file with the columns from, to, a time and a length; places by id or
    name.

    Every pair of places must be there once, in both directions. The diagonal may be left out; where given it is zero.

    Raises:
        RegionError: with every problem at once, pairs that no road can be among them.
    """
    problems: list[Problem] = []
    most = 2 * len(places.name) ** 2 + 100  # every pair twice is a fault of its own
    read = _open_parquet if path.suffix.lower() == ".parquet" else open_table
    table, rows = read(path, ENDS, problems, MATRIX_BYTES, most)
    time, length = _unit(table, TIMES), _unit(table, LENGTHS)
    if not time or not length:
        raise RegionError(problems)
    pairs = _read_pairs(table, rows, places, time, length)
    minutes, km = pairs.time * TIMES[time], pairs.length * LENGTHS[length]
    readable = not problems  # where some numbers are none, what the others look like may mislead
    if pairs.line.any():
        np.fill_diagonal(pairs.line, 1)
        _say_pairs(table, _NO_ROAD, pairs.unreachable, places, pairs.line, time)
        _say_pairs(table, _NO_LINE, np.argwhere(pairs.line == 0), places, pairs.line)
        if readable:
            _judge(table, places, pairs.line, minutes, km, time, length)
    if problems:
        raise RegionError(problems)
    return minutes, km


def _unit(table: Table, units: Collection[str]) -> str:
    """The one column of these that the header has; "" after a fault."""
    if not table.header:
        return ""
    found = [name for name in units if name in table.header]
    if len(found) == 1:
        return found[0]
    first, *others = units
    if found:
        table.fault(1, found[1], _TWO_UNITS, one=found[0])
    else:
        table.fault(1, first, _NO_UNIT, others=", ".join(others), hint=did_you_mean(first, table.header))
    return ""


def _read_pairs(table: Table, rows: Iterator[Row], places: Places, time: str, length: str) -> _Pairs:
    number = {name: i for names in (places.name, places.id) for i, name in enumerate(names)}
    n = len(places.name)
    pairs = _Pairs(np.full((n, n), np.nan), np.full((n, n), np.nan), np.zeros((n, n), dtype=np.int64))
    known: set[str] = set(number)
    for row in rows:
        for key in ENDS:
            if (name := row.cells[key]) not in known:
                known.add(name)  # said once
                table.fault(row.line, key, _NO_PLACE, name=name, hint=did_you_mean(name, number))
        i, j = (number.get(row.cells[key], -1) for key in ENDS)
        if i < 0 or j < 0:
            continue
        if pairs.line[i, j]:
            table.fault(row.line, "to", _AGAIN, line=pairs.line[i, j])
            continue
        pairs.line[i, j] = row.line
        if row.cells[time].lower() in UNREACHABLE:
            pairs.unreachable.append((i, j))
            continue
        pairs.time[i, j] = table.number(row, time, 0, 1e9, _TIME)
        pairs.length[i, j] = table.number(row, length, 0, 1e9, _LENGTH)
        if i == j and (pairs.time[i, j] > 0 or pairs.length[i, j] > 0):
            table.fault(row.line, time, _ITSELF, name=places.name[i])
    np.fill_diagonal(pairs.time, 0.0)
    np.fill_diagonal(pairs.length, 0.0)
    return pairs


def _judge(table: Table, places: Places, line: Ints, minutes: Floats, km: Floats, time: str, length: str) -> None:
    """Faults of times and lengths that the places' coordinates contradict: another unit, or single pairs."""
    air = great_circle_km(places.lat[:, None], places.lon[:, None], places.lat[None, :], places.lon[None, :])
    np.fill_diagonal(air, np.nan)
    other = _meant(minutes, USUAL_START_MIN + USUAL_PACE * air, time, TIMES)
    if other:
        table.fault(1, time, _OTHER_UNIT, looks=_UNITS[other], column=other)
    else:
        fast = np.maximum(air - SLACK_KM, 0.0) > minutes * (FASTEST / 60.0)
        slow = minutes > WAIT_MIN + air * (60.0 / SLOWEST)
        for words, found in ((_FAST, fast), (_SLOW, slow)):
            _say_pairs(table, words, np.argwhere(found), places, line, time, (air, minutes, "min"))
    other = _meant(km, USUAL_CIRCUITY * air, length, LENGTHS)
    if other:
        table.fault(1, length, _OTHER_UNIT, looks=_UNITS[other], column=other)
    else:
        for words, found in ((_SHORT, km < SHORTEST * air - SLACK_KM), (_LONG, km > LONGEST * air + DETOUR_KM)):
            _say_pairs(table, words, np.argwhere(found), places, line, length, (air, km, "km"))


def _meant(stated: Floats, usual: Floats, unit: str, units: dict[str, float]) -> str:
    """The unit that brings what is stated near to what is usual, if the header's is far from it in the middle pair; ""
    if none does. Both (N, N), NaN where nothing is known."""
    known = np.isfinite(stated) & (usual > 0)
    middle = float(np.median(stated[known] / usual[known])) if known.any() else 1.0
    if 1.0 / OFF < middle < OFF:
        return ""
    near = [name for name in units if 1.0 / OFF < middle * units[name] / units[unit] < OFF]
    return near[0] if near else ""


def _say_pairs(
    table: Table, words: Text, which: Sequence[Sequence[int]] | Ints, places: Places, line: Ints, key: str = "",
    stated: tuple[Floats, Floats, str] | None = None,
) -> None:  # fmt: skip
    """One fault for all pairs of a kind, at the line of the first: the first few by name, and how many there are.
    `stated`: the straight line in km, what the file says, and its unit."""
    if not len(which):
        return
    named = []
    for i, j in which[:NAMED]:
        both = f"{clean(places.name[i], 30)} - {clean(places.name[j], 30)}"
        if stated is not None:
            air, value, unit = stated
            both += f" ({air[i, j]:.0f} km, {value[i, j]:g} {unit})"
        named.append(both)
    more = _MORE.format(more=len(which) - len(named)) if len(which) > len(named) else same("")
    first = int(line[which[0][0], which[0][1]])
    column = table.header.index(key) + 1 if first and key else 0
    message = words.format(pairs=", ".join(named), more=more)
    table.problems.append(Problem(str(table.path), first, column, key, message))


def _open_parquet(
    path: Path, required: Collection[str], problems: list[Problem], limit: int, most: int
) -> tuple[Table, Iterator[Row]]:
    """A Parquet file as a table; its rows are numbered as if a header were line 1."""
    import duckdb

    table = Table(path, problems)
    try:
        check_file(path, limit)
    except FileFault as fault:
        note_missing(table, fault, required)
        return table, iter(())
    file = glob.escape(str(path))  # a name is no pattern
    with duckdb.connect() as connection:
        try:
            relation = connection.execute("select * from read_parquet(?) limit 0", [file])
            table.header = [column[0] for column in relation.description or []]
            rows = connection.execute("select count(*) from read_parquet(?)", [file]).fetchall()[0][0]
        except duckdb.Error as error:
            table.fault(0, "", _NO_PARQUET, why=str(error).splitlines()[0])
            return table, iter(())
    if rows > most:
        table.fault(0, "", _TOO_MANY, rows=rows, most=most)
        return table, iter(())
    absent = [name for name in required if name not in table.header]
    for name in absent:
        table.fault(0, name, _NO_COLUMN, hint=did_you_mean(name, table.header))
    return table, iter(()) if absent else _parquet_rows(table, file)


def _parquet_rows(table: Table, file: str) -> Iterator[Row]:
    import duckdb

    wanted = [name for name in (*ENDS, *TIMES, *LENGTHS) if name in table.header]
    columns = ", ".join(f'left(cast("{name}" as varchar), 200)' for name in wanted)
    with duckdb.connect() as connection:
        try:
            relation = connection.execute(f"select {columns} from read_parquet(?)", [file])
            line = 2
            while some := relation.fetchmany(10_000):
                for cells in some:
                    filled = ("" if cell is None else str(cell) for cell in cells)
                    yield Row(line, dict(zip(wanted, filled, strict=True)))
                    line += 1
        except duckdb.Error as error:
            table.fault(0, "", _NO_PARQUET, why=str(error).splitlines()[0])


_UNITS: Final = {
    "minutes": Text("minuter", "minutes"),
    "seconds": Text("sekunder", "seconds"),
    "hours": Text("timmar", "hours"),
    "km": Text("kilometer", "kilometres"),
    "m": Text("meter", "metres"),
}
_TIME: Final = Text("en tid, 0 eller mer", "a time, 0 or more")
_LENGTH: Final = Text("en längd, 0 eller mer", "a length, 0 or more")
_NO_PLACE: Final = Text(
    "'{name}' är ingen ort i regionen; skriv dess id eller namn{hint}",
    "'{name}' is not a place of the region; write its id or name{hint}",
)
_AGAIN: Final = Text(
    "paret står redan på rad {line}; ta bort det ena", "the pair is already on line {line}; leave one of them out"
)
_ITSELF: Final = Text(
    "från {name} till sig själv ska det vara 0; programmet lägger själv till resor inom orten",
    "from {name} to itself must be 0; local trips are added by the program",
)
_NO_ROAD: Final = Text(
    "ingen väg mellan {pairs}{more}; ange tid och längd för dem, eller ta bort orterna ur regionen",
    "no road between {pairs}{more}; give time and length for them, or leave the places out of the region",
)
_NO_LINE: Final = Text(
    "ingen rad för {pairs}{more}; varje par ska finnas, åt båda hållen",
    "no line for {pairs}{more}; every pair must be there, in both directions",
)
_MORE: Final = Text(" och {more} till", " and {more} more")
_FAST: Final = Text(
    f"fortare än {FASTEST:g} km/h fågelvägen: {{pairs}}{{more}}; se efter tiderna och orternas lägen",
    f"faster than {FASTEST:g} km/h as the crow flies: {{pairs}}{{more}}; check the times and where the places lie",
)
_SLOW: Final = Text(
    f"långsammare än till fots ({SLOWEST:g} km/h): {{pairs}}{{more}}; se efter tiderna och orternas lägen",
    f"slower than on foot ({SLOWEST:g} km/h): {{pairs}}{{more}}; check the times and where the places lie",
)
_SHORT: Final = Text(
    f"vägen är kortare än {SHORTEST:g} gånger fågelvägen: {{pairs}}{{more}}; se efter längderna och orternas lägen",
    f"a road shorter than {SHORTEST:g} times the straight line: {{pairs}}{{more}}; check the lengths and where the "
    "places lie",
)
_LONG: Final = Text(
    f"vägen är längre än {LONGEST:g} gånger fågelvägen: {{pairs}}{{more}}; se efter längderna och orternas lägen",
    f"a road longer than {LONGEST:g} times the straight line: {{pairs}}{{more}}; check the lengths and where the "
    "places lie",
)
_OTHER_UNIT: Final = Text(
    "det här ser ut som {looks}; kalla kolumnen {column}", "these look like {looks}; call the column {column}"
)
_NO_UNIT: Final = Text(
    "kolumnen saknas; lägg till den i rubrikraden (eller {others}){hint}",
    "the column is missing; add it to the header (or {others}){hint}",
)
_TWO_UNITS: Final = Text(
    "säger samma sak som kolumnen {one}; behåll en av dem", "says the same as the column {one}; keep one of them"
)
_NO_PARQUET: Final = Text("kan inte läsas som Parquet ({why})", "cannot be read as Parquet ({why})")
_TOO_MANY: Final = Text(
    "har {rows} rader, fler än {most}; är det rätt fil?", "has {rows} lines, more than {most}; is it the right file?"
)
_NO_COLUMN: Final = Text("kolumnen saknas{hint}", "the column is missing{hint}")
