"""Units in words, each by the name that measures and fields declare: one, many, and short."""

from __future__ import annotations

from typing import Final, NamedTuple

from sim.language.numbers import number, plain
from sim.text import Text, as_text, same


class Unit(NamedTuple):
    """As it follows a number: 1 `one`, 2 `many`; `many` also stands alone over a column, and `short` in its cells."""

    one: Text
    many: Text
    short: Text


def _unit(many: Text, one: Text | None = None, short: Text | str | None = None) -> Unit:
    return Unit(one or many, many, many if short is None else as_text(short))


_HOURS_A_WEEK: Final = _unit(
    Text("timmar i veckan", "hours a week"), Text("timme i veckan", "hour a week"), Text("h/vecka", "h/week")
)
UNITS: Final[dict[str, Unit]] = {
    "": _unit(same("–")),
    # time
    "min": _unit(Text("minuter", "minutes"), Text("minut", "minute"), "min"),
    "h": _unit(Text("timmar", "hours"), Text("timme", "hour"), "h"),
    "days": _unit(Text("dygn", "days"), Text("dygn", "day")),
    "weeks": _unit(Text("veckor", "weeks"), Text("vecka", "week")),
    "h/week": _HOURS_A_WEEK,
    "h per week": _HOURS_A_WEEK,
    "h/year": _unit(Text("timmar per år", "hours a year"), Text("timme per år", "hour a year"), Text("h/år", "h/year")),
    "days/year": _unit(
        Text("dygn per år", "days a year"), Text("dygn per år", "day a year"), Text("dygn/år", "days/year")
    ),
    # how often, how many
    "per year": _unit(Text("per år", "a year")),
    "per hour": _unit(Text("per timme", "an hour")),
    "persons": _unit(Text("personer", "persons"), Text("person", "person")),
    "visits": _unit(Text("besök", "visits"), Text("besök", "visit")),
    "visits per person and year": _unit(Text("besök per person och år", "visits per person and year")),
    "visits per resident and year": _unit(Text("besök per boende och år", "visits per resident and year")),
    "visits per place and year": _unit(Text("besök per plats och år", "visits per place and year")),
    "requests per person and year": _unit(Text("ärenden per person och år", "requests per person and year")),
    "requests per resident and year": _unit(Text("ärenden per boende och år", "requests per resident and year")),
    "requests per place and year": _unit(Text("ärenden per plats och år", "requests per place and year")),
    "requests per palliative patient and year": _unit(
        Text("ärenden per palliativ patient och år", "requests per palliative patient and year")
    ),
    "requests per guest and year of stay": _unit(
        Text("ärenden per gäst och års vistelse", "requests per guest and year of stay")
    ),
    "requests per 1 000 inhabitants under 65 and year": _unit(
        Text("ärenden per 1\u00a0000 invånare under 65 och år", "requests per 1,000 inhabitants under 65 and year")
    ),
    # distance, weight, money
    "km": _unit(same("km")),
    "km/year": _unit(Text("km per år", "km a year"), short=Text("km/år", "km/year")),
    "kg/year": _unit(Text("kg per år", "kg a year"), short=Text("kg/år", "kg/year")),
    "g CO2 per km": _unit(same("g CO2 per km")),
    "SEK": _unit(Text("kr", "SEK")),
    "SEK/year": _unit(Text("kr per år", "SEK a year")),
    "MSEK/year": _unit(Text("mnkr per år", "MSEK a year"), short=Text("mnkr/år", "MSEK/year")),
    "SEK per h": _unit(Text("kr per timme", "SEK per hour")),
    "SEK per km": _unit(Text("kr per km", "SEK per km")),
    "SEK per visit": _unit(Text("kr per besök", "SEK per visit")),
    "SEK per transport": _unit(Text("kr per transport", "SEK per transport")),
    "SEK per day": _unit(Text("kr per dygn", "SEK per day")),
    # without a dimension
    "share": _unit(Text("andel", "share"), short="%"),
    "percentage points": _unit(
        Text("procentenheter", "percentage points"), Text("procentenhet", "percentage point")
    ),
    "index": _unit(same("index 0–1"), short=""),
    "steps of the index": _unit(
        Text("enheter på skalan 0–1", "units on the scale 0–1"), Text("enhet på skalan 0–1", "unit on the scale 0–1"),
        short="",
    ),
    "cv": _unit(Text("variationskoefficient", "coefficient of variation")),
    "factor": _unit(Text("faktor", "factor")),
    "score": _unit(Text("poäng", "score")),
    "weight": _unit(Text("vikt", "weight")),
}  # fmt: skip
_OF_DIFFERENCES: Final = {"share": "percentage points", "index": "steps of the index"}
# As values are shown: shares in per cent, yearly sums in millions. What a number is multiplied by, and its unit then.
_AS_SHOWN: Final = {"share": (100.0, "share"), "SEK/year": (1e-6, "MSEK/year")}


def unit(name: str) -> Unit:
    """The unit of that name; one that is not known is said as it is written."""
    return UNITS.get(name) or _unit(same(name))


def as_shown(name: str) -> tuple[float, Unit]:
    """What a value in this unit is multiplied by before it is shown, and the unit it is shown in."""
    factor, shown = _AS_SHOWN.get(name, (1.0, name))
    return factor, unit(shown)


def of_difference(name: str) -> tuple[float, Unit]:
    """The same for a difference of two values: two shares lie percentage points apart."""
    factor, _ = as_shown(name)
    return factor, unit(_OF_DIFFERENCES[name]) if name in _OF_DIFFERENCES else as_shown(name)[1]


def exactly(value: float, of: Unit, lang: str) -> str:
    """A number `of` a unit in words, with as many decimals as it has: "10 minuter", "0,02 per timme"."""
    return f"{plain(value, lang)} {(of.one if value == 1 else of.many).get(lang)}"


def amount(value: float, of: Unit, lang: str, digits: int = 0, sign: bool = False) -> str:
    """A number `of` a unit in words, such as "1 minut" or "1,0 minuter"."""
    words = of.one if not digits and abs(round(value, digits)) == 1 else of.many
    return f"{number(value, lang, digits, sign)} {words.get(lang)}"
