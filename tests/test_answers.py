"""The page of answers: every question and every file of the index is on it, with figures that were run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.measures import MEASURES
from sim.scenario.index import load_index
from tools import answers

NAMES = {definition.name for definition in MEASURES}


def test_shares_and_large_figures_are_written_for_readers() -> None:
    assert answers.shown(0.1234, "in_target") == "12.3%"
    assert answers.apart(0.01, "in_target") == "1.0 pp" and answers.scaled(-0.01, "in_target", sign=True) == "−1.0"
    assert answers.shown(12_345_678.9, "cost_region") == "12.3" and answers.shown(12345.6, "visits") == "12,346"
    assert answers.label("cost_region") == "Cost, region (MSEK a year)"
    assert answers.shown(np.nan, "in_target") == "–"


def test_the_page_in_the_documents_has_every_question_and_file(root: Path) -> None:
    page = (root / "docs" / "answers.md").read_text(encoding="utf-8")
    index = load_index(root / "scenarios" / "index.yaml", NAMES)
    for question in index.questions:
        assert f"## {question.question.sv}\n" in page
        assert all(f"### `{file}`\n" in page for file in question.files)


@pytest.mark.slow
def test_every_question_is_run_and_answered(tmp_path: Path, root: Path) -> None:
    out = tmp_path / "answers.md"
    answers.main(["--replications", "2", "--out", str(out)])
    page = out.read_text(encoding="utf-8")
    assert page.count("compared with Status quo, 8 headline measures") >= 3 * 22
    # In the default the sums of regret are those of the models' means: one model is the best at each stress.
    rows = [line for line in page.splitlines() if line.startswith("| Response time, acute (minutes): ")]
    assert len(rows) == 7 and all("| 0.0 |" in row for row in rows)
