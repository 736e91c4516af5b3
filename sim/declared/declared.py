"""The models there are: those that could be loaded, and what is wrong with the files of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.declared.files import load_all
from sim.declared.model import Model
from sim.errors import HembesokError, OrganisationError
from sim.language.nearest import did_you_mean
from sim.organisation import Organisation
from sim.text import Text, same
from sim.usercode import shown_path


class NoModel(OrganisationError, LookupError):
    """There is no model or variant of that name."""


@dataclass(frozen=True)
class Declared:
    """`models` by name in order of presentation; `faults` of files that are not among them, by the file's name without
    .py (a file whose name is taken already: by its path)."""

    models: Mapping[str, Model]
    faults: Mapping[str, OrganisationError] = field(default_factory=dict)

    @staticmethod
    def of(organisations: Iterable[Organisation]) -> Declared:
        """Of organisations made in Python, in which nothing can be moved."""
        return Declared({made.name: Model.of(made) for made in organisations})

    @staticmethod
    def of_files(files: Iterable[Path], package: str = "") -> Declared:
        """Of model files. `package`: they are the modules of that package."""
        models, faults = load_all(files, package)
        return Declared({model.name: model for model in models}, faults)

    def and_files(self, files: Iterable[Path]) -> Declared:
        """With the models of further files; a name that is taken stays with the model that has it."""
        models, faults = dict(self.models), dict(self.faults)
        taken = {model.file.resolve() for model in models.values() if model.file is not None}
        for file in files:
            if file.resolve() in taken:
                continue
            if file.stem in models:
                other = models[file.stem].file
                by = same(shown_path(other)) if other else Text("en annan modell", "another model")
                faults[str(file)] = OrganisationError(_TAKEN.format(file=shown_path(file), name=file.stem, by=by))
                continue
            loaded, wrong = load_all([file])
            models |= {model.name: model for model in loaded}
            faults |= wrong
        return Declared(models, faults)

    def find(self, name: str) -> Model:
        """The model of that name. Raises OrganisationError for one whose file is faulty, else NoModel."""
        if name not in self.models:
            raise self.missing(name)
        return self.models[name]

    def missing(self, name: str, variants: Iterable[str] = ()) -> HembesokError:
        """What to raise for a name that no model (and none of the `variants`) has."""
        return self.faults.get(name) or NoModel(self.no_model(name, variants))

    def no_model(self, name: str, variants: Iterable[str] = ()) -> Text:
        """In words: the nearest name, or all there are."""
        known = dict.fromkeys([*self.models, *variants])
        return _NONE.format(name=repr(name), hint=did_you_mean(name, known))


_TAKEN = Text(
    "{file}: namnet {name} har redan {by}; byt namn på filen och dess funktion",
    "{file}: the name {name} is taken by {by}; rename the file and its function",
)
_NONE = Text("ingen modell heter {name}; {hint}", "no model is called {name}; {hint}")
