"""Options that several commands share, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from cli import DEBUG
from cli.commands import language_option, option
from cli.values import Count, not_among
from sim.text import Text

F = TypeVar("F", bound=Callable[..., Any])


def _remember_debug(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta[DEBUG] = True


def shared_options(function: F) -> F:
    """--lang, --json, --quiet, --debug."""
    for add in (
        option("--debug", is_flag=True, is_eager=True, expose_value=False, callback=_remember_debug, help=_DEBUG),
        option("--quiet", is_flag=True, help=_QUIET),
        option("--json", "as_json", is_flag=True, help=_JSON),
        language_option,
    ):
        function = add(function)
    return function


def png_option(function: F) -> F:
    """--png."""
    return option("--png", is_flag=True, help=_PNG)(function)


def jobs_option(function: F) -> F:
    """--jobs."""
    return option("--jobs", type=Count(1), metavar="N", help=JOBS_HELP)(function)


class EngineName(click.ParamType[str]):
    """The name of an engine; looked up when another than the default is asked for, since engines are slow to import."""

    name = "engine"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if param is not None and value == param.default:
            return str(value)
        from sim.engine import ENGINES

        if value not in ENGINES:
            raise not_among(value, ENGINES, param, ctx)
        return str(value)


_DEBUG = Text("Visa felspår.", "Show tracebacks.")
JOBS_HELP = Text("Antal arbetare; annars en per kärna.", "Number of workers; default: one a core.")
_PNG = Text("Rita figurerna som .png också, för bildspel.", "Draw the figures as .png too, for slides.")
_QUIET = Text("Ingen lägesrapport på stderr.", "No progress on stderr.")
_JSON = Text("Skriv ett enda JSON-objekt och inget annat.", "Print one JSON object and nothing else.")
