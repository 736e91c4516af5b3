"""What every field and group of a scenario means, in both languages.

The English stands under the field where it is declared; the Swedish in fields.sv.toml, under the first key that says
the same. A field that has none there is said by its Swedish title.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic.fields import FieldInfo

from sim.language.wordlist import one_language
from sim.scenario.fields import Part, extra_of, part_of
from sim.scenario.schema import Scenario
from sim.text import Text


def meaning(key: str) -> Text:
    """The meaning of a field or group by its dotted key; KeyError if there is none."""
    return meanings()[key]


@cache
def meanings() -> dict[str, Text]:
    """The meaning of every field and group by dotted key, in the order of declaration."""
    swedish = one_language(Path(__file__).with_name("fields"), "sv")
    first: dict[str, str] = {}  # English to the key it stands under
    found = {}
    for key, field in declared(Scenario):
        english = one_line(field.description)
        own = swedish.get(first.setdefault(english, key)) or f"{str(extra_of(field)['title_sv']).capitalize()}."
        found[key] = Text(own, english)
    return found


def declared(model: type[Part], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every field and group with its dotted key, groups before what is in them."""
    for name, field in model.model_fields.items():
        yield prefix + name, field
        part = part_of(field)
        if part is not None:
            yield from declared(part, f"{prefix}{name}.")


def one_line(text: str | None) -> str:
    """A docstring without its line breaks."""
    return " ".join((text or "").split())
