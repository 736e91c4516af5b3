"""The benchmarks run at the smallest size and compare what they time. No clock is judged here."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from packaging.requirements import Requirement

import benchmarks.__main__ as command
import verification.__main__ as verification_command
from benchmarks.common import PeerJournal, must_equal
from benchmarks.machine import facts
from benchmarks.peer_runs import peer_case
from benchmarks.peers import plain_heap
from benchmarks.points import AT_ONCE, EVERYTHING, NEW, STAGES
from benchmarks.points_tables import point_tables
from benchmarks.printing import Target, all_tables, as_markdown, as_text, facts_line, number, summary, targets
from benchmarks.regions import HALLAND_PEOPLE, municipalities_of, write_region
from benchmarks.sizes import halland
from benchmarks.stages import must_be_same_journal
from sim.engine import run
from sim.world.region import read_region
from tools import answers
from tools.pages import ours, write_between

SECTIONS = ["stages", "peers", "threads", "mmc"]


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """What the smallest effort finds, without processes of their own."""
    return command.measure_all(command.EFFORTS["smallest"], SECTIONS, lambda what: None)


def test_every_section_has_a_table(found: dict[str, Any]) -> None:
    tables = all_tables(found)
    assert len(tables) == 1 + len(SECTIONS)  # the goals come first
    for table in tables:
        assert all(len(row) == len(table.heads) for row in table.rows)
        assert table.title in as_text(table)
        assert as_markdown(table).count("\n|") >= 1 + len(table.rows)
    assert "numpy" in facts_line(facts())


def test_points_tell_what_runs_again_and_how_long_it_takes(tmp_path: Path) -> None:
    found = command.points(command.EFFORTS["smallest"], tmp_path)
    again = {change: {stage for stage, count in stages.items() if count} for change, stages in found["again"].items()}
    assert again["a price"] == {"measures"} and again["a threshold of the comparison"] == set()
    assert again["hours of the rosters"] == {"tables", "layout", "journal", "sums", "measures"}
    assert found["again"]["one model"]["journal"] == 1 and again["a travel matrix"] == set(STAGES)
    assert "tables" not in again["a rate of demand"] and "world" not in again["a rate of demand"]
    assert set(found["points a second"]) == {EVERYTHING, *NEW} and set(found["ms a unit"]) == set(AT_ONCE)
    for table in point_tables(found):
        assert all(len(row) == len(table.heads) for row in table.rows)
        assert table.title in as_text(table) and as_markdown(table).count("\n|") >= 1 + len(table.rows)


def test_journals_of_peers_were_compared(found: dict[str, Any]) -> None:
    assert found["peers"][0]["equal journals"] >= 4
    assert found["peers"][0]["requests"] > 10


def test_one_wrong_bit_is_noticed() -> None:
    case = peer_case("a tenth of Halland", 1)
    journal = plain_heap.simulate(case)
    must_equal("itself", journal, plain_heap.simulate(case))
    t4 = journal.t4.copy()
    t4[3] = np.nextafter(t4[3], np.inf)
    with pytest.raises(RuntimeError, match="somebody: t4 differs in 1 of"):
        must_equal("somebody", journal, journal._replace(t4=t4))
    whole = run(case.tape, case.world, case.tables)
    must_be_same_journal("itself", whole, whole)
    whole.t3[0] += 1.0
    with pytest.raises(RuntimeError, match=r"differ in requests\.t2, requests\.t3"):  # t2 and t3 are one array
        must_be_same_journal("changed", run(case.tape, case.world, case.tables), whole)


def test_peer_journal_covers_what_the_issue_names() -> None:
    assert PeerJournal._fields == ("t3", "t4", "t5", "t6", "te", "physician")


def test_made_up_region_has_the_people_it_should(tmp_path: Path) -> None:
    region = read_region(write_region(tmp_path / "made", halland(1), (HALLAND_PEOPLE, 60_000)))
    assert len(region.municipalities) == municipalities_of(HALLAND_PEOPLE) + municipalities_of(60_000) == 7
    people = sum(m.population for m in region.municipalities)
    assert people == pytest.approx(HALLAND_PEOPLE + 60_000, rel=0.002)  # rounding by place and age


def test_only_installed_peers_are_asked(found: dict[str, Any]) -> None:
    assert set(found["mmc"]["customers"]) | set(found["mmc"]["skipped"]) == {
        "compiled", "cimba", "simpy", "salabim", "ciw",
    }  # fmt: skip


def test_the_summary_is_three_lines_with_every_goal(found: dict[str, Any]) -> None:
    machine = dict.fromkeys(("date", "processor", "cores", "load before", "system", "numpy"), "x")
    lines = summary({**found, "machine": machine}).splitlines()
    assert [line.split()[1] for line in lines] == ["x,", "Reached:", "Not"]
    for target in targets(found):
        assert target.what in lines[1 if target.reached else 2]


def test_tables_go_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"above\n{command.MARKS[0]}\nold\n{command.MARKS[1]}\nbelow\n", encoding="utf-8")
    write_between(page, "new", command.MARKS)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("above\n") and text.endswith("\nbelow\n")
    assert "new" in text and "old" not in text


def test_a_page_that_is_not_theirs_is_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "mine.md"
    mine.write_text("# My thesis\n", encoding="utf-8")
    for main, option in (
        (command.main, "--markdown"), (command.main, "--summary"), (command.main, "--json"),
        (verification_command.main, "--markdown"), (answers.main, "--out"),
    ):  # fmt: skip
        with pytest.raises(SystemExit) as stopped:
            main([option, str(mine)])
        assert stopped.value.code == 2 and "mine.md was not made by this command" in capsys.readouterr().err
    with pytest.raises(ValueError, match="has no marks"):
        write_between(mine, "words", command.MARKS)
    assert mine.read_text(encoding="utf-8") == "# My thesis\n"
    allowed = ours(command.is_findings)
    for text, right in (('{"machine": {}, "effort": "quick"}', True), ("", True), ("[]", False), ("{", False)):
        mine.write_text(text, encoding="utf-8")
        if right:
            assert allowed(str(mine)) == mine
        else:
            with pytest.raises(argparse.ArgumentTypeError):
                allowed(str(mine))


@pytest.mark.parametrize(
    ("value", "shown"), [(1234.6, "1 235"), (99.96, "100"), (12.34, "12.3"), (0.1234, "0.123"), (float("nan"), "-")]
)
def test_three_figures(value: float, shown: str) -> None:
    assert number(value) == shown


def test_goals_know_their_side() -> None:
    assert Target("", 2, False, 1.9).reached and not Target("", 2, True, 1.9).reached


def test_requirements_of_peers_are_hashed(root: Path) -> None:
    text = (root / "benchmarks" / "requirements-benchmarks.txt").read_text(encoding="utf-8")
    names = set()
    for line in filter(None, map(str.strip, text.replace("\\\n", " ").splitlines())):
        spec, *hashes = line.split(" --hash=")
        assert hashes and all(h.strip().startswith("sha256:") for h in hashes)
        names.add(Requirement(spec).name)
    assert {"cimba", "ciw", "salabim", "simpy", "numba"} <= names
    assert "://" not in text
