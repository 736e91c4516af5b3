"""Tables and numbers in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def grid(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """A table; the columns in `numbers` are set to the right."""
    rule = ["---:" if i in numbers else "---" for i in range(len(head))]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in (head, rule, *rows))


def items(lines: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"* {line}" for line in lines)


def fixed(value: float, lang: str, decimals: int = 1) -> str:
    """12 345.7, with a decimal comma in Swedish."""
    text = f"{value:,.{decimals}f}".replace(",", "\u00a0")
    return text if lang == "en" else text.replace(".", ",")


def short(value: float, lang: str) -> str:
    """A number with no more digits than it has."""
    text = f"{value:.12g}"
    return text if lang == "en" else text.replace(".", ",")


def _cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "\\|")
