"""A comparison in the reader's language: titles for names, words for codes, numbers in the units of the page. The names
follow last, so that every row is found again in comparison.csv and asked for in measures.parquet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sim.comparison.excel import unit_of_differences, unit_of_levels
from sim.comparison.findings import REASONS, TITLES
from sim.decide.sentences import WORDS
from sim.language.titles import WHOLE_REGION
from sim.measures.definitions import MEASURES
from sim.measures.vocabulary import CELL_TITLES
from sim.text import Text

if TYPE_CHECKING:
    from sim.study.results import Results

HEADS: Final = {
    "scenario": Text("Scenario", "Scenario"),
    "measure": Text("Mått", "Measure"),
    "municipality": Text("Kommun", "Municipality"),
    "class": Text("Klass", "Class"),
    "model": Text("Modell", "Model"),
    "reference": Text("Jämförd med", "Compared with"),
    "mean": Text("Modellens medelvärde", "Mean of the model"),
    "reference_mean": Text("Jämförelsemodellens medelvärde", "Mean of the reference"),
    "unit": Text("Enhet", "Unit"),
    "difference": Text("Skillnad", "Difference"),
    "lower": Text("Skillnad, lägst", "Difference, lower bound"),
    "upper": Text("Skillnad, högst", "Difference, upper bound"),
    "threshold": Text("Praktisk skillnad", "Practical difference"),
    "unit_of_difference": Text("Enhet för skillnad", "Unit of difference"),
    "verdict": Text("Omdöme", "Verdict"),
    "reason": Text("Varför oavgjort", "Why undecided"),
    "steady": Text("Båda hinner med", "Both keep up"),
    "n": Text("Upprepningar", "Replications"),
    "adjusted_p": Text("Justerat p-värde", "Adjusted p-value"),
    "replications_needed": Text("Upprepningar som behövs", "Replications needed"),
    "variance_reduction": Text("Variansminskning, gånger", "Variance reduction, times"),
    "worlds": Text("Tänkbara världar", "Plausible worlds"),
    "better_share": Text("Bättre, % av världarna", "Better, % of worlds"),
    "equal_share": Text("Praktiskt lika, % av världarna", "Practically equal, % of worlds"),
    "worse_share": Text("Sämre, % av världarna", "Worse, % of worlds"),
    "low5": Text("Skillnad i världarna, 5 %", "Difference over worlds, 5%"),
    "high95": Text("Skillnad i världarna, 95 %", "Difference over worlds, 95%"),
    "robust": Text("Hur långt det håller", "How far it holds"),
}
NAMES: Final = ("scenario", "measure", "class", "model", "reference")  # each again as in comparison.csv: <name>_name
_LEVELS: Final = ("mean", "reference_mean")
_DIFFERENCES: Final = ("difference", "lower", "upper", "threshold", "low5", "high95")
_IN_UNITS: Final = (
    ("unit", _LEVELS, unit_of_levels),
    ("unit_of_difference", _DIFFERENCES, unit_of_differences),
)
_SHARES: Final = ("better_share", "equal_share", "worse_share")


def for_readers(results: Results, lang: str) -> pd.DataFrame:
    """The comparison of a study with the columns `HEADS`, said in `lang`, and `NAMES`."""
    frame = results.comparison
    known = {item.name: item for item in (*MEASURES, *results.own)}
    words: dict[str, Mapping[str, str]] = {
        "scenario": {name: item.title.get(lang) or name for name, item in results.scenarios.items()},
        "measure": {name: item.title.get(lang) for name, item in known.items()},
        "municipality": {"all": WHOLE_REGION.get(lang)},
        "class": _said(CELL_TITLES, lang),
        "model": _said(results.titles, lang),
        "reference": _said(results.titles, lang),
        "verdict": _said(TITLES, lang),
        "reason": _said(REASONS, lang),
        "robust": _said(WORDS, lang),
    }
    columns: dict[str, pd.Series] = {name: frame[name].map(said).fillna(frame[name]) for name, said in words.items()}
    columns |= {name: 100.0 * frame[name].astype(float) for name in _SHARES}
    for head, names, unit_of in _IN_UNITS:
        shown = {name: unit_of(item.unit, lang) for name, item in known.items()}
        factor = frame["measure"].map({name: factor for name, (factor, _) in shown.items()}).astype(float)
        columns |= {name: frame[name].astype(float) * factor.fillna(1.0) for name in names}
        columns[head] = frame["measure"].map({name: unit for name, (_, unit) in shown.items()})
    made = frame.assign(**columns)[list(HEADS)].rename(columns=_said(HEADS, lang))
    return made.assign(**{f"{name}_name": frame[name] for name in NAMES})


def _said(words: Mapping[Any, Text], lang: str) -> dict[str, str]:
    return {str(name): text.get(lang) for name, text in words.items()}
