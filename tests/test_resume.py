"""Studies that are cut short, added to and changed: what is run again, and that it shows in no byte."""

from __future__ import annotations

import multiprocessing
import os
import random
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import study_models

from sim import ResultsError, Scenario, StudyResult, run_study
from sim.measures import Measures
from sim.study import loose
from sim.study.folder import UNITS
from sim.study.profiles import Profiles, stored
from sim.study.record import Damaged, Entry, Newer, Record, decode, encode, opened, sealed
from sim.study.run import UnitResult
from sim.study.stages import Stages, make_stages
from sim.study.standing import LONG_RUN

TABLES = ("measures.parquet", "curves.parquet", "hours.parquet", "comparison.csv", "comparison_excel.csv")
SMALL = {"calendar.weeks": 1, "calendar.warm_up_weeks": 0, "staffing.hours_per_week": 1008, "demand.scale": 0.3}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return Scenario().with_changes(SMALL)


def run(scenario: Scenario, out: Path, replications: int, models: Any = None, **options: Any) -> StudyResult:
    chosen = models or study_models.all()
    return run_study({"small": scenario}, chosen, replications, out=out, **({"jobs": 1} | options))


def files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in TABLES}


@pytest.fixture(scope="module")
def whole(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of four replications run in one go."""
    folder = tmp_path_factory.mktemp("whole")
    run(scenario, folder, 4)
    return files(folder)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The models of the runs, long runs left out; cleared by the test."""
    runs: list[str] = []
    run_one = Stages.run_one

    def noting(stages: Stages, model: str, *rest: Any) -> Any:
        if stages.scenario.calendar.weeks != LONG_RUN["calendar.weeks"]:
            runs.append(model)
        return run_one(stages, model, *rest)

    monkeypatch.setattr(Stages, "run_one", noting)
    monkeypatch.setattr("sim.study.stages.kept.ROOM", {})
    return runs


def stop_at(monkeypatch: pytest.MonkeyPatch, call: int) -> None:
    """Interrupt when the call-th record is to be written."""
    put, calls = loose.Loose.put, iter(range(1, 1000))

    def stopping(*arguments: Any) -> Any:
        if next(calls) == call:
            raise KeyboardInterrupt
        return put(*arguments)

    monkeypatch.setattr(loose.Loose, "put", stopping)


def units(folder: Path) -> list[Path]:
    return sorted((folder / UNITS).glob("*.unit"))


# --- going on -------------------------------------------------------------------------------------


def test_an_interrupted_study_goes_on_where_it_was(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: dict[str, bytes]
) -> None:
    with monkeypatch.context() as patch:
        stop_at(patch, 3)
        assert run(scenario, tmp_path, 4).status == "interrupted"
    asked: list[int] = []
    result = run(scenario, tmp_path, 4, on_begin=asked.append)
    assert asked == [2] and result.status == "complete"
    assert files(tmp_path) == whole and not (tmp_path / UNITS).exists()


def test_more_replications_are_added_and_show_in_no_byte(
    scenario: Scenario, tmp_path: Path, whole: dict[str, bytes]
) -> None:
    asked: list[int] = []
    for replications in (1, 3, 4, 2):
        result = run(scenario, tmp_path, replications, on_begin=asked.append)
    assert asked == [1, 2, 1]  # of two there are four already
    assert files(tmp_path) == whole and result.manifest["replications"] == 4


def test_the_same_again_writes_nothing(scenario: Scenario, tmp_path: Path) -> None:
    run(scenario, tmp_path, 2)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    begun: list[int] = []
    again = run(scenario, tmp_path, 2, on_begin=begun.append)
    assert begun == [] and {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    assert again.status == "complete" and len(again.frame)


def test_an_interruption_while_a_whole_study_is_added_to_leaves_it_and_is_gone_on_from(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: dict[str, bytes]
) -> None:
    run(scenario, tmp_path, 1)
    before = files(tmp_path)
    with monkeypatch.context() as patch:
        stop_at(patch, 3)
        run(scenario, tmp_path, 4)
    assert files(tmp_path) == before and len(units(tmp_path)) == 2
    asked: list[int] = []
    run(scenario, tmp_path, 4, on_begin=asked.append)
    assert asked == [1] and files(tmp_path) == whole


def test_one_edited_model_is_the_only_one_that_is_run_again_and_it_says_so(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(scenario, tmp_path, 2)
    (pool,) = study_models.CENTRAL.pools
    edited = replace(study_models.CENTRAL, pools=(replace(pool, reserve=pool.reserve + 1),))
    seen: list[tuple[str, ...]] = []
    said: list[str] = []
    run(
        scenario, tmp_path, 2, [study_models.STATUS_QUO, edited], on_note=lambda text: said.append(text.en),
        on_result=lambda unit: seen.append(tuple(task.task.model for task in unit.tasks)),
    )  # fmt: skip
    assert seen == [("central",), ("central",)] and said == ["to be run: central (the model has changed)"]
    fresh = tmp_path / "fresh"
    run(scenario, fresh, 2, [study_models.STATUS_QUO, edited])
    assert files(tmp_path) == files(fresh)


@pytest.mark.parametrize(("change", "why"), [
    ({"demand.scale": 0.2}, "the scenario has changed"),
    ({"staffing.hours_per_week": 1024}, "the scenario has changed"),
])  # fmt: skip
def test_it_says_why(scenario: Scenario, tmp_path: Path, change: dict[str, Any], why: str) -> None:
    run(scenario, tmp_path, 1)
    said: list[str] = []
    run(scenario.with_changes(change), tmp_path, 1, on_note=lambda text: said.append(text.en))
    assert said == [f"to be run: status_quo, central ({why})"]


def test_a_program_that_has_changed_is_the_reason(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(scenario, tmp_path, 1)
    monkeypatch.setattr("sim.study.stages.keys.source", lambda files: "another")
    monkeypatch.setattr("sim.study.reasons.source", lambda files: "another")
    said: list[str] = []
    run(scenario, tmp_path, 1, on_note=lambda text: said.append(text.en))
    assert said == ["to be run: status_quo, central (the program has changed)"]


def test_another_threshold_runs_nothing_and_is_written(scenario: Scenario, tmp_path: Path) -> None:
    run(scenario, tmp_path, 2)
    asked: list[int] = []
    result = run(scenario.with_changes({"comparison.practical.response_min": 1.0}), tmp_path, 2, on_begin=asked.append)
    assert asked == [0] and set(result.frame.query("measure == 'response_min'")["threshold"]) == {1.0}


def test_plausible_worlds_are_not_run_again(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.study import wide

    counts: list[int] = []
    run_worlds = wide.run_worlds

    def counting(stages: Stages, count: int, *rest: Any) -> Any:
        counts.append(count)
        return run_worlds(stages, count, *rest)

    monkeypatch.setattr(wide, "run_worlds", counting)
    with monkeypatch.context() as patch:  # they were run, and what comes after was not written
        patch.setattr("sim.study.study.publish", _no_room)
        with pytest.raises(OSError, match="No space"):
            run(scenario, tmp_path, 1, worlds=20)
    first = run(scenario, tmp_path, 1, worlds=20)
    again = run(scenario, tmp_path, 2, worlds=20)
    assert counts == [20] and first.worlds["small"].equals(again.worlds["small"])
    run(scenario.with_changes({"costs.physician_hour": 1500.0}), tmp_path, 2, worlds=20)
    assert counts == [20, 20]


def _no_room(*_: Any) -> None:
    raise OSError(28, "No space left on device")


# --- damage ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("spoil", ["cut short", "a flipped byte", "not a record", "empty"])
def test_a_damaged_record_is_named_and_made_anew(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: dict[str, bytes], spoil: str
) -> None:
    run(scenario, tmp_path, 1)
    with monkeypatch.context() as patch:
        stop_at(patch, 3)
        run(scenario, tmp_path, 4)
    path = units(tmp_path)[0]
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes({
        "cut short": data[:middle], "a flipped byte": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        "not a record": b"PK\x03\x04", "empty": b"",
    }[spoil])  # fmt: skip
    said: list[str] = []
    asked: list[int] = []
    run(scenario, tmp_path, 4, on_note=lambda text: said.append(text.en), on_begin=asked.append)
    assert path.name in said[0] and "damaged" in said[0] and asked == [2]
    assert files(tmp_path) == whole


@pytest.mark.parametrize("name", ["measures.parquet", "curves.parquet", "hours.parquet"])
def test_a_damaged_table_is_named_and_made_anew(
    scenario: Scenario, tmp_path: Path, whole: dict[str, bytes], name: str
) -> None:
    run(scenario, tmp_path, 4)
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[:1000] + bytes([data[1000] ^ 4]) + data[1001:])
    said: list[str] = []
    run(scenario, tmp_path, 4, on_note=lambda text: said.append(text.en))
    assert f"{name}: is not as it was written" in said[0] and files(tmp_path) == whole


def test_what_a_newer_version_has_written_is_left_to_it(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(scenario, tmp_path, 1)
    manifest = tmp_path / "manifest.json"
    text = manifest.read_text("utf-8")
    manifest.write_text(text.replace('"format": 2', '"format": 3'), "utf-8")
    with pytest.raises(ResultsError, match="newer version"):
        run(scenario, tmp_path, 2)
    manifest.write_text(text, "utf-8")
    with monkeypatch.context() as patch:
        stop_at(patch, 3)
        run(scenario, tmp_path, 4)
    path = units(tmp_path)[0]
    content = opened(path.read_bytes())
    monkeypatch.setattr("sim.study.record.FORMAT", 2)
    path.write_bytes(sealed(content))
    monkeypatch.undo()
    with pytest.raises(ResultsError, match="newer version"):
        run(scenario, tmp_path, 4)
    assert path.exists()


def test_an_older_study_is_made_anew(scenario: Scenario, tmp_path: Path) -> None:
    run(scenario, tmp_path, 1)
    manifest = tmp_path / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"format": 2', '"format": 1'), "utf-8")
    said: list[str] = []
    assert run(scenario, tmp_path, 1, on_note=lambda text: said.append(text.en)).status == "complete"
    assert "older format" in said[0]


# --- a record -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def record(scenario: Scenario) -> Record:
    stages = make_stages(scenario, study_models.all())
    draw = stages.draw(1)
    entries = [Entry(name, f"key of {name}", 0.5, stages.measures(name, draw)) for name in stages.organisations]
    return Record("små", 1, "a" * 64, len(draw.tape), 7, tuple(entries))


def test_a_record_holds_every_bit(record: Record) -> None:
    again = decode(encode(record))
    assert encode(again) == encode(record) and again.scenario == "små"
    for one, other in zip(record.entries, again.entries, strict=True):
        assert (one.model, one.key, one.measures.names) == (other.model, other.key, other.measures.names)
        for name in ("values", "counts", "shares", "physicians"):
            assert getattr(one.measures, name).tobytes() == getattr(other.measures, name).tobytes()


def test_no_byte_of_a_record_can_change_unseen(record: Record) -> None:
    data = encode(record)
    chance = random.Random(1)
    for place in (*range(120), *(chance.randrange(len(data)) for _ in range(200))):
        spoilt = data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]
        with pytest.raises((Damaged, Newer)) as caught:
            decode(spoilt)
        assert caught.type is Damaged
    for end in (0, 1, 50, 200, len(data) - 1):
        with pytest.raises(Damaged):
            decode(data[:end])


def test_means_say_their_sums_again_whatever_the_order(record: Record) -> None:
    measured = [entry.measures for entry in record.entries]
    runs = [
        Measures(one.names, one.values, one.counts, one.shares * factor, one.physicians * factor)
        for one in measured
        for factor in np.linspace(0.1, 1.0, 50)
    ]
    chance = random.Random(2)
    tables = []
    for _ in range(3):
        chance.shuffle(runs)
        whole, part = Profiles({}, {}), Profiles({}, {})
        for number, one in enumerate(runs):
            whole.add(("s", "m"), one)
            part.add(("s", "m"), one)
            if number % 17 == 0:  # through the file and back
                part = stored(*part.tables().values(), [("s", "m")])
        for one, other in zip(whole.tables().values(), part.tables().values(), strict=True):
            assert one.equals(other)
        tables.append(whole.tables())
    assert tables[0]["curves"].equals(tables[1]["curves"]) and tables[0]["hours"].equals(tables[2]["hours"])
    mean = np.nanmean([one.physicians for one in runs], axis=0)[1]
    assert np.allclose(tables[0]["hours"]["driving"], mean.ravel(), atol=1e-7)


# --- crashes for real -----------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="processes are killed in the POSIX way")
@pytest.mark.slow
def test_workers_of_the_pool_killed_at_random_lose_nothing_and_show_in_no_byte(
    scenario: Scenario, tmp_path: Path
) -> None:
    chance, moments, ended = random.Random(5), [2, 3, 7, 8, 12], []

    def kill(unit: UnitResult) -> None:
        ended.append(unit.replication)
        workers = multiprocessing.active_children()  # none while a new pool is started
        if workers and moments and len(ended) >= moments[0]:
            moments.pop(0)
            threading.Event().wait(chance.random() * 0.1)
            chance.choice(workers).kill()

    result = run(scenario, tmp_path / "killed", 16, jobs=2, engine="simpy", on_result=kill)
    assert len(moments) < 5  # how many find a worker to kill is chance
    assert result.status == "complete" and sorted(ended) == list(range(1, 17))
    assert not multiprocessing.active_children()
    run(scenario, tmp_path / "fresh", 16)
    assert files(tmp_path / "killed") == files(tmp_path / "fresh")


STUDY = """
import sys
from pathlib import Path
import study_models
from sim import Scenario, run_study
changes = {"calendar.weeks": 1, "calendar.warm_up_weeks": 0, "staffing.hours_per_week": 1008, "demand.scale": 0.3}
run_study({"small": Scenario().with_changes(changes)}, study_models.all(), int(sys.argv[2]), out=Path(sys.argv[1]),
          jobs=2, engine=sys.argv[3], on_result=lambda unit: print(unit.replication, flush=True))
"""


@pytest.mark.skipif(os.name == "nt", reason="processes are killed in the POSIX way")
@pytest.mark.slow
@pytest.mark.parametrize(("engine", "kills"), [("compiled", 5), ("simpy", 2)])
def test_a_study_killed_again_and_again_is_the_same_to_the_last_byte(
    scenario: Scenario, tmp_path: Path, root: Path, engine: str, kills: int
) -> None:
    chance = random.Random(engine)
    replications = 4 * kills
    environment = os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}"}
    out, told = tmp_path / "out", list[int]()
    command = [sys.executable, "-c", STUDY, str(out), str(replications), engine]
    for kill in range(kills + 1):
        is_whole = (out / "manifest.json").exists()  # a kill may come too late
        stored = replications if is_whole else len(list((out / UNITS).glob("[!.]*.unit")))
        stop_after, lines = chance.randrange(1, 4), list[int]()
        with subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(int(line))
                if kill < kills and len(lines) == stop_after:
                    threading.Event().wait(chance.random() * 0.02)
                    process.kill()
        # A kill may come between a record and the line that tells of it, so what is done is read from the disk.
        assert len(lines) <= replications - stored
        told += lines
    assert process.returncode == 0 and len(lines) == replications - stored
    assert len(set(told)) == len(told), "a unit whose record was written has been computed again"
    fresh = tmp_path / "fresh"
    run(scenario, fresh, replications)
    assert files(out) == files(fresh) and not (out / UNITS).exists()


def test_models_that_do_the_same_have_the_same_results(
    scenario: Scenario, tmp_path: Path, ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.study.standing.balances_of", lambda stages, jobs, shelf=None: {})
    twins = (study_models.CENTRAL, replace(study_models.CENTRAL, name="twin"))
    result = run(scenario, tmp_path / "twins", 2, twins)
    one, other = (result.measures[result.measures["model"] == name] for name in ("central", "twin"))
    assert len(one) and one["value"].tolist() == pytest.approx(other["value"].tolist(), nan_ok=True)
    assert {task["status"] for task in result.manifest["tasks"]} == {"done"}
    ran.clear()
    more = run(scenario, tmp_path / "twins", 3, twins)
    assert len(more.measures) == 3 * len(result.measures) / 2 and len(ran) <= 2
