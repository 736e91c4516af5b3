"""A declared model: its file's function, and the settings that it takes."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from sim.declared.words import with_differences
from sim.errors import OrganisationError
from sim.organisation import Organisation
from sim.quoting import is_clean
from sim.scenario.editing import edited
from sim.scenario.fields import leaves, value_of
from sim.scenario.words import shown
from sim.settings import Settings
from sim.text import Text
from sim.usercode import line_of, located

LONGEST_TITLE: Final = 80  # signs; a title is a head in tables


class NoSettings(Settings):
    """Of a model in which nothing can be moved."""


@dataclass(frozen=True)
class Model:
    """A model by name. `declare` is the function of its `file`; it is given the settings unless there are none.

    Called with settings by name (dotted for those in a group) it gives the Organisation: `hybrid(hubs=2)`.
    """

    name: str
    declare: Callable[..., Organisation]
    settings: type[Settings] = NoSettings
    file: Path | None = None

    @staticmethod
    def of(organisation: Organisation) -> Model:
        """A model in which nothing can be moved, from the organisation itself."""
        return Model(organisation.name, lambda: organisation)

    def __call__(self, **changes: Any) -> Organisation:
        """The organisation with some settings changed. Raises ScenarioError for a setting that does not exist or fit,
        OrganisationError when the model's own code fails."""
        return self.make(edited(self.settings(), changes) if changes else self.settings())

    def make(self, settings: Settings) -> Organisation:
        """The organisation with these settings; its description says which are not the model's own. Raises
        OrganisationError with file and line."""
        given = () if self.settings is NoSettings else (settings,)
        with guarded(self.file, line_of(self.declare)):
            made = self.declare(*given)
            if type(made) is not Organisation:
                raise OrganisationError(_NO_ORGANISATION.format(name=self.name, kind=type(made).__name__))
            if made.name != self.name:
                raise OrganisationError(_OTHER_NAME.format(other=shown(made.name), name=self.name))
            _check_words(made)
        changed = differing(settings, self.settings())
        about = with_differences(made.description, self.settings, changed)
        return replace(made, description=about, model=self.name, settings=values_of(settings))

    @property
    def title(self) -> Text:
        """What it is called with the settings it was declared with."""
        return self().title


def values_of(settings: Settings) -> tuple[tuple[str, Any], ...]:
    """(dotted key, plain value) of every setting, in order of declaration."""
    plain = settings.model_dump(mode="json")

    def at(key: str) -> Any:
        value: Any = plain
        for name in key.split("."):
            value = value[name]
        return tuple(value) if isinstance(value, list) else value

    return tuple((leaf.key, at(leaf.key)) for leaf in leaves(type(settings)))


def differing(settings: Settings, base: Settings) -> list[tuple[str, Any, Any]]:
    """(dotted key, value, value in `base`) of the settings that differ; both of the same model."""
    pairs = [(leaf.key, value_of(settings, leaf.key), value_of(base, leaf.key)) for leaf in leaves(type(settings))]
    return [(key, new, old) for key, new, old in pairs if new != old]


def _check_words(made: Organisation) -> None:
    """Title and description are there in both languages and fit in a table's head and on a page."""
    for what, text, most in (("title", made.title, LONGEST_TITLE), ("description", made.description, 2000)):
        for words in text:
            if not words.strip() or len(words) > most or not is_clean(words):
                raise OrganisationError(_NO_WORDS.format(what=what, most=most, words=shown(words)))


@contextlib.contextmanager
def guarded(file: Path | None, line: int = 1) -> Iterator[None]:
    """Whatever goes wrong in a model's own code as an OrganisationError that names the line of `file` (`line` when it
    went wrong elsewhere); what the code prints goes to stderr, since results stand on stdout."""
    with located(file, line, OrganisationError), contextlib.redirect_stdout(sys.stderr):
        yield


_NO_ORGANISATION = Text(
    "{name}() måste ge en Organisation, gav en {kind}; slutar den med return?",
    "{name}() must return an Organisation, got a {kind}; does it end with return?",
)
_OTHER_NAME = Text(
    "organisationen heter {other}; den ska heta som sin fil, {name}",
    "the organisation is called {other}; its name must be that of its file, {name}",
)
_NO_WORDS = Text(
    "{what} ska vara 1 till {most} synliga tecken på båda språken, fick {words}",
    "{what} must be 1 to {most} printable signs in both languages, got {words}",
)
