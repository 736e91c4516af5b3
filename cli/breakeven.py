"""breakeven: where two models change places when a number of the scenario moves."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.commands import named, option
from cli.inputs import MODELS_HELP, chosen_models
from cli.options import jobs_option, shared_options
from cli.show import print_json
from cli.values import AimText, Count, Place
from cli.wrong import WrongUse
from sim.language.nearest import did_you_mean
from sim.language.numbers import MISSING, number, plain
from sim.language.tables import aligned
from sim.language.units import of_difference
from sim.text import Text

if TYPE_CHECKING:
    from sim.decide.aims import Aim
    from sim.decide.breakeven import BreakEven, Crossing
    from sim.organisation import Organisation
    from sim.scenario.fields import Leaf

_ABOUT = Text(
    "Var två modeller byter plats när ett tal i scenariot ändras, med samma patienter vid varje värde.\n\n"
    "FÄLT är ett tal i scenariot, som demand.scale. Var och en av modellerna jämförs med jämförelsemodellen.",
    "Where two models change places when a number of the scenario moves, on the same patients at every value.\n\n"
    "FIELD is a number of the scenario, such as demand.scale. Each of the models is compared with the reference.",
)
_HELP = {
    "measure": Text(
        "Måttet som avgör, som response_min eller in_target:A1; annars svarstid för akuta.",
        "The measure that decides, such as response_min or in_target:A1; default: response time of acute.",
    ),
    "low": Text("Lägsta värde; annars fältets låga.", "Lowest value; default: the field's low."),
    "high": Text("Högsta värde; annars fältets höga.", "Highest value; default: the field's high."),
    "replications": Text("Antal år vid varje värde (annars 10).", "Years at each value (default: 10)."),
}


@named("breakeven", _ABOUT)
@click.argument("key", metavar="FIELD")
@click.argument("path", metavar="[SCENARIO]", required=False, type=Place())
@option("--models", "names", metavar="A,B", help=MODELS_HELP)
@option("--measure", "aim", type=AimText(), default="response_min", metavar="M", help=_HELP["measure"])
@option("--from", "low", type=float, metavar="X", help=_HELP["low"])
@option("--to", "high", type=float, metavar="X", help=_HELP["high"])
@option("--replications", type=Count(2), default=10, metavar="N", help=_HELP["replications"])
@jobs_option
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    key: str,
    path: Path | None,
    names: str | None,
    aim: Aim,
    low: float | None,
    high: float | None,
    replications: int,
    jobs: int | None,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    from sim.decide.breakeven import Differences, break_even
    from sim.study.executors import default_jobs
    from sim.study.stages import Kept

    name, scenario, chosen = chosen_models(ctx.obj, path, names)
    reference, others = split(chosen, scenario.study.reference, ctx)
    leaf = field_of(key, ctx)
    ends = ends_of(leaf, low, high, ctx)
    kept, years, found = Kept(), range(1, replications + 1), []
    for other in others:
        if not quiet and not as_json:
            click.echo(_SEEKING.get(lang).format(model=chosen[other].title.get(lang)), err=True)
        differences = Differences(
            scenario,
            key,
            aim,
            chosen[other],
            chosen[reference],
            years,
            jobs or default_jobs(),
            kept,
        )
        found.append(break_even(differences, *ends))
    if as_json:
        print_json({"scenario": name, "field": key, "measure": aim.measure, "class": aim.klass, "from": ends[0],
                    "to": ends[1], "pairs": [record(item) for item in found]})  # fmt: skip
        return
    titles = {item: chosen[item].title.get(lang) for item in chosen}
    head = _FACTS.get(lang).format(field=leaf.title.get(lang), key=key, measure=aim.title.get(lang), years=replications)
    click.echo(f"{head}\n\n{render(found, titles, aim, ends, lang)}")


def split(chosen: dict[str, Organisation], wanted: str, ctx: click.Context) -> tuple[str, list[str]]:
    """The reference and the models to lay beside it."""
    reference = wanted if wanted in chosen else next(iter(chosen))
    others = [name for name in chosen if name != reference]
    if not others:
        raise WrongUse(_ONE_MODEL, ctx)
    return reference, others


def field_of(key: str, ctx: click.Context) -> Leaf:
    """The number of the scenario with this key."""
    from sim.scenario import Scenario
    from sim.scenario.fields import leaves, value_of

    default = Scenario()
    numbers = {leaf.key: leaf for leaf in leaves(Scenario) if isinstance(value_of(default, leaf.key), float)}
    if key not in numbers:
        raise WrongUse(_NO_FIELD.format(key=key, what=did_you_mean(key, sorted(numbers), _LISTED)), ctx)
    return numbers[key]


def ends_of(leaf: Leaf, low: float | None, high: float | None, ctx: click.Context) -> tuple[float, float]:
    """Between which values to look: as asked, else the range of the field."""
    left, right = (leaf.extra.get(name) if asked is None else asked for name, asked in (("low", low), ("high", high)))
    if left is None or right is None:
        raise WrongUse(_NO_ENDS.format(key=leaf.key), ctx)
    if not left < right:
        raise WrongUse(_UPSIDE_DOWN.format(low=plain(left, "en"), high=plain(right, "en")), ctx)
    return float(left), float(right)


def record(item: BreakEven) -> dict[str, Any]:
    """One pair for --json."""
    return {
        "model": item.model,
        "reference": item.other,
        "crossings": [
            {"value": c.value, "low": c.low, "high": c.high, "rising": c.rising, "steady": c.steady}
            for c in item.crossings
        ],
        "steps": [
            {"value": s.value, "difference": s.difference.mean, "lower": s.difference.lower,
             "upper": s.difference.upper, "n": s.difference.n, "steady": s.steady}
            for s in item.steps
        ],
    }  # fmt: skip


def render(found: list[BreakEven], titles: dict[str, str], aim: Aim, ends: tuple[float, float], lang: str) -> str:
    """A sentence for each crossing, or that there is none, and the difference at the values looked at."""
    factor, unit = of_difference(aim.unit)
    parts = []
    for item in found:
        names = {"model": titles[item.model], "other": titles[item.other]}
        said = [_said(crossing, names, aim, lang) for crossing in item.crossings]
        if not said:
            above = item.steps[0].difference.mean > 0
            better = names["other"] if above == (aim.sign > 0) else names["model"]
            low, high = (plain(end, lang) for end in ends)
            said = [_NONE.get(lang).format(**names, better=better, low=low, high=high)]
        years = max(step.difference.n for step in item.steps)
        rows = [[_VALUE.get(lang), f"{_DIFFERENCE.get(lang)} ({unit.many.get(lang)})", _INTERVAL.get(lang), ""]]
        for step in item.steps:
            mean = number(factor * step.difference.mean, lang, 1)
            lower, upper = (
                number(factor * end, lang, 1) if math.isfinite(end) else MISSING
                for end in (step.difference.lower, step.difference.upper)
            )
            behind = "" if step.steady == years else _BEHIND.get(lang).format(n=years - step.steady, years=years)
            rows.append([number(step.value, lang, 3), mean, f"{lower} .. {upper}", behind])
        parts.append("\n".join([*said, "", aligned(rows)]))
    return "\n\n".join(parts)


def _said(crossing: Crossing, names: dict[str, str], aim: Aim, lang: str) -> str:
    """Who is the better one above the crossing, and between which values it lies."""
    other_above = crossing.rising == (aim.sign > 0)
    ends = [number(end, lang, 3) if math.isfinite(end) else _BEYOND.get(lang) for end in (crossing.low, crossing.high)]
    above, below = (names["other"], names["model"]) if other_above else (names["model"], names["other"])
    said = _CROSSING.get(lang).format(
        value=number(crossing.value, lang, 3), low=ends[0], high=ends[1], above=above, below=below
    )
    return said if crossing.steady else f"{said} {_NOT_STEADY.get(lang)}"


_SEEKING = Text("söker: {model}", "seeking: {model}")
_FACTS = Text(
    "{measure} när {field} ({key}) ändras; {years} år med samma patienter vid varje värde.",
    "{measure} as {field} ({key}) moves; {years} years with the same patients at every value.",
)
_CROSSING = Text(
    "{below} är bättre upp till {value} ({low} till {high}), {above} däröver.",
    "{below} is better up to {value} ({low} to {high}), {above} above it.",
)
_NONE = Text(
    "{model} och {other} byter inte plats mellan {low} och {high}: {better} är bättre överallt.",
    "{model} and {other} change places nowhere between {low} and {high}: {better} is better all the way.",
)
_NOT_STEADY = Text("Där hinner en av dem inte med.", "There one of them does not keep up.")
_BEHIND = Text("hinner inte med i {n} av {years} år", "does not keep up in {n} of {years} years")
_BEYOND = Text("utanför", "beyond")
_VALUE = Text("värde", "value")
_DIFFERENCE = Text("skillnad", "difference")
_INTERVAL = Text("intervall", "interval")
_ONE_MODEL = Text("det behövs två modeller; ge --models A,B", "two models are needed; give --models A,B")
_NO_FIELD = Text("{key} är inget tal i scenariot; {what}", "{key} is no number of the scenario; {what}")
_LISTED = Text("docs/scenarios.md räknar upp dem", "docs/scenarios.md lists them")
_NO_ENDS = Text("{key} har inget eget spann; ge --from och --to", "{key} has no range of its own; give --from and --to")
_UPSIDE_DOWN = Text("--from {low} ska vara mindre än --to {high}", "--from {low} must be less than --to {high}")
