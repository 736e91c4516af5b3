"""least-hours: the fewest physician-hours a week at which each model holds what is asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.commands import named, option
from cli.inputs import MODELS_HELP, chosen_models
from cli.options import jobs_option, shared_options
from cli.show import print_json, quantity
from cli.values import Count, LimitText, Place
from sim.language.numbers import MISSING, number
from sim.language.tables import aligned
from sim.text import Text

if TYPE_CHECKING:
    from sim.decide.aims import Limit
    from sim.decide.least_hours import Least

_ABOUT = Text(
    "Lika service i stället för lika timmar: de minsta läkartimmarna i veckan med vilka varje modell klarar gränserna, "
    "med samma patienter. Utan --limit: 95 % av de akuta inom målet och 95 % av det planerade i utlovad tid.",
    "Equal service instead of equal hours: the fewest physician-hours a week at which each model holds the limits, on "
    "the same patients. Without --limit: 95% of acute in target and 95% of planned by the promised day.",
)
_HELP = {
    "limit": Text(
        "En gräns, som in_target:A1>=95% eller overtime_h_per_week<=16; flera går bra.",
        "A limit, such as in_target:A1>=95% or overtime_h_per_week<=16; may be repeated.",
    ),
    "replications": Text("Antal år som varje steg körs (annars 10).", "Years that each step is run (default: 10)."),
    "most": Text(
        "Högsta timmar i veckan som prövas; annars två och en halv gånger scenariots.",
        "Most hours a week that are tried; default: two and a half times the scenario's.",
    ),
    "step": Text("Steg i timmar (annars 10).", "Step in hours (default: 10)."),
}
USUAL = ("in_target>=95%", "on_promised_day>=95%")


@named("least-hours", _ABOUT)
@click.argument("path", metavar="[SCENARIO]", required=False, type=Place())
@option("--models", "names", metavar="A,B", help=MODELS_HELP)
@option("--limit", "limits", metavar="M>=X", multiple=True, type=LimitText(), help=_HELP["limit"])
@option("--replications", type=Count(2), default=10, metavar="N", help=_HELP["replications"])
@option("--most", type=Count(1), metavar="H", help=_HELP["most"])
@option("--step", type=Count(1), default=10, metavar="H", help=_HELP["step"])
@jobs_option
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    path: Path | None,
    names: str | None,
    limits: tuple[Limit, ...],
    replications: int,
    most: int | None,
    step: int,
    jobs: int | None,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    from sim.decide.aims import parse_limit
    from sim.decide.candidates import Bench
    from sim.decide.least_hours import least_hours
    from sim.study.executors import default_jobs

    name, scenario, chosen = chosen_models(ctx.obj, path, names)
    asked = limits or tuple(map(parse_limit, USUAL))
    bench = Bench(scenario, tuple(dict.fromkeys(limit.aim for limit in asked)), jobs or default_jobs())
    highest = float(most or round(2.5 * scenario.staffing.hours_per_week))
    years = range(1, replications + 1)
    found = []
    for organisation in chosen.values():
        if not quiet and not as_json:
            click.echo(_SEEKING.get(lang).format(model=organisation.title.get(lang)), err=True)
        confidence = scenario.study.confidence
        found.append(
            least_hours(bench, organisation, asked, years, most=highest, step=float(step), confidence=confidence)
        )
    if as_json:
        print_json({"scenario": name, "limits": list(map(str, asked)), "models": [record(item) for item in found]})
        return
    titles = {key: item.title.get(lang) for key, item in chosen.items()}
    click.echo(render(found, titles, asked, replications, scenario.study.confidence, lang))


def record(item: Least) -> dict[str, Any]:
    """One model for --json."""
    return {
        "model": item.name,
        "hours_per_week": item.hours,
        "possible_from": item.possible,
        "sure_from": item.sure,
        "most_tried": item.most,
        "uneven": item.uneven,
        "values": [
            {"limit": str(limit), "mean": found.mean, "lower": found.lower, "upper": found.upper, "n": found.n}
            for limit, found in item.values
        ],
    }


def render(
    found: list[Least], titles: dict[str, str], asked: tuple[Limit, ...], years: int, confidence: float, lang: str
) -> str:
    """What is printed."""
    head = [_MODEL.get(lang), _LEAST.get(lang), _BETWEEN.get(lang), *(limit.aim.title.get(lang) for limit in asked)]
    rows = [head]
    for item in found:
        values = [quantity(value.mean, limit.aim.unit, lang) for limit, value in item.values] or [MISSING] * len(asked)
        rows.append([titles[item.name], _hours(item.hours, lang), _span(item, lang), *values])
    said = [_NEVER.get(lang).format(model=titles[i.name], most=number(i.most, lang), what=_missed(i, lang))
            for i in found if i.hours is None and i.most is not None]  # fmt: skip
    said += [_CANNOT.get(lang).format(model=titles[item.name]) for item in found if item.most is None]
    said += [_UNEVEN.get(lang).format(model=titles[item.name]) for item in found if item.uneven]
    listed = ", ".join(_bound(limit, lang) for limit in asked)
    facts = _FACTS.get(lang).format(limits=listed, years=years, confidence=number(100 * confidence, lang))
    return "\n\n".join(part for part in (facts, aligned(rows), "\n".join(said)) if part)


def _bound(limit: Limit, lang: str) -> str:
    sign = "≤" if limit.at_most else "≥"
    return f"{limit.aim.title.get(lang)} {sign} {quantity(limit.bound, limit.aim.unit, lang)}"


def _missed(item: Least, lang: str) -> str:
    return ", ".join(
        f"{limit.aim.title.get(lang)} {quantity(value.mean, limit.aim.unit, lang)}"
        for limit, value in item.values
        if limit in item.missed
    )


def _hours(hours: float | None, lang: str) -> str:
    return MISSING if hours is None else number(hours, lang)


def _span(item: Least, lang: str) -> str:
    if item.possible is None:
        return MISSING
    if item.sure is None:
        return _FROM.get(lang).format(low=number(item.possible, lang))
    return f"{number(item.possible, lang)}–{number(item.sure, lang)}"


_SEEKING = Text("söker: {model}", "seeking: {model}")
_MODEL = Text("modell", "model")
_LEAST = Text("timmar i veckan", "hours a week")
_BETWEEN = Text("intervall", "interval")
_FROM = Text("{low} eller fler", "{low} or more")
_FACTS = Text(
    "Minsta läkartimmar i veckan med {limits}; {years} år med samma patienter, {confidence} % intervall för timmarna "
    "(bruset i dragningen). Kolumnerna till höger är vad de timmarna ger.",
    "Fewest physician-hours a week with {limits}; {years} years with the same patients, {confidence}% interval of the "
    "hours (the noise of the draw). The columns to the right are what those hours give.",
)
_NEVER = Text(
    "{model} når det inte ens med {most} timmar i veckan ({what}): timmar som läggs till hamnar i poster som inte "
    "hjälper.",
    "{model} does not get there even at {most} hours a week ({what}): hours that are added go to posts that do not "
    "help.",
)
_CANNOT = Text("{model} kan inte köras med så få timmar.", "{model} cannot be run with so few hours.")
_UNEVEN = Text(
    "{model}: här klarade sig fler timmar någon gång sämre än färre, så talet är osäkrare än intervallet säger.",
    "{model}: here more hours sometimes did worse than fewer, so the number is less sure than its interval says.",
)
