"""validate: check scenario files, and the index of questions, before anything is run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import USAGE, Settings, loads
from cli.commands import named
from cli.compare import change_sentence
from cli.options import find_models, shared_options
from cli.show import print_json
from cli.values import Place
from sim.language.numbers import number
from sim.text import Text, joined

if TYPE_CHECKING:
    from sim.scenario import Scenario

TRIAL_ENGINE = "compiled"


_ABOUT = Text(
    "Kontrollerar scenariofiler. Skriver varje fel som fil:rad:kolumn; för en fil utan fel vad som skiljer från "
    "standard, ärenden och belastning per kommun och tidsfönster, timmar och belastning i varje modells pooler, och "
    "hur lång tid en körning tar. Det som går igenom kan compare köra.\n\n"
    "För en index.yaml: dess frågor, och varje scenariofil i mappen och vad den ändrar.",
    "Check scenario files. Prints every error as file:line:col; for a valid file what differs from the default, the "
    "requests and the load per municipality and window, the hours and the load of every model's pools, and an estimate "
    "of the time. What it passes, compare runs.\n\n"
    "For an index.yaml: its questions, and every scenario file of the folder and what it changes.",
)


@named("validate", _ABOUT)
@click.argument("paths", metavar="SCENARIO...", nargs=-1, required=True, type=Place())
@shared_options
@click.pass_context
def command(ctx: click.Context, paths: tuple[Path, ...], lang: str, as_json: bool, quiet: bool) -> None:
    from sim.errors import InputError, OrganisationError
    from sim.scenario.index import INDEX_FILE

    settings: Settings = ctx.obj
    reports: list[dict[str, Any]] = []
    for path in paths:
        is_index = path.name == INDEX_FILE
        try:
            report = examine_index(path, settings, lang) if is_index else examine(path, settings, lang)
        except (InputError, OrganisationError) as error:
            if isinstance(error, OrganisationError):
                problems = [f"{path}: {line}" for line in error.get(lang).splitlines()]
            else:
                problems = [problem.get(lang) for problem in error.problems]
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
    """What there is to say of one file: the scenario is made ready as for `compare`, one replication is drawn and run,
    and the load is that of its tape. Raises ScenarioError, RegionError, OrganisationError."""
    from sim.scenario import load_scenario
    from sim.study.estimate import seconds_needed
    from sim.study.executors import default_jobs
    from sim.study.load import offered_load, pool_load
    from sim.study.pipeline import draw_tape
    from sim.study.plan import make_setup, make_units, plan
    from sim.study.run import prepare

    scenario = load_scenario(path)
    organisations = find_models(scenario.study.models, settings)
    setup = make_setup(path.stem, scenario, organisations, engine=TRIAL_ENGINE)
    ready = prepare(setup)
    tape = draw_tape(ready.demand, 1)
    models, pools, parts = [], [], []
    for name, tables in ready.tables.items():
        load = pool_load(tape, ready.world, tables, ready.engine[name])
        models.append(loads.model_row(tables, lang))
        pools += loads.pool_rows(tables, load, lang)
        parts += loads.pool_municipality_rows(tables, load, ready.world)
    jobs, replications = default_jobs(), scenario.study.replications
    units = make_units(plan([setup.name], ready.tables, 2), [setup])
    return {
        "file": path.as_posix(),
        "valid": True,
        "errors": [],
        "changes": change_sentence(scenario, settings, lang),
        "load": loads.load_rows(offered_load(tape, ready.world), ready.world),
        "asked_hours_per_week": scenario.staffing.hours_per_week,
        "hours": models,
        "pools": pools,
        "pool_load": parts,
        "overload": loads.overload_sentences(models, pools, lang),
        "models": len(organisations),
        "replications": replications,
        "jobs": jobs,
        "seconds": seconds_needed(units, replications, jobs),
    }


def examine_index(path: Path, settings: Settings, lang: str) -> dict[str, Any]:
    """What there is to say of an index. Every model is compiled against every scenario, so that a name which only a
    region can tell is found too. Raises ScenarioError, RegionError, OrganisationError."""
    from sim.measures import MEASURES
    from sim.scenario.index import load_index

    index = load_index(path, [measure.name for measure in MEASURES])
    check_all(index.scenarios, settings)
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


def check_all(scenarios: Mapping[str, Scenario], settings: Settings) -> None:
    """Compile every model against every scenario. OrganisationError with what is wrong anywhere."""
    from sim.errors import OrganisationError

    wrong: list[Text] = []
    for file, scenario in scenarios.items():
        try:
            check(scenario, settings)
        except OrganisationError as error:
            lines = zip(*(said.splitlines() for said in error.said), strict=True)
            wrong += [joined([f"{file}: ", Text(*line)]) for line in lines]
    if wrong:
        raise OrganisationError(joined(wrong, "\n"))


def check(scenario: Scenario, settings: Settings) -> None:
    """Compile every model against a scenario. Raises RegionError, OrganisationError."""
    from sim.study.each import each
    from sim.study.pipeline import build_world, compile_tables

    world = build_world(scenario)
    made = {item.name: item for item in find_models(scenario.study.models, settings)}
    each(made, lambda name: compile_tables(made[name], world, scenario))


def render_index(report: dict[str, Any], lang: str) -> str:
    """What is printed of a valid index."""
    parts = []
    for question in report["questions"]:
        lines = [question["question"], *(f"  {item['file']}: {item['changes']}" for item in question["files"])]
        parts.append("\n".join(lines))
    files = sum(len(question["files"]) for question in report["questions"])
    head = _INDEX.get(lang).format(questions=len(report["questions"]), files=files)
    return "\n\n".join([f"{report['file']}: {head}", *parts])


def render(report: dict[str, Any], lang: str) -> str:
    """What is printed of a valid file."""
    models, pools = report["hours"], report["pools"]
    parts = [
        f"{report['file']}: {report['changes']}",
        loads.region_table(report["load"], lang),
        loads.hours_table(models, pools, lang),
        "\n".join(loads.left_sentences(models, pools, report["asked_hours_per_week"], lang)),
        loads.duty_table(models, pools, lang),
        "\n".join(report["overload"]),
        _TIME.get(lang).format_map(report | {"seconds": number(math.ceil(report["seconds"]), lang)}),
    ]
    return "\n\n".join(part for part in parts if part)


_INDEX = Text(
    "{questions} frågor, {files} scenariofiler, allt rätt.", "{questions} questions, {files} scenario files, all valid."
)
_TIME = Text(
    "Tid: omkring {seconds} s för {models} modeller och {replications} upprepningar på {jobs} kärnor, utan figurer.",
    "Time: about {seconds} s for {models} models and {replications} replications on {jobs} cores, without figures.",
)
