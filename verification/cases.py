"""The cases and their answers, and the register of who runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from verification.rows import Row
from verification.setup import Effort

FILE = Path(__file__).resolve().parent.parent / "tests" / "data" / "theory_cases.json"


@dataclass(frozen=True)
class Case:
    """A case: its identity in the file of answers, the family it belongs to, how it is set up in a sentence, the source
    of the answer, and the function that runs it. `run` is None for a case that cannot be run yet; `how` says why."""

    name: str
    family: str
    how: str
    source: str
    run: Callable[[Effort], list[Row]] | None


@lru_cache(maxsize=1)
def answers() -> dict[str, dict[str, Any]]:
    """Every case of the file by its id, with `params` and `expected`."""
    return {case["id"]: case for case in json.loads(FILE.read_text(encoding="utf-8"))}


def params(case: str) -> dict[str, Any]:
    """What a case is given."""
    return dict(answers()[case]["params"])


def expected(case: str) -> Any:
    """What a case must give."""
    return answers()[case]["expected"]
