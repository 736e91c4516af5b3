"""new: a commented scenario to start from."""

from __future__ import annotations

from pathlib import Path

import click

from cli import Settings
from cli.inputs import declared_models
from cli.options import shared_options
from cli.show import print_json


@click.command("new")
@click.argument("name")
@shared_options
@click.pass_context
def command(ctx: click.Context, name: str, lang: str, as_json: bool, quiet: bool) -> None:
    """Write scenarios/NAME.yaml with fields and the models' settings as comments. An existing file is left alone."""
    from sim.declared import template
    from sim.study.plan import is_safe_name

    stem = name.removesuffix(".yaml").removesuffix(".yml")
    if not is_safe_name(stem):
        raise click.UsageError(
            f"{name!r} is not a name for a scenario: use letters, digits, - and _ (such as vinter_2030)"
        )
    settings: Settings = ctx.obj
    text = template(stem, declared_models(settings))
    path = Path("scenarios") / f"{stem}.yaml"
    path.parent.mkdir(exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise click.UsageError(f"{path} exists already and is left as it is; choose another name") from None
    if as_json:
        print_json({"file": path.as_posix()})
    else:
        click.echo(str(path))
