"""Studies: the plan, workers, the same results whatever runs them, failures, interruption, and what is stored."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import study_models

import sim
from sim import ResultsError, Scenario, StudyResult, compare, load_study, run_study, simulate
from sim.codes import CLASSES
from sim.study import store
from sim.study.executors import SerialExecutor, WorkerPool, open_pool
from sim.study.folder import publish, writing
from sim.study.load import offered_load
from sim.study.names import is_safe_name, safe_name
from sim.study.parquet import read_parquet
from sim.study.plan import Task, Unit, make_units, plan
from sim.study.run import UnitResult, execute, failed_unit, run_unit
from sim.study.stages import Draw, Kept, Stages, kept, make_stages
from sim.study.standing import LONG_RUN
from sim.study.tables import read_measures

TABLES = ("measures.parquet", "curves.parquet", "hours.parquet")
SMALL = {"calendar.weeks": 1, "calendar.warm_up_weeks": 0, "staffing.hours_per_week": 1008, "demand.scale": 0.3}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return Scenario().with_changes(SMALL)


def run(scenario: Scenario, out: Path | None = None, **options: Any) -> StudyResult:
    return run_study({"small": scenario}, study_models.all(), out=out, **({"jobs": 1} | options))


# --- the plan -------------------------------------------------------------------------------------


def test_plan_is_ordered_by_scenario_model_replication() -> None:
    assert plan(["s", "t"], ["b", "a"], 2) == [
        Task("s", "b", 1), Task("s", "b", 2), Task("s", "a", 1), Task("s", "a", 2),
        Task("t", "b", 1), Task("t", "b", 2), Task("t", "a", 1), Task("t", "a", 2),
    ]  # fmt: skip


def test_a_unit_is_one_replication_of_one_scenario_for_all_models(scenario: Scenario) -> None:
    stages = make_stages(scenario, study_models.all())
    units = make_units(plan(["s", "t"], ["status_quo", "central"], 2), {"s": stages, "t": stages})
    assert [(u.scenario, u.replication) for u in units] == [("s", 1), ("t", 1), ("s", 2), ("t", 2)]
    assert {u.models for u in units} == {("status_quo", "central")}
    assert units[3].tasks == (Task("t", "status_quo", 2), Task("t", "central", 2))


def test_a_worker_gets_the_organisations_and_keys_it_was_promised(scenario: Scenario) -> None:
    stages = make_stages(scenario, study_models.all(), kept=Kept())
    stages.check()
    sent = pickle.dumps(stages)
    again = pickle.loads(sent)
    assert again.organisations == stages.organisations and again.keys == stages.keys
    assert again.scenario == scenario and again.engine == "compiled"
    assert again.kept is kept.of_process() and len(sent) < 50_000  # not what is kept here


@pytest.mark.parametrize(("text", "name"), [
    ("halland", "halland"), ("sämre vinter", "sämre_vinter"), ("a/b\\c:d", "a_b_c_d"), ("../..", "study"),
    ("", "study"),    ("CON", "study_CON"), ("nul.x", "study_nul.x"), ("x" * 200, "x" * 80), (".dold.", "dold"),
])  # fmt: skip
def test_safe_name(text: str, name: str) -> None:
    assert safe_name(text) == name
    assert is_safe_name(name)
    assert is_safe_name(text) == (text == name)


# --- executors ------------------------------------------------------------------------------------


def test_open_pool_starts_no_processes_for_one_job_or_one_unit() -> None:
    assert isinstance(open_pool(1, 10, engine="simpy"), SerialExecutor)
    assert isinstance(open_pool(8, 1, engine="compiled"), SerialExecutor)


def test_open_pool_takes_processes_for_simpy_and_threads_for_the_compiled_engine() -> None:
    with open_pool(8, 2, engine="simpy") as pool:
        assert isinstance(pool, WorkerPool)
        assert pool.submit(os.getpid).result() != os.getpid()
    with open_pool(8, 2, engine="compiled") as pool:
        assert pool.submit(os.getpid).result() == os.getpid()
        assert pool.submit(threading.get_native_id).result() != threading.get_native_id()


def test_serial_executor_keeps_errors_but_lets_an_interruption_through() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    serial = SerialExecutor()
    assert serial.submit(divmod, 7, 2).result() == (3, 1)
    assert isinstance(serial.submit(divmod, 1, 0).exception(), ZeroDivisionError)
    with pytest.raises(KeyboardInterrupt):
        serial.submit(interrupted)


def gone(pid: int) -> bool:
    """Wait up to ten seconds for a process that is not our child (or is reaped) to end."""
    waiting = threading.Event()
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        waiting.wait(0.05)
    return False


@pytest.mark.skipif(os.name == "nt", reason="process ids are asked for in the POSIX way")
def test_workers_end_at_once_when_the_caller_leaves_by_an_exception() -> None:
    with pytest.raises(KeyboardInterrupt), WorkerPool(1) as pool:
        worker = pool.submit(os.getpid).result()
        pool.submit(_sleep_long)
        raise KeyboardInterrupt
    assert gone(worker)


def _sleep_long() -> None:
    threading.Event().wait(600)


@pytest.mark.skipif(os.name == "nt", reason="process ids are asked for in the POSIX way")
def test_workers_do_not_outlive_a_killed_caller_and_need_no_main_guard(tmp_path: Path) -> None:
    script = tmp_path / "no_guard.py"
    script.write_text(
        textwrap.dedent("""
            import os, sys
            from sim.study.executors import WorkerPool
            pool = WorkerPool(1)
            print(pool.submit(os.getpid).result(), flush=True)
            pool.submit(__import__("time").sleep, 600)
            os.kill(os.getpid(), 9)
        """),
        encoding="utf-8",
    )
    env = os.environ | {"PYTHONPATH": str(Path(sim.__file__).parent.parent)}
    done = subprocess.run([sys.executable, str(script)], stdout=subprocess.PIPE, env=env, timeout=60, check=False)
    assert done.returncode == -9
    assert gone(int(done.stdout))


# --- the same results whatever runs them ----------------------------------------------------------


@pytest.fixture(scope="module")
def serial(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> tuple[StudyResult, Path]:
    folder = tmp_path_factory.mktemp("serial")
    return run(scenario, folder, replications=4, visits=True), folder


@pytest.fixture(scope="module")
def parallel(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> tuple[StudyResult, Path]:
    folder = tmp_path_factory.mktemp("parallel")
    # the pool is filled before the first unit: both workers are up when work is handed out
    with WorkerPool(2) as pool:
        meeting = str(tmp_path_factory.mktemp("meeting"))
        for met in [pool.submit(_meet, meeting, 2), pool.submit(_meet, meeting, 2)]:
            assert met.result() == 2
        return run(scenario, folder, replications=4, visits=True, executor=pool), folder


def _meet(folder: str, workers: int) -> int:
    """In a worker: wait until so many workers are here (a minute at most), and say how many are."""
    (Path(folder) / str(os.getpid())).touch()
    for _ in range(1200):
        if len(os.listdir(folder)) >= workers:
            break
        threading.Event().wait(0.05)
    return len(os.listdir(folder))


def test_several_workers_ran_and_none_was_this_process(parallel: tuple[StudyResult, Path]) -> None:
    workers = {task["worker"] for task in parallel[0].manifest["tasks"]}
    assert len(workers) == 2
    assert threading.get_native_id() not in workers


def test_threads_of_the_compiled_engine_give_the_same_bytes_and_several_ran(
    scenario: Scenario, serial: tuple[StudyResult, Path], tmp_path: Path
) -> None:
    barrier = threading.Barrier(2)
    with ThreadPoolExecutor(2, initializer=lambda: barrier.wait(60) and None) as pool:
        result = run(scenario, tmp_path, replications=4, executor=pool)
    assert len({task["worker"] for task in result.manifest["tasks"]} - {threading.get_native_id()}) == 2
    assert (tmp_path / "comparison.csv").read_bytes() == (serial[1] / "comparison.csv").read_bytes()


def test_serial_equals_parallel_byte_for_byte(
    serial: tuple[StudyResult, Path], parallel: tuple[StudyResult, Path]
) -> None:
    assert {task["worker"] for task in serial[0].manifest["tasks"]} == {threading.get_native_id()}
    for name in ("comparison.csv", "comparison_excel.csv"):
        assert (serial[1] / name).read_bytes() == (parallel[1] / name).read_bytes()
    for name in (*TABLES, "visits.parquet"):
        pd.testing.assert_frame_equal(
            read_parquet(serial[1] / name), read_parquet(parallel[1] / name), check_exact=True
        )
    assert serial[0].manifest["tapes"] == parallel[0].manifest["tapes"]
    assert serial[0].verdicts == parallel[0].verdicts


def test_processes_of_the_simpy_clock_give_the_same(scenario: Scenario, serial: tuple[StudyResult, Path]) -> None:
    result = run(scenario, replications=4, jobs=2, engine="simpy")
    assert threading.get_native_id() not in {task["worker"] for task in result.manifest["tasks"]}
    pd.testing.assert_frame_equal(result.frame, serial[0].frame, check_exact=True)


def test_any_executor_will_do(scenario: Scenario, serial: tuple[StudyResult, Path]) -> None:
    with ThreadPoolExecutor(2) as threads:
        result = compare(scenario, study_models.all(), 4, threads)
    pd.testing.assert_frame_equal(
        result.frame.drop(columns="scenario"), serial[0].frame.drop(columns="scenario"), check_exact=True
    )


class Backwards(SerialExecutor):
    """Hands out results only when all have been asked for, the last first."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: fn(*args, **kwargs)))
        if len(self.waiting) == 4:
            for late, call in reversed(self.waiting):
                late.set_result(call())
        return future


def test_order_of_completion_does_not_show(scenario: Scenario, serial: tuple[StudyResult, Path]) -> None:
    ended: list[int] = []
    result = run(scenario, replications=4, executor=Backwards(), on_result=lambda unit: ended.append(unit.replication))
    assert sorted(ended) == [1, 2, 3, 4]
    pd.testing.assert_frame_equal(result.measures, serial[0].measures, check_exact=True)
    assert [(t["model"], t["replication"]) for t in result.manifest["tasks"]] == [
        (model, replication) for model in ("status_quo", "central") for replication in (1, 2, 3, 4)
    ]


def test_one_replication_is_the_same_alone_and_in_a_study(scenario: Scenario, serial: tuple[StudyResult, Path]) -> None:
    alone = simulate(scenario, study_models.CENTRAL, replication=3)
    rows = serial[0].measures.query("model == 'central' and replication == 3").reset_index(drop=True)
    pd.testing.assert_frame_equal(
        rows[alone.measures.columns], alone.measures, check_exact=True, check_dtype=False, check_categorical=False
    )
    assert alone.tape.sha256() == serial[0].manifest["tapes"][2]["sha256"]


# --- failures -------------------------------------------------------------------------------------


def fail_on(monkeypatch: pytest.MonkeyPatch, error: BaseException, call: int) -> None:
    """Let the call-th run of the engine fail."""
    run_one, calls = Stages.run_one, iter(range(1, 1000))

    def faulty(stages: Stages, *args: Any) -> Any:
        if stages.scenario.calendar.weeks != LONG_RUN["calendar.weeks"] and next(calls) == call:
            raise error
        return run_one(stages, *args)

    monkeypatch.setattr(Stages, "run_one", faulty)


def test_a_failed_replication_is_kept_in_the_manifest_and_the_others_go_on(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, serial: tuple[StudyResult, Path]
) -> None:
    fail_on(monkeypatch, ZeroDivisionError("on purpose"), 4)  # replication 2, the second model
    result = run(scenario, tmp_path, replications=4)
    stored = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert result.status == stored["status"] == "incomplete"
    failed = [task for task in stored["tasks"] if task["status"] != "done"]
    assert [(task["model"], task["replication"], task["status"]) for task in failed] == [("central", 2, "failed")]
    assert "Traceback" in failed[0]["error"] and "ZeroDivisionError: on purpose" in failed[0]["error"]
    kept = serial[0].measures.query("not (model == 'central' and replication == 2)").reset_index(drop=True)
    pd.testing.assert_frame_equal(result.measures, kept, check_exact=True)
    assert result.frame["n"].max() == 3  # a pair needs both


def test_a_model_that_edits_the_tape_fails_and_leaks_into_no_other(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch, serial: tuple[StudyResult, Path]
) -> None:
    run_one = Stages.run_one

    def careless(stages: Stages, model: str, draw: Any) -> Any:
        journal = run_one(stages, model, draw)
        if model == "status_quo":
            draw.tape.on_scene_min[:] = 1.0
        return journal

    monkeypatch.setattr(Stages, "run_one", careless)
    result = run(scenario, replications=1)
    assert [task["status"] for task in result.manifest["tasks"]] == ["failed", "done"]
    assert "read-only" in result.manifest["tasks"][0]["error"]
    expected = serial[0].measures.query("model == 'central' and replication == 1").reset_index(drop=True)
    pd.testing.assert_frame_equal(
        result.measures, expected, check_exact=True, check_dtype=False, check_categorical=False
    )


def test_a_failed_draw_fails_the_replication_for_all_models(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise ValueError("no tape")

    monkeypatch.setattr(Draw, "tape", property(broken))
    result = run(scenario, replications=2)
    assert {task["status"] for task in result.manifest["tasks"]} == {"failed"}
    assert len(result.measures) == len(result.frame) == 0
    assert result.verdicts == {"sv": [], "en": []}


def test_a_worker_that_dies_is_replaced_once_and_takes_no_other_unit_with_it(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEMBESOK_TEST_PARENT", str(os.getpid()))
    good = make_stages(scenario, [study_models.STATUS_QUO])
    bad = make_stages(scenario, [study_models.Deadly(**vars(study_models.CENTRAL))])
    units = [Unit("bad", 1, ("central",), bad), *(Unit("good", r, ("status_quo",), good) for r in (1, 2, 3))]
    opened: list[WorkerPool] = []

    def open_one() -> AbstractContextManager[Any]:
        opened.append(WorkerPool(1))
        return opened[-1]

    ended: dict[Unit, UnitResult] = {}
    assert not execute(units, open_one, at_once=1, on_result=ended.__setitem__)
    results = [ended[unit] for unit in units]
    assert len(opened) == 2
    assert [bool(result.tasks[0].error) for result in results] == [True, False, False, False]
    assert "died" in results[0].tasks[0].error
    assert threading.get_native_id() not in {result.worker for result in results[1:]}


def test_an_interruption_keeps_what_is_finished(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, serial: tuple[StudyResult, Path]
) -> None:
    fail_on(monkeypatch, KeyboardInterrupt(), 6)  # replication 3, the second model
    result = run(scenario, tmp_path, replications=4)
    assert result.status == "interrupted"
    assert [task["status"] for task in result.manifest["tasks"]] == ["done", "done", "not run", "not run"] * 2
    expected = serial[0].measures.query("replication <= 2").reset_index(drop=True)
    pd.testing.assert_frame_equal(read_measures(tmp_path / "measures.parquet"), expected, check_exact=True)


def test_an_interruption_in_the_caller_stops_the_workers(scenario: Scenario) -> None:
    stages = make_stages(scenario, study_models.all())
    units = make_units(plan(["s"], ["status_quo", "central"], 3), {"s": stages})

    done: list[tuple[int, int]] = []

    def interrupt(unit: Unit, result: UnitResult) -> None:
        done.append((result.replication, len(result.tasks)))
        if len(done) == 1:
            raise KeyboardInterrupt

    assert execute(units, lambda: WorkerPool(1), at_once=2, on_result=interrupt)
    assert done in ([(1, 2)], [(1, 2), (2, 2)])  # the one in flight may have ended in the same moment


def test_a_unit_never_raises(scenario: Scenario) -> None:
    unit = Unit("s", 1, ("central",), make_stages(scenario, [study_models.CENTRAL], "no such engine"))
    result = run_unit(unit)
    assert "no such engine" in result.tasks[0].error
    assert failed_unit(unit, "why").tasks[0].error == "why"
    ended: list[UnitResult] = []
    execute([unit], lambda: nullcontext(SerialExecutor()), at_once=1, on_result=lambda unit, one: ended.append(one))
    assert ended[0].tasks[0].error


# --- what is asked --------------------------------------------------------------------------------


def test_wrong_requests_are_refused(scenario: Scenario) -> None:
    for scenarios, organisations, options, message in (
        ([], study_models.all(), {}, "at least one scenario"),
        ([scenario], [], {}, "at least one scenario"),
        ([scenario], [study_models.CENTRAL] * 2, {}, "same name: central"),
        ([scenario], study_models.all(), {"visits": True}, "give `out`"),
    ):
        with pytest.raises(ValueError, match=message):
            run_study(scenarios, organisations, 1, **options)


def test_scenarios_without_names_get_them_and_the_same_twice_is_numbered(scenario: Scenario) -> None:
    result = run_study([scenario, scenario.with_changes({"demand.scale": 0.2})], study_models.all(), 1, jobs=1)
    assert len(set(result.scenarios)) == 2
    assert set(result.frame["scenario"]) == set(result.scenarios)
    assert [tape["scenario"] for tape in result.manifest["tapes"]] == list(result.scenarios)


def test_the_reference_is_the_first_organisation_when_its_own_takes_no_part(scenario: Scenario) -> None:
    other = replace(study_models.CENTRAL, name="other")
    result = run_study([scenario], [study_models.CENTRAL, other], 1, jobs=1)
    assert set(result.frame["reference"]) == {"central"}
    assert set(result.frame["difference"].dropna()) == {0.0}


# --- tables for people ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def one(scenario: Scenario) -> sim.Run:
    return simulate(scenario, study_models.CENTRAL)


def test_visits_tell_the_story_of_every_request(one: sim.Run) -> None:
    visits, journal = one.visits, one.journal
    assert len(visits) == len(one.tape)
    taken = visits["physician"] >= 0
    assert taken.any()
    assert (visits.loc[taken, "pool"] == "team").all() and (visits.loc[~taken, "pool"] == "").all()
    assert (visits.loc[taken, "reason"] == "first in the route").all() and (visits.loc[~taken, "reason"] == "").all()
    done = visits["outcome"].isin(["done", "telephone"])
    assert {"done", "telephone"} <= set(visits["outcome"]) and np.array_equal(done, ~np.isnan(journal.t6))
    assert (visits.loc[done, "t6_min"] >= visits.loc[done, "t5_min"]).all()
    assert set(visits["class"]) <= set(CLASSES)
    assert list(visits.columns[-1:]) == ["km"] and visits["request"].is_monotonic_increasing


def test_shifts_add_up(one: sim.Run) -> None:
    shifts = one.physicians
    spent = shifts[["driving_min", "on_scene_min", "documenting_min", "telephone_min", "idle_min"]].sum(axis=1)
    assert np.array_equal(spent, shifts["home_min"] - shifts["start_min"])
    assert shifts["stops"].sum() == (one.visits["outcome"] == "done").sum()


def test_stored_visits_hold_every_task(serial: tuple[StudyResult, Path], one: sim.Run) -> None:
    visits = read_parquet(serial[1] / "visits.parquet")
    counts = visits.groupby(["model", "replication"]).size()
    tapes = {tape["replication"]: tape["requests"] for tape in serial[0].manifest["tapes"]}
    assert {(m, r): n for (m, r), n in counts.items()} == {
        (m, r): tapes[r] for m in ("status_quo", "central") for r in tapes
    }
    same = visits.query("model == 'central' and replication == 1").reset_index(drop=True)
    assert np.array_equal(same["t4_min"], one.visits["t4_min"], equal_nan=True)


def test_offered_load_counts_all_work_once(scenario: Scenario) -> None:
    stages = make_stages(scenario, ())
    world, tape = stages.world, stages.draw(1).tape
    load = offered_load(tape, world)
    assert load.requests.sum() == pytest.approx(52 * len(tape))
    local = replace(world, travel_min=np.zeros_like(world.travel_min))
    hours = np.bincount(world.calendar.window, minlength=4)
    called = tape.telephone == 1
    assert 0 < called.sum() < len(tape)
    work = float((tape.on_scene_min + tape.documentation_min)[~called].sum() + tape.call_min[called].sum()) / 60.0
    assert (offered_load(tape, local).busy * hours).sum() == pytest.approx(work)
    assert (load.busy >= offered_load(tape, local).busy).all() and load.busy.sum() > offered_load(
        tape, local
    ).busy.sum()
    planned = np.isin(tape.klass, [CLASSES.index("R"), CLASSES.index("P")])
    assert load.requests[:, 1:].sum() == pytest.approx(
        52 * (~planned & (world.calendar.window[(tape.t0_min // 60).astype(int)] != 0)).sum()
    )


# --- what is stored -------------------------------------------------------------------------------


def test_manifest_says_where_the_results_come_from(serial: tuple[StudyResult, Path], scenario: Scenario) -> None:
    result, folder = serial
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["format"] == store.FORMAT and manifest["hembesok"] == sim.__version__
    assert manifest["study"] == "small" and manifest["status"] == "complete"
    assert manifest["seeds"] == {"small": scenario.study.seed} and manifest["replications"] == 4
    assert manifest["scenarios"]["small"]["resolved"]["demand"]["scale"] == 0.3
    assert {"python", "numpy", "pandas", "duckdb", "simpy"} <= set(manifest["versions"])
    assert manifest["versions"]["numpy"] == np.__version__
    assert manifest["git"] is None or (len(manifest["git"]["commit"]) == 40 and "dirty" in manifest["git"])
    assert dict(result.world.checksums) == manifest["inputs"]["small"]
    assert [tape["replication"] for tape in manifest["tapes"]] == [1, 2, 3, 4]
    assert len({tape["sha256"] for tape in manifest["tapes"]}) == 4
    assert {task["tape_sha256"] for task in manifest["tasks"]} == {tape["sha256"] for tape in manifest["tapes"]}
    assert {*TABLES, "comparison.csv", "comparison_excel.csv", "visits.parquet"} == set(manifest["files"])
    assert manifest["command"] and manifest["begun"].endswith("+00:00")


def test_stored_results_are_read_again_as_they_were(serial: tuple[StudyResult, Path]) -> None:
    result, folder = serial
    again = load_study(folder)
    for part in ("measures", "curves", "hours", "comparison"):
        pd.testing.assert_frame_equal(getattr(again, part), getattr(result, part), check_exact=True, check_dtype=False)
    assert again.verdicts == result.verdicts and again.models == result.models and again.status == "complete"
    assert again.scenarios["small"] == result.scenarios["small"]


def test_nothing_unfinished_is_left_behind(serial: tuple[StudyResult, Path]) -> None:
    names = {path.name for path in serial[1].iterdir()}
    assert names == {*TABLES, "comparison.csv", "comparison_excel.csv", "visits.parquet", "manifest.json"}


def test_a_full_disk_leaves_the_old_results_whole(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(scenario, tmp_path, replications=1)
    before = shown(tmp_path)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "write_excel_csv", full)
    with pytest.raises(OSError, match="No space left"):
        run(scenario, tmp_path, replications=2)
    assert shown(tmp_path) == before


def shown(folder: Path) -> dict[str, bytes]:
    """The files that are not hidden."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


def draw(folder: Path) -> None:
    """Stand-ins for what `StudyResult.write_report` draws, which takes longer than everything else together."""
    manifest = store.read_manifest(folder)
    with writing(folder) as stage:
        (stage / "figures").mkdir()
        for name in ("report.html", "figures/map.svg"):
            (stage / name).write_text("old", encoding="utf-8")
        store.write_manifest(stage, manifest, store.table_files(folder, manifest))
        publish(stage, folder)


def test_a_study_is_read_as_it_was_also_when_it_has_been_drawn(scenario: Scenario, tmp_path: Path) -> None:
    result = run(scenario, tmp_path, replications=1)
    draw(tmp_path)
    again = load_study(tmp_path)
    pd.testing.assert_frame_equal(again.measures, result.measures, check_exact=True)
    assert {"report.html", "figures/map.svg", *TABLES} <= set(again.manifest["files"])


def test_a_new_study_removes_what_belongs_to_the_old_one(scenario: Scenario, tmp_path: Path) -> None:
    run(scenario, tmp_path, replications=1, visits=True)
    draw(tmp_path)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert {"report.html", "figures", "visits.parquet"} <= {path.name for path in tmp_path.iterdir()}
    run(scenario.with_changes({"study.seed": 7}), tmp_path, replications=1)
    names = {path.name for path in tmp_path.iterdir()}
    assert not names & {"report.html", "figures", "visits.parquet"}
    assert "notes.txt" in names


def test_parquet_that_cannot_be_written_or_read_is_an_os_error(tmp_path: Path) -> None:
    from sim.study.parquet import write_parquet

    with pytest.raises(OSError, match="cannot write"):
        write_parquet(pd.DataFrame({"a": [1]}), tmp_path / "no" / "folder.parquet")
    (tmp_path / "bad.parquet").write_bytes(b"not parquet")
    with pytest.raises(OSError, match="cannot read"):
        read_parquet(tmp_path / "bad.parquet")
    write_parquet(pd.DataFrame({"ord": ["å", None]}), tmp_path / "it's.parquet")
    assert read_parquet(tmp_path / "it's.parquet")["ord"][0] == "å"


def _spoil_manifest(folder: Path, **changes: Any) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


@pytest.mark.parametrize("moved", [[], ["measures.parquet"], ["curves.parquet", "hours.parquet", "measures.parquet"]])
def test_a_study_whose_files_were_being_moved_is_read_whole(
    scenario: Scenario, tmp_path: Path, moved: list[str]
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    run(scenario, old, replications=1)
    expected = run(scenario.with_changes({"study.seed": 7}), new, replications=1)
    new.rename(old / ".moving")
    for name in moved:
        (old / ".moving" / name).replace(old / name)
    again = load_study(old)
    assert again.manifest["seeds"] == {"small": 7}
    pd.testing.assert_frame_equal(again.measures, expected.measures, check_exact=True)


def test_an_interruption_before_anything_is_finished_leaves_the_old_study(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(scenario, tmp_path, replications=2)
    before = shown(tmp_path)
    fail_on(monkeypatch, KeyboardInterrupt(), 1)
    assert run(scenario.with_changes({"study.seed": 7}), tmp_path, replications=2).status == "interrupted"
    assert shown(tmp_path) == before


@pytest.mark.parametrize(("spoil", "message"), [
    (lambda folder: (folder / "manifest.json").unlink(), "no results here"),
    (lambda folder: (folder / "manifest.json").write_text("{", encoding="utf-8"), "cannot be read"),
    (lambda folder: _spoil_manifest(folder, format=99), "format 99"),
    (lambda folder: (folder / "curves.parquet").unlink(), "curves.parquet: cannot be read"),
    (lambda folder: (folder / "hours.parquet").write_bytes(b"PAR1"), "hours.parquet: damaged"),
    (lambda folder: _spoil_manifest(folder, scenarios={"small": {}}), "not as this version writes it"),
])  # fmt: skip
def test_missing_and_damaged_results_are_told(scenario: Scenario, tmp_path: Path, spoil: Any, message: str) -> None:
    run(scenario, tmp_path, replications=1)
    spoil(tmp_path)
    with pytest.raises(ResultsError, match=message):
        load_study(tmp_path)


# --- the public names -----------------------------------------------------------------------------


def test_every_public_name_is_there_also_when_all_rooms_are_imported() -> None:
    import sim.comparison

    for name in sim.__all__:
        assert getattr(sim, name) is not None, name
    assert callable(sim.compare)
    assert sys.modules["sim.comparison"].compare_measures is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        sim.nothing  # noqa: B018


def test_importing_sim_loads_nothing_heavy() -> None:
    code = "import sys, sim; print([m for m in ('numpy', 'pandas', 'pydantic', 'click') if m in sys.modules])"
    top = Path(sim.__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=top)
    assert done.stdout.strip() == "[]"
