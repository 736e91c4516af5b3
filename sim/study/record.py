"""What one unit gave, as one file of its own: written whole, read whole or not at all.

A record says in its first line what it is, in which format, and the checksum of all of it; then, in a line of JSON,
whose results it holds; then their numbers. Whatever has happened to it shows.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.measures import Measures
from sim.measures.rows import Own

FORMAT: Final = 1
_MAGIC: Final = b"hembesok record "
_QUICK: Final = 1  # numbers like these are hardly smaller at a higher level


class Damaged(Exception):
    """A record that is cut short, changed, or none at all."""


class Newer(Exception):
    """A whole record of a format that a later version writes."""


@dataclass(frozen=True, eq=False)
class Entry:
    """What one model came to: `key` of its measures, the seconds it took, and the measures."""

    model: str
    key: str
    seconds: float
    measures: Measures


@dataclass(frozen=True, eq=False)
class Record:
    """What one replication of a scenario gave; `worker` is the native id of the thread that ran it."""

    scenario: str
    replication: int
    tape_sha256: str
    requests: int
    worker: int
    entries: tuple[Entry, ...]


def encode(record: Record) -> bytes:
    """The record as bytes, the same for the same record."""
    head: dict[str, Any] = {name: value for name, value in vars(record).items() if name != "entries"}
    head["entries"] = []
    blobs = []
    for entry in record.entries:
        arrays = _arrays(entry.measures)
        blob = zlib.compress(b"".join(array.tobytes() for array in arrays.values()), _QUICK)
        said = {"model": entry.model, "key": entry.key, "seconds": entry.seconds, "names": entry.measures.names}
        shapes = {name: [array.dtype.str, list(array.shape)] for name, array in arrays.items()}
        head["entries"].append(said | {"arrays": shapes, "bytes": len(blob)})
        blobs.append(blob)
    return sealed(json.dumps(head, ensure_ascii=False).encode() + b"\n" + b"".join(blobs))


def decode(data: bytes, own: Own = ()) -> Record:
    """The record of measures besides which there are `own` ones. Raises Damaged, Newer."""
    text, _, rest = opened(data).partition(b"\n")
    try:
        head: dict[str, Any] = json.loads(text)
        entries = []
        for said in head.pop("entries"):
            arrays = _unpacked(zlib.decompress(rest[: said["bytes"]]), said["arrays"])
            rest = rest[said["bytes"] :]
            measures = Measures(tuple(said["names"]), **arrays, own=own)
            entries.append(Entry(said["model"], said["key"], said["seconds"], measures))
        return Record(**head, entries=tuple(entries))
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise Damaged(str(error)) from error


def sealed(content: bytes) -> bytes:
    """Content behind a line with the format and the checksum of both."""
    return b"%s%d %s\n" % (_MAGIC, FORMAT, _checksum(FORMAT, content)) + content


def opened(data: bytes) -> bytes:
    """What was sealed. Raises Damaged, Newer."""
    line, _, content = data.partition(b"\n")
    words = line.removeprefix(_MAGIC).split(b" ")
    if not line.startswith(_MAGIC) or len(words) != 2 or not words[0].isdigit():
        raise Damaged("no record")
    number = int(words[0])
    if words[1] != _checksum(number, content):
        raise Damaged("cut short or changed")
    if number > FORMAT:
        raise Newer(f"format {number}")
    return content


def write_whole(path: Path, data: bytes) -> None:
    """All of the file or nothing, also when the plug is pulled. Raises OSError."""
    beside = path.with_name(f"{TEMPORARY}{path.name}")
    try:
        with beside.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


TEMPORARY: Final = ".tmp-"


def _checksum(number: int, content: bytes) -> bytes:
    return hashlib.sha256(b"%d\n" % number + content).hexdigest().encode()


def _arrays(measures: Measures) -> dict[str, NDArray[Any]]:
    found = {name: getattr(measures, name) for name in ("values", "counts", "shares", "physicians")}
    return {name: np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")) for name, array in found.items()}


def _unpacked(content: bytes, shapes: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    arrays, first = {}, 0
    for name, (kind, shape) in shapes.items():
        dtype, size = np.dtype(kind), int(np.prod(shape))
        array = np.frombuffer(content, dtype, size, first).reshape(shape)
        arrays[name] = array.astype(dtype.newbyteorder("="), copy=False)
        first += size * dtype.itemsize
    if first != len(content):
        raise ValueError("more than it says")
    return arrays
