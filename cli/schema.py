"""schema: the JSON Schema of scenario files."""

from __future__ import annotations

import click

from cli.options import shared_options
from cli.show import print_json


@click.command("schema")
@shared_options
def command(lang: str, as_json: bool, quiet: bool) -> None:
    """Print the JSON Schema of scenario files; editors use it to complete and check."""
    from sim.scenario import json_schema

    print_json(json_schema())
