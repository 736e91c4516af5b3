"""One word for one thing: the words that the glossary gives up do not come back in what users read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.text import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent


def glossary() -> list[list[str]]:
    """The rows of the glossary: svenska, English, means, and the words that are not used in each language."""
    rows = []
    for line in (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith(("| svenska ", "| --- ")):
            rows.append([cell.strip().replace("\\*", "*") for cell in line.strip().removesuffix("|")[1:].split("|")])
    return rows


def forbidden(column: int) -> re.Pattern[str]:
    """The words of the glossary's column of that number as one pattern of whole words; * stands for any ending."""
    words = [word.strip() for row in glossary() for word in row[column].split(",") if word.strip()]
    assert len(words) > 10
    return re.compile(
        r"(?<!\w)(" + "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words) + r")(?!\w)", re.I
    )


def texts(lang: str) -> Iterator[tuple[str, str]]:
    """(where, words) of what users read in a language: Text in the sources, word lists, documents, scenario files."""
    place = LANGUAGES.index("sv" if lang == "sv" else "en")
    for top in ("sim", "cli", "models"):
        for path in sorted((ROOT / top).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                is_text = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text"
                if is_text and len(node.args) == 2:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", spelt(node.args[place])
                under_a_field = "scenario" in path.parts and isinstance(node, ast.Expr)  # is the manual of the field
                if lang == "en" and under_a_field and isinstance(node.value, ast.Constant):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", str(node.value.value)
    files = [*ROOT.glob(f"sim/**/*.{lang}.toml"), *ROOT.glob(f"sim/**/*.{lang}.md")]
    if lang == "en":
        left_out = {"glossary.md", "decisions.md"}  # one names them, the other is history
        files += [ROOT / "README.md", *(path for path in ROOT.glob("docs/*.md") if path.name not in left_out)]
    for path in files:
        for row, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield f"{path.relative_to(ROOT)}:{row}", line
    for path in (ROOT / "scenarios").glob("*.yaml"):
        for row, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip().startswith(f"{lang}: "):
                yield f"{path.relative_to(ROOT)}:{row}", line


def spelt(node: ast.expr) -> str:
    """The words of a string or an f-string in the source; what is filled in is a dot."""
    if isinstance(node, ast.JoinedStr):
        return "".join(spelt(part) for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else "."


def test_the_glossary_is_whole() -> None:
    rows = glossary()
    assert len(rows) > 40 and {len(row) for row in rows} == {5}
    assert all(row[0] and row[1] for row in rows)
    assert len({row[0] for row in rows}) == len(rows)


@pytest.mark.parametrize(("lang", "column"), [("sv", 3), ("en", 4)])
def test_words_that_were_given_up_do_not_come_back(lang: str, column: int) -> None:
    pattern = forbidden(column)
    read = list(texts(lang))
    assert len(read) > 500
    found = [f"{where}: {hit[0]}" for where, words in read for hit in pattern.finditer(words)]
    assert found == [], "docs/glossary.md has the word to use instead"
