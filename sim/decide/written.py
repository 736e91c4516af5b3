"""A tuned model as a scenario: a file of settings, beside the models as they were."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.text import Text

if TYPE_CHECKING:
    from sim.decide.tuned import Question, Tuned

SUFFIX: Final = "_tuned"


def scenario_text(extends: str, title: Text, asked: Sequence[str], tuned: Sequence[tuple[Tuned, Text]]) -> str:
    """A scenario in which every model stands twice: as it is in `extends`, and under its name + `_tuned` with the
    settings that were found. `asked` are lines on how they were found; `tuned` come with the models' titles."""
    lines = [f"# {line}" for line in asked]
    lines += [f"extends: {quoted(extends)}", f"title: {{sv: {quoted(title.sv)}, en: {quoted(title.en)}}}", "models:"]
    for item, name in tuned:
        lines += [
            f"  {item.name}{SUFFIX}:",
            f"    from: {item.name}",
            f"    title: {{sv: {quoted(name.sv + ', eget schema')}, en: {quoted(name.en + ', own roster')}}}",
            *(f"    {line}" for line in _nested(item.choice)),
        ]
    names = [name for item, _ in tuned for name in (item.name, item.name + SUFFIX)]
    lines += [f"study: {{models: [{', '.join(names)}], reference: {names[0]}}}"]
    return "\n".join(lines) + "\n"


def how_found(question: Question, seed: int) -> list[str]:
    """What was asked for, and on which years, in English as all comments of a scenario."""
    years = question.years
    limits = " and ".join(map(str, question.limits)) or "none"
    return [
        f"Made by `tune`: least {question.minimise.measure} ({question.minimise.klass}), limits: {limits}; "
        f"{question.trials} trials a model,",
        f"searched on replications {_span(years.searched)}, the last {question.finalists} told apart on at most "
        f"{_span(years.selected)},",
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
