"""compare: all models on one scenario, same patients."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import Settings
from cli.commands import named, option
from cli.folders import RESULTS, extent_of, target_of
from cli.inputs import choose, declared_models, default_scenario, load_named, models_asked, models_at_best, own_measures
from cli.leaving import failure, leave_by_status
from cli.options import EngineName, jobs_option, png_option, shared_options
from cli.progress import Progress
from cli.show import key_rows, print_json
from cli.values import Count, Place
from cli.wide import wide_lines, wide_summary
from sim.language.numbers import UNBOUNDED, number
from sim.language.tables import aligned
from sim.text import Text

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.api import StudyResult
    from sim.declared import Declared
    from sim.scenario import Scenario


_ABOUT = Text(
    "Jämför alla modeller på ett scenario: samma patienter med samma behov vid samma minuter.\n\n"
    "SCENARIO är en YAML-fil, eller namnet på en i scenarios/ (annars halland). Skriver ut huvudmåtten, skillnaderna "
    "som hittades och vad de kostar Regionen och Kommunerna; skriver tabeller, figurer och report.html.",
    "Compare all models on one scenario: the same patients with the same needs at the same minutes.\n\n"
    "SCENARIO is a YAML file, or the name of one in scenarios/ (default: halland). Prints the headline measures, the "
    "differences found and what they cost Regionen and Kommunerna; writes tables, figures and report.html.",
)


_HELP = {
    "models": Text(
        "Bara de här modellerna, varianterna i scenariot eller sökvägarna till modellfiler; den första är "
        "jämförelsemodell om scenariots egen är utelämnad.",
        "Only these models, variants of the scenario or paths of model files; the first is the reference if the "
        "scenario's own is left out.",
    ),
    "replications": Text("Antal upprepningar; annars scenariots.", "Number of replications; default: the scenario's."),
    "worlds": Text(
        "Antal tänkbara världar; annars scenariots, i samma mån färre som upprepningarna är. 0: inga.",
        "Number of plausible worlds; default: the scenario's, fewer in the measure that replications are. 0: none.",
    ),
    "until_settled": Text(
        "Lägg till upprepningar tills alla huvudskillnader är avgjorda, högst så många som --replications säger.",
        "Add replications until every headline difference is settled, at most as many as --replications says.",
    ),
    "weeks": Text("Antal veckor som räknas; annars scenariots.", "Weeks that are counted; default: the scenario's."),
    "seed": Text("Slumpfrö för all slump; annars scenariots.", "Seed of all chance; default: the scenario's."),
    "engine": Text(
        "Vilken motor som kör: compiled (annars) eller simpy; resultaten är desamma.",
        "Which engine runs: compiled (default) or simpy; the results are the same.",
    ),
    "out": Text(
        "Mapp för resultaten; annars results/<scenario>, med det som andra tillval ändrar efter namnet.",
        "Folder for the results; default: results/<scenario>, with what other options change after the name.",
    ),
    "replace": Text(
        "Ersätt den studie av något annat som finns i DIR.", "Take the place of the study of something else in DIR."
    ),
    "measures": Text(
        "Python-fil med egna mått, som räknas och jämförs med de andra.",
        "Python file with measures of your own, computed and compared with the others.",
    ),
    "visits": Text("Skriv också visits.parquet, en rad per ärende.", "Also write visits.parquet, one row a request."),
}


@named("compare", _ABOUT)
@click.argument("path", metavar="[SCENARIO]", required=False, type=Place())
@option("--models", "names", metavar="A,B", help=_HELP["models"])
@option("--replications", type=Count(1), metavar="N", help=_HELP["replications"])
@option("--worlds", type=Count(0), metavar="N", help=_HELP["worlds"])
@option("--until-settled", is_flag=True, help=_HELP["until_settled"])
@option("--weeks", type=Count(1), metavar="N", help=_HELP["weeks"])
@option("--seed", type=Count(0), metavar="N", help=_HELP["seed"])
@option("--engine", type=EngineName(), default="compiled", metavar="compiled|simpy", help=_HELP["engine"])
@jobs_option
@option("--out", type=Place("folder"), metavar="DIR", help=_HELP["out"])
@option("--replace", is_flag=True, help=_HELP["replace"])
@option("--measures", "measures_file", type=Place(), metavar="FILE", help=_HELP["measures"])
@option("--visits", is_flag=True, help=_HELP["visits"])
@png_option
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    path: Path | None,
    names: str | None,
    replications: int | None,
    until_settled: bool,
    worlds: int | None,
    weeks: int | None,
    seed: int | None,
    engine: str,
    jobs: int | None,
    out: Path | None,
    replace: bool,
    measures_file: Path | None,
    visits: bool,
    png: bool,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    from sim.report.helper import drawing_helper

    helper = ctx.with_resource(drawing_helper(jobs))  # at once, since it takes as long as the rest of the imports
    settings: Settings = ctx.obj
    progress = Progress(_REPLICATIONS.get(lang), quiet or as_json, lang)
    wanted, files = models_asked(names)
    declared = declared_models(settings, wanted, files)
    name, asked = load_named(path, declared)
    changes = option_changes(asked, weeks=weeks, seed=seed, replications=replications)
    scenario = asked.with_changes(changes) if changes else asked
    looks = None
    if until_settled:
        from sim.study.settling import planned, settle

        looks = planned(scenario.study.replications, scenario.study.confidence)
        scenario, out = looks.of(scenario), out or Path(RESULTS) / f"{name}-settled"
    chosen = [variant.organisation() for variant in choose(wanted, scenario, declared)]
    names_of = [item.name for item in chosen]
    usual = [variant.name for variant in choose(None, asked, declared)] if names else names_of
    folder, note = target_of(name, extent_of(asked, usual), extent_of(scenario, names_of), out, replace=replace)
    if note is not None:
        progress.say(note.get(lang))
    if "calendar.warm_up_weeks" in changes:
        progress.say(_SHORT_WARM_UP.get(lang).format(weeks=changes["calendar.warm_up_weeks"]))

    own = own_measures(measures_file)
    from sim.api import run_study
    from sim.decide.worlds import worlds_wanted
    from sim.study.compiling import is_cold

    if worlds is None:
        whole = asked.with_changes({"calendar.weeks": scenario.calendar.weeks})
        worlds = worlds_wanted(whole, scenario.study.replications)

    if engine == "compiled" and is_cold():
        progress.say(_COMPILING.get(lang))

    def study(replications: int | None = None) -> StudyResult:
        try:
            return run_study(
                {name: scenario}, chosen, replications, out=folder, jobs=jobs, engine=engine, visits=visits,
                worlds=worlds, best=models_at_best(declared, scenario), measures=own, lang=lang,
                on_begin=progress.begin, on_result=progress.advance, on_note=lambda text: progress.say(text.get(lang)),
                on_worlds=lambda count: progress.begin(count, _WORLDS.get(lang)), on_world=progress.advance,
            )  # fmt: skip
        finally:
            progress.end()

    result = settle(looks, folder, study) if looks is not None else study()
    if result.status != "interrupted" and len(result.measures) and not result.is_drawn(folder, lang, png=png):
        progress.say(_DRAWING.get(lang))
        result.write_report(folder, lang, png=png, helper=helper)

    if as_json:
        print_json(summary(result, folder, lang))
    else:
        click.echo(render(result, folder, change_sentence(scenario, declared, lang), lang))
    failed = [task for task in result.manifest["tasks"] if task["status"] == "failed"]
    lines = [failure(task["scenario"], task["model"], task["replication"], task["error"]) for task in failed]
    leave_by_status(ctx, result.status, lines, len(result.manifest["tasks"]), lang)


def option_changes(
    scenario: Scenario, *, weeks: int | None, seed: int | None, replications: int | None
) -> dict[str, Any]:
    """What the options change in the scenario. Fewer weeks than the usual warm-up shorten that too, so that trying out
    is quick; a warm-up that the scenario has set itself stays."""
    wanted = {"calendar.weeks": weeks, "study.seed": seed, "study.replications": replications}
    changes = {key: value for key, value in wanted.items() if value is not None}
    calendar = scenario.calendar
    usual = type(calendar).model_fields["warm_up_weeks"].default
    if weeks is not None and weeks < calendar.warm_up_weeks == usual:
        changes["calendar.warm_up_weeks"] = weeks
    return changes


def change_sentence(scenario: Scenario, declared: Declared, lang: str) -> str:
    """What differs from the default scenario, in a sentence."""
    from sim.declared import describe_changes

    return describe_changes(scenario, default_scenario(), declared).get(lang)


def summary(result: StudyResult, folder: Path, lang: str) -> dict[str, Any]:
    """The one object of --json."""
    from sim.comparison.sentences import sentences
    from sim.comparison.trust import trust_records

    manifest = result.manifest
    return {
        "study": {
            "name": result.name,
            "status": result.status,
            "replications": manifest["replications"],
            "seeds": manifest["seeds"],
            "failed": [task for task in manifest["tasks"] if task["status"] == "failed"],
        },
        "models": [
            {"name": m.name, "title": m.title.get(lang), "description": m.description.get(lang)}
            for m in result.models.values()
        ],
        "hours": {m.name: m.hours_per_week for m in result.models.values()},
        "steady": {m.name: result.steady(m.name) for m in result.models.values()},
        "warnings": [warning.get(lang) for warning in result.warnings],
        "trust": trust_records(result.comparison, result.scenarios, result.standings),
        "worlds": manifest.get("worlds", {}),
        "wide_verdicts": wide_lines(result, lang),
        "at_best": [] if result.at_best is None else result.at_best.to_dict("records"),
        "verdicts": sentences(result.findings, result.titles, lang, result.own),
        "findings": [finding.record() for finding in result.findings],
        "comparison": result.comparison.to_dict("records"),
        "consequences": consequences(result).to_dict("records"),
        "files": [path.as_posix() for path in written(folder)],
    }


def render(result: StudyResult, folder: Path, changes: str, lang: str) -> str:
    """What is printed."""
    from sim.comparison.sentences import differences
    from sim.comparison.standing import needs_differ
    from sim.decide import at_best
    from sim.decide.sentences import GIVEN
    from sim.report.ledger import SHORT_TERM, ledger_lines
    from sim.study.settling import SETTLED

    scenario = next(iter(result.scenarios.values()))
    done = len({(t["scenario"], t["replication"]) for t in result.manifest["tasks"] if t["status"] == "done"})
    shared = _SAME_DRAW if any(map(needs_differ, result.standings.values())) else _SAME_PATIENTS
    facts = _FACTS.get(lang).format(
        shared=shared.get(lang), models=len(result.models), done=done, weeks=scenario.calendar.weeks,
        warm=scenario.calendar.warm_up_weeks, seed=scenario.study.seed,
    )  # fmt: skip
    warned = "\n".join(warning.get(lang) for warning in result.warnings)
    parts = [
        f"{scenario.title.get(lang) or result.name}: {changes}\n{facts}",
        *filter(None, [warned]),
        hours_text(result, lang),
    ]
    if len(result.measures):
        behind = [name for name in result.models if not result.steady(name)]
        steady = result.measures[~result.measures["model"].isin(behind)] if behind else result.measures
        rows = key_rows(steady, result.titles, result.own, lang)
        unbounded = any(UNBOUNDED in cell for row in rows for cell in row)
        if len(rows) > 1:  # something is said of a model
            parts.append(aligned(rows) + ("\n" + _UNBOUNDED.get(lang) if unbounded else ""))
    parts += [result.manifest[SETTLED]["said"][lang]] if SETTLED in result.manifest else []
    payers = ledger_lines(consequences(result), lang, result.titles, (SHORT_TERM,))
    spoken = differences(result.findings, result.titles, lang, result.own)
    wide = wide_summary(result, lang)
    if wide:
        parts.append(wide)
        spoken = [f"{GIVEN.get(lang)}:", *spoken] if spoken else []
    roster = at_best.paragraph(result.at_best, result.titles, lang)
    parts += ["\n".join(lines) for lines in (spoken, roster, payers, result.manifest["notes"][lang]) if lines]
    parts.append(_WRITTEN.get(lang) + "\n" + "\n".join(f"  {path}" for path in written(folder)))
    return "\n\n".join(parts)


def consequences(result: StudyResult) -> DataFrame:
    """What each model asks of Regionen and Kommunerna, as in the report, with the study as kort sikt."""
    from sim.report.ledger import SHORT_TERM, Horizon, ledger

    return ledger([Horizon(SHORT_TERM, result.comparison)])


def hours_text(result: StudyResult, lang: str) -> str:
    """Physician-hours a week of every model, and whether they are equal."""
    from sim.comparison.standing import HOURS_TOLERANCE, hours_apart

    hours = [model.hours_per_week for model in result.models.values()]
    spread = hours_apart(min(hours), max(hours))
    verdict = _EQUAL if spread <= HOURS_TOLERANCE else _UNEQUAL
    listed = ", ".join(f"{m.title.get(lang)} {number(m.hours_per_week, lang, 1)}" for m in result.models.values())
    return f"{_HOURS.get(lang)}: {listed} {verdict.get(lang).format(spread=number(100 * spread, lang, 1))}"


def written(folder: Path) -> list[Path]:
    """The files of a study, the page first; figures as their folder."""
    order = ("report.html", "figures", "comparison.csv", "comparison_excel.csv", "manifest.json")
    there = [path for path in sorted(folder.glob("*")) if not path.name.startswith(".")]
    return sorted(there, key=lambda path: order.index(path.name) if path.name in order else len(order))


_UNBOUNDED = Text(
    "∞: obegränsat, fler än en av tio fick aldrig någon läkare i minst en upprepning",
    "∞: unbounded, more than one in ten were never reached in at least one replication",
)
_REPLICATIONS = Text("upprepningar", "replications")
_WORLDS = Text("tänkbara världar", "plausible worlds")
_COMPILING = Text(
    "gör maskinkod, bara första gången på den här datorn (omkring en halv minut)",
    "making machine code, only the first time on this computer (about half a minute)",
)
_DRAWING = Text("ritar figurer och skriver rapporten", "drawing figures and writing the report")
_SHORT_WARM_UP = Text(
    "uppvärmningen kortas till {weeks} v, eftersom körningen är kort",
    "warm-up is cut to {weeks} week(s), as the run is short",
)
_SAME_PATIENTS = Text("samma patienter", "patients")
_SAME_DRAW = Text("samma dragning", "draw")
_FACTS = Text(
    "Modeller: {models}; upprepningar med {shared}: {done}; veckor: {weeks} efter {warm} i uppvärmning; "
    "slumpfrö: {seed}",
    "Models: {models}; replications with the same {shared}: {done}; weeks: {weeks} after {warm} of warm-up; "
    "seed: {seed}",
)
_HOURS = Text("Läkartimmar i veckan", "Physician-hours a week")
_EQUAL = Text("(lika inom 1 %)", "(equal within 1%)")
_UNEQUAL = Text(
    "(OBS: skiljer {spread} %, modellerna är inte jämförbara)", "(NOTE: {spread}% apart, the models are not comparable)"
)
_WRITTEN = Text("Skrivet:", "Written:")
