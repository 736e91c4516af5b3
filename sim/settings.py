"""The vocabulary of a model's settings: what a planner may move in it, declared once beside the model.

    class TwoTeams(Settings):
        \"\"\"What can be moved in the model of two teams.\"\"\"

        hubs: Bases = setting(2, "baser", "bases")
        \"\"\"Where the teams start from.\"\"\"

    def two_teams(s: TwoTeams) -> Organisation: ...

A setting is declared like a field of a scenario: type, value, title in Swedish and English, unit, bounds, meaning.
One that says something about today's care, and not what is wished for, is declared by `today`, with its plausible
range, source and quality. The functions at the end turn settings into posts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.errors import OrganisationError
from sim.language.numbers import WEEKDAYS as WEEKDAY_TITLES
from sim.organisation import Area, Base, Between, Choice, Days, Hub, Post, Sharing, Shift
from sim.scenario.fields import Allowed, Name, Part, Quality, Real, Whole, group
from sim.scenario.fields import setting as field_setting
from sim.text import Text, listed

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday")
MOST_BASES: Final = 100


class Settings(Part):
    """Base of the settings of a model, and of a group of settings inside them."""


# --- types ----------------------------------------------------------------------------------------


def _as_clock(value: object) -> str:
    found = re.fullmatch(r"(\d{1,2}):(\d\d)", value) if isinstance(value, str) else None
    if found is None or int(found[1]) * 60 + int(found[2]) > 1440 or int(found[2]) > 59:
        raise PydanticCustomError("no_clock", "not a clock time")
    return f"{int(found[1]) % 24:02}:{found[2]}"


def _as_bases(value: object) -> int | tuple[str, ...]:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_BASES:
        return value
    if isinstance(value, list | tuple) and value and all(isinstance(item, str) and item for item in value):
        return tuple(value)
    raise PydanticCustomError("no_bases", "not bases")


def _as_weekdays(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple) and value and len(set(map(str, value))) == len(value):
        days = [str(item).lower() for item in value]
        if set(days) <= set(WEEKDAYS):
            return tuple(sorted(days, key=WEEKDAYS.index))
    raise PydanticCustomError("no_weekdays", "not weekdays")


_NAMES_SCHEMA: Final = {"type": "array", "items": {"type": "string"}, "minItems": 1}

Clock = Annotated[
    str,
    BeforeValidator(_as_clock),
    WithJsonSchema({"type": "string", "pattern": r"^([01]?\d|2[0-4]):[0-5]\d$"}),
    Allowed(Text('ett klockslag från "00:00" till "24:00"', 'a clock time from "00:00" to "24:00"')),
]
Bases = Annotated[
    int | tuple[str, ...],
    BeforeValidator(_as_bases),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1, "maximum": MOST_BASES}, _NAMES_SCHEMA]}),
    Allowed(
        Text(
            "ett antal baser, minst 1, eller en lista med orter, som [Varberg, Halmstad]",
            "a number of bases of at least 1, or a list of places such as [Varberg, Halmstad]",
        )
    ),
]
Weekdays = Annotated[
    tuple[str, ...],
    BeforeValidator(_as_weekdays),
    WithJsonSchema(_NAMES_SCHEMA | {"items": {"type": "string", "enum": list(WEEKDAYS)}}),
    Allowed(Text("en lista med några av {days}", "a list of some of {days}").format(days=", ".join(WEEKDAYS))),
]
Names = Annotated[
    tuple[Name, ...],
    Field(min_length=1),
    Allowed(Text("en lista med namn, som [Varberg, Halmstad]", "a list of names, such as [Varberg, Halmstad]")),
]
Lines = Annotated[Whole, Field(ge=0, le=1000)]
Minutes = Annotated[Real, Field(ge=0, le=10_080)]
NumberOfDays = Annotated[Real, Field(ge=0, le=365)]
Share = Annotated[Real, Field(ge=0, le=1)]

# --- declaring ------------------------------------------------------------------------------------

_WORDS: Final[dict[Enum, Text]] = {
    Area.EVERYBODY: Text("alla", "everybody"),
    Area.MUNICIPALITY: Text("basens kommun", "the base's municipality"),
    Area.NEAREST_BASE: Text("kommunerna närmast basen", "the municipalities nearest to the base"),
    Area.LISTED: Text("egna listade", "own listed patients"),
    Between.STAND_BY: Text("åker till basen", "drives to base"),
    Between.STAY: Text("väntar där sista besöket slutade", "waits where the last visit ended"),
    Between.RETURN_FIRST: Text("nås inte förrän vid basen", "cannot be reached until at base"),
    Between.BLOCKS: Text("kontorsarbete i block", "office work in blocks"),
    Choice.NEAREST: Text("närmaste", "the nearest"),
    Choice.CONTINUITY: Text("fast läkarkontakt först", "the named physician first"),
    Choice.FEWEST_HOURS: Text("den som arbetat minst", "who has worked least"),
    Sharing.SILO: Text("silo", "silo"),
    Sharing.AGREEMENT: Text("avtal", "agreement"),
    Sharing.NETWORK: Text("nätverk", "network"),
}


def setting(
    value: Any, sv: str, en: str, unit: str = "", about: Text | None = None, none: Text | None = None, **bounds: Any
) -> Any:
    """A choice that a planner may make otherwise. `about`: what it means (a text under the field says it in English
    only); `none` is what null means; `bounds` (ge, gt, le, lt) are what the program can run."""
    field = _field(value, sv, en, unit, about, none, **bounds)
    if isinstance(value, Enum):
        field.json_schema_extra["words"] = {str(item.value): _WORDS[item]._asdict() for item in type(value)}
    elif value == WEEKDAYS:
        field.json_schema_extra["words"] = {
            day: text._asdict() for day, text in zip(WEEKDAYS, WEEKDAY_TITLES, strict=False)
        }
    return field


def today(
    value: float,
    low: float,
    high: float,
    unit: str,
    source: str,
    sv: str,
    en: str,
    quality: Quality = "estimate",
    about: Text | None = None,
    **bounds: Any,
) -> Any:
    """A setting whose value says how things are today: plausible `low` to `high`, its source, and how sure it is."""
    if not low <= value <= high:
        raise ValueError(f"{en}: the value {value} lies outside {low} to {high}")
    field = _field(value, sv, en, unit, about, **bounds)
    field.json_schema_extra |= {
        "low": float(low),
        "high": float(high),
        "source": source,
        "quality": quality,
        "kind": "world",
    }
    return field


ACUTE_DEMAND_RANGE: Final = (0.515, 1.88)  # what is published, elsewhere: see ACUTE_DEMAND_SOURCE
ACUTE_DEMAND_BOUNDS: Final = (0.1, 5.0)
ACUTE_DEMAND_SOURCE: Final = (
    "project assumption: needs do not depend on the organisation; nothing is known of Halland. Elsewhere: 0.515 "
    "(0.411-0.646), odds ratio of a home visit after a new cooperative in Belgium, against 0.743 where there was none "
    "(BMC Health Serv Res 2010;10:222); 1.88, home visits of Stockholm's cars 2018 over 2017 (8 051 and 4 282: "
    "annastarbrink.se, lakartidningen.se 2019-08), by hours and supply too"
)


def acute_demand() -> Any:
    """The setting of a model that says how many times the acute requests there would be under it. 1, as for all, unless
    somebody asks what it would mean if needs depended on the organisation."""
    return today(
        1.0, *ACUTE_DEMAND_RANGE, "factor", ACUTE_DEMAND_SOURCE, "akut efterfrågan under modellen",
        "acute demand under the model", ge=ACUTE_DEMAND_BOUNDS[0], le=ACUTE_DEMAND_BOUNDS[1], about=Text(
            "Hur många gånger så många akuta ärenden (A1–A3) som under de andra modellerna. 1: det som efterfrågas "
            "beror inte på organisationen. Med ett annat tal möter modellen inte samma ärenden som de andra, "
            "och det sägs: större lägger till ärenden till dem som finns, mindre tar bort några av dem.",
            "How many times as many acute requests (A1 to A3) as under the other models. 1: needs do not depend on the "
            "organisation. With another number the model does not meet the same requests as the others, which is said: "
            "a larger one adds requests to those there are, a smaller one takes some of them away.",
        ),
    )  # fmt: skip


def _field(value: Any, sv: str, en: str, unit: str, about: Text | None, none: Text | None = None, **bounds: Any) -> Any:
    field = field_setting(value, sv, en, unit, none, description=about.en if about else None, **bounds)
    if about is not None:
        field.json_schema_extra["about_sv"] = about.sv
    return field


# --- from settings to posts -----------------------------------------------------------------------


def given(value: int | None, otherwise: int) -> int:
    """The value if there is one."""
    return otherwise if value is None else value


def bases_of(bases: int | Sequence[str]) -> tuple[Base, ...]:
    """The bases by name, or as many hubs (the towns that together lie nearest to the people aged 80 and over)."""
    return tuple(Hub(i, bases) for i in range(bases)) if isinstance(bases, int) else tuple(bases)


def bases_in_words(bases: int | Sequence[str]) -> Text:
    """As in 'from ...': three bases, or Varberg and Halmstad."""
    if not isinstance(bases, int):
        return listed(bases)
    if bases == 1:
        return Text("en bas", "one base")
    return Text(f"{_number(bases, _NUMBERS_SV)} baser", f"{_number(bases, _NUMBERS_EN)} bases")


def posts(bases: Sequence[Base], *staffed: tuple[Shift, int], at: Sequence[str] | None = None) -> tuple[Post, ...]:
    """At each base its shifts, each with so many lines. Lines that work the same shifts are one post, since the people
    of a line take all its shifts in turn. `at`: where they wait for work, a place for each base in the same order."""
    if at is not None and len(at) != len(bases):
        raise OrganisationError(_PLACES.format(places=len(at), bases=len(bases)))
    found = []
    for i, base in enumerate(bases):
        below = 0
        for lines in sorted({lines for _, lines in staffed if lines > 0}):
            shifts = tuple(shift for shift, most in staffed if most >= lines)
            found.append(Post(base, shifts, lines - below, at[i] if at is not None else None))
            below = lines
    return tuple(found)


def around_the_clock(days: Days, *starts: str) -> tuple[Shift, ...]:
    """Shifts that follow each other round the clock, each until the next begins."""
    shifts = tuple(Shift(days, start, end) for start, end in zip(starts, [*starts[1:], starts[0]], strict=True))
    if sum(shift.length_min for shift in shifts) != 1440:
        raise OrganisationError(_NOT_ROUND.format(starts=", ".join(starts)))
    return shifts


def weekday_numbers(days: Sequence[str]) -> tuple[int, ...]:
    """Weekdays as numbers, Monday 0."""
    return tuple(WEEKDAYS.index(day) for day in days)


_PLACES: Final = Text(
    "{places} väntplatser för {bases} baser: nämn en för varje bas",
    "{places} stand-by places for {bases} bases: name one for each base",
)
_NOT_ROUND: Final = Text(
    "pass som börjar {starts} följer inte på varandra dygnet runt",
    "shifts that begin {starts} do not follow each other round the clock",
)
_NUMBERS_SV: Final = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
_NUMBERS_EN: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def _number(number: int, words: Sequence[str]) -> str:
    return words[number] if number < len(words) else str(number)


__all__ = [
    "WEEKDAYS",
    "Area",
    "Bases",
    "Between",
    "Choice",
    "Clock",
    "Lines",
    "Minutes",
    "Name",
    "Names",
    "NumberOfDays",
    "Real",
    "Settings",
    "Share",
    "Sharing",
    "Weekdays",
    "Whole",
    "acute_demand",
    "around_the_clock",
    "bases_in_words",
    "bases_of",
    "given",
    "group",
    "posts",
    "setting",
    "today",
    "weekday_numbers",
]
