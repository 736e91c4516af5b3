"""The benchmarks run at the smallest size and compare what they time. No clock is judged here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from packaging.requirements import Requirement

import benchmarks.__main__ as command
from benchmarks.common import PeerJournal, must_equal
from benchmarks.machine import facts
from benchmarks.peer_runs import peer_case
from benchmarks.peers import plain_heap
from benchmarks.printing import Target, all_tables, as_markdown, as_text, facts_line, number
from benchmarks.regions import HALLAND_PEOPLE, municipalities_of, write_region
from benchmarks.sizes import halland
from benchmarks.stages import must_be_same_journal
from sim.engine import run
from sim.world.region import read_region

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


def test_tables_go_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"above\n{command.MARKS[0]}\nold\n{command.MARKS[1]}\nbelow\n", encoding="utf-8")
    command.write_between(page, "new")
    text = page.read_text(encoding="utf-8")
    assert text.startswith("above\n") and text.endswith("\nbelow\n")
    assert "new" in text and "old" not in text
    command.write_between(tmp_path / "whole.md", "all")
    assert (tmp_path / "whole.md").read_text(encoding="utf-8") == "all"


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
