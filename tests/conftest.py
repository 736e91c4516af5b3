"""Settings and fixtures that every test file shares."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")  # no screen in tests, also for the processes that tests start

# The same examples on every run: a red build must mean a changed program, not other luck.
# `--hypothesis-profile=search` looks for new ones.
settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=50)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("repeatable")


def pytest_configure() -> None:
    """Signals do what they usually do, also where whoever started the tests has them ignored (nohup, a shell's "&")."""
    for name, usual in (
        ("SIGHUP", signal.SIG_DFL),
        ("SIGTERM", signal.SIG_DFL),
        ("SIGINT", signal.default_int_handler),
    ):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Every test computes what it looks at: nothing that an earlier one left in this process passes for its own."""
    if "sim.study.stages" in sys.modules:  # else nothing was
        sys.modules["sim.study.stages"].kept.of_process.cache_clear()


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the source tree."""
    return Path(__file__).resolve().parent.parent
