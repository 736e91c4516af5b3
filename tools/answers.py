"""Run every scenario of `scenarios/index.yaml` and write what came out: docs/answers.md, by `python -m tools.answers`.

For each question its measures: the four models beside each other, or each model against itself in the default scenario
(the same patients where the demand is the same; differences paired by replication), the verdict sentences, and for the
stress cases what each model loses against the best one (regret).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import models
from sim.api import StudyResult, run_study
from sim.comparison.sentences import differences
from sim.language.numbers import number, percent
from sim.language.tables import markdown
from sim.language.units import as_shown
from sim.measures import MEASURES
from sim.scenario.index import Index, Question, load_index
from sim.statistics import mean_interval
from tools.pages import ours

ROOT = Path(__file__).resolve().parent.parent
DEFINED = {definition.name: definition for definition in MEASURES}
LANG = "en"  # the page is in English, with the questions in both
HEADING = "# The region's questions, answered on illustrative inputs"
REGRET = ("response_min", "in_target", "on_promised_day")
Values = dict[str, np.ndarray]  # by model, one value a replication


def values_of(result: StudyResult, measure: str) -> Values:
    """A measure of the whole region for every model, replication by replication, for the class it is spoken of."""
    wanted = {
        "measure": measure,
        "municipality": "all",
        "group": "all",
        "window": "all",
        "class": spoken_class(measure),
    }
    rows = result.measures
    for column, word in wanted.items():
        rows = rows[rows[column] == word]
    return {
        str(name): part.sort_values("replication")["value"].to_numpy(dtype=float)
        for name, part in rows.groupby("model", observed=True)
    }


def spoken_class(measure: str) -> str:
    """The class of request a measure is spoken of."""
    definition = DEFINED[measure]
    return definition.headline or ("all" if "all" in definition.classes else definition.classes[0])


def shown(value: float, measure: str) -> str:
    """A figure in the unit its measure is shown in."""
    of_share = DEFINED[measure].unit == "share"
    return percent(value, LANG, 1) if of_share else scaled(value, measure)


def apart(value: float, measure: str) -> str:
    """A difference, or how far two values lie apart: percentage points for shares."""
    points = " pp" if DEFINED[measure].unit == "share" and np.isfinite(value) else ""
    return scaled(value, measure) + points


def scaled(value: float, measure: str, sign: bool = False) -> str:
    """A number in the unit its measure is shown in, without it."""
    figure = as_shown(DEFINED[measure].unit)[0] * value
    return number(figure, LANG, 0 if abs(figure) >= 1000 else 1, sign)


def beside(result: StudyResult, measures: Sequence[str]) -> str:
    """The models of one study beside each other."""
    titles = [model.title.en for model in result.models.values()]
    rows = []
    for measure in measures:
        found = values_of(result, measure)
        means = [float(np.nanmean(found[name])) if name in found else np.nan for name in result.models]
        rows.append([label(measure), *(shown(mean, measure) for mean in means)])
    return markdown(["", *titles], rows, numbers=range(1, len(titles) + 1))


def label(measure: str) -> str:
    """Title, class and unit of a measure."""
    definition, of_class = DEFINED[measure], spoken_class(measure)
    words = "" if definition.unit in ("share", "index") else f" ({as_shown(definition.unit)[1].many.get(LANG)})"
    return definition.title.en + ("" if of_class == "all" else f", {of_class}") + words


def against(result: StudyResult, default: StudyResult, measures: Sequence[str]) -> str:
    """Each model with its difference from the default scenario and half the width of its 95 % interval."""
    rows = []
    for measure in measures:
        now, before = values_of(result, measure), values_of(default, measure)
        cells = []
        for name in result.models:
            if name not in now or name not in before:
                cells.append("–")
                continue
            change = mean_interval(now[name] - before[name])
            moved = f"{scaled(change.mean, measure, sign=True)} ± {apart(change.half_width, measure)}"
            cells.append(f"{shown(float(np.nanmean(now[name])), measure)} ({moved})")
        rows.append([label(measure), *cells])
    titles = [model.title.en for model in result.models.values()]
    return markdown(["", *titles], rows, numbers=range(1, len(titles) + 1))


def regret(results: dict[str, StudyResult], files: Sequence[str]) -> str:
    """For each stress and each of a few measures how far each model lies from the best one, and the most over all."""
    names = list(next(iter(results.values())).models)
    titles = [model.title.en for model in next(iter(results.values())).models.values()]
    rows: list[list[str]] = []
    for measure in REGRET:
        worst = dict.fromkeys(names, 0.0)
        for file in files:
            means = {name: float(np.nanmean(v)) for name, v in values_of(results[file], measure).items()}
            best = max(means.values()) if DEFINED[measure].better == "higher" else min(means.values())
            lost = {name: abs(means[name] - best) for name in names}
            worst = {name: max(worst[name], lost[name]) for name in names}
            rows.append([f"{label(measure)}: {file.removesuffix('.yaml')}", *(apart(lost[n], measure) for n in names)])
        rows.append([f"**{label(measure)}: largest regret**", *(f"**{apart(worst[n], measure)}**" for n in names)])
    return markdown(["", *titles], rows, numbers=range(1, len(titles) + 1))


def section(question: Question, index: Index, results: dict[str, StudyResult]) -> list[str]:
    """One question with its answers."""
    parts = [f"## {question.question.sv}", f"*{question.question.en}*", f"Lever: {question.lever.en}."]
    for file in question.files:
        result = results[file]
        parts.append(f"### `{file}`")
        if file != index.default:
            parts.append(index.changes(file).en)
        if question.against == "models" or file == index.default:
            parts.append(beside(result, question.measures))
        else:
            parts.append(against(result, results[index.default], question.measures))
        parts.append("\n".join(f"- {sentence}" for sentence in differences(result.findings, result.titles, "en")))
    if question.id == "robustness":
        parts += ["### Regret: distance to the best model under each stress", regret(results, question.files)]
    return parts


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.answers", description=__doc__)
    parser.add_argument("--replications", type=int, default=10, metavar="N")
    is_answers = ours(lambda text: text.startswith(HEADING))
    parser.add_argument("--out", type=is_answers, default=ROOT / "docs" / "answers.md", metavar="FILE")
    options = parser.parse_args(arguments)
    index = load_index(ROOT / "scenarios" / "index.yaml", DEFINED)
    results: dict[str, StudyResult] = {}
    for file, scenario in index.scenarios.items():
        named = {file.removesuffix(".yaml"): scenario}
        results[file] = run_study(named, models.of(scenario), options.replications, worlds=0)
        print(file, results[file].status)
    text = [
        HEADING,
        f"Made by `python -m tools.answers --replications {options.replications}`; what to look at is in "
        "[questions.md](questions.md). Most volumes are estimates: read the differences, not the levels. "
        "All is given these inputs, with the noise of the draw alone; how far a verdict holds over plausible worlds is "
        "told by `compare` ([decide.md](decide.md)). "
        "In tables against the default, a cell is the mean in the scenario with its paired difference from the same "
        "model in the default and half its 95 % interval.",
    ]
    for question in index.questions:
        text += section(question, index, results)
    options.out.write_text("\n\n".join(text) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
