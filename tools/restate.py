"""Write anew what is made from the declarations of a scenario: `scenarios/halland.yaml` and `docs/scenarios.md`.

Run `python -m tools.restate` after a field is added or a default changed; tests compare both files with the fields.
"""

from __future__ import annotations

from pathlib import Path

from sim.scenario import head_of, in_full, manual

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    halland = ROOT / "scenarios" / "halland.yaml"
    halland.write_text(in_full(head_of(halland.read_text(encoding="utf-8"))), encoding="utf-8", newline="\n")
    (ROOT / "docs" / "scenarios.md").write_text(manual(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
