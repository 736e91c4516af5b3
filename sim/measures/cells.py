"""Arrays of numbers by cell."""

from __future__ import annotations

import numpy as np

from sim.columns import Floats


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """numerator / denominator, NaN where the denominator is 0; shapes broadcast."""
    above, below = np.broadcast_arrays(numerator, denominator)
    quotient: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)
    return quotient
