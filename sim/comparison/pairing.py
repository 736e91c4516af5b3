"""Differences from the reference model, paired by replication on common random numbers.

Families, in each scenario: the headline rows (a headline measure, its class, all municipalities) of all models are one
family, because they are spoken together; the other rows of a measure (municipalities x classes x models) are one family
each. The intervals of a family hold all together; `verdicts.py` says what is read from them. Before that `standing.py`
says whether two models may be compared at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.comparison.findings import Finding, Reason, Verdict
from sim.comparison.sentences import sentences
from sim.comparison.standing import BARRIERS, UNKNOWN, Standing, barrier, warnings_of
from sim.comparison.verdicts import judge
from sim.errors import ResultsError
from sim.measures.definitions import HEADLINES, MEASURES
from sim.measures.vocabulary import CELL_CLASSES
from sim.statistics import paired_difference
from sim.text import Text

if TYPE_CHECKING:
    from sim.scenario import Scenario

Floats = NDArray[np.float64]

COLUMNS: Final = (
    "scenario", "measure", "municipality", "class", "model", "reference", "mean", "reference_mean",
    "difference", "lower", "upper", "n", "adjusted_p", "verdict", "reason", "threshold", "steady",
)  # fmt: skip
_KEYS: Final = ("measure", "municipality", "class")

_NOTE_FAMILY: Final = Text(
    "Skillnader är parade: samma patienter i varje upprepning. Intervallen gäller alla samtidigt (Bonferroni); "
    "huvudmåtten är en familj, och varje mått i övrigt (kommuner × klasser × modeller) är en egen. Bättre eller sämre "
    "sägs bara när hela intervallet ligger bortom den praktiska skillnaden, praktiskt lika bara när hela ligger "
    "innanför.",
    "Differences are paired: the same patients in each replication. The intervals hold all together (Bonferroni); the "
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


@dataclass(frozen=True)
class Comparison:
    """`frame`: one row per scenario, measure, municipality, class and model, with the columns `COLUMNS`.

    `difference` is model - reference; `lower` and `upper` bound it, all intervals of a family at once. `reason` says
    why a row is undecided, `steady` whether both models keep up with their work. `warnings` come before all else (hours
    that differ, a model that does not keep up); `notes` say what else a reader must know (reference chosen, too few
    replications). `findings` are the headline measures, by scenario and
    model: what is spoken. `titles` of the models, as far as they were given.
    """

    frame: pd.DataFrame
    warnings: tuple[Text, ...]
    notes: tuple[Text, ...]
    findings: tuple[Finding, ...]
    titles: Mapping[str, Text]

    def verdicts(self, lang: str) -> list[str]:
        """Per model one opening sentence and one per headline measure; `lang` is sv or en."""
        return sentences(self.findings, self.titles, lang)


def compare_measures(
    table: pd.DataFrame,
    scenario: Scenario | Mapping[str, Scenario],
    titles: Mapping[str, Text] | None = None,
    standings: Mapping[str, Mapping[str, Standing]] | None = None,
) -> Comparison:
    """Compare every model with the reference, for each measure by municipality and class.

    `table`: `Measures.table` with scenario, model, replication in front; rows split by window or group are passed over.
    `scenario`: the scenario of every row, or one per name. `titles` gives the models' titles and their order; without
    it the order of `scenario.study.models`, or of appearance. `mean` and `reference_mean` are over the `n` replications
    that both models have. `standings` (by scenario, then model) say which models may be compared; a model of which
    nothing is known may. Nothing is said of a model that does not keep up, not even its means. A scenario with one
    model has no rows, and a note says so. ResultsError when a row occurs twice or the table has no rows to compare.
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
        models, reference = _models(part, asked, titles, notes, label)
        known = (standings or {}).get(name, {})
        frame = _held_back(_compare(part, asked, models, reference), asked, known)
        warnings += warnings_of(known, models, titles, label, allowed=asked.study.allow_unequal_hours)
        frame.insert(0, "scenario", name)
        frames.append(frame)
        findings += _findings(frame, asked)
    if not frames:
        raise ResultsError(_NOTHING)
    frame = pd.concat(frames, ignore_index=True)[list(COLUMNS)]
    if len(frame):
        notes.append(_NOTE_FAMILY)
    if len(frame) and int(frame["n"].max()) == 1:
        notes.append(_NOTE_ONE)
    return Comparison(frame, tuple(warnings), tuple(dict.fromkeys(notes)), tuple(findings), dict(titles))


def _models(
    part: pd.DataFrame, scenario: Scenario, titles: Mapping[str, Text], notes: list[Text], label: str
) -> tuple[list[str], str]:
    """The models in order of presentation and the one to compare with."""
    seen = list(dict.fromkeys(part["model"]))
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


def _compare(part: pd.DataFrame, scenario: Scenario, models: list[str], reference: str) -> pd.DataFrame:
    keys, values, ran = _pivot(part, models)
    others = [name for name in models if name != reference]
    positions = [models.index(name) for name in others]
    both = ran[positions] & ran[[models.index(reference)]]  # a replication that one was not run on is no pair
    x = np.where(both, values[:, positions], np.nan)
    y = np.where(both, values[:, [models.index(reference)]], np.nan)
    pair = paired_difference(x, y)
    measure = keys["measure"].to_numpy()
    headline = _is_headline(keys)
    family = np.where(headline, "", measure)  # "": the headline measures of all models together
    sign = {item.name: {"lower": -1.0, "higher": 1.0, "none": 0.0}[item.better] for item in MEASURES}
    limits = {item.name: threshold(scenario, item.name) for item in MEASURES}
    limit = np.array([limits.get(name, 0.0) for name in measure])[:, None]
    judged = judge(
        pair, x, y, family, 1.0 - scenario.study.confidence,
        np.array([sign.get(name, 0.0) for name in measure])[:, None], limit,
    )  # fmt: skip
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
            frame.loc[rows, ["difference", "lower", "upper", "adjusted_p"]] = np.nan
            frame.loc[rows & (not one.steady), "mean"] = np.nan
            frame.loc[rows & (not other.steady), "reference_mean"] = np.nan
    verdict = frame["verdict"].where(~reason.isin(BARRIERS), Verdict.UNDECIDED.value)
    return frame.assign(verdict=verdict, reason=reason, steady=steady)


def _pivot(part: pd.DataFrame, models: list[str]) -> tuple[pd.DataFrame, Floats, NDArray[np.bool_]]:
    """The rows to compare in order of presentation, values as (rows, models, replications), NaN where missing, and
    which models were run on which replications."""
    orders = {
        "measure": [item.name for item in MEASURES],
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


def _is_headline(keys: pd.DataFrame) -> NDArray[np.bool_]:
    spoken = set(HEADLINES)
    return np.array(
        [
            place == "all" and (measure, klass) in spoken
            for measure, place, klass in keys[list(_KEYS)].itertuples(index=False, name=None)
        ],
        dtype=bool,
    )


def threshold(scenario: Scenario, measure: str) -> float:
    """The practical-difference threshold of a measure in its own unit (a share for percentage points); 0 for none."""
    key = next((item.practical for item in MEASURES if item.name == measure), "")
    if isinstance(key, float):
        return key
    if not key:
        return 0.0
    value = float(getattr(scenario.comparison.practical, key))
    return value / 100.0 if key.endswith("_pp") else value


def _findings(frame: pd.DataFrame, scenario: Scenario) -> list[Finding]:
    """What is spoken: by model, then in the order of the headline measures."""
    spoken = frame[_is_headline(frame)]
    records: list[dict[Any, Any]] = spoken.to_dict("records")
    rows = {(row["model"], row["measure"]): row for row in records}
    found = [
        row
        for model in dict.fromkeys(spoken["model"])
        for measure, _ in HEADLINES
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
