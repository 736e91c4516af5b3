"""One family of errors, so that a caller can catch all or one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sim.quoting import clean

# The most that is said at once: characters of one problem's parts, and problems of one error.
FILE_LENGTH: Final = 400
KEY_LENGTH: Final = 120
MESSAGE_LENGTH: Final = 1200
MOST_PROBLEMS: Final = 100


class HembesokError(Exception):
    """Base of every error that hembesok raises on purpose."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one input file; `line` and `column` start at 1, 0 means unknown.

    As text it is one line that any terminal can show, whatever stands in the file.
    """

    file: str
    line: int
    column: int
    key: str
    message: str  # what is wrong and what to write instead

    def __str__(self) -> str:
        place = clean(self.file, FILE_LENGTH) + (f":{self.line}:{self.column}: " if self.line else ": ")
        key = clean(self.key, KEY_LENGTH) + ": " if self.key else ""
        return place + key + clean(self.message, MESSAGE_LENGTH)


class InputError(HembesokError):
    """Bad input in files; carries every problem found, not only the first, up to MOST_PROBLEMS."""

    def __init__(self, problems: list[Problem] | tuple[Problem, ...]) -> None:
        self.problems = tuple(problems)
        if len(self.problems) > MOST_PROBLEMS:
            last, more = self.problems[MOST_PROBLEMS - 1], len(self.problems) - MOST_PROBLEMS
            rest = Problem(last.file, 0, 0, "", f"and {more} problems more; mend these first")
            self.problems = (*self.problems[:MOST_PROBLEMS], rest)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ScenarioError(InputError):
    """A scenario file or a change to a scenario is wrong."""


class RegionError(InputError):
    """A table in a region folder, or a travel matrix, is wrong."""


class OrganisationError(HembesokError):
    """An organisation cannot be compiled: a hole in its routes, an unknown base, uneven hours."""


class ResultsError(HembesokError):
    """Stored results are missing, damaged or of another format."""
