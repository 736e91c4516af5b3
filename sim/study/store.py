"""A study's tables and manifest as files; `folder.py` puts them in place."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sim.comparison import write_csv, write_excel_csv
from sim.errors import ResultsError
from sim.study.excel import for_readers
from sim.study.folder import FIGURES, MANIFEST, PAGE, listed, located
from sim.study.parquet import read_parquet, write_parquet
from sim.study.stages.hashing import file_sha256
from sim.study.tables import read_measures
from sim.text import Text

if TYPE_CHECKING:
    from sim.study.results import Results

FORMAT: Final = 2  # 1 had no keys of tasks, and curves and hours of every replication
TABLES: Final = ("measures", "curves", "hours")
VISITS: Final = "visits.parquet"
WORLDS: Final = "worlds.parquet"  # where plausible worlds were run
AT_BEST: Final = "at_best.parquet"  # where models at their best were run
INFORMATION: Final = "information.csv"  # and there were enough of them
COMPARISONS: Final = ("comparison.csv", "comparison_excel.csv")
EXCEL: Final = "excel"  # in a manifest: the language of the second
NAMES: Final = (*(f"{table}.parquet" for table in TABLES), *COMPARISONS, MANIFEST)  # what every study has


def write_tables(results: Results, stage: Path, lang: str) -> None:
    """All tables but the measures, which are written chunk by chunk; Excel's in `lang`. Raises OSError."""
    write_parquet(results.curves, stage / "curves.parquet")
    write_parquet(results.hours, stage / "hours.parquet")
    write_csv(results.comparison, stage / COMPARISONS[0])
    write_excel(results, stage, lang)


def write_excel(results: Results, stage: Path, lang: str) -> None:
    """The comparison for Excel, in `lang`. Raises OSError."""
    write_excel_csv(for_readers(results, lang), stage / COMPARISONS[1], lang)


def write_manifest(stage: Path, manifest: Mapping[str, Any], others: Mapping[str, str]) -> None:
    """The manifest, with the checksums of every file in `stage` and of `others` that stay as they are. Raises OSError.

    Everything is on the disk before this returns, so that no plug that is pulled leaves a file cut short.
    """
    paths = sorted(path for path in stage.rglob("*") if path.is_file())
    files = dict(others) | {path.relative_to(stage).as_posix(): file_sha256(path) for path in paths}
    text = as_text(dict(manifest) | {"files": files})
    (stage / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    for path in (*paths, stage / MANIFEST):
        with path.open("rb+") as stream:
            os.fsync(stream.fileno())


def as_text(manifest: Mapping[str, Any]) -> str:
    """As JSON, lists of records with one a line."""
    parts = []
    for key, value in manifest.items():
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            lines = ",\n    ".join(json.dumps(item, ensure_ascii=False, default=str) for item in value)
            text = f"[\n    {lines}\n  ]"
        else:
            text = json.dumps(value, ensure_ascii=False, indent=2, default=str).replace("\n", "\n  ")
        parts.append(f"  {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def table_files(folder: Path, manifest: Mapping[str, Any]) -> dict[str, str]:
    """The files of a stored study, with their checksums, that no drawing changes."""
    kept = listed(folder, dict(manifest)) & {*NAMES, VISITS, WORLDS, INFORMATION, AT_BEST}
    return {name: sha for name, sha in manifest.get("files", {}).items() if name in kept}


def is_drawn(folder: Path, manifest: Mapping[str, Any], lang: str, *, png: bool) -> bool:
    """Whether the figures and the page that the manifest lists are there as they were written, and as asked now."""
    drawn = [name for name in manifest.get("files", ()) if name == PAGE or name.startswith(f"{FIGURES}/")]
    same = manifest.get("drawn") == {"lang": lang, "png": png}
    return same and bool(drawn) and all(is_as_written(folder, name, manifest) for name in drawn)


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
        found, command = (manifest.get(key) if isinstance(manifest, dict) else None for key in ("format", "command"))
        raise ResultsError(_FORMAT.format(path=path, found=found, known=FORMAT, command=command or "hembesok compare"))
    return manifest


def read_tables(folder: Path, manifest: Mapping[str, Any], where: str = "") -> dict[str, pd.DataFrame]:
    """The measure tables, and `worlds` and `at_best` where there are any; of the measures only rows for which `where`
    holds. Raises ResultsError when one is missing or is not what was written."""
    frames = {}
    further = [Path(name).stem for name in (WORLDS, AT_BEST) if name in manifest.get("files", {})]
    for name in (*TABLES, *further):
        path = located(folder, f"{name}.parquet")
        try:
            if file_sha256(path) != manifest.get("files", {}).get(path.name):
                raise ResultsError(_DAMAGED.format(path=path))
            frames[name] = read_measures(path, where) if name == "measures" else read_parquet(path)
        except OSError as error:
            raise ResultsError(_UNREADABLE.format(path=path, error=error)) from error
    return frames


def is_as_written(folder: Path, name: str, manifest: Mapping[str, Any]) -> bool:
    """Whether a file is there with the checksum that the manifest says."""
    try:
        return bool(file_sha256(located(folder, name)) == manifest["files"][name])
    except (OSError, KeyError, TypeError):
        return False


_NOTHING: Final = Text(
    "{folder}: här finns inga resultat (ingen manifest.json); `compare` gör dem",
    "{folder}: no results here (no manifest.json); `compare` makes them",
)
_UNREADABLE: Final = Text("{path}: kan inte läsas: {error}", "{path}: cannot be read: {error}")
_FORMAT: Final = Text(
    "{path}: gjord i format {found}, den här versionen läser format {known}; kör studien igen: {command}",
    "{path}: made in format {found}, this version reads format {known}; run the study again: {command}",
)
_DAMAGED: Final = Text(
    "{path}: skadad (kontrollsumman är inte manifestets); kör studien igen",
    "{path}: damaged (its checksum is not that of the manifest); run the study again",
)
