"""Settings in words: what a variant is called, and what differs, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any, Final, NamedTuple

from sim.scenario.fields import Leaf, Quality, leaves, value_of
from sim.scenario.spoken import spoken
from sim.scenario.words import allowed
from sim.settings import Settings
from sim.text import Text

LANGUAGES: Final = ("sv", "en")
LONGEST_TITLE: Final = 50  # signs of a title that is made; it stands over columns and in legends
Difference = tuple[str, Any, Any]  # dotted key, value, the value it differs from


class Setting(NamedTuple):
    """One setting of a model as a reader meets it: the value in use and the model's own, as they are written in a file
    and as they are said. `low`, `high`, `source` and `quality` where it says how things are today."""

    model: str
    key: str
    title: Text
    plain: Any
    plain_default: Any
    said: Text
    said_default: Text
    unit: str
    allowed: Text
    about: Text
    low: float | None
    high: float | None
    source: str
    quality: Quality | None

    @property
    def changed(self) -> bool:
        """Whether it is not the model's own value."""
        return bool(self.plain != self.plain_default)


def settings_of(name: str, settings: Settings) -> list[Setting]:
    """Every setting of the model or variant called `name`, in order of declaration."""
    declared = type(settings)()
    return [
        _row(name, leaf, value_of(settings, leaf.key), value_of(declared, leaf.key)) for leaf in leaves(type(settings))
    ]


def _row(name: str, leaf: Leaf, value: Any, default: Any) -> Setting:
    extra = leaf.extra
    return Setting(
        model=name,
        key=leaf.key,
        title=leaf.title,
        plain=_plain(value),
        plain_default=_plain(default),
        said=said(leaf, value),
        said_default=said(leaf, default),
        unit=str(extra["unit"]),
        allowed=allowed(leaf.field),
        about=meaning_of(leaf),
        low=extra.get("low"),
        high=extra.get("high"),
        source=str(extra.get("source", "")),
        quality=extra.get("quality"),
    )


def meaning_of(leaf: Leaf) -> Text:
    """What a setting means; in Swedish its title where nothing else is said."""
    english = " ".join((leaf.field.description or "").split())
    return Text(str(leaf.extra.get("about_sv") or f"{str(leaf.extra['title_sv']).capitalize()}."), english)


def _plain(value: Any) -> Any:
    """As it is written in a scenario file."""
    value = value.value if isinstance(value, Enum) else value
    return list(value) if isinstance(value, tuple) else value


def said(leaf: Leaf, value: Any) -> Text:
    """A value with its unit."""
    return Text(*(spoken(leaf, value, lang) for lang in LANGUAGES))


def differences(kind: type[Settings], found: Sequence[Difference]) -> list[Text]:
    """`bases 4 (3)` for every difference."""
    by_key = {leaf.key: leaf for leaf in leaves(kind)}
    return [
        Text(
            *(
                f"{by_key[key].title.get(lang)} {spoken(by_key[key], new, lang)} ({spoken(by_key[key], old, lang)})"
                for lang in LANGUAGES
            )
        )
        for key, new, old in found
    ]


def with_differences(about: Text, kind: type[Settings], found: Sequence[Difference]) -> Text:
    """A model's description, and a sentence that says what is set otherwise than it was declared."""
    if not found:
        return about
    parts = differences(kind, found)
    return Text(
        f"{about.sv} Här är {'; '.join(part.sv for part in parts)}.",
        f"{about.en} Here: {'; '.join(part.en for part in parts)}.",
    )


def variant_title(start: Text, kind: type[Settings], found: Sequence[Difference], name: str) -> Text:
    """What it starts from and what differs, as much as has room; its name where nothing does."""
    by_key = {leaf.key: leaf for leaf in leaves(kind)}
    parts = [
        Text(*(f"{by_key[key].title.get(lang)} {spoken(by_key[key], new, lang)}" for lang in LANGUAGES))
        for key, new, _ in found
    ]
    for some in range(len(parts), 0, -1):
        rest = f" +{len(parts) - some}" if some < len(parts) else ""
        shown = [", ".join(part.get(lang) for part in parts[:some]) + rest for lang in LANGUAGES]
        texts = [f"{start.get(lang)} ({inside})" for lang, inside in zip(LANGUAGES, shown, strict=True)]
        if max(map(len, texts)) <= LONGEST_TITLE:
            return Text(*texts)
    return Text(*(f"{start.get(lang)} ({name})" for lang in LANGUAGES))
