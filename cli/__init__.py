"""The commands, one file each, loaded when used.

Exit status: 0 done, 1 fault, 2 wrong use or input, 3 some replications failed, 4 results missing or damaged,
130 interrupted.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, NoReturn

import click

from cli.commands import LANGUAGE_HELP, Option, write_help, write_options, write_usage
from cli.speaking import language, set_language
from cli.values import OneOf
from cli.wrong import Told, no_command
from sim.text import LANGUAGES, Text

DONE, FAULT, USAGE, INCOMPLETE, NO_RESULTS, INTERRUPTED = 0, 1, 2, 3, 4, 130
DEBUG: Final = "hembesok.debug"

COMMANDS: Final = {
    "compare": Text(
        "Alla modeller på ett scenario, samma patienter: slutsatser, tabeller, figurer, rapport.",
        "All models on one scenario, same patients: verdicts, tables, figures, report.",
    ),
    "batch": Text(
        "Många scenarier på en gång: det som fattas räknas, och en översikt av allt skrivs.",
        "Many scenarios at once: what is missing is run, and an overview of all is written.",
    ),
    "replay": Text(
        "Kör en sparad körning igen: är varje tal detsamma?", "Run a stored run again: is every number the same?"
    ),
    "report": Text(
        "Gör om figurerna och sidan från sparade resultat.", "Make the figures and the page again from stored results."
    ),
    "tune": Text(
        "Varje modell som bäst: sök dess inställningar, med lika timmar och inom gränser.",
        "Each model at its best: search its settings, at equal hours and within limits.",
    ),
    "least-hours": Text(
        "Lika service: de minsta läkartimmarna med vilka varje modell klarar gränserna.",
        "Equal service: the fewest physician-hours at which each model holds the limits.",
    ),
    "breakeven": Text(
        "Var två modeller byter plats när ett tal i scenariot ändras.",
        "Where two models change places when a number of the scenario moves.",
    ),
    "sensitivity": Text(
        "Vad varje indata gör med skillnaden mellan modellerna, ett i taget eller tillsammans.",
        "What each input does to the difference between models, one at a time or together.",
    ),
    "waterfall": Text(
        "Från en modell till en annan, ett steg i taget: vad är schemats, vad är organisationens?",
        "From one model to another, one step at a time: what is the roster's, what the organisation's?",
    ),
    "validate": Text(
        "Kontrollera scenariofiler: fel, vad som skiljer, timmar och belastning per pool, tid.",
        "Check scenario files: errors, what differs, hours and load by pool, time.",
    ),
    "new": Text("Skriv ett kommenterat scenario att börja från.", "Write a commented scenario to start from."),
    "models": Text("Lista organisationsmodellerna.", "List the organisation models."),
    "measures": Text(
        "Lista måtten: vad som räknas, hur, i vilken enhet.", "List the measures: what is computed, how, in which unit."
    ),
    "assumptions": Text("Lista antagandena med källa och kvalitet.", "List the assumptions with source and quality."),
    "describe": Text(
        "Beskriv modell och experiment efter STRESS-DES punkter.",
        "Describe model and experiment by the items of STRESS-DES.",
    ),
    "schema": Text(
        "Skriv ut JSON Schema för scenariofiler, till editorer.",
        "Print the JSON Schema of scenario files, for editors.",
    ),
}
_ABOUT: Final = Text(
    "Jämför sätt att organisera läkarbesök i hemmet, med samma patienter.",
    "Compare organisations of physician visits in the home, on the same patients.",
)
_COMMANDS: Final = Text("Kommandon", "Commands")
_ERROR: Final = Text("fel", "error")
_INTERRUPTED: Final = Text("avbrutet", "interrupted")
_FAULT: Final = Text("fel i programmet: {what}", "fault in the program: {what}")
_AGAIN: Final = Text("; kör igen med --debug för att se var", "; run again with --debug to see where")
_SYSTEM: Final = {
    errno.ENOENT: Text("finns inte", "is not there"),
    errno.EEXIST: Text("finns redan", "is there already"),
    errno.ENOTDIR: Text("är ingen mapp", "is not a folder"),
    errno.EISDIR: Text("är en mapp", "is a folder"),
    errno.EACCES: Text("får inte läsas eller skrivas", "may not be read or written"),
    errno.EPERM: Text("får inte läsas eller skrivas", "may not be read or written"),
    errno.EROFS: Text("ligger på en skiva som inte kan skrivas", "lies on a disk that cannot be written"),
    errno.ENOSPC: Text("skivan är full", "the disk is full"),
    errno.EFBIG: Text("får inte bli så stor", "may not become that large"),
}
_VERSION: Final = Text("Visa versionen.", "Show the version.")


@dataclass(frozen=True)
class Settings:
    """`models`: the package that holds the organisations."""

    models: str


class LazyGroup(click.Group):
    """Knows its commands by name and imports the file of one when it is asked for; turns errors into exit statuses,
    said in the language of the line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        set_language(ctx, args)
        return super().parse_args(ctx, args)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise _told(error) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not ctx.resilient_parsing:
            raise no_command(args[0], list(COMMANDS), ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_usage(self, ctx, formatter)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_help(_ABOUT, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        lang = language(ctx)
        with formatter.section(_COMMANDS.get(lang)):
            formatter.write_dl([(name, about.get(lang)) for name, about in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        from sim.memory import collect_seldom
        from sim.study.signals import as_interruptions

        collect_seldom()
        with _exit_statuses(ctx), as_interruptions():
            try:
                return super().invoke(ctx)
            except click.UsageError as error:
                error.ctx = error.ctx or ctx
                raise _told(error) from None


def make_group(settings: Settings) -> click.Group:
    """The command group. Its commands find `settings` in the click context."""
    _never_fail_to_print()
    lang = Option(["--lang"], type=OneOf(*LANGUAGES), metavar="sv|en", expose_value=False, help=LANGUAGE_HELP)
    version = Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help=_VERSION
    )
    return LazyGroup(
        name="hembesok",
        help=_ABOUT.en,
        subcommand_metavar="COMMAND ...",
        context_settings={"obj": settings, "help_option_names": ["-h", "--help"]},
        params=[lang, version],
    )


def leave_at_once(end: SystemExit) -> NoReturn:
    """End the process with its status, without the half second that Python takes to clear away libraries and objects
    that the system clears away anyway. What could not be printed is left to Python to tell."""
    if not isinstance(end.code, int | None):
        raise end
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # closed by whoever started the program
                stream.flush()
    except OSError:
        raise end from None
    os._exit(end.code or 0)


def _told(error: click.UsageError) -> click.UsageError:
    return error if isinstance(error, click.exceptions.NoArgsIsHelpError) else Told(error)


@contextmanager
def _exit_statuses(ctx: click.Context) -> Iterator[None]:
    """One line an error (all lines of an input error) on stderr, and the status that says what kind it was."""
    from sim.errors import HembesokError, InputError, ResultsError

    lang = language(ctx)
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except KeyboardInterrupt:
        _leave(ctx, INTERRUPTED, _INTERRUPTED.get(lang))
    except InputError as error:
        _leave(ctx, USAGE, error.get(lang))
    except ResultsError as error:
        _leave(ctx, NO_RESULTS, f"{_ERROR.get(lang)}: {error.get(lang)}")
    except HembesokError as error:
        status = FAULT if isinstance(error, OSError) else USAGE
        _leave(ctx, status, f"{_ERROR.get(lang)}: {error.get(lang)}")
    except OSError as error:
        _leave(ctx, FAULT, f"{_ERROR.get(lang)}: {_describe_os_error(error, lang)}")
    except Exception as error:
        what = f"{type(error).__name__}: {' '.join(str(error).split())}"
        hint = "" if DEBUG in ctx.meta else _AGAIN.get(lang)
        _leave(ctx, FAULT, _FAULT.get(lang).format(what=what) + hint)


def _leave(ctx: click.Context, status: int, message: str) -> None:
    if DEBUG in ctx.meta and status != INTERRUPTED:
        click.echo(traceback.format_exc(), err=True)
    click.echo(message, err=True)
    ctx.exit(status)


def _describe_os_error(error: OSError, lang: str) -> str:
    if error.strerror is None:
        return " ".join(str(error).split())
    what = _SYSTEM[error.errno].get(lang) if error.errno in _SYSTEM else error.strerror
    return f"{error.filename}: {what}" if error.filename else what


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
