"""Commands and options whose help is a `Text`: click takes one string, and has its own words in English alone."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import click

from cli.speaking import language
from cli.values import OneOf
from cli.wrong import WrongUse
from sim.text import LANGUAGES, Text, as_text

F = TypeVar("F", bound=Callable[..., Any])


class Option(click.Option):
    """An option whose help is a Text."""

    def __init__(self, declarations: Sequence[str], *, help: Text | str, **attributes: Any) -> None:
        self.said = as_text(help)
        super().__init__(declarations, help=self.said.en, **attributes)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        twin = copy.copy(self)
        twin.help = self.said.get(language(ctx))
        return click.Option.get_help_record(twin, ctx)


class Command(click.Command):
    """A command whose help is a Text, and that speaks of wrong use in the language of the line."""

    def __init__(self, name: str | None, *, help: Text | str, **attributes: Any) -> None:
        self.said = as_text(help)
        super().__init__(name, help=self.said.en, **attributes)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True  # told here, in the user's language
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise
        if rest and not ctx.resilient_parsing:
            raise WrongUse(_TOO_MUCH.format(words=" ".join(rest)), ctx)
        return rest

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_usage(self, ctx, formatter)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_help(self.said, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_options(self, ctx, formatter)


def named(name: str, about: Text) -> Callable[[Callable[..., Any]], Command]:
    """Makes a function the command of that name; `about` says what it does."""
    return click.command(name, cls=Command, help=about)


def option(*declarations: str, help: Text, **attributes: Any) -> Callable[[F], F]:
    """Adds an option whose help is a Text."""
    return click.option(*declarations, cls=Option, help=help, **attributes)


def language_option(function: F) -> F:
    """Adds --lang; the function gets the language of the line as `lang`, whatever decided it."""
    add = option(
        "--lang",
        type=OneOf(*LANGUAGES),
        metavar="sv|en",
        help=LANGUAGE_HELP,
        callback=lambda ctx, param, value: language(ctx),
    )
    return add(function)


def write_usage(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """The first line of help and of every error of use."""
    lang = language(ctx)
    _, *pieces = command.collect_usage_pieces(ctx)  # the first stands for the options
    formatter.write_usage(ctx.command_path, " ".join([f"[{_OPTIONS.get(lang).upper()}]", *pieces]), _USAGE.get(lang))


def write_help(said: Text, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """The paragraphs that say what a command does."""
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(said.get(language(ctx)))


def write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """The list of options; `--help` itself stands last."""
    lang, own = language(ctx), command.get_help_option(ctx)
    records = [
        (record[0], _HELP.get(lang) if param is own else record[1])
        for param in command.get_params(ctx)
        if isinstance(param, click.Option) and (record := param.get_help_record(ctx)) is not None
    ]
    with formatter.section(_OPTIONS.get(lang).capitalize()):
        formatter.write_dl(records)


_USAGE: Final = Text("Så här: ", "Usage: ")
_OPTIONS: Final = Text("tillval", "options")
_HELP: Final = Text("Visa den här hjälpen.", "Show this help.")
_TOO_MUCH: Final = Text("det här är mer än kommandot tar: {words}", "this is more than the command takes: {words}")
LANGUAGE_HELP: Final = Text(
    "Språk: sv eller en; annars HEMBESOK_LANG, annars svenska.",
    "Language: sv or en; else HEMBESOK_LANG, else Swedish.",
)
