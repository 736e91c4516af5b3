"""What a measure is: what it means, how it is made, and the words it is spoken of in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.measures.vocabulary import CELL_CLASSES, Better, Split
from sim.text import Text

if TYPE_CHECKING:
    from sim.columns import Floats
    from sim.engine.journal import Journal
    from sim.measures.amounts import Bill
    from sim.measures.passes.whole import Counted
    from sim.world.tape import DemandTape
    from sim.world.world import World


# --- how it is made: from sums, by their names in `sim.measures.passes.sums`, in the cells of the measure's split -----


class Ratio(NamedTuple):
    """`part` / `whole`: a mean or a share. `part` is first divided by `per`; n is the sum `of`, or the whole."""

    part: int
    whole: int
    of: int | None = None
    per: float = 1.0


class AYear(NamedTuple):
    """`what` / `per`, scaled to 52 weeks; n is the sum `of`."""

    what: int
    of: int
    per: float = 1.0


class AWeek(NamedTuple):
    """`what` / `per`, by week; n is the sum `of`."""

    what: int
    of: int
    per: float = 1.0


class Computed(NamedTuple):
    """By a function of all sums: value and n, each (classes, splits), without the first axis when there is one class;
    two numbers for the region."""

    function: Callable[[Counted], tuple[Any, Any]]


class Priced(NamedTuple):
    """By a function of amounts and prices: the value, (splits,), a number for the region; n is the sum `of` (for the
    region that of the requests)."""

    function: Callable[[Bill], Floats | float]
    of: int


class Observed(NamedTuple):
    """By a function of what was asked for and what happened, see `sim.measures.own`."""

    function: Callable[[DemandTape, Journal, World], Any]


Made = Ratio | AYear | AWeek | Computed | Priced | Observed


# --- how it is spoken of ------------------------------------------------------------------------------------------


class Spoken(NamedTuple):
    """In verdict sentences: `less` and `more` finish "{model} ... {reference}" with the {amount}; `about` is the
    measure inside a sentence. `place` is when it is spoken of, the first at 1."""

    place: int
    less: Text
    more: Text
    about: Text


class Plain(NamedTuple):
    """On the page: the short title that a decision maker reads first, what it means, and decimals."""

    title: Text
    meaning: Text
    digits: int


@dataclass(frozen=True)
class MeasureDefinition:
    """A measure: all that is said of it and how it is made.

    `unit` is a name of `sim.language.units`; `better` says which direction is an improvement. `practical` is the
    smallest difference that matters: the key under `comparison.practical` in a scenario that holds it, or a number in
    the unit ("": none). `classes` are the classes of request (see `CELL_CLASSES`) it is made for. `split` says which
    cells it is made for: "request" (municipality of the patient, group, window), "patient" (municipality, group),
    "shift" (municipality of the base), "municipality" (as the measure itself means it) or "region" (one value).
    `headline` is the class spoken of in verdict sentences, "" when it is not. `subject` is the table of the page that
    shows it (see `SUBJECTS`; "": none but those that name it; `FILES_ONLY`: none at all), for `subject_class` or else
    the first of its classes.
    """

    name: str
    title: Text
    unit: str
    formula: Text
    better: Better
    made: Made | None
    practical: str | float = ""
    classes: tuple[str, ...] = CELL_CLASSES
    split: Split = "request"
    subject: str = ""
    subject_class: str = ""
    headline: str = ""
    spoken: Spoken | None = None
    plain: Plain | None = None

    @property
    def page_class(self) -> str:
        """The class that the table of its subject shows."""
        return self.subject_class or self.classes[0]
