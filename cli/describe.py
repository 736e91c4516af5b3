"""describe: the model by the items of STRESS-DES."""

from __future__ import annotations

from pathlib import Path

import click

from cli import Settings
from cli.commands import named, option
from cli.inputs import MODELS_HELP, choose, declared_models, default_scenario, load_named, models_asked
from cli.options import shared_options
from cli.show import print_json
from cli.values import Place
from cli.writing import write_text
from sim.text import Text

_ABOUT = Text(
    "Beskriver modellen och experimentet efter de tjugo punkterna i STRESS-DES, som Markdown, från det som skulle "
    "köras: scenariots värden, modellerna med pass och vägar, strömmar, versioner, indata med kontrollsummor.",
    "Describe the model and the experiment by the twenty items of STRESS-DES, as Markdown, from what would be run: the "
    "scenario's values, the models with posts and routes, streams, versions, inputs with checksums.",
)


_OUT = Text(
    "Skriv till den här filen i stället; en beskrivning som redan finns där ersätts.",
    "Write to this file instead; a description that is there already is replaced.",
)
_KEPT = Text(
    "Utelämna versioner och dator, för en fil som sparas med källkoden.",
    "Leave out versions and machine, for a file that is kept with the source.",
)


@named("describe", _ABOUT)
@click.argument("path", metavar="[SCENARIO]", required=False, type=Place())
@option("--models", "names", metavar="A,B", help=MODELS_HELP)
@option("--out", type=Place("file"), metavar="FILE", help=_OUT)
@option("--kept", is_flag=True, help=_KEPT)
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    path: Path | None,
    names: str | None,
    out: Path | None,
    kept: bool,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    from sim.declared import settings_of
    from sim.documents import describe, gather, is_description, sections

    settings: Settings = ctx.obj
    wanted, files = models_asked(names)
    declared = declared_models(settings, wanted, files)
    _, scenario = load_named(path, declared)
    chosen = choose(wanted, scenario, declared)
    made = [variant.organisation() for variant in chosen]
    own = [item for variant in chosen for item in settings_of(variant.name, variant.settings)]
    text = describe(gather(scenario, default_scenario(), made, own, kept), lang)
    if out is not None:
        write_text(out, text, is_description)
    if as_json:
        print_json({"file": out.as_posix() if out else None, "items": [item._asdict() for item in sections(text)]})
    else:
        click.echo(str(out) if out else text.rstrip("\n"))
