"""sensitivity: what each input does to the difference between models, one at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.breakeven import split
from cli.commands import named, option
from cli.indices import METHODS, TORNADO, Asked, records, screened
from cli.indices import render as render_together
from cli.inputs import MODELS_HELP, chosen_models
from cli.options import jobs_option, shared_options
from cli.progress import Progress
from cli.show import print_json
from cli.tune import listed
from cli.values import AimText, Count, OneOf, Place
from sim.language.numbers import number, plain
from sim.language.tables import aligned
from sim.language.units import of_difference
from sim.text import Text

if TYPE_CHECKING:
    from sim.decide.aims import Aim
    from sim.decide.sensitivity import Bar, Tornado
    from sim.statistics import Interval

_ABOUT = Text(
    "Vad varje indata gör med skillnaden mellan modellerna, med samma patienter och störst först: ett i taget vid sitt "
    "låga och sitt höga värde, med tecken, eller alla tillsammans över tänkbara världar (Morris, Sobol).",
    "What each input does to the difference between models, on the same patients and the largest first: one at a time "
    "at its low and its high value, with signs, or all together over plausible worlds (Morris, Sobol).",
)
_HELP = {
    "measure": Text(
        "Måttet, som response_min eller in_target:A1; annars svarstid för akuta.",
        "The measure, such as response_min or in_target:A1; default: response time of acute.",
    ),
    "replications": Text("Antal år vid varje värde (annars 3).", "Years at each value (default: 3)."),
    "method": Text(
        "tornado: en indata i taget (förvalt); morris: alla tillsammans, grovt; sobol: andelar av variansen.",
        "tornado: one input at a time (default); morris: all together, roughly; sobol: shares of the variance.",
    ),
    "points": Text(
        "Vägar för morris (annars 10), punkter för sobol (annars 128; avrundas uppåt till en potens av två).",
        "Paths of morris (default: 10), points of sobol (default: 128; rounded up to a power of two).",
    ),
    "inputs": Text(
        "Bara de här indata, som travel.weather_factor,source.acute_rates.",
        "Only these inputs, such as travel.weather_factor,source.acute_rates.",
    ),
    "top": Text("Sobol för de N största i en morris (annars 8).", "Sobol of the N largest of a morris (default: 8)."),
    "most": Text("Så många indata visas (annars 15).", "So many inputs are shown (default: 15)."),
}


@named("sensitivity", _ABOUT)
@click.argument("path", metavar="[SCENARIO]", required=False, type=Place())
@option("--models", "names", metavar="A,B", help=MODELS_HELP)
@option("--measure", "aim", type=AimText(), default="response_min", metavar="M", help=_HELP["measure"])
@option("--replications", type=Count(2), default=3, metavar="N", help=_HELP["replications"])
@option("--method", type=OneOf(*METHODS), default=TORNADO, metavar="|".join(METHODS), help=_HELP["method"])
@option("--points", type=Count(2), metavar="N", help=_HELP["points"])
@option("--inputs", default="", metavar="A,B", help=_HELP["inputs"])
@option("--top", type=Count(1), metavar="N", help=_HELP["top"])
@option("--most", type=Count(1), default=15, metavar="N", help=_HELP["most"])
@jobs_option
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    path: Path | None,
    names: str | None,
    aim: Aim,
    replications: int,
    method: str,
    points: int | None,
    inputs: str,
    top: int | None,
    most: int,
    jobs: int | None,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    from sim.decide.differences import ModelDifferences
    from sim.decide.sensitivity import CONFIDENCE, tornado
    from sim.statistics import mean_interval
    from sim.study.executors import default_jobs

    asked = Asked(method, points, tuple(listed(inputs)), top)
    asked.check(ctx)
    name, scenario, chosen = chosen_models(ctx.obj, path, names)
    reference, others = split(chosen, scenario.study.reference, ctx)
    differences = ModelDifferences(scenario, chosen, reference, aim, range(1, replications + 1))
    titles = {key: item.title.get(lang) for key, item in chosen.items()}
    progress, workers = Progress(_INPUTS.get(lang), quiet or as_json, lang), jobs or default_jobs()
    front = {"scenario": name, "measure": aim.measure, "class": aim.klass, "reference": reference, "method": method}
    if method == TORNADO:
        progress.begin(len(differences.laws))
        try:
            found = tornado(differences, workers, progress.advance)
        finally:
            progress.end()
        if as_json:
            base = {model: _record(item) for model, item in found.base.items() if model != reference}
            print_json(front | {"base": base, "bars": [record(bar) for bar in found.bars]})
        else:
            click.echo(render(found, titles, aim, most, replications, lang))
        return
    together = screened(asked, differences, workers, progress, lang, ctx)
    columns = zip(chosen, differences.by_year({}).T, strict=True)
    middle = {model: mean_interval(column, CONFIDENCE) for model, column in columns if model in others}
    if as_json:
        print_json(front | {"base": {model: _record(item) for model, item in middle.items()}} | records(together))
    else:
        click.echo(render_together(together, differences, middle, titles, most, lang))


def record(bar: Bar) -> dict[str, Any]:
    """One input and model for --json."""
    return {"model": bar.model, "input": bar.key, "low": bar.low, "high": bar.high,
            "at_low": _record(bar.at_low), "at_high": _record(bar.at_high)}  # fmt: skip


def _record(item: Interval) -> dict[str, float]:
    return {"change": item.mean, "lower": item.lower, "upper": item.upper}


def render(found: Tornado, titles: dict[str, str], aim: Aim, most: int, years: int, lang: str) -> str:
    """What is printed: for each model its widest bars."""
    from sim.decide.sentences import input_title

    factor, unit = of_difference(aim.unit)
    parts = []
    for model, base in found.base.items():
        if model == found.reference:
            continue
        head = _HEAD.get(lang).format(
            model=titles[model], reference=titles[found.reference], measure=aim.title.get(lang),
            difference=number(factor * base.mean, lang, 1, sign=True), unit=unit.many.get(lang), years=years,
        )  # fmt: skip
        rows = [[_INPUT.get(lang), _LOW.get(lang), _HIGH.get(lang), ""]]
        for bar in found.of(model)[:most]:
            ends = (
                f"{number(factor * end.mean, lang, 2, sign=True)} ({plain(value, lang)})"
                for end, value in ((bar.at_low, bar.low), (bar.at_high, bar.high))
            )
            rows.append([input_title(bar.key, {}).get(lang), *ends, "" if bar.sure else _UNSURE.get(lang)])
        parts.append(f"{head}\n\n{aligned(rows)}")
    return "\n\n".join(parts)


_INPUTS = Text("indata", "inputs")
_HEAD = Text(
    "{model} mot {reference}, {measure}: {difference} {unit} i scenariot ({years} år). Vad varje indata lägger till "
    "skillnaden vid sitt låga och sitt höga värde:",
    "{model} against {reference}, {measure}: {difference} {unit} in the scenario ({years} years). What each input adds "
    "to the difference at its low and its high value:",
)
_INPUT = Text("indata", "input")
_LOW = Text("låg", "low")
_HIGH = Text("hög", "high")
_UNSURE = Text("kan vara slump", "may be chance")
