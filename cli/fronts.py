"""What `tune` prints where several measures are made least: the candidates that no other beats, on fresh years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.show import quantity
from cli.tuned import said_limit
from sim.language.numbers import between, number
from sim.language.tables import aligned
from sim.language.units import of_difference
from sim.text import Text

if TYPE_CHECKING:
    from sim.decide.aims import Aim
    from sim.decide.several import Front, Point


def record(item: Front, aims: tuple[Aim, ...]) -> dict[str, Any]:
    """One model for --json."""
    return {
        "model": item.name,
        "trials": len(item.trials),
        "feasible": sum(trial.feasible for trial in item.trials),
        "over": str(item.question.over),
        "points": [
            {
                "name": point.name,
                "settings": dict(point.choice),
                "feasible": point.feasible,
                "dominated": point.dominated,
                "over": {f"{aim.measure}:{aim.klass}": value for aim, value in item.over(point).items()},
                "measures": [
                    {
                        "measure": aim.measure,
                        "class": aim.klass,
                        "mean": (mean := item.mean(point, aim)).mean,
                        "lower": mean.lower,
                        "upper": mean.upper,
                        "difference": (apart := item.apart(point, aim)).mean,
                        "difference_lower": apart.lower,
                        "difference_upper": apart.upper,
                        "n": mean.n,
                    }
                    for aim in aims
                ],
            }
            for point in item.points
        ],
    }


def render(item: Front, title: Text, lang: str) -> str:
    """What is printed of one model: those that hold the limits, the others, and the settings of each."""
    counts = {"feasible": sum(trial.feasible for trial in item.trials), "trials": len(item.trials)}
    held = [point for point in item.points if point.feasible]
    missed = [point for point in item.points if not point.feasible]
    parts = [f"{title.get(lang)}\n" + (_FOUND if counts["feasible"] else _NONE).get(lang).format(**counts)]
    if held:
        parts.append(_table(item, sorted(held, key=lambda point: point.dominated), lang))
    if missed:
        limits = ", ".join(said_limit(limit, lang) for limit in item.question.limits)
        parts.append(f"{_MISSED.get(lang).format(limits=limits)}\n{_table(item, missed, lang)}")
    lines = [f"  {point.name}: {_settings(point, lang)}" for point in item.points if point.choice]
    if lines:
        parts.append("\n".join([_SETTINGS.get(lang), *lines]))
    return "\n\n".join(parts)


def _table(item: Front, points: list[Point], lang: str) -> str:
    """A mean with its interval; what is no mean, over several cases, as one number."""
    aims, beaten = item.question.aims, any(point.dominated for point in points)
    rows = [["", *(aim.title.get(lang) for aim in aims), *([""] if beaten else [])]]
    for point in points:
        over = item.over(point)
        cells = [
            _mean(item, point, aim, lang) if item.question.over.kind == "mean" else quantity(over[aim], aim.unit, lang)
            for aim in aims
        ]
        rows.append([point.name, *cells, *([_BEATEN.get(lang) if point.dominated else ""] if beaten else [])])
    return aligned(rows)


def _mean(item: Front, point: Point, aim: Aim, lang: str) -> str:
    """With its interval, in the unit that the figures beside it have."""
    found, (factor, _) = item.mean(point, aim), of_difference(aim.unit)
    low, high = (number(factor * value, lang, 1) for value in (found.lower, found.upper))
    return f"{quantity(found.mean, aim.unit, lang)} ({between(low, high, lang)})"


def _settings(point: Point, lang: str) -> str:
    from sim.decide.least_hours import HOURS
    from sim.decide.written import shown

    said = [(_HOURS.get(lang) if key == HOURS else key, shown(value)) for key, value in point.choice.items()]
    return ", ".join(f"{key}: {value}" for key, value in said)


_FOUND = Text(
    "  de som inget annat försök slår i allt, på nya år ({feasible} av {trials} försök klarade gränserna):",
    "  those that no other trial beats in everything, on fresh years ({feasible} of {trials} trials held the limits):",
)
_NONE = Text(
    "  inget av {trials} försök klarade gränserna: modellen lämnas som den är",
    "  none of {trials} trials held the limits: the model is left as it is",
)
_MISSED = Text("Klarar inte gränserna på nya år ({limits}):", "Miss the limits on fresh years ({limits}):")
_BEATEN = Text("slagen", "beaten")
_SETTINGS = Text("Inställningar som skiljer sig från de nuvarande:", "Settings that differ from the present ones:")
_HOURS = Text("läkartimmar i veckan", "physician-hours a week")
