"""What the columns of one run mean, as a page: made from where they are declared."""

from __future__ import annotations

from typing import Any, Final

from sim.columns import declared
from sim.engine.journal import Courses, Duties
from sim.study.rows import PHYSICIANS, VISITS, Shown
from sim.world.tape import Patients, Requests

_HEAD: Final = """# Tables of one run

One run is one model on one replication.

* Minutes count from the start of the run, warm-up included: minute 0 begins the first Monday, which is day 0. What did
  not happen has no time (NaN). Nothing at or after the end of the run is recorded.
* Requests and patients are numbered from 0, alike under all models of a replication: they share one tape. Physicians
  are numbered from 0 within a model.
"""
_VISITS: Final = """One row a request: `visits.parquet` of a study run with `--visits`, with the columns `scenario`,
`model` and `replication` in front, and `Run.visits` in Python."""
_SHIFTS: Final = "One row a physician-shift: `Run.physicians` in Python."
_RAW: Final = """`Run.tape` and `Run.journal` hold the same as numbers, one array a column. A column is read as
`tape.requests.t0_min`, or `tape.t0_min` for short; where two tables have a column of one name, the second by its word:
`tape.patient_node`, `journal.shift_km`."""


def dictionary() -> str:
    """The page in Markdown, in English."""
    parts = [
        _HEAD,
        _section("Requests", _VISITS, _shown(VISITS)),
        _section("Physician-shifts", _SHIFTS, _shown(PHYSICIANS)),
        f"## As arrays\n\n{_RAW}\n",
        _section("`tape.requests`", "What was asked for.", _declared(Requests), 3),
        _section("`tape.patients`", "Who might ask.", _declared(Patients), 3),
        _section("`journal.requests`", "What became of it; same rows as `tape.requests`.", _declared(Courses), 3),
        _section("`journal.shifts`", "How the physicians' shifts were worked.", _declared(Duties), 3),
    ]
    return "\n".join(parts)


def _shown(columns: dict[str, Shown]) -> dict[str, str]:
    return {name: shown.meaning for name, shown in columns.items()}


def _declared(kind: Any) -> dict[str, str]:
    return {name: column.meaning for name, (_, column) in declared(kind).items()}


def _section(title: str, lead: str, columns: dict[str, str], level: int = 2) -> str:
    rows = [f"| `{name}` | {meaning} |" for name, meaning in columns.items()]
    return "\n".join([f"{'#' * level} {title}", "", lead, "", "| column | meaning |", "|---|---|", *rows, ""])
