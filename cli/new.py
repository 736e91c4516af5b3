"""new: a commented scenario to start from."""

from __future__ import annotations

from pathlib import Path

import click

from cli.options import shared_options
from cli.show import print_json
from cli.writing import write_text


@click.command("new")
@click.argument("name")
@shared_options
def command(name: str, lang: str, as_json: bool, quiet: bool) -> None:
    """Write scenarios/NAME.yaml with every setting as a comment. An existing file is left alone."""
    from sim.scenario import template
    from sim.study.names import is_safe_name

    stem = name.removesuffix(".yaml").removesuffix(".yml")
    if not is_safe_name(stem):
        raise click.UsageError(
            f"{name!r} is not a name for a scenario: use letters, digits, - and _ (such as vinter_2030)"
        )
    path = Path("scenarios") / f"{stem}.yaml"
    path.parent.mkdir(exist_ok=True)
    write_text(path, template(stem))
    if as_json:
        print_json({"file": path.as_posix()})
    else:
        click.echo(str(path))
