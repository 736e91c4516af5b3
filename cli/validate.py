"""validate: check scenario files, and the index of questions, before anything is run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import USAGE, Settings
from cli.compare import change_sentence
from cli.options import find_models, shared_options
from cli.show import number, print_json, table
from sim.codes import WINDOW_TITLES
from sim.text import Text

if TYPE_CHECKING:
    from sim.scenario import Scenario

TRIAL_ENGINE = "compiled"


@click.command("validate")
@click.argument("paths", metavar="SCENARIO...", nargs=-1, required=True, type=click.Path(path_type=Path))
@shared_options
@click.pass_context
def command(ctx: click.Context, paths: tuple[Path, ...], lang: str, as_json: bool, quiet: bool) -> None:
    """Check scenario files. Prints every error as file:line:col; for a valid file what differs from the default, the
    requests and the offered load per municipality and window, and an estimate of the time.

    For an index.yaml: its questions, and every scenario file of the folder and what it changes."""
    from sim.errors import InputError, OrganisationError
    from sim.scenario.index import INDEX_FILE

    settings: Settings = ctx.obj
    reports: list[dict[str, Any]] = []
    for path in paths:
        is_index = path.name == INDEX_FILE
        try:
            report = examine_index(path, settings, lang) if is_index else examine(path, settings, lang)
        except (InputError, OrganisationError) as error:
            problems = [str(item) for item in error.problems] if isinstance(error, InputError) else [f"{path}: {error}"]
            report = {"file": path.as_posix(), "valid": False, "errors": problems}
            click.echo("\n".join(problems), err=True)
        reports.append(report)
        if report["valid"] and not as_json:
            click.echo((render_index if is_index else render)(report, lang) + "\n")
    if as_json:
        print_json({"scenarios": reports})
    if not all(report["valid"] for report in reports):
        ctx.exit(USAGE)


def examine(path: Path, settings: Settings, lang: str) -> dict[str, Any]:
    """What there is to say of one file. Raises ScenarioError, RegionError, OrganisationError."""
    from sim.scenario import load_scenario
    from sim.study.executors import default_jobs
    from sim.study.load import seconds_needed

    scenario = load_scenario(path)
    organisations = find_models(scenario.study.models, settings)
    jobs = default_jobs()
    return {
        "file": path.as_posix(),
        "valid": True,
        "errors": [],
        "changes": change_sentence(scenario, settings, lang),
        "load": load_rows(scenario, lang),
        "models": len(organisations),
        "replications": scenario.study.replications,
        "jobs": jobs,
        "seconds": seconds_needed(scenario, organisations, TRIAL_ENGINE, jobs),
    }


def examine_index(path: Path, settings: Settings, lang: str) -> dict[str, Any]:
    """What there is to say of an index. Every model is compiled against every scenario, so that a name which only a
    region can tell is found too. Raises ScenarioError, RegionError, OrganisationError."""
    from sim.errors import OrganisationError
    from sim.measures import MEASURES
    from sim.scenario.index import load_index
    from sim.study.stages import make_stages

    index = load_index(path, [measure.name for measure in MEASURES])
    for name, scenario in index.scenarios.items():
        stages = make_stages(scenario, find_models(scenario.study.models, settings))
        for model in stages.organisations:
            try:
                stages.tables(model)
            except OrganisationError as error:
                raise OrganisationError(f"{name}: {error}") from None
    return {
        "file": path.as_posix(),
        "valid": True,
        "errors": [],
        "default": index.default,
        "questions": [
            {
                "id": question.id,
                "question": question.question.get(lang),
                "lever": question.lever.get(lang),
                "files": [
                    {
                        "file": name,
                        "title": index.scenarios[name].title.get(lang),
                        "changes": index.changes(name).get(lang),
                    }
                    for name in question.files
                ],
                "against": question.against,
                "measures": list(question.measures),
                "shown": question.shown.get(lang),
            }
            for question in index.questions
        ],
    }


def render_index(report: dict[str, Any], lang: str) -> str:
    """What is printed of a valid index."""
    parts = []
    for question in report["questions"]:
        lines = [question["question"], *(f"  {item['file']}: {item['changes']}" for item in question["files"])]
        parts.append("\n".join(lines))
    files = sum(len(question["files"]) for question in report["questions"])
    head = _INDEX.get(lang).format(questions=len(report["questions"]), files=files)
    return "\n\n".join([f"{report['file']}: {head}", *parts])


def load_rows(scenario: Scenario, lang: str) -> list[dict[str, Any]]:
    """Requests a year and busy physicians, a row for each municipality and window, from replication 1."""
    from sim.study.load import offered_load
    from sim.study.stages import make_stages

    stages = make_stages(scenario, ())
    world = stages.world
    load = offered_load(stages.draw(1).tape, world)
    return [
        {
            "municipality": place.name,
            "window": window,
            "requests_per_year": float(load.requests[m, w]),
            "busy_physicians": float(load.busy[m, w]),
        }
        for m, place in enumerate(world.municipalities)
        for w, window in enumerate(WINDOW_TITLES)
    ]


def render(report: dict[str, Any], lang: str) -> str:
    """What is printed of a valid file."""
    windows = list(WINDOW_TITLES)
    cells = {(row["municipality"], row["window"]): row for row in report["load"]}
    rows = [["", *(window for window in windows)]]
    for place in dict.fromkeys(row["municipality"] for row in report["load"]):
        found = [cells[place, window] for window in windows]
        rows.append([place, *(_cell(row["requests_per_year"], row["busy_physicians"], lang) for row in found)])
    totals = [[row for row in report["load"] if row["window"] == window] for window in windows]
    sums = [(sum(r["requests_per_year"] for r in part), sum(r["busy_physicians"] for r in part)) for part in totals]
    rows.append([_ALL.get(lang), *(_cell(*pair, lang) for pair in sums)])
    time = _TIME.get(lang).format_map(report | {"seconds": number(report["seconds"], lang, 0)})
    return f"{report['file']}: {report['changes']}\n\n{_LOAD.get(lang)}\n{table(rows)}\n\n{time}"


def _cell(requests: float, busy: float, lang: str) -> str:
    return f"{number(requests, lang, 0)} / {number(busy, lang, 2)}"


_INDEX = Text(
    "{questions} frågor, {files} scenariofiler, allt rätt.", "{questions} questions, {files} scenario files, all valid."
)
_ALL = Text("hela länet", "whole county")
_LOAD = Text(
    "Behov per år / så många läkare de i snitt sysselsätter under fönstrets timmar (besök, dokumentation och\n"
    "lokal resa; planerade besök och ronder räknas på dagen; en dragning):",
    "Requests a year / physicians they keep busy on average during the window's hours (visit, documentation and\n"
    "local travel; planned visits and rounds count in the daytime; one draw):",
)
_TIME = Text(
    "Tid: omkring {seconds} s för {models} modeller och {replications} replikationer på {jobs} kärnor, utan figurer.",
    "Time: about {seconds} s for {models} models and {replications} replications on {jobs} cores, without figures.",
)
