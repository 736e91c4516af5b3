"""Text made from the declarations of the fields: a scenario to start from, and the manual of every field."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any, Final

from sim.language import units
from sim.language.titles import KINDS, QUALITIES, RANGES
from sim.quoting import clean
from sim.scenario.document import MAX_LENGTH
from sim.scenario.fields import Leaf, Part, Quality, extra_of, part_of, value_of
from sim.scenario.meanings import meaning, one_line
from sim.scenario.schema import Scenario
from sim.scenario.spoken import unit_words
from sim.scenario.stated import Stated
from sim.scenario.words import allowed
from sim.text import Text

# What a new scenario states, at its default, so that there is a line to change in every group it shows.
_STATED: Final = (
    "calendar.weeks",
    "study.replications",
    "demand.scale",
    "demand.G1.acute_per_year",
    "demand.G2.acute_per_year",
    "classes.A2.target_min",
    "travel.weather_factor",
    "staffing.hours_per_week",
)
# What it lists as comments beside that.
_OFFERED: Final = (
    "calendar.start",
    "calendar.warm_up_weeks",
    "study.seed",
    "study.models",
    "study.reference",
    "demand.heterogeneity_cv",
    "demand.G1.planned_per_year",
    "demand.G2.round_visits_per_year",
    "classes.A2.on_scene_mean_min",
    "travel.cv",
    "staffing.overtime_max_min",
)
_HEAD: Final = ("title", "question", "region")
_TOP: Final = Text(
    "Ett scenario: det säger vad som skiljer från standard. Ändra ett värde, eller ta bort # före en nyckel. Ta bort "
    "rader som du inte vill ange. Varje fält förklaras i docs/scenarios.md (på engelska).",
    "A scenario: it states what differs from the default. Change a value, or take away the # before a key. Delete the "
    "lines you do not mean to set. Every field is explained in docs/scenarios.md.",
)
_EXTENDS: Final = Text(
    "Ta det som inte anges här från en annan fil (sökvägen räknas från den här) i stället för från standard:",
    "Take what is not stated here from another file (its path relative to this one) instead of the default:",
)
_TITLE: Final = Text(
    "Vad scenariot heter i rapporter, på svenska och engelska.",
    "What the scenario is called in reports, in Swedish and English.",
)
_RANGE: Final = Text("{what}: {low} till {high}{unit}{quality}.", "{what}: {low} to {high}{unit}{quality}.")
_QUALITY_WORDS: Final[dict[Quality, str]] = {
    "measured": "measured",
    "published": "published",
    "estimate": "estimate, to be replaced by the region's own figure",
}
_INTRODUCTION: Final = """\
# Scenario files: every field

This page is made from the program itself (`sim.scenario.manual()`); a test keeps it up to date.

A scenario is a YAML file that states **what differs from the default**; everything else keeps the value shown here.
`scenarios/halland.yaml` states the default in full. `python run_sim.py new NAME` writes a commented file to start from,
`python run_sim.py validate FILE` checks one and says how it differs from the default, which hours and work each
pool would have, and how long a run takes.

```yaml
extends: halland.yaml       # optional: take what is not stated here from another file, relative to this one
title:
  sv: Tio procent fler
  en: Ten per cent more
demand:
  scale: 1.1
```

* `extends` may go in several steps. Groups are merged key by key; lists and values are replaced.
* Unknown keys, keys that stand twice, and values outside the bounds are refused, all at once, each with its place:
  `my.yaml:6:10: demand.scale: must be a number from 0 to 20, got '1,1'; write 1.1 with a decimal point`.
* YAML 1.2: `no` is a word and `0123` is the number 123; `true` and `false` are the only yes and no.
* A group whose lines are all commented out changes nothing. A line break in a value is read as a space.
* Read are ordinary UTF-8 files of at most 256 kB, with at most 12 levels and 2 000 characters in a value. The first
  hundred problems are said, and how many there are beyond.
* A run has room for 5 000 000 patients and as many requests; what would be larger is refused before it is drawn.
* In Python: `load_scenario("my.yaml").with_changes({"demand.scale": 1.2})`.

Each number is of one kind. **World**: nobody chooses it and nobody knows it for sure; *plausible* is a central 90 %
interval with the default as its median (on each side of it as a lognormal, shares as a logit-normal). **Decision**:
what is asked for, with a range worth trying. **Preference**: what matters. *Allowed* is what the program can run.
**Estimate** means that nobody has measured it: replace it by the region's own figure before anything is decided on it.
"""


def template(name: str, lang: str) -> str:
    """A commented scenario file called `name` that loads as it stands: a few fields stated, the rest as comments, in
    `lang`."""
    quoted = json.dumps(clean(" ".join(name.split()), MAX_LENGTH) or "scenario", ensure_ascii=False)
    default = Scenario()
    lines = [
        *_comment(_TOP.get(lang)),
        "",
        *_comment(_EXTENDS.get(lang)),
        "# extends: halland.yaml",
        "",
        *_comment(_TITLE.get(lang)),
        "title:",
        f"  sv: {quoted}",
        f"  en: {quoted}",
        *_comment(meaning("question").get(lang)),
        "question:",
        '  sv: ""',
        '  en: ""',
        "",
        *_comment(meaning("region").get(lang)),
        "# region: halland",
    ]
    return "\n".join([*lines, *_template_lines(Scenario, "", default, lang)]) + "\n"


def in_full(head: str) -> str:
    """A scenario file that states every default: `head` (comments, title, question and region) and all groups after.

    `scenarios/halland.yaml` is made so from its own head. A comment is written once in each group at the top.
    """
    return head.rstrip("\n") + "\n" + "\n".join(_full_lines(Scenario, "", Scenario(), set())) + "\n"


def head_of(text: str) -> str:
    """What stands before the groups of a file made by `in_full`."""
    first = next(name for name in Scenario.model_fields if name not in _HEAD)
    lines = text.splitlines()
    end = lines.index(f"{first}:")
    while lines[end - 1].startswith("#"):
        end -= 1
    return "\n".join(lines[:end])


def _full_lines(model: type[Part], prefix: str, default: Scenario, said: set[str]) -> Iterator[str]:
    indent = "  " * prefix.count(".")
    for name, field in model.model_fields.items():
        key, part = prefix + name, part_of(field)
        if key in _HEAD:
            continue
        if not prefix:
            said = set()
            yield ""
        about = one_line(field.description)
        if about not in said:
            said.add(about)
            yield from _comment(about, indent)
        if part is not None:
            yield f"{indent}{name}:"
            yield from _full_lines(part, key + ".", default, said)
            continue
        extra = extra_of(field)
        known = f"   # {_in_short(extra)}" if "quality" in extra else ""
        yield f"{indent}{name}: {_yaml(value_of(default, key))}{known}"


def manual() -> str:
    """Every field of a scenario as Markdown: default, allowed, plausible, unit, source, what it means."""
    return "\n".join([_INTRODUCTION, *_manual_lines(Scenario, "", Scenario())]).rstrip("\n") + "\n"


def _template_lines(model: type[Part], prefix: str, default: Scenario, lang: str) -> Iterator[str]:
    indent = "  " * prefix.count(".")
    for name, field in model.model_fields.items():
        key = prefix + name
        part = part_of(field)
        if key in ("title", "question", "region"):
            continue
        if part is None and key in (*_STATED, *_OFFERED):
            leaf = Leaf(key, field, "")
            yield from _comment(meaning(key).get(lang) + _range_note(leaf, lang), indent)
            yield f"{indent}{'' if key in _STATED else '# '}{name}: {_yaml(value_of(default, key))}"
        elif part is not None and any(stated.startswith(key + ".") for stated in _STATED):
            if not prefix:
                yield ""
            yield from _comment(meaning(key).get(lang), indent)
            yield f"{indent}{name}:"
            yield from _template_lines(part, key + ".", default, lang)
        elif (
            part is not None and key == "organisation"
        ):  # a choice most scenarios leave alone: the whole group as a comment
            yield ""
            yield from _comment(f"{meaning(key).get(lang)} sharing: {meaning(key + '.sharing').get(lang)}")
            yield "# organisation:"
            yield "#   sharing: null"


def _manual_lines(model: type[Part], prefix: str, default: Scenario, depth: int = 2) -> Iterator[str]:
    own = [(name, field) for name, field in model.model_fields.items() if part_of(field) is None]
    for name, field in own:
        yield from _entry(Leaf(prefix + name, field, ""), default)
    for name, field in model.model_fields.items():
        part = part_of(field)
        if part is not None:
            yield f"{'#' * min(depth, 5)} `{prefix}{name}`: {extra_of(field)['title']}"
            yield ""
            yield one_line(field.description)
            yield ""
            yield from _manual_lines(part, f"{prefix}{name}.", default, depth + 1)


def _entry(leaf: Leaf, default: Scenario) -> Iterator[str]:
    extra = leaf.extra
    unit = "" if extra["unit"] in ("", "cv", "factor", "share") else f" {units.unit(extra['unit']).many.en}"
    yield f"* **`{leaf.key}`**, {extra['title']} (*{extra['title_sv']}*). {one_line(leaf.field.description)}  "
    facts = [f"Default `{_yaml(value_of(default, leaf.key))}`{unit}", f"allowed: {allowed(leaf.field).en}"]
    if "kind" in extra and not isinstance(value_of(default, leaf.key), str):
        facts[0] += f" ({KINDS[extra['kind']].en})"
    if "null_means" in extra:
        facts.append(f"null means {extra['null_means']}")
    if "quality" in extra:
        facts.append(f"{RANGES[extra['kind']].en} {extra['low']:g} to {extra['high']:g}")
    yield f"  {'; '.join(facts)}.{'  ' if 'quality' in extra else ''}"
    if "quality" in extra:
        yield f"  {_QUALITY_WORDS[extra['quality']].capitalize()}. Source: {extra['source']}."
    yield ""


def _in_short(extra: Mapping[str, Any]) -> str:
    """What stands behind a value: '0.2 to 1.6, estimate', 'decision; 0.7 to 1.5 to try'."""
    span = f"{extra['low']:g} to {extra['high']:g}"
    kind = extra["kind"]
    return f"{span}, {extra['quality']}" if kind == "world" else f"{KINDS[kind].en}; {span} {RANGES[kind].en}"


def _range_note(leaf: Leaf, lang: str) -> str:
    extra = leaf.extra
    if "quality" not in extra:
        return ""
    unit = f" {word}" if (word := unit_words(extra["unit"], lang)) else ""
    what, low, high = RANGES[extra["kind"]].get(lang).capitalize(), f"{extra['low']:g}", f"{extra['high']:g}"
    quality = f" ({QUALITIES[extra['quality']].get(lang)})" if extra["kind"] == "world" else ""
    return " " + _RANGE.get(lang).format(what=what, low=low, high=high, unit=unit, quality=quality)


def _comment(text: str, indent: str = "") -> list[str]:
    return wrap(text, 118, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")


def _yaml(value: Any) -> str:
    """A default value as it is written in a scenario file."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) >= 2:
        return str(int(value))
    if isinstance(value, Stated):
        return json.dumps(value.plain())
    return str(value) if isinstance(value, str) and value else json.dumps(value)
