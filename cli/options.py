"""Options that several commands share, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from cli import DEBUG

F = TypeVar("F", bound=Callable[..., Any])


def _remember_debug(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta[DEBUG] = True


def shared_options(function: F) -> F:
    """--lang, --json, --quiet, --debug."""
    for option in (
        click.option(
            "--debug", is_flag=True, is_eager=True, expose_value=False, callback=_remember_debug,
            help="Show tracebacks.",
        ),
        click.option("--quiet", is_flag=True, help="No progress on stderr."),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else."),
        click.option(
            "--lang", type=click.Choice(["sv", "en"]), default="sv", show_default=True, help="Language of results."
        ),
    ):  # fmt: skip
        function = option(function)
    return function


class EngineName(click.ParamType[str]):
    """The name of an engine; looked up when used, since engines are slow to import."""

    name = "engine"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from sim.engine import ENGINES

        if value not in ENGINES:
            self.fail(f"there is no engine {value!r}; choose one of: {', '.join(ENGINES)}", param, ctx)
        return str(value)
