"""describe: the model by the items of STRESS-DES."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import Settings
from cli.commands import named, option
from cli.options import find_models, load_scenario_or_default, shared_options
from cli.show import print_json
from cli.values import Place
from sim.text import Text

if TYPE_CHECKING:
    from sim.documents import Parameter


_ABOUT = Text(
    "Beskriver modellen och experimentet efter de tjugo punkterna i STRESS-DES, som Markdown, från det som skulle "
    "köras: scenariots värden, modellerna med pass och vägar, strömmar, versioner, indata med kontrollsummor.",
    "Describe the model and the experiment by the twenty items of STRESS-DES, as Markdown, from what would be run: the "
    "scenario's values, the models with posts and routes, streams, versions, inputs with checksums.",
)


_OUT = Text("Skriv till den här filen i stället.", "Write to this file instead.")
_KEPT = Text(
    "Utelämna versioner och dator, för en fil som sparas med källkoden.",
    "Leave out versions and machine, for a file that is kept with the source.",
)


@named("describe", _ABOUT)
@click.argument("path", metavar="[SCENARIO]", required=False, type=Place())
@option("--out", type=Place("file"), metavar="FILE", help=_OUT)
@option("--kept", is_flag=True, help=_KEPT)
@shared_options
@click.pass_context
def command(
    ctx: click.Context, path: Path | None, out: Path | None, kept: bool, lang: str, as_json: bool, quiet: bool
) -> None:
    from sim.documents import describe, gather, sections

    settings: Settings = ctx.obj
    _, scenario = load_scenario_or_default(path, settings)
    _, base = load_scenario_or_default(None, settings)
    chosen = find_models(scenario.study.models, settings)
    parameters = own_numbers(settings.models, [item.name for item in chosen])
    text = describe(gather(scenario, base, chosen, parameters, kept), lang)
    if out is not None:
        out.write_text(text, encoding="utf-8", newline="\n")
    if as_json:
        print_json({"file": out.as_posix() if out else None, "items": [item._asdict() for item in sections(text)]})
    else:
        click.echo(str(out) if out else text.rstrip("\n"))


def own_numbers(package: str, names: list[str]) -> list[Parameter]:
    """The arguments of the models' functions that have a default, with the first words of what the function says."""
    from sim.documents import Parameter

    found = []
    for name in names:
        function = getattr(import_module(package), name, None)
        if callable(function):
            said = " ".join((inspect.getdoc(function) or "").split())
            arguments = inspect.signature(function).parameters.values()
            mine = [argument for argument in arguments if argument.default is not inspect.Parameter.empty]
            found += [
                Parameter(name, argument.name, argument.default, "" if i else said) for i, argument in enumerate(mine)
            ]
    return found
