"""What options and arguments take, and what is said of a value that they do not take."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

import click

from cli.wrong import WrongValue
from sim.text import Text


class Count(click.ParamType[int]):
    """A whole number of at least `least`."""

    name = "count"

    def __init__(self, least: int) -> None:
        self.least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            number = int(value)
        except ValueError:
            number = self.least - 1
        if number < self.least:
            raise WrongValue(_COUNT.format(least=self.least, value=value), param, ctx)
        return number


class OneOf(click.ParamType[str]):
    """One of a few words."""

    name = "word"

    def __init__(self, *words: str) -> None:
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in self.words:
            raise not_among(value, self.words, param, ctx)
        return str(value)


class ClusterAddress(click.ParamType[str]):
    """Where a Dask scheduler is: "local", tcp://host:port or tls://host:port."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value != "local" and not re.fullmatch(r"(tcp|tls)://[^/\s]+:\d+", str(value)):
            raise not_among(value, ("local", "tcp://host:port", "tls://host:port"), param, ctx)
        return str(value)


class Place(click.ParamType[Path]):
    """A path that may or may not be there; of a "file" or a "folder" where that is said, and then not of the other."""

    name = "path"

    def __init__(self, of: Literal["either", "file", "folder"] = "either") -> None:
        self.of = of

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if self.of == "folder" and path.is_file():
            raise WrongValue(_A_FILE.format(path=path), param, ctx)
        if self.of == "file" and path.is_dir():
            raise WrongValue(_A_FOLDER.format(path=path), param, ctx)
        return path


class AimText(click.ParamType[Any]):
    """A measure, `measure` or `measure:class`, as an Aim."""

    name = "measure"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from sim.decide.aims import AimError, parse_aim

        try:
            return parse_aim(value) if isinstance(value, str) else value
        except AimError as error:
            raise WrongValue(error.said, param, ctx) from None


class LimitText(click.ParamType[Any]):
    """A bound on a measure, `M<=X` or `M>=X`, as a Limit."""

    name = "limit"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from sim.decide.aims import AimError, parse_limit

        try:
            return parse_limit(value) if isinstance(value, str) else value
        except AimError as error:
            raise WrongValue(error.said, param, ctx) from None


class OverText(click.ParamType[Any]):
    """What counts of several scenarios or worlds, as an Over."""

    name = "over"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from sim.decide.aims import AimError
        from sim.decide.over import parse_over

        try:
            return parse_over(value) if isinstance(value, str) else value
        except AimError as error:
            raise WrongValue(error.said, param, ctx) from None


class ShareText(click.ParamType[float]):
    """A share above 0 and at most 1, as 0.9 or 90%."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value).strip()
        try:
            share = float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
        except ValueError:
            share = 0.0
        if not 0.0 < share <= 1.0:
            raise WrongValue(_SHARE.format(value=value), param, ctx)
        return share


def not_among(value: str, words: Sequence[str], param: click.Parameter | None, ctx: click.Context | None) -> WrongValue:
    """A word that is none of `words`."""
    return WrongValue(_ONE_OF.format(words=", ".join(words), value=value), param, ctx)


_COUNT: Final = Text(
    "ska vara ett heltal, minst {least}; fick {value}", "must be a whole number of at least {least}, got {value}"
)
_SHARE: Final = Text(
    "ska vara en andel över 0 och högst 1, som 0.9 eller 90%; fick {value}",
    "must be a share above 0 and at most 1, such as 0.9 or 90%; got {value}",
)
_ONE_OF: Final = Text("ska vara ett av: {words}; fick {value}", "must be one of: {words}; got {value}")
_A_FILE: Final = Text("{path} är en fil; ge en mapp", "{path} is a file; give a folder")
_A_FOLDER: Final = Text("{path} är en mapp; ge en fil", "{path} is a folder; give a file")
