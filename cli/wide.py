"""What `compare` prints of plausible worlds: how many there were, a sentence a model, and a table of all headlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.language.tables import aligned

if TYPE_CHECKING:
    from sim.api import StudyResult


def wide_lines(result: StudyResult, lang: str) -> list[str]:
    """All that is said: how many worlds there were, then an opening and a sentence a measure for every model; empty
    where none were run."""
    from sim.decide.sentences import wide_paragraphs

    paragraphs = wide_paragraphs(result.wide, result.titles, lang)
    said = [line for part in paragraphs for line in (part.opening, *(f"  {text}" for text in part.sentences))]
    return [*_counted(result, lang), *said]


def wide_summary(result: StudyResult, lang: str) -> str:
    """The same, short enough for a screen: of each model the opening and its first sentence, and a table of the rest.
    Empty where no worlds were run."""
    from sim.decide.sentences import HEADING, wide_paragraphs

    counted = _counted(result, lang)
    if not counted:
        return ""
    paragraphs = wide_paragraphs(result.wide, result.titles, lang)
    lead = [line for part in paragraphs for line in (part.opening, *(f"  {text}" for text in part.sentences[:1]))]
    text = "\n".join([f"{HEADING.get(lang)}. {counted[0]}", *counted[1:], *lead])
    return "\n\n".join([text, *(aligned(rows, numbers_from=9) for rows in wide_rows(result, lang))])


def wide_rows(result: StudyResult, lang: str) -> list[list[list[str]]]:
    """A table for each scenario: a headline measure a row, a model a column."""
    from sim.decide.sentences import in_a_cell
    from sim.report.words import HEADLINE

    found = []
    for scenario in dict.fromkeys(item.scenario for item in result.wide):
        items = {(item.measure, item.class_, item.model): item for item in result.wide if item.scenario == scenario}
        models = list(dict.fromkeys(model for _, _, model in items))
        head = [scenario if len(result.worlds) > 1 else "", *(result.titles[model].get(lang) for model in models)]
        rows = [
            [
                f"{what.title.get(lang)} ({what.difference_unit.get(lang)})",
                *(in_a_cell(items[what.measure, what.class_, model]).get(lang) for model in models),
            ]
            for what in HEADLINE
        ]
        found.append([head, *rows])
    return found


def _counted(result: StudyResult, lang: str) -> list[str]:
    from sim.decide.sentences import worlds_sentence

    many = len(result.worlds) > 1
    return [
        (f"{name}: " if many else "") + worlds_sentence(table, result.titles).get(lang)
        for name, table in result.worlds.items()
    ]
