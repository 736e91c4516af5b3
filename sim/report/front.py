"""The front page of a batch: every scenario and model at one glance, with links to each scenario's own page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from sim.language.numbers import number, percent
from sim.report.words import say
from sim.scenario import Scenario
from sim.scenario.assumed import share_of_estimates
from sim.text import Text
from sim.world.assumed import all_inputs


@dataclass(frozen=True)
class FrontCell:
    """A model's value in a scenario, its two verdicts in words, and how far it is from the best model there."""

    value: str
    reference: str = ""
    default: str = ""
    regret: str = ""


@dataclass(frozen=True)
class FrontRow:
    """A scenario: the name of its folder, its title, whether it has a page, and a cell a model."""

    name: str
    title: str
    drawn: bool
    cells: tuple[FrontCell, ...]


@dataclass(frozen=True)
class FrontMeasure:
    """A measure in all scenarios; `worst`: the largest regret of every model, empty where no way is better."""

    title: str
    better: str
    rows: tuple[FrontRow, ...]
    worst: tuple[str, ...]


@dataclass(frozen=True)
class Front:
    """`says`: by scenario how it differs, in a sentence, and `common` what the options change in all of them ("" for
    nothing); `default`: title of the one that models are also compared with themselves in; `banner`: how many of the
    inputs are estimates, "" when none is; `answers`: name of the file that answers the questions of an index, "" for
    none."""

    models: tuple[str, ...]
    measures: tuple[FrontMeasure, ...]
    says: Mapping[str, str]
    common: str
    default: str
    banner: str
    answers: str = ""


def banner(scenario: Scenario, lang: str) -> str:
    """How many numbers about the world are estimates, in a sentence; "" when none is. Raises RegionError."""
    found = share_of_estimates(all_inputs(scenario))
    counts = {key: number(getattr(found, key), lang) for key in ("estimates", "total")}
    return say("page_banner", lang, share=percent(found.share, lang), **counts) if found.estimates else ""


def render(front: Front, lang: str) -> str:
    """The page as text."""
    environment = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    said = {key: text.get(lang) for key, text in _WORDS.items()} | {"illustrative": say("illustrative", lang)}
    page = environment.get_template("front.html.j2").render(front=front, lang="en" if lang == "en" else "sv", said=said)
    return page.strip() + "\n"


_WORDS: Final = {
    "answers": Text("Svaren, fråga för fråga", "The answers, question by question"),
    "title": Text("Alla scenarier", "All scenarios"),
    "lead": Text(
        "Under varje värde står hur modellen står sig mot jämförelsemodellen i samma scenario, och mot sig själv i",
        "Under every value stands how the model compares with the reference in the same scenario, and with itself in",
    ),
    "then": Text(
        "Utslagen bygger på parade skillnader och den praktiska skillnaden. Avståndet är till den bästa modellen i "
        "scenariot. En modell som inte hinner med sitt arbete har inget värde.",
        "Verdicts are of paired differences against the practical difference. The distance is to the best model in the "
        "scenario. A model that does not keep up with its work has no value.",
    ),
    "common": Text("Gäller alla:", "All of them:"),
    "scenario": Text("Scenario", "Scenario"),
    "changes": Text("Vad som skiljer", "What differs"),
    "scenarios": Text("Scenarierna", "The scenarios"),
    "reference": Text("mot jämförelsemodellen", "against the reference"),
    "default": Text("mot sig själv", "against itself"),
    "regret": Text("från bäst", "from best"),
    "worst": Text("Största avståndet till bäst", "Largest distance to the best"),
    "lower": Text("lägre är bättre", "lower is better"),
    "higher": Text("högre är bättre", "higher is better"),
    "none": Text("ingen riktning är bättre", "neither way is better"),
    "tables": Text("Samma tal som tabell", "The same numbers as a table"),
}
