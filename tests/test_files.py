"""Reading the files of others, and repeating what stands in them: bounded, ordinary, printable."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutants import LONGEST, guard, printable

from sim.errors import MOST_PROBLEMS, InputError, Problem
from sim.files import FileFault, check_file, read_bytes, read_text_file
from sim.quoting import clean, is_clean

WORDS = st.text(max_size=300) | st.text(st.sampled_from("a\n\x1b\ud800\u202e\u00a0\U0010ffff"), max_size=9000)


@given(WORDS, st.integers(10, 200))
def test_what_is_repeated_is_on_one_line_and_not_too_long(text: str, most: int) -> None:
    shown = clean(text, most)
    assert printable(shown) and len(shown) <= most
    assert shown == text or not (is_clean(text) and len(text) <= most)
    assert clean(shown, most) == shown


@given(WORDS, WORDS, WORDS, st.integers(0, 10**9))
def test_a_problem_is_one_line_that_can_be_printed(file: str, key: str, message: str, line: int) -> None:
    problem = Problem(file, line, line, key, message)
    for lang in ("sv", "en"):
        assert printable(problem.get(lang)) and len(problem.get(lang)) < LONGEST


def test_a_hundred_problems_are_said_and_the_rest_counted_once() -> None:
    def said(count: int) -> list[str]:
        error = InputError([Problem("f", n, 1, "", f"no {n}") for n in range(1, count + 1)])
        assert InputError(error.problems).problems == error.problems  # also when it comes from another process
        return str(error).splitlines()

    assert len(said(MOST_PROBLEMS + 1)) == MOST_PROBLEMS + 1
    assert said(1000)[-2:] == ["f:100:1: no 100", "f: and 900 problems more; mend these first"]


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffåäö\r\n".encode())
    assert read_text_file(path, 100) == "åäö\r\n"
    assert len(read_bytes(path, path.stat().st_size)) == 11
    with pytest.raises(FileFault, match="is larger than 2 kB"):
        path.write_bytes(b"x" * 2049)
        read_bytes(path, 2048)
    with pytest.raises(FileFault, match="is larger than 2 kB"):
        check_file(path, 2048)


def test_what_is_not_utf_8_is_placed(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for data, line, column, message in (
        ("åå\nhå".encode("latin-1"), 1, 1, "byte 0xe5"),
        ("åå\nhå".encode()[:-1], 2, 2, "byte 0xc3"),
        ("åå\n".encode("utf-16"), 1, 1, "is UTF-16"),
        ("\nhej".encode("utf-16-le"), 2, 1, "NUL"),
    ):
        path.write_bytes(data)
        with pytest.raises(FileFault, match=message) as caught:
            read_text_file(path, 100)
        assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such files")
def test_only_ordinary_files_are_opened_for_reading(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "endless").symlink_to("/dev/zero")
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "file").write_text("good")
    assert read_text_file(tmp_path / "link", 10) == "good"
    reasons = {
        "pipe": "other",
        "loop": "other",
        "endless": "other",
        ".": "folder",
        "none": "missing",
        "file/x": "missing",
    }
    for name, reason in reasons.items():
        for reads in (read_bytes, check_file):
            with guard(5), pytest.raises(FileFault) as caught:
                reads(tmp_path / name, 100)
            assert caught.value.reason == reason, name
