"""Tables to and from Parquet, through DuckDB (a quarter of the size of an Arrow installation)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import duckdb
import pandas as pd

from sim.measures.frames import curves_frame, hours_frame, measures_frame
from sim.study.plan import Task

if TYPE_CHECKING:
    from sim.measures import Measures


class Stacked(NamedTuple):
    """The measures of many tasks, task after task, each table with scenario, model, replication in front."""

    measures: pd.DataFrame
    curves: pd.DataFrame
    hours: pd.DataFrame


def stack_measures(tasks: Sequence[Task], measured: Sequence[Measures]) -> Stacked:
    """One table of each kind, made at once from the numbers of all tasks; without rows when there are none."""
    front: dict[str, list[str] | list[int]] = {
        "scenario": [task.scenario for task in tasks],
        "model": [task.model for task in tasks],
        "replication": [task.replication for task in tasks],
    }
    return Stacked(measures_frame(measured, front), curves_frame(measured, front), hours_frame(measured, front))


def label_rows(frame: pd.DataFrame, task: Task) -> pd.DataFrame:
    """The rows with scenario, model and replication in front."""
    columns = {"scenario": task.scenario, "model": task.model, "replication": task.replication}
    labels = pd.DataFrame(columns, index=frame.index)
    return pd.concat([labels, frame], axis=1)


def write_parquet(frame: pd.DataFrame, path: Path, *, passing: bool = False) -> None:
    """Raises OSError when the file cannot be written. `passing`: a part that is soon read again, with less work on its
    size."""
    _copy("SELECT * FROM rows", path, _PASSING if passing else _KEPT, rows=frame)


def join_parquet(parts: Sequence[Path], path: Path) -> None:
    """One file of the rows of all parts, in their order. Raises OSError."""
    listed = ", ".join(quoted(part) for part in parts)
    _copy(f"SELECT * FROM read_parquet([{listed}])", path, _KEPT)


def read_parquet(path: Path) -> pd.DataFrame:
    """Raises OSError when the file is missing or damaged."""
    with opened(path) as connection:
        return connection.execute(f"SELECT * FROM read_parquet({quoted(path)})").df()


@contextlib.contextmanager
def opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to read `path` by, rows in their order. Raises OSError for what is wrong with the file."""
    try:
        with duckdb.connect() as connection:
            connection.execute("SET threads = 1")
            yield connection
    except duckdb.Error as error:
        raise OSError(f"cannot read {path}: {_first_line(error)}") from error


def quoted(path: Path) -> str:
    """A path as SQL has it."""
    return "'" + str(path).replace("'", "''") + "'"


def _copy(query: str, path: Path, how: str, **frames: pd.DataFrame) -> None:
    """One thread: the same rows are the same bytes, whatever they come from."""
    try:
        with duckdb.connect() as connection:
            connection.execute("SET threads = 1")
            for name, frame in frames.items():
                connection.register(name, frame)
            connection.execute(f"COPY ({query}) TO {quoted(path)} (FORMAT parquet, ROW_GROUP_SIZE 400000, {how})")
    except duckdb.Error as error:
        raise OSError(f"cannot write {path}: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


# The second version of Parquet has floating-point numbers byte by byte: those at the front are alike in a column.
_KEPT: Final = "PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 17"
_PASSING: Final = "COMPRESSION lz4_raw"
