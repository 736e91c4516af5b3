"""describe: the model by the items of STRESS-DES."""

from __future__ import annotations

from pathlib import Path

import click

from cli import Settings
from cli.inputs import choose, declared_models, default_scenario, load, models_asked
from cli.options import shared_options
from cli.show import print_json


@click.command("describe")
@click.argument("path", metavar="[SCENARIO]", required=False, type=click.Path(path_type=Path))
@click.option("--models", "names", metavar="A,B", help="Only these models, variants, or paths of model files.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file instead.")
@click.option("--kept", is_flag=True, help="Leave out versions and machine, for a file that is kept with the source.")
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    path: Path | None,
    names: str | None,
    out: Path | None,
    kept: bool,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Describe the model and the experiment by the twenty items of STRESS-DES, as Markdown, from what would be run:
    the scenario's values, the models with posts and routes, streams, versions, inputs with checksums."""
    from sim.declared import settings_of
    from sim.documents import describe, gather, sections

    settings: Settings = ctx.obj
    wanted, files = models_asked(names)
    declared = declared_models(settings, files)
    _, scenario = load(path, declared)
    chosen = choose(wanted, scenario, declared)
    made = [variant.organisation() for variant in chosen]
    own = [item for variant in chosen for item in settings_of(variant.name, variant.settings)]
    text = describe(gather(scenario, default_scenario(), made, own, kept), lang)
    if out is not None:
        out.write_text(text, encoding="utf-8", newline="\n")
    if as_json:
        print_json({"file": out.as_posix() if out else None, "items": [item._asdict() for item in sections(text)]})
    else:
        click.echo(str(out) if out else text.rstrip("\n"))
