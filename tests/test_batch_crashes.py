"""Batches that are stopped for real, by the command line: killed, told to stop, without room or leave to write."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("processes are stopped in the POSIX way", allow_module_level=True)

import resource

SMALL = """
calendar: {{weeks: 2, warm_up_weeks: 0}}
staffing: {{hours_per_week: 1008}}
demand: {{scale: {scale}}}
study: {{replications: {replications}, reference: status_quo}}
"""
COMMAND = """
import sys
from cli import Settings, make_group
import sim.study.standing
sim.study.standing.balances_of = lambda stages, jobs, shelf=None: {}  # the longest of all, and another test's matter
make_group(Settings("study_models"))(sys.argv[1:])
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return written(tmp_path)


def written(folder: Path) -> Path:
    """Two scenarios in a folder."""
    for name, scale in (("a", 0.3), ("b", 0.2)):
        (folder / f"{name}.yaml").write_text(SMALL.format(scale=scale, replications=12), "utf-8")
    return folder


def start(here: Path, root: Path, *options: str, **more: Any) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}", "HEMBESOK_LANG": "en"}
    command = [sys.executable, "-c", COMMAND, "batch", "a.yaml", "b.yaml", "--no-pages", "--jobs", "2", *options]
    return subprocess.Popen(
        command, cwd=here, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, **more,
    )  # fmt: skip


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, said = process.communicate(timeout=120)
    return process.returncode, said


def units(folder: Path) -> int:
    return len(list((folder / ".units").glob("*.unit")))


def until(process: subprocess.Popen[str], folder: Path, count: int) -> None:
    """Wait until there are so many records, or the process has ended."""
    pause = threading.Event()
    while process.poll() is None and units(folder) < count:
        pause.wait(0.002)


def tables(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


@pytest.fixture(scope="module")
def whole(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of the batch run in one go."""
    folder = written(tmp_path_factory.mktemp("whole"))
    status, said = finish(start(folder, root, "--out", "whole"))
    assert status == 0, said
    return tables(folder / "whole")


def members(group: int) -> list[int]:
    """Processes of a group that are alive."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = entry.read_text().rpartition(")")[2].split()
            found += [int(entry.parent.name)] if int(fields[2]) == group and fields[0] != "Z" else []
    return found


@pytest.mark.slow
def test_a_batch_killed_again_and_again_is_the_same_to_the_last_byte(
    here: Path, root: Path, whole: dict[str, bytes]
) -> None:
    chance, out, pause = random.Random(11), here / "out", threading.Event()
    for engine, more in (("compiled", 6), ("compiled", 5), ("simpy", 4), ("compiled", 0)):
        before = units(out)
        process = start(here, root, "--out", "out", "--engine", engine)
        until(process, out, before + more if more else 10_000)
        if more:
            pause.wait(chance.random() * 0.03)
            process.kill()
        status, said = finish(process)
        assert status == (-signal.SIGKILL if more else 0), said
        for _ in range(100):
            if not members(process.pid):
                break
            pause.wait(0.1)
        assert members(process.pid) == []
    assert tables(out) == whole


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_batch_that_is_told_to_stop_keeps_what_is_finished_and_says_how_to_go_on(
    here: Path, root: Path, whole: dict[str, bytes], name: str
) -> None:
    process = start(here, root, "--out", "out")
    until(process, here / "out", 5)
    process.send_signal(getattr(signal, name))
    status, said = finish(process)
    kept = units(here / "out")
    assert status == 130 and "the same command goes on from there" in said and "Traceback" not in said
    assert kept >= 5
    status, said = finish(start(here, root, "--out", "out"))
    assert status == 0 and tables(here / "out") == whole


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A disk of its own of one MB on `folder`."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no disk of its own may be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
def test_a_full_disk_is_told_and_what_was_finished_is_kept(here: Path, root: Path, whole: dict[str, bytes]) -> None:
    with small_disk(here / "disk"):
        (here / "disk" / "mine.txt").write_text("mine", "utf-8")
        status, said = finish(start(here, root, "--out", "disk/out"))
        assert status == 1 and "disk is full" in said and "Traceback" not in said, said
        assert (here / "disk" / "mine.txt").read_text("utf-8") == "mine"
        kept = units(here / "disk" / "out")
        assert kept > 0
        subprocess.run(["mount", "-o", "remount,size=64m", str(here / "disk")], check=True)
        status, said = finish(start(here, root, "--out", "disk/out"))
        assert status == 0 and tables(here / "disk" / "out") == whole


@pytest.mark.slow
def test_a_file_that_may_not_grow_is_told_and_the_batch_goes_on(
    here: Path, root: Path, whole: dict[str, bytes]
) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    status, said = finish(start(here, root, "--out", "out", preexec_fn=limit))
    assert status == 1 and "may not become that large" in said, said
    assert not list((here / "out").rglob(".tmp-*"))
    status, said = finish(start(here, root, "--out", "out"))
    assert status == 0 and tables(here / "out") == whole


def test_what_cannot_be_written_or_is_not_ours_is_told(here: Path, root: Path) -> None:
    (here / "file").write_text("mine", "utf-8")
    status, said = finish(start(here, root, "--out", "file/out"))
    assert status == 1 and "Traceback" not in said and said.count("error") == 1, said
    (here / "own").mkdir()
    (here / "own" / "thesis.docx").write_text("mine", "utf-8")
    status, said = finish(start(here, root, "--out", "own"))
    assert status == 4 and "the folder is not empty" in said
    assert [path.name for path in (here / "own").iterdir()] == ["thesis.docx"]


@pytest.mark.slow
def test_two_batches_in_one_folder_exclude_each_other(here: Path, root: Path) -> None:
    for name in ("a", "b"):
        text = (here / f"{name}.yaml").read_text("utf-8").replace("replications: 12", "replications: 3000")
        (here / f"{name}.yaml").write_text(text, "utf-8")
    first = start(here, root, "--out", "out")
    until(first, here / "out", 2)
    status, said = finish(start(here, root, "--out", "out"))
    assert status == 4 and "another run is writing in this folder" in said
    first.send_signal(signal.SIGTERM)
    assert finish(first)[0] == 130
