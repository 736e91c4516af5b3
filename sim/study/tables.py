"""The table of measures on disk: written chunk by chunk, so that it takes no more memory than one of them, and read
again by task.

Within a chunk of replications the same row of all runs stands together, whose numbers are alike: a sixth less on disk.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.study.parquet import join_parquet, opened, quoted, write_parquet
from sim.study.plan import Task

if TYPE_CHECKING:
    from sim.measures import Measures

CHUNK: Final = 24  # replications: a multiple of eight, so that the same n of all runs again are the same bytes
FRONT: Final = ("scenario", "model", "replication")
WORDS: Final = ("municipality", "group", "class", "window", "measure", "unit")
COLUMNS: Final = (*FRONT, "municipality", "group", "class", "window", "measure", "value", "unit", "n")
_WORDS_SQL: Final = ("scenario", "model", *WORDS)


class Numbers(NamedTuple):
    """Values and n of the rows of one task."""

    values: NDArray[np.float64]
    n: NDArray[np.int64]


Words = Mapping[str, pd.Categorical]  # by column, a word for each row of one run


def words_of(measures: Measures) -> Words:
    """The words of the rows of a run."""
    table = measures.table
    return {name: _words(table[name]) for name in WORDS}


def chunks(tasks: Iterable[Task]) -> Iterator[tuple[str, int, list[Task]]]:
    """(scenario, first replication, tasks) of every chunk; scenarios and models in the order in which they come."""
    held: dict[tuple[str, int], list[Task]] = {}
    place: dict[str, int] = {}
    for task in tasks:
        place.setdefault(task.scenario, len(place))
        first = (task.replication - 1) // CHUNK * CHUNK + 1
        held.setdefault((task.scenario, first), []).append(task)
    for scenario, first in sorted(held, key=lambda key: (place[key[0]], key[1])):
        yield scenario, first, held[scenario, first]


def chunk_frame(tasks: Sequence[Task], numbers: Sequence[Numbers], words: Words) -> pd.DataFrame:
    """The rows of some tasks of a scenario, row by row of a run and within one task by task."""
    runs, rows = len(tasks), len(numbers[0].values)
    front: dict[str, Any] = {
        "scenario": _repeated([task.scenario for task in tasks], rows),
        "model": _repeated([task.model for task in tasks], rows),
        "replication": np.tile(np.array([task.replication for task in tasks], dtype=np.int32), rows),
    }
    said = {
        name: pd.Categorical.from_codes(np.repeat(column.codes, runs), column.categories)
        for name, column in words.items()
    }
    values = {
        "value": np.stack([one.values for one in numbers], axis=1).ravel(),
        "n": np.stack([one.n for one in numbers], axis=1).astype(np.int32).ravel(),
    }
    return pd.DataFrame({name: (front | said | values)[name] for name in COLUMNS})


def runs_frame(tasks: Sequence[Task], measured: Sequence[Measures]) -> pd.DataFrame:
    """The rows of some tasks, task by task; runs of other places have other words."""
    parts = []
    for _, group in itertools.groupby(zip(tasks, measured, strict=True), lambda pair: pair[1].names):
        chosen = list(group)
        numbers = [Numbers(one.values, one.counts) for _, one in chosen]
        frame = chunk_frame([task for task, _ in chosen], numbers, words_of(chosen[0][1]))
        order = np.arange(len(frame)).reshape(-1, len(chosen)).T.ravel()
        parts.append(frame.iloc[order])
    if not parts:
        return pd.DataFrame({name: [] for name in COLUMNS})
    joined = pd.concat(parts, ignore_index=True)
    for name in _WORDS_SQL:  # those of several parts are no categories any more
        if not isinstance(joined[name].dtype, pd.CategoricalDtype):
            joined[name] = pd.Categorical(joined[name], list(dict.fromkeys(joined[name])))
    return joined


def write_measures(frames: Iterable[pd.DataFrame], path: Path, parts: Path) -> None:
    """Each frame to a part of its own in the folder `parts`, and all of them, in order, to one file. Raises OSError."""
    written = []
    for number, frame in enumerate(frames):
        written.append(parts / f"{number:06d}.parquet")
        write_parquet(frame, written[-1], passing=True)
    if written:
        join_parquet(written, path)
    else:
        write_parquet(pd.DataFrame({name: [] for name in COLUMNS}), path)


def read_measures(path: Path, where: str = "") -> pd.DataFrame:
    """The rows for which `where` holds, or all, task by task; words as categories. Raises OSError."""
    with opened(path) as connection:
        listed = {name: _listed(connection, path, name) for name in _WORDS_SQL}
        for name, words in listed.items():
            known = ", ".join("'" + word.replace("'", "''") + "'" for word in words) or "''"
            connection.execute(f'CREATE TYPE "of_{name}" AS ENUM ({known})')
        columns = ", ".join(
            f'enum_code("{name}"::"of_{name}") AS "{name}"' if name in _WORDS_SQL else f'"{name}"' for name in COLUMNS
        )
        rows: dict[str, Any] = connection.execute(
            f"SELECT {columns} FROM read_parquet({quoted(path)}) {where and 'WHERE ' + where}"
        ).fetchnumpy()
    order = np.lexsort((rows["replication"], rows["model"], rows["scenario"]))
    ordered: dict[str, Any] = {}
    for name in COLUMNS:
        found = rows.pop(name)[order]  # let go before the next is copied: there may be millions of rows
        ordered[name] = _words_at(found, listed[name]) if name in listed else _plain(found)
    return pd.DataFrame(ordered, copy=False)


def _words_at(codes: NDArray[Any], words: list[str]) -> Any:
    return pd.Categorical.from_codes(codes, pd.Index(words))


def _plain(column: NDArray[Any]) -> NDArray[Any]:
    """A column of a query with NaN for what is missing."""
    return np.ma.filled(column, np.nan) if np.ma.isMaskedArray(column) else column


def numbers_of(path: Path, scenario: str, first: int) -> tuple[dict[Task, Numbers], Words]:
    """What a written table holds of one chunk, and the words of its rows. Raises OSError."""
    inside = f"scenario = ? AND replication BETWEEN {first} AND {first + CHUNK - 1}"
    with opened(path) as connection:
        columns = ", ".join(f'"{name}"' for name in ("model", "replication", "value", "n", *WORDS))
        query = f"SELECT {columns} FROM read_parquet({quoted(path)}) WHERE {inside}"
        found = connection.execute(query, [scenario]).df()
    held: dict[Task, Numbers] = {}
    words: Words = {}
    for model, replication in dict.fromkeys(zip(found["model"], found["replication"], strict=True)):
        part = found[(found["model"] == model) & (found["replication"] == replication)]
        task = Task(scenario, str(model), int(replication))
        held[task] = Numbers(part["value"].to_numpy(dtype=float), part["n"].to_numpy(dtype=np.int64))
        words = words or {name: _words(part[name]) for name in WORDS}
    return held, words


def _words(column: pd.Series) -> pd.Categorical:
    """With categories in the order in which they come."""
    codes, words = pd.factorize(column)
    return pd.Categorical.from_codes(codes, pd.Index(list(words)))


def _repeated(words: list[str], times: int) -> pd.Categorical:
    """The words, all over again so many times."""
    once = pd.Categorical(words, list(dict.fromkeys(words)))
    return pd.Categorical.from_codes(np.tile(once.codes, times), once.categories)


def _listed(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> list[str]:
    """The words of a column in the order in which they first come."""
    rows = f'SELECT "{name}" AS word, file_row_number FROM read_parquet({quoted(path)}, file_row_number = true)'
    query = f"SELECT word FROM ({rows}) GROUP BY word ORDER BY min(file_row_number)"
    return [word for (word,) in connection.execute(query).fetchall()]
