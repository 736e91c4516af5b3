"""Batches that are stopped for real, by the command line: killed, told to stop, without room or leave to write."""

from __future__ import annotations

import contextlib
import json
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

from sim.study.record import decode

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
    _, said = process.communicate(timeout=600)
    return process.returncode, said


def units(folder: Path) -> int:
    return len(list((folder / ".units").glob("[!.]*.unit")))


Ran = dict[
    tuple[str, str, int], tuple[int, float]
]  # scenario, model, replication: by which worker, in how many seconds


def held(folder: Path) -> Ran:
    """What the folder's records and finished scenarios hold, with what says who has run it."""
    found: Ran = {}
    for path in (folder / ".units").glob("[!.]*.unit"):
        record = decode(path.read_bytes())
        found |= {
            (record.scenario, entry.model, record.replication): (record.worker, entry.seconds)
            for entry in record.entries
        }
    for path in folder.glob("*/manifest.json"):
        tasks = json.loads(path.read_text("utf-8"))["tasks"]
        found |= {(t["scenario"], t["model"], t["replication"]): (t["worker"], t["seconds"]) for t in tasks}
    return found


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


def wait_for_nobody(group: int) -> None:
    """Until no process of a group is alive."""
    pause = threading.Event()
    for _ in range(600):
        if not members(group):
            return
        pause.wait(0.1)
    raise AssertionError("a worker is left")


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "wanted"), [("compiled", 14), ("simpy", 6)])
def test_a_batch_killed_again_and_again_is_the_same_to_the_last_byte(
    here: Path, root: Path, whole: dict[str, bytes], engine: str, wanted: int
) -> None:
    """Twenty kills in all: at once, among the units, while tables are written. One that comes too late is tried again,
    in a new folder. What lay on the disk before a run is there after it, by whom it was run first."""
    chance, pause, kills, folder = random.Random(engine), threading.Event(), 0, 0
    while True:
        out = here / f"out{folder}"
        before, is_last = held(out), kills == wanted
        process = start(here, root, "--out", out.name, "--engine", engine)
        if not is_last:
            until(process, out, units(out) + chance.randrange(6))
            pause.wait(chance.random() * 0.1)
            process.kill()
        status, said = finish(process)
        wait_for_nobody(process.pid)
        assert status == 0 or (status == -signal.SIGKILL and not is_last), said
        after = held(out)
        assert {task: after.get(task) for task in before} == before, "what was finished has been run again"
        kills += status != 0
        if status == 0:
            assert tables(out) == whole
            folder += 1
        if is_last:
            break


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_batch_that_is_told_to_stop_keeps_what_is_finished_and_says_how_to_go_on(
    here: Path, root: Path, whole: dict[str, bytes], name: str
) -> None:
    process = start(here, root, "--out", "out", "--replications", "5000")  # not done before it hears of it
    until(process, here / "out", 5)
    process.send_signal(getattr(signal, name))
    status, said = finish(process)
    before = held(here / "out")
    assert status == 130 and "the same command goes on from there" in said and "Traceback" not in said
    assert len(before) >= 5
    status, said = finish(start(here, root, "--out", "out"))
    after = held(here / "out")
    assert status == 0 and tables(here / "out") == whole
    asked = before.keys() & after.keys()
    assert asked and {task: before[task] for task in asked} == {task: after[task] for task in asked}


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A disk of its own of half a MB on `folder`."""
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
