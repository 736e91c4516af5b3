"""The report as one HTML file: no network, no scripts, real tables, figures drawn inside."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.codes import CLASS_TITLES, GROUP_TITLES, GROUPS, PLANNED, UNPLANNED
from sim.comparison.sentences import paragraphs
from sim.comparison.standing import HOURS_TOLERANCE, needs_differ, spread
from sim.decide import at_best
from sim.decide.sentences import GIVEN, HEADING, wide_paragraphs, worlds_sentence
from sim.language.numbers import MISSING, NBSP, day, number, percent, plain
from sim.language.titles import KINDS, QUALITIES
from sim.language.units import unit
from sim.report.best import best_table
from sim.report.consequences import Term, consequences, endings, sums, terms
from sim.report.figures import FIGURES, FigureKind, svg_of, title_of
from sim.report.htmltable import Block, Cell, Row, Table, about, foot_of, heads, value_cells, written
from sim.report.information import counting_table, information_table
from sim.report.style import TITLE_PT
from sim.report.trust import trust_table, trust_words
from sim.report.view import View
from sim.report.wide import wide_table
from sim.report.words import MAIN, METHOD, more, shown

if TYPE_CHECKING:
    from sim.study.results import Results

_BY_PLACE: Final = (shown("response_min", "acute"), shown("in_target", "acute"), shown("escalated", "acute"))
_BY_GROUP: Final = (shown("requests"), shown("response_min", "acute"), shown("in_target", "acute"))
_BY_CLASS: Final = ("response_min", "response_p90_min", "in_target", "escalated", "on_promised_day", "days_to_visit")
_AS_WRITTEN: Final = ("repro_region", "repro_command", "repro_engine", "repro_python", "repro_tape", "repro_git")
_PROLOG: Final = re.compile(r"^.*?(?=<svg\b)|<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)
_OUTER: Final = re.compile(r'<svg\b[^>]*?viewBox="0 0 ([\d.]+) ([\d.]+)"[^>]*>')
_NAMESPACES: Final = re.compile(r'\s(?:xmlns(?::\w+)?|version)="[^"]*"')
_REFERENCE: Final = re.compile(r'(\bid="|xlink:href="#|\bhref="#|url\(#)')


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
    more: Table
    endings: Table | None
    pictures: Sequence[Picture]
    places: Table | None
    classes: Table
    groups: Table | None
    assumptions: Table
    method: Sequence[tuple[str, str]]
    trust: Sequence[tuple[str, str]]
    trust_table: Table | None


Picturing = Callable[[FigureKind, View], str]  # a figure as SVG text


def render(views: Sequence[View], later: Results | None = None, picture: Picturing = svg_of) -> str:
    """The whole page as text, of a view of each scenario. Missing values show as "–" with the reason under the table.
    `picture` draws a figure, or takes one that is drawn. `later` is a study that holds lång sikt; see
    `consequences.terms`."""
    first = views[0]
    results, lang = first.results, first.lang
    environment = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    many = len(views) > 1
    known = terms(views, later)
    page = environment.get_template("report.html.j2").render(
        lang="en" if lang == "en" else "sv",
        say=first.say,
        many=many,
        title=results.name if many else _title(first),
        question="" if many else _question(first),
        banner=_banner(first),
        banner_title=first.footer[1],
        estimated=first.say("page_estimated", share=percent(first.estimated.share, lang)) if first.illustrative else "",
        warnings=[warning.get(lang) for warning in results.warnings],
        lead=" ".join(first.say(f"page_compared_lead_{part}") for part in _lead(results)),
        wide=wide_paragraphs(results.wide, results.titles, lang),
        wide_tables=[table for view in views if (table := wide_table(view)) is not None],
        wide_heading=HEADING.get(lang),
        given_heading=GIVEN.get(lang),
        worlds=_worlds(results, lang),
        information=[
            table for view in views for table in (information_table(view), counting_table(view)) if table is not None
        ],
        best_heading=at_best.HEADING.get(lang),
        best=at_best.sentences(results.at_best, results.titles, lang) if results.at_best is not None else [],
        best_lead=at_best.about(results.at_best, lang) if results.at_best is not None else "",
        best_table=best_table(first),
        verdicts=paragraphs(results.findings, results.titles, lang, results.own),
        sections=[_section(view, f"s{i + 1}", picture) for i, view in enumerate(views)],
        consequences=_consequences(known),
        reference=first.title(first.reference),
        compared=_compared(first),
        repro=_repro(views),
        travel=results.world.travel_note.get(lang),
        footer=first.footer[0],
    )
    return page.strip() + "\n"


def _worlds(results: Results, lang: str) -> list[str]:
    """How many plausible worlds each scenario was run in, and why others were set aside."""
    many = len(results.scenarios) > 1
    return [
        (f"{name}: " if many else "") + worlds_sentence(table, results.titles).get(lang)
        for name, table in results.worlds.items()
    ]


def _lead(results: Results) -> tuple[str, str]:
    """Whether the needs and the hours of the models are the same in every scenario."""
    hours = any(spread(known) > HOURS_TOLERANCE for known in results.standings.values())
    needs = any(needs_differ(known) for known in results.standings.values())
    return ("other_needs" if needs else "needs"), ("other_hours" if hours else "hours")


def _title(view: View) -> str:
    return view.scenario.title.get(view.lang) or view.say("page_default_title")


def _question(view: View) -> str:
    return view.scenario.question.get(view.lang) or view.say("page_default_question")


def _banner(view: View) -> str:
    if not view.illustrative:
        return ""
    found = view.estimated
    return view.say(
        "page_banner",
        share=percent(found.share, view.lang),
        estimates=number(found.estimates, view.lang),
        total=number(found.total, view.lang),
    )


def _consequences(known: Sequence[Term]) -> list[Table]:
    """The sums of Regionen and Kommunerna, then everything that each bears, term by term; empty without comparisons."""
    found = [sums(known), *(consequences(term) for term in known)]
    return [table for table in found if table is not None]


def _method(view: View) -> Iterator[str]:
    """The parts of the method that are told."""
    for part in METHOD:
        yield "same_draw" if part == "same_patients" and not view.same_needs else part


def _section(view: View, id_: str, picture: Picturing) -> Section:
    scenario = view.scenario
    values = {
        "warm_up": number(scenario.calendar.warm_up_weeks, view.lang),
        "weeks": number(scenario.calendar.weeks, view.lang),
        "level": view.level,
    }
    return Section(
        id=id_,
        title=_title(view),
        question=_question(view),
        banner=_banner(view),
        summary=_summary(view),
        more=_more(view),
        endings=endings(view),
        places=_places(view),
        classes=_classes(view),
        groups=_groups(view),
        assumptions=_assumptions(view),
        method=[(view.say(f"method_{part}"), view.say(f"method_{part}_text", **values)) for part in _method(view)],
        trust=trust_words(view),
        trust_table=trust_table(view),
        pictures=_pictures(view, id_, picture),  # last: some may be drawn still
    )


def _pictures(view: View, prefix: str, picture: Picturing) -> list[Picture]:
    made = []
    for kind in FIGURES:
        id_ = f"{prefix}-{kind.name}"
        title, take = title_of(kind, view), kind.takeaway(view)
        drawn = Markup(inline_svg(picture(kind, view), id_))  # made by us from escaped text
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


def _summary(view: View) -> Table:
    rows = [
        Row(
            what.title.get(view.lang),
            value_cells(view, what, interval=True),
            about(view, what),
        )
        for what in MAIN
    ]
    caption = (
        view.say("page_caption_one")
        if view.replications < 2
        else view.say(
            "page_summary_caption", n=view.replications, level=view.level, reference=view.title(view.reference)
        )
    )
    foot = f"{view.say('page_priced')} {foot_of(view, rows)}".strip()
    return Table(caption, heads(view, view.say("page_measure")), [Block("", rows)], foot)


def _more(view: View) -> Table:
    """What the first table leaves out."""
    blocks = []
    for subject, found in more(view.results.own):
        rows = [
            Row(
                what.title.get(view.lang),
                value_cells(view, what),
                about(view, what),
            )
            for what in found
            if any(view.estimate(what.measure, m, what.class_).exists for m in view.models)
        ]
        if rows:
            blocks.append(Block(subject.get(view.lang), rows))
    foot = foot_of(view, [row for block in blocks for row in block.rows])
    return Table(view.say("page_more_caption"), heads(view, view.say("page_measure")), blocks, foot)


def _places(view: View) -> Table | None:
    if not view.municipalities:
        return None
    blocks = [
        Block(
            what.title.get(view.lang),
            [Row(view.place(m), value_cells(view, what, m)) for m in view.municipalities],
            about(view, what),
        )
        for what in _BY_PLACE
    ]
    foot = foot_of(view, [row for block in blocks for row in block.rows])
    return Table(view.say("page_municipalities_caption"), heads(view, view.say("page_municipality")), blocks, foot)


def _classes(view: View) -> Table:
    blocks = []
    for measure in _BY_CLASS:
        what = shown(measure)
        classes = PLANNED if measure in ("on_promised_day", "days_to_visit") else UNPLANNED
        rows = [
            Row(
                _class_name(view, class_, measure),
                value_cells(view, shown(measure, class_)),
            )
            for class_ in classes
        ]
        blocks.append(Block(what.title.get(view.lang), rows, about(view, what)))
    foot = foot_of(view, [row for block in blocks for row in block.rows])
    return Table(view.say("page_classes_caption"), heads(view, view.say("page_class")), blocks, foot)


def _groups(view: View) -> Table | None:
    """Needs and response by group of patients; None when nothing is known of the groups."""
    blocks = []
    for what in _BY_GROUP:
        rows = []
        for group in GROUPS:
            values = [view.of_group(what.measure, model, what.class_, group) for model in view.models]
            if all(value != value for value in values):
                continue
            name = f"{group} {GROUP_TITLES[group].get(view.lang)}"
            rows.append(Row(name, [Cell(written(view, what, value)) for value in values]))
        if rows:
            blocks.append(Block(what.title.get(view.lang), rows, what.meaning.get(view.lang)))
    if not blocks:
        return None
    foot = foot_of(view, [row for block in blocks for row in block.rows])
    return Table(view.say("page_groups_caption"), heads(view, view.say("page_group")), blocks, foot)


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
    rows = []
    for row in view.inputs:
        notes = []
        if row.changed and row.default is not None:
            notes.append(view.say("page_changed", default=plain(row.default, view.lang)))
        if row.outside:
            notes.append(view.say("page_outside"))
        texts = (
            KINDS[row.kind].get(view.lang),
            plain(row.value, view.lang),
            *("–" if end is None else plain(end, view.lang) for end in (row.low, row.high)),
            unit(row.unit).many.get(view.lang),
        )
        rows.append(
            Row(
                row.title.get(view.lang),
                [
                    *(Cell(text) for text in texts),
                    Cell(QUALITIES[row.quality].get(view.lang)),
                    Cell(row.source, as_written=True),
                ],
                ", ".join(notes),
            )
        )
    heads = [
        view.say(f"page_{key}") for key in ("assumption", "kind", "value", "low", "high", "unit", "quality", "source")
    ]
    caption = view.say("page_assumptions_caption", share=percent(view.estimated.share, view.lang))
    return Table(caption, heads, [Block("", rows)], kind="register")


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
        ("repro_status", view.say(f"status_{manifest['status']}") if "status" in manifest else ""),
        ("repro_begun", _moment(view, str(manifest.get("begun", "")))),
        ("repro_settled", str(manifest["settled"]["said"][view.lang]) if "settled" in manifest else ""),
        ("repro_seconds", _seconds(view, manifest.get("seconds"))),
        ("repro_git", _git(view, manifest.get("git"))),
        ("repro_python", ", ".join(f"{k} {v}" for k, v in (manifest.get("versions") or {}).items())),
        ("repro_tape", next((str(tape.get("sha256", "")) for tape in manifest.get("tapes") or ()), "")),
    ]
    rows = [Row(view.say(key), [Cell(text, as_written=key in _AS_WRITTEN)]) for key, text in facts if text]
    return Table(
        view.say("page_repro_caption"), [view.say("page_fact"), view.say("page_value")], [Block("", rows)], kind="words"
    )


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
