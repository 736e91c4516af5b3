"""What is written of places on this computer: never a whole path, nor the name of whoever works here."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Final

_TOP: Final = Path(__file__).resolve().parents[2]


def shown_path(path: Path) -> str:
    """A path from the working folder, if it is in there; else the name alone."""
    try:
        return path.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except (ValueError, OSError):
        return path.name


def found_again(shown: str, folder: Path) -> Path:
    """The file that `shown_path` has written down in a study's folder: from the working folder, or from any above the
    study's; as it is written where it is in none."""
    above = (Path(), *folder.resolve().parents)
    return next((place / shown for place in above if (place / shown).is_file()), Path(shown))


def command_line() -> str:
    """The command of this process, with paths as they are shown."""
    if not sys.argv:
        return ""
    return shlex.join([Path(sys.argv[0]).name, *(_argument(word) for word in sys.argv[1:])])


def _argument(word: str) -> str:
    name, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
    parts = [shown_path(Path(part)) if Path(part).is_absolute() else part for part in value.split(",")]
    return name + equals + ",".join(parts)


def without_places(text: str) -> str:
    """A traceback or a message without the folders that the program, the working folder and the user's own lie in."""
    folders = {str(_TOP): "", str(Path.cwd()): "", sys.prefix: "", sys.base_prefix: "", str(Path.home()): "~"}
    for folder in sorted(folders, key=len, reverse=True):
        if len(folder) > 1:
            text = text.replace(folder + "/", folders[folder] and "~/").replace(folder + "\\", folders[folder] and "~/")
    return text
