"""The commands, one file each, loaded when used.

Exit status: 0 done, 1 fault, 2 wrong use or input, 3 some replications failed, 4 results missing or damaged,
130 interrupted.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click

DONE, FAULT, USAGE, INCOMPLETE, NO_RESULTS, INTERRUPTED = 0, 1, 2, 3, 4, 130
DEBUG: Final = "hembesok.debug"

COMMANDS: Final = {
    "compare": "All models on one scenario, same patients: verdicts, tables, figures, report.",
    "report": "Make the figures and the page again from stored results.",
    "validate": "Check scenario files: errors, what differs, offered load, time needed.",
    "new": "Write a commented scenario to start from.",
    "models": "List the organisation models.",
    "measures": "List the measures: what is computed, how, in which unit.",
    "assumptions": "List the assumptions with source and quality.",
    "describe": "Describe model and experiment by the items of STRESS-DES.",
    "schema": "Print the JSON Schema of scenario files, for editors.",
}


@dataclass(frozen=True)
class Settings:
    """`models`: the package that holds the organisations; `home`: the folder in which scenarios/ lies."""

    models: str
    home: Path


class LazyGroup(click.Group):
    """Knows its commands by name and imports the file of one when it is asked for; turns errors into exit statuses."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        from sim.study.signals import as_interruptions

        with _exit_statuses(ctx), as_interruptions():
            return super().invoke(ctx)


def make_group(settings: Settings) -> click.Group:
    """The command group. Its commands find `settings` in the click context."""
    _never_fail_to_print()
    return LazyGroup(
        name="hembesok",
        help="Compare organisations of physician visits in the home, on the same patients.",
        context_settings={"obj": settings, "help_option_names": ["-h", "--help"]},
        params=[click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_print_version)],
    )


@contextmanager
def _exit_statuses(ctx: click.Context) -> Iterator[None]:
    """One line an error (all lines of an input error) on stderr, and the status that says what kind it was."""
    from sim.errors import InputError, OrganisationError, ResultsError

    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except KeyboardInterrupt:
        _leave(ctx, INTERRUPTED, "interrupted")
    except InputError as error:
        _leave(ctx, USAGE, str(error))
    except OrganisationError as error:
        _leave(ctx, USAGE, f"error: {error}")
    except ResultsError as error:
        _leave(ctx, NO_RESULTS, f"error: {error}")
    except OSError as error:
        _leave(ctx, FAULT, f"error: {_describe_os_error(error)}")
    except Exception as error:
        what = " ".join(str(error).split())
        hint = "" if DEBUG in ctx.meta else "; run again with --debug to see where"
        _leave(ctx, FAULT, f"fault in the program: {type(error).__name__}: {what}{hint}")


def _leave(ctx: click.Context, status: int, message: str) -> None:
    if DEBUG in ctx.meta and status != INTERRUPTED:
        click.echo(traceback.format_exc(), err=True)
    click.echo(message, err=True)
    ctx.exit(status)


def _describe_os_error(error: OSError) -> str:
    if error.strerror is None:
        return " ".join(str(error).split())
    return f"{error.filename}: {error.strerror}" if error.filename else error.strerror


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from sim.version import __version__

        click.echo(f"hembesok {__version__}")
        ctx.exit()


def _never_fail_to_print() -> None:
    """A console that cannot show a letter gets an escape for it instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
