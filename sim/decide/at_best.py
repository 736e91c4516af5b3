"""What is the organisation's and what the roster's: every model as it is beside the same model at its best.

Equal hours in all. The best are variants that `tune` has found and a scenario file holds (`<model>_tuned`); they are
compared on years that the search has not seen, with the same patients.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from sim.decide.aims import Aim
from sim.decide.written import SUFFIX
from sim.language.numbers import between, number
from sim.language.units import of_difference
from sim.measures.definitions import HEADLINES, definition
from sim.statistics import mean_interval
from sim.text import Text

if TYPE_CHECKING:
    from sim.decide.candidates import Bench
    from sim.organisation import Organisation

AIMS: Final = (*(Aim(measure, klass) for measure, klass in HEADLINES), Aim("hours_per_week", "all"))
COLUMNS: Final = (
    "model", "reference", "measure", "class", "as_is", "best",
    "gain", "gain_lower", "gain_upper",
    "difference", "lower", "upper", "difference_best", "lower_best", "upper_best", "n",
)  # fmt: skip


class Pair(NamedTuple):
    """A model as it is, and at its best."""

    as_is: Organisation
    best: Organisation


def pairs_of(organisations: Sequence[Organisation], tuned: Sequence[Organisation]) -> dict[str, Pair]:
    """The models that `tuned` has a best of, by name. A roster changes no need: what a model is asked for stays."""
    best = {item.name: item for item in tuned}
    pairs = {item.name: (item, best[item.name + SUFFIX]) for item in organisations if item.name + SUFFIX in best}
    return {name: Pair(item, replace(other, acute_demand=item.acute_demand)) for name, (item, other) in pairs.items()}


def at_best(bench: Bench, pairs: Mapping[str, Pair], reference: str, years: Sequence[int]) -> pd.DataFrame:
    """A row a model and measure with `COLUMNS`: its means as it is and at its best, what the roster gains, and its
    difference from the reference, both as they are and both at their best, each with its 95 % interval over `years`.

    Units as in the data dictionary. `bench` reads `AIMS`. KeyError when the reference has no pair.
    """
    found = {name: tuple(bench.values(item, years) for item in pair) for name, pair in pairs.items()}
    rows = []
    for name, (as_is, best) in found.items():
        for aim in AIMS:
            apart = [mine[aim] - other[aim] for mine, other in zip((as_is, best), found[reference], strict=True)]
            gain, now, then = (mean_interval(values) for values in (best[aim] - as_is[aim], *apart))
            rows.append(
                (
                    name, reference, aim.measure, aim.klass, float(as_is[aim].mean()), float(best[aim].mean()),
                    gain.mean, gain.lower, gain.upper, now.mean, now.lower, now.upper,
                    then.mean, then.lower, then.upper, len(years),
                )
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def sentences(table: pd.DataFrame, titles: Mapping[str, Text], lang: str) -> list[str]:
    """For each model but the reference, how much of its lead in response time is left when every roster is at its
    best."""
    first = HEADLINES[0]
    rows = table[(table["measure"] == first[0]) & (table["class"] == first[1]) & (table["model"] != table["reference"])]
    return [_sentence(row, titles, lang) for row in rows.to_dict("records")]


def about(table: pd.DataFrame, lang: str) -> str:
    """What is laid beside what, and on how many years."""
    return ABOUT.get(lang).format(n=int(table["n"].iloc[0]))


def paragraph(table: pd.DataFrame | None, titles: Mapping[str, Text], lang: str) -> list[str]:
    """Heading, what it is about and the sentences, for a screen; nothing without a table."""
    if table is None:
        return []
    return [f"{HEADING.get(lang)} {about(table, lang)}", *sentences(table, titles, lang)]


def _sentence(row: Mapping[Any, Any], titles: Mapping[str, Text], lang: str) -> str:
    factor, unit = of_difference(definition(str(row["measure"])).unit)

    def amount(*columns: str) -> list[str]:
        values = [factor * float(str(row[column])) for column in columns]
        digits = 0 if abs(values[0]) >= 10 else 1
        return [number(value, lang, digits, sign=True) for value in values]

    now, best = amount("difference", "lower", "upper"), amount("difference_best", "lower_best", "upper_best")
    return _SENTENCE.get(lang).format(
        model=titles[str(row["model"])].get(lang),
        reference=titles[str(row["reference"])].get(lang),
        about=definition(str(row["measure"])).title.get(lang).lower(),
        now=now[0], now_span=between(now[1], now[2], lang),
        best=best[0], best_span=between(best[1], best[2], lang), unit=unit.many.get(lang),
    )  # fmt: skip


HEADING: Final = Text("Organisationen eller schemat?", "The organisation or the roster?")
ABOUT: Final = Text(
    "Varje modell har ett schema som någon har gjort för hand. Här står den också med det bästa som en sökning i "
    "standardscenariot har funnit, med lika många läkartimmar ({n} år som sökningen inte har sett). Det som är kvar "
    "av skillnaden är organisationens, resten är schemats. En annan sökning kan finna andra scheman: intervallen "
    "håller bruset i åren, inte i sökningen.",
    "Every model has a roster that somebody made by hand. Here it also stands with the best that a search has found "
    "in the default scenario, at equal physician-hours ({n} years that the search has not seen). What is left of the "
    "difference is the organisation's, the rest is the roster's. Another search may find other rosters: the intervals "
    "hold the noise of the years, not of the search.",
)
_SENTENCE: Final = Text(
    "{model} mot {reference}, {about}: {now} {unit} ({now_span}) som de är; {best} {unit} ({best_span}) när båda har "
    "sitt bästa schema.",
    "{model} against {reference}, {about}: {now} {unit} ({now_span}) as they are; {best} {unit} ({best_span}) when "
    "both have their best roster.",
)
