"""sensitivity: what each input does to the difference between models, one at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import Settings
from cli.breakeven import split
from cli.commands import named, option
from cli.inputs import MODELS_HELP, choose, declared_models, load_named, models_asked
from cli.options import jobs_option, shared_options
from cli.progress import Progress
from cli.show import print_json
from cli.values import AimText, Count, Place
from sim.language.numbers import number, plain
from sim.language.tables import aligned
from sim.language.units import of_difference
from sim.text import Text

if TYPE_CHECKING:
    from sim.decide.aims import Aim
    from sim.decide.sensitivity import Bar, Tornado
    from sim.statistics import Interval

_ABOUT = Text(
    "Vad varje indata gör med skillnaden mellan modellerna: ett i taget vid sitt låga och sitt höga värde, med samma "
    "patienter. Störst först, med tecken.",
    "What each input does to the difference between models: one at a time at its low and its high value, on the same "
    "patients. The largest first, with signs.",
)
_HELP = {
    "measure": Text(
        "Måttet, som response_min eller in_target:A1; annars svarstid för akuta.",
        "The measure, such as response_min or in_target:A1; default: response time of acute.",
    ),
    "replications": Text("Antal år vid varje värde (annars 3).", "Years at each value (default: 3)."),
    "most": Text("Så många indata visas (annars 15).", "So many inputs are shown (default: 15)."),
}


@named("sensitivity", _ABOUT)
@click.argument("path", metavar="[SCENARIO]", required=False, type=Place())
@option("--models", "names", metavar="A,B", help=MODELS_HELP)
@option("--measure", "aim", type=AimText(), default="response_min", metavar="M", help=_HELP["measure"])
@option("--replications", type=Count(2), default=3, metavar="N", help=_HELP["replications"])
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
    most: int,
    jobs: int | None,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    from sim.decide.plausible import laws_of
    from sim.decide.sensitivity import tornado
    from sim.study.executors import default_jobs

    settings: Settings = ctx.obj
    wanted, files = models_asked(names)
    declared = declared_models(settings, wanted, files)
    name, scenario = load_named(path, declared)
    chosen = {item.name: item for item in (variant.organisation() for variant in choose(wanted, scenario, declared))}
    reference, _ = split(chosen, scenario.study.reference, ctx)
    progress = Progress(_INPUTS.get(lang), quiet or as_json, lang)
    progress.begin(len(laws_of(scenario)))
    try:
        years = range(1, replications + 1)
        found = tornado(scenario, chosen, reference, aim, years, jobs or default_jobs(), progress.advance)
    finally:
        progress.end()
    if as_json:
        base = {model: _record(item) for model, item in found.base.items() if model != reference}
        print_json({"scenario": name, "measure": aim.measure, "class": aim.klass, "reference": reference, "base": base,
                    "bars": [record(bar) for bar in found.bars]})  # fmt: skip
        return
    titles = {key: item.title.get(lang) for key, item in chosen.items()}
    click.echo(render(found, titles, aim, most, replications, lang))


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
            rows.append([input_title(bar.key).get(lang), *ends, "" if bar.sure else _UNSURE.get(lang)])
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
