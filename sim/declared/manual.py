"""What is made from the declarations of settings: JSON Schema, a commented template, the page of all settings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from sim.declared.declared import Declared
from sim.declared.model import Model
from sim.declared.words import Setting, settings_of
from sim.scenario import json_schema as fields_schema
from sim.scenario import template as fields_template
from sim.text import Text

_INTRODUCTION: Final = """\
# Settings of the models

This page is made from the models themselves (`python -m tools.restate`); a test keeps it up to date.

What a planner would move in a model is a **setting** of it: bases, lines, hours, windows, take-over times, borders,
choice. A scenario file states those that are to differ, under `models`:

```yaml
extends: halland.yaml
title: {sv: Fyra baser, en: Four bases}
models:
  hybrid: {hubs: 4, night_hubs: 1}                        # settings of a model
  hybrid_late: {from: hybrid, evening_end: "23:00"}       # a variant of it, run beside it
  central_named:
    from: central_team
    title: {sv: Från Varberg och Halmstad, en: From Varberg and Halmstad}
    hubs: [Varberg, Halmstad]
study: {models: [hybrid, hybrid_late, central_named], reference: hybrid}
```

* A **variant** starts from the model (or variant) named under `from`, as the scenario sets it. Without a `title` its
  title is made from what differs. Without `study.models` every model and every variant takes part.
* Files that extend each other are merged setting by setting. Sharing under `organisation` and limits under `staffing`
  hold for every model; a model's own `sharing` gives way to the former, its own `limits` go before the latter.
* Hours stay equal: one kind of post in each model takes what the others leave of `staffing.hours_per_week`.
* Names are checked with the file: `my.yaml:3:12: models.hybrid.hub: unknown key; did you mean hubs?`
* `run_sim.py models` lists them with their values, `run_sim.py models FILE` as a scenario sets them.
* In Python: `models.hybrid(hubs=4)`, `models.of(scenario)`, `scenario.with_changes({"models.hybrid.hubs": 4})`.

Where a setting says how things are **today**, its plausible range, quality and source stand with it. All others are
choices. A model of your own has settings too, if it declares them: [how-to](howto-fifth-model.md).
"""
_TOP: Final = Text(
    "Vad som ska vara annorlunda i modellerna, och varianter av dem: ta bort # före models:, en modell och en\n"
    "inställning. Varje inställning förklaras i docs/settings.md (på engelska).",
    "What is to differ in the models, and variants of them: take away # before models:, a model and a setting.\n"
    "Every setting is explained in docs/settings.md",
)
_VARIANT: Final = {
    "title": {
        "type": "object",
        "properties": {"sv": {"type": "string"}, "en": {"type": "string"}},
        "additionalProperties": False,
        "description": "What it is called in reports.",
    },
}


def json_schema(declared: Declared, lang: str = "en") -> dict[str, Any]:
    """JSON Schema of a scenario file with the settings of every model, and of variants of them; what they mean in
    `lang`."""
    schema = fields_schema(lang)
    variants = []
    properties: dict[str, Any] = {}
    for name, model in declared.models.items():
        own = model.settings.model_json_schema(ref_template="#/$defs/" + name + ".{model}")
        defs = own.pop("$defs", {})
        for part in (own, *defs.values()):
            _speak(part, lang)
        schema["$defs"] |= {f"{name}.{key}": part for key, part in defs.items()}
        keys = own.get("properties", {}) | _VARIANT
        properties[name] = {"type": ["object", "null"], "properties": keys, "additionalProperties": False}
        base = {"from": {"const": name, "description": "The model that it is a variant of."}}
        variants.append({"properties": base | keys, "required": ["from"], "additionalProperties": False})
    other = {"from": {"type": "string", "not": {"enum": list(declared.models)}}}
    variants.append({"properties": other, "required": ["from"]})
    schema["properties"]["models"] |= {
        "type": ["object", "null"],
        "properties": properties,
        "additionalProperties": {"type": "object", "anyOf": variants},
    }
    return schema


def _speak(part: dict[str, Any], lang: str) -> None:
    """Titles and meanings of the settings in a part of a schema in the language."""
    part.pop("description", None)  # that of a class is for those who read the source
    for field in part.get("properties", {}).values():
        about = field.pop("about_sv", None)
        if lang == "sv":
            field["title"] = field.pop("title_sv", field.get("title"))
            field["description"] = about or f"{str(field['title']).capitalize()}."


def template(name: str, declared: Declared, lang: str = "en") -> str:
    """A commented scenario file that loads as it stands, with every setting of every model as a comment."""
    lines = ["", *(f"# {line}" for line in _TOP.get(lang).splitlines()), "# models:"]
    for model in declared.models.values():
        lines += _commented(model, lang)
    lines += ["#   a_variant:", f"#     from: {list(declared.models)[-1]}"]
    return fields_template(name, lang) + "\n".join(lines) + "\n"


def _commented(model: Model, lang: str) -> Iterator[str]:
    yield f"#   {model.name}:"
    group = ""
    for item in settings_of(model.name, model.settings()):
        inside, _, key = item.key.rpartition(".")
        if inside and inside != group:
            yield f"#     {inside}:"
        group = inside
        line = f"#     {'  ' if inside else ''}{key}: {yaml_of(item.plain_default)}"
        title = item.title.get(lang)
        yield f"{line:<40} # {title}" if len(title) < 76 else line


def manual(declared: Declared) -> str:
    """Every setting of every model as Markdown."""
    parts = [_INTRODUCTION]
    for model in declared.models.values():
        made = model()
        parts.append(f"## `{model.name}`: {made.title.en}\n\n{made.description.en}\n")
        parts += [_entry(item) for item in settings_of(model.name, model.settings())]
    return "\n".join(parts).rstrip("\n") + "\n"


def _entry(item: Setting) -> str:
    unit = f" {item.unit}" if item.unit not in ("", "days", "share") else ""
    facts = f"Value `{yaml_of(item.plain_default)}`{unit}; allowed: {item.allowed.en}."
    if item.plain_default is None:
        facts = f"Value `null` ({item.said_default.en}); allowed: {item.allowed.en}."
    known = ""
    if item.quality is not None:
        known = f" Today: plausible {item.low:g} to {item.high:g}, {item.quality}. Source: {item.source}."
    return f"* **`{item.key}`**, {item.title.en} (*{item.title.sv}*). {item.about.en}  \n  {facts}{known}\n"


def yaml_of(value: Any) -> str:
    """As it is written in a scenario file."""
    if isinstance(value, list):
        return "[" + ", ".join(map(str, value)) + "]"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and ":" not in value:
        return value
    return json.dumps(value, ensure_ascii=False)
