"""The report room: figures and page from made-up results, in both languages and in the awkward cases."""

from __future__ import annotations

import math
import os
import pickle
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text as Words
from report_fixture import MODELS, NAMES, make_results

from sim.codes import GROUPS, UNPLANNED
from sim.comparison.balance import Balance
from sim.comparison.standing import Standing
from sim.errors import ResultsError
from sim.language.numbers import between, number, percent
from sim.measures.definitions import MEASURES, definition
from sim.measures.vocabulary import FILES_ONLY
from sim.report import figure_names, write_figures, write_page, write_report
from sim.report.figures import AWAY, FIGURES
from sim.report.figures.labels import box
from sim.report.figures.load import BUSY
from sim.report.helper import drawing_helper
from sim.report.ledger import ENTRIES
from sim.report.page import inline_svg
from sim.report.style import COLOURS, LINES, MARKERS, drawing, ink_on, model_styles
from sim.report.trust import trust_table, trust_words
from sim.report.view import View
from sim.report.words import HEADLINE, MAIN, more, say, shown
from sim.scenario import Scenario
from sim.study.executors import WorkerPool
from sim.study.results import Results
from sim.world.assumed import all_inputs, estimate_share


@pytest.fixture(scope="module")
def results() -> Results:
    return make_results()


@pytest.fixture(scope="module")
def page(results: Results, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_page(results, path, "sv")
    return path.read_text(encoding="utf-8")


class Outline(HTMLParser):
    """Tags that never close against those that do, headings in order, and every attribute."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.headings: list[int] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in ("meta", "link", "br", "img", "hr"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


def every_text(figure: Figure) -> Iterator[Words]:
    for artist in figure.findobj(Words):
        assert isinstance(artist, Words)
        if artist.get_visible() and artist.get_text().strip():
            yield artist


# --- figures ---------------------------------------------------------------------------------------


def test_every_figure_is_written_and_a_png_when_asked_for(results: Results, tmp_path: Path) -> None:
    drawn = [path.name for path in write_figures(results, tmp_path / "svg", "sv")]
    assert drawn == [f"{name}.svg" for name in figure_names()]
    paths = write_figures(results, tmp_path / "new" / "figures", "sv", png=True)
    assert [path.name for path in paths] == [f"{name}.{kind}" for name in figure_names() for kind in ("svg", "png")]
    assert len(figure_names()) >= 6
    for path in paths:
        if path.suffix == ".svg":
            assert ElementTree.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"
            assert "Illustrativa indata" in path.read_text(encoding="utf-8")  # matplotlib keeps the words as comments
        else:
            assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("kind", FIGURES, ids=lambda kind: kind.name)
def test_a_figure_has_its_footer_and_keeps_its_words_on_the_paper(kind, results: Results) -> None:  # type: ignore[no-untyped-def]
    view = View(results, "halland", "sv")
    with drawing():
        figure = kind.draw(view)
        figure.draw_without_rendering()
        paper = box(figure.bbox)
        said = {text.get_text() for text in every_text(figure)}
        for axis in figure.axes:
            if axis.get_visible():
                extent = axis.get_tightbbox()
                assert extent is None or box(extent).outside(paper) < 1.0, axis.get_title("left")
        loose = [*figure.texts, *(text for axis in figure.axes for text in axis.texts if axis.get_visible())]
        for text in (*loose, *(text for legend in figure.legends for text in legend.get_texts())):
            assert box(Words.get_window_extent(text)).outside(paper) < 1.0, f"{text.get_text()!r} is cut off"
    assert "halland · hembesok 0.1.0 · slumpfrö 2024 · n = 10 upprepningar" in said
    assert "Illustrativa indata" in said


def test_labels_on_the_map_do_not_meet(results: Results) -> None:
    kind = next(kind for kind in FIGURES if kind.name == "map_response")
    with drawing():
        figure = kind.draw(View(results, "halland", "sv"))
        figure.draw_without_rendering()
        for axis in figure.axes:
            labels = [text for text in axis.texts if text.get_text().split("\n")[0] in NAMES]
            boxes = [box(Words.get_window_extent(text)) for text in labels]
            for i, one in enumerate(boxes):
                assert all(one.overlap(other) == 0 for other in boxes[i + 1 :]), [text.get_text() for text in labels]
    assert sum(text.get_text().startswith("Hylte\n") for text in every_text(figure)) == 4


def test_the_same_results_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.report.figures.FIGURES", FIGURES[-2:])
    first_files, second_files = (write_figures(make_results(replications=2), tmp_path / name) for name in "ab")
    assert [path.read_bytes() for path in first_files] == [path.read_bytes() for path in second_files]


@pytest.fixture(scope="module")
def alone(results: Results, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The report's files, drawn by this process alone."""
    return report_of(results, tmp_path_factory.mktemp("alone"), None)


def report_of(results: Results, folder: Path, helper: Executor | None) -> dict[str, bytes]:
    write_report(results, folder / "report.html", folder / "figures", "sv", helper=helper)
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_helper_changes_no_byte(results: Results, alone: dict[str, bytes], tmp_path: Path) -> None:
    sent: list[Future[Any]] = []

    class Watched(WorkerPool):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            sent.append(super().submit(fn, *args, **kwargs))
            return sent[-1]

    with Watched(1, at_once=True) as helper:
        assert report_of(results, tmp_path, helper) == alone
    assert len(sent) == 1 and sent[0].result() is None and set(AWAY) < set(figure_names())


@pytest.mark.parametrize("when", ["before", "while it draws"])
def test_what_a_lost_helper_leaves_is_drawn_here(
    results: Results, alone: dict[str, bytes], tmp_path: Path, when: str
) -> None:
    with drawing_helper(2) as helper:
        assert isinstance(helper, WorkerPool)
        if when == "before":
            with pytest.raises(BrokenExecutor):
                helper.submit(os._exit, 1).result()
        else:
            helper.submit(os._exit, 1)  # first in its queue
        assert report_of(results, tmp_path, helper) == alone


def test_one_core_has_no_helper() -> None:
    with drawing_helper(1) as helper:
        assert helper is None


def test_where_no_process_can_be_had_there_is_no_helper(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*given: Any, **named: Any) -> None:
        raise NotImplementedError("no semaphores")

    monkeypatch.setattr("sim.report.helper.WorkerPool", refused)
    with drawing_helper(2) as helper:
        assert helper is None


def test_figures_are_sent_little(results: Results) -> None:
    view = View(results, "halland", "sv")
    assert view.estimate("response_min", "hybrid", "acute") == view.for_figures().estimate(
        "response_min", "hybrid", "acute"
    )
    assert len(pickle.dumps(view.for_figures())) < len(pickle.dumps(View(results, "halland", "sv")))
    assert view.for_figures().results.world.travel_min.size == 0


def test_a_model_keeps_one_look_that_no_other_has() -> None:
    styles = model_styles(list(MODELS))
    looks = [(s.colour, s.marker, s.line) for s in styles.values()]
    assert len(set(COLOURS)) == len(COLOURS) and len(set(MARKERS)) == len(MARKERS) and len(set(LINES)) == len(LINES)
    assert len(set(looks)) == len(looks)
    assert [s.colour for s in styles.values()][:4] == ["#0072B2", "#D55E00", "#009E73", "#CC79A7"]


@pytest.mark.parametrize("colour", COLOURS)
def test_colours_stand_out_from_white(colour: str) -> None:
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    assert 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05) >= 3.0
    assert ink_on((0.0, 0.0, 0.0)) == "white" != ink_on((1.0, 1.0, 1.0))


def test_the_reference_is_drawn_first_with_its_own_colour() -> None:
    results = make_results(models=("hybrid", "status_quo"), replications=2)
    view = View(results, "halland", "sv")
    assert view.models == ("status_quo", "hybrid")
    assert view.styles["hybrid"].colour == COLOURS[0]  # by presentation order


def test_municipalities_run_from_north_to_south(results: Results) -> None:
    assert View(results, "halland", "sv").municipalities == (
        "Kungsbacka",
        "Varberg",
        "Falkenberg",
        "Hylte",
        "Halmstad",
        "Laholm",
    )


def test_every_unplanned_class_is_measured_against_its_target(results: Results) -> None:
    kind = next(kind for kind in FIGURES if kind.name == "class_targets")
    with drawing():
        figure = kind.draw(View(results, "halland", "sv"))
    heads = [axis.get_title("left").replace("\n", " ") for axis in figure.axes]
    assert [head[-4:-1].strip("(") for head in heads] == ["A1", "A2", "A3", "PAL", "ADM"] == list(UNPLANNED)
    assert kind.takeaway(View(results, "halland", "sv")).count("inom målet") == len(UNPLANNED)


def test_calls_are_time_in_the_pictures_of_time(results: Results) -> None:
    assert BUSY == ["driving", "on_scene", "documenting", "telephone"]
    view = View(results, "halland", "sv")
    time_use = next(kind for kind in FIGURES if kind.name == "time_use")
    with drawing():
        figure = time_use.draw(view)
    said = [text.get_text() for text in every_text(figure)]
    assert {"telefon", "resor", "hos patient", "dokumentation", "beredskap, rast och annat"} <= set(said)
    calls = view.estimate("telephone_time_share", "hybrid").mean * (960 + view.estimate(
        "overtime_h_per_week", "hybrid").mean)  # fmt: skip
    assert any(text.endswith(f"och {number(calls, 'sv', 1)} h telefon") for text in said)
    bars = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    widths = [bar.get_width() for bar in bars[:6]]  # the first model's parts and their frame
    assert sum(widths[:5]) == pytest.approx(widths[5]) and min(widths) > 0


# --- numbers and words -----------------------------------------------------------------------------


def test_every_word_is_there_in_both_languages() -> None:
    for kind in FIGURES:
        assert say(f"{kind.key}_read", "sv") != say(f"{kind.key}_read", "en")


def test_estimates_agree_with_numbers_worked_out_by_hand(results: Results) -> None:
    table = results.measures
    table = table[table["group"] == "all"]
    rows = table[(table["measure"] == "response_min") & (table["class"] == "acute") & (table["municipality"] == "all")]
    values = rows[rows["model"] == "hybrid"]["value"].to_numpy()
    found = View(results, "halland", "sv").estimate("response_min", "hybrid", "acute")
    half = 2.2621571628 * values.std(ddof=1) / np.sqrt(10)  # t of 9 degrees of freedom at 0.975
    assert found.mean == pytest.approx(values.mean())
    assert (found.lower, found.upper) == pytest.approx((values.mean() - half, values.mean() + half))


def test_a_p90_that_is_infinite_once_has_no_mean(results: Results) -> None:
    table = results.measures.copy()
    where = (
        (table["measure"] == "response_p90_min")
        & (table["class"] == "A2")
        & (table["municipality"] == "all")
        & (table["model"] == "hybrid")
    )
    table.loc[table[where].index[0], "value"] = np.inf
    found = View(replace(results, measures=table), "halland", "sv").estimate("response_p90_min", "hybrid", "A2")
    assert found.mean == np.inf and not found.known and (found.missing, found.unbounded) == (0, 1)


# --- the page --------------------------------------------------------------------------------------


def test_the_page_is_well_formed_and_in_one_language(page: str) -> None:
    outline = Outline(page)
    assert outline.faults == [] and outline.open == []
    assert ("html", {"lang": "sv"}) in outline.tags
    assert page.startswith("<!DOCTYPE html>")
    assert outline.headings[0] == 1 and outline.headings.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in zip(outline.headings, outline.headings[1:], strict=False))


def test_the_page_needs_no_network_and_no_scripts(page: str) -> None:
    outline = Outline(page)
    for tag, attributes in outline.tags:
        assert tag not in ("script", "link", "iframe", "img", "object")
        for name, value in attributes.items():
            if name.split(":")[-1] in ("src", "href"):
                assert value is not None and value.startswith(("#", "data:image/png;base64,")), (tag, name)
            assert not name.startswith("on")
    assert "url(http" not in page and "@import" not in page


def test_ids_are_unique_and_links_lead_somewhere(page: str) -> None:
    outline = Outline(page)
    ids = [attributes["id"] for _, attributes in outline.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    targets = {
        value[1:] for _, a in outline.tags for name, value in a.items() if name == "href" and value and value[0] == "#"
    }
    targets |= set(re.findall(r"url\(#([^)]+)\)", page))
    labelled = {value for _, a in outline.tags if (value := a.get("aria-labelledby"))}
    assert targets | labelled <= set(ids)


def test_every_figure_has_words_for_those_who_do_not_see_it(page: str) -> None:
    pictures = [a for tag, a in Outline(page).tags if tag == "div" and a.get("role") == "img"]
    assert len(pictures) == len(FIGURES) == page.count("<figcaption>")
    assert all(len(a["aria-label"] or "") > 40 for a in pictures)


def test_every_table_has_a_caption_and_scopes(page: str) -> None:
    outline = Outline(page)
    assert page.count("<caption>") == page.count("<table") >= 6
    assert all(a.get("scope") in ("col", "row", "rowgroup") for tag, a in outline.tags if tag == "th")


def test_the_page_says_what_the_numbers_say(page: str, results: Results) -> None:
    for sentence in results.verdicts["sv"]:
        assert sentence in page
    view = View(results, "halland", "sv")
    for what in HEADLINE:
        assert what.title.sv in page
        assert number(view.estimate(what.measure, "hybrid", what.class_).mean * what.factor, "sv", 1) in page
    assert "Illustrativa indata" in page and "uppskattningar" in page
    assert "14,2" in page or re.search(r"\d,\d\u00a0h/vecka", page)
    assert not re.search(r">\s*nan\b|>None<|>inf\b", page, re.IGNORECASE)


# --- what the page says of payers, endings and groups ------------------------------------------------


def cells_of(page: str, caption: str) -> dict[str, list[str]]:
    """The cells of the table whose caption starts so, by row head, and what stands in small in the last; tags gone."""
    table = next(t for t in re.findall(r"<table.*?</table>", page, re.DOTALL) if f"<caption>{caption}" in t)
    found = {}
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.DOTALL):
        head, *cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        bare = [re.sub(r"\s*<(small|span).*", "", cell, flags=re.DOTALL) for cell in (head, *cells)]
        found[bare[0]] = [*bare[1:], " ".join(re.findall(r"<small>(.*?)</small>", [head, *cells][-1]))]
    return found


def compared(results: Results, measure: str, model: str, column: str, class_: str = "all") -> float:
    table = results.comparison
    rows = table[(table["measure"] == measure) & (table["municipality"] == "all") & (table["class"] == class_)]
    return float(rows[rows["model"] == model][column].iloc[0])


def test_the_payers_table_holds_the_comparison(page: str, results: Results) -> None:
    table = cells_of(page, "Skillnad i kostnad per år")
    assert list(table) == ["Modell", "Kort sikt", "Central mobil enhet", "Vårdcentralsledd", "Hybrid"]
    assert table["Modell"][:3] == ["Regionen", "Kommunerna", "Tillsammans"]
    for place, measure in enumerate(("cost_region", "cost_municipalities", "cost_total")):
        value = compared(results, measure, "hybrid", "difference") / 1e6
        assert table["Hybrid"][place] == f"{number(value, 'sv', 2, sign=True)}\u00a0mnkr/år*"
    low, high = (compared(results, "cost_total", "hybrid", key) / 1e6 for key in ("lower", "upper"))
    assert table["Hybrid"][3] == f"({between(number(low, 'sv', 2), number(high, 'sv', 2), 'sv')})"


def test_consequences_have_units_and_mark_estimates(page: str, results: Results) -> None:
    table = cells_of(page, "Kort sikt: värdet")
    view = View(results, "halland", "sv")
    there = [e for e in ENTRIES if view.estimate(e.measure, "hybrid", definition(e.measure).classes[0]).known]
    assert {"transports", "nurse_h_per_year", "cost_region", "hours_per_week"} <= {entry.measure for entry in there}
    assert [head for head in table if "(" in head] == [
        f"{definition(e.measure).title.sv}{'*' if e.estimated else ''} ({shown(e.measure).unit.sv})" for e in there
    ]
    assert [party for party in table if party in ("Regionen", "Kommunerna")] == ["Regionen", "Kommunerna"]
    nurses = table["Sjukskötersketimmar* (h/år)"]
    assert nurses[0] == number(view.estimate("nurse_h_per_year", "status_quo").mean, "sv")
    assert nurses[3] == number(compared(results, "nurse_h_per_year", "hybrid", "difference"), "sv", sign=True)
    clinic = table["Undanträngd mottagningstid (h/vecka)"]
    assert clinic[1:] == ["\u2212400,0"] * 3 + [""]  # no interval where nothing varies


def test_what_became_of_the_requests_sums_to_all_requests(page: str, results: Results) -> None:
    table = cells_of(page, "Ärenden per år i hela regionen")
    ways = [say(f"ending_{key}", "sv") for key in (
        "visited", "telephone", "referred_to_vardcentral", "referred_to_ed", "referred_to_telephone", "cancelled",
        "escalated", "open",
    )]  # fmt: skip
    assert [head for head in table if head in ways] == ways

    def read(text: str) -> float:
        return float(text.replace("\u00a0", "").replace(",", "."))

    for model in range(4):
        parts = [read(table[head][model]) for head in ways]
        assert sum(parts) == pytest.approx(
            read(table["Alla ärenden"][model]), abs=5
        )  # made-up referrals near their share
        assert min(parts) > 0
    rows = results.measures[
        (results.measures["model"] == "hybrid") & (results.measures["municipality"] == "all")
        & (results.measures["group"] == "all") & (results.measures["class"] == "all")
    ]  # fmt: skip
    wide = rows.pivot(index="replication", columns="measure", values="value")
    calls = float((wide["telephone"] * wide["requests"]).mean())
    assert table["Löstes per telefon"][3] == number(calls, "sv")
    assert table["Löstes per telefon"][4] == f"({percent(calls / wide['requests'].mean(), 'sv', 1)})"


def test_groups_have_their_own_values(page: str, results: Results) -> None:
    view = View(results, "halland", "sv")
    every = view.estimate("requests", "hybrid").mean
    assert view.of_group("requests", "hybrid", "all", "G3") == pytest.approx(0.5 * every)
    table = cells_of(page, "Hela regionen efter patientgrupp")
    assert [head[:2] for head in table if head[0] == "G"] == list(GROUPS[:-1])  # nothing is known of the last


def test_the_share_of_estimates_stands_beside_illustrative(page: str) -> None:
    found = estimate_share(Scenario())  # the one count: that of the command assumptions too
    share = percent(found.share, "sv")
    assert f"Illustrativa indata.</strong> {share} av talen om omvärlden ({found.estimates} av {found.total})" in page
    assert f"{share} av talen om omvärlden är uppskattningar</p></footer>" in page
    assert f"Visa alla {len(all_inputs(Scenario()))} antaganden" in page


def test_every_measure_is_shown_once_or_left_out_on_purpose() -> None:
    spoken = [(what.measure, what.class_) for what in (*MAIN, *(what for _, listed in more() for what in listed))]
    assert len(spoken) == len(set(spoken)) and 8 <= len(MAIN) <= 12
    told = {measure for measure, _ in spoken} | {entry.measure for entry in ENTRIES}
    told |= {"requests", "escalated", "open", "telephone", "cancelled", "referred"}  # the table of endings
    told |= {"driving_share", "on_scene_share", "documenting_share", "telephone_time_share", "idle_share"}  # a picture
    for item in MEASURES:  # told: by its subject, or by those that name it; if not, its subject must say so
        assert (item.name in told) == (item.subject != FILES_ONLY), f"give {item.name} a subject, or FILES_ONLY"
    for measure, class_ in spoken:
        assert class_ in definition(measure).classes


@pytest.mark.usefixtures("few_figures")
def test_two_scenarios_or_two_studies_are_kort_and_lang_sikt(results: Results, tmp_path: Path) -> None:
    def written(found: Results, later: Results | None = None) -> str:
        path = tmp_path / "report.html"
        write_page(found, path, "sv", later=later)
        text = path.read_text(encoding="utf-8")
        assert Outline(text).faults == []
        return text

    two = make_results(replications=2, scenarios=("i_dag", "2035"), years=(2024, 2035))
    text = written(two)
    assert text.count('id="consequences"') == 1
    table = cells_of(text, "Skillnad i kostnad per år")
    assert [head for head in table if "sikt" in head] == [f"{w} sikt: Halland: fyra modeller" for w in ("Kort", "Lång")]
    assert "<caption>Lång sikt: Halland" in text
    after = make_results(replications=2, title="Halland 2035", years=(2035,))
    text = written(results, after)
    assert "Lång sikt: Halland 2035" in text
    nurses = cells_of(text, "Lång sikt: Halland 2035")["Sjukskötersketimmar* (h/år)"]
    assert nurses[3] == number(compared(after, "nurse_h_per_year", "hybrid", "difference"), "sv", sign=True)
    three = written(make_results(replications=2, scenarios=("a", "b", "c")))
    assert "Kort sikt" not in three and "Lång sikt" not in three
    same_year = written(make_results(replications=2, scenarios=("a", "b")))
    assert "Kort sikt" not in same_year and "Lång sikt" not in same_year
    with pytest.raises(ResultsError, match="population year 2024"):
        written(results, make_results(replications=2, title="another seed"))
    with pytest.raises(ResultsError, match="lacks vardcentral_led, hybrid"):
        written(results, make_results(models=("status_quo", "central_team"), replications=2, years=(2035,)))
    with pytest.raises(ResultsError, match="one scenario in each"):
        written(two, results)


def test_better_and_worse_are_words(page: str, results: Results) -> None:
    found = results.comparison
    headline = found[(found["municipality"] == "all") & found["measure"].isin([s.measure for s in HEADLINE])]
    assert {"better", "worse"} <= set(headline["verdict"])
    assert '<span class="word better">bättre</span>' in page
    assert '<span class="word worse">sämre</span>' in page


@pytest.fixture
def few_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """One figure is enough where the test is about the text around it."""
    monkeypatch.setattr("sim.report.page.FIGURES", FIGURES[4:5])


@pytest.mark.usefixtures("few_figures")
def test_user_text_is_escaped_and_dollars_are_dollars(tmp_path: Path) -> None:
    results = make_results(
        models=("status_quo", "fifth"), replications=2, title="<script>alert('x')</script> & så & \"vidare\" $x$"
    )
    path = tmp_path / "report.html"
    write_page(results, path, "sv")
    text = path.read_text(encoding="utf-8")
    assert "<script" not in text and "&lt;script&gt;" in text
    assert "Närteam med &lt;gemensam&gt; växel &amp; $jour$" in text
    assert Outline(text).faults == []


ENGLISH = "the of and with from are by each without which this that not than within share minutes travel requests mean"
SWEDISH = (
    "och av för är inte med som på till ett från eller vid varje utan denna det andel minuter restid ärenden bättre"
)


def foreign(text: str, lang: str) -> list[str]:
    """The words of the text that belong to the other language."""
    words = "|".join((ENGLISH if lang == "sv" else SWEDISH).split())
    return re.findall(rf"(?<![\w-])(?:{words})(?![\w-])", text, re.I)


def running_text(page: str) -> str:
    """What is read on a page: no drawings, no tags, nothing that is given as it was written somewhere else."""
    bare = re.sub(r"<style.*?</style>|<svg.*?</svg>|<td translate=\"no\">.*?</td>", " ", page, flags=re.DOTALL)
    labels = " ".join(re.findall(r'(?:aria-label|title|alt)="([^"]*)"', bare))
    return unescape(re.sub(r"<[^>]+>", " ", bare) + labels)


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.usefixtures("few_figures")
def test_a_page_holds_no_word_of_the_other_language(lang: str, tmp_path: Path) -> None:
    write_page(make_results(replications=3), tmp_path / "report.html", lang)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f'<html lang="{lang}">' in text
    assert {"sv": "Illustrativa indata", "en": "Illustrative input data"}[lang] in text
    read = running_text(text)
    assert len(read.split()) > 2000
    assert foreign(read, lang) == []
    assert len(foreign(read, "en" if lang == "sv" else "sv")) > 300  # the words do occur in the language that is theirs


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_figure_holds_no_word_of_the_other_language(lang: str, results: Results) -> None:
    view = View(results, "halland", lang)
    for kind in FIGURES:
        with drawing():
            said = [text.get_text() for text in every_text(kind.draw(view))]
        assert foreign(" ".join(said), lang) == [], kind.name
        assert foreign(" ".join(said), "en" if lang == "sv" else "sv"), kind.name


@pytest.mark.parametrize(
    "options",
    [
        {"replications": 1, "models": ("status_quo", "hybrid")},
        {"models": ("hybrid",), "replications": 2, "planned": False},
        {"models": tuple(MODELS), "replications": 2},
    ],
    ids=["one replication", "one model, not the reference, no planned visits", "six models"],
)
@pytest.mark.usefixtures("few_figures")
def test_awkward_studies_are_drawn_and_told(options, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    results = make_results(**options)
    path = tmp_path / "report.html"
    write_page(results, path, "sv")
    text = path.read_text(encoding="utf-8")
    assert Outline(text).faults == []
    view = View(results, "halland", "sv")
    with drawing():
        for kind in FIGURES:
            kind.draw(view)
            assert kind.takeaway(view)
    if options.get("replications") == 1:
        assert "inga intervall" in text
    if options.get("planned") is False:
        assert "Tecknet – betyder" in text
    if len(results.models) == 1:
        assert "inget att jämföra med" in FIGURES[3].takeaway(view)


@pytest.mark.usefixtures("few_figures")
def test_empty_tables_and_a_region_without_outlines_do_not_stop_it(results: Results, tmp_path: Path) -> None:
    world = replace(results.world, outlines=())
    bare = replace(
        results,
        measures=results.measures.iloc[:0],
        curves=results.curves.iloc[:0],
        hours=results.hours.iloc[:0],
        comparison=results.comparison.iloc[:0],
        findings=(),
        world=world,
        manifest={},
    )
    with drawing():
        for kind in FIGURES:
            kind.draw(View(bare, "halland", "sv"))
    write_page(bare, tmp_path / "report.html", "sv")
    assert "Det finns inga jämförelser att redovisa." in (tmp_path / "report.html").read_text(encoding="utf-8")
    with drawing():
        figure = next(kind for kind in FIGURES if kind.name == "map_response").draw(
            View(replace(results, world=world), "halland", "en")
        )
    assert any(text.get_text().startswith("Laholm\n") for text in every_text(figure))


@pytest.mark.usefixtures("few_figures")
def test_two_scenarios_get_figures_and_parts_of_their_own(tmp_path: Path) -> None:
    results = make_results(models=("status_quo", "hybrid"), replications=2, scenarios=("halland", "winter"))
    path = tmp_path / "report.html"
    write_page(results, path, "sv")
    text = path.read_text(encoding="utf-8")
    assert text.count("<figcaption>") == 2 and Outline(text).faults == []
    assert View(results, "winter", "sv").footer[0].startswith("halland / winter")


def test_inline_svg_drops_what_a_page_must_not_hold() -> None:
    text = (
        '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "x" "http://y">\n'
        '<svg xmlns:xlink="http://z" width="1pt" viewBox="0 0 720 400.5" version="1.1">'
        '<metadata><a href="http://q"/></metadata><!-- <b> -->'
        '<g id="a"><use xlink:href="#m"/><path clip-path="url(#c)"/></g></svg>'
    )
    assert inline_svg(text, "p") == (
        '<svg viewBox="0 42 720 358.5" aria-hidden="true" focusable="false">'
        '<g id="p-a"><use href="#p-m"/><path clip-path="url(#p-c)"/></g></svg>'
    )


def test_pairing_may_make_the_spread_nothing(results: Results) -> None:
    frame = results.comparison.assign(variance_reduction=math.inf)
    words = dict(trust_words(View(replace(results, comparison=frame), "halland", "en")))
    assert "∞" in words[say("trust_pairing", "en")]


def test_the_method_says_how_far_the_means_may_be_trusted(results: Results, tmp_path: Path) -> None:
    weeks = {"status_quo": 2.0, "central_team": 1.0, "vardcentral_led": 8.0, "hybrid": float("inf")}
    known = {name: Standing(960.0, Balance(warm_up_weeks=value)) for name, value in weeks.items()}
    told = replace(results, standings={"halland": known})
    for lang in ("sv", "en"):
        view = View(told, "halland", lang)
        text = dict(trust_words(view))
        assert len(text) == 3
        fills, needed, pairing = (text[say(f"trust_{key}", lang)] for key in ("fill", "needed", "pairing"))
        assert re.search(r"team 1 week,|enhet 1 vecka,", fills) and re.search(r"half a year|ett halvår", fills)
        assert re.search(
            r"(6 weeks is too short for|6 veckor är för kort för) Vårdcentral\w*-?led\w* (and|och) Hybrid", fills
        )
        rows = told.comparison.dropna(subset=["replications_needed"])
        assert number(float(rows["replications_needed"].max()), lang) in needed
        assert number(float(rows["variance_reduction"].median()), lang, 1) in pairing
        table = trust_table(view)
        assert table is not None and [row.head for row in table.blocks[0].rows] == [w.title.get(lang) for w in HEADLINE]
        first = rows[(rows["measure"] == HEADLINE[0].measure) & (rows["model"] == view.others[0])].iloc[0]
        assert table.blocks[0].rows[0].cells[0].value == number(first["replications_needed"], lang)
        write_page(told, tmp_path / "report.html", lang)
        page = unescape((tmp_path / "report.html").read_text(encoding="utf-8"))
        method = page[page.index('id="method"') :]
        assert all(words in method for words in (fills, needed, pairing, table.caption))
    assert [head for head, _ in trust_words(View(results, "halland", "en"))] == [
        say("trust_needed", "en"), say("trust_pairing", "en"),
    ]  # fmt: skip
    one = make_results(replications=1)
    assert trust_words(View(one, "halland", "en")) == [] and trust_table(View(one, "halland", "en")) is None
