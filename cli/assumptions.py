"""assumptions: the register of all inputs."""

from __future__ import annotations

from pathlib import Path

import click

from cli import Settings
from cli.commands import named
from cli.inputs import choose, declared_models, load_named
from cli.options import shared_options
from cli.show import print_json
from cli.values import Place
from sim.language.numbers import between, percent, plain
from sim.language.tables import aligned
from sim.language.titles import KINDS, QUALITIES
from sim.language.units import unit
from sim.scenario.fields import Kind
from sim.text import Text

Span = tuple[float | None, float | None]  # low and high

_ABOUT = Text(
    "Listar alla tal i scenariot och i regionens tabeller: art (omvärld, beslut eller preferens), värde, intervall, "
    "enhet, kvalitet, källa. Intervallet är för omvärlden ett centralt 90-procentsintervall. Sist hur många av "
    "omvärldens tal som är uppskattningar, och modellernas inställningar som säger hur det är i dag.",
    "List every number of the scenario and of the region's tables: kind (world, decision or preference), value, range, "
    "unit, quality, source. The range of a number of the world is a central 90 % interval. At the end how many of the "
    "world's numbers are estimates, and the models' settings that say how things are today.",
)


@named("assumptions", _ABOUT)
@click.argument("path", metavar="[SCENARIO]", required=False, type=Place())
@shared_options
@click.pass_context
def command(ctx: click.Context, path: Path | None, lang: str, as_json: bool, quiet: bool) -> None:
    from sim.declared import settings_of
    from sim.scenario.assumed import share_of_estimates
    from sim.world.assumed import all_inputs, table_qualities

    settings: Settings = ctx.obj
    declared = declared_models(settings)
    name, scenario = load_named(path, declared)
    own = [
        item
        for variant in choose(None, scenario, declared)
        for item in settings_of(variant.name, variant.settings)
        if item.quality is not None
    ]
    register = all_inputs(scenario)
    counted = table_qualities(scenario)
    share = share_of_estimates(register)
    if as_json:
        keys = ("key", "title", "value", "low", "high", "unit", "source", "quality", "kind")
        rows = [{key: getattr(item, key) for key in keys} for item in register]
        told = {"estimates": share.estimates, "share_of_estimates": share.share, "assumptions": rows}
        kept = ("model", "key", "title", "low", "high", "unit", "source", "quality")
        told["settings"] = [{"value": item.plain} | {key: getattr(item, key) for key in kept} for item in own]
        print_json({"scenario": name, **told, "tables": [item._asdict() for item in counted]})
        return
    lines = [list(_HEAD[lang])]
    lines += [
        _line(
            item.key,
            item.kind,
            plain(item.value, lang),
            (item.low, item.high),
            item.unit,
            item.quality,
            item.source,
            lang,
        )
        for item in register
    ]
    models = [list(_HEAD[lang])]
    models += [
        _line(
            f"models.{item.model}.{item.key}", "world", str(item.plain), (item.low, item.high), item.unit,
            str(item.quality), item.source, lang,
        )
        for item in own
    ]  # fmt: skip
    tables = [list(_TABLES[lang])]
    tables += [[item.file, *map(str, (item.rows, item.measured, item.published, item.estimate))] for item in counted]
    click.echo(aligned(lines, numbers_from=len(lines[0])))
    click.echo("\n" + aligned(tables))
    if own:
        click.echo("\n" + _MODELS.get(lang) + "\n" + aligned(models, numbers_from=len(models[0])))
    told = {"estimates": share.estimates, "total": share.total, "share": percent(share.share, lang)}
    click.echo("\n" + _SHARE.get(lang).format(**told))


def _line(key: str, kind: Kind, value: str, span: Span, of: str, known: str, source: str, lang: str) -> list[str]:
    low, high = span
    between_them = "–" if low is None or high is None else between(plain(low, lang), plain(high, lang), lang)
    star = "*" if known == "estimate" and kind == "world" else " "
    what, sure = KINDS[kind].get(lang), QUALITIES[known].get(lang)
    return [star, key, what, value, between_them, unit(of).many.get(lang), sure, source]


_HEAD = {
    "sv": ("", "nyckel", "art", "värde", "intervall", "enhet", "kvalitet", "källa"),
    "en": ("", "key", "kind", "value", "range", "unit", "quality", "source"),
}
_TABLES = {
    "sv": ("regionens tabeller", "rader", "uppmätt", "publicerat", "uppskattat"),
    "en": ("the region's tables", "rows", "measured", "published", "estimate"),
}
_MODELS = Text(
    "Modellernas inställningar som säger hur det är i dag (utanför räkningen; de andra är val, och listas av models):",
    "Settings of the models that say how things are today (not in the count; the others are choices; see models):",
)
_SHARE = Text(
    "* uppskattat: {estimates} av {total} tal om omvärlden ({share})",
    "* estimate: {estimates} of {total} numbers of the world ({share})",
)
