"""The findings of `points.py` as tables."""

from __future__ import annotations

from typing import Any

from benchmarks.points import OF_ALL, STAGES
from benchmarks.printing import Table, number


def point_tables(found: dict[str, Any]) -> list[Table]:
    """What runs again, how long each stage takes, how many points a second, and several scenarios at once."""
    return [again_table(found), stage_table(found), second_table(found), unit_table(found)]


def again_table(found: dict[str, Any]) -> Table:
    """A line a change."""
    models = len(found["ms"]) - 1
    rows = [
        (change, *(cell(count, 1 if stage in OF_ALL else models) for stage, count in again.items()))
        for change, again in found["again"].items()
    ]
    return Table("What a change runs again", ("changed", *STAGES), rows, "By the keys of the stages; – is kept.")


def cell(count: int, of: int) -> str:
    """Whether a stage runs again, and for how many models when not for all."""
    return "–" if count == 0 else "again" if count == of else f"{count} of {of}"


def stage_table(found: dict[str, Any]) -> Table:
    """A line a stage, a column a model."""
    shared, *each = found["ms"].values()
    names = [name for name in found["ms"] if name]
    rows = [(stage, number(ms), *("" for _ in names)) for stage, ms in shared.items()]
    rows += [(stage, "", *(number(model[stage]) for model in each)) for stage in STAGES[len(OF_ALL) :]]
    return Table("Milliseconds of each stage", ("stage", "all models", *names), rows, note(found))


def second_table(found: dict[str, Any]) -> Table:
    """A line a kind of point."""
    rows = [(kind, number(value), number(1e3 / value)) for kind, value in found["points a second"].items()]
    return Table("Points", ("point", "a second", "ms"), rows, note(found))


def unit_table(found: dict[str, Any]) -> Table:
    """A line a number of scenarios."""
    rows = [(str(count), number(ms)) for count, ms in found["ms a unit"].items()]
    return Table("Several scenarios in one study", ("scenarios", "ms a unit"), rows, note(found))


def note(found: dict[str, Any]) -> str:
    """What the figures are of."""
    return (
        f"Halland, {found['weeks']} weeks after 4 of warm-up; a point or unit is {len(found['ms']) - 1} models on one "
        "replication. CPU time of one process, the least of some rounds."
    )
