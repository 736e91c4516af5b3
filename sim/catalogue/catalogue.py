"""The models there are: those that could be loaded, and what is wrong with the files of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.catalogue.files import load_all
from sim.catalogue.model import Model, shown_path
from sim.errors import OrganisationError
from sim.organisation import Organisation
from sim.scenario.words import closest


@dataclass(frozen=True)
class Catalogue:
    """`models` by name in order of presentation; `faults` of files that are not among them, by the file's name without
    .py (a file whose name is taken already: by its path)."""

    models: Mapping[str, Model]
    faults: Mapping[str, OrganisationError] = field(default_factory=dict)

    @staticmethod
    def of(organisations: Iterable[Organisation]) -> Catalogue:
        """Of organisations made in Python, in which nothing can be moved."""
        return Catalogue({made.name: Model.of(made) for made in organisations})

    @staticmethod
    def of_files(files: Iterable[Path], package: str = "") -> Catalogue:
        """Of model files. `package`: they are the modules of that package."""
        models, faults = load_all(files, package)
        return Catalogue({model.name: model for model in models}, faults)

    def and_files(self, files: Iterable[Path]) -> Catalogue:
        """With the models of further files; a name that is taken stays with the model that has it."""
        models, faults = dict(self.models), dict(self.faults)
        taken = {model.file.resolve() for model in models.values() if model.file is not None}
        for file in files:
            if file.resolve() in taken:
                continue
            if file.stem in models:
                other = models[file.stem].file
                faults[str(file)] = OrganisationError(
                    f"{shown_path(file)}: the name {file.stem} is taken by "
                    f"{shown_path(other) if other else 'another model'}; rename the file and its function"
                )
                continue
            loaded, wrong = load_all([file])
            models |= {model.name: model for model in loaded}
            faults |= wrong
        return Catalogue(models, faults)

    def find(self, name: str) -> Model:
        """The model of that name. Raises OrganisationError for one whose file is faulty, else LookupError."""
        if name not in self.models:
            raise self.missing(name)
        return self.models[name]

    def missing(self, name: str, variants: Iterable[str] = ()) -> OrganisationError | LookupError:
        """What to raise for a name that no model (and none of the `variants`) has."""
        return self.faults.get(name) or LookupError(self.no_model(name, variants))

    def no_model(self, name: str, variants: Iterable[str] = ()) -> str:
        """In words: the nearest name, or all there are."""
        known = list(dict.fromkeys([*self.models, *variants]))
        near = closest(name, known)
        return f"no model is called {name!r}; " + (
            f"did you mean {near}?" if near else f"there are: {', '.join(known)}"
        )
