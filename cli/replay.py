"""replay: a stored run once more, compared number by number."""

from __future__ import annotations

from pathlib import Path

import click

from cli import NO_RESULTS, Settings
from cli.commands import named
from cli.inputs import declared_models
from cli.options import shared_options
from cli.show import print_json
from cli.values import Place
from sim.text import Text

_ABOUT = Text(
    "Kör en sparad körning igen och säg om varje tal är detsamma till sista biten.\n\nDIR är mappen för en studie "
    "eller en batch. KEY är början på en nyckel under tasks i manifest.json, eller MODELL/UPPREPNING, som hybrid/3.",
    "Run a stored run again and say whether every number is the same to the last bit.\n\nDIR is the folder of a study "
    "or a batch. KEY is the beginning of a key under tasks in manifest.json, or MODEL/REPLICATION, such as hybrid/3.",
)


@named("replay", _ABOUT)
@click.argument("folder", metavar="DIR", type=Place("folder"))
@click.argument("key", metavar="KEY")
@shared_options
@click.pass_context
def command(ctx: click.Context, folder: Path, key: str, lang: str, as_json: bool, quiet: bool) -> None:
    from sim.study.replaying import replay

    settings: Settings = ctx.obj
    found = replay(folder, key, declared_models(settings))
    task = found.task
    values = {
        "scenario": task.scenario, "model": task.model, "replication": task.replication, "key": found.key,
        "rows": found.rows, "differing": found.differing,
    }  # fmt: skip
    why = found.why.get(lang) if found.why else None
    if as_json:
        print_json(values | {"same": found.is_same, "same_patients": found.same_tape, "changed": why})
    else:
        said = _SAME if found.is_same else _OTHER if found.same_tape else _PATIENTS
        click.echo(said.get(lang).format_map(values) + (f" ({why})" if why else ""))
    if not found.is_same:
        ctx.exit(NO_RESULTS)


_SAME = Text(
    "{scenario}, {model}, upprepning {replication}: alla {rows} tal är desamma till sista biten",
    "{scenario}, {model}, replication {replication}: all {rows} numbers are the same to the last bit",
)
_OTHER = Text(
    "{scenario}, {model}, upprepning {replication}: {differing} av {rows} tal är inte desamma",
    "{scenario}, {model}, replication {replication}: {differing} of {rows} numbers are not the same",
)
_PATIENTS = Text(
    "{scenario}, {model}, upprepning {replication}: inte samma patienter, och {differing} av {rows} andra tal",
    "{scenario}, {model}, replication {replication}: not the same patients, and {differing} of {rows} other numbers",
)
