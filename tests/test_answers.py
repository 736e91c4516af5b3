"""The page of answers: every question and every file of the index is on it, with figures that were run."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from sim.batch.shown import apart, label, scaled, shown
from sim.measures import MEASURES
from sim.measures.definitions import definition
from sim.scenario.index import load_index
from tools import answers

NAMES = {item.name for item in MEASURES}


def test_shares_and_large_figures_are_written_for_readers() -> None:
    share, cost, visits = (definition(name) for name in ("in_target", "cost_region", "visits"))
    assert shown(0.1234, share, "en") == "12.3%" and shown(math.nan, share, "en") == "–"
    assert apart(0.01, share, "en") == "1.0 pp" and apart(math.inf, share, "en") == "∞"
    assert scaled(-0.01, share, "en", sign=True) == "−1.0"
    assert shown(12_345_678.9, cost, "en") == "12.3" and shown(12345.6, visits, "en") == "12,346"
    assert label(cost, "all", "en") == "Cost, region (MSEK a year)"
    assert label(definition("response_min"), "acute", "sv") == "Svarstid, akut (minuter)"


def test_the_page_in_the_documents_has_every_question_and_file(root: Path) -> None:
    page = (root / "docs" / "answers.md").read_text(encoding="utf-8")
    index = load_index(root / "scenarios" / "index.yaml", NAMES)
    assert page.startswith(answers.HEADING)
    for question in index.questions:
        assert f"## {question.question.en}\n" in page and f"*{question.question.sv}*" in page
        assert all(f"### `{file}`\n" in page for file in question.files)
    # One model is the best at each stress that any keeps up with.
    rows = [line for line in page.splitlines() if re.match(r"\| Response time, acute \(minutes\): ", line)]
    assert len(rows) == 7 and all("| 0.0 |" in row for row in rows)


@pytest.mark.slow
def test_every_question_is_run_and_answered(tmp_path: Path, root: Path) -> None:
    out = tmp_path / "answers.md"
    answers.main(["--replications", "2", "--out", str(out)])
    page = out.read_text(encoding="utf-8")
    assert page.count("compared with Status quo, 8 headline measures") >= 3 * 22
    stored = (root / "docs" / "answers.md").read_text(encoding="utf-8")
    heads = [line for line in stored.splitlines() if line.startswith("#")]
    assert [line for line in page.splitlines() if line.startswith("#")] == heads
