"""What `tune` prints: each model before and after, in one scenario, in several, or over plausible worlds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cli.show import quantity
from sim.language.numbers import between, number
from sim.language.tables import aligned
from sim.language.units import of_difference
from sim.text import Text

if TYPE_CHECKING:
    from sim.decide.aims import Aim, Limit
    from sim.decide.cases import Cases
    from sim.decide.question import Question
    from sim.decide.tuned import Effect, Tuned
    from sim.declared import Variant
    from sim.statistics import Interval


def facts(question: Question, cases: Cases, lang: str) -> str:
    """What was asked, over what, and of how many years the figures are."""
    years = question.years
    aims = _AND.get(lang).join(
        (_MOST if aim.sign < 0 else _LEAST).get(lang).format(measure=aim.title.get(lang)) for aim in question.aims
    )
    said = _FACTS.get(lang).format(
        aims=aims[0].upper() + aims[1:],
        limits=", ".join(said_limit(limit, lang) for limit in question.limits),
        trials=number(question.trials, lang), search=years.search, report=years.report,
        years=(_WORLDS if cases.worlds else _YEARS).get(lang),
    )  # fmt: skip
    if cases.worlds:
        share = number(100 * cases.hold_in, lang)
        return said + "\n" + _IN_WORLDS.get(lang).format(over=said_over(question, lang), share=share)
    if len(cases.runs) > 1:
        scenarios = ", ".join(cases.runs)
        return said + "\n" + _IN_EACH.get(lang).format(over=said_over(question, lang), scenarios=scenarios)
    return said


def said_over(question: Question, lang: str) -> str:
    """What counts of the cases."""
    return OVER[question.over.kind].get(lang).format(share=number(100 * question.over.share, lang))


def said_limit(limit: Limit, lang: str) -> str:
    """As in `Inom målet, acute ≥ 95 %`."""
    sign = "≤" if limit.at_most else "≥"
    return f"{limit.aim.title.get(lang)} {sign} {quantity(limit.bound, limit.aim.unit, lang)}"


def difference(aim: Aim, gain: Interval, lang: str) -> str:
    """As in `−3.1 (−3.5 to −2.7) minutes`."""
    factor, of = of_difference(aim.unit)
    apart = [number(factor * value, lang, 1, sign=True) for value in (gain.mean, gain.lower, gain.upper)]
    return f"{apart[0]} ({between(apart[1], apart[2], lang)}) {of.many.get(lang)}"


def record(item: Tuned, aims: tuple[Aim, ...]) -> dict[str, Any]:
    """One model for --json."""
    picked, overall = item.selected, item.overall
    return {
        "model": item.name,
        "settings": dict(item.choice),
        "effects": [{"setting": e.key, "alone": e.alone.mean, "last": e.last.mean} for e in item.effects],
        "trials": len(item.trials),
        "feasible": sum(trial.feasible for trial in item.trials),
        "held_on_other_years": item.held,
        "told_apart": picked is not None and picked.promised,
        "probability": None if picked is None else picked.probability,
        "hours_now": item.hours_now,
        "over": str(item.question.over),
        "overall": {
            "before": overall.before,
            "after": overall.after,
            "difference": overall.gain.mean,
            "lower": overall.gain.lower,
            "upper": overall.gain.upper,
        },
        "cases": _cases(item),
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


def _cases(item: Tuned) -> list[dict[str, Any]]:
    """Each scenario or world (by its number in `compare`) of the fresh years: what is minimised before and after, and
    the limits that it then misses."""
    aim = item.question.aim
    before, after = (item.cases.by_case(found[aim]) for found in (item.before, item.after))
    limits = [(limit, item.cases.by_case(item.after[limit.aim])) for limit in item.question.limits]
    return [
        {
            "case": name,
            "before": float(before[n]),
            "after": float(after[n]),
            "missed": [str(limit) for limit, values in limits if not limit.holds(float(values[n]))],
        }
        for n, name in enumerate(item.cases.names(item.question.years.reported))
    ]


def render(item: Tuned, variant: Variant, title: Text, aims: tuple[Aim, ...], lang: str) -> str:
    """What is printed of one model."""
    lines = [title.get(lang)]
    counts = {"feasible": sum(trial.feasible for trial in item.trials), "trials": len(item.trials)}
    if not counts["feasible"]:
        lines.append(_NONE.get(lang).format(**counts))
    elif not item.held:
        lines.append(_NOT_HELD.get(lang).format(**counts))
    elif not item.choice:
        lines.append(_AS_IT_IS.get(lang).format(**counts))
    else:
        lines += [_FOUND.get(lang).format(**counts), *_changed(item, variant, lang)]
    lines += _selection(item, lang)
    rows = [["", *(text.get(lang) for text in (_BEFORE, _AFTER, _DIFFERENCE))]]
    for aim in aims:
        means = (quantity(float(found[aim].mean()), aim.unit, lang) for found in (item.before, item.after))
        rows.append([aim.title.get(lang), *means, difference(aim, item.gain(aim), lang)])
    return "\n\n".join(["\n".join(lines), aligned(rows), *(_by_case(item, lang) or _missed(item, lang))])


def _missed(item: Tuned, lang: str) -> list[str]:
    """The limits that the settings found do not hold on the fresh years of the one scenario."""
    missed = [limit for limit in item.question.limits if not limit.holds(float(item.after[limit.aim].mean()))]
    if not missed or not item.choice:
        return []
    return [_MISSED.get(lang).format(limits=", ".join(said_limit(limit, lang) for limit in missed))]


def _changed(item: Tuned, variant: Variant, lang: str) -> list[str]:
    """The settings found, a line each, and what each does; where fewest hours were sought what those are."""
    from sim.decide.least_hours import HOURS
    from sim.decide.written import shown
    from sim.declared import settings_of

    said = {row.key: row for row in settings_of(variant.name, variant.settings)}
    aim, lines = item.question.aim, []
    if HOURS in item.choice:
        now = item.hours_now
        before = number(float(item.before[aim].mean()), lang)
        lines.append(_HOURS.get(lang).format(hours=number(item.choice[HOURS], lang), before=before))
        lines.append(_NO_HOURS_NOW.get(lang) if now is None else _HOURS_NOW.get(lang).format(hours=number(now, lang)))
    for effect in item.effects:
        if effect.key != HOURS:
            row, does = said[effect.key], "" if HOURS in item.choice else _effect(effect, aim, lang)
            values = f"{shown(item.choice[effect.key])} ({shown(row.plain)})"
            lines.append(f"  {effect.key}: {values}, {row.title.get(lang)}{does}")
    return lines


def _effect(effect: Effect, aim: Aim, lang: str) -> str:
    """What a setting does, by itself and after the others."""
    factor, of = of_difference(aim.unit)
    alone, last = (number(factor * item.mean, lang, 1, sign=True) for item in (effect.alone, effect.last))
    return ": " + _DOES.get(lang).format(alone=alone, last=last, unit=of.many.get(lang))


def _selection(item: Tuned, lang: str) -> list[str]:
    """How sure it is that the best of the last candidates is the best of them; nothing where it is as sure as asked."""
    picked = item.selected
    if picked is None or picked.promised:
        return []
    share = number(100 * picked.probability, lang)
    if item.question.over.kind != "mean":
        return [_RESAMPLED.get(lang).format(share=share, over=said_over(item.question, lang))]
    if item.question.select == "ocba":
        return [_ALLOCATED.get(lang).format(among=len(picked.among), years=picked.years, share=share)]
    return [_NOT_APART.get(lang).format(among=len(picked.among), years=picked.years)]


def _by_case(item: Tuned, lang: str) -> list[str]:
    """What is minimised in each scenario and as one number over all; of worlds how they spread; where limits hold."""
    from sim.statistics import mean_interval

    cases, aim, whole = item.cases, item.question.aim, item.overall
    if not cases.worlds and len(cases.runs) == 1:
        return []
    rows = [[aim.title.get(lang), *(text.get(lang) for text in (_BEFORE, _AFTER, _DIFFERENCE))]]
    for place, name in enumerate(() if cases.worlds else cases.runs):
        before, after = item.before[aim][place], item.after[aim][place]
        means = (quantity(float(values.mean()), aim.unit, lang) for values in (before, after))
        rows.append([name, *means, difference(aim, mean_interval(after - before), lang)])
    means = (quantity(value, aim.unit, lang) for value in (whole.before, whole.after))
    rows.append([said_over(item.question, lang), *means, difference(aim, whole.gain, lang)])
    return [aligned(rows), "\n".join([*_worlds(item, lang), *_limits(item, lang)])]


def _worlds(item: Tuned, lang: str) -> list[str]:
    import numpy as np

    if not item.cases.worlds:
        return []
    aim = item.question.aim
    factor, of = of_difference(aim.unit)
    apart = item.cases.by_case(item.after[aim] - item.before[aim])
    low, high = (number(factor * float(end), lang, 1, sign=True) for end in np.quantile(apart, (0.05, 0.95)))
    better = int(np.sum(aim.sign * apart < 0))
    return [
        _BETTER.get(lang).format(better=better, n=len(apart), span=between(low, high, lang), unit=of.many.get(lang))
    ]


def _limits(item: Tuned, lang: str) -> list[str]:
    """In how many of the cases each limit holds, before and after, on the fresh years."""
    cases, lines = item.cases, []
    what = (_OF_WORLDS if cases.worlds else _OF_SCENARIOS).get(lang)
    for limit in item.question.limits:
        before, after = (
            [limit.holds(float(value)) for value in cases.by_case(found[limit.aim])]
            for found in (item.before, item.after)
        )
        said = {"limit": said_limit(limit, lang), "before": sum(before), "after": sum(after), "of": len(after)}
        lines.append(_HELD.get(lang).format(**said, what=what))
    return lines


OVER: Final[Mapping[str, Text]] = {
    "mean": Text("medelvärdet", "the mean"),
    "worst": Text("det sämsta", "the worst"),
    "quantile": Text("det som {share} % inte är sämre än", "what {share}% do no worse than"),
    "regret": Text("det längsta avståndet till den bästa", "the largest regret (distance to the best)"),
}
_AND = Text(" och ", " and ")
_LEAST = Text("minst {measure}", "least {measure}")
_MOST = Text("störst {measure}", "most {measure}")
_YEARS = Text("år", "years")
_WORLDS = Text("tänkbara världar", "plausible worlds")
_FACTS = Text(
    "{aims} med {limits}; {trials} försök per modell på {search} {years}; siffrorna är från {report} andra.",
    "{aims} with {limits}; {trials} trials a model on {search} {years}; figures are from {report} others.",
)
_IN_EACH = Text(
    "Det som räknas är {over} av {scenarios}; varje gräns ska hålla i alla.",
    "What counts is {over} of {scenarios}; each limit has to hold in all of them.",
)
_IN_WORLDS = Text(
    "Det som räknas är {over} av världarna; varje gräns ska hålla i {share} % av dem.",
    "What counts is {over} of the worlds; each limit has to hold in {share}% of them.",
)
_DOES = Text("ensam {alone}, sist {last} {unit}", "alone {alone}, last {last} {unit}")
_BEFORE = Text("före", "before")
_AFTER = Text("efter", "after")
_DIFFERENCE = Text("skillnad (95 % intervall)", "difference (95% interval)")
_NONE = Text(
    "  inget av {trials} försök klarade gränserna: modellen lämnas som den är",
    "  none of {trials} trials held the limits: the model is left as it is",
)
_NOT_HELD = Text(
    "  {feasible} av {trials} försök klarade gränserna, men inget av de bästa på andra år: modellen lämnas som den är",
    "  {feasible} of {trials} trials held the limits, but none of the best on other years: the model is left as it is",
)
_AS_IT_IS = Text(
    "  inget bättre än dagens inställningar hittades ({feasible} av {trials} försök klarade gränserna)",
    "  nothing better than the present settings was found ({feasible} of {trials} trials held the limits)",
)
_FOUND = Text(
    "  ändrade inställningar, med de nuvarande inom parentes ({feasible} av {trials} försök klarade gränserna):",
    "  changed settings, the present ones in brackets ({feasible} of {trials} trials held the limits):",
)
_HOURS = Text("  läkartimmar i veckan: {hours} ({before})", "  physician-hours a week: {hours} ({before})")
_HOURS_NOW = Text(
    "  med de nuvarande inställningarna behövs {hours} läkartimmar i veckan",
    "  with the present settings {hours} physician-hours a week are needed",
)
_NO_HOURS_NOW = Text(
    "  med de nuvarande inställningarna räcker inga timmar som prövades",
    "  with the present settings no hours that were tried are enough",
)
_NOT_APART = Text(
    "  {among} sista försök kunde inte skiljas åt på {years} år: det med bäst medelvärde visas",
    "  the last {among} trials could not be told apart on {years} years: the one with the best mean is shown",
)
_RESAMPLED = Text(
    "  det bästa av de sista försöken ({over}): så är det i {share} av 100 när åren dras om, vilket inte lovar något",
    "  the best of the last trials ({over}): so it is in {share} of 100 when the years are drawn again, which promises "
    "nothing",
)
_ALLOCATED = Text(
    "  det bästa av {among} sista försök, på högst {years} år, med minst {share} % sannolikhet (uppskattad)",
    "  the best of the last {among} trials, on at most {years} years, with a probability of at least {share}% "
    "(estimated)",
)
_MISSED = Text(
    "På de nya åren klaras inte {limits}: ge gränsen marginal, eller fler år att söka och skilja åt på.",
    "On the fresh years {limits} is not held: leave a margin, or give more years to search and tell apart on.",
)
_BETTER = Text(
    "bättre i {better} av {n} världar; nio av tio skillnader ligger {span} {unit}",
    "better in {better} of {n} worlds; nine of ten differences lie {span} {unit}",
)
_HELD = Text(
    "{limit}: håller i {before} före och {after} efter, av {of} {what}",
    "{limit}: holds in {before} before and {after} after, of {of} {what}",
)
_OF_WORLDS = Text("världar", "worlds")
_OF_SCENARIOS = Text("scenarier", "scenarios")
