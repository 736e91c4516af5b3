"""Something made of each model, or what is wrong in all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from sim.errors import OrganisationError
from sim.text import Text, joined

T = TypeVar("T")


def each(models: Iterable[str], make: Callable[[str], T]) -> dict[str, T]:
    """What `make` makes of every model, by name. OrganisationError with the errors of all of them; what is wrong alike
    in several is said once, after their names."""
    made: dict[str, T] = {}
    wrong: dict[Text, list[str]] = {}
    for name in models:
        try:
            made[name] = make(name)
        except OrganisationError as error:
            wrong.setdefault(Text(*(said.removeprefix(f"{name}: ") for said in error.said)), []).append(name)
    if wrong:
        raise OrganisationError(joined((_OF.format(names=", ".join(n), said=said) for said, n in wrong.items()), "\n"))
    return made


_OF = Text("{names}: {said}", "{names}: {said}")
