"""measures: the data dictionary."""

from __future__ import annotations

from pathlib import Path

import click

from cli.commands import named, option
from cli.inputs import own_measures
from cli.options import shared_options
from cli.show import print_json
from cli.values import Place
from sim.language.tables import aligned
from sim.language.titles import DIRECTIONS
from sim.language.units import unit
from sim.text import Text

_ABOUT = Text(
    "Listar måtten: namn, titel, enhet, vilken riktning som är bättre, hur vart och ett räknas.",
    "List the measures: name, title, unit, which direction is better, how each is computed.",
)


_FILE = Text(
    "Python-fil med egna mått, som listas efter de andra.", "Python file with measures of your own, listed last."
)


@named("measures", _ABOUT)
@option("--measures", "measures_file", type=Place(), metavar="FILE", help=_FILE)
@shared_options
def command(measures_file: Path | None, lang: str, as_json: bool, quiet: bool) -> None:
    from sim.measures import MEASURES

    every = (*MEASURES, *own_measures(measures_file))
    if as_json:
        keys = ("name", "title", "unit", "formula", "better", "practical")
        print_json({"measures": [{key: getattr(item, key) for key in keys} for item in every]})
        return
    rows = [list(_HEAD[lang])]
    for item in every:
        rows.append(
            [
                item.name,
                item.title.get(lang),
                unit(item.unit).many.get(lang),
                DIRECTIONS[item.better].get(lang),
                item.formula.get(lang),
            ]
        )
    click.echo(aligned(rows, numbers_from=len(rows[0])))


_HEAD = {
    "sv": ("mått", "namn", "enhet", "bättre", "så räknas det"),
    "en": ("measure", "title", "unit", "better", "how it is computed"),
}
