"""tune: the settings of each model that minimise measures within limits, at equal physician-hours or the fewest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import Settings
from cli.commands import named, option
from cli.inputs import choose, declared_models
from cli.options import jobs_option, shared_options
from cli.progress import Progress
from cli.show import print_json
from cli.tunable import check_alike, check_asked, indifference_of, load_all, worlds_of, years_of
from cli.values import AimText, Count, LimitText, OneOf, OverText, Place, ShareText
from cli.wrong import WrongUse
from sim.text import Text

if TYPE_CHECKING:
    from sim.decide.aims import Aim, Limit
    from sim.decide.cases import Cases
    from sim.decide.over import Over
    from sim.decide.question import Years
    from sim.decide.several import Front
    from sim.decide.tuned import Tuned
    from sim.declared import Declared, Variant
    from sim.organisation import Organisation
    from sim.scenario import Scenario

_ABOUT = Text(
    "Varje modell som bäst: sök de inställningar som ger minst av ett mått inom gränserna, med lika många läkartimmar. "
    "Söker på några år, skiljer de sista åt på andra, och visar vad det blev på år som ingen av dem har sett.\n\n"
    "MODEL är modeller eller varianter (annars alla som scenariot har).",
    "Each model at its best: search the settings that give least of a measure within the limits, at equal "
    "physician-hours. Searches on some years, tells the last apart on others, and shows what came of it on years that "
    "neither has seen.\n\nMODEL are models or variants (default: all that the scenario has).",
)
_HELP = {
    "scenario": Text(
        "Scenario att söka i (annars halland); flera går bra, och då ett schema för alla.",
        "Scenario to search in (default: halland); may be repeated, and then one roster for all.",
    ),
    "minimise": Text(
        "Måttet som ska bli minst (eller störst, om mer är bättre), som response_min eller in_target:A1; flera ger de "
        "scheman som inget annat slår. hours_per_week: de minsta läkartimmarna. Utan: response_min.",
        "The measure to make least (or most, where more is better), such as response_min or in_target:A1; several give "
        "the rosters that no other beats. hours_per_week: fewest physician-hours. Default: response_min.",
    ),
    "over": Text(
        "Vad som räknas av flera scenarier eller världar: mean (annars), worst, quantile:0.9 eller regret "
        "(längsta avståndet till den bästa).",
        "What counts of several scenarios or worlds: mean (default), worst, quantile:0.9 or regret (the largest "
        "distance to the best).",
    ),
    "worlds": Text(
        "Sök i N tänkbara världar, skilj åt i högst 3 N andra och visa N andra; eller tre antal.",
        "Search in N plausible worlds, tell apart in at most 3 N others and report N others; or three numbers.",
    ),
    "hold_in": Text(
        "Andel av världarna som varje gräns ska hålla i (annars 90%).",
        "Share of the worlds in which each limit has to hold (default: 90%).",
    ),
    "select": Text(
        "Hur de sista skiljs åt: kn (med 95 % sannolikhet den bästa, så många år som krävs) eller ocba (så många "
        "körningar som ryms, där de säger mest).",
        "How the last are told apart: kn (the best with 95% probability, as many years as it takes) or ocba (a set "
        "number of runs, where they tell most).",
    ),
    "limit": Text(
        "En gräns, som on_promised_day>=95% eller overtime_h_per_week<=16; flera går bra. Utan: 95 % av det planerade "
        "i utlovad tid.",
        "A limit, such as on_promised_day>=95% or overtime_h_per_week<=16; may be repeated. Without: 95% of planned by "
        "the promised day.",
    ),
    "trials": Text("Antal försök per modell (annars 200).", "Trials a model (default: 200)."),
    "settings": Text(
        "Bara de här inställningarna får ändras, som hubs,lines,jour.",
        "Only these may be moved, such as hubs,lines,jour.",
    ),
    "keep": Text("De här får inte ändras.", "These may not be moved."),
    "years": Text(
        "År att söka på, skilja åt på (högst) och visa, som 4,60,20.",
        "Years to search on, to tell apart on (at most) and to report, such as 4,60,20.",
    ),
    "journal": Text(
        "Fil där försöken sparas; samma sökning går vidare därifrån.",
        "File that keeps the trials; the same search goes on from there.",
    ),
    "table": Text(
        "Skriv alla försök som CSV, med dem som ingen slår i svarstid, restid och timmar på en gång.",
        "Write all trials as CSV, with those that nobody beats in response, travel and hours at once.",
    ),
    "out": Text(
        "Skriv ett scenario med modellerna före och efter.", "Write a scenario with the models before and after."
    ),
}
USUAL_LIMIT = "on_promised_day>=95%"
USUAL_YEARS = "4,60,20"
FEWEST = "hours_per_week"
SHOWN = ("response_min", "in_target", "on_promised_day", "travel_min_per_visit", "overtime_h_per_week", "escalated",
         "rest_breaches", "hours_per_week")  # fmt: skip


@named("tune", _ABOUT)
@click.argument("names", metavar="[MODEL]...", nargs=-1)
@option("--scenario", "paths", metavar="SCENARIO", multiple=True, type=Place(), help=_HELP["scenario"])
@option("--minimise", "minimise", type=AimText(), multiple=True, metavar="M", help=_HELP["minimise"])
@option("--limit", "limits", metavar="M<=X", multiple=True, type=LimitText(), help=_HELP["limit"])
@option("--over", type=OverText(), metavar="HOW", help=_HELP["over"])
@option("--worlds", metavar="N", help=_HELP["worlds"])
@option("--hold-in", type=ShareText(), metavar="X%", help=_HELP["hold_in"])
@option("--trials", type=Count(1), default=200, metavar="N", help=_HELP["trials"])
@option("--settings", "only", default="", metavar="A,B", help=_HELP["settings"])
@option("--keep", default="", metavar="A,B", help=_HELP["keep"])
@option("--years", metavar="N,N,N", help=_HELP["years"])
@option("--select", "select", type=OneOf("kn", "ocba"), metavar="HOW", help=_HELP["select"])
@option("--journal", type=Place("file"), metavar="FILE", help=_HELP["journal"])
@option("--table", type=Place("file"), metavar="FILE", help=_HELP["table"])
@option("--out", type=Place("file"), metavar="FILE", help=_HELP["out"])
@jobs_option
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    names: tuple[str, ...],
    paths: tuple[Path, ...],
    minimise: tuple[Aim, ...],
    limits: tuple[Limit, ...],
    over: Over | None,
    worlds: str | None,
    hold_in: float | None,
    trials: int,
    only: str,
    keep: str,
    years: str | None,
    select: str | None,
    journal: Path | None,
    table: Path | None,
    out: Path | None,
    jobs: int | None,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    from cli.writing import check_free, write_text
    from sim.decide.aims import parse_aim, parse_limit
    from sim.decide.frontier import FRONTIER, trial_table
    from sim.decide.over import MEAN
    from sim.decide.question import Question
    from sim.decide.several import tune_several
    from sim.decide.space import hours_dimension, space_of
    from sim.decide.tuned import tune
    from sim.decide.worlds import SHORTEST_WEEKS
    from sim.decide.written import how_found, scenario_text
    from sim.study.executors import default_jobs

    settings: Settings = ctx.obj
    files = [file for file in (out, table) if file is not None]
    for file in files:
        check_free(file)
    wanted = list(names) or None
    sought = minimise or (parse_aim("response_min"),)
    asked = limits or (parse_limit(USUAL_LIMIT),)
    check_asked(sought, asked, over, len(paths), worlds, hold_in, years, select, ctx)
    span = years_of(years or USUAL_YEARS, "--years", ctx) if worlds is None else worlds_of(worlds, ctx)
    declared = declared_models(settings, wanted)
    scenarios = load_all(paths, declared, ctx)
    scenario = next(iter(scenarios.values()))
    chosen = choose(wanted, scenario, declared)
    free = any(aim.measure == FEWEST for aim in sought)
    if free and out is not None and (len(chosen) > 1 or len(sought) > 1):
        raise WrongUse(_ONE_SCENARIO, ctx)
    check_alike(chosen, scenarios, declared, ctx)
    if worlds is not None and scenario.calendar.weeks < SHORTEST_WEEKS:
        raise WrongUse(_SHORT.format(weeks=SHORTEST_WEEKS), ctx)
    question = Question(
        sought, asked, tuple(indifference_of(scenario, aim, ctx) for aim in sought), trials, span,
        over or MEAN, select=select or "kn", seed=scenario.study.seed % 2**32,
    )  # fmt: skip
    aims = tuple(dict.fromkeys([*sought, *(limit.aim for limit in asked), *map(parse_aim, SHOWN), *FRONTIER]))
    made = tuple(variant.organisation() for variant in chosen)
    cases = cases_of(scenarios, aims, jobs or default_jobs(), span if worlds else None, hold_in, declared, made)
    titles = {item.name: item.title for item in made}
    found: list[Tuned | Front] = []
    for variant in chosen:
        hours = scenario.staffing.hours_per_week
        dimensions = space_of(variant.model, variant.settings, hours, listed(only), listed(keep))
        dimensions = (*dimensions, *([hours_dimension(hours)] if free else []))
        progress = Progress(titles[variant.name].get(lang), quiet or as_json, lang)
        progress.begin(trials)
        how = tune if len(sought) == 1 else tune_several
        found.append(how(cases, variant, dimensions, question, progress.advance, journal))
        progress.end()
    if out is not None:
        asked_for = how_found(question, where(cases), scenario.study.seed)
        pairs = [(item, titles[item.name]) for item in found]
        write_text(out, scenario_text(_extends(paths), _TITLE, asked_for, pairs))
    if table is not None:
        write_text(table, trial_table(found).to_csv(index=False, lineterminator="\n"))
    if as_json:
        models = [recorded(item, aims) for item in found]
        told = {"scenario": next(iter(scenarios)), "scenarios": list(scenarios), "worlds": cases.worlds}
        print_json({**told, "models": models, "files": [file.as_posix() for file in files]})
        return
    from cli.tuned import facts

    spoken = [
        rendered(item, variant, titles[item.name], aims, lang) for item, variant in zip(found, chosen, strict=True)
    ]
    click.echo("\n\n".join([facts(question, cases, lang), *spoken, *(["\n".join(map(str, files))] if files else [])]))


def recorded(item: Tuned | Front, aims: tuple[Aim, ...]) -> dict[str, Any]:
    """One model for --json."""
    from cli import fronts, tuned
    from sim.decide.several import Front

    return fronts.record(item, aims) if isinstance(item, Front) else tuned.record(item, aims)


def rendered(item: Tuned | Front, variant: Variant, title: Text, aims: tuple[Aim, ...], lang: str) -> str:
    """One model for a screen."""
    from cli import fronts, tuned
    from sim.decide.several import Front

    if isinstance(item, Front):
        return fronts.render(item, title, lang)
    return tuned.render(item, variant, title, aims, lang)


def cases_of(
    scenarios: dict[str, Scenario],
    aims: tuple[Aim, ...],
    jobs: int,
    worlds: Years | None,
    hold_in: float | None,
    declared: Declared,
    made: tuple[Organisation, ...],
) -> Cases:
    """Where candidates are run: in each scenario, or in plausible worlds of the one there is."""
    from sim.decide.candidates import Bench
    from sim.decide.cases import Cases
    from sim.decide.world_bench import WorldBench
    from sim.decide.worlds import TODAY

    if worlds is None:
        return Cases({name: Bench(scenario, aims, jobs) for name, scenario in scenarios.items()})
    ((name, scenario),) = scenarios.items()
    today = choose([TODAY], scenario, declared)[0].organisation() if TODAY in declared.models else None
    bench = WorldBench(scenario, aims, jobs, today=today, models=made, wanted=worlds.reported.stop - 1)
    return Cases({name: bench}, worlds=True, hold_in=USUAL_SHARE if hold_in is None else hold_in)


def where(cases: Cases) -> str:
    """In words, in English as all comments of a scenario."""
    if cases.worlds:
        return f"in plausible worlds, limits held in {cases.hold_in:g} of them"
    return f"in {' and '.join(cases.runs)}"


def listed(text: str) -> list[str]:
    """The names in a list with commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _extends(paths: tuple[Path, ...]) -> str:
    return paths[0].name if paths else "halland.yaml"


USUAL_SHARE = 0.9
_TITLE = Text("Var och en som bäst", "Each at its best")
_SHORT = Text(
    "--worlds: det vi vet gäller år; kör minst {weeks} veckor (calendar.weeks)",
    "--worlds: what is known is of years; run at least {weeks} weeks (calendar.weeks)",
)
_ONE_SCENARIO = Text(
    "--out: timmarna blir olika och ett scenario har ett antal; tuna en modell i taget, med ett mått",
    "--out: the hours will differ and a scenario has one number of them; tune one model at a time, with one measure",
)
