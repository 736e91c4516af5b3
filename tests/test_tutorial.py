"""The Python in the documents is run, block after block, and prints what stands below it."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", re.S)


@pytest.mark.parametrize("page", ["tutorial.md", "python.md", "howto-measure.md"])
def test_the_code_of_a_page_prints_what_it_says(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    blocks = BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))
    assert len(blocks) >= 3 and any(shown for _, shown in blocks)
    names: dict[str, Any] = {"__name__": "page"}
    for code, shown in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, page, "exec"), names)
        assert printed.getvalue() == shown, code


def test_every_path_named_in_how_the_code_is_laid_out_exists() -> None:
    text = (ROOT / "docs/development.md").read_text(encoding="utf-8")
    absent = {path for path in paths_in(text) if not any((top / path).exists() for top in (ROOT, ROOT / "sim"))}
    assert absent == set()


def paths_in(text: str) -> set[str]:
    """Files and folders in backquotes, or linked. One named without its folder lies in that of a path before it in the
    same line."""
    found = set()
    for line in text.splitlines():
        folders = [""]
        for name in re.findall(r"`([\w./]+(?:/|\.py|\.md|\.toml|\.yaml))`|\]\(([\w./-]+\.md)", line):
            path = name[0] or f"docs/{name[1]}"
            if "/" in path:
                folders.append(path if path.endswith("/") else path.rsplit("/", 1)[0] + "/")
                found.add(path)
            elif not any((ROOT / folder / path).exists() for folder in (*folders, "sim/")):
                found.add(path)
    return found
