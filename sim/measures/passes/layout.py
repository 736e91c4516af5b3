"""How cells are numbered, and which minutes are counted."""

from __future__ import annotations

from typing import Final, NamedTuple

from sim.codes import ACUTE, CLASSES, GROUPS, UNPLANNED, WINDOWS
from sim.columns import Floats, Ints

GROUP_COUNT: Final = len(GROUPS)
CLASS_COUNT: Final = len(CLASSES)
WINDOW_COUNT: Final = len(WINDOWS)
ACUTE_COUNT: Final = len(ACUTE)  # the acute classes have the first codes
UNPLANNED_COUNT: Final = len(UNPLANNED)  # and PAL and ADM the next
MINUTES_PER_DAY: Final = 1440.0


class Period(NamedTuple):
    """The minutes that are counted, the calendar's window of each hour, and minutes within which each unplanned class
    should be reached."""

    begin: float
    end: float
    window: Ints
    targets: Floats
