"""Make docs/answers.md: what `batch scenarios/index.yaml` says of each question. Run `python -m tools.answers`."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import models
from sim.batch.answers import FILE
from sim.batch.batch import Options, run_batch
from sim.batch.cases import collect
from sim.measures import MEASURES
from sim.scenario import load_scenario
from sim.study.study import Told
from tools.pages import ours

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "scenarios"
HEADING = "# The region's questions, answered on illustrative inputs"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.answers", description=__doc__)
    parser.add_argument("--replications", type=int, default=10, metavar="N")
    is_answers = ours(lambda text: text.startswith(HEADING))
    parser.add_argument("--out", type=is_answers, default=ROOT / "docs" / FILE, metavar="FILE")
    asked = parser.parse_args(arguments)
    base = load_scenario(SCENARIOS / "halland.yaml")
    cases = collect([SCENARIOS], models.declared(), [item.name for item in MEASURES], base)
    options = Options(asked.replications, lang="en", pages=False)
    with tempfile.TemporaryDirectory() as folder:
        run_batch(cases, Path(folder) / "batch", options, Told(note=lambda text: print(text.en)))
        asked.out.write_bytes((Path(folder) / "batch" / FILE).read_bytes())


if __name__ == "__main__":
    main()
