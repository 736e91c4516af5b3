"""assumptions: the assumption register."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli import Settings
from cli.options import load_scenario_or_default, shared_options
from cli.show import print_json, table
from sim.text import Text


@click.command("assumptions")
@click.argument("path", metavar="[SCENARIO]", required=False, type=click.Path(path_type=Path))
@shared_options
@click.pass_context
def command(ctx: click.Context, path: Path | None, lang: str, as_json: bool, quiet: bool) -> None:
    """List every number that is assumed about the world: value, plausible range, unit, quality, source."""
    from sim.scenario import assumptions

    settings: Settings = ctx.obj
    name, scenario = load_scenario_or_default(path, settings)
    register = assumptions(scenario)
    estimates = sum(item.quality == "estimate" for item in register)
    share = estimates / len(register) if register else 0.0
    if as_json:
        keys = ("key", "title", "value", "low", "high", "unit", "source", "quality")
        rows = [{key: getattr(item, key) for key in keys} for item in register]
        print_json({"scenario": name, "estimates": estimates, "share_of_estimates": share, "assumptions": rows})
        return
    lines = [list(_HEAD[lang])]
    for item in register:
        mark = "*" if item.quality == "estimate" else " "
        quality = _QUALITY[item.quality].get(lang)
        lines.append(
            [
                mark,
                item.key,
                _plain(item.value),
                f"{_plain(item.low)}–{_plain(item.high)}",
                item.unit,
                quality,
                item.source,
            ]
        )
    click.echo(table(lines, numbers_from=len(lines[0])))
    click.echo("\n" + _SHARE.get(lang).format(estimates=estimates, total=len(register), percent=round(100 * share)))


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


_HEAD = {
    "sv": ("", "nyckel", "värde", "rimligt", "enhet", "kvalitet", "källa"),
    "en": ("", "key", "value", "plausible", "unit", "quality", "source"),
}
_QUALITY = {
    "measured": Text("uppmätt", "measured"),
    "published": Text("publicerat", "published"),
    "estimate": Text("uppskattat", "estimate"),
}
_SHARE = Text(
    "* uppskattat: {estimates} av {total} antaganden ({percent} %)",
    "* estimate: {estimates} of {total} assumptions ({percent}%)",
)
