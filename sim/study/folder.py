"""The folder of a study: whose it is, one writer at a time, and new files in place of old ones whole or not at all.

Only files that the folder's own manifest lists are ever replaced or removed. New ones are written in a folder of their
own inside it, and that folder is renamed to `.moving` when it is complete: from then on it is the study, wherever a
crash may stop the moving of its files to their places. Readers look there first, the next writer finishes the moving.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final

from sim.errors import ResultsError
from sim.text import Text

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

MANIFEST: Final = "manifest.json"
PAGE: Final = "report.html"
FIGURES: Final = "figures"  # a folder
WRITING: Final = ".writing-"
PARTS: Final = ".visits-"
UNITS: Final = ".units"
_MOVING: Final = ".moving"
_LOCK: Final = ".lock"
_DRAWN_BEFORE: Final = (PAGE, f"{FIGURES}/*.svg", f"{FIGURES}/*.png")  # not listed by 0.1.0


@contextlib.contextmanager
def writing(folder: Path, names: Iterable[str] = ()) -> Iterator[Path]:
    """A folder for unfinished files inside `folder`, where no other run writes meanwhile; gone at the end. `names` of
    files that are going to be published.

    Raises ResultsError, with nothing touched, when `folder` holds files that no study made, when one of `names` is such
    a file, or when another run is writing there; OSError when it cannot be written.
    """
    _must_be_ours(folder)
    new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        if new:
            stack.callback(_remove_if_empty, folder)
        alone = stack.enter_context(_locked(folder))
        settle(folder)
        if alone:
            _sweep(folder)
        _must_be_free(folder, names)
        yield stack.enter_context(part_of(folder, WRITING))


@contextlib.contextmanager
def part_of(folder: Path, prefix: str) -> Iterator[Path]:
    """A new folder in `folder`, removed at the end; if the process dies first, by the next that writes there."""
    path = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def publish(stage: Path, folder: Path) -> list[Path]:
    """Make all that is in `stage`, a manifest among it, the study of `folder`, and return the new paths. Files that the
    folder's manifest lists and the new one does not are removed.

    Raises ResultsError, with nothing touched, when a file would take the place of one that no study made; OSError.
    """
    names = _files_in(stage)
    _must_be_free(folder, names)
    os.replace(stage, folder / _MOVING)
    settle(folder)
    return [folder / name for name in sorted(names, key=lambda name: (name == MANIFEST, name))]


def settle(folder: Path) -> None:
    """Finish the moving of files that a crash has stopped. Raises OSError."""
    moving = folder / _MOVING
    if not moving.is_dir():
        return
    new = _read(moving / MANIFEST)
    if new is not None:  # the last to be moved: without it all is in place
        for name in _files_in(moving) - {MANIFEST}:
            (folder / name).parent.mkdir(exist_ok=True)
            os.replace(moving / name, folder / name)
        for name in listed(folder, _read(folder / MANIFEST)) - listed(folder, new):
            (folder / name).unlink(missing_ok=True)
            if "/" in name:
                _remove_if_empty((folder / name).parent)
        os.replace(moving / MANIFEST, folder / MANIFEST)
    shutil.rmtree(moving)


def located(folder: Path, name: str) -> Path:
    """Where a file of the folder's study is to be read."""
    moving = folder / _MOVING
    return moving / name if (moving / MANIFEST).exists() and (moving / name).exists() else folder / name


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """What this program has written about the study in `folder`; None when that is not there."""
    return _read(located(folder, MANIFEST))


def listed(folder: Path, manifest: dict[str, Any] | None) -> set[str]:
    """Names of the files in `folder` that its manifest says were made with it."""
    if manifest is None:
        return set()
    files = manifest.get("files")
    names = {MANIFEST, *(files if isinstance(files, dict) else ())}
    if "keys" not in manifest:
        found = [path for pattern in _DRAWN_BEFORE for path in folder.glob(pattern)]
        names |= {path.relative_to(folder).as_posix() for path in found}
    return {name for name in names if _is_inside(name)}


# --- whose files they are -------------------------------------------------------------------------


def _must_be_ours(folder: Path) -> None:
    if not folder.is_dir() or all(_is_leftover(path.name) for path in folder.iterdir()):
        return
    if manifest_of(folder) is None:
        raise ResultsError(_NOT_OURS.format(folder=folder))


def _must_be_free(folder: Path, names: Iterable[str]) -> None:
    """No file of the user's may stand where one of `names` is going to."""
    own = listed(folder, manifest_of(folder))
    for name in sorted(names):
        path = folder / name
        blocked = path.parent != folder and path.parent.exists() and not path.parent.is_dir()
        if blocked or (name not in own and (path.exists() or path.is_symlink())):
            raise ResultsError(_IN_THE_WAY.format(path=path.parent if blocked else path))


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and {"format", "hembesok"} <= found.keys() else None


def _is_leftover(name: str) -> bool:
    return name in (_LOCK, _MOVING, UNITS) or name.startswith((WRITING, PARTS))


def _is_inside(name: str) -> bool:
    """Whether a name in a manifest is that of a file in the folder, or one folder further in."""
    path = PurePosixPath(name)
    return not path.is_absolute() and 1 <= len(path.parts) <= 2 and ".." not in path.parts and "\\" not in name


def _files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


def _sweep(folder: Path) -> None:
    """Remove what runs that died have left."""
    for path in [*folder.glob(WRITING + "*"), *folder.glob(PARTS + "*")]:
        shutil.rmtree(path, ignore_errors=True)


def _remove_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


# --- one writer at a time -------------------------------------------------------------------------


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Hold the folder for this process until the end of the block; the system lets go when the process dies. False on a
    file system without locks. Raises ResultsError when another process holds it."""
    path = folder / _LOCK
    handle = _take(path, folder)
    try:
        yield handle is not None
    finally:
        if handle is not None:
            _let_go(path, handle)


def _take(path: Path, folder: Path) -> int | None:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(handle)
        except (BlockingIOError, PermissionError):
            os.close(handle)
            raise ResultsError(_BUSY.format(folder=folder)) from None
        except OSError:
            os.close(handle)
            path.unlink(missing_ok=True)
            return None
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.stat(path), os.fstat(handle)):
                return handle
        os.close(handle)  # the one who held it before has removed this file since it was opened


if sys.platform == "win32":

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _let_go(path: Path, handle: int) -> None:
        os.close(handle)
        with contextlib.suppress(OSError):  # the next one may have it already
            path.unlink()
else:

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _let_go(path: Path, handle: int) -> None:
        path.unlink(missing_ok=True)
        os.close(handle)


_NOT_OURS: Final = Text(
    "{folder}: mappen är inte tom och ingen studie här har gjort den (manifest.json saknas eller är någon annans); "
    "inget är rört. Ange en ny eller tom mapp",
    "{folder}: the folder is not empty and no study has made it (manifest.json is missing or of something else); "
    "nothing was touched. Name a new or an empty folder",
)
_IN_THE_WAY: Final = Text(
    "{path}: den filen är inte gjord av studien i mappen och ersätts inte; flytta den, eller ange en annan mapp",
    "{path}: this file was not made by the study in the folder and is not replaced; move it, or name another folder",
)
_BUSY: Final = Text(
    "{folder}: en annan körning skriver i mappen just nu; vänta tills den är klar, eller ange en annan mapp",
    "{folder}: another run is writing in this folder; wait until it is done, or name another folder",
)
