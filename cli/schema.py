"""schema: the JSON Schema of scenario files."""

from __future__ import annotations

import click

from cli import Settings
from cli.commands import named
from cli.inputs import declared_models
from cli.options import shared_options
from cli.show import print_json
from sim.text import Text

_ABOUT = Text(
    "Skriver ut JSON Schema för scenariofiler, med modellernas inställningar; editorer använder det för att fylla i "
    "och kontrollera.",
    "Print the JSON Schema of scenario files, with the models' settings; editors use it to complete and check.",
)


@named("schema", _ABOUT)
@shared_options
@click.pass_context
def command(ctx: click.Context, lang: str, as_json: bool, quiet: bool) -> None:
    from sim.declared import json_schema

    settings: Settings = ctx.obj
    print_json(json_schema(declared_models(settings), lang))
