"""One family of errors, so that a caller can catch all or one."""

from __future__ import annotations

from dataclasses import dataclass


class HembesokError(Exception):
    """Base of every error that hembesok raises on purpose."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one input file; `line` and `column` start at 1, 0 means unknown."""

    file: str
    line: int
    column: int
    key: str
    message: str  # what is wrong and what to write instead

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: " if self.line else f"{self.file}: "
        return place + (f"{self.key}: " if self.key else "") + self.message


class InputError(HembesokError):
    """Bad input in files; carries every problem found, not only the first."""

    def __init__(self, problems: list[Problem] | tuple[Problem, ...]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ScenarioError(InputError):
    """A scenario file or a change to a scenario is wrong."""


class RegionError(InputError):
    """A table in a region folder, or a travel matrix, is wrong."""


class OrganisationError(HembesokError):
    """An organisation cannot be compiled: a hole in its routes, an unknown base, uneven hours."""


class ResultsError(HembesokError):
    """Stored results are missing, damaged or of another format."""
