"""Wrong use of the command line, told in the user's language; what the parser itself finds is said here too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import click

from cli.speaking import language
from sim.language.nearest import did_you_mean, nearest
from sim.text import Text, same


class WrongUse(click.UsageError):
    """Options, arguments or names that cannot be used; `said` is what is told."""

    def __init__(self, message: Text, ctx: click.Context | None = None) -> None:
        super().__init__(message.en, ctx)
        self.said = message


class WrongValue(click.BadParameter):
    """A value that an option or argument does not take; `said` follows its name."""

    def __init__(self, message: Text, param: click.Parameter | None, ctx: click.Context | None) -> None:
        super().__init__(message.en, ctx, param)
        self.said = message


class Told(click.UsageError):
    """Wrong use as it is shown, in the language of the line."""

    def __init__(self, error: click.UsageError) -> None:
        self.lang = language(error.ctx)
        super().__init__(in_words(error).get(self.lang), error.ctx)

    def show(self, file: Any = None) -> None:
        if self.ctx is not None:
            hint = _TRY.get(self.lang).format(command=f"{self.ctx.command_path} --help")
            click.echo(f"{self.ctx.get_usage()}\n{hint}\n", err=True)
        click.echo(f"{ERROR.get(self.lang)}: {self.message}", err=True)


def in_words(error: click.UsageError) -> Text:
    """What is wrong with the line. What click alone knows of stays as it says it, in English."""
    if isinstance(error, WrongUse):
        return error.said
    if isinstance(error, click.MissingParameter):
        return _MISSING.format(name=_name(error))
    if isinstance(error, click.NoSuchOption):
        known = [name.lstrip("-") for param in _options(error) for name in param.opts]
        near = nearest(error.option_name.lstrip("-"), known)  # the dashes would make any two alike
        return _NO_OPTION.format(name=error.option_name, hint=_MEANT.format(near=f"--{near}") if near else _SEE_HELP)
    if isinstance(error, click.BadOptionUsage):
        is_flag = any(param.is_flag for param in _options(error) if error.option_name in param.opts)
        return (_NO_VALUE if is_flag else _NEEDS_VALUE).format(name=error.option_name)
    if isinstance(error, click.BadParameter):
        said = error.said if isinstance(error, WrongValue) else same(error.message)
        return _VALUE.format(name=_name(error), message=said)
    return same(error.format_message())


def _name(error: click.BadParameter) -> str:
    """The option, or the argument as the help calls it."""
    param = error.param
    if param is None:
        return str(error.param_hint or "")
    return max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name.strip("[]")


def _options(error: click.UsageError) -> list[click.Option]:
    params = error.ctx.command.params if error.ctx is not None else []
    return [param for param in params if isinstance(param, click.Option)]


def no_command(name: str, known: Sequence[str], ctx: click.Context) -> WrongUse:
    """A command that does not exist."""
    return WrongUse(_NO_COMMAND.format(name=name, hint=did_you_mean(name, known)), ctx)


ERROR: Final = Text("Fel", "Error")
_TRY: Final = Text("Hjälp finns: {command}", "For help: {command}")
_MISSING: Final = Text("{name} saknas", "{name} is missing")
_MEANT: Final = Text("menade du {near}?", "did you mean {near}?")
_SEE_HELP: Final = Text("--help visar dem som finns", "--help shows those there are")
_NO_OPTION: Final = Text("det finns inget tillval {name}; {hint}", "there is no option {name}; {hint}")
_NO_COMMAND: Final = Text("det finns inget kommando {name}; {hint}", "there is no command {name}; {hint}")
_NEEDS_VALUE: Final = Text("{name}: ett värde ska följa", "{name}: a value must follow")
_NO_VALUE: Final = Text("{name} tar inget värde", "{name} takes no value")
_VALUE: Final = same("{name}: {message}")
