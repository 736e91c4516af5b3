"""From what a scenario states of the models to organisations: settings checked, variants made, all faults at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pydantic import ValidationError

from sim.declared.declared import Declared
from sim.declared.files import is_model_name
from sim.declared.model import LONGEST_TITLE, Model, differing
from sim.declared.words import variant_title
from sim.errors import OrganisationError, Problem, ScenarioError
from sim.organisation import Organisation
from sim.quoting import is_clean
from sim.scenario.fields import Part, Words, part_of
from sim.scenario.places import Places
from sim.scenario.ranges import FACTOR, PLAUSIBLE, stated_needs
from sim.scenario.runs import Study
from sim.scenario.schema import Scenario
from sim.scenario.words import Location, problems_of, shown
from sim.settings import Settings
from sim.text import Text, joined

MODELS: Final = "models"
FROM: Final = "from"
TITLE: Final = "title"


@dataclass(frozen=True)
class Variant:
    """A model with settings. `made_from` is empty for the model itself under its own name; another variant is called
    `name`, and starts from the settings of what it is made from. `title` None: as the model says. `anchor`: what a
    title made from what differs is told from, the model or the nearest variant with a title of its own."""

    name: str
    model: Model
    settings: Settings
    made_from: str = ""
    title: Text | None = None
    anchor: Variant | None = None

    def organisation(self) -> Organisation:
        """Raises OrganisationError when the model's own code refuses these settings."""
        made = self.model.make(self.settings)
        return replace(made, name=self.name, title=self.title or made.title)


def variants(scenario: Scenario, declared: Declared, wanted: Sequence[str] | None = None) -> tuple[Variant, ...]:
    """Those of these names; None: those that the scenario names, or all: every model in order of presentation with the
    scenario's settings, and then the variants as they are stated.

    Raises ScenarioError with every fault in what the scenario says of models, NoModel for a name in `wanted` that
    is neither a model nor a variant, OrganisationError for one whose file is faulty.
    """
    reader = _Reader(declared, scenario.places, scenario.models)
    found = reader.all()
    reader.check_study({"models": scenario.study.models, "reference": scenario.study.reference})
    reader.check_plausible(scenario.plausible)
    if reader.problems:
        raise ScenarioError(_in_order(reader.problems))
    chosen = tuple(dict.fromkeys(wanted or scenario.study.models or found))
    for name in chosen:
        if name not in found:
            raise declared.missing(name, found)
    return tuple(found[name] for name in chosen)


def organisations(
    scenario: Scenario, declared: Declared, wanted: Sequence[str] | None = None
) -> tuple[Organisation, ...]:
    """The `variants` as plain Organisations; raises the same."""
    return tuple(variant.organisation() for variant in variants(scenario, declared, wanted))


def read_entries(models: Mapping[str, Any], declared: Declared) -> dict[str, Variant] | None:
    """Every model and variant by name, with these settings; None when there is a fault in them."""
    reader = _Reader(declared, Places(), models)
    found = reader.all()
    return None if reader.problems else found


def problems_in(tree: Mapping[str, Any], places: Places, declared: Declared) -> list[Problem]:
    """Everything wrong with the models of a scenario as it stands in its file: names, variants, settings, and the names
    in study.models and study.reference. What is no group at all is left to the fields of the scenario."""
    entries, study = tree.get(MODELS), tree.get("study")
    reader = _Reader(declared, places, entries if isinstance(entries, Mapping) else {})
    reader.all()
    reader.check_study(study if isinstance(study, Mapping) else {})
    stated = tree.get(PLAUSIBLE)
    reader.check_plausible(stated if isinstance(stated, Mapping) else {})
    return reader.problems


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(set(problems), key=lambda problem: (problem.file, problem.line, problem.column, problem.key))


@dataclass
class _Reader:
    """Reads the entries of `models`, each once; a faulty one gives None and its problems."""

    declared: Declared
    places: Places
    entries: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)
    found: dict[str, Variant | None] = field(default_factory=dict)

    def all(self) -> dict[str, Variant]:
        names = [*self.declared.models, *self.entries]
        read = {name: self.variant(name) for name in names}
        return {name: variant for name, variant in read.items() if variant is not None}

    def check_study(self, study: Mapping[str, Any]) -> None:
        """The names in study.models and, unless it is the usual one, study.reference are those of models."""
        named: list[tuple[Location, Any]] = []
        if isinstance(study.get("models"), list | tuple):
            named += [(("study", "models", i), name) for i, name in enumerate(study["models"])]
        if study.get("reference") != Study().reference:
            named.append((("study", "reference"), study.get("reference")))
        for where, name in named:
            if isinstance(name, str) and name and name not in self.found:
                fault = self.declared.faults.get(name)
                self.fault(where, fault.said if fault else self.declared.no_model(name, self.entries))

    def check_plausible(self, stated: Mapping[str, Any]) -> None:
        """The models whose demand is to be drawn are there, and have theirs inside the range that is stated."""
        for name, (where, span) in stated_needs(stated).items():
            variant = self.found.get(name)
            if name not in self.found:
                self.fault(where, self.declared.no_model(name, self.entries))
            elif variant is not None and span is not None:
                used = float(getattr(variant.settings, FACTOR, 1.0))
                if not span[0] < used < span[1]:
                    self.fault(where, _OUTSIDE.format(low=span[0], high=span[1], used=f"{used:g}"))

    def fault(self, where: Location, message: Text | str, is_key: bool = False) -> None:
        self.problems.append(self.places.problem(where, message, is_key))

    def variant(self, name: str, above: tuple[str, ...] = ()) -> Variant | None:
        """The model or variant of that name. `above`: the variants that are made from it, whose faults it shares."""
        if name not in self.found:
            self.found[name] = None  # what it is while it is read
            self.found[name] = self.read(name, above)
        return self.found[name]

    def read(self, name: str, above: tuple[str, ...]) -> Variant | None:
        where: Location = (MODELS, name)
        entry = self.entries.get(name)
        if entry is None:
            entry = {}
        if not isinstance(entry, Mapping):
            self.fault(where, _NO_GROUP.format(got=shown(entry)))
            return None
        if name in self.declared.models:
            model = self.declared.models[name]
            start: Variant | None = Variant(name, model, model.settings())
            if FROM in entry:
                self.fault((*where, FROM), _IS_A_MODEL.format(name=name), is_key=True)
                return None
        else:
            start = self.start(name, entry, where, above)
        title = self.title(entry, where)
        if start is None:
            return None
        own = _without_empty_groups(entry, start.model.settings)
        settings = self.settings(start, {key: own[key] for key in own if key not in (FROM, TITLE)}, where)
        if settings is None:
            return None
        if name in self.declared.models:
            made = Variant(name, start.model, settings, title=title)
        else:
            made = self.named(Variant(name, start.model, settings, start.name, title), start)
        return made if name not in self.entries or self.can_be_made(made, where) else None

    def start(self, name: str, entry: Mapping[str, Any], where: Location, above: tuple[str, ...]) -> Variant | None:
        """What a variant is made from."""
        base = entry.get(FROM)
        if name in self.declared.faults:
            self.fault(where, self.declared.faults[name].said, is_key=True)
        elif FROM not in entry:
            said = self.declared.no_model(name, self.entries_but(name))
            self.fault(where, joined([said, _SAY_FROM]), is_key=True)
        elif not is_model_name(name):
            self.fault(where, _NO_NAME, is_key=True)
        elif not isinstance(base, str):
            self.fault((*where, FROM), _NO_BASE.format(got=shown(base)))
        elif base in (name, *above):
            circle = " -> ".join([*above[above.index(base) :], name, base] if base in above else [name, base])
            self.fault((*where, FROM), _CIRCLE.format(circle=circle))
        elif base not in self.declared.models and base not in self.entries:
            fault = self.declared.faults.get(base)
            self.fault((*where, FROM), fault.said if fault else self.declared.no_model(base, self.entries_but(name)))
        else:
            return self.variant(base, (*above, name))
        return None

    def entries_but(self, name: str) -> list[str]:
        return [other for other in self.entries if other != name]

    def title(self, entry: Mapping[str, Any], where: Location) -> Text | None:
        """The title that is stated, in both languages."""
        if entry.get(TITLE) is None:
            return None
        try:
            words = Words.model_validate(_dict(entry[TITLE]))
        except ValidationError as error:
            self.take(problems_of(Words, error), (*where, TITLE))
            return None
        for lang in ("sv", "en"):
            said = words.get(lang)
            if not said.strip() or len(said) > LONGEST_TITLE or not is_clean(said):
                self.fault((*where, TITLE), _NO_TITLE.format(most=LONGEST_TITLE))
                return None
        return Text(words.get("sv"), words.get("en"))

    def settings(self, start: Variant, own: Mapping[str, Any], where: Location) -> Settings | None:
        """The settings of what it starts from, with its own on top."""
        kind = start.model.settings
        try:
            kind.model_validate(own)  # each for itself, so that nothing is said twice
            return kind.model_validate(_overlay(start.settings.model_dump(), own)) if own else start.settings
        except ValidationError as error:
            self.take(problems_of(kind, error), where)
            return None

    def take(self, problems: Sequence[tuple[Location, bool, Text | str]], where: Location) -> None:
        for inside, is_key, message in problems:
            self.fault((*where, *inside), message, is_key)

    def named(self, variant: Variant, start: Variant) -> Variant:
        """With a title made from what differs, unless it has its own."""
        if variant.title is not None:
            return variant
        model, anchor = start.model, start.anchor or start
        changed = differing(variant.settings, anchor.settings)
        title = variant_title(anchor.title or model.title, model.settings, changed, variant.name)
        if title in [other.title for other in self.found.values() if other is not None]:
            title = Text(*(f"{words} ({variant.name})" for words in title))
        return replace(variant, title=title, anchor=anchor)

    def can_be_made(self, variant: Variant, where: Location) -> bool:
        """Whether the model's own code takes the settings, which may not fit each other."""
        try:
            variant.organisation()
        except OrganisationError as error:
            self.fault(where, error.said, is_key=True)
            return False
        return True


def _dict(value: Any) -> Any:
    """Groups of a scenario as dicts, which is what pydantic takes."""
    return {key: _dict(inner) for key, inner in value.items()} if isinstance(value, Mapping) else value


def _without_empty_groups(entry: Mapping[str, Any], kind: type[Part]) -> dict[str, Any]:
    """A group left empty (all its lines commented out) changes nothing."""
    result: dict[str, Any] = {}
    for name, value in entry.items():
        info = kind.model_fields.get(name)
        part = part_of(info) if info else None
        if part is not None and value is None:
            continue
        result[name] = _without_empty_groups(value, part) if part and isinstance(value, Mapping) else _dict(value)
    return result


def _overlay(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for name, value in above.items():
        old = result.get(name)
        result[name] = _overlay(old, value) if isinstance(old, dict) and isinstance(value, Mapping) else value
    return result


_OUTSIDE = Text(
    "modellens värde i bruk, {used}, ska ligga mellan låg och hög; fick {low} och {high}",
    "the model's value in use, {used}, must lie between low and high; got {low} and {high}",
)
_NO_GROUP = Text(
    "ska vara en grupp av inställningar, som {{hubs: 2}}, fick {got}",
    "must be a group of settings, such as {{hubs: 2}}, got {got}",
)
_IS_A_MODEL = Text(
    "{name} är en modell; ge varianten ett annat namn", "{name} is a model; give the variant another name"
)
_SAY_FROM = Text(
    " (en variant säger vad den är gjord av, som from: hybrid)",
    " (a variant says what it is made from, such as from: hybrid)",
)
_NO_NAME = Text(
    "är inget namn på en variant; använd bokstäver, siffror och _, inte en siffra först",
    "is no name for a variant; use letters, digits and _, not first a digit",
)
_NO_BASE = Text("ska vara namnet på en modell, fick {got}", "must be the name of a model, got {got}")
_CIRCLE = Text("går runt i en cirkel: {circle}", "goes round in a circle: {circle}")
_NO_TITLE = Text(
    "ska vara 1 till {most} synliga tecken, som {{sv: Två nav, en: Two hubs}}",
    "must be 1 to {most} printable signs, such as {{sv: Två nav, en: Two hubs}}",
)
