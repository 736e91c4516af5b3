"""The index of the shipped scenarios: which files answer which question of the region, by which lever, and what to
compare. Read from `index.yaml` beside them and checked whole, every fault with its place.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from sim.errors import FieldError, Problem, ScenarioError
from sim.language.nearest import did_you_mean
from sim.scenario.changes import describe_changes
from sim.scenario.document import Document, read_document
from sim.scenario.fields import Name, Part
from sim.scenario.reading import load_scenario, validated
from sim.scenario.schema import Scenario
from sim.scenario.shipped import AT_BEST
from sim.scenario.words import Location, dotted, shown
from sim.text import Text

INDEX_FILE: Final = "index.yaml"
MODELS, DEFAULT = "models", "default"  # what a question's files are compared with


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


# --- the form of the file -------------------------------------------------------------------------


def _as_id(word: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", word):
        raise FieldError(_ID.format(word=shown(word)))
    return word


Names = Annotated[tuple[Name, ...], Field(min_length=1)]


class _Both(Part):
    """The same words in both languages, neither empty."""

    sv: Name
    en: Name

    @property
    def text(self) -> Text:
        return Text(self.sv, self.en)


class _Compare(Part):
    against: Literal["models", "default"]
    measures: Names


class _Question(Part):
    id: Annotated[str, AfterValidator(_as_id)]
    question: _Both
    lever: _Both
    files: Names
    compare: _Compare
    shown: _Both


class _Stated(Part):
    """An index as it is written."""

    default: Name
    questions: Annotated[tuple[_Question, ...], Field(min_length=1)]


# --- reading --------------------------------------------------------------------------------------


def load_index(path: str | Path, measures: Collection[str]) -> Index:
    """Read an index and all its scenarios. `measures`: the names of those that exist.

    Raises ScenarioError with every problem: of the index itself, of the files it names, a file that stands in it twice
    or not at all, and files that change nothing or the same as another.
    """
    file = Path(path)
    document, problems = read_document(file)
    stated, found = validated(_Stated, document, document.tree)
    problems += found
    check = _Checker(document, problems)
    everything: dict[Location, str] = {(name,): name for name in _folder(file) if name != file.name}
    names = _named(stated) if stated else everything
    scenarios = _load_all(check, names)
    if stated is not None:
        _check_words(check, stated, measures)
        _whole_folder(check, {*names.values(), file.name})
        if stated.default in scenarios:
            listed = {at: name for at, name in names.items() if name in scenarios and name != stated.default}
            _tell_apart(check, listed, scenarios, scenarios[stated.default])
    if problems or stated is None:
        raise ScenarioError(sorted(set(problems), key=lambda p: (p.file != str(file), p.file, p.line, p.column)))
    questions = tuple(
        Question(q.id, q.question.text, q.lever.text, q.files, q.compare.against, q.compare.measures, q.shown.text)
        for q in stated.questions
    )
    return Index(file, stated.default, questions, scenarios)


def _named(stated: _Stated) -> dict[Location, str]:
    """Every file that is named, by its place; the default first."""
    named: dict[Location, str] = {("default",): stated.default}
    for q, one in enumerate(stated.questions):
        named |= {("questions", q, "files", f): name for f, name in enumerate(one.files)}
    return named


def _folder(file: Path) -> list[str]:
    """The scenario files beside an index, but for the settings that `tune` has found, which answer no question."""
    return sorted(path.name for path in file.parent.glob("*.yaml") if path.stem != AT_BEST)


def _check_words(check: _Checker, stated: _Stated, measures: Collection[str]) -> None:
    """No id, file or measure twice, and only measures that exist."""
    questions = stated.questions
    check.alone([one.id for one in questions], lambda n: ("questions", n, "id"), _THIS_ID)
    files = {at: name for at, name in _named(stated).items() if at != ("default",)}
    places = list(files)
    check.alone(list(files.values()), lambda n: places[n], _THIS_FILE)
    for q, one in enumerate(questions):
        at: Location = ("questions", q, "compare", "measures")
        check.alone(one.compare.measures, lambda n, at=at: (*at, n), _THIS_MEASURE)  # type: ignore[misc]
        for n, word in enumerate(one.compare.measures):
            if word not in measures:
                what = did_you_mean(word, measures, _ONE_OF.format(words=", ".join(list(measures)[:8])))
                check.fault((*at, n), _UNKNOWN.format(word=shown(word), what=what))


def _whole_folder(check: _Checker, named: Collection[str]) -> None:
    """Every scenario of the folder is in the index."""
    for other in _folder(check.document.file):
        if other not in named:
            check.fault(("questions",), _IN_NONE.format(file=other))


def _load_all(check: _Checker, named: dict[Location, str]) -> dict[str, Scenario]:
    """Those that are valid; faults in a file stand at their own places, a missing one at the place that names it."""
    scenarios: dict[str, Scenario] = {}
    folder = check.document.file.parent
    for at, name in named.items():
        if name in scenarios:
            continue
        if not os.path.lexists(folder / name):
            what = did_you_mean(name, _folder(check.document.file), _CHECK)
            check.fault(at, _NO_FILE.format(file=shown(name), what=what))
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
                check.fault(at, _NO_WORDS.format(file=name, what=what))
        sentence = describe_changes(scenario, base)
        if sentence == describe_changes(base, base):
            check.fault(at, _NOTHING.format(file=name))
        elif sentence in seen and seen[sentence] != name:
            check.fault(at, _SAME.format(file=name, other=seen[sentence]))
        seen.setdefault(sentence, name)


class _Checker:
    """Notes what is wrong in a document, at its place."""

    def __init__(self, document: Document, problems: list[Problem]) -> None:
        self.document = document
        self.problems = problems

    def fault(self, at: Location, message: Text) -> None:
        """A problem at the value, or at the nearest place around it that is stated."""
        self.problems.append(self.document.place(at).problem(dotted(at), message))

    def alone(self, words: Sequence[str], place: Callable[[int], Location], what: Text) -> None:
        """No word of a list stands in it twice."""
        first: dict[str, int] = {}
        for number, word in enumerate(words):
            if word in first:
                line = self.document.place(place(first[word])).line
                self.fault(place(number), _TWICE.format(what=what, word=shown(word), line=line))
            first.setdefault(word, number)


_ID: Final = Text(
    "ska vara små bokstäver a-z, siffror och _, är {word}", "must be small letters, digits and _, got {word}"
)
_THIS_ID: Final = Text("detta id", "this id")
_THIS_FILE: Final = Text("denna fil", "this file")
_THIS_MEASURE: Final = Text("detta mått", "this measure")
_TWICE: Final = Text(
    "{what}, {word}, står två gånger, först på rad {line}; behåll en",
    "{what}, {word}, stands twice, first on line {line}; keep one",
)
_ONE_OF: Final = Text("något av {words}", "one of {words}")
_UNKNOWN: Final = Text("{word} finns inte; {what}", "{word} does not exist; {what}")
_NO_FILE: Final = Text("ingen fil {file} här; {what}", "no file {file} here; {what}")
_CHECK: Final = Text("se efter namnet", "check the name")
_IN_NONE: Final = Text(
    "{file} är inte med i någon fråga; lägg till den under files i en",
    "{file} is in no question; add it to the files of one",
)
_NO_WORDS: Final = Text(
    "{file} har ingen egen {what} på båda språken; skriv {what}: med sv: och en:",
    "{file} has no {what} of its own in both languages; state {what}: with sv: and en:",
)
_NOTHING: Final = Text("{file} ändrar ingenting; skriv vad den ändrar", "{file} changes nothing; state what it changes")
_SAME: Final = Text(
    "{file} ändrar detsamma som {other}; ta bort en av de två",
    "{file} changes the same as {other}; take one of the two away",
)
