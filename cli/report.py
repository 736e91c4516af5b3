"""report: figures and page again, from stored results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.commands import named, option
from cli.options import png_option, shared_options
from cli.show import print_json
from cli.values import Place
from sim.text import Text

if TYPE_CHECKING:
    from sim.api import StudyResult


_ABOUT = Text(
    "Gör om figures/ och report.html från resultaten som är sparade i DIR.",
    "Make figures/ and report.html again from the results stored in DIR.",
)


_LATER = Text(
    "Sparade resultat för ett scenario med ett senare befolkningsår, som står som lång sikt bredvid dem i DIR bland "
    "konsekvenserna.",
    "Stored results of one scenario of a later population year that stand as lång sikt beside those of DIR in the "
    "consequences.",
)


@named("report", _ABOUT)
@click.argument("folder", metavar="DIR", type=Place())
@option("--later", metavar="DIR", type=Place(), help=_LATER)
@png_option
@shared_options
def command(folder: Path, later: Path | None, png: bool, lang: str, as_json: bool, quiet: bool) -> None:
    result = _load(folder)
    after = _load(later) if later is not None else None
    paths = result.write_report(folder, lang, after, png=png)
    if as_json:
        print_json({"study": result.name, "status": result.status, "files": [path.as_posix() for path in paths]})
    else:
        click.echo("\n".join(str(path) for path in paths))


def _load(folder: Path) -> StudyResult:
    from sim.api import load_study
    from sim.errors import ResultsError

    result = load_study(folder)
    if len(result.measures) == 0:
        raise ResultsError(_NOTHING.format(folder=folder))
    return result


_NOTHING = Text(
    "{folder}: ingen upprepning blev klar, det finns inget att visa",
    "{folder}: no replication was finished, there is nothing to show",
)
