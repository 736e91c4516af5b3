"""One family of errors, so that a caller can catch all or one; each says what is wrong in both languages.

`str(error)` is English, as in a traceback; what a user reads is `error.get(lang)`, rendered where it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.text import LANGUAGES, Text, as_text


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
    """One thing wrong in one input file; `line` and `column` start at 1, 0 means unknown."""

    file: str
    line: int
    column: int
    key: str
    message: Text | str  # what is wrong and what to write instead

    def get(self, lang: str) -> str:
        """The whole line that is shown, in `lang`."""
        place = f"{self.file}:{self.line}:{self.column}: " if self.line else f"{self.file}: "
        return place + (f"{self.key}: " if self.key else "") + as_text(self.message).get(lang)

    def __str__(self) -> str:
        return self.get("en")


class InputError(HembesokError):
    """Bad input in files; carries every problem found, not only the first."""

    def __init__(self, problems: list[Problem] | tuple[Problem, ...]) -> None:
        self.problems = tuple(problems)
        super().__init__(Text(*("\n".join(problem.get(lang) for problem in self.problems) for lang in LANGUAGES)))
        self.args = (self.problems,)  # what an unpickled copy is made from


class ScenarioError(InputError):
    """A scenario file or a change to a scenario is wrong."""


class RegionError(InputError):
    """A table in a region folder, or a travel matrix, is wrong."""


class OrganisationError(HembesokError):
    """An organisation cannot be compiled: a hole in its routes, an unknown base, uneven hours."""


class ResultsError(HembesokError):
    """Stored results are missing, damaged or of another format."""


class FieldError(ValueError):
    """Raised by the check of a field, where pydantic wants a ValueError; `said` is what the Problem will say."""

    def __init__(self, message: Text | str) -> None:
        self.said = as_text(message)
        super().__init__(self.said)

    def __str__(self) -> str:
        return self.said.en
