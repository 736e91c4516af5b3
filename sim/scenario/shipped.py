"""The scenarios that come with the program: in the source tree, or among the data of an installed copy."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

DEFAULT: Final = "halland"
AT_BEST: Final = "each_at_its_best"
SUFFIXES: Final = (".yaml", ".yml")
_SIM: Final = Path(__file__).resolve().parent.parent


def shipped_folder() -> Path:
    """Where they lie; the folder need not be there in a copy without them."""
    installed = _SIM / "data" / "scenarios"
    return installed if installed.is_dir() else _SIM.parent / "scenarios"


def shipped_file(name: str) -> Path | None:
    """The file of that name among them, with or without its ending; None if there is none, or for a path."""
    if not name or Path(name).name != name:
        return None
    return next((path for path in spellings(shipped_folder() / name) if os.path.isfile(path)), None)


def spellings(path: Path) -> list[Path]:
    """The path as it is written, and with the ending that was left out."""
    return [path] if path.suffix in SUFFIXES else [path, *(path.with_name(path.name + end) for end in SUFFIXES)]
