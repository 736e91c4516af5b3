"""How a field of a scenario is declared: its default, unit, bounds and source stand with it.

The text under a field is its manual. Every number is of one kind:

* of the **world** (`assumption`): nobody chooses it and nobody knows it for sure. `low` and `high` enclose a central
  90 % interval around the default, its median (`sim.scenario.plausible` draws from it);
* a **decision** (`decision`): what is asked for, by the region, a planner or the one who puts the question. `low` and
  `high` enclose what is worth trying;
* a **preference** (`preference`): what matters. `low` and `high` enclose what reasonable people would say.

These three keep unit, source and quality with the field; a choice without a range of its own is a `setting`. Hard
bounds (`ge`, `gt`, `le`, `lt`) are what the software can run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Final, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from sim.text import Text

Quality = Literal["measured", "published", "estimate"]
Kind = Literal["world", "decision", "preference"]
ESTIMATE: Final = "project estimate: no figure found"
GUESS_CV: Final = "project estimate: ordinary spread of service times, no Swedish figure found"
VISITS: Final = "project estimate: no count of physician home visits in Halland found; "
CALLS: Final = (
    "project estimate: set so that acute home visits out of hours come near 1 200 a year (600-2 100); 3.4 visits per "
    "1 000 inhabitants in Stockholm 2018 and 4.5 in Skåne 2025, applied to Halland; 44 % of calls and visits at 85 and "
    "over are solved by telephone in the Netherlands 2017 (nivel.nl)"
)
PER_SV: Final = {
    "person": "inskriven",
    "resident": "boende",
    "place": "plats",
    "palliative patient": "palliativ patient",
}
Idle = Mapping[str, tuple[Any, ...]]  # dotted key: the values at which another field has no effect
JUDGEMENT: Final = "project judgement, to be agreed with the region before any run"


def setting(
    default: Any,
    sv: str,
    en: str,
    unit: str = "",
    none: Text | None = None,
    words: Mapping[str, Text] | None = None,
    kind: Kind = "decision",
    idle_while: Idle | None = None,
    **bounds: Any,
) -> Any:
    """A field that is the user's own choice: no source, no range. `none` is what null means, `words` how the words that
    it takes are said in a sentence; `idle_while` names fields and the values of each that leave this one without
    effect."""
    extra: dict[str, Any] = {"title": en, "title_sv": sv, "unit": unit, "kind": kind}
    if none is not None:
        extra |= {"null_means": none.en, "null_means_sv": none.sv}
    if words is not None:
        extra["words"] = {word: said._asdict() for word, said in words.items()}
    if idle_while is not None:
        extra["idle_while"] = _listed(idle_while)
    return Field(default=default, json_schema_extra=extra, **bounds)


def assumption(
    value: float,
    low: float,
    high: float,
    unit: str,
    source: str,
    sv: str,
    en: str,
    quality: Quality = "estimate",
    kind: Kind = "world",
    idle_while: Idle | None = None,
    whole: str = "",
    **bounds: Any,
) -> Any:
    """A number about the world: default `value`, which is the median; `low` and `high`, a central 90 % interval; where
    it comes from and how sure it is. Shares with the same `whole` are parts of it and add up to 1 at most."""
    if not low <= value <= high:
        raise ValueError(f"{en}: the value {value} lies outside {low} to {high}")
    extra: dict[str, Any] = {
        "title": en,
        "title_sv": sv,
        "unit": unit,
        "value": float(value),
        "low": float(low),
        "high": float(high),
        "source": source,
        "quality": quality,
        "kind": kind,
    }
    if idle_while is not None:
        extra["idle_while"] = _listed(idle_while)
    if whole:
        extra["whole"] = whole
    return Field(default=float(value), json_schema_extra=extra, **bounds)


decision: Final = partial(assumption, kind="decision")  # a number that is asked for; low to high is worth trying
preference: Final = partial(assumption, kind="preference")  # a number that says what matters


def _listed(idle_while: Idle) -> dict[str, list[Any]]:
    return {key: list(values) for key, values in idle_while.items()}


def group(part: BaseModel, sv: str, en: str, label: str = "") -> Any:
    """A group of fields; `label` (G1, A1 ...) is put before the title of each field in it."""
    return Field(default=part, json_schema_extra={"title": en, "title_sv": sv, "label": label})


def rate(value: float, low: float, high: float, per: str, source: str, sv: str, en: str) -> Any:
    return assumption(value, low, high, f"visits per {per} and year", VISITS + source, sv, en, ge=0, le=400)


def yearly(value: float, low: float, high: float, per: str, source: str, sv: str, en: str) -> Any:
    return assumption(value, low, high, f"requests per {per} and year", source, sv, en, ge=0, le=1000)


def certificates(value: float, low: float, high: float, per: str, deaths: str) -> Any:
    source = f"project estimate: {deaths}, 3 in 10 of which need a physician's visit at once; vårdintyg added"
    return yearly(value, low, high, per, source, f"dödsbevis och intyg per {PER_SV[per]}", f"certificates per {per}")


def by_telephone(value: float, low: float, high: float, when: str, **more: Any) -> Any:
    word = {"day": "dagtid", "jourtid": "på jourtid"}[when]
    said = {"day": "in office hours", "jourtid": "out of hours"}[when]
    return share(
        value, low, high, f"andel som löses per telefon {word}", f"share solved by telephone {said}", CALLS, **more
    )


def conveyed(value: float, low: float, high: float, source: str = ESTIMATE, **more: Any) -> Any:
    sv, en = "andel som körs till sjukhus efter besöket", "share conveyed after the visit"
    return share(value, low, high, sv, en, source, **more)


def minutes(value: float, low: float, high: float, sv: str, en: str, source: str = ESTIMATE, **more: Any) -> Any:
    return assumption(value, low, high, "min", source, sv, en, ge=0, le=1440, **more)


def target(minutes: float) -> Any:
    return setting(float(minutes), "måltid", "target time", "min", kind="preference", ge=1, le=10080)


def patience(value: float, low: float, high: float, sv: str, en: str, **bounds: Any) -> Any:
    return assumption(value, low, high, "min", ESTIMATE, sv, en, le=20160, **bounds)


def spread(value: float, low: float, high: float, sv: str, en: str, source: str = GUESS_CV) -> Any:
    return assumption(value, low, high, "cv", source, sv, en, ge=0, le=5)


def share(value: float, low: float, high: float, sv: str, en: str, source: str = ESTIMATE, **more: Any) -> Any:
    return assumption(value, low, high, "share", source, sv, en, ge=0, le=1, **more)


def practical(value: float, low: float, high: float, unit: str, sv: str, en: str) -> Any:
    return preference(
        value, low, high, unit, JUDGEMENT, "praktisk skillnad i " + sv, "practical difference in " + en, gt=0, le=1e9
    )


def _as_day(value: object) -> object:
    """Dates only: a clock time or a number is not taken for a day."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        if isinstance(value, str) and len(value) == 10:
            return dt.date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("no_day", "not a date")


@dataclass(frozen=True)
class Allowed:
    """Stands in the type of a field whose type does not tell by itself what may be written: says it in words."""

    words: Text


Real = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Day = Annotated[dt.date, BeforeValidator(_as_day)]
Name = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """Base of every group of fields: frozen, hashable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, protected_namespaces=())


class Words(Part):
    """The same words in Swedish and English."""

    sv: str = setting("", "svenska", "Swedish")
    """In Swedish."""
    en: str = setting("", "engelska", "English")
    """In English."""

    def get(self, lang: str) -> str:
        """The words in `lang`, or in the other language if they are missing."""
        return (self.en or self.sv) if lang == "en" else (self.sv or self.en)


class Leaf(NamedTuple):
    """One field that holds a value: its dotted key, its declaration and the label of its group (G1, A1 or '')."""

    key: str
    field: FieldInfo
    label: str

    @property
    def extra(self) -> dict[str, Any]:
        """What the declaring helper kept: title, unit, source and so on."""
        return extra_of(self.field)

    @property
    def title(self) -> Text:
        """Label and title, as they stand in a sentence."""
        before = self.label + " " if self.label else ""
        return Text(before + str(self.extra["title_sv"]), before + str(self.extra["title"]))


def extra_of(field: FieldInfo) -> dict[str, Any]:
    """The metadata that `setting`, `assumption` or `group` put in a field."""
    return dict(field.json_schema_extra) if isinstance(field.json_schema_extra, Mapping) else {}


def part_of(field: FieldInfo) -> type[Part] | None:
    """The model of a group field; None for a field that holds a value."""
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, Part) else None


def item_of(field: FieldInfo) -> type[Part] | None:
    """The model of the items of a list of groups; None for any other field."""
    kind = next(iter(get_args(field.annotation)), None) if get_origin(field.annotation) is tuple else None
    return kind if isinstance(kind, type) and issubclass(kind, Part) else None


def leaves(model: type[Part], prefix: str = "", label: str = "") -> Iterator[Leaf]:
    """Every field that holds a value, in the order of declaration."""
    for name, field in model.model_fields.items():
        part = part_of(field)
        if part is None:
            yield Leaf(prefix + name, field, label)
        else:
            yield from leaves(part, f"{prefix}{name}.", str(extra_of(field).get("label", "")) or label)


def value_of(scenario: Part, key: str) -> Any:
    """The value at a dotted key that is known to exist."""
    value: Any = scenario
    for name in key.split("."):
        value = getattr(value, name)
    return value
