"""Long lists of words as data: one TOML file a language with the same keys, such as words.sv.toml and words.en.toml.

A line that ends with a backslash goes on in the next. What is filled in stands as {name}, the same names in both.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

from sim.text import LANGUAGES, Text

SUFFIX: Final = ".toml"


def file_of(stem: Path, lang: str) -> Path:
    """The file of a list in a language."""
    return stem.with_name(f"{stem.name}.{lang}{SUFFIX}")


def one_language(stem: Path, lang: str) -> dict[str, str]:
    """The words of one language by key. Raises OSError, tomllib.TOMLDecodeError."""
    found: dict[str, str] = tomllib.loads(file_of(stem, lang).read_text(encoding="utf-8"))
    return found


def wordlist(stem: Path) -> dict[str, Text]:
    """The words by key. KeyError when a key lacks one of the languages; OSError, tomllib.TOMLDecodeError."""
    sv, en = (one_language(stem, lang) for lang in LANGUAGES)
    if sv.keys() != en.keys():
        raise KeyError(f"{stem.name}: only in one language: {', '.join(sorted(sv.keys() ^ en.keys()))}")
    return {key: Text(words, en[key]) for key, words in sv.items()}
