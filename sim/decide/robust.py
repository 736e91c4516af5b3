"""How far a verdict holds over plausible worlds, and on which inputs it depends where it does not.

In each world that is kept, a model is better, practically equal or worse than the reference, by the same practical
difference as in `sim.comparison`; where one of the two does not keep up, or has no value, it is none of these. The most
common of the three **holds** in at least 95 worlds of 100, is **usually** so in at least 80, and is **open** otherwise.
One year stands for each world, so the luck of a year is in it too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import betaincinv, ndtri

from sim.comparison.findings import Reason, Verdict
from sim.comparison.pairing import threshold
from sim.comparison.verdicts import gains
from sim.decide.plausible import DUMMY, SHARED, Floats
from sim.decide.sources import SOURCES, source_of
from sim.decide.worlds import inputs_of, kept_of
from sim.language.numbers import plain_number
from sim.measures.definitions import HEADLINES, MEASURES
from sim.statistics import ranks

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

HOLDS: Final = 0.95
USUALLY: Final = 0.80
LOW, HIGH = 0.05, 0.95  # quantiles of the difference that are shown
FALSE_ALARM: Final = 0.05  # chance that an input without effect is named, whatever number of inputs there are
NAMED: Final = 2  # inputs that are named


class Robust(StrEnum):
    """How far the most common outcome holds; the value stands in comparison.csv."""

    HOLDS = "holds"
    USUALLY = "usually"
    OPEN = "open"


class Decider(NamedTuple):
    """An input (its column in the table of worlds) and the share of the variance of the ranks that it explains."""

    name: str
    share: float


@dataclass(frozen=True)
class WideFinding:
    """One model against the reference in one headline measure over `worlds` plausible worlds. `better`, `equal` and
    `worse` are shares of them; the rest cannot be compared. `low5` and `high95` are quantiles of the difference, in the
    measure's own unit. `deciders` are named where the outcome is open."""

    scenario: str
    model: str
    reference: str
    measure: str
    class_: str
    worlds: int
    better: float
    equal: float
    worse: float
    low5: float
    high95: float
    robust: Robust
    deciders: tuple[Decider, ...] = ()

    @property
    def outcome(self) -> Verdict:
        """The most common of better, practically equal and worse; of equally common ones the least said."""
        shares = {Verdict.EQUAL: self.equal, Verdict.WORSE: self.worse, Verdict.BETTER: self.better}
        return max(shares, key=lambda verdict: shares[verdict])

    @property
    def share(self) -> float:
        """Of worlds with that outcome."""
        return max(self.better, self.equal, self.worse)

    def record(self) -> dict[str, Any]:
        """As plain values for a file: `class` for `class_`, None for what is not known, "inf" for what is unbounded."""
        found = {key.rstrip("_"): value for key, value in asdict(self).items()}
        found |= {"robust": self.robust.value, "deciders": [item._asdict() for item in self.deciders]}
        return {key: plain_number(value) if isinstance(value, float) else value for key, value in found.items()}


# --- shares and words -----------------------------------------------------------------------------


class Gains(NamedTuple):
    """Differences from the reference in the worlds that are kept, (rows, worlds): NaN where the two cannot be compared.
    `sign` is 1 where higher is better, -1 where lower is, 0 where neither is; `limit` the practical difference."""

    difference: Floats
    sign: Floats
    limit: Floats


def gains_of(
    table: pd.DataFrame, scenario: Scenario, model: str, reference: str, rows: Sequence[tuple[str, str]]
) -> Gains:
    """Of one model in some rows (measure, class) of the table of worlds. A world in which one of the two does not keep
    up has no difference: its levels say how long the run was."""
    columns = [f"{measure}.{klass}" for measure, klass in rows]
    one, other = (_of_model(table, name) for name in (model, reference))
    both = one["steady"].to_numpy() & other["steady"].to_numpy()
    x, y = (part[columns].to_numpy(dtype=float).T for part in (one, other))
    better = {item.name: {"lower": -1.0, "higher": 1.0, "none": 0.0}[item.better] for item in MEASURES}
    return Gains(
        np.where(both, gains(x, y), np.nan),
        np.array([better.get(measure, 0.0) for measure, _ in rows]),
        np.array([threshold(scenario, measure) for measure, _ in rows]),
    )


class Shares(NamedTuple):
    """Of the worlds: arrays by row. NaN where a measure has no direction, or there are no worlds."""

    better: Floats
    equal: Floats
    worse: Floats


def shares_of(found: Gains) -> Shares:
    """Better and worse by at least the practical difference, practically equal within it."""
    gain, limit = found.difference * found.sign[:, None], found.limit[:, None]
    better, worse = (gain >= limit) & (gain > 0), (gain <= -limit) & (gain < 0)
    equal = ~(better | worse | np.isnan(gain))
    worlds = gain.shape[1]
    said = (found.sign != 0) & (worlds > 0)
    return Shares(*(np.where(said, hit.sum(axis=1) / max(worlds, 1), np.nan) for hit in (better, equal, worse)))


def word(share: float) -> Robust:
    """How far an outcome with this share of the worlds holds."""
    if share >= HOLDS:
        return Robust.HOLDS
    return Robust.USUALLY if share >= USUALLY else Robust.OPEN


def quantiles(difference: Floats) -> tuple[Floats, Floats]:
    """5 % and 95 % of the differences that are known, by row; an infinite one is as far out as can be."""
    low, high = (np.full(len(difference), np.nan) for _ in range(2))
    for row, values in enumerate(difference):
        known = values[~np.isnan(values)]
        if len(known):
            low[row], high[row] = np.quantile(known, (LOW, HIGH), method="inverted_cdf")
    return low, high


# --- what it depends on ---------------------------------------------------------------------------


def deciders(table: pd.DataFrame, gain: Floats) -> tuple[Decider, ...]:
    """The inputs that `gain` (one value a kept world, NaN: cannot be compared) depends on most, at most `NAMED`.

    Ranks of the gain, with what cannot be compared below all, are fitted by a square in the normal score of each input.
    An input is named when it explains more than the best of as many inputs without effect would, but in one case of
    twenty. Where that is so of several inputs from one source, they stand for each other and the source is named.
    """
    inputs = [name for name in inputs_of(table) if name != DUMMY]
    scores = normal_scores(table, inputs)
    explained = square_fit(scores, ranks(np.where(np.isnan(gain), -np.inf, gain)))
    bar = noise_bar(len(gain), len(inputs))
    found: dict[str, list[Decider]] = {}
    for place in np.argsort(-explained, kind="stable"):
        if explained[place] > bar:
            item = Decider(inputs[place], float(explained[place]))
            found.setdefault(family_of(item.name), []).append(item)
    named = [items[0] if len(items) == 1 else items[0]._replace(name=family) for family, items in found.items()]
    return tuple(named[:NAMED])


def normal_scores(table: pd.DataFrame, inputs: Sequence[str]) -> Floats:
    """(worlds, inputs): where each input of the kept worlds stands among all drawn, on the normal scale."""
    drawn = table.drop_duplicates("world")
    ranks = drawn[list(inputs)].rank().to_numpy()
    scores = np.asarray(ndtri((ranks - 0.5) / len(drawn)))
    return np.asarray(scores[drawn["kept"].to_numpy(dtype=bool)])


def square_fit(scores: Floats, values: Floats) -> Floats:
    """Share of the variance of `values` (worlds,) explained by z and z squared of each column of `scores`."""
    y = values - values.mean()
    total = float(y @ y)
    if total == 0 or len(values) < 4:
        return np.zeros(scores.shape[1])
    z = _centred(scores)
    square = _centred(z**2)
    square = _centred(square - z * (z * square).mean(axis=0))
    return np.asarray(((z.T @ y) ** 2 + (square.T @ y) ** 2) / (len(values) * total))


def noise_bar(worlds: int, inputs: int) -> float:
    """What the best of so many inputs without effect explains, exceeded with the chance `FALSE_ALARM`: the share that
    two terms explain of `worlds` values by chance is Beta(1, (worlds - 3) / 2)."""
    if worlds < 5:
        return 1.0
    return float(betaincinv(1.0, (worlds - 3) / 2.0, (1.0 - FALSE_ALARM) ** (1.0 / max(inputs, 1))))


def family_of(name: str) -> str:
    """The source of an input, or the input itself."""
    if name in SHARED:
        return name
    source = source_of(name)
    return name if source is None else SHARED[SOURCES.index(source)]


def _centred(columns: Floats) -> Floats:
    """Columns with mean 0 and variance 1."""
    away = columns - columns.mean(axis=0)
    spread = away.std(axis=0)
    return np.asarray(away / np.where(spread > 0, spread, 1.0))


def _of_model(table: pd.DataFrame, model: str) -> pd.DataFrame:
    kept = kept_of(table)
    return kept[kept["model"] == model]


# --- a whole comparison ---------------------------------------------------------------------------

COLUMNS: Final = ("worlds", "better_share", "equal_share", "worse_share", "low5", "high95", "robust")


def widened(
    comparison: pd.DataFrame, tables: Mapping[str, pd.DataFrame], scenarios: Mapping[str, Scenario]
) -> pd.DataFrame:
    """The comparison with `COLUMNS` behind. They say something of rows of the whole region that may be compared, in
    scenarios that were run in plausible worlds (`tables`, by scenario)."""
    columns: dict[str, list[Any]] = {name: [math.nan] * len(comparison) for name in COLUMNS}
    columns |= {"worlds": [0] * len(comparison), "robust": [""] * len(comparison)}
    pairs: dict[tuple[str, str, str], list[int]] = {}
    front = comparison[["scenario", "model", "reference", "municipality", "reason"]].itertuples(index=False, name=None)
    cells = list(comparison[["measure", "class"]].itertuples(index=False, name=None))
    for row, (scenario, model, reference, place, reason) in enumerate(front):
        sayable = place == "all" and reason != Reason.UNEQUAL_HOURS.value
        if sayable and _ran(tables.get(scenario), cells[row], model, reference):
            pairs.setdefault((scenario, model, reference), []).append(row)
    for (scenario, model, reference), rows in pairs.items():
        gained = gains_of(tables[scenario], scenarios[scenario], model, reference, [cells[row] for row in rows])
        shares = shares_of(gained)
        best = np.max(np.array(shares), axis=0)
        words = [word(share).value if math.isfinite(share) else "" for share in best]
        worlds = [gained.difference.shape[1]] * len(rows)
        found: list[Sequence[Any]] = [worlds, *map(list, shares), *map(list, quantiles(gained.difference)), words]
        for name, values in zip(COLUMNS, found, strict=True):
            for row, value in zip(rows, values, strict=True):
                columns[name][row] = value
    return comparison.assign(**columns)


def _ran(table: pd.DataFrame | None, row: tuple[str, str], *models: str) -> bool:
    """Whether there were worlds, of both models, that hold the measure of the row."""
    return table is not None and ".".join(row) in table and set(models) <= set(table["model"])


def wide_findings(
    comparison: pd.DataFrame, tables: Mapping[str, pd.DataFrame], scenarios: Mapping[str, Scenario]
) -> tuple[WideFinding, ...]:
    """The headline measures of a widened comparison, by model and in the order they are spoken, with their deciders."""
    rows = comparison[(comparison["municipality"] == "all") & (comparison["worlds"] > 0) & (comparison["robust"] != "")]
    by_key = {(row["scenario"], row["model"], row["measure"], row["class"]): row for row in rows.to_dict("records")}
    found = []
    for scenario, model in dict.fromkeys(zip(rows["scenario"], rows["model"], strict=True)):
        for measure, klass in HEADLINES:
            row = by_key.get((scenario, model, measure, klass))
            if row is not None:
                found.append(_wide_finding(row, tables[scenario], scenarios[scenario]))
    return tuple(found)


def _wide_finding(row: Mapping[Any, Any], table: pd.DataFrame, scenario: Scenario) -> WideFinding:
    robust = Robust(row["robust"])
    named: tuple[Decider, ...] = ()
    if robust is Robust.OPEN:
        gained = gains_of(table, scenario, row["model"], row["reference"], [(row["measure"], row["class"])])
        named = deciders(table, (gained.difference * gained.sign[:, None])[0])
    return WideFinding(
        row["scenario"], row["model"], row["reference"], row["measure"], row["class"], int(row["worlds"]),
        row["better_share"], row["equal_share"], row["worse_share"], row["low5"], row["high95"], robust, named,
    )  # fmt: skip


class Tally(NamedTuple):
    """How many worlds there were, are kept, were set aside by each fact (one may fall on several) and failed."""

    asked: int
    kept: int
    by_fact: Mapping[str, int]
    failed: int


def tally(table: pd.DataFrame) -> Tally:
    """Of one table of worlds."""
    worlds = table.drop_duplicates("world")
    reasons = [reason for text in worlds["set_aside_by"] for reason in str(text).split()]
    counts = {name: reasons.count(name) for name in dict.fromkeys(reasons) if name != "failed"}
    by_fact = dict(sorted(counts.items(), key=lambda item: -item[1]))
    return Tally(len(worlds), int(worlds["kept"].sum()), by_fact, reasons.count("failed"))


def recorded_worlds(tables: Mapping[str, pd.DataFrame], wide: Sequence[WideFinding]) -> dict[str, Any]:
    """What a manifest and --json say of plausible worlds: by scenario how many, and what they say of the headlines."""
    return {
        name: tally(table)._asdict() | {"findings": [item.record() for item in wide if item.scenario == name]}
        for name, table in tables.items()
    }
