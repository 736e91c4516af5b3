"""report: figures and page again, from stored results."""

from __future__ import annotations

from pathlib import Path

import click

from cli.options import shared_options
from cli.show import print_json


@click.command("report")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@shared_options
def command(folder: Path, lang: str, as_json: bool, quiet: bool) -> None:
    """Make figures/ and report.html again from the results stored in DIR."""
    from sim.api import load_study

    result = load_study(folder)
    if len(result.measures) == 0:
        from sim.errors import ResultsError

        raise ResultsError(f"{folder}: no replication was finished, there is nothing to show")
    paths = result.write_report(folder, lang)
    if as_json:
        print_json({"study": result.name, "status": result.status, "files": [path.as_posix() for path in paths]})
    else:
        click.echo("\n".join(str(path) for path in paths))
