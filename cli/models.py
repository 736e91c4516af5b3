"""models: which organisations there are, and what can be set in them."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import USAGE, Settings
from cli.commands import named, option
from cli.inputs import MODELS_HELP, choose, declared_models, load_named, models_asked
from cli.options import shared_options
from cli.show import print_json
from cli.values import Place
from sim.language.numbers import between, number, plain
from sim.language.tables import aligned
from sim.language.titles import QUALITIES
from sim.text import Text

if TYPE_CHECKING:
    from sim.declared import Setting, Variant
    from sim.engine import Tables
    from sim.organisation import Organisation


_ABOUT = Text(
    "Listar organisationsmodellerna, och de varianter som SCENARIO anger: namn, titel, beskrivning, läkartimmar i "
    "veckan och varje inställning med sitt värde (* där det inte är modellens eget).",
    "List the organisation models, and the variants that SCENARIO states: name, title, description, physician-hours a "
    "week, and every setting with its value (* where it is not the model's own).",
)


@named("models", _ABOUT)
@click.argument("path", metavar="[SCENARIO]", required=False, type=Place())
@option("--models", "names", metavar="A,B", help=MODELS_HELP)
@shared_options
@click.pass_context
def command(ctx: click.Context, path: Path | None, names: str | None, lang: str, as_json: bool, quiet: bool) -> None:
    from sim.errors import OrganisationError
    from sim.study.stages import make_stages

    settings: Settings = ctx.obj
    wanted, files = models_asked(names)
    declared = declared_models(settings, wanted, files)
    _, scenario = load_named(path, declared)
    rows, faults = [], list(declared.faults.values())
    for variant in choose(wanted, scenario, declared):
        try:
            made = variant.organisation()
            rows.append(row_of(variant, made, make_stages(scenario, [made]).tables(made.name), lang))
        except OrganisationError as error:
            faults.append(error)
            click.echo(error.get(lang), err=True)
    if as_json:
        print_json({"models": rows, "left_out": [fault.get(lang) for fault in faults]})
    else:
        click.echo("\n\n".join(render(row, lang) for row in rows))
    if len(faults) > len(declared.faults):
        ctx.exit(USAGE)


def row_of(variant: Variant, made: Organisation, tables: Tables, lang: str) -> dict[str, Any]:
    """What there is to say of a model."""
    from sim.declared import settings_of

    return {
        "name": made.name,
        "title": made.title.get(lang),
        "description": made.description.get(lang),
        "from": variant.made_from or None,
        "file": variant.model.file.as_posix() if variant.model.file else None,
        "hours_per_week": tables.hours_per_week,
        "physicians": tables.n_physicians,
        "pools": [title.get(lang) for title in tables.pool_titles],
        "settings": [setting_row(item, lang) for item in settings_of(made.name, variant.settings)],
    }


def setting_row(item: Setting, lang: str) -> dict[str, Any]:
    """A setting for --json: its value as it is written in a scenario, and in words."""
    return {
        "key": item.key,
        "title": item.title.get(lang),
        "value": item.plain,
        "default": item.plain_default,
        "said": item.said.get(lang),
        "unit": item.unit,
        "allowed": item.allowed.get(lang),
        "about": item.about.get(lang),
        "low": item.low,
        "high": item.high,
        "source": item.source or None,
        "quality": item.quality,
    }


def render(row: dict[str, Any], lang: str) -> str:
    """What is printed of a model."""
    facts = _FACTS.get(lang).format(hours=number(row["hours_per_week"], lang, 1), people=row["physicians"])
    made_from = _FROM.get(lang).format(name=row["from"]) if row["from"] else ""
    parts = [
        f"{row['name']}{made_from}: {row['title']} ({facts})",
        textwrap.indent(textwrap.fill(row["description"], 96), "    "),
    ]
    if row["settings"]:
        lines = [
            [
                "*" if item["value"] != item["default"] else " ",
                item["key"],
                item["said"],
                item["title"],
                known(item, lang),
            ]
            for item in row["settings"]
        ]
        parts.append(textwrap.indent(aligned(lines, numbers_from=5, rule=False), "  "))
    return "\n".join(parts)


def mark(item: dict[str, Any]) -> str:
    """A star where the value is not the model's own."""
    return "*" if item["value"] != item["default"] else " "


def known(item: dict[str, Any], lang: str) -> str:
    """Range and quality of a setting that says how things are today."""
    if item["quality"] is None:
        return ""
    words = between(plain(item["low"], lang), plain(item["high"], lang), lang)
    return f"{words}, {QUALITIES[item['quality']].get(lang)}"


_FROM = Text(" (av {name})", " (from {name})")
_FACTS = Text("{hours} läkartimmar i veckan, {people} läkare", "{hours} physician-hours a week, {people} physicians")
