"""A study's tables and manifest as files; `folder.py` puts them in place."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from sim.comparison import write_csv, write_excel_csv
from sim.errors import ResultsError
from sim.study.folder import MANIFEST, listed, located
from sim.study.parquet import read_parquet, write_parquet
from sim.study.stages.hashing import file_sha256
from sim.text import Text

FORMAT: Final = 1
TABLES: Final = ("measures", "curves", "hours")
VISITS: Final = "visits.parquet"
WORLDS: Final = "worlds.parquet"  # where plausible worlds were run
INFORMATION: Final = "information.csv"  # and there were enough of them
COMPARISONS: Final = ("comparison.csv", "comparison_excel.csv")
NAMES: Final = (*(f"{table}.parquet" for table in TABLES), *COMPARISONS, MANIFEST)  # what every study has


def write_tables(
    stage: Path, frames: Mapping[str, pd.DataFrame], comparison: pd.DataFrame, manifest: Mapping[str, Any]
) -> None:
    """All tables and the manifest, which gets the checksum of every file in `stage`. Raises OSError."""
    for name in TABLES:
        write_parquet(frames[name], stage / f"{name}.parquet")
    write_csv(comparison, stage / COMPARISONS[0])
    write_excel_csv(comparison, stage / COMPARISONS[1])
    write_manifest(stage, manifest, {})


def write_manifest(stage: Path, manifest: Mapping[str, Any], others: Mapping[str, str]) -> None:
    """The manifest, with the checksums of every file in `stage` and of `others` that stay as they are. Raises OSError.

    Everything is on the disk before this returns, so that no plug that is pulled leaves a file cut short.
    """
    paths = sorted(path for path in stage.rglob("*") if path.is_file())
    files = dict(others) | {path.relative_to(stage).as_posix(): file_sha256(path) for path in paths}
    text = json.dumps(dict(manifest) | {"files": files}, ensure_ascii=False, indent=2, default=str)
    (stage / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
    for path in (*paths, stage / MANIFEST):
        with path.open("rb+") as stream:
            os.fsync(stream.fileno())


def table_files(folder: Path, manifest: Mapping[str, Any]) -> dict[str, str]:
    """The files of a stored study, with their checksums, that no drawing changes."""
    kept = listed(folder, dict(manifest)) & {*NAMES, VISITS, WORLDS, INFORMATION}
    return {name: sha for name, sha in manifest.get("files", {}).items() if name in kept}


def read_manifest(folder: Path) -> dict[str, Any]:
    """Raises ResultsError when it is missing, damaged, or of another format."""
    path = located(folder, MANIFEST)
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ResultsError(_NOTHING.format(folder=folder)) from None
    except (OSError, ValueError, RecursionError) as error:
        raise ResultsError(_UNREADABLE.format(path=path, error=error)) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise ResultsError(_FORMAT.format(path=path, found=found, known=FORMAT))
    return manifest


def read_tables(folder: Path, manifest: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The measure tables by name, and `worlds` where there are any. Raises ResultsError when one is missing or is not
    what was written."""
    frames = {}
    for name in (*TABLES, *(["worlds"] if WORLDS in manifest.get("files", {}) else [])):
        path = located(folder, f"{name}.parquet")
        try:
            if file_sha256(path) != manifest.get("files", {}).get(path.name):
                raise ResultsError(_DAMAGED.format(path=path))
            frames[name] = read_parquet(path)
        except OSError as error:
            raise ResultsError(_UNREADABLE.format(path=path, error=error)) from error
    return frames


_NOTHING: Final = Text(
    "{folder}: här finns inga resultat (ingen manifest.json); `compare` gör dem",
    "{folder}: no results here (no manifest.json); `compare` makes them",
)
_UNREADABLE: Final = Text("{path}: kan inte läsas: {error}", "{path}: cannot be read: {error}")
_FORMAT: Final = Text(
    "{path}: gjord i format {found}, den här versionen läser format {known}; kör studien igen",
    "{path}: made in format {found}, this version reads format {known}; run the study again",
)
_DAMAGED: Final = Text(
    "{path}: skadad (kontrollsumman är inte manifestets); kör studien igen",
    "{path}: damaged (its checksum is not that of the manifest); run the study again",
)
