"""The language of a command line: `--lang` anywhere on it decides, else HEMBESOK_LANG, else Swedish."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import click

from sim.text import LANGUAGES, Language

ENVIRONMENT: Final = "HEMBESOK_LANG"
_LANG: Final = "hembesok.lang"


def asked_for(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language of a command line, looked up before anything else is read, so that `--help` and errors follow it."""
    words = list(arguments)
    named = [after for word, after in pairwise(words) if word == "--lang"]
    named += [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    named.append(environment.get(ENVIRONMENT, "")[:2].lower())
    return next((lang for word in named for lang in LANGUAGES if word == lang), LANGUAGES[0])


def language(ctx: click.Context | None) -> Language:
    """The language of the command line that is being answered."""
    found: Language = ctx.meta.get(_LANG, LANGUAGES[0]) if ctx is not None else LANGUAGES[0]
    return found


def set_language(ctx: click.Context, arguments: Sequence[str]) -> None:
    """Keep the language with the line that is being answered."""
    ctx.meta[_LANG] = asked_for(arguments, os.environ)
