"""Cases with exact answers, built from the public pieces: world, tape, organisation, engine. See `verification/`.

Every estimate needs |z| < 3.5 over at least 30 replications and a 95 % half-width below 2 % of the answer (6 % for what
happens seldom); what is exact must be met. The first 10 000 requests of every case are run on the SimPy clock too and
must give the same journal to the last bit. Cases and answers: tests/data/theory_cases.json.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from verification.cases import Case, answers
from verification.families import all_cases, case
from verification.rows import BOTH, COMPILED, FORMULA, RARE, WIDTH, Z_LIMIT, Row
from verification.setup import COMPARED, FULL

NAMES = [each.name for each in all_cases()]
LONG = {"bhh_small", "geometry_constants"}  # take ten seconds each
WITHOUT_CLOCKS = {"bhh_small"}  # the planner of tours alone

# What stands among the answers without being one: inputs, sizes, numerical leftovers, other ways of writing an answer.
NO_ANSWER = {
    "N", "cycles", "period", "tail", "mass_at_K", "t", "lam", "published", "items", "depot", "stops", "points", "se",
    "ratio_sqrtNA", "ratio_sqrt_nA", "johnson_mcgeoch", "conservation_sum_rhoW",
}  # fmt: skip


def cases(names: list[str]) -> list[Any]:
    """As parameters, the long ones among the slow tests."""
    return [pytest.param(name, marks=pytest.mark.slow) if name in LONG else name for name in names]


@cache
def rows_of(name: str) -> tuple[Row, ...]:
    """The rows of a case, run once."""
    chosen = case(name)
    assert chosen.run is not None, chosen.how
    return tuple(chosen.run(FULL))


def numbers(answer: Any, key: str = "") -> Iterator[tuple[str, float]]:
    """Every number among the answers of a case, with the key it stands under."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            if name not in NO_ANSWER:
                yield from numbers(value, name if isinstance(value, dict | list) or not key else f"{key} {name}")
    elif isinstance(answer, list):
        for value in answer:
            yield from numbers(value, key)
    elif isinstance(answer, int | float):
        yield key, float(answer)


@pytest.mark.parametrize("name", cases(NAMES))
def test_every_figure_meets_its_answer(name: str) -> None:
    rows = rows_of(name)
    wrong = [str(row) for row in rows if not row.passes()]
    assert not wrong, "\n".join(wrong)
    for row in rows:
        assert row.width in (0.0, WIDTH, RARE)
        if row.width:
            assert row.replications >= 30
            assert row.half_width > 0
            assert abs(row.z) < Z_LIMIT
            assert row.engine in (COMPILED, FORMULA)


@pytest.mark.parametrize("name", cases([name for name in NAMES if name not in WITHOUT_CLOCKS]))
def test_both_clocks_agree_to_the_last_bit(name: str) -> None:
    clocks = [row for row in rows_of(name) if row.engine == BOTH]
    assert clocks
    for row in clocks:
        assert (row.expected, row.got) == (0.0, 0.0)
        if name not in ("invariants", "geometry_constants"):  # these have fewer requests in all
            assert f"({COMPARED} requests)" in row.quantity


@pytest.mark.parametrize("name", cases(NAMES))
def test_every_answer_is_checked(name: str) -> None:
    """Each number of the case stands as the expected figure of some row (dispatch matrices as shares of all that went,
    and a cell that the rules make 0 is none)."""
    rows = rows_of(name)
    answer = answers()[name]["expected"]
    total = sum(sum(cells) for cells in answer["f"]) if isinstance(answer, dict) and "f" in answer else 1.0
    missing = [
        (key, value)
        for key, value in numbers(answer)
        if value and not any(abs(row.expected - v) <= 1e-9 * abs(v) for row in rows for v in (value, value / total))
    ]
    assert not missing


def test_all_cases_of_the_file_are_there() -> None:
    assert sorted(NAMES) == sorted(answers())
    assert all(isinstance(each, Case) and each.how and each.source for each in all_cases())


@pytest.mark.slow  # runs every case
def test_rare_events_are_few() -> None:
    """The wider limit is for cells of dispatch matrices, nearly empty hours and probabilities of a few per cent."""
    rare = {row.case for name in NAMES for row in rows_of(name) if row.width == RARE}
    assert rare <= {"mginf", "mtmc_sin", "mmc_l10.8_c12", *(name for name in NAMES if name.startswith("hypercube"))}
