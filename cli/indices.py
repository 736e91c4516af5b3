"""`sensitivity --method morris | sobol`: what inputs do together, as it is asked for and printed."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from cli.progress import Progress
from cli.wrong import WrongUse
from sim.language.nearest import did_you_mean
from sim.language.numbers import number, percent
from sim.language.tables import aligned
from sim.language.units import of_difference
from sim.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.decide.differences import ModelDifferences
    from sim.decide.indices import Effect, Share
    from sim.decide.screening import Method, Screening, Step
    from sim.statistics import Interval

Row = TypeVar("Row", "Effect", "Share")

TORNADO: Final = "tornado"
METHODS: Final = (TORNADO, "morris", "sobol")


@dataclass(frozen=True)
class Asked:
    """What the line asks for: so many paths or `points` (None: as usual), only of `inputs` (empty: of all), or of the
    `top` largest of a screening."""

    method: str
    points: int | None
    inputs: tuple[str, ...]
    top: int | None

    def check(self, ctx: click.Context) -> None:
        """WrongUse for options that do not go together."""
        if self.method == TORNADO and (self.points or self.inputs or self.top):
            raise WrongUse(_NOT_TORNADO, ctx)
        if self.top and (self.inputs or self.method != "sobol"):
            raise WrongUse(_TOP_ALONE, ctx)


def screened(
    asked: Asked, differences: ModelDifferences, jobs: int, progress: Progress, lang: str, ctx: click.Context
) -> Screening:
    """Says how many runs there will be and about how long they take; then makes them."""
    from sim.decide.indices import salib
    from sim.decide.plausible import DUMMY
    from sim.decide.screening import screen, steps_of

    salib()  # before anything is run
    *known, _ = differences.factors
    for name in asked.inputs:
        if name not in differences.factors:
            raise WrongUse(_NO_INPUT.format(name=name, hint=did_you_mean(name, known, _ASSUMPTIONS)), ctx)
    inputs = [name for name in dict.fromkeys(asked.inputs or known) if name != DUMMY]
    if not inputs:
        raise WrongUse(_ONLY_DUMMY, ctx)
    method: Method = "morris" if asked.method == "morris" else "sobol"
    steps = steps_of(method, len(inputs), bool(asked.inputs), asked.points, asked.top)
    progress.say(beforehand(steps, differences, _seconds_a_row(differences, inputs) / jobs, lang))
    progress.begin(sum(step.rows for step in steps), _ROWS.get(lang))
    try:
        return screen(differences, steps, inputs, jobs, progress.advance)
    finally:
        progress.end()


def _seconds_a_row(differences: ModelDifferences, inputs: Sequence[str]) -> float:
    """Measured on one, after another that pays for what is made once."""
    for place in (0.4, 0.6):
        began = time.perf_counter()
        differences.at(dict.fromkeys(inputs, place))
    return time.perf_counter() - began


def beforehand(steps: Sequence[Step], differences: ModelDifferences, seconds: float, lang: str) -> str:
    """How many runs, and about how long at so many `seconds` a row."""
    rows, years, models = sum(step.rows for step in steps), len(differences.years), len(differences.organisations)
    whole = rows * seconds
    length = _MINUTES.format(n=math.ceil(whole / 60.0)) if whole > 90.0 else _SECONDS.format(n=math.ceil(whole))
    return _BEFOREHAND.get(lang).format(
        rows=number(rows, lang), years=years, models=models, runs=number(rows * years * models, lang),
        length=length.get(lang),
    )  # fmt: skip


def records(found: Screening) -> dict[str, Any]:
    """What was found, for --json."""
    return {
        "steps": [step._asdict() | {"rows": step.rows} for step in found.steps],
        "left_out": dict(found.left_out),
        "deviation": dict(found.spread),
        "effects": [{"model": model, **_record(row)} for model, rows in found.effects.items() for row in rows],
        "shares": [{"model": model, **_record(row)} for model, rows in found.shares.items() for row in rows],
    }


def _record(row: Effect | Share) -> dict[str, Any]:
    fields = row._asdict()
    return {"input": fields.pop("key")} | fields


def render(
    found: Screening,
    differences: ModelDifferences,
    base: Mapping[str, Interval],
    titles: Mapping[str, str],
    most: int,
    lang: str,
) -> str:
    """What is printed: for each model its largest inputs, and the number that nothing reads."""
    aim, last = differences.aim, found.steps[-1]
    factor, unit = of_difference(aim.unit)
    said = {"points": last.points, "unit": unit.many.get(lang), "years": len(differences.years)}
    parts = []
    for model, spread in found.spread.items():
        head = _HEAD.get(lang).format(
            model=titles[model], reference=titles[differences.reference], measure=aim.title.get(lang),
            difference=number(factor * base[model].mean, lang, 1, sign=True), spread=number(factor * spread, lang, 1),
            **said,
        )  # fmt: skip
        if last.method == "sobol":
            lines = [head, _SOBOL.get(lang).format(**said)]
            table = _shares(found.shares[model], most, lang)
        else:
            lines = [head, _MORRIS.get(lang).format(**said)]
            table = _effects(found.effects[model], most, factor, lang)
        if found.left_out[model]:
            lines.append(_LEFT_OUT.get(lang).format(n=found.left_out[model]))
        parts.append("\n".join([*lines, "", table]))
    return "\n\n".join(parts)


def _effects(rows: Sequence[Effect], most: int, factor: float, lang: str) -> str:
    head = [_INPUT.get(lang), _MEAN.get(lang), _SIZE.get(lang), "", _SPREAD.get(lang)]
    return aligned([
        head,
        *([_title(row.key, lang), number(factor * row.mean, lang, 2, sign=True), number(factor * row.size, lang, 2),
           f"±{number(factor * row.error, lang, 2)}", number(factor * row.spread, lang, 2)]
          for row in _shown(rows, most)),
    ])  # fmt: skip


def _shares(rows: Sequence[Share], most: int, lang: str) -> str:
    head = [_INPUT.get(lang), _ALONE.get(lang), "", _TOTAL.get(lang), ""]
    return aligned([
        head,
        *([_title(row.key, lang), percent(row.alone, lang), f"±{percent(row.alone_error, lang)}",
           percent(row.total, lang), f"±{percent(row.total_error, lang)}"] for row in _shown(rows, most)),
    ])  # fmt: skip


def _shown(rows: Sequence[Row], most: int) -> list[Row]:
    """The largest, and the dummy last."""
    from sim.decide.plausible import DUMMY

    others = [row for row in rows if row.key != DUMMY]
    return others[:most] + [row for row in rows if row.key == DUMMY]


def _title(key: str, lang: str) -> str:
    from sim.decide.plausible import DUMMY
    from sim.decide.sentences import input_title

    return (_DUMMY if key == DUMMY else input_title(key, {})).get(lang)


_ROWS: Final = Text("världar", "worlds")
_BEFOREHAND: Final = Text(
    "{rows} världar × {years} år × {models} modeller = {runs} körningar, ungefär {length}",
    "{rows} worlds × {years} years × {models} models = {runs} runs, about {length}",
)
_MINUTES: Final = Text("{n} minuter", "{n} minutes")
_SECONDS: Final = Text("{n} sekunder", "{n} seconds")
_HEAD: Final = Text(
    "{model} mot {reference}, {measure}: {difference} {unit} i scenariot ({years} år), och en standardavvikelse på "
    "{spread} över de världar som kördes.",
    "{model} against {reference}, {measure}: {difference} {unit} in the scenario ({years} years), and a standard "
    "deviation of {spread} over the worlds that were run.",
)
_MORRIS: Final = Text(
    "Vad varje indata lägger till skillnaden på vägen från lågt till högt, de andra var de råkar vara ({points} vägar, "
    "{unit}). Stor spridning: den verkar olika i olika världar.",
    "What each input adds to the difference on its way from low to high, the others wherever they are ({points} paths, "
    "{unit}). A large spread: it acts differently in different worlds.",
)
_SOBOL: Final = Text(
    "Hur stor del av skillnadens varians varje indata står för ensam, och i allt med samspel ({points} punkter).",
    "The share of the variance of the difference that each input explains alone, and in all, with interactions "
    "({points} points).",
)
_LEFT_OUT: Final = Text(
    "{n} vägar eller punkter lämnades ute: måttet saknar värde i en av deras världar.",
    "{n} paths or points are left out: the measure has no value in one of their worlds.",
)
_DUMMY: Final = Text("(ett tal som ingen läser)", "(a number that nothing reads)")
_INPUT: Final = Text("indata", "input")
_MEAN: Final = Text("i snitt", "mean")
_SIZE: Final = Text("storlek", "size")
_SPREAD: Final = Text("spridning", "spread")
_ALONE: Final = Text("ensam", "alone")
_TOTAL: Final = Text("i allt", "in all")
_NOT_TORNADO: Final = Text(
    "--points, --inputs och --top hör till --method morris eller sobol",
    "--points, --inputs and --top go with --method morris or sobol",
)
_TOP_ALONE: Final = Text(
    "--top hör till --method sobol, utan --inputs: antingen de största eller de nämnda",
    "--top goes with --method sobol, without --inputs: either the largest or those named",
)
_NO_INPUT: Final = Text(
    "--inputs: {name} är ingen osäker indata här; {hint}", "--inputs: {name} is no uncertain input here; {hint}"
)
_ONLY_DUMMY: Final = Text("--inputs: nämn minst en indata", "--inputs: name at least one input")
_ASSUMPTIONS: Final = Text("run_sim.py assumptions listar dem", "run_sim.py assumptions lists them")
