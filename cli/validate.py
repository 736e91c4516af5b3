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
from cli.inputs import choose, declared_models, load_named, scenario_file
from cli.options import shared_options
from cli.show import print_json
from cli.values import Place
from sim.language.numbers import number
from sim.language.tables import aligned
from sim.text import Text, joined

if TYPE_CHECKING:
    from sim.declared import Declared, Variant
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
    declared = declared_models(settings)
    reports: list[dict[str, Any]] = []
    for path in map(scenario_file, paths):
        is_index = path.name == INDEX_FILE
        try:
            report = examine_index(path, declared, lang) if is_index else examine(path, declared, lang)
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


def examine(path: Path, declared: Declared, lang: str) -> dict[str, Any]:
    """What there is to say of one file: the scenario is made ready as for `compare`, one replication is drawn and run,
    the load is that of its tape, and the long runs that `compare` makes tell whether each model keeps up.
    Raises ScenarioError, RegionError, OrganisationError."""
    from sim.comparison.standing import warnings_of
    from sim.study.estimate import seconds_needed
    from sim.study.executors import default_jobs
    from sim.study.load import offered_load, pool_load
    from sim.study.plan import make_units, plan
    from sim.study.stages import make_stages
    from sim.study.standing import standings_of

    _, scenario = load_named(path, declared)
    chosen = choose(None, scenario, declared)
    stages = make_stages(scenario, [variant.organisation() for variant in chosen], TRIAL_ENGINE)
    stages.check()
    draw, world = stages.draw(1), stages.world
    models, pools, parts = [], [], []
    for name in stages.organisations:
        tables = stages.tables(name)
        load = pool_load(stages.met(name, draw).tape, world, tables, stages.layout(name))
        models.append(loads.model_row(tables, lang))
        pools += loads.pool_rows(tables, load, lang)
        parts += loads.pool_municipality_rows(tables, load, world)
    jobs, replications = default_jobs(), scenario.study.replications
    standings = standings_of(stages, jobs)
    titles = {name: made.title for name, made in stages.organisations.items()}
    warnings = warnings_of(standings, list(titles), titles, "", allowed=scenario.study.allow_unequal_hours)
    units = make_units(plan([path.stem], stages.organisations, 2), {path.stem: stages})
    return {
        "file": path.as_posix(),
        "valid": True,
        "errors": [],
        "changes": change_sentence(scenario, declared, lang),
        "settings": changed_settings(chosen, lang),
        "load": loads.load_rows(offered_load(draw.tape, world), world),
        "asked_hours_per_week": scenario.staffing.hours_per_week,
        "hours": models,
        "pools": pools,
        "pool_load": parts,
        "overload": loads.overload_sentences(models, pools, lang),
        "steady": {name: standing.steady for name, standing in standings.items()},
        "warnings": [warning.get(lang) for warning in warnings],
        "models": len(chosen),
        "replications": replications,
        "jobs": jobs,
        "seconds": seconds_needed(units, replications, jobs),
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


def settings_table(rows: list[dict[str, Any]], lang: str) -> str:
    """The settings that are not the models' own; empty if none is."""
    lines = [[row["model"], row["key"], row["title"], row["said"]] for row in rows]
    return f"{_SETTINGS.get(lang)}\n{aligned(lines, numbers_from=4, rule=False)}" if lines else ""


def examine_index(path: Path, declared: Declared, lang: str) -> dict[str, Any]:
    """What there is to say of an index. Every model is compiled against every scenario, so that a name which only a
    region can tell is found too. Raises ScenarioError, RegionError, OrganisationError."""
    from sim.declared import describe_changes
    from sim.measures import MEASURES
    from sim.scenario.index import load_index

    index = load_index(path, [measure.name for measure in MEASURES])
    default = index.scenarios[index.default]
    check_all(index.scenarios, declared)
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


def check_all(scenarios: Mapping[str, Scenario], declared: Declared) -> None:
    """Compile every model against every scenario. OrganisationError with what is wrong anywhere."""
    from sim.errors import OrganisationError

    wrong: list[Text] = []
    for file, scenario in scenarios.items():
        try:
            check(scenario, declared)
        except OrganisationError as error:
            lines = zip(*(said.splitlines() for said in error.said), strict=True)
            wrong += [joined([f"{file}: ", Text(*line)]) for line in lines]
    if wrong:
        raise OrganisationError(joined(wrong, "\n"))


def check(scenario: Scenario, declared: Declared) -> None:
    """Compile every model against a scenario. Raises RegionError, OrganisationError."""
    from sim.study.each import each
    from sim.study.stages import make_stages

    stages = make_stages(scenario, [variant.organisation() for variant in choose(None, scenario, declared)])
    each(stages.organisations, stages.tables)


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
        "\n".join(report["warnings"]),
        settings_table(report["settings"], lang),
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
_SETTINGS = Text(
    "Inställningar som inte är modellens egna (inom parentes den egna):",
    "Settings that are not the model's own (its own in brackets):",
)
_TIME = Text(
    "Tid: omkring {seconds} s för {models} modeller och {replications} upprepningar på {jobs} kärnor, utan figurer.",
    "Time: about {seconds} s for {models} models and {replications} replications on {jobs} cores, without figures.",
)
