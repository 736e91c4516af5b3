"""Valid region folders with one or two of their tables changed, seeded: cells, columns, lines, files, GeoJSON,
a travel matrix.

The region is Halland, or (with a matrix always) the tiny one of `tests/tiny_region.py`.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mutants import HUGE, ODD_KINDS, ODD_TEXT, odd_bytes, odd_file
from tiny_region import write_matrix, write_region

from sim.world.region import INPUTS

HALLAND = Path(__file__).resolve().parent.parent / "sim" / "data" / "halland"
Rows = list[list[str]]

ODD_NUMBERS = (
    "0", "-1", "1", "1024", "1025", "10000", "10001", "60000000", "1e7", "99999999", "1e308", "0.4999", "-0.0", "56.7",
    "12.8", "90", "180", "1e-300", "2024", "2040", "2100", "0.1", "59652", "3600", "12345678901234567890",
)  # fmt: skip
ODD_JSON: tuple[Any, ...] = (
    None, True, [], {}, [[]], [[[]]], [[[[]]]], "x", 0, 1e308, float("nan"), float("inf"), "1380", 1380, [[[0, 0]]],
    [[[1, 2], [3, 4], [1, 2]]], [[[12, 57], [13, 57], [13, 58], [12, 57]]], [[["a", "b"]]], [[[12, 57, 3]]], [12, 57],
    10**400, HUGE, "a\nb", "\x1b", {"coordinates": []}, "Polygon", "MultiPolygon", "Point", [[[None, None]]],
)  # fmt: skip


def region_mutant(folder: Path, seed: int) -> dict[str, Any]:
    """Write mutant number `seed` into an empty folder; gives what the scenario beside it must state."""
    chance = random.Random(f"region {seed}")
    region = folder / "mutant"
    with_matrix = chance.random() < 0.2
    if with_matrix or chance.random() < 0.3:
        write_region(region)
    else:
        region.mkdir()
        for name in INPUTS:
            (region / name).write_bytes((HALLAND / name).read_bytes())
    tables = sorted(path for path in region.iterdir())
    if with_matrix:
        tables = [write_matrix(folder / "matrix.csv")]
    for path in chance.sample(tables, min(len(tables), chance.choice([1, 1, 2]))):
        spoil(path, chance)
    changes: dict[str, Any] = {"region": "mutant"}
    if with_matrix:
        changes["travel"] = {"matrix": "matrix.csv"}
    if chance.random() < 0.3:
        changes["demand"] = {"year": chance.choice([2024, 2030, 2040]), "sabo_growth": chance.choice([0, 1])}
    return changes


def spoil(path: Path, chance: random.Random) -> None:
    """Change one file of the region."""
    if chance.random() < 0.08:
        odd_file(path, chance.choice([kind for kind in ODD_KINDS if kind not in ("name", "below")]), chance)
        return
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".geojson":
        text = odd_geojson(text, chance)
    else:
        rows = list(csv.reader(io.StringIO(text)))
        mutations = HARMLESS if chance.random() < 0.3 else MUTATIONS
        for _ in range(chance.choice([1, 1, 2, 4])):
            chance.choice(mutations)(rows, chance)
        text = written(rows, chance)
    data = text.encode("utf-8", "surrogatepass")
    path.write_bytes(odd_bytes(data, chance) if chance.random() < 0.2 else data)


def written(rows: Rows, chance: random.Random) -> str:
    """The rows as CSV; now and then with another separator, or with nothing quoted."""
    if chance.random() < 0.1:
        return "\n".join(chance.choice([",", ";", "\t"]).join(row) for row in rows)
    quoting = chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    target = io.StringIO(newline="")
    csv.writer(target, quoting=quoting, lineterminator=chance.choice(["\n", "\n", "\r\n"])).writerows(rows)
    return target.getvalue()


def _cell(rows: Rows, chance: random.Random) -> None:
    for _ in range(chance.choice([1, 1, 3])):
        row = chance.choice(rows[1:] or [[""]])
        if row:
            row[chance.randrange(len(row))] = chance.choice(chance.choice([ODD_TEXT, ODD_NUMBERS, ODD_NUMBERS]))


def _column(rows: Rows, chance: random.Random) -> None:
    """A whole column of one odd value, of another column's, or multiplied."""
    width = min(map(len, rows), default=0)
    if width < 2:
        return
    to, other = chance.randrange(width), chance.randrange(width)
    word, factor = (
        chance.choice(chance.choice([ODD_TEXT, ODD_NUMBERS])),
        chance.choice([0, -1, 60, 1 / 60, 1000, 1e6, 1e300]),
    )
    kind = chance.randrange(3)
    for row in rows[1:]:
        if kind == 0:
            row[to] = word
        elif kind == 1:
            row[to] = row[other]
        else:
            try:
                row[to] = str(float(row[to]) * factor)
            except (ValueError, OverflowError):
                continue


def _header(rows: Rows, chance: random.Random) -> None:
    if rows and rows[0]:
        at = chance.randrange(len(rows[0]))
        rows[0][at] = chance.choice([rows[0][at - 1], rows[0][at].upper(), " " + rows[0][at], "population", *ODD_TEXT])


def _fewer(rows: Rows, chance: random.Random) -> None:
    """Columns or last fields left out."""
    if not rows or not rows[0]:
        return
    at = chance.randrange(len(rows[0]))
    if chance.random() < 0.5:
        for row in rows:
            del row[at : at + 1]
    else:
        row = chance.choice(rows)
        del row[chance.randrange(len(row) or 1) :]


def _more(rows: Rows, chance: random.Random) -> None:
    """Fields or columns that nobody asked for, or the same once more."""
    if chance.random() < 0.5:
        chance.choice(rows or [[]]).append(chance.choice(ODD_TEXT))
    elif rows and rows[0]:
        at = chance.randrange(len(rows[0]))
        for row in rows:
            row.append(row[at] if at < len(row) else "")


def _lines(rows: Rows, chance: random.Random) -> None:
    """Lines taken away, repeated, emptied or in another order."""
    kind = chance.randrange(5)
    at = chance.randrange(len(rows) or 1)
    if kind == 0:
        del rows[at : at + chance.choice([1, 5, 1000])]
    elif kind == 1:
        rows[at:at] = [list(row) for row in rows[at : at + chance.choice([1, 3])]]
    elif kind == 2:
        rows.insert(at, [])
    elif kind == 3:
        body = rows[1:]
        chance.shuffle(body)
        rows[1:] = body
    elif rows:
        rows.extend([list(rows[-1]) for _ in range(3000)])


def _other_order(rows: Rows, chance: random.Random) -> None:
    """Columns in another order."""
    order = list(range(min(map(len, rows), default=0)))
    chance.shuffle(order)
    rows[:] = [[row[at] for at in order] for row in rows]


def _further(rows: Rows, chance: random.Random) -> None:
    """A column that nobody reads."""
    for number, row in enumerate(rows):
        row.append("remark" if number == 0 else "a, b")


def _nudged(rows: Rows, chance: random.Random) -> None:
    """A number a little larger or smaller."""
    row = chance.choice(rows[1:] or [[""]])
    numbers = [at for at, cell in enumerate(row) if cell.replace(".", "", 1).isdigit()]
    if numbers:
        at = chance.choice(numbers)
        row[at] = f"{float(row[at]) * chance.uniform(0.9, 1.1):.6g}"


Mutations = tuple[Callable[[Rows, random.Random], None], ...]
HARMLESS: Mutations = (_other_order, _further, _nudged)
MUTATIONS: Mutations = (_cell, _cell, _cell, _column, _header, _fewer, _more, _lines, *HARMLESS)


def odd_geojson(text: str, chance: random.Random) -> str:
    """The outlines with a part changed, a number that is none, or far too deep."""
    kind = chance.randrange(6)
    if kind == 0:
        deep = chance.choice([50, 900, 100_000])
        return text.replace("[[[", "[" * deep, 1) if chance.random() < 0.5 else "[" * deep + "]" * deep
    if kind == 1:
        return text.replace("12.", chance.choice(["NaN", "Infinity", "1e999", "-", "9" * 5000, "1" * 300]), 1)
    tree = json.loads(text) if text else {}
    holder: Any = tree
    for _ in range(chance.randint(1, 9)):
        inside = holder if isinstance(holder, list) else list(holder.values()) if isinstance(holder, dict) else []
        deeper = [item for item in inside if isinstance(item, (dict, list)) and item]
        if not deeper:
            break
        holder = chance.choice(deeper)
    keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    key = chance.choice(keys)
    if chance.random() < 0.3:
        del holder[key]
    elif isinstance(holder, list) and chance.random() < 0.2:
        holder.extend([holder[key]] * chance.choice([1, 3000]))
    else:
        holder[key] = chance.choice(ODD_JSON)
    return json.dumps(tree, ensure_ascii=chance.random() < 0.5)
