"""Tables of words: aligned text for a screen, Markdown for a document."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence


def aligned(rows: Sequence[Sequence[str]], numbers_from: int = 1, rule: bool = True) -> str:
    """Aligned columns; those from `numbers_from` on are set to the right. A `rule` stands under the first row, the
    head. A row may end early: a heading over those after it."""
    count = max(len(row) for row in rows)
    whole = [[*row, *[""] * (count - len(row))] for row in rows]
    widths = [max(len(row[place]) for row in whole) for place in range(count)]
    lines = [
        "  ".join(
            cell.ljust(width) if place < numbers_from else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in whole
    ]
    if rule:
        lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Collection[int] = ()) -> str:
    """A table in Markdown; the columns in `numbers` are set to the right. Bars and line breaks in cells do no harm."""
    rule = ["---:" if place in numbers else "---" for place in range(len(head))]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in (head, rule, *rows))


def _cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "\\|")
