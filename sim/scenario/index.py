"""The index of the shipped scenarios: which files answer which question of the region, by which lever, and what to
compare. Read from `index.yaml` beside them and checked whole, every fault with its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.errors import Problem, ScenarioError
from sim.language.nearest import nearest
from sim.scenario.changes import describe_changes
from sim.scenario.reading import Document, Place, load_scenario, read_document
from sim.scenario.schema import Scenario
from sim.scenario.words import Location, dotted, shown
from sim.text import Text

INDEX_FILE: Final = "index.yaml"
MODELS, DEFAULT = "models", "default"  # what a question's files are compared with
AGAINST: Final = (MODELS, DEFAULT)

_TOP: Final = ("default", "questions")
_QUESTION: Final = ("id", "question", "lever", "files", "compare", "shown")
_COMPARE: Final = ("against", "measures")
_LANGUAGES: Final = ("sv", "en")


@dataclass(frozen=True)
class Question:
    """A question with the scenario files that answer it. `against`: "models" (the models within each file against each
    other) or "default" (each model in the file against itself in the default), by the named `measures`."""

    id: str
    question: Text
    lever: Text
    files: tuple[str, ...]
    against: str
    measures: tuple[str, ...]
    shown: Text


@dataclass(frozen=True)
class Index:
    """The questions in order, and every scenario named in them by file name, `default` first."""

    file: Path
    default: str
    questions: tuple[Question, ...]
    scenarios: dict[str, Scenario]

    def changes(self, name: str) -> Text:
        """What the file `name` changes, in a sentence."""
        return describe_changes(self.scenarios[name], self.scenarios[self.default])


def load_index(path: str | Path, measures: Collection[str]) -> Index:
    """Read an index and all its scenarios. `measures`: the names of those that exist.

    Raises ScenarioError with every problem: of the index itself, of the files it names, a file that stands in it twice
    or not at all, and files that change nothing or the same as another.
    """
    file = Path(path)
    document, problems = read_document(file)
    check = _Checker(document, problems)
    check.keys((), _TOP)
    default = check.text(("default",))
    questions = [
        _question(check, ("questions", number), measures) for number, _ in enumerate(check.items(("questions",)))
    ]
    check.alone([question.id for question in questions], lambda n: ("questions", n, "id"), "this id")
    listed: dict[Location, str] = {
        ("questions", q, "files", f): name
        for q, question in enumerate(questions)
        for f, name in enumerate(question.files)
    }
    places = list(listed)
    check.alone(list(listed.values()), lambda n: places[n], "this file")
    _whole_folder(check, {default, *listed.values()})
    named: dict[Location, str] = {("default",): default, **listed}
    scenarios = _load_all(check, named)
    if default in scenarios:
        _tell_apart(
            check,
            {at: name for at, name in listed.items() if name in scenarios and name != default},
            scenarios,
            scenarios[default],
        )
    if problems:
        raise ScenarioError(sorted(set(problems), key=lambda p: (p.file != str(file), p.file, p.line, p.column)))
    return Index(file, default, tuple(questions), scenarios)


def _question(check: _Checker, at: Location, measures: Collection[str]) -> Question:
    check.keys(at, _QUESTION)
    check.keys((*at, "compare"), _COMPARE)
    name = check.text((*at, "id"))
    if name and not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        check.fault((*at, "id"), f"must be small letters, digits and _, got {shown(name)}")
    compared = check.items((*at, "compare", "measures"))
    check.alone(compared, lambda n: (*at, "compare", "measures", n), "this measure")
    return Question(
        id=name,
        question=check.both((*at, "question")),
        lever=check.both((*at, "lever")),
        files=tuple(check.texts((*at, "files"))),
        against=check.one_of((*at, "compare", "against"), AGAINST),
        measures=tuple(check.one_of((*at, "compare", "measures", n), tuple(measures)) for n, _ in enumerate(compared)),
        shown=check.both((*at, "shown")),
    )


def _whole_folder(check: _Checker, named: Collection[str]) -> None:
    """Every scenario of the folder is in the index."""
    file = check.document.file
    for other in sorted(file.parent.glob("*.yaml")):
        if other.name not in (file.name, *named):
            check.fault(("questions",), f"{other.name} is in no question; add it to the files of one")


def _load_all(check: _Checker, named: dict[Location, str]) -> dict[str, Scenario]:
    """Those that are valid; faults in a file stand at their own places, a missing one at the place that names it."""
    scenarios: dict[str, Scenario] = {}
    folder = check.document.file.parent
    for at, name in named.items():
        if not name or name in scenarios:
            continue
        if not (folder / name).is_file():
            near = nearest(name, [path.name for path in sorted(folder.glob("*.yaml"))])
            check.fault(at, f"no file {name!r} here; " + (f"did you mean {near}?" if near else "check the name"))
            continue
        try:
            scenarios[name] = load_scenario(folder / name)
        except ScenarioError as error:
            check.problems += error.problems
    return scenarios


def _tell_apart(check: _Checker, listed: dict[Location, str], scenarios: dict[str, Scenario], base: Scenario) -> None:
    """Each file but the default has words of its own and changes something that no other does."""
    seen: dict[Text, str] = {}
    for at, name in listed.items():
        scenario = scenarios[name]
        for what in ("title", "question"):
            words, usual = getattr(scenario, what), getattr(base, what)
            if not (words.sv and words.en) or words.sv == usual.sv or words.en == usual.en:
                check.fault(at, f"{name} has no {what} of its own in both languages; state {what}: with sv: and en:")
        sentence = describe_changes(scenario, base)
        if sentence == describe_changes(base, base):
            check.fault(at, f"{name} changes nothing; state what it changes")
        elif sentence in seen and seen[sentence] != name:
            check.fault(at, f"{name} changes the same as {seen[sentence]}; take one of the two away")
        seen.setdefault(sentence, name)


class _Checker:
    """Takes values out of a document and notes what is wrong with them; a wrong value gives an empty one."""

    def __init__(self, document: Document, problems: list[Problem]) -> None:
        self.document = document
        self.problems = problems

    def value(self, at: Location) -> Any:
        """What stands there; None if nothing does."""
        value: Any = self.document.tree
        for part in at:
            if isinstance(value, dict):
                value = value.get(str(part))
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def fault(self, at: Location, message: str) -> None:
        """A problem at the value, or at the nearest place around it that is stated."""
        found = self.document.values | {(): Place(self.document.file, 1, 1)}
        around = next(at[:depth] for depth in range(len(at), -1, -1) if at[:depth] in found)
        self.problems.append(found[around].problem(dotted(at), message))

    def keys(self, at: Location, known: Sequence[str]) -> None:
        """A group with these keys and no others."""
        group = self.value(at)
        if not isinstance(group, dict):
            self.fault(at, f"must be a group of keys ({', '.join(known)}), got {shown(group)}")
            return
        for name in group:
            if name not in known:
                near = nearest(name, known)
                what = f"did you mean {near}?" if near else f"the keys here are {', '.join(known)}"
                place = self.document.keys[(*at, name)]
                self.problems.append(place.problem(dotted((*at, name)), f"unknown key; {what}"))

    def text(self, at: Location) -> str:
        """Text that is not empty."""
        value = self.value(at)
        if isinstance(value, str) and value.strip():
            return value
        self.fault(at, f"must be text, got {shown(value)}")
        return ""

    def both(self, at: Location) -> Text:
        """The same words in both languages."""
        self.keys(at, _LANGUAGES)
        return Text(*(self.text((*at, lang)) for lang in _LANGUAGES))

    def items(self, at: Location) -> list[Any]:
        """A list that is not empty."""
        value = self.value(at)
        if isinstance(value, list) and value:
            return value
        self.fault(at, f"must be a list of at least one, got {shown(value)}")
        return []

    def texts(self, at: Location) -> Iterator[str]:
        """Each text of a list."""
        return (self.text((*at, number)) for number, _ in enumerate(self.items(at)))

    def one_of(self, at: Location, known: Sequence[str]) -> str:
        """A word out of some."""
        word = self.text(at)
        if word and word not in known:
            near = nearest(word, known)
            what = f"did you mean {near}?" if near else f"one of {', '.join(known[:8])}"
            self.fault(at, f"{shown(word)} does not exist; {what}")
        return word

    def alone(self, words: Sequence[str], place: Callable[[int], Location], what: str) -> None:
        """No word of a list stands in it twice."""
        for number, word in enumerate(words):
            if word and word in words[:number]:
                line = self.document.values[place(words.index(word))].line
                self.fault(place(number), f"{what}, {shown(word)}, stands twice, first on line {line}; keep one")
