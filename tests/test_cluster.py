"""The same batch on Dask: identical bytes, also when workers and the scheduler are killed. With real processes that
talk over loopback."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import study_models
from click.testing import CliRunner

from cli import Settings, make_group
from sim.batch import cluster
from sim.batch.batch import Options, Outcome, run_batch
from sim.batch.cases import collect
from sim.batch.cluster import NotTrusted, Tls, open_cluster, what_computes
from sim.errors import ResultsError
from sim.scenario import Scenario
from sim.study.run import ExecutorLost
from sim.study.study import Told

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes are killed in the POSIX way")
SMALL = """
calendar: {weeks: 4, warm_up_weeks: 0}
staffing: {hours_per_week: 1008}
demand: {scale: 0.3}
study: {replications: 40, reference: status_quo}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.study.standing.balances_of", lambda stages, jobs, shelf=None: {})
    monkeypatch.setattr("sim.study.running._IN_HAND", 4)  # most is still to be done whenever something is killed
    (tmp_path / "small.yaml").write_text(SMALL, "utf-8")
    return tmp_path


def run(out: str, on_result: Any = lambda result: None, **options: Any) -> Outcome:
    cases = collect([Path("small.yaml")], study_models.declared(), [], Scenario())
    return run_batch(cases, Path(out), Options(pages=False, lang="en", **options), Told(result=on_result))


def tables(folder: Path) -> dict[str, bytes]:
    names = ("measures.parquet", "curves.parquet", "hours.parquet", "comparison.csv")
    return {name: (folder / "small" / name).read_bytes() for name in names}


class Machines:
    """A scheduler and workers, each a process of its own, that say what they do in files of `folder`. `options`: of
    Dask's commands, for all of them."""

    def __init__(self, root: Path, folder: Path, workers: int, options: tuple[str, ...] = ()) -> None:
        folder.mkdir()
        self._folder, self._options, self._started = folder, options, 0
        # a task may see its worker die more often here than anywhere: every kill can hit the same
        patient = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1000"}
        self._environment = os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}"} | patient
        self._file = folder / "scheduler.json"
        protocol = ("--protocol", "tls") if options else ()
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(self._file), *protocol)
        self.address = self._address()
        self.workers = [self.add() for _ in range(workers)]

    def _address(self) -> str:
        """Where the scheduler listens: the port is free, whoever else takes ports meanwhile."""
        pause = threading.Event()
        while self.scheduler.poll() is None:
            with contextlib.suppress(OSError, ValueError, KeyError):
                return str(json.loads(self._file.read_text("utf-8"))["address"])
            pause.wait(0.05)
        raise AssertionError(self.said())

    def said(self) -> str:
        return "\n".join(path.read_text("utf-8", "replace") for path in sorted(self._folder.glob("*.log")))

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *arguments, "--host", "127.0.0.1", "--no-dashboard", *self._options]
        self._started += 1
        with (self._folder / f"{self._started}.log").open("wb") as log:
            return subprocess.Popen(command, env=self._environment, stdout=log, stderr=log, start_new_session=True)

    def add(self) -> subprocess.Popen[bytes]:
        return self._start("worker", self.address, "--no-nanny", "--nthreads", "1")

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@contextlib.contextmanager
def machines(root: Path, folder: Path, workers: int = 2, options: tuple[str, ...] = ()) -> Iterator[Machines]:
    pytest.importorskip("distributed")
    started = Machines(root, folder, workers, options)
    try:
        yield started
    finally:
        started.end()


@pytest.mark.slow
def test_workers_killed_at_random_lose_nothing_and_show_in_no_byte(here: Path, root: Path) -> None:
    run("alone", jobs=1)
    chance, kills = random.Random(3), 10
    with machines(root, here / "machines") as started, open_cluster(started.address, 2) as executor:
        moments = sorted(chance.sample(range(1, 38), kills))

        def kill(result: Any) -> None:
            ended.append(result.replication)
            if moments and len(ended) >= moments[0]:
                moments.pop(0)
                threading.Event().wait(chance.random() * 0.05)
                number = chance.randrange(len(started.workers))
                started.workers[number].kill()
                started.workers[number].wait()
                started.workers[number] = started.add()

        ended: list[int] = []
        outcome = run("cluster", kill, executor=executor)
    assert outcome.status == "complete" and not moments and sorted(ended) == list(range(1, 41))
    assert tables(here / "cluster") == tables(here / "alone")


@pytest.mark.slow
def test_a_killed_scheduler_is_told_and_the_batch_goes_on_elsewhere(
    here: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[int] = []
    with machines(root, here / "machines") as started:

        def kill(result: Any) -> None:
            ended.append(result.replication)
            if len(ended) == 5:
                started.scheduler.kill()
                started.scheduler.wait()

        begun = time.monotonic()
        with (
            pytest.raises(ExecutorLost, match="goes on"),
            open_cluster(started.address, 2) as executor,
        ):
            run("out", kill, executor=executor)
        assert time.monotonic() - begun < 300 and 5 <= len(ended) < 10
    again: list[int] = []
    outcome = run("out", lambda result: again.append(result.replication), jobs=1)
    assert outcome.status == "complete" and not set(again) & set(ended) and len(again) + len(ended) == 40
    run("alone", jobs=1)
    assert tables(here / "out") == tables(here / "alone")


@pytest.mark.slow
def test_threads_processes_simpy_and_dask_give_the_same(here: Path) -> None:
    pytest.importorskip("distributed")
    text = SMALL.replace("40", "4").replace("weeks: 4", "weeks: 1")
    (here / "small.yaml").write_text(text, "utf-8")
    run("threads", jobs=2)
    run("simpy", jobs=2, engine="simpy")
    with open_cluster("local", 2) as executor:
        run("dask", executor=executor)
    from sim.study.executors import WorkerPool

    with WorkerPool(2) as pool:
        run("processes", executor=pool)
    found = [tables(here / name) for name in ("threads", "simpy", "dask", "processes")]
    assert found[0] == found[1] == found[2] == found[3]


# --- certificates ---------------------------------------------------------------------------------


def certificates(folder: Path) -> Files:
    """An authority with a certificate for whoever is on loopback, and another authority with one of its own."""
    if (program := shutil.which("openssl")) is None:
        pytest.skip("certificates are made with openssl")

    def openssl(*arguments: str) -> None:
        subprocess.run([program, *arguments], cwd=folder, check=True, capture_output=True)

    for name in ("ours", "theirs"):
        openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
            "-keyout", f"{name}-ca.key", "-out", f"{name}-ca.pem",
        )  # fmt: skip
        openssl(
            "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", f"{name}.key",
            "-out", f"{name}.csr",
        )  # fmt: skip
        openssl(
            "x509", "-req", "-in", f"{name}.csr", "-CA", f"{name}-ca.pem", "-CAkey", f"{name}-ca.key",
            "-CAcreateserial", "-days", "2", "-out", f"{name}.pem",
        )  # fmt: skip
    return {
        name: Tls(folder / f"{name}-ca.pem", folder / f"{name}.pem", folder / f"{name}.key")
        for name in ("ours", "theirs")
    }


Files = dict[str, Tls]


@pytest.mark.slow
def test_over_tls_the_same_and_strangers_are_not_let_in(
    here: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "small.yaml").write_text(SMALL.replace("40", "4"), "utf-8")
    run("alone", jobs=1)
    files = certificates(here)
    ours = files["ours"]
    options = ("--tls-ca-file", str(ours.ca), "--tls-cert", str(ours.cert), "--tls-key", str(ours.key))
    with machines(root, here / "machines", options=options) as started:
        assert started.address.startswith("tls://")
        with open_cluster(started.address, 2, ours) as executor:
            assert run("cluster", executor=executor).status == "complete"
        monkeypatch.setattr(cluster, "_SECONDS", 3)
        theirs = files["theirs"]
        for wrong, message in (
            (theirs, "not from the authority"),
            (Tls(ours.ca, theirs.cert, ours.key), "cannot be used together: .*mismatch"),
            (Tls(ours.ca, here / "nowhere.pem", ours.key), "nowhere.pem.*No such file"),
            (None, "needs --tls"),
        ):
            with pytest.raises(NotTrusted, match=message), open_cluster(started.address, 2, wrong):
                raise AssertionError("let in")
        stranger = Tls(ours.ca, theirs.cert, theirs.key)
        with (
            pytest.raises(ExecutorLost, match="or it does not accept the certificate"),
            open_cluster(started.address, 2, stranger),
        ):
            raise AssertionError("let in")
        command = [
            "batch",
            "small.yaml",
            "--cluster",
            started.address,
            "--tls",
            str(theirs.ca),
            str(theirs.cert),
            str(theirs.key),
            "--lang",
            "en",
        ]
        told = CliRunner().invoke(make_group(Settings("study_models")), command)
        assert told.exit_code == 2 and "not from the authority" in told.stderr
    assert tables(here / "cluster") == tables(here / "alone")


def test_a_worker_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Client:
        def wait_for_workers(self, *_: Any, **__: Any) -> None: ...

        def run(self, function: Any, **_: Any) -> dict[str, Any]:
            return {"tcp://a:1": function(), "tcp://b:2": function() | {"program": "older", "numpy": "1.0"}}

    with pytest.raises(ResultsError, match=r"tcp://b:2 computes with something else than here: program older \("):
        cluster._check(Client(), "tcp://a:0")
    assert {"hembesok", "program", "python", "numpy", "numba"} <= set(what_computes())


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ResultsError, match=r"hembesok\[cluster\]"), open_cluster("local", 1):
        raise AssertionError("let in")


def test_a_scheduler_without_workers_is_told() -> None:
    class Client:
        def wait_for_workers(self, *_: Any, **__: Any) -> None:
            raise TimeoutError

    with pytest.raises(ExecutorLost, match=r"tcp://a:0: the scheduler has no workers after"):
        cluster._check(Client(), "tcp://a:0")


def test_a_scheduler_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "_SECONDS", 1)
    with pytest.raises(ExecutorLost, match="no scheduler answers"), open_cluster("tcp://127.0.0.1:9", 1):
        raise AssertionError("let in")
