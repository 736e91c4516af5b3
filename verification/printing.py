"""Rows as text and as Markdown; writing between two marks of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sim.language.tables import markdown
from sim.study.provenance import versions
from verification.cases import Case
from verification.draws import SEED
from verification.rows import Row
from verification.setup import Effort

HEADS: Final = ("case", "quantity", "expected", "got", "± 95 %", "z", "engine", "replications", "")
COUNTED: Final = ("python", "numpy", "scipy", "numba", "simpy", "pandas")


def number(value: float) -> str:
    """Five significant digits, without an exponent where it can be read."""
    return f"{value:.0f}" if value == round(value) and abs(value) < 1e6 else f"{value:.5g}"


def cells(row: Row, effort: Effort) -> tuple[str, ...]:
    """A row as words."""
    verdict = "ok" if effort.accepts(row) else "**FAILS**"
    if row.width == 0:
        limit = f"within {row.tolerance:.0e}" if row.tolerance else "exact"
        return (
            row.case,
            row.quantity,
            number(row.expected),
            number(row.got),
            limit,
            "",
            row.engine,
            "",
            verdict,
        )
    return (
        row.case, row.quantity, number(row.expected), number(row.got), f"{row.relative_width:.2%}", f"{row.z:+.2f}",
        row.engine, str(row.replications), verdict,
    )  # fmt: skip


def summary(found: Mapping[str, Sequence[Row]], effort: Effort) -> str:
    """How many rows, how many fail, and how the z lie together."""
    rows = [row for each in found.values() for row in each]
    chance = [abs(row.z) for row in rows if row.width > 0]
    failed = sum(not effort.accepts(row) for row in rows)
    text = f"{len(rows)} figures of {len(found)} cases: {len(rows) - failed} ok, {failed} fail."
    if chance:
        text += (
            f" Of {len(chance)} estimates {sum(z > 2 for z in chance)} have |z| above 2 (chance gives about 5 %) "
            f"and the largest |z| is {max(chance):.2f}."
        )
    return text


def page(cases: Sequence[Case], found: Mapping[str, Sequence[Row]], effort: Effort) -> str:
    """All that goes between the marks of docs/verification.md. No time and no machine in it."""
    have = versions()
    parts = [
        f"{summary(found, effort)} Seed {SEED}; "
        + ", ".join(f"{name} {have[name]}" for name in COUNTED if name in have) + ".",
    ]  # fmt: skip
    for family in dict.fromkeys(case.family for case in cases):
        parts.append(f"### {family}")
        for case in cases:
            if case.family == family:
                parts.append(f"**{case.name}.** {case.how} *Source: {case.source}.*")
                rows = [cells(row, effort)[1:] for row in found.get(case.name, ())]
                parts.append(markdown(HEADS[1:], rows) if rows else "Not yet.")
    return "\n\n".join(parts)
