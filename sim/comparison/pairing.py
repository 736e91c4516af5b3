"""Models compared with the reference, paired by replication on common random numbers: from tables of measures, or from
the measures of runs as they are. How is said in `sim.comparison.judging`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from sim.columns import Floats, Ints
from sim.comparison.findings import Finding, Verdict, why_undecided
from sim.comparison.judging import CODES, Judged, Rows, judge, limit_of
from sim.comparison.sentences import sentences
from sim.errors import ResultsError
from sim.measures.definitions import MEASURES, definition
from sim.measures.rows import Own, blocks
from sim.measures.vocabulary import CELL_CLASSES
from sim.text import Text

if TYPE_CHECKING:
    from sim.measures.found import Found
    from sim.scenario import Scenario

COLUMNS: Final = (
    "scenario", "measure", "municipality", "class", "model", "reference", "mean", "reference_mean",
    "difference", "lower", "upper", "n", "adjusted_p", "verdict",
)  # fmt: skip

_NOTE_FAMILY: Final = Text(
    "Skillnader är parade: samma patienter i varje upprepning. Intervall och p-värden är justerade med Holms metod; "
    "huvudmåtten är en familj, och varje mått i övrigt (kommuner × klasser × modeller) är en egen.",
    "Differences are paired: the same patients in each replication. Intervals and p-values are adjusted by Holm's "
    "method; the headline measures are one family, and every measure besides (municipalities × classes × models) is "
    "its own.",
)
_NOTE_ONE: Final = Text(
    "En enda upprepning visar en skillnad men kan inte avgöra den: kör minst två, helst tio.",
    "A single replication shows a difference but cannot decide it: run at least two, better ten.",
)
_NOTE_ALONE: Final = Text(
    "{before}bara en modell är körd, {model}, så det finns inget att jämföra den med.",
    "{before}only one model was run, {model}, so there is nothing to compare it with.",
)
_NOTE_REFERENCE: Final = Text(
    "Jämförelsemodellen {reference} är inte körd; jämförelsen görs mot {model}.",
    "The reference {reference} was not run; the comparison is with {model}.",
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


class Part(NamedTuple):
    """The comparison of one scenario: its rows, the models in order with the reference among them, the numbers."""

    scenario: str
    rows: Rows
    models: tuple[str, ...]
    reference: str
    judged: Judged

    @property
    def others(self) -> tuple[str, ...]:
        """The models that are compared with the reference."""
        return tuple(name for name in self.models if name != self.reference)


@dataclass(frozen=True, eq=False)
class Comparison:
    """`parts` by scenario. `notes` say what a reader must know (reference chosen, too few replications). `findings` are
    the headline measures, by scenario and model: what is spoken. `titles` of the models, as far as they were given;
    `own` measures besides those of the program."""

    parts: tuple[Part, ...]
    notes: tuple[Text, ...]
    findings: tuple[Finding, ...]
    titles: Mapping[str, Text]
    own: Own = ()

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row per scenario, measure, municipality, class and model, with the columns `COLUMNS`. `difference` is
        model - reference; `lower` and `upper` bound it at the level Holm's step used."""
        return pd.concat([_frame_of(part) for part in self.parts], ignore_index=True)[list(COLUMNS)]

    def verdicts(self, lang: str) -> list[str]:
        """Per model one opening sentence and one per headline measure; `lang` is sv or en."""
        return sentences(self.findings, self.titles, lang, self.own)


def compare_measures(
    table: pd.DataFrame,
    scenario: Scenario | Mapping[str, Scenario],
    titles: Mapping[str, Text] | None = None,
    own: Own = (),
) -> Comparison:
    """Compare every model with the reference, for each measure by municipality and class.

    `table`: `Measures.table` with scenario, model, replication in front; rows split by window or group are passed over.
    `scenario`: the scenario of every row, or one per name. `titles` gives the models' titles and their order; without
    it the order of `scenario.study.models`, or of appearance. `own` measures besides those of the program. `mean` and
    `reference_mean` are over the `n` replications that both models have. A scenario with one model has no rows, and a
    note says so. ResultsError when a row occurs twice or the table has no rows to compare.
    """
    whole = table[(table["group"] == "all") & (table["window"] == "all")]
    names = list(dict.fromkeys(whole["scenario"]))
    if not names:
        raise ResultsError(_NOTHING)
    parts, notes = [], []
    for name in names:
        asked = scenario[name] if isinstance(scenario, Mapping) else scenario
        part = whole[whole["scenario"] == name]
        seen = list(dict.fromkeys(part["model"]))
        models, reference, said = _models(seen, asked, titles or {}, name if len(names) > 1 else "")
        rows, values = _pivot(part, models, own)
        parts.append((Part(name, rows, models, reference, judge(rows, values, models.index(reference), asked)), asked))
        notes += said
    return _compared(parts, notes, titles or {}, own)


def compare_runs(
    runs: Mapping[str, Sequence[Found]], scenario: Scenario, titles: Mapping[str, Text] | None = None, own: Own = ()
) -> Comparison:
    """The same from the measures of runs of one scenario, by model, without a table between. The runs of all models
    are of the same replications in the same order, with `own` measures besides those of the program. ResultsError when
    they are not equally many."""
    models, reference, notes = _models(list(runs), scenario, titles or {}, "")
    if len({len(found) for found in runs.values()}) > 1:
        raise ResultsError(_UNEQUAL)
    rows, where = _whole_rows(next(iter(runs.values()))[0].names, own)
    values = np.stack([[run.values[where] for run in runs[model]] for model in models]).transpose(2, 0, 1)
    part = Part("", rows, models, reference, judge(rows, values, models.index(reference), scenario))
    return _compared([(part, scenario)], notes, titles or {}, own)


def _compared(
    parts: Sequence[tuple[Part, Scenario]], notes: list[Text], titles: Mapping[str, Text], own: Own
) -> Comparison:
    replications = [int(part.judged.n.max()) for part, _ in parts if part.judged.n.size]
    told = [
        *notes,
        *([_NOTE_FAMILY] if replications else []),
        *([_NOTE_ONE] if max(replications, default=0) == 1 else []),
    ]
    findings = tuple(finding for part, scenario in parts for finding in _findings(part, scenario))
    return Comparison(tuple(part for part, _ in parts), tuple(dict.fromkeys(told)), findings, dict(titles), own)


def _models(
    seen: Sequence[str], scenario: Scenario, titles: Mapping[str, Text], label: str
) -> tuple[tuple[str, ...], str, list[Text]]:
    """The models in order of presentation, the one to compare with, and what to say of that."""
    wanted = [*titles, *(scenario.study.models or ())]
    models = tuple(dict.fromkeys([name for name in wanted if name in seen] + list(seen)))
    reference = scenario.study.reference
    if len(models) == 1:
        before = f"{label}: " if label else ""
        return models, models[0], [_NOTE_ALONE.format(before=before, model=models[0])]
    if reference not in models:
        return models, models[0], [_NOTE_REFERENCE.format(reference=reference, model=models[0])]
    return models, reference, []


@lru_cache(maxsize=8)
def _whole_rows(names: tuple[str, ...], own: Own) -> tuple[Rows, Ints]:
    """The rows of the table that are compared, in order of presentation, and where they stand in the table."""
    order = {klass: place for place, klass in enumerate(CELL_CLASSES)}
    found, first = [], 0
    for number, block in enumerate(blocks(names, own)):
        for place, (municipality, group, window) in enumerate(
            zip(block.municipality, block.group, block.window, strict=True)
        ):
            if group == window == "all":
                found.append((number, block.measure.name, place, municipality, block.klass, first + place))
        first += len(block.municipality)
    measures = {name: number for number, (_, name, *_) in reversed(list(enumerate(found)))}
    found.sort(key=lambda row: (measures[row[1]], row[2], order[row[4]]))
    rows = Rows([row[1] for row in found], [row[3] for row in found], [row[4] for row in found], own)
    return rows, np.array([row[5] for row in found], dtype=np.int64)


def _pivot(part: pd.DataFrame, models: Sequence[str], own: Own) -> tuple[Rows, Floats]:
    """The rows to compare in order of presentation, and values as (rows, models, replications), NaN where missing."""
    orders: dict[str, list[str]] = {
        "measure": [item.name for item in (*MEASURES, *own)],
        "municipality": ["all"],
        "class": list(CELL_CLASSES),
        "model": list(models),
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
    rows = Rows(
        [words["measure"][code] for code in measure],
        [words["municipality"][code] for code in municipality],
        [words["class"][code] for code in klass],
        own,
    )
    return rows, values.reshape(shape)


def threshold(scenario: Scenario, measure: str, own: Own = ()) -> float:
    """The practical-difference threshold of a measure in its own unit (a share for percentage points); 0 for none."""
    return limit_of(definition(measure, own), scenario)


def _frame_of(part: Part) -> pd.DataFrame:
    """The rows of one scenario, with the columns `COLUMNS`."""
    others, rows, judged = part.others, part.rows, part.judged
    numbers = {name: values.ravel() for name, values in judged._asdict().items() if name != "verdict"}
    words = np.array([verdict.value for verdict in CODES], dtype=object)
    keys = {"measure": rows.measure, "municipality": rows.municipality, "class": rows.class_}
    columns = {name: np.repeat(np.array(values, dtype=object), len(others)) for name, values in keys.items()}
    return pd.DataFrame(columns, dtype=object).assign(
        scenario=part.scenario,
        model=np.tile(np.array(others, dtype=object), len(rows.measure)),
        reference=part.reference,
        **numbers,
        verdict=words[judged.verdict.ravel()],
    )


def _findings(part: Part, scenario: Scenario) -> list[Finding]:
    """What is spoken: by model, then in the order of the headline measures."""
    limits = part.rows.limits(scenario)
    return [
        _finding(part, row, column, model, float(limits[row, 0]), scenario.study.confidence)
        for column, model in enumerate(part.others)
        for _, row in part.rows.spoken
    ]


def _finding(part: Part, row: int, column: int, model: str, limit: float, confidence: float) -> Finding:
    judged = part.judged
    verdict = CODES[judged.verdict[row, column]]
    difference, lower, upper, adjusted = (
        float(values[row, column]) for values in (judged.difference, judged.lower, judged.upper, judged.adjusted_p)
    )
    return Finding(
        scenario=part.scenario,
        model=model,
        reference=part.reference,
        measure=part.rows.measure[row],
        class_=part.rows.class_[row],
        difference=difference,
        lower=lower,
        upper=upper,
        n=int(judged.n[row, column]),
        adjusted_p=adjusted,
        verdict=verdict,
        reason=why_undecided(difference, lower, upper) if verdict is Verdict.UNDECIDED else None,
        threshold=limit,
        confidence=confidence,
    )
