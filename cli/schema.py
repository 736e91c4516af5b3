"""schema: the JSON Schema of scenario files."""

from __future__ import annotations

from cli.commands import named
from cli.options import shared_options
from cli.show import print_json
from sim.text import Text

_ABOUT = Text(
    "Skriver ut JSON Schema för scenariofiler; editorer använder det för att fylla i och kontrollera.",
    "Print the JSON Schema of scenario files; editors use it to complete and check.",
)


@named("schema", _ABOUT)
@shared_options
def command(lang: str, as_json: bool, quiet: bool) -> None:
    from sim.scenario import json_schema

    print_json(json_schema(lang))
