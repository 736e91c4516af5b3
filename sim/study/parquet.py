"""Tables to and from Parquet, through DuckDB (a quarter of the size of an Arrow installation)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

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


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Raises OSError when the file cannot be written."""
    _copy("SELECT * FROM rows", path, rows=frame)


def join_parquet(parts: Sequence[Path], path: Path) -> None:
    """One file of the rows of all parts, in their order. Raises OSError."""
    listed = ", ".join(_quoted(part) for part in parts)
    _copy(f"SELECT * FROM read_parquet([{listed}])", path)


def read_parquet(path: Path) -> pd.DataFrame:
    """Raises OSError when the file is missing or damaged."""
    try:
        with duckdb.connect() as connection:
            return connection.execute(f"SELECT * FROM read_parquet({_quoted(path)})").df()
    except duckdb.Error as error:
        raise OSError(f"cannot read {path}: {_first_line(error)}") from error


def _copy(query: str, path: Path, **frames: pd.DataFrame) -> None:
    try:
        with duckdb.connect() as connection:
            for name, frame in frames.items():
                connection.register(name, frame)
            connection.execute(f"COPY ({query}) TO {_quoted(path)} (FORMAT parquet, COMPRESSION zstd)")
    except duckdb.Error as error:
        raise OSError(f"cannot write {path}: {_first_line(error)}") from error


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
