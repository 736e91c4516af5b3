"""schema: the JSON Schema of scenario files."""

from __future__ import annotations

import click

from cli import Settings
from cli.inputs import declared_models
from cli.options import shared_options
from cli.show import print_json


@click.command("schema")
@shared_options
@click.pass_context
def command(ctx: click.Context, lang: str, as_json: bool, quiet: bool) -> None:
    """Print the JSON Schema of scenario files, with the settings of the models there are; editors use it to complete
    and check."""
    from sim.declared import json_schema

    settings: Settings = ctx.obj
    print_json(json_schema(declared_models(settings)))
