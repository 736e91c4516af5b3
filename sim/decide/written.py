"""A tuned model as a scenario: a file of settings, beside the models as they were."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.decide.least_hours import HOURS
from sim.text import Text

if TYPE_CHECKING:
    from sim.decide.question import Choice, Question
    from sim.decide.several import Front
    from sim.decide.tuned import Tuned

SUFFIX: Final = "_tuned"


class Made(NamedTuple):
    """A variant of `model` to be written."""

    name: str
    model: str
    title: Text
    choice: Choice


def made_of(item: Tuned | Front, title: Text) -> list[Made]:
    """What there is to write of one model, called `title`: the best under its name + `_tuned`, or every candidate on
    fresh years that holds the limits and that no other beats, under the name that tells it from the others."""
    from sim.decide.tuned import Tuned

    if isinstance(item, Tuned):
        own = Text(title.sv + ", eget schema", title.en + ", own roster")
        return [Made(item.name + SUFFIX, item.name, own, item.choice)]
    return [
        Made(point.name, item.name, Text(f"{title.sv}: {said}", f"{title.en}: {said}"), point.choice)
        for point in item.points
        for said in [point.name.removeprefix(f"{item.name}_").replace("_", " ")]
        if point.choice and point.feasible and not point.dominated
    ]


def scenario_text(extends: str, title: Text, asked: Sequence[str], found: Sequence[tuple[Tuned | Front, Text]]) -> str:
    """A scenario in which every model stands as it is in `extends`, and with the settings that were found. `asked` are
    lines on how they were found; `found` come with the models' titles. Hours that were found are those of all."""
    lines = [f"# {line}" for line in asked]
    lines += [f"extends: {quoted(extends)}", f"title: {{sv: {quoted(title.sv)}, en: {quoted(title.en)}}}"]
    made = {item.name: made_of(item, name) for item, name in found}
    hours = [item.choice[HOURS] for items in made.values() for item in items if HOURS in item.choice]
    lines += _nested({HOURS: hours[0]} if hours else {})
    if any(made.values()):
        lines.append("models:")
    for item in (item for items in made.values() for item in items):
        lines += [
            f"  {item.name}:",
            f"    from: {item.model}",
            f"    title: {{sv: {quoted(item.title.sv)}, en: {quoted(item.title.en)}}}",
            *(f"    {line}" for line in _nested({key: v for key, v in item.choice.items() if key != HOURS})),
        ]
    names = [name for model, items in made.items() for name in (model, *(item.name for item in items))]
    lines += [f"study: {{models: [{', '.join(names)}], reference: {names[0]}}}"]
    return "\n".join(lines) + "\n"


def how_found(question: Question, where: str, seed: int) -> list[str]:
    """What was asked for, `where`, and on which years, in English as all comments of a scenario."""
    years = question.years
    limits = " and ".join(map(str, question.limits)) or "none"
    aims = " and ".join(f"{aim.measure} ({aim.klass})" for aim in question.aims)
    apart = f"the last {question.finalists} told apart on at most {_span(years.selected)},"
    return [
        f"Made by `tune`: least {aims}, limits: {limits}; {question.trials} trials a model, {where},",
        f"searched on {_span(years.searched)}, {apart if len(question.aims) == 1 else 'those that nobody beats,'}",
        f"reported on {_span(years.reported)}; seed {seed}. All else as in what it extends.",
    ]


def quoted(value: Any) -> str:
    """As JSON, which YAML reads."""
    return json.dumps(value, ensure_ascii=False)


def shown(value: Any) -> str:
    """The same for a line of text: whole minutes without decimals."""
    return quoted(int(value) if isinstance(value, float) and value.is_integer() else value)


def _nested(choice: Any) -> list[str]:
    """`key: value` lines, groups as one line."""
    groups: dict[str, dict[str, Any]] = {}
    lines = []
    for key, value in choice.items():
        group, _, name = key.rpartition(".")
        if group:
            groups.setdefault(group, {})[name] = value
        else:
            lines.append(f"{key}: {quoted(value)}")
    for group, values in groups.items():
        inner = ", ".join(f"{name}: {quoted(value)}" for name, value in values.items())
        lines.append(f"{group}: {{{inner}}}")
    return lines


def _span(years: range) -> str:
    return f"{years.start}-{years.stop - 1}"
