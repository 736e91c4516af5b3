"""Saying what differs between scenarios, and listing what one assumes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple, cast

from sim.scenario.fields import Kind, Leaf, Quality, leaves, part_of, value_of
from sim.scenario.meanings import declared, meanings, one_line
from sim.scenario.ranges import stated_ranges
from sim.scenario.schema import Scenario
from sim.scenario.spoken import spoken, unit_words
from sim.scenario.stated import Stated, stated_leaves
from sim.text import Text

MODELS: Final = "models"
_WORDING: Final = ("title.", "question.")  # what a scenario is called is no difference in it
_IDLE: Final = Text("Utan verkan här", "Without effect here")
_EXTENDS: Final = Text(
    "En annan scenariofil, sökvägen räknas från den här; det som inte anges här tas från den.",
    "Another scenario file, relative to this one; what is not stated here is taken from it.",
)


class Assumption(NamedTuple):
    """One row of the assumption register: the value in use, and what is thought of it."""

    key: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    quality: Quality
    kind: Kind
    title: Text
    default: float
    description: str

    @property
    def changed(self) -> bool:
        """Whether the value in use differs from the default."""
        return self.value != self.default

    @property
    def outside(self) -> bool:
        """Whether a value of the world lies outside what is thought plausible."""
        return self.kind == "world" and not self.low <= self.value <= self.high

    def unit_text(self, lang: str) -> str:
        """The unit in words; empty for a pure number."""
        return unit_words(self.unit, lang)


def changed_fields(scenario: Scenario, base: Scenario) -> list[tuple[str, Any, Any]]:
    """(key, old value in `base`, new value in `scenario`) of every field that differs, title and question aside.

    A model's setting stands as models.NAME.SETTING with what is stated, None where nothing is.
    """
    pairs: list[tuple[str, Any, Any]] = []
    for leaf in leaves(Scenario):
        if leaf.key == MODELS:
            pairs += changed_settings(scenario.models, base.models)
        else:
            pairs.append((leaf.key, value_of(base, leaf.key), value_of(scenario, leaf.key)))
    return [(key, old, new) for key, old, new in pairs if old != new and not key.startswith(_WORDING)]


def is_idle(leaf: Leaf, scenario: Scenario) -> bool:
    """Whether the field has no effect in `scenario`, whatever its value: another field makes it so."""
    declared: dict[str, list[Any]] = leaf.extra.get("idle_while", {})
    return any(value_of(scenario, key) in values for key, values in declared.items())


def changed_settings(models: Stated, base: Stated) -> list[tuple[str, Any, Any]]:
    """(key, old, new) of everything stated of the models that differs."""
    old, new = dict(stated_leaves(base)), dict(stated_leaves(models))
    return [
        (f"{MODELS}.{key}", old.get(key), new.get(key))
        for key in dict.fromkeys((*new, *old))
        if (key in old, old.get(key)) != (key in new, new.get(key))
    ]


def settings_as_stated(models: Stated, base: Stated) -> list[Text]:
    """What differs in the models, by key: for whoever does not know which models are declared."""
    return [
        Text(f"{key} {_stated(new, 'sv')} ({_stated(old, 'sv')})", f"{key} {_stated(new, 'en')} ({_stated(old, 'en')})")
        for key, old, new in changed_settings(models, base)
    ]


def describe_changes(
    scenario: Scenario, base: Scenario, in_models: Callable[[Stated, Stated], list[Text]] = settings_as_stated
) -> Text:
    """One sentence in each language that says how `scenario` differs from `base`, made from the values.

    `in_models` says what differs in the models (of the scenario, of the base); `sim.declared` has one that knows the
    names of their settings.
    """
    return Text(*(_sentence(scenario, base, in_models, lang) for lang in ("sv", "en")))


def assumptions(scenario: Scenario) -> list[Assumption]:
    """The assumption register: every number that has a range, of the world, decided or preferred, with the value and
    the range this scenario uses: one of its own where it states one, the value alone where it says that it is known."""
    ranges = stated_ranges(scenario)
    found = []
    for leaf in leaves(Scenario):
        extra = leaf.extra
        if "quality" not in extra:
            continue
        value = float(value_of(scenario, leaf.key))
        usual = float(extra["low"]), float(extra["high"])
        low, high = ranges.get(leaf.key, usual) or (value, value)
        found.append(
            Assumption(
                key=leaf.key,
                value=value,
                low=low,
                high=high,
                unit=str(extra["unit"]),
                source=str(extra["source"]),
                quality=cast(Quality, extra["quality"]),
                kind=cast(Kind, extra["kind"]),
                title=leaf.title,
                default=float(extra["value"]),
                description=leaf.field.description or "",
            )
        )
    return found


def json_schema(lang: str = "en") -> dict[str, Any]:
    """JSON Schema of a scenario file, for editors, with what fields mean in `lang`; unit, kind, low, high, source and
    quality stand with each field."""
    schema = Scenario.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["properties"]["extends"] = {
        "type": "string",
        "title": "extends",
        "title_sv": "bygger på",
        "description": _EXTENDS.get(lang),
    }
    meant = {text.en: text for text in meanings().values()}
    parts = {part.__name__: part for _, info in declared(Scenario) if (part := part_of(info)) is not None}
    for name, written in {"": schema, **schema["$defs"]}.items():
        written.pop("description", None)  # that of a class is for those who read the source
        for key, field in written["properties"].items():
            if "$ref" in field:  # a group may be left empty
                field["anyOf"] = [{"$ref": field.pop("$ref")}, {"type": "null"}]
            if lang == "sv":
                field["title"] = field.pop("title_sv")
            if key in (fields := parts.get(name, Scenario).model_fields):
                field["description"] = meant[one_line(fields[key].description)].get(lang)
    return schema


def resolved(scenario: Scenario) -> dict[str, Any]:
    """Every value as plain JSON types with sorted keys: equal dicts mean equal scenarios."""
    return cast("dict[str, Any]", _sorted(scenario.model_dump(mode="json")))


def _sorted(value: Any) -> Any:
    return {key: _sorted(value[key]) for key in sorted(value)} if isinstance(value, dict) else value


def _stated(value: Any, lang: str) -> str:
    if value is None:
        return "as declared" if lang == "en" else "som angivet i modellen"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _sentence(scenario: Scenario, base: Scenario, in_models: Callable[[Stated, Stated], list[Text]], lang: str) -> str:
    changed = {key for key, _, _ in changed_fields(scenario, base)}
    default = not changed_fields(base, Scenario())
    name = base.title.get(lang)
    if lang == "en":
        other = "the default" if default else f"“{name}”" if name else "the one it is compared with"
        start, same = f"Differs from {other}", f"No change from {other}."
    else:
        other = "standard" if default else f"”{name}”" if name else "det som jämförs med"
        start, same = f"Skiljer sig från {other}", f"Ingen skillnad mot {other}."
    parts: list[str] = []
    idle: list[str] = []
    for leaf in leaves(Scenario):
        if leaf.key in changed:
            new, old = (spoken(leaf, value_of(some, leaf.key), lang) for some in (scenario, base))
            without = all(is_idle(leaf, some) for some in (scenario, base))
            (idle if without else parts).append(f"{leaf.title.get(lang)} {new} ({old.removeprefix('× ')})")
        elif leaf.key == MODELS:
            parts += [difference.get(lang) for difference in in_models(scenario.models, base.models)]
    told = f"{start}: {'; '.join(parts)}." if parts else same
    return f"{told} {_IDLE.get(lang)}: {'; '.join(idle)}." if idle else told
