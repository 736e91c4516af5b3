"""All cases in the order in which they are shown."""

from __future__ import annotations

from verification import hours, hypercube, identities, impatience, queues, space, tours
from verification.cases import Case

FAMILIES = (queues, impatience, hypercube, hours, space, tours, identities)


def all_cases() -> tuple[Case, ...]:
    """Every case, family by family."""
    return tuple(case for family in FAMILIES for case in family.CASES)


def case(name: str) -> Case:
    """The case of that name. KeyError if there is none."""
    return {each.name: each for each in all_cases()}[name]
