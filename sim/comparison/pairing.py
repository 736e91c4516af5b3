"""Differences from the reference model, paired by replication on common random numbers.

Families, in each scenario: the headline rows (a headline measure, its class, all municipalities) of all models are one
family, because they are spoken together; the other rows of a measure (municipalities x classes x models) are one family
each. The intervals of a family hold all together; `verdicts.py` says what is read from them. Before that `standing.py`
says whether two models may be compared at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.columns import Floats, Ints
from sim.comparison.findings import Finding, Reason, Verdict
from sim.comparison.sentences import sentences
from sim.comparison.standing import BARRIERS, UNKNOWN, Standing, barrier, warnings_of
from sim.comparison.trust import COLUMNS as TRUST
from sim.comparison.trust import trust
from sim.comparison.verdicts import judge
from sim.errors import ResultsError
from sim.language.units import of_difference
from sim.measures.definitions import MEASURES, definition, headlines
from sim.measures.forms import MeasureDefinition
from sim.measures.rows import Own, blocks
from sim.measures.vocabulary import CELL_CLASSES
from sim.statistics import paired_difference
from sim.text import Text

if TYPE_CHECKING:
    from sim.measures.found import Found
    from sim.scenario import Scenario

Pivoted = tuple[pd.DataFrame, Floats, NDArray[np.bool_]]  # rows, values (rows, models, replications), who ran on what

COLUMNS: Final = (
    "scenario", "measure", "municipality", "class", "model", "reference", "mean", "reference_mean",
    "difference", "lower", "upper", "n", "adjusted_p", "verdict", "reason", "threshold", "steady", *TRUST,
)  # fmt: skip
_KEYS: Final = ("measure", "municipality", "class")

_NOTE_FAMILY: Final = Text(
    "Skillnader är parade, upprepning för upprepning. Intervallen gäller alla samtidigt (Bonferroni); "
    "huvudmåtten är en familj, och varje mått i övrigt (kommuner × klasser × modeller) är en egen. Bättre eller sämre "
    "sägs bara när hela intervallet ligger bortom den praktiska skillnaden, praktiskt lika bara när hela ligger "
    "innanför.",
    "Differences are paired, replication by replication. The intervals hold all together (Bonferroni); the "
    "headline measures are one family, and every measure besides (municipalities × classes × models) is its own. "
    "Better or worse is said only when the whole interval lies beyond the practical difference, practically equal only "
    "when all of it lies within.",
)
_NOTE_ONE: Final = Text(
    "En enda upprepning visar en skillnad men kan inte avgöra den: kör minst två, helst tio.",
    "A single replication shows a difference but cannot decide it: run at least two, better ten.",
)

_NOTHING: Final = Text(
    "det finns inget att jämföra: måttens tabell har inga rader utan uppdelning",
    "there is nothing to compare: the table of measures has no rows without a split",
)
_TWICE: Final = Text(
    "måttens tabell har en rad två gånger för samma scenario, modell och upprepning",
    "the table of measures holds a row twice for one scenario, model and replication",
)
_UNEQUAL: Final = Text(
    "modellerna ska ha lika många körningar: samma upprepningar i samma ordning",
    "the models must have equally many runs: the same replications in the same order",
)


@dataclass(frozen=True)
class Comparison:
    """`frame`: one row per scenario, measure, municipality, class and model, with the columns `COLUMNS`.

    `difference` is model - reference; `lower` and `upper` bound it, all intervals of a family at once. `reason` says
    why a row is undecided, `steady` whether both models keep up with their work; `replications_needed` and
    `variance_reduction` (`sim.comparison.trust`) stand in the headline rows. `warnings` come before all else (hours
    that differ, a model that does not keep up); `notes` say what else a reader must know (reference chosen, too few
    replications). `findings` are the headline measures, by scenario and
    model: what is spoken. `titles` of the models, as far as they were given; `own`
    measures besides those of the program.
    """

    frame: pd.DataFrame
    warnings: tuple[Text, ...]
    notes: tuple[Text, ...]
    findings: tuple[Finding, ...]
    titles: Mapping[str, Text]
    own: Own = ()

    def verdicts(self, lang: str) -> list[str]:
        """Per model one opening sentence and one per headline measure; `lang` is sv or en."""
        return sentences(self.findings, self.titles, lang, self.own)


def compare_measures(
    table: pd.DataFrame,
    scenario: Scenario | Mapping[str, Scenario],
    titles: Mapping[str, Text] | None = None,
    standings: Mapping[str, Mapping[str, Standing]] | None = None,
    own: Own = (),
) -> Comparison:
    """Compare every model with the reference, for each measure by municipality and class.

    `table`: `Measures.table` with scenario, model, replication in front; rows split by window or group are passed over.
    `scenario`: the scenario of every row, or one per name. `titles` gives the models' titles and their order; without
    it the order of `scenario.study.models`, or of appearance. `mean` and `reference_mean` are over the `n` replications
    that both models have. `standings` (by scenario, then model) say which models may be compared; a model of which
    nothing is known may. Nothing is said of a model that does not keep up, not even its means. `own`: measures besides
    those of the program. A scenario with one model has no rows, and a note says so. ResultsError when a row occurs
    twice or the table has no rows to compare.
    """
    titles = titles or {}
    whole = table[(table["group"] == "all") & (table["window"] == "all")]
    frames: list[pd.DataFrame] = []
    notes: list[Text] = []
    warnings: list[Text] = []
    findings: list[Finding] = []
    names = list(dict.fromkeys(whole["scenario"]))
    for name in names:
        asked = scenario[name] if isinstance(scenario, Mapping) else scenario
        part = whole[whole["scenario"] == name]
        label = name if len(names) > 1 else ""
        models, reference = _models(list(dict.fromkeys(part["model"])), asked, titles, notes, label)
        known = (standings or {}).get(name, {})
        frame = _held_back(_compare(_pivot(part, models, own), asked, models, reference, own), asked, known)
        warnings += warnings_of(known, models, titles, label, allowed=asked.study.allow_unequal_hours)
        frame.insert(0, "scenario", name)
        frames.append(frame)
        findings += _findings(frame, asked, own)
    if not frames:
        raise ResultsError(_NOTHING)
    frame = pd.concat(frames, ignore_index=True)[list(COLUMNS)]
    if len(frame):
        notes.append(_NOTE_FAMILY)
    if len(frame) and int(frame["n"].max()) == 1:
        notes.append(_NOTE_ONE)
    return Comparison(frame, tuple(warnings), tuple(dict.fromkeys(notes)), tuple(findings), dict(titles), own)


def compare_runs(
    runs: Mapping[str, Sequence[Found]],
    scenario: Scenario,
    titles: Mapping[str, Text] | None = None,
    standings: Mapping[str, Standing] | None = None,
) -> Comparison:
    """The same for one scenario, from the measures of runs as they are: by model, and for every model the same
    replications in the same order. `standings` by model. ResultsError when they are not equally many."""
    first = next(iter(runs.values()))[0]
    if len({len(found) for found in runs.values()}) > 1:
        raise ResultsError(_UNEQUAL)
    notes: list[Text] = []
    models, reference = _models(list(runs), scenario, titles or {}, notes, "")
    keys, where = _whole_rows(first.names, first.own)
    values = np.stack([[run.values[where] for run in runs[model]] for model in models]).transpose(2, 0, 1)
    pivoted = keys, values, np.ones(values.shape[1:], dtype=np.bool_)
    known = standings or {}
    frame = _held_back(_compare(pivoted, scenario, models, reference, first.own), scenario, known)
    frame.insert(0, "scenario", "")
    warnings = warnings_of(known, models, titles or {}, "", allowed=scenario.study.allow_unequal_hours)
    if len(frame):
        notes.append(_NOTE_FAMILY)
    if len(frame) and values.shape[2] == 1:
        notes.append(_NOTE_ONE)
    findings = _findings(frame, scenario, first.own)
    return Comparison(
        frame[list(COLUMNS)], tuple(warnings), tuple(notes), tuple(findings), dict(titles or {}), first.own
    )


@lru_cache(maxsize=8)
def _whole_rows(names: tuple[str, ...], own: Own) -> tuple[pd.DataFrame, Ints]:
    """The rows of the table that are compared, in order of presentation, and where they stand in the table."""
    order = {klass: place for place, klass in enumerate(CELL_CLASSES)}
    measures = {item.name: place for place, item in enumerate((*MEASURES, *own))}
    found, first = [], 0
    for block in blocks(names, own):
        for place, (municipality, group, window) in enumerate(
            zip(block.municipality, block.group, block.window, strict=True)
        ):
            if group == window == "all":
                found.append((block.measure.name, municipality, block.klass, place, first + place))
        first += len(block.municipality)
    found.sort(key=lambda row: (measures[row[0]], row[3], order[row[2]]))
    keys = pd.DataFrame([row[:3] for row in found], columns=list(_KEYS), dtype=object)
    return keys, np.array([row[4] for row in found], dtype=np.int64)


def _models(
    seen: list[str], scenario: Scenario, titles: Mapping[str, Text], notes: list[Text], label: str
) -> tuple[list[str], str]:
    """The models in order of presentation and the one to compare with."""
    wanted = [*titles, *(scenario.study.models or ())]
    models = list(dict.fromkeys([name for name in wanted if name in seen] + seen))
    reference = scenario.study.reference
    if len(models) == 1:
        before = f"{label}: " if label else ""
        notes.append(
            Text(
                f"{before}bara en modell är körd, {models[0]}, så det finns inget att jämföra den med.",
                f"{before}only one model was run, {models[0]}, so there is nothing to compare it with.",
            )
        )
        return models, models[0]
    if reference not in models:
        notes.append(
            Text(
                f"Jämförelsemodellen {reference} är inte körd; jämförelsen görs mot {models[0]}.",
                f"The reference {reference} was not run; the comparison is with {models[0]}.",
            )
        )
        reference = models[0]
    return models, reference


def _compare(pivoted: Pivoted, scenario: Scenario, models: list[str], reference: str, own: Own) -> pd.DataFrame:
    keys, values, ran = pivoted
    others = [name for name in models if name != reference]
    positions = [models.index(name) for name in others]
    both = ran[positions] & ran[[models.index(reference)]]  # a replication that one was not run on is no pair
    x = np.where(both, values[:, positions], np.nan)
    y = np.where(both, values[:, [models.index(reference)]], np.nan)
    pair = paired_difference(x, y)
    measure = keys["measure"].to_numpy()
    headline = _is_headline(keys, own)
    family = np.where(headline, "", measure)  # "": the headline measures of all models together
    sign = {item.name: {"lower": -1.0, "higher": 1.0, "none": 0.0}[item.better] for item in (*MEASURES, *own)}
    limits = {item.name: limit_of(item, scenario) for item in (*MEASURES, *own)}
    limit = np.array([limits.get(name, 0.0) for name in measure])[:, None]
    judged = judge(
        pair, x, y, family, 1.0 - scenario.study.confidence,
        np.array([sign.get(name, 0.0) for name in measure])[:, None], limit,
    )  # fmt: skip
    trusted = trust(pair, x, y, judged.level, limit, headline)
    frame = keys.loc[keys.index.repeat(len(others))].reset_index(drop=True)
    return frame.assign(
        model=np.tile(np.array(others, dtype=object), len(keys)),
        reference=reference,
        mean=pair.x_mean.ravel(),
        reference_mean=pair.y_mean.ravel(),
        difference=pair.mean.ravel(),
        lower=judged.lower.ravel(),
        upper=judged.upper.ravel(),
        n=pair.n.ravel(),
        adjusted_p=judged.adjusted_p.ravel(),
        verdict=judged.verdict.ravel(),
        threshold=np.broadcast_to(limit, pair.mean.shape).ravel(),
        reason=judged.reason.ravel(),
        ahead=judged.ahead.ravel(),
        behind=judged.behind.ravel(),
        infinite=pair.infinite.ravel(),
        **{name: values.ravel() for name, values in trusted._asdict().items()},
    )


def _held_back(frame: pd.DataFrame, scenario: Scenario, standings: Mapping[str, Standing]) -> pd.DataFrame:
    """The rows with the column `steady`, and without a verdict where two models may not be compared."""
    steady, reason = frame["verdict"] == "", frame["reason"].copy()
    for model, reference in {tuple(pair) for pair in frame[["model", "reference"]].itertuples(index=False)}:
        one, other = standings.get(model, UNKNOWN), standings.get(reference, UNKNOWN)
        found = barrier(one, other, allow_unequal_hours=scenario.study.allow_unequal_hours)
        rows = (frame["model"] == model) & (frame["reference"] == reference)
        steady[rows] = one.steady and other.steady
        if found is not None:
            reason[rows] = found.value
        if found is Reason.NOT_IN_BALANCE:
            frame.loc[rows, ["difference", "lower", "upper", "adjusted_p", *TRUST]] = np.nan
            frame.loc[rows & (not one.steady), "mean"] = np.nan
            frame.loc[rows & (not other.steady), "reference_mean"] = np.nan
    verdict = frame["verdict"].where(~reason.isin(BARRIERS), Verdict.UNDECIDED.value)
    return frame.assign(verdict=verdict, reason=reason, steady=steady)


def _pivot(part: pd.DataFrame, models: list[str], own: Own) -> Pivoted:
    """The rows to compare in order of presentation, values as (rows, models, replications), NaN where missing, and
    which models were run on which replications."""
    orders = {
        "measure": [item.name for item in (*MEASURES, *own)],
        "municipality": ["all"],
        "class": list(CELL_CLASSES),
        "model": models,
    }
    codes, words = {}, {}
    for column, order in orders.items():
        code, found = pd.factorize(part[column])
        listed = [word for word in order if word in set(found)]
        words[column] = listed + [word for word in found if word not in listed]
        place = {word: number for number, word in enumerate(words[column])}
        codes[column] = np.array([place[word] for word in found], dtype=np.int64)[code]
    replication, number = np.unique(part["replication"].to_numpy(), return_inverse=True)
    key = (codes["measure"] * len(words["municipality"]) + codes["municipality"]) * len(words["class"]) + codes["class"]
    key_of_row, row = np.unique(key, return_inverse=True)
    shape = (len(key_of_row), len(models), len(replication))
    cell = (row * shape[1] + codes["model"]) * shape[2] + number
    if len(part) and np.bincount(cell).max() > 1:
        raise ResultsError(_TWICE)
    values = np.full(int(np.prod(shape)), np.nan)
    values[cell] = part["value"].to_numpy(dtype=float)
    rest, klass = np.divmod(key_of_row, len(words["class"]))
    measure, municipality = np.divmod(rest, len(words["municipality"]))
    keys = pd.DataFrame(
        {
            "measure": [words["measure"][code] for code in measure],
            "municipality": [words["municipality"][code] for code in municipality],
            "class": [words["class"][code] for code in klass],
        },
        dtype=object,
    )
    ran = np.zeros(shape[1:], dtype=np.bool_)
    ran[codes["model"], number] = True
    return keys, values.reshape(shape), ran


def _is_headline(keys: pd.DataFrame, own: Own) -> NDArray[np.bool_]:
    spoken = set(headlines((*MEASURES, *own)))
    return np.array(
        [
            place == "all" and (measure, klass) in spoken
            for measure, place, klass in keys[list(_KEYS)].itertuples(index=False, name=None)
        ],
        dtype=bool,
    )


def threshold(scenario: Scenario, measure: str, own: Own = ()) -> float:
    """The practical-difference threshold of a measure in its own unit; 0 for none. A scenario states it in the unit
    that differences are shown in: percentage points of a share, millions of a yearly sum."""
    return limit_of(definition(measure, own), scenario)


def limit_of(item: MeasureDefinition, scenario: Scenario) -> float:
    """The same of its definition."""
    if not isinstance(item.practical, str):
        return float(item.practical)
    if not item.practical:
        return 0.0
    return float(getattr(scenario.comparison.practical, item.practical)) / of_difference(item.unit)[0]


def _findings(frame: pd.DataFrame, scenario: Scenario, own: Own) -> list[Finding]:
    """What is spoken: by model, then in the order of the headline measures."""
    spoken = frame[_is_headline(frame, own)]
    records: list[dict[Any, Any]] = spoken.to_dict("records")
    rows = {(row["model"], row["measure"]): row for row in records}
    found = [
        row
        for model in dict.fromkeys(spoken["model"])
        for measure, _ in headlines((*MEASURES, *own))
        if (row := rows.get((model, measure))) is not None
    ]
    return [_finding(row, scenario) for row in found]


def _finding(row: Mapping[str, Any], scenario: Scenario) -> Finding:
    return Finding(
        scenario=row["scenario"],
        model=row["model"],
        reference=row["reference"],
        measure=row["measure"],
        class_=row["class"],
        difference=row["difference"],
        lower=row["lower"],
        upper=row["upper"],
        n=int(row["n"]),
        ahead=int(row["ahead"]),
        behind=int(row["behind"]),
        infinite=int(row["infinite"]),
        adjusted_p=row["adjusted_p"],
        verdict=Verdict(row["verdict"]),
        reason=Reason(row["reason"]) if row["reason"] else None,
        threshold=row["threshold"],
        confidence=scenario.study.confidence,
    )
