"""What may be asked of `tune`: words that go together, scenarios that do, and the years and worlds to run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.inputs import choose, load_named
from cli.wrong import WrongUse
from sim.text import Text

if TYPE_CHECKING:
    from sim.decide.aims import Aim, Limit
    from sim.decide.over import Over
    from sim.decide.question import Years
    from sim.declared import Declared, Variant
    from sim.scenario import Scenario


def check_asked(
    aims: tuple[Aim, ...],
    limits: tuple[Limit, ...],
    over: Over | None,
    scenarios: int,
    worlds: str | None,
    hold_in: float | None,
    years: str | None,
    select: str | None,
    ctx: click.Context,
) -> None:
    """WrongUse with everything that does not go together."""
    several = scenarios > 1 or worlds is not None
    ways = (
        (over is not None and not several, _NOTHING_OVER),
        (scenarios > 1 and worlds is not None, _BOTH),
        (worlds is not None and years is not None, _NO_YEARS_OF_WORLDS),
        (hold_in is not None and worlds is None, _NO_WORLDS_HELD),
        (select is not None and len(aims) > 1, _NO_SELECTION),
        (select is not None and over is not None and over.kind != "mean", _NO_MEAN),
        (len(set(aims)) < len(aims), _TWICE),
    )
    wrong = [text for applies, text in ways if applies]
    for low in limits:
        for high in limits:
            if low.aim == high.aim and not low.at_most and high.at_most and low.bound > high.bound:
                wrong.append(_CONTRADICT.format(low=str(low), high=str(high)))
    if wrong:
        raise WrongUse(Text("; ".join(text.sv for text in wrong), "; ".join(text.en for text in wrong)), ctx)


def load_all(paths: tuple[Path, ...], declared: Declared, ctx: click.Context) -> dict[str, Scenario]:
    """The scenarios by name; the default where none is named. WrongUse for two of one name."""
    loaded = [load_named(path, declared) for path in paths or (None,)]
    if len(dict(loaded)) < len(loaded):
        names = [name for name, _ in loaded]
        raise WrongUse(_SAME.format(name=next(name for name in names if names.count(name) > 1)), ctx)
    return dict(loaded)


def check_alike(
    chosen: tuple[Variant, ...], scenarios: dict[str, Scenario], declared: Declared, ctx: click.Context
) -> None:
    """WrongUse where another scenario has other settings for a model that is tuned: it is one roster for all."""
    for name, scenario in list(scenarios.items())[1:]:
        for mine, other in zip(chosen, choose([item.name for item in chosen], scenario, declared), strict=True):
            if mine.settings != other.settings:
                raise WrongUse(_NOT_ALIKE.format(name=name, model=mine.name, first=next(iter(scenarios))), ctx)


def years_of(text: str, what: str, ctx: click.Context) -> Years:
    """From `4,60,20`, the value of the option `what`."""
    from sim.decide.question import Years

    try:
        search, select, report = (int(part) for part in text.split(","))
    except ValueError:
        search = select = report = 0
    if search < 1 or min(select, report) < 2:
        raise WrongUse(_NO_YEARS.format(what=what, text=text), ctx)
    return Years(search, select, report)


def worlds_of(text: str, ctx: click.Context) -> Years:
    """From `20`, or `20,60,40`."""
    count = text.strip()
    return years_of(f"{count},{3 * int(count)},{count}" if count.isdecimal() else text, "--worlds", ctx)


def indifference_of(scenario: Scenario, aim: Aim, ctx: click.Context) -> float:
    """A quarter of the practical difference of the measure: candidates nearer than that are as good."""
    from sim.comparison.pairing import threshold

    limit = threshold(scenario, aim.measure)
    if not limit > 0.0:
        raise WrongUse(_NO_DIRECTION.format(measure=aim.measure), ctx)
    return limit / 4.0


_NO_YEARS = Text(
    "{what}: tre antal, det första minst 1 och de andra minst 2, som 4,60,20; fick {text}",
    "{what}: three numbers, the first at least 1 and the others at least 2, such as 4,60,20; got {text}",
)
_NO_DIRECTION = Text(
    "--minimise: {measure} har ingen praktisk skillnad, så det går inte att säga vad som är bättre",
    "--minimise: {measure} has no practical difference, so it cannot be said what is better",
)
_NOTHING_OVER = Text(
    "--over: här finns bara ett scenario; ge flera --scenario, eller --worlds N",
    "--over: there is one scenario only; give several --scenario, or --worlds N",
)
_BOTH = Text(
    "--worlds går i ett scenario: ge ett, eller flera utan --worlds",
    "--worlds goes in one scenario: give one, or several without --worlds",
)
_NO_YEARS_OF_WORLDS = Text(
    "--years och --worlds: en värld är ett år, så skriv alla tre antalen i --worlds, som 20,60,40",
    "--years and --worlds: a world is a year, so write all three numbers in --worlds, such as 20,60,40",
)
_NO_WORLDS_HELD = Text(
    "--hold-in: gäller världar; ge --worlds N också (i flera scenarier ska gränserna hålla i varje)",
    "--hold-in: is of worlds; give --worlds N too (in several scenarios the limits have to hold in each)",
)
_NO_SELECTION = Text(
    "--select: med flera mått finns ingen bäst att välja; ta bort det, eller ge ett mått",
    "--select: with several measures there is no best to select; leave it out, or give one measure",
)
_NO_MEAN = Text(
    "--select: kn och ocba gäller medelvärden; ta bort det, eller ge --over mean",
    "--select: kn and ocba are of means; leave it out, or give --over mean",
)
_TWICE = Text("--minimise: samma mått två gånger", "--minimise: the same measure twice")
_CONTRADICT = Text("--limit: inget värde klarar både {low} och {high}", "--limit: no value holds both {low} and {high}")
_SAME = Text("--scenario: två heter {name}", "--scenario: two are called {name}")
_NOT_ALIKE = Text(
    "--scenario: {name} har andra inställningar för {model} än {first}, och det ska bli ett schema för alla: ta bort "
    "dem ur scenariot",
    "--scenario: {name} has other settings for {model} than {first}, and it is to be one roster for all: take them out "
    "of the scenario",
)
