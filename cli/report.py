"""report: figures and page again, from stored results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import shared_options
from cli.show import print_json

if TYPE_CHECKING:
    from sim.api import StudyResult


_HELP_LATER = "Stored results of one scenario that stand as lång sikt beside those of DIR in the consequences."


@click.command("report")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--later", metavar="DIR", type=click.Path(path_type=Path), help=_HELP_LATER)
@shared_options
def command(folder: Path, later: Path | None, lang: str, as_json: bool, quiet: bool) -> None:
    """Make figures/ and report.html again from the results stored in DIR."""
    result = _load(folder)
    after = _load(later) if later is not None else None
    paths = result.write_report(folder, lang, after)
    if as_json:
        print_json({"study": result.name, "status": result.status, "files": [path.as_posix() for path in paths]})
    else:
        click.echo("\n".join(str(path) for path in paths))


def _load(folder: Path) -> StudyResult:
    from sim.api import load_study
    from sim.errors import ResultsError

    result = load_study(folder)
    if len(result.measures) == 0:
        raise ResultsError(f"{folder}: no replication was finished, there is nothing to show")
    return result
