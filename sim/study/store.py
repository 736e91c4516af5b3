"""Results on disk: `results/<study>/`, whole or not at all.

Everything is written in a staging folder beside its final place and moved when complete, the manifest last, so that
neither a full disk nor a pulled plug leaves a file cut short.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.comparison import write_csv, write_excel_csv
from sim.errors import ResultsError
from sim.study.parquet import read_parquet, write_parquet
from sim.study.provenance import file_sha256
from sim.text import Text

FORMAT = 1
TABLES = ("measures", "curves", "hours")
VISITS = "visits.parquet"
_MADE_LATER = ("figures", "report.html")  # by `publish` of a later step, from the tables


@contextlib.contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A folder for unfinished files in `folder`, removed at the end. Raises OSError when that cannot be made."""
    folder.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def write_tables(
    stage: Path, frames: Mapping[str, pd.DataFrame], comparison: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    """All tables and the manifest, which gets the checksum of every file in `stage`. Raises OSError."""
    for name in TABLES:
        write_parquet(frames[name], stage / f"{name}.parquet")
    write_csv(comparison, stage / "comparison.csv")
    write_excel_csv(comparison, stage / "comparison_excel.csv")
    files = {path.name: file_sha256(path) for path in sorted(stage.iterdir()) if path.is_file()}
    text = json.dumps(manifest | {"files": files}, ensure_ascii=False, indent=2, default=str)
    (stage / "manifest.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def publish(stage: Path, folder: Path, *, replaces: bool = True) -> list[Path]:
    """Move all that is in `stage` to `folder`, the manifest last, and return the new paths. With `replaces`, what an
    earlier study left there and this one does not have is removed. Raises OSError."""
    names = sorted((path.name for path in stage.iterdir()), key=lambda name: (name == "manifest.json", name))
    if replaces:
        (folder / "manifest.json").unlink(missing_ok=True)
        for name in {*_MADE_LATER, VISITS} - set(names):
            _remove(folder / name)
    for name in names:
        if (stage / name).is_dir():
            _remove(folder / name)
        (stage / name).replace(folder / name)
    return [folder / name for name in names]


def read_manifest(folder: Path) -> dict[str, Any]:
    """Raises ResultsError when it is missing, damaged, or of another format."""
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ResultsError(_NO_RESULTS.format(folder=folder)) from None
    except (OSError, ValueError) as error:
        raise ResultsError(_UNREADABLE.format(path=path, error=error)) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise ResultsError(_OTHER_FORMAT.format(path=path, found=found, reads=FORMAT))
    return manifest


def read_tables(folder: Path, manifest: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The measure tables. Raises ResultsError when one is missing or is not what was written."""
    frames = {}
    for name in TABLES:
        path = folder / f"{name}.parquet"
        try:
            if file_sha256(path) != manifest.get("files", {}).get(path.name):
                raise ResultsError(_DAMAGED.format(path=path))
            frames[name] = read_parquet(path)
        except OSError as error:
            raise ResultsError(_UNREADABLE.format(path=path, error=error)) from error
    return frames


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


_NO_RESULTS = Text(
    "{folder}: inga resultat här (ingen manifest.json); `compare` gör dem",
    "{folder}: no results here (no manifest.json); `compare` makes them",
)
_UNREADABLE = Text("{path}: kan inte läsas: {error}", "{path}: cannot be read: {error}")
_OTHER_FORMAT = Text(
    "{path}: gjord i format {found}, den här versionen läser format {reads}; kör studien igen",
    "{path}: made in format {found}, this version reads format {reads}; run the study again",
)
_DAMAGED = Text(
    "{path}: skadad (kontrollsumman är inte den i manifestet); kör studien igen",
    "{path}: damaged (its checksum is not that of the manifest); run the study again",
)
