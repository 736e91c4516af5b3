"""Progress on stderr: a bar with time left on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Any

import click

from sim.text import Text

_SECONDS_BETWEEN_LINES = 15.0
_NOT_COUNTED = 4  # compiling and starting workers is in the time of the first ones: no measure of the others
_LEFT = Text("ungefär {left:.0f} s kvar", "about {left:.0f} s left")


class Progress:
    """Told how many units there are and when each ends. `label` says what is counted, in the language `lang`."""

    def __init__(self, label: str, quiet: bool, lang: str = "en") -> None:
        self._label = label
        self._left = _LEFT.get(lang)
        self._quiet = quiet
        self._terminal = sys.stderr.isatty()
        self._bar: Any = None
        self._units = self._ended = 0
        self._first = self._spoken = 0.0

    def begin(self, units: int, label: str = "") -> None:
        self.end()
        self._label = label or self._label
        self._units, self._ended = units, 0
        self._spoken = time.monotonic()
        if not self._quiet and self._terminal:
            self._bar = click.progressbar(length=units, label=self._label, file=sys.stderr, show_pos=True)
            self._bar.__enter__()

    def advance(self, result: object = None) -> None:
        self._ended += 1
        if self._bar is not None:
            self._bar.update(1)
            return
        now = time.monotonic()
        if self._ended <= _NOT_COUNTED:
            self._first = now
        elif not self._quiet and (now - self._spoken >= _SECONDS_BETWEEN_LINES):
            self._spoken = now
            left = (now - self._first) / (self._ended - _NOT_COUNTED) * (self._units - self._ended)
            click.echo(f"{self._label}: {self._ended}/{self._units}, {self._left.format(left=left)}", err=True)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None

    def say(self, text: str) -> None:
        if not self._quiet:
            click.echo(text, err=True)
