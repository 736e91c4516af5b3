"""validate: check scenario files, and the index of questions, before anything is run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import USAGE, Settings
from cli.compare import change_sentence
from cli.inputs import choose, declared_models, load, scenario_file
from cli.options import shared_options
from cli.show import print_json
from sim.codes import WINDOW_TITLES
from sim.language.numbers import number
from sim.language.tables import aligned
from sim.language.titles import WHOLE_REGION
from sim.text import Text

if TYPE_CHECKING:
    from sim.declared import Declared, Variant
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
    declared = declared_models(settings)
    reports: list[dict[str, Any]] = []
    for path in map(scenario_file, paths):
        is_index = path.name == INDEX_FILE
        try:
            report = examine_index(path, declared, lang) if is_index else examine(path, declared, lang)
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


def examine(path: Path, declared: Declared, lang: str) -> dict[str, Any]:
    """What there is to say of one file. Raises ScenarioError, RegionError, OrganisationError."""
    from sim.study.executors import default_jobs
    from sim.study.load import seconds_needed

    _, scenario = load(path, declared)
    chosen = choose(None, scenario, declared)
    organisations = [variant.organisation() for variant in chosen]
    jobs = default_jobs()
    return {
        "file": path.as_posix(),
        "valid": True,
        "errors": [],
        "changes": change_sentence(scenario, declared, lang),
        "settings": changed_settings(chosen, lang),
        "load": load_rows(scenario, lang),
        "models": len(organisations),
        "replications": scenario.study.replications,
        "jobs": jobs,
        "seconds": seconds_needed(scenario, organisations, TRIAL_ENGINE, jobs),
    }


def changed_settings(chosen: tuple[Variant, ...], lang: str) -> list[dict[str, Any]]:
    """Every setting of a model or variant that is not the model's own."""
    from sim.declared import settings_of

    return [
        {
            "model": variant.name,
            "key": item.key,
            "title": item.title.get(lang),
            "value": item.plain,
            "default": item.plain_default,
            "said": f"{item.said.get(lang)} ({item.said_default.get(lang)})",
        }
        for variant in chosen
        for item in settings_of(variant.name, variant.settings)
        if item.changed
    ]


def examine_index(path: Path, declared: Declared, lang: str) -> dict[str, Any]:
    """What there is to say of an index. Every model is compiled against every scenario, so that a name which only a
    region can tell is found too. Raises ScenarioError, RegionError, OrganisationError."""
    from sim.declared import describe_changes
    from sim.errors import OrganisationError
    from sim.measures import MEASURES
    from sim.scenario.index import load_index
    from sim.study.pipeline import build_world, compile_tables

    index = load_index(path, [measure.name for measure in MEASURES])
    default = index.scenarios[index.default]
    for name, scenario in index.scenarios.items():
        world = build_world(scenario)
        for variant in choose(None, scenario, declared):
            try:
                compile_tables(variant.organisation(), world, scenario)
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
                        "changes": describe_changes(index.scenarios[name], default, declared).get(lang),
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
    from sim.study.pipeline import build_world, draw_tape, plan_demand

    world = build_world(scenario)
    load = offered_load(draw_tape(plan_demand(scenario, world), 1), world)
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
    rows.append([WHOLE_REGION.get(lang), *(_cell(*pair, lang) for pair in sums)])
    time = _TIME.get(lang).format_map(report | {"seconds": number(report["seconds"], lang)})
    parts = [f"{report['file']}: {report['changes']}", f"{_LOAD.get(lang)}\n{aligned(rows)}", time]
    if report["settings"]:
        lines = [[row["model"], row["key"], row["title"], row["said"]] for row in report["settings"]]
        parts.insert(1, f"{_SETTINGS.get(lang)}\n{aligned(lines, numbers_from=4, rule=False)}")
    return "\n\n".join(parts)


def _cell(requests: float, busy: float, lang: str) -> str:
    return f"{number(requests, lang)} / {number(busy, lang, 2)}"


_INDEX = Text(
    "{questions} frågor, {files} scenariofiler, allt rätt.", "{questions} questions, {files} scenario files, all valid."
)
_SETTINGS = Text(
    "Inställningar som inte är modellens egna (inom parentes den egna):",
    "Settings that are not the model's own (its own in brackets):",
)
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
