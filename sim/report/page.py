"""The report as one HTML file: no network, no scripts, real tables, figures drawn inside."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.codes import ACUTE, CLASS_TITLES, PLANNED
from sim.report import words
from sim.report.figures import FIGURES, stem_of, svg, title_of
from sim.report.numbers import MISSING, NBSP, between, day, number, percent, plain
from sim.report.style import TITLE_PT
from sim.report.view import Estimate, View
from sim.report.words import HEADLINE, Shown, shown

if TYPE_CHECKING:
    from sim.study.results import Results

_BY_PLACE: Final = (shown("response_min", "acute"), shown("in_target", "acute"), shown("escalated", "acute"))
_BY_CLASS: Final = ("response_min", "response_p90_min", "in_target", "escalated", "on_promised_day", "days_to_visit")
_PROLOG: Final = re.compile(r"^.*?(?=<svg\b)|<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)
_OUTER: Final = re.compile(r'<svg\b[^>]*?viewBox="0 0 ([\d.]+) ([\d.]+)"[^>]*>')
_NAMESPACES: Final = re.compile(r'\s(?:xmlns(?::\w+)?|version)="[^"]*"')
_REFERENCE: Final = re.compile(r'(\bid="|xlink:href="#|\bhref="#|url\(#)')


@dataclass(frozen=True)
class Cell:
    """One table cell: the value, and in small what stands under it; `tone` is better, worse or empty (colour only
    repeats what the word says)."""

    value: str
    note: str = ""
    word: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Row:
    head: str
    cells: Sequence[Cell]
    note: str = ""


@dataclass(frozen=True)
class Block:
    """Rows under a common heading; the heading is empty for a plain table."""

    head: str
    rows: Sequence[Row]
    note: str = ""


@dataclass(frozen=True)
class Table:
    """`heads` are the column headings, the first one over the row heads; `wide` tables hold running text."""

    caption: str
    heads: Sequence[str]
    blocks: Sequence[Block]
    foot: str = ""
    kind: str = "numbers"


@dataclass(frozen=True)
class Picture:
    id: str
    title: str
    svg: Markup
    alt: str
    read: str
    take: str


@dataclass(frozen=True)
class Section:
    """All that the page says of one scenario."""

    id: str
    title: str
    question: str
    banner: str
    summary: Table
    pictures: Sequence[Picture]
    places: Table | None
    classes: Table
    assumptions: Table
    method: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Verdict:
    """An opening sentence, those that found a difference, and the others."""

    head: str
    decided: Sequence[str] = ()
    others: Sequence[str] = ()


def render(results: Results, lang: str, figures: Path | None = None) -> str:
    """The whole page as text. Missing values show as "–" with the reason under the table. Pictures are drawn, or taken
    from the folder `figures`."""
    views = [View(results, name, lang) for name in results.scenarios]
    first = views[0]
    environment = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    many = len(views) > 1
    page = environment.get_template("report.html.j2").render(
        lang="en" if lang == "en" else "sv",
        say=first.say,
        many=many,
        title=results.name if many else _title(first),
        question="" if many else _question(first),
        banner=_banner(first),
        banner_title=first.footer[1],
        verdicts=_verdicts(
            results.verdicts.get("en" if lang == "en" else "sv", []), sum(len(v.others) for v in views), lang
        ),
        sections=[_section(view, f"s{i + 1}", figures) for i, view in enumerate(views)],
        compared=_compared(first),
        repro=_repro(views),
        travel=results.world.travel_note,
        footer=first.footer[0],
    )
    return page.strip() + "\n"


def _title(view: View) -> str:
    return view.scenario.title.get(view.lang) or view.say("page_default_title")


def _question(view: View) -> str:
    return view.scenario.question.get(view.lang) or view.say("page_default_question")


def _banner(view: View) -> str:
    if not view.illustrative:
        return ""
    rows = view.assumptions
    estimates = sum(row.quality == "estimate" for row in rows)
    return view.say("page_banner", estimates=number(estimates, view.lang), total=number(len(rows), view.lang))


def _verdicts(sentences: Sequence[str], groups: int, lang: str) -> list[Verdict]:
    """Sentences come as one opening and its details for each model; if they do not divide so, each stands alone."""
    size = len(sentences) // groups if groups else 0
    if size < 2 or size * groups != len(sentences):
        return [Verdict(sentence) for sentence in sentences]
    ends = tuple(f"; {words.VERDICTS[verdict].get(lang)})." for verdict in ("better", "worse"))
    found = []
    for start in range(0, len(sentences), size):
        details = sentences[start + 1 : start + size]
        decided = [sentence for sentence in details if sentence.endswith(ends)]
        found.append(Verdict(sentences[start], decided, [sentence for sentence in details if sentence not in decided]))
    return found


def _section(view: View, id_: str, figures: Path | None) -> Section:
    scenario = view.scenario
    values = {
        "warm_up": number(scenario.calendar.warm_up_weeks, view.lang),
        "weeks": number(scenario.calendar.weeks, view.lang),
        "level": _level(view),
    }
    return Section(
        id=id_,
        title=_title(view),
        question=_question(view),
        banner=_banner(view),
        summary=_summary(view),
        pictures=_pictures(view, id_, figures),
        places=_places(view),
        classes=_classes(view),
        assumptions=_assumptions(view),
        method=[(head.get(view.lang), body.get(view.lang).format(**values)) for head, body in words.METHOD],
    )


def _pictures(view: View, prefix: str, figures: Path | None) -> list[Picture]:
    made = []
    for kind in FIGURES:
        id_ = f"{prefix}-{kind.name}"
        title, take = title_of(kind, view), kind.takeaway(view)
        text = (figures / f"{stem_of(kind, view)}.svg").read_text(encoding="utf-8") if figures else svg(kind, view)
        drawn = Markup(inline_svg(text, id_))  # made by us from escaped text
        made.append(Picture(id_, title, drawn, f"{title}. {take}", view.say(f"{kind.key}_read"), take))
    return made


def inline_svg(text: str, prefix: str) -> str:
    """SVG fit to stand in a page beside others: no prolog, comments or addresses, ids that cannot collide, and its own
    title cut off, since the page has headings."""
    text = _NAMESPACES.sub("", _PROLOG.sub("", text))
    text = _REFERENCE.sub(lambda match: match.group(1).replace("xlink:", "") + prefix + "-", text)
    text = text.replace('xlink:href="data:', 'href="data:')  # a colour bar is a picture inside
    return re.sub(r"\n\s*", "\n", _OUTER.sub(_without_title, text, count=1))


def _without_title(svg_tag: re.Match[str]) -> str:
    width, height = svg_tag[1], float(svg_tag[2])
    return f'<svg viewBox="0 {TITLE_PT:g} {width} {height - TITLE_PT:g}" aria-hidden="true" focusable="false">'


# --- tables ----------------------------------------------------------------------------------------


def _level(view: View) -> str:
    return percent(
        view.scenario.study.confidence, view.lang, 0 if round(view.scenario.study.confidence * 100, 6) % 1 == 0 else 1
    )


def _heads(view: View, first: str) -> list[str]:
    return [first, *(view.title(m) for m in view.models)]


def _written(view: View, what: Shown, value: float) -> str:
    text = number(value * what.factor, view.lang, what.digits)
    if text == MISSING:
        return text
    unit = what.unit.get(view.lang)
    return f"{text}%" if unit == "%" and view.lang == "en" else f"{text}{NBSP}{unit}"


def _cell(view: View, what: Shown, model: str, municipality: str = "all", interval: bool = False) -> Cell:
    found: Estimate = view.estimate(what.measure, model, what.class_, municipality)
    note = ""
    if interval and found.has_interval:
        low, high = (number(value * what.factor, view.lang, what.digits) for value in (found.lower, found.upper))
        note = f"({between(low, high, view.lang)})"
    word, tone = "", ""
    if model != view.reference and (difference := view.difference(what.measure, model, what.class_, municipality)):
        tone = difference.verdict if difference.verdict in ("better", "worse") else ""
        known = math.isfinite(difference.difference)
        word = words.VERDICTS[difference.verdict if known else ""].get(view.lang) if difference.verdict else ""
    return Cell(_written(view, what, found.mean), note, word, tone)


def _summary(view: View) -> Table:
    rows = [
        Row(
            what.title.get(view.lang),
            [_cell(view, what, m, interval=True) for m in view.models],
            what.meaning.get(view.lang),
        )
        for what in HEADLINE
    ]
    caption = (
        view.say("page_caption_one")
        if view.replications < 2
        else view.say(
            "page_summary_caption", n=view.replications, level=_level(view), reference=view.title(view.reference)
        )
    )
    heads = _heads(view, view.say("page_measure"))
    return Table(caption, heads, [Block("", rows)], _foot(view, rows))


def _foot(view: View, rows: Sequence[Row]) -> str:
    """The reason for a missing value, only where one is missing."""
    return view.say("page_dash") if any(cell.value == MISSING for row in rows for cell in row.cells) else ""


def _places(view: View) -> Table | None:
    if not view.municipalities:
        return None
    blocks = [
        Block(
            what.title.get(view.lang),
            [Row(view.place(m), [_cell(view, what, model, m) for model in view.models]) for m in view.municipalities],
            what.meaning.get(view.lang),
        )
        for what in _BY_PLACE
    ]
    foot = _foot(view, [row for block in blocks for row in block.rows])
    return Table(view.say("page_municipalities_caption"), _heads(view, view.say("page_municipality")), blocks, foot)


def _classes(view: View) -> Table:
    blocks = []
    for measure in _BY_CLASS:
        what = shown(measure)
        classes = PLANNED if measure in ("on_promised_day", "days_to_visit") else ACUTE
        rows = [
            Row(
                _class_name(view, class_, measure),
                [_cell(view, shown(measure, class_), model) for model in view.models],
            )
            for class_ in classes
        ]
        blocks.append(Block(what.title.get(view.lang), rows, what.meaning.get(view.lang)))
    foot = _foot(view, [row for block in blocks for row in block.rows])
    return Table(view.say("page_classes_caption"), _heads(view, view.say("page_class")), blocks, foot)


def _class_name(view: View, class_: str, measure: str) -> str:
    name = CLASS_TITLES[class_].get(view.lang)
    if measure != "in_target":
        return name
    minutes = number(getattr(view.scenario.classes, class_).target_min, view.lang)
    return f"{name}, {view.say('page_target', minutes=minutes)}"


def _compared(view: View) -> Table:
    rows = []
    for model in view.models:
        info = view.results.models[model]
        rows.append(
            Row(
                info.title.get(view.lang),
                [
                    Cell(info.description.get(view.lang)),
                    Cell(number(info.hours_per_week, view.lang, 1)),
                    Cell(number(info.n_physicians, view.lang)),
                    Cell(", ".join(pool.get(view.lang) for pool in info.pools) or MISSING),
                ],
                view.say("page_reference") if model == view.reference else "",
            )
        )
    heads = [view.say(f"page_{key}") for key in ("model", "description", "hours", "physicians", "pools")]
    return Table(view.say("page_compared_caption"), heads, [Block("", rows)], kind="words")


def _assumptions(view: View) -> Table:
    found = view.assumptions
    rows = []
    for row in found:
        notes = []
        if row.changed:
            notes.append(view.say("page_changed", default=plain(row.default, view.lang)))
        if row.outside:
            notes.append(view.say("page_outside"))
        texts = (
            plain(row.value, view.lang),
            plain(row.low, view.lang),
            plain(row.high, view.lang),
            _unit(row.unit, view),
        )
        rows.append(
            Row(
                row.title.get(view.lang),
                [*(Cell(text) for text in texts), Cell(words.QUALITIES[row.quality].get(view.lang)), Cell(row.source)],
                ", ".join(notes),
            )
        )
    share = sum(row.quality == "estimate" for row in found) / len(found) if found else math.nan
    heads = [view.say(f"page_{key}") for key in ("assumption", "value", "low", "high", "unit", "quality", "source")]
    caption = view.say("page_assumptions_caption", share=percent(share, view.lang))
    return Table(caption, heads, [Block("", rows)], kind="register")


def _unit(unit: str, view: View) -> str:
    found = words.INPUT_UNITS.get(unit)
    return found.get(view.lang) if found else unit


def _repro(views: Sequence[View]) -> Table:
    view = views[0]
    manifest: dict[str, Any] = view.results.manifest
    calendar = view.scenario.calendar
    facts: list[tuple[str, str]] = [
        ("repro_version", view.version),
        ("repro_seed", ", ".join(dict.fromkeys(str(v.scenario.study.seed) for v in views))),
        ("repro_replications", ", ".join(dict.fromkeys(number(v.replications, view.lang) for v in views))),
        (
            "repro_period",
            view.say(
                "repro_period_value",
                weeks=number(calendar.weeks, view.lang),
                start=day(calendar.start, view.lang),
                warm_up=number(calendar.warm_up_weeks, view.lang),
            ),
        ),
        ("repro_region", view.results.world.region),
        ("repro_command", str(manifest.get("command", ""))),
        ("repro_engine", str(manifest.get("engine", ""))),
        ("repro_status", _status(view, str(manifest.get("status", "")))),
        ("repro_begun", _moment(view, str(manifest.get("begun", "")))),
        ("repro_seconds", _seconds(view, manifest.get("seconds"))),
        ("repro_git", _git(view, manifest.get("git"))),
        ("repro_python", ", ".join(f"{k} {v}" for k, v in (manifest.get("versions") or {}).items())),
        ("repro_tape", next((str(tape.get("sha256", "")) for tape in manifest.get("tapes") or ()), "")),
    ]
    rows = [Row(view.say(key), [Cell(text)]) for key, text in facts if text]
    return Table(
        view.say("page_repro_caption"), [view.say("page_fact"), view.say("page_value")], [Block("", rows)], kind="words"
    )


def _status(view: View, status: str) -> str:
    found = words.STATUSES.get(status)
    return found.get(view.lang) if found else status


def _moment(view: View, text: str) -> str:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{day(moment.date(), view.lang)} {moment:%H:%M} {moment.tzname() or ''}".strip()


def _seconds(view: View, seconds: object) -> str:
    return f"{number(seconds, view.lang)}{NBSP}s" if isinstance(seconds, int | float) else ""


def _git(view: View, git: object) -> str:
    if not isinstance(git, dict):
        return ""
    return str(git.get("commit", "")) + (f" ({view.say('repro_dirty')})" if git.get("dirty") else "")
