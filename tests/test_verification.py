"""The commands of `verification/`: how a figure is judged, what is printed and written, and the exit status."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest

import models
import sim
import verification.__main__ as command
from sim.codes import A1, ESCALATED
from sim.grid import to_grid
from sim.language.tables import markdown
from sim.organisation import Between
from tools.pages import write_between
from verification import identities, reality
from verification.cases import Case
from verification.draws import Draws
from verification.families import all_cases
from verification.observe import happened_by, mean_present, numbers_at, share_of_time
from verification.printing import cells, number, page, summary
from verification.reality.patterns import BAND_NAMES, out_hours_staffed, out_of_hours, patterns, see
from verification.reality.published import PUBLISHED, Published
from verification.rows import RARE, Ratio, Row, Spread, estimated, exact, judged, values_of
from verification.setup import (
    FULL,
    QUICK,
    Effort,
    always,
    beginning,
    differing_fields,
    go,
    make_world,
    one_place,
    queue_tape,
    staged,
    team,
)
from verification.space import diamonds, hexagons, squares
from verification.tours import one_tour, planned, shortest

# --- rows -----------------------------------------------------------------------------------------


def test_an_estimate_has_z_and_half_width() -> None:
    row = estimated("case", "mean", 3.0, [1.0, 2.0, 3.0, 4.0, 5.0])
    error = math.sqrt(2.5 / 5)
    assert row.got == 3.0
    assert row.z == 0.0
    assert row.half_width == pytest.approx(2.7764451 * error)
    assert row.replications == 5
    assert not row.passes()  # far too wide
    assert estimated("case", "mean", 1.0, [1.0, 2.0, 3.0, 4.0, 5.0]).z == pytest.approx(2.0 / error)
    assert estimated("case", "mean", 1.0, [1.0, 3.0], se=3.0).z == pytest.approx(1.0 / math.sqrt(10.0))


@pytest.mark.parametrize(
    ("got", "half", "z", "passes"),
    [(1.0, 0.0199, 3.49, True), (1.0, 0.0199, -3.51, False), (1.0, 0.0201, 0.0, False), (1.0, 0.0, math.nan, False)],
)
def test_a_row_must_be_near_and_narrow(got: float, half: float, z: float, passes: bool) -> None:
    row = Row("case", "x", 1.0, got, half, z, "compiled", 30)
    assert row.passes() is passes
    assert FULL.accepts(row) is passes


def test_a_quick_look_has_wider_limits() -> None:
    row = Row("case", "x", 1.0, 1.0, 0.05, 4.0, "compiled", 10)
    assert QUICK.accepts(row)
    assert not FULL.accepts(row)
    assert (FULL.replications(120), QUICK.replications(120), QUICK.replications(30)) == (120, 24, 10)


def test_what_is_exact_must_be_met() -> None:
    assert exact("case", "x", 0, 0).passes()
    assert not exact("case", "x", 0, 1e-12).passes()
    assert exact("case", "x", 0, 1e-12, tolerance=1e-9).passes()
    assert exact("case", "x", 200.0, 201.0, tolerance=0.01).passes()
    assert not exact("case", "x", 200.0, 203.0, tolerance=0.01).passes()
    assert not QUICK.accepts(exact("case", "x", 0, 1))


def test_without_spread_an_estimate_is_right_or_wrong() -> None:
    assert estimated("case", "x", 2.0, [2.0, 2.0, 2.0]).passes()
    assert estimated("case", "x", 2.0, [2.1, 2.1, 2.1]).z == math.inf


def test_ratios_and_spreads_are_estimated_over_all_replications() -> None:
    values = values_of([Ratio(1.0, 1.0), Ratio(6.0, 3.0)])
    assert values.mean() == pytest.approx(7 / 4)
    drawn = np.random.default_rng(1).normal(5.0, 2.0, (400, 50))
    moments = [Spread(float(x.mean()), float((x**2).mean()), root=True) for x in drawn]
    row = estimated("case", "sd", float(drawn.std()), moments)
    assert row.got == pytest.approx(float(drawn.std()))
    assert row.half_width == pytest.approx(1.966 * 2.0 / math.sqrt(2 * drawn.size), rel=0.1)
    squares_only = [dataclasses.replace(m, root=False) for m in moments]
    assert values_of(squares_only).mean() == pytest.approx(float(drawn.var()))


def test_a_quantity_that_was_not_measured_is_an_error() -> None:
    with pytest.raises(KeyError, match="Lq"):
        judged("case", {"Lq": 1.0}, {"Wq": [1.0, 2.0]})
    rows = judged("case", {"P0": 1.0, "P1": 1.0}, {"P0": [1.0, 1.1], "P1": [1.0, 1.1]}, rare=("P0",))
    assert [row.width for row in rows] == [RARE, 0.02]


# --- what is read from a journal ------------------------------------------------------------------


def test_time_averages_by_hand() -> None:
    start, end = np.array([0.0, 4.0, 9.0]), np.array([6.0, np.nan, 12.0])
    assert mean_present(start, end, 2.0, 10.0) == pytest.approx((4 + 6 + 1) / 8)
    held = share_of_time([(start, 1), (end, -1)], 2.0, 10.0)
    assert held == pytest.approx({0: 0.0, 1: 2 / 8 + 3 / 8, 2: 2 / 8 + 1 / 8})
    assert numbers_at(np.array([0.0, 5.0, 6.0, 20.0]), start, end).tolist() == [1, 2, 1, 1]
    assert happened_by(np.array([[0.0, 100.0]]), end).tolist() == [[0, 2]]


def test_draws_have_names_and_replications() -> None:
    one = Draws("case", 1)
    assert np.array_equal(one.uniform("a", 5), Draws("case", 1).uniform("a", 9)[:5])
    different = (one.uniform("b", 5), Draws("case", 2).uniform("a", 5), Draws("other", 1).uniform("a", 5))
    assert all(not np.array_equal(one.uniform("a", 5), other) for other in different)
    n = 200_000
    assert one.exponential("e", 3.0, n).mean() == pytest.approx(3.0, rel=0.01)
    values = one.lognormal("l", 2.0, 0.6, n)
    assert values.mean() == pytest.approx(2.0, rel=0.01)
    assert values.std() / values.mean() == pytest.approx(0.6, rel=0.02)
    assert np.bincount(one.choice("c", np.array([1.0, 3.0]), n)) / n == pytest.approx([0.25, 0.75], abs=0.005)
    counts = [Draws("p", i).poisson("n", 50.0) for i in range(2_000)]
    assert np.mean(counts) == pytest.approx(50.0, abs=0.6)
    assert np.var(counts) == pytest.approx(50.0, rel=0.12)
    times = one.arrivals("t", 2.0, 1_000.0)
    assert (np.diff(times) > 0).all()
    assert times[-1] < 1_000.0
    assert len(times) == pytest.approx(2_000, abs=180)


# --- places ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("bases_of", [squares, hexagons, diamonds])
def test_one_base_to_a_unit_of_area(bases_of: object) -> None:
    assert callable(bases_of)
    bases, (width, height) = bases_of(Draws("x", 1))
    assert width * height == pytest.approx(len(bases))
    assert (bases < (width, height)).all()
    assert len(np.unique(bases.round(6), axis=0)) == len(bases)


def test_the_shortest_tour_is_that_of_all_orders() -> None:
    from itertools import permutations

    from verification.space import between_all, euclid, scattered

    travel = to_grid(between_all(scattered(Draws("tour", 1), 7), euclid))
    best = min(
        sum(travel[a, b] for a, b in zip((0, *order), (*order, 0), strict=True)) for order in permutations(range(1, 7))
    )
    room = np.zeros(7, dtype=np.int64)
    assert shortest(travel.ravel(), 7) == pytest.approx(best)
    assert planned(travel.ravel(), 7, room, room.copy()) >= best - 1e-12
    short, plan = one_tour(Draws("tour", 2), 6, "centre")
    assert 0 < short <= plan


# --- identities can fail --------------------------------------------------------------------------


def test_a_journal_that_is_wrong_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(row.passes() for row in identities.time_identities(FULL))
    honest = go

    def late(*given: object) -> object:
        journal = honest(*given)  # type: ignore[arg-type]
        t1 = journal.t1.copy()
        t1[~np.isnan(journal.t4)] += 1.0
        te = np.full_like(journal.te, np.nan)
        return journal.with_columns(t1=t1, te=te, idle_min=journal.idle_min + 1.0)

    monkeypatch.setattr(identities, "go", late)
    wrong = [row.quantity for row in identities.time_identities(FULL) if not row.passes()]
    assert any(text.startswith("response =") for text in wrong)
    assert any(text.startswith("requests =") for text in wrong)
    assert any(text.startswith("minutes of a shift") for text in wrong)


def test_differences_count_what_happened_in_one_only() -> None:
    one = np.array([1.0, np.nan])
    assert identities.worst(one, one) == 0.0
    assert identities.worst(one, np.array([1.5, np.nan])) == 0.5
    assert identities.worst(one, np.array([1.0, 2.0])) == math.inf


def test_clocks_that_differ_are_noticed() -> None:
    world = one_place(50, 1.0)
    tape = queue_tape(world, np.array([1.0, 1.2]), np.array([0.5, 0.5]), patience_h=0.1)
    journal = go(tape, world, team(always()))
    assert journal.outcome[1] == ESCALATED
    assert differing_fields(journal, journal) == []
    t3 = journal.t3.copy()
    t3[0] = np.nextafter(t3[0], np.inf)
    assert differing_fields(journal, journal.with_columns(t3=t3)) == ["requests.t3"]
    assert len(beginning(tape, 1)) == 1


# --- the command ----------------------------------------------------------------------------------


def made_case(name: str, answer: float) -> Case:
    def run(effort: Effort) -> list[Row]:
        return [estimated(name, "x", answer, [0.999, 1.0, 1.001] * 10), exact(name, "y", 0, 0)]

    return Case(name, "Made", "Three numbers.", "Nobody 1900", run)


def test_the_command_writes_and_judges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = (made_case("good", 1.0), Case("later", "Made", "Waits for a mechanic.", "Nobody", None))
    monkeypatch.setattr(command, "all_cases", lambda: cases)
    target = tmp_path / "page.md"
    target.write_text(f"# Before\n\n{command.MARKS[0]}\nold\n{command.MARKS[1]}\nAfter\n", encoding="utf-8")
    assert command.main(["--markdown", str(target)]) == 0
    written = target.read_text(encoding="utf-8")
    assert written.startswith("# Before")
    assert written.endswith("After\n")
    assert "old" not in written
    assert "| x | 1 | 1 |" in written
    assert "Not yet." in written
    assert command.main(["--markdown", str(target), "--only", "good"]) == 0
    again = target.read_text(encoding="utf-8")
    assert command.main(["--markdown", str(target), "--only", "good"]) == 0
    assert target.read_text(encoding="utf-8") == again
    assert "2 ok, 0 fail" in capsys.readouterr().out

    monkeypatch.setattr(command, "all_cases", lambda: (made_case("bad", 1.01),))
    assert command.main(["--failures"]) == 1
    printed = capsys.readouterr().out
    assert "FAILS" in printed
    assert "1 fail" in printed
    with pytest.raises(SystemExit):
        command.main(["--only", "good"])


def test_tables() -> None:
    assert [number(x) for x in (3.0, 0.123456, 1e-7, 12345678.0)] == ["3", "0.12346", "1e-07", "1.2346e+07"]
    row = estimated("case", "a | b", 1.0, [1.0, 1.01])
    assert cells(row, FULL)[-1] == "**FAILS**"
    assert "a \\| b" in markdown(("q",), [("a | b",)])
    case = made_case("one", 1.0)
    assert case.run is not None
    found = {"one": case.run(FULL)}
    assert "2 figures of 1 cases: 2 ok, 0 fail." in summary(found, FULL)
    text = page([case], found, FULL)
    assert "Seed 2024" in text
    assert "Nobody 1900" in text


def test_a_page_without_marks_gets_them(tmp_path: Path) -> None:
    write_between(tmp_path / "new.md", "words", ("<!-- a -->", "<!-- b -->"))
    assert (tmp_path / "new.md").read_text(encoding="utf-8") == "<!-- a -->\n\nwords\n\n<!-- b -->\n"


def test_a_quick_case_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--quick", "--only", "mg1_det", "loss_c3"]) == 0
    assert "mg1_det" in capsys.readouterr().out


def test_the_pages_are_of_these_cases() -> None:
    docs = Path(__file__).resolve().parent.parent / "docs"
    written = (docs / "verification.md").read_text(encoding="utf-8")
    assert command.MARKS[0] in written
    for case in all_cases():
        assert f"**{case.name}.** {case.how}" in written
    assert "FAILS" not in written
    beside = (docs / "reality.md").read_text(encoding="utf-8")
    assert command.REALITY_MARKS[0] in beside
    for published in PUBLISHED:
        assert published.what in beside
        assert published.source in beside


# --- reality --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def laid() -> reality.Laid:
    """Two short replications of the default scenario under the four models."""
    scenario = sim.load_scenario(reality.SCENARIO).with_changes({"calendar.weeks": 4, "calendar.warm_up_weeks": 1})
    return reality.compare_with_published(2, scenario)


def test_every_published_figure_has_a_simulated_one(laid: reality.Laid) -> None:
    assert list(laid.found) == list(models.FIRST)
    for found in laid.found.values():
        assert {published.key for published in PUBLISHED} - {"cost"} <= set(found)
        assert found["all visits"].value > 10_000
        assert 0 < found["visits per hour"].value < 2
        assert 0 < found["response"].value < 500
    table = reality.lines(laid)
    assert [len(line) for line in table] == [3 + len(laid.found)] * len(PUBLISHED)
    text = reality.as_page(laid, 2)
    assert all(name in text for name in BAND_NAMES)
    assert "not simulated beyond" in text


def test_effects() -> None:
    ratio = Published("x", "x", 4.0, 3.0, 6.0, "a year", "measured", "", "")
    assert reality.effect(ratio, 2.0) == "× 0.50, below"
    assert reality.effect(ratio, 5.0) == "× 1.25, inside"
    assert reality.effect(dataclasses.replace(ratio, low=4.0, high=4.0), 8.0) == "× 2.00"
    part = Published("x", "x", 0.5, 0.5, 0.5, "share", "measured", "", "", True)
    assert reality.effect(part, 0.25) == "-25 pp"
    assert reality.effect(part, math.nan) == "nobody"
    assert [reality.shown(v, u) for v, u in ((0.25, "share"), (12345.6, ""), (1.234, ""), (math.nan, ""))] == [
        "25.0 %", "12 346", "1.23", "–",
    ]  # fmt: skip
    assert reality.summed([Ratio(0.0, 0.0), Ratio(0.0, 0.0)]).value is np.nan
    assert reality.summed([2.0]).value == 2.0


def test_patterns_by_hand() -> None:
    """One physician round the clock; a visit in office hours on Monday, two in the evening, one of them far away."""
    world = make_world([[0.0, 10.0, 30.0]] * 3, 7)
    times = np.array([9.0, 18.0, 20.0])
    tape = queue_tape(
        world, times, np.full(3, 0.5), node=np.array([1, 1, 2]), klass=np.full(3, A1), warm_up_h=0.0
    )  # fmt: skip
    made = team(always(), between=Between.STAND_BY)
    tables = staged(made, world).tables(made.name)
    journal = go(tape, world, made)
    assert out_of_hours(journal.t4, world).tolist() == [False, True, True]
    from sim.study.rows import shift_rows, visit_rows

    empty = visit_rows(tape, world, tables, journal)
    one = sim.Run(empty, shift_rows(tape, world, tables, journal), empty, empty, empty, tape, journal)
    assert out_hours_staffed(one, world) == 5 * 15 + 2 * 24
    found = patterns(see(one, world), sim.Scenario())
    assert found["within 15"] == Ratio(1.0, 2.0)
    assert found[f"within 15, {BAND_NAMES[3]}"] == Ratio(1.0, 1.0)  # 10 km
    assert found["within 15, far"] == Ratio(0.0, 1.0)
    assert found["response"] == Ratio(40.0, 2.0)
    assert found["visits per hour"] == Ratio(2.0, 123.0)
    assert found["same day"] == Ratio(1.0, 1.0)
    assert found["out of hours"] == pytest.approx(2 * 52)
    assert found["per 1000, Norway"] == pytest.approx(2 * 52 / 3)
    assert found["all visits"] == pytest.approx(3 * 52)
