"""Options that several commands share, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli import DEBUG, Settings
from cli.commands import language_option, option
from cli.values import not_among
from cli.wrong import WrongUse
from sim.language.nearest import did_you_mean
from sim.text import Text

if TYPE_CHECKING:
    from sim.organisation import Organisation
    from sim.scenario import Scenario

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_SCENARIO = "halland"


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


class EngineName(click.ParamType[str]):
    """The name of an engine; looked up when used, since engines are slow to import."""

    name = "engine"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from sim.engine import ENGINES

        if value not in ENGINES:
            raise not_among(value, ENGINES, param, ctx)
        return str(value)


def load_scenario_or_default(path: Path | None, settings: Settings) -> tuple[str, Scenario]:
    """The scenario and its name; without a path the default that comes with the program. Raises ScenarioError."""
    from sim.scenario import Scenario, load_scenario
    from sim.study.plan import safe_name

    if path is not None:
        return safe_name(path.stem), load_scenario(path)
    file = f"{DEFAULT_SCENARIO}.yaml"
    for folder in (settings.home / "scenarios", settings.home / "sim" / "data" / "scenarios"):  # source tree, installed
        if (folder / file).is_file():
            return DEFAULT_SCENARIO, load_scenario(folder / file)
    return DEFAULT_SCENARIO, Scenario()


def find_models(wanted: Iterable[str] | None, settings: Settings) -> tuple[Organisation, ...]:
    """The organisations of these names, in this order; all for None. A name that does not exist is wrong use."""
    package = import_module(settings.models)
    known: tuple[str, ...] = package.names()
    if wanted is None:
        return tuple(package.all())
    chosen = tuple(dict.fromkeys(wanted))
    for name in chosen:
        if name not in known:
            raise WrongUse(_NO_MODEL.format(name=name, hint=did_you_mean(name, known)))
    return tuple(package.find(name) for name in chosen)


def split_names(text: str | None) -> list[str] | None:
    """From `a, b` to its names; None and nothing but commas as None."""
    return [name for part in (text or "").split(",") if (name := part.strip())] or None


_DEBUG = Text("Visa felspår.", "Show tracebacks.")
_QUIET = Text("Ingen lägesrapport på stderr.", "No progress on stderr.")
_JSON = Text("Skriv ett enda JSON-objekt och inget annat.", "Print one JSON object and nothing else.")
_NO_MODEL = Text("ingen modell heter {name}; {hint}", "no model is called {name}; {hint}")
