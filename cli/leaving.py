"""How a command leaves when not everything could be run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import click

from cli import INCOMPLETE, INTERRUPTED
from sim.text import Text

MOST: Final = 20  # failures that are told on stderr, a line each; the manifest has all of them


def failure(scenario: str, model: str, replication: int, error: str) -> str:
    """A line: what failed, and the last line of its traceback."""
    return f"{scenario}, {model}, replication {replication}: {error.strip().splitlines()[-1]}"


def leave_by_status(ctx: click.Context, status: str, failures: Iterable[str], tasks: int, lang: str) -> None:
    """Exit 130 when it was interrupted, 3 when some of `tasks` runs failed, after saying which and why."""
    told = list(failures)
    for line in [*told[:MOST], *([f"+ {len(told) - MOST}"] if len(told) > MOST else [])]:
        click.echo(line, err=True)
    if status == "interrupted":
        click.echo(_INTERRUPTED.get(lang), err=True)
        ctx.exit(INTERRUPTED)
    if told:
        click.echo(_FAILED.get(lang).format(failed=len(told), tasks=tasks), err=True)
        ctx.exit(INCOMPLETE)


_INTERRUPTED: Final = Text(
    "avbrutet; det som hann bli klart är sparat, och samma kommando fortsätter därifrån",
    "interrupted; what was finished is kept, and the same command goes on from there",
)
_FAILED: Final = Text(
    "{failed} av {tasks} körningar misslyckades (hela felspåret finns i manifest.json); samma kommando försöker igen",
    "{failed} of {tasks} runs failed (full tracebacks in manifest.json); the same command tries again",
)
