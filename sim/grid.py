"""The dyadic time grid: every time and duration is a multiple of 2**-26 minute.

Sums and differences of such numbers are exact in float64 up to 2**27 minutes (255 years), so the
order of additions cannot matter and two engines can agree to the last bit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TICKS_PER_MINUTE = 2.0**26


def to_grid(minutes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round to the nearest grid point (ties upward); infinities and NaN pass through."""
    return np.floor(minutes * TICKS_PER_MINUTE + 0.5) / TICKS_PER_MINUTE
