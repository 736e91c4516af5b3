"""new: a commented scenario to start from."""

from __future__ import annotations

from pathlib import Path

import click

from cli.commands import named
from cli.options import shared_options
from cli.show import print_json
from cli.wrong import WrongUse
from sim.text import Text

_ABOUT = Text(
    "Skriver scenarios/NAMN.yaml med varje inställning som en kommentar. En fil som redan finns lämnas i fred.",
    "Write scenarios/NAME.yaml with every setting as a comment. An existing file is left alone.",
)


@named("new", _ABOUT)
@click.argument("name")
@shared_options
def command(name: str, lang: str, as_json: bool, quiet: bool) -> None:
    from sim.scenario import template
    from sim.study.plan import is_safe_name

    stem = name.removesuffix(".yaml").removesuffix(".yml")
    if not is_safe_name(stem):
        raise WrongUse(_NO_NAME.format(name=name))
    path = Path("scenarios") / f"{stem}.yaml"
    path.parent.mkdir(exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(template(stem, lang))
    except FileExistsError:
        raise WrongUse(_EXISTS.format(path=path)) from None
    if as_json:
        print_json({"file": path.as_posix()})
    else:
        click.echo(str(path))


_NO_NAME = Text(
    "{name} är inget namn på ett scenario: använd bokstäver, siffror, - och _ (som vinter_2030)",
    "{name} is not a name for a scenario: use letters, digits, - and _ (such as vinter_2030)",
)
_EXISTS = Text(
    "{path} finns redan och lämnas som den är; välj ett annat namn",
    "{path} exists already and is left as it is; choose another name",
)
