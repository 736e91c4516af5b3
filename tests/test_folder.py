"""The folder of a study: nothing of the user's is touched, one writer at a time, and no crash loses a study."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sim.errors import ResultsError
from sim.study.folder import MANIFEST, located, manifest_of, publish, settle, writing
from sim.study.signals import as_interruptions, held_back
from sim.study.store import table_files, write_manifest

ONE = {"measures.parquet": "1", "visits.parquet": "1", "report.html": "1", "figures/a.svg": "1", "figures/b.svg": "1"}
TWO = {"measures.parquet": "2", "report.html": "2", "figures/b.svg": "2", "figures/c.svg": "2"}


def fill(stage: Path, files: dict[str, str]) -> None:
    """Files and a manifest that lists them."""
    for name, text in files.items():
        (stage / name).parent.mkdir(exist_ok=True)
        (stage / name).write_text(text, encoding="utf-8")
    write_manifest(stage, {"format": 1, "hembesok": "0", "keys": {}, "holds": files}, {})


def put(folder: Path, files: dict[str, str]) -> None:
    with writing(folder) as stage:
        fill(stage, files)
        publish(stage, folder)


def contents(folder: Path) -> dict[str, str]:
    """Every file, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def without_manifest(folder: Path) -> dict[str, str]:
    return {name: text for name, text in contents(folder).items() if name != MANIFEST}


# --- whose files they are -------------------------------------------------------------------------


@pytest.mark.parametrize("names", [
    ["thesis.docx"], ["report.html"], ["measures.parquet"], ["figures/own.svg"], ["manifest.json"], [".hidden"],
    ["figures/own.svg", "report.html", "measures.parquet", "comparison.csv"],
])  # fmt: skip
def test_a_folder_that_no_study_made_is_refused_and_not_touched(tmp_path: Path, names: list[str]) -> None:
    own = tmp_path / "own"
    for name in names:
        (own / name).parent.mkdir(parents=True, exist_ok=True)
        (own / name).write_text('{"name": "of another program"}', encoding="utf-8")
    before, times = contents(own), {path: path.stat().st_mtime_ns for path in [own, *own.rglob("*")]}
    with pytest.raises(ResultsError, match="own: the folder is not empty and no study has made it"), writing(own):
        raise AssertionError("let in")
    assert contents(own) == before and {path: path.stat().st_mtime_ns for path in times} == times


def test_a_new_and_an_empty_folder_are_taken_and_one_that_got_nothing_is_not_left(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("empty", "new/deep"):
        put(tmp_path / name, ONE)
        assert without_manifest(tmp_path / name) == ONE
    with pytest.raises(ZeroDivisionError), writing(tmp_path / "vain"):
        raise ZeroDivisionError
    assert not (tmp_path / "vain").exists()


def test_files_of_the_users_stay_and_those_of_the_old_study_go(tmp_path: Path) -> None:
    put(tmp_path, ONE)
    mine = {"notes.txt": "mine", "figures/mine.svg": "mine", "more/deep.txt": "mine"}
    for name, text in mine.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    put(tmp_path, TWO)
    assert without_manifest(tmp_path) == TWO | mine
    put(tmp_path, {"measures.parquet": "3"})
    assert without_manifest(tmp_path) == {"measures.parquet": "3"} | mine
    (tmp_path / "figures" / "mine.svg").unlink()
    put(tmp_path, ONE)
    put(tmp_path, {"measures.parquet": "4"})
    assert not (tmp_path / "figures").exists()


@pytest.mark.parametrize("name", ["report.html", "figures/c.svg", "figures"])
def test_a_file_of_the_users_is_never_replaced(tmp_path: Path, name: str) -> None:
    put(tmp_path, {"measures.parquet": "1"})
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine", encoding="utf-8")
    before = contents(tmp_path)
    with pytest.raises(ResultsError, match=f"{name}: this file was not made by the study"):
        put(tmp_path, TWO)
    assert contents(tmp_path) == before
    if name == "report.html":  # told before a run when its name is known
        with pytest.raises(ResultsError, match="was not made"), writing(tmp_path, ["report.html"]):
            raise AssertionError("let in")


def test_a_manifest_that_lists_files_elsewhere_removes_none(tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("mine", encoding="utf-8")
    folder = tmp_path / "study"
    put(folder, ONE)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"] |= {"../outside.txt": "", str(tmp_path / "outside.txt"): "", "a/b/c": "", "..\\outside.txt": ""}
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    put(folder, TWO)
    assert (tmp_path / "outside.txt").exists() and without_manifest(folder) == TWO


def test_what_the_first_version_drew_and_did_not_list_is_known(tmp_path: Path) -> None:
    put(tmp_path, ONE)
    manifest = json.loads((tmp_path / MANIFEST).read_text(encoding="utf-8"))
    del manifest["keys"]
    manifest["files"] = {name: sha for name, sha in manifest["files"].items() if name.endswith(".parquet")}
    (tmp_path / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    put(tmp_path, TWO)
    assert without_manifest(tmp_path) == TWO


def test_drawing_anew_replaces_the_drawings_and_leaves_the_tables(tmp_path: Path) -> None:
    put(tmp_path, ONE)
    manifest = manifest_of(tmp_path)
    assert manifest is not None
    with writing(tmp_path) as stage:
        (stage / "figures").mkdir()
        (stage / "figures" / "c.svg").write_text("2", encoding="utf-8")
        write_manifest(stage, manifest, table_files(tmp_path, manifest))
        publish(stage, tmp_path)
    assert without_manifest(tmp_path) == {"measures.parquet": "1", "visits.parquet": "1", "figures/c.svg": "2"}
    after = manifest_of(tmp_path)
    assert after is not None and set(after["files"]) == {"measures.parquet", "visits.parquet", "figures/c.svg"}


# --- crashes --------------------------------------------------------------------------------------

CRASH = """
import os, shutil, sys
from pathlib import Path
from sim.study import folder
stage, target, last = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
done = 0
def dying(function):
    def step(*arguments, **options):
        global done
        done += 1
        if done == last:
            os._exit(9)
        return function(*arguments, **options)
    return step
for name in ("replace", "unlink", "rmdir", "mkdir"):
    setattr(os, name, dying(getattr(os, name)))
shutil.rmtree = dying(shutil.rmtree)
folder.publish(stage, target)
"""


def test_a_crash_at_any_step_leaves_the_old_study_or_the_new(tmp_path: Path, root: Path) -> None:
    seen = set()
    for last in range(1, 60):
        target = tmp_path / str(last)
        put(target, ONE)
        (target / "notes.txt").write_text("mine", encoding="utf-8")
        stage = target / ".writing-x"
        stage.mkdir()
        fill(stage, TWO)
        command = [sys.executable, "-c", CRASH, str(stage), str(target), str(last)]
        died = subprocess.run(command, cwd=root, check=False).returncode
        manifest = manifest_of(target)
        assert manifest is not None
        files = manifest["holds"]
        assert files in (ONE, TWO)
        assert {name: located(target, name).read_text(encoding="utf-8") for name in files} == files
        seen.add(tuple(files))
        with writing(target):  # whoever writes there next finishes it, and clears away the rest
            assert without_manifest(target) == files | {"notes.txt": "mine", ".lock": ""}
        assert without_manifest(target) == files | {"notes.txt": "mine"}
        if died == 0:
            break
        assert died == 9
    else:
        raise AssertionError("never came to the end")
    assert seen == {tuple(ONE), tuple(TWO)} and last > 10


def test_what_is_moved_already_is_not_moved_again(tmp_path: Path) -> None:
    put(tmp_path, ONE)
    before = contents(tmp_path)
    (tmp_path / ".moving").mkdir()
    settle(tmp_path)
    settle(tmp_path)
    assert contents(tmp_path) == before


HOLD = """
import sys, time
from pathlib import Path
from sim.study.folder import PARTS, part_of, writing
with writing(Path(sys.argv[1])), part_of(Path(sys.argv[1]), PARTS):
    print("here", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def writer(tmp_path: Path, root: Path) -> subprocess.Popen[str]:
    """Another process that writes in `tmp_path / 'study'`."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "study")]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "here\n"
    return process


def test_two_runs_in_one_folder_exclude_each_other_and_a_killed_one_leaves_nothing(
    tmp_path: Path, writer: subprocess.Popen[str]
) -> None:
    folder = tmp_path / "study"
    try:
        with pytest.raises(ResultsError, match="study: another run is writing in this folder"), writing(folder):
            raise AssertionError("let in")
    finally:
        writer.kill()
        writer.communicate()
    names = {path.name[:9] for path in folder.iterdir()}
    assert names == {".writing-", ".visits-" + next(p.name[8] for p in folder.glob(".visits-*")), ".lock"}
    put(folder, ONE)
    assert without_manifest(folder) == ONE


def test_a_lock_is_let_go_and_its_file_removed(tmp_path: Path) -> None:
    for _ in range(3):
        with writing(tmp_path / "s"), pytest.raises(ResultsError, match="another run"), writing(tmp_path / "s"):
            raise AssertionError("let in")
    assert not (tmp_path / "s").exists()


# --- being told to stop ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_every_signal_to_stop_is_an_interruption(name: str) -> None:
    number = getattr(signal, name, None)
    if number is None:
        pytest.skip("not on this system")
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), as_interruptions():
        signal.raise_signal(number)
    assert signal.getsignal(number) is before


def test_what_the_caller_has_set_stays() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))
    try:
        with as_interruptions():
            signal.raise_signal(signal.SIGTERM)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)  # as nohup does with SIGHUP
            with as_interruptions():
                signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == [signal.SIGTERM]


def test_an_interruption_waits_for_the_end_of_what_must_be_whole() -> None:
    steps: list[str] = []
    with pytest.raises(KeyboardInterrupt), as_interruptions(), held_back():
        signal.raise_signal(signal.SIGTERM)
        steps.append("done")
    assert steps == ["done"]
    with pytest.raises(KeyboardInterrupt), held_back():  # somebody insists
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        steps.append("never")
    assert steps == ["done"] and signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_signals_are_left_alone_outside_the_main_thread() -> None:
    before, seen = signal.getsignal(signal.SIGTERM), []

    def elsewhere() -> None:
        with as_interruptions(), held_back():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == [before] and signal.getsignal(signal.SIGTERM) == before


COMPARE = """
import sys
from cli import Settings, make_group
make_group(Settings("study_models"))(sys.argv[1:])
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are sent in the POSIX way")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_command_that_is_told_to_stop_keeps_what_is_finished(tmp_path: Path, root: Path, name: str) -> None:
    (tmp_path / "small.yaml").write_text(
        "calendar: {weeks: 1, warm_up_weeks: 0}\nstaffing: {hours_per_week: 1008}\ndemand: {scale: 0.3}\n", "utf-8"
    )
    out = tmp_path / "out"
    arguments = ["compare", "small.yaml", "--replications", "20000", "--jobs", "2", "--visits", "--out", str(out)]
    environment = os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}"}
    process = subprocess.Popen(
        [sys.executable, "-c", COMPARE, *arguments], cwd=tmp_path, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    waiting = threading.Event()
    try:
        while process.poll() is None and len(list(out.glob(".visits-*/*.parquet"))) < 4:
            waiting.wait(0.05)
        if process.poll() is None:
            os.kill(process.pid, getattr(signal, name))
        _, said = process.communicate(timeout=600)
    finally:
        process.kill()
    assert process.returncode == 130 and "Traceback" not in said, said
    assert {path.name for path in out.iterdir()} == {
        "measures.parquet", "curves.parquet", "hours.parquet", "visits.parquet", "comparison.csv",
        "comparison_excel.csv", MANIFEST,
    }  # fmt: skip
    manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    done = sum(task["status"] == "done" for task in manifest["tasks"])
    assert manifest["status"] == "interrupted" and 2 <= done < 40_000
