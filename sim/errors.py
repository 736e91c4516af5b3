"""One family of errors, so that a caller can catch all or one; each says what is wrong in both languages.

`str(error)` is English, as in a traceback; what a user reads is `error.get(lang)`, rendered where it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sim.quoting import clean
from sim.text import LANGUAGES, Text, as_text

# The most that is said at once: characters of one problem's parts, and problems of one error.
FILE_LENGTH: Final = 400
KEY_LENGTH: Final = 120
MESSAGE_LENGTH: Final = 1200
MOST_PROBLEMS: Final = 100
_MORE: Final = Text("och {more} fel till; rätta de här först", "and {more} problems more; mend these first")


class HembesokError(Exception):
    """Base of every error that hembesok raises on purpose; `said` is the message."""

    def __init__(self, message: Text | str) -> None:
        self.said = as_text(message)
        super().__init__(self.said)

    def __str__(self) -> str:
        return self.said.en

    def get(self, lang: str) -> str:
        """The message in `lang`."""
        return self.said.get(lang)


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one input file; `line` and `column` start at 1, 0 means unknown.

    As text it is one line that any terminal can show, whatever stands in the file.
    """

    file: str
    line: int
    column: int
    key: str
    message: Text | str  # what is wrong and what to write instead

    def get(self, lang: str) -> str:
        """The whole line that is shown, in `lang`."""
        place = clean(self.file, FILE_LENGTH) + (f":{self.line}:{self.column}: " if self.line else ": ")
        key = clean(self.key, KEY_LENGTH) + ": " if self.key else ""
        return place + key + clean(as_text(self.message).get(lang), MESSAGE_LENGTH)

    def __str__(self) -> str:
        return self.get("en")


class InputError(HembesokError):
    """Bad input in files; carries every problem found, not only the first, up to MOST_PROBLEMS."""

    def __init__(self, problems: list[Problem] | tuple[Problem, ...]) -> None:
        self.problems = tuple(problems)
        if len(self.problems) > MOST_PROBLEMS + 1:
            last, more = self.problems[MOST_PROBLEMS - 1], len(self.problems) - MOST_PROBLEMS
            rest = Problem(last.file, 0, 0, "", _MORE.format(more=more))
            self.problems = (*self.problems[:MOST_PROBLEMS], rest)
        super().__init__(Text(*("\n".join(problem.get(lang) for problem in self.problems) for lang in LANGUAGES)))
        self.args = (self.problems,)  # what an unpickled copy is made from


class ScenarioError(InputError):
    """A scenario file or a change to a scenario is wrong."""


class RegionError(InputError):
    """A table in a region folder, or a travel matrix, is wrong."""


class OrganisationError(HembesokError):
    """An organisation cannot be compiled: a hole in its routes, an unknown base, uneven hours."""


class MeasureError(HembesokError):
    """A measure that was added from outside is badly said, or its function gives what no table can hold."""


class ResultsError(HembesokError):
    """Stored results are missing, damaged or of another format."""


class FieldError(ValueError):
    """Raised by the check of a field, where pydantic wants a ValueError; `said` is what the Problem will say. The check
    of a group may name the `field` in it that is wrong."""

    def __init__(self, message: Text | str, field: str = "") -> None:
        self.said = as_text(message)
        self.field = field
        super().__init__(self.said)

    def __str__(self) -> str:
        return self.said.en
