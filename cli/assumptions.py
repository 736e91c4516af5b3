"""assumptions: the register of all inputs."""

from __future__ import annotations

from pathlib import Path

import click

from cli import Settings
from cli.commands import named
from cli.options import load_scenario_or_default, shared_options
from cli.show import print_json
from cli.values import Place
from sim.language.numbers import between, percent, plain
from sim.language.tables import aligned
from sim.language.titles import KINDS, QUALITIES
from sim.language.units import unit
from sim.text import Text

_ABOUT = Text(
    "Listar alla tal i scenariot och i regionens tabeller: art (omvärld, beslut eller preferens), värde, intervall, "
    "enhet, kvalitet, källa. Intervallet är för omvärlden ett centralt 90-procentsintervall. Sist hur många av "
    "omvärldens tal som är uppskattningar.",
    "List every number of the scenario and of the region's tables: kind (world, decision or preference), value, range, "
    "unit, quality, source. The range of a number of the world is a central 90 % interval. At the end how many of the "
    "world's numbers are estimates.",
)


@named("assumptions", _ABOUT)
@click.argument("path", metavar="[SCENARIO]", required=False, type=Place())
@shared_options
@click.pass_context
def command(ctx: click.Context, path: Path | None, lang: str, as_json: bool, quiet: bool) -> None:
    from sim.scenario.assumed import share_of_estimates
    from sim.world.assumed import all_inputs, table_qualities

    settings: Settings = ctx.obj
    name, scenario = load_scenario_or_default(path, settings)
    register = all_inputs(scenario)
    counted = table_qualities(scenario)
    share = share_of_estimates(register)
    if as_json:
        keys = ("key", "title", "value", "low", "high", "unit", "source", "quality", "kind")
        rows = [{key: getattr(item, key) for key in keys} for item in register]
        told = {"estimates": share.estimates, "share_of_estimates": share.share, "assumptions": rows}
        print_json({"scenario": name, **told, "tables": [item._asdict() for item in counted]})
        return
    lines = [list(_HEAD[lang])]
    for item in register:
        lines.append(
            [
                "*" if item.quality == "estimate" and item.kind == "world" else " ",
                item.key,
                KINDS[item.kind].get(lang),
                plain(item.value, lang),
                "–"
                if item.low is None or item.high is None
                else between(plain(item.low, lang), plain(item.high, lang), lang),
                unit(item.unit).many.get(lang),
                QUALITIES[item.quality].get(lang),
                item.source,
            ]
        )
    tables = [list(_TABLES[lang])]
    tables += [[item.file, *map(str, (item.rows, item.measured, item.published, item.estimate))] for item in counted]
    click.echo(aligned(lines, numbers_from=len(lines[0])))
    click.echo("\n" + aligned(tables))
    click.echo("\n" + _MODELS.get(lang))
    told = {"estimates": share.estimates, "total": share.total, "share": percent(share.share, lang)}
    click.echo("\n" + _SHARE.get(lang).format(**told))


_HEAD = {
    "sv": ("", "nyckel", "art", "värde", "intervall", "enhet", "kvalitet", "källa"),
    "en": ("", "key", "kind", "value", "range", "unit", "quality", "source"),
}
_TABLES = {
    "sv": ("regionens tabeller", "rader", "uppmätt", "publicerat", "uppskattat"),
    "en": ("the region's tables", "rows", "measured", "published", "estimate"),
}
_MODELS = Text(
    "Modellernas egna tal (linjer, baser, vila) listas av kommandot describe, punkt 3.3.",
    "The models' own numbers (lines, bases, rest) are listed by the command describe, item 3.3.",
)
_SHARE = Text(
    "* uppskattat: {estimates} av {total} tal om omvärlden ({share})",
    "* estimate: {estimates} of {total} numbers of the world ({share})",
)
