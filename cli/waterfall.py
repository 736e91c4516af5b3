"""waterfall: from one model to another, one setting at a time, and what is the organisation's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import Settings
from cli.commands import named, option
from cli.inputs import choose, declared_models, load_named
from cli.options import jobs_option, shared_options
from cli.show import print_json, quantity
from cli.values import AimText, Count, Place
from cli.wrong import WrongUse
from sim.language.numbers import MISSING, between, number
from sim.language.tables import aligned
from sim.language.units import of_difference
from sim.text import Text

if TYPE_CHECKING:
    from sim.decide.aims import Aim
    from sim.decide.waterfall import Step, Waterfall
    from sim.declared import Variant
    from sim.statistics import Interval

_ABOUT = Text(
    "Från en modell till en annan, ett steg i taget: den enas inställningar till dess bästa schema, organisationen, "
    "och den andras inställningar tillbaka till som de är. Stegen blir hela skillnaden.\n\n"
    "FRÅN och TILL är modeller; deras bästa scheman tas ur --best (annars each_at_its_best, som tune har gjort).",
    "From one model to another, one step at a time: the settings of the one to its best roster, the organisation, and "
    "the settings of the other back to as they are. The steps make up the whole difference.\n\n"
    "FROM and TO are models; their best rosters are taken from --best (default: each_at_its_best, made by tune).",
)
_HELP = {
    "best": Text("Scenario med modellernas bästa scheman.", "Scenario with the models' best rosters."),
    "measure": Text(
        "Måttet, som response_min eller in_target:A1; annars svarstid för akuta.",
        "The measure, such as response_min or in_target:A1; default: response time of acute.",
    ),
    "replications": Text("Antal år (annars 20).", "Years (default: 20)."),
}


@named("waterfall", _ABOUT)
@click.argument("one", metavar="FROM")
@click.argument("other", metavar="TO")
@option("--best", "path", type=Place(), metavar="SCENARIO", help=_HELP["best"])
@option("--measure", "aim", type=AimText(), default="response_min", metavar="M", help=_HELP["measure"])
@option("--replications", type=Count(2), default=20, metavar="N", help=_HELP["replications"])
@jobs_option
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    one: str,
    other: str,
    path: Path | None,
    aim: Aim,
    replications: int,
    jobs: int | None,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    from sim.decide.candidates import Bench
    from sim.decide.question import Years
    from sim.decide.waterfall import waterfall
    from sim.decide.written import SUFFIX
    from sim.scenario.shipped import AT_BEST
    from sim.study.executors import default_jobs

    settings: Settings = ctx.obj
    declared = declared_models(settings)
    _, scenario = load_named(path or Path(AT_BEST), declared)
    found = {variant.name: variant for variant in choose(None, scenario, declared)}
    missing = [name for model in (one, other) for name in (model, model + SUFFIX) if name not in found]
    if missing:
        raise WrongUse(_MISSING.format(names=", ".join(missing), file=path or AT_BEST, known=", ".join(found)), ctx)
    first = Years().reported.start  # years that the search has not seen
    years = range(first, first + replications)
    bench = Bench(scenario, (aim,), jobs or default_jobs())
    result = waterfall(bench, found[one], found[one + SUFFIX], found[other], found[other + SUFFIX], aim, years)
    if as_json:
        print_json({"measure": aim.measure, "class": aim.klass, **record(result)})
        return
    click.echo(render(result, found, one, other, aim, replications, lang))


def record(result: Waterfall) -> dict[str, Any]:
    """For --json."""
    return {
        "first": result.first,
        "last": result.last,
        "difference": result.whole._asdict(),
        "steps": [
            {
                "model": step.model, "setting": step.key or None, "old": step.old, "new": step.new, "level": step.level,
                "change": step.change._asdict(), "alone": step.alone._asdict() if step.alone else None,
            }
            for step in result.steps
        ],
    }  # fmt: skip


def render(result: Waterfall, found: dict[str, Variant], one: str, other: str, aim: Aim, years: int, lang: str) -> str:
    """What is printed."""
    factor, of = of_difference(aim.unit)
    titles = {name: found[name].organisation().title.get(lang) for name in (one, other)}

    def apart(interval: Interval | None) -> str:
        if interval is None:
            return MISSING
        mean, low, high = (number(factor * value, lang, 1, sign=True) for value in interval[:3])
        return f"{mean} ({between(low, high, lang)})"

    head = ["", _LEVEL.get(lang), _CHANGE.get(lang), _ALONE.get(lang)]
    rows = [head, [titles[one], quantity(result.first, aim.unit, lang), MISSING, MISSING]]
    for step in result.steps:
        level = quantity(step.level, aim.unit, lang)
        rows.append([f"  {_said(step, found, titles, lang)}", level, apart(step.change), apart(step.alone)])
    rows.append([titles[other], quantity(result.last, aim.unit, lang), apart(result.whole), MISSING])
    facts = _FACTS.get(lang).format(measure=aim.title.get(lang), years=years, unit=of.many.get(lang))
    return f"{facts}\n\n{aligned(rows)}\n\n{_TOGETHER.get(lang)}"


def _said(step: Step, found: dict[str, Variant], titles: dict[str, str], lang: str) -> str:
    from sim.decide.waterfall import ORGANISATION
    from sim.decide.written import shown
    from sim.declared import settings_of

    if step.key == ORGANISATION:
        return _ORGANISATION.get(lang).format(one=titles[step.old], other=titles[step.new])
    variant = found[step.model]
    title = next(row.title.get(lang) for row in settings_of(variant.name, variant.settings) if row.key == step.key)
    return f"{step.key}: {shown(step.old)} → {shown(step.new)} ({title})"


_LEVEL = Text("efter steget", "after the step")
_CHANGE = Text("steget", "the step")
_ALONE = Text("ensamt", "alone")
_ORGANISATION = Text(
    "organisationen: {one} → {other}, båda som bäst", "the organisation: {one} → {other}, both at best"
)
_FACTS = Text(
    "{measure}: medel över {years} år som sökningen inte har sett, samma patienter; steg i {unit}, 95 % intervall.",
    "{measure}: means of {years} years that the search has not seen, same patients; steps in {unit}, 95% intervals.",
)
_TOGETHER = Text(
    "Ensamt: steget för sig, från modellen som den är. Skiljer det sig från steget verkar inställningarna tillsammans.",
    "Alone: the step by itself, from the model as it is. Where that differs from the step the settings work together.",
)
_MISSING = Text("{file} har inte {names}; där finns {known}", "{file} does not have {names}; it has {known}")
