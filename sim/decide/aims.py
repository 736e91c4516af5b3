"""What a search minimises and what it must hold, in measures: `overtime_h_per_week<=16`, `in_target:A1>=0.95`."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.errors import HembesokError
from sim.language.nearest import did_you_mean
from sim.language.titles import CLASS_TITLES
from sim.measures import MEASURES
from sim.measures.definitions import definition
from sim.measures.rows import rows_of, splits_of
from sim.text import Text, same

if TYPE_CHECKING:
    from sim.measures.found import Found

_LIMIT: Final = re.compile(r"\s*([\w:]+)\s*(<=|>=)\s*([0-9.]+)\s*(%?)\s*")
ROUNDING: Final = 1e-9


class AimError(HembesokError, ValueError):
    """A measure or limit that cannot be asked for."""


class Aim(NamedTuple):
    """A measure of the whole region, for one class."""

    measure: str
    klass: str

    @property
    def title(self) -> Text:
        """The measure's title, with the class where it has several."""
        item = definition(self.measure)
        if len(item.classes) == 1 or self.klass == "all":
            return item.title
        said = CLASS_TITLES.get(self.klass, same(self.klass))
        return Text(f"{item.title.sv}, {said.sv}", f"{item.title.en}, {said.en}")

    @property
    def unit(self) -> str:
        """As in the data dictionary."""
        return definition(self.measure).unit

    @property
    def sign(self) -> float:
        """1 where less is better, -1 where more is."""
        return -1.0 if definition(self.measure).better == "higher" else 1.0

    def of(self, found: Found) -> float:
        """Its value in one run."""
        item = definition(self.measure)
        first = rows_of(len(found.names))[self.measure].start
        return float(found.values[first + item.classes.index(self.klass) * splits_of(item.split, len(found.names))])


class Limit(NamedTuple):
    """An aim that must be at most (or at least) `bound`."""

    aim: Aim
    at_most: bool
    bound: float

    def __str__(self) -> str:
        return f"{self.aim.measure}:{self.aim.klass}{'<=' if self.at_most else '>='}{self.bound:g}"

    def missed(self, value: float) -> float:
        """How far `value` lies beyond the bound, in its unit: 0 or less where it holds, infinite for no value."""
        if math.isnan(value):
            return math.inf
        return value - self.bound if self.at_most else self.bound - value

    def holds(self, value: float) -> bool:
        """Whether the value is within the bound."""
        return self.missed(value) <= ROUNDING


def parse_aim(text: str) -> Aim:
    """`measure`, or `measure:class`; without a class its headline class, else the first of its classes. AimError."""
    name, _, klass = text.strip().partition(":")
    if name not in {item.name for item in MEASURES}:
        raise AimError(_NO_MEASURE.format(name=name, hint=did_you_mean(name, [item.name for item in MEASURES])))
    item = definition(name)
    chosen = klass or item.headline or item.classes[0]
    if chosen not in item.classes:
        raise AimError(_NO_CLASS.format(name=name, klass=klass, hint=did_you_mean(klass, item.classes)))
    return Aim(name, chosen)


def parse_limit(text: str) -> Limit:
    """`M<=X` or `M>=X`; shares, and only they, as 0.95 or 95%. AimError."""
    read = _LIMIT.fullmatch(text)
    if read is None:
        raise AimError(_NO_LIMIT.format(text=text))
    name, sign, number, percent = read.groups()
    try:
        bound = float(number)
    except ValueError:
        raise AimError(_NO_LIMIT.format(text=text)) from None
    aim = parse_aim(name)
    is_share = aim.unit == "share"
    if percent and not is_share:
        raise AimError(_NO_SHARE.format(text=text, name=name))
    bound = bound / 100.0 if percent else bound
    if is_share and bound > 1.0:
        raise AimError(_ABOVE_ALL.format(text=text, name=name))
    return Limit(aim, sign == "<=", bound)


_NO_MEASURE: Final = Text("det finns inget mått {name}; {hint}", "there is no measure {name}; {hint}")
_NO_CLASS: Final = Text("{name} finns inte för klassen {klass}; {hint}", "{name} has no class {klass}; {hint}")
_NO_LIMIT: Final = Text(
    "{text} är ingen gräns; skriv som overtime_h_per_week<=16 eller in_target:A1>=95%",
    "{text} is no limit; write as overtime_h_per_week<=16 or in_target:A1>=95%",
)
_NO_SHARE: Final = Text("{text}: {name} är ingen andel; skriv utan %", "{text}: {name} is no share; write without %")
_ABOVE_ALL: Final = Text(
    "{text}: {name} är en andel och högst 100 %; skriv som {name}>=95% eller {name}>=0.95",
    "{text}: {name} is a share and at most 100 %; write as {name}>=95% or {name}>=0.95",
)
