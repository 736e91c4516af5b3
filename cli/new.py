"""new: a commented scenario to start from."""

from __future__ import annotations

import click

from cli import Settings
from cli.commands import named
from cli.inputs import SCENARIOS, declared_models
from cli.options import shared_options
from cli.show import print_json
from cli.writing import write_text
from cli.wrong import WrongUse
from sim.text import Text

_ABOUT = Text(
    "Skriver scenarios/NAMN.yaml med fält och modellernas inställningar som kommentarer. En fil som redan finns lämnas "
    "i fred.",
    "Write scenarios/NAME.yaml with fields and the models' settings as comments. An existing file is left alone.",
)


@named("new", _ABOUT)
@click.argument("name")
@shared_options
@click.pass_context
def command(ctx: click.Context, name: str, lang: str, as_json: bool, quiet: bool) -> None:
    from sim.declared import template
    from sim.study.names import is_safe_name

    stem = name.removesuffix(".yaml").removesuffix(".yml")
    if not is_safe_name(stem):
        raise WrongUse(_NO_NAME.format(name=name))
    settings: Settings = ctx.obj
    text = template(stem, declared_models(settings), lang)
    path = SCENARIOS / f"{stem}.yaml"
    path.parent.mkdir(exist_ok=True)
    write_text(path, text)
    if as_json:
        print_json({"file": path.as_posix()})
    else:
        click.echo(str(path))


_NO_NAME = Text(
    "{name} är inget namn på ett scenario: använd bokstäver, siffror, - och _ (som vinter_2030)",
    "{name} is not a name for a scenario: use letters, digits, - and _ (such as vinter_2030)",
)
