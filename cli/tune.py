"""tune: the settings of each model that minimise a measure within limits, at equal physician-hours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import Settings
from cli.commands import named, option
from cli.inputs import choose, declared_models, load_named
from cli.options import jobs_option, shared_options
from cli.progress import Progress
from cli.show import print_json, quantity
from cli.values import AimText, Count, LimitText, Place
from cli.wrong import WrongUse
from sim.language.numbers import between, number
from sim.language.tables import aligned
from sim.language.units import of_difference
from sim.text import Text

if TYPE_CHECKING:
    from sim.decide.aims import Aim, Limit
    from sim.decide.tuned import Effect, Question, Tuned, Years
    from sim.declared import Variant
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
    "scenario": Text("Scenario att söka i (annars halland).", "Scenario to search in (default: halland)."),
    "minimise": Text(
        "Måttet som ska bli minst (eller störst, om mer är bättre), som response_min eller in_target:A1.",
        "The measure to make least (or most, where more is better), such as response_min or in_target:A1.",
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
SHOWN = ("response_min", "in_target", "on_promised_day", "travel_min_per_visit", "overtime_h_per_week", "escalated",
         "rest_breaches", "hours_per_week")  # fmt: skip


@named("tune", _ABOUT)
@click.argument("names", metavar="[MODEL]...", nargs=-1)
@option("--scenario", "path", metavar="SCENARIO", type=Place(), help=_HELP["scenario"])
@option("--minimise", type=AimText(), default="response_min", metavar="M", help=_HELP["minimise"])
@option("--limit", "limits", metavar="M<=X", multiple=True, type=LimitText(), help=_HELP["limit"])
@option("--trials", type=Count(1), default=200, metavar="N", help=_HELP["trials"])
@option("--settings", "only", default="", metavar="A,B", help=_HELP["settings"])
@option("--keep", default="", metavar="A,B", help=_HELP["keep"])
@option("--years", default="4,60,20", metavar="N,N,N", help=_HELP["years"])
@option("--journal", type=Place("file"), metavar="FILE", help=_HELP["journal"])
@option("--table", type=Place("file"), metavar="FILE", help=_HELP["table"])
@option("--out", type=Place("file"), metavar="FILE", help=_HELP["out"])
@jobs_option
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    names: tuple[str, ...],
    path: Path | None,
    minimise: Aim,
    limits: tuple[Limit, ...],
    trials: int,
    only: str,
    keep: str,
    years: str,
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
    from sim.decide.candidates import Bench
    from sim.decide.frontier import FRONTIER, trial_table
    from sim.decide.space import space_of
    from sim.decide.tuned import Question, tune
    from sim.decide.written import how_found, scenario_text
    from sim.study.executors import default_jobs

    settings: Settings = ctx.obj
    files = [file for file in (out, table) if file is not None]
    for file in files:
        check_free(file)
    wanted = list(names) or None
    declared = declared_models(settings, wanted)
    name, scenario = load_named(path, declared)
    chosen = choose(wanted, scenario, declared)
    asked = limits or (parse_limit(USUAL_LIMIT),)
    question = Question(
        minimise, asked, indifference_of(scenario, minimise, ctx), trials, years_of(years, ctx),
        seed=scenario.study.seed % 2**32,
    )  # fmt: skip
    aims = tuple(dict.fromkeys([minimise, *(limit.aim for limit in asked), *map(parse_aim, SHOWN), *FRONTIER]))
    bench = Bench(scenario, aims, jobs or default_jobs())
    titles = {variant.name: variant.organisation().title for variant in chosen}
    found = []
    for variant in chosen:
        hours = scenario.staffing.hours_per_week
        dimensions = space_of(variant.model, variant.settings, hours, listed(only), listed(keep))
        progress = Progress(titles[variant.name].get(lang), quiet or as_json, lang)
        progress.begin(trials)
        found.append(tune(bench, variant, dimensions, question, progress.advance, journal))
        progress.end()
    if out is not None:
        asked_for = how_found(question, scenario.study.seed)
        pairs = [(item, titles[item.name]) for item in found]
        write_text(out, scenario_text(_extends(path), _TITLE, asked_for, pairs))
    if table is not None:
        write_text(table, trial_table(found).to_csv(index=False, lineterminator="\n"))
    if as_json:
        models = [record(item, aims) for item in found]
        print_json({"scenario": name, "models": models, "files": [file.as_posix() for file in files]})
        return
    spoken = [
        render(item, variant, titles[item.name], minimise, aims, lang)
        for item, variant in zip(found, chosen, strict=True)
    ]
    click.echo("\n\n".join([facts(question, lang), *spoken, *(["\n".join(map(str, files))] if files else [])]))


def listed(text: str) -> list[str]:
    """The names in a list with commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def years_of(text: str, ctx: click.Context) -> Years:
    """From `4,60,20`."""
    from sim.decide.tuned import Years

    try:
        search, select, report = (int(part) for part in text.split(","))
    except ValueError:
        search = select = report = 0
    if search < 1 or min(select, report) < 2:
        raise WrongUse(_NO_YEARS.format(text=text), ctx)
    return Years(search, select, report)


def indifference_of(scenario: Scenario, aim: Aim, ctx: click.Context) -> float:
    """A quarter of the practical difference of the measure: candidates nearer than that are as good."""
    from sim.comparison.pairing import threshold

    limit = threshold(scenario, aim.measure)
    if not limit > 0.0:
        raise WrongUse(_NO_DIRECTION.format(measure=aim.measure), ctx)
    return limit / 4.0


def record(item: Tuned, aims: tuple[Aim, ...]) -> dict[str, Any]:
    """One model for --json."""
    return {
        "model": item.name,
        "settings": dict(item.choice),
        "effects": [{"setting": e.key, "alone": e.alone.mean, "last": e.last.mean} for e in item.effects],
        "trials": len(item.trials),
        "feasible": sum(trial.feasible for trial in item.trials),
        "told_apart": item.selected is not None and len(item.selected.among) == 1,
        "measures": [
            {
                "measure": aim.measure,
                "class": aim.klass,
                "before": float(item.before[aim].mean()),
                "after": float(item.after[aim].mean()),
                "difference": item.gain(aim).mean,
                "lower": item.gain(aim).lower,
                "upper": item.gain(aim).upper,
                "n": item.gain(aim).n,
            }
            for aim in aims
        ],
    }


def facts(question: Question, lang: str) -> str:
    """What was asked, and of how many years the figures are."""
    years = question.years
    more = question.minimise.sign < 0
    return (_MOST if more else _LEAST).get(lang).format(
        measure=question.minimise.title.get(lang),
        limits=", ".join(said_limit(limit, lang) for limit in question.limits),
        trials=number(question.trials, lang), search=years.search, report=years.report,
    )  # fmt: skip


def said_limit(limit: Limit, lang: str) -> str:
    """As in `Inom målet, acute ≥ 95 %`."""
    sign = "≤" if limit.at_most else "≥"
    return f"{limit.aim.title.get(lang)} {sign} {quantity(limit.bound, limit.aim.unit, lang)}"


def render(item: Tuned, variant: Variant, title: Text, minimise: Aim, aims: tuple[Aim, ...], lang: str) -> str:
    """What is printed of one model."""
    from sim.decide.written import shown
    from sim.declared import settings_of

    said = {row.key: row for row in settings_of(variant.name, variant.settings)}
    lines = [title.get(lang)]
    feasible = sum(trial.feasible for trial in item.trials)
    if not feasible:
        lines.append(_NONE.get(lang).format(trials=len(item.trials)))
    elif not item.choice:
        lines.append(_AS_IT_IS.get(lang).format(feasible=feasible, trials=len(item.trials)))
    else:
        lines.append(_FOUND.get(lang).format(feasible=feasible, trials=len(item.trials)))
        lines += [
            f"  {effect.key}: {shown(item.choice[effect.key])} ({shown(said[effect.key].plain)}), "
            f"{said[effect.key].title.get(lang)}{_effect(effect, minimise, lang)}"
            for effect in item.effects
        ]
    if item.selected is not None and len(item.selected.among) > 1:
        lines.append(_NOT_APART.get(lang).format(among=len(item.selected.among), years=item.selected.years))
    rows = [["", _BEFORE.get(lang), _AFTER.get(lang), _DIFFERENCE.get(lang)]]
    for aim in aims:
        before, after, gain = float(item.before[aim].mean()), float(item.after[aim].mean()), item.gain(aim)
        factor, of = of_difference(aim.unit)
        apart = [number(factor * value, lang, 1, sign=True) for value in (gain.mean, gain.lower, gain.upper)]
        difference = f"{apart[0]} ({between(apart[1], apart[2], lang)}) {of.many.get(lang)}"
        rows.append([aim.title.get(lang), *(quantity(v, aim.unit, lang) for v in (before, after)), difference])
    return "\n".join(lines) + "\n\n" + aligned(rows)


def _effect(effect: Effect, aim: Aim, lang: str) -> str:
    """What a setting does, by itself and after the others."""
    factor, of = of_difference(aim.unit)
    alone, last = (number(factor * item.mean, lang, 1, sign=True) for item in (effect.alone, effect.last))
    return ": " + _DOES.get(lang).format(alone=alone, last=last, unit=of.many.get(lang))


def _extends(path: Path | None) -> str:
    return "halland.yaml" if path is None else path.name


_TITLE = Text("Var och en som bäst", "Each at its best")
_DOES = Text("ensam {alone}, sist {last} {unit}", "alone {alone}, last {last} {unit}")
_BEFORE = Text("före", "before")
_AFTER = Text("efter", "after")
_DIFFERENCE = Text("skillnad (95 % intervall)", "difference (95% interval)")
_LEAST = Text(
    "Minst {measure} med {limits}; {trials} försök per modell på {search} år; siffrorna är från {report} andra år.",
    "Least {measure} with {limits}; {trials} trials a model on {search} years; figures are from {report} others.",
)
_MOST = Text(
    "Störst {measure} med {limits}; {trials} försök per modell på {search} år; siffrorna är från {report} andra år.",
    "Most {measure} with {limits}; {trials} trials a model on {search} years; figures are from {report} others.",
)
_NONE = Text(
    "  inget av {trials} försök klarade gränserna: modellen lämnas som den är",
    "  none of {trials} trials held the limits: the model is left as it is",
)
_AS_IT_IS = Text(
    "  inget bättre än dagens inställningar hittades ({feasible} av {trials} försök klarade gränserna)",
    "  nothing better than the present settings was found ({feasible} of {trials} trials held the limits)",
)
_FOUND = Text(
    "  ändrade inställningar, med de nuvarande inom parentes ({feasible} av {trials} försök klarade gränserna):",
    "  changed settings, the present ones in brackets ({feasible} of {trials} trials held the limits):",
)
_NOT_APART = Text(
    "  {among} sista försök kunde inte skiljas åt på {years} år: det med bäst medelvärde visas",
    "  the last {among} trials could not be told apart on {years} years: the one with the best mean is shown",
)
_NO_YEARS = Text(
    "--years: tre antal, det första minst 1 och de andra minst 2, som 4,60,20; fick {text}",
    "--years: three numbers, the first at least 1 and the others at least 2, such as 4,60,20; got {text}",
)
_NO_DIRECTION = Text(
    "--minimise: {measure} har ingen praktisk skillnad, så det går inte att säga vad som är bättre",
    "--minimise: {measure} has no practical difference, so it cannot be said what is better",
)
