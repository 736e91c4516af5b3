"""Write anew what is made from declarations: `scenarios/halland.yaml`, `docs/scenarios.md`, `docs/tables.md`,
`docs/measures.md`, `docs/settings.md` and `docs/stress-des.md`.

Run `python -m tools.restate` after a field is added, or a default, model, measure or table changed; tests compare the
files.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import models
import sim.declared
import sim.measures
from sim.scenario import head_of, in_full, manual
from sim.study.dictionary import dictionary

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    halland = ROOT / "scenarios" / "halland.yaml"
    halland.write_text(in_full(head_of(halland.read_text(encoding="utf-8"))), encoding="utf-8", newline="\n")
    (ROOT / "docs" / "scenarios.md").write_text(manual(), encoding="utf-8", newline="\n")
    (ROOT / "docs" / "tables.md").write_text(dictionary(), encoding="utf-8", newline="\n")
    measures = "\n".join(sim.measures.dictionary(lang) for lang in ("en", "sv"))
    (ROOT / "docs" / "measures.md").write_text(measures, encoding="utf-8", newline="\n")
    page = sim.declared.manual(models.declared())
    (ROOT / "docs" / "settings.md").write_text(page, encoding="utf-8", newline="\n")
    kept = ["describe", "--lang", "en", "--kept", "--out", str(ROOT / "docs" / "stress-des.md")]
    subprocess.run([sys.executable, str(ROOT / "run_sim.py"), *kept], check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
