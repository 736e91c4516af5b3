"""models: which organisations there are."""

from __future__ import annotations

import textwrap
from typing import Any

import click

from cli import Settings
from cli.commands import named
from cli.options import find_models, load_scenario_or_default, shared_options
from cli.show import print_json
from sim.language.numbers import number
from sim.text import Text

_ABOUT = Text(
    "Listar organisationsmodellerna: namn, titel, beskrivning, läkartimmar i veckan i standardscenariot.",
    "List the organisation models: name, title, description, physician-hours a week in the default scenario.",
)


@named("models", _ABOUT)
@shared_options
@click.pass_context
def command(ctx: click.Context, lang: str, as_json: bool, quiet: bool) -> None:
    from sim.study.pipeline import build_world, compile_tables

    settings: Settings = ctx.obj
    _, scenario = load_scenario_or_default(None, settings)
    world = build_world(scenario)
    rows: list[dict[str, Any]] = []
    for item in find_models(None, settings):
        tables = compile_tables(item, world, scenario)
        rows.append(
            {
                "name": item.name,
                "title": item.title.get(lang),
                "description": item.description.get(lang),
                "hours_per_week": tables.hours_per_week,
                "physicians": tables.n_physicians,
                "pools": [title.get(lang) for title in tables.pool_titles],
            }
        )
    if as_json:
        print_json({"models": rows})
        return
    for row in rows:
        facts = _FACTS.get(lang).format(hours=number(row["hours_per_week"], lang, 1), people=row["physicians"])
        click.echo(f"{row['name']}: {row['title']} ({facts})")
        click.echo(textwrap.indent(textwrap.fill(row["description"], 96), "    "))


_FACTS = Text("{hours} läkartimmar i veckan, {people} läkare", "{hours} physician-hours a week, {people} physicians")
