"""How good a candidate is over several scenarios or plausible worlds (*cases*), as one number."""

from __future__ import annotations

import math
import re
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.decide.aims import AimError
from sim.text import Text

Floats = NDArray[np.float64]
KINDS: Final = ("mean", "worst", "quantile", "regret")
_WRITTEN: Final = re.compile(r"quantile:(0?\.\d+)")


class Over(NamedTuple):
    """What counts of the cases: their mean, the worst of them, the value that `share` of them are no worse than, or
    the largest regret: how far behind the best candidate of a case."""

    kind: str = "mean"
    share: float = 1.0

    def __str__(self) -> str:
        return f"{self.kind}:{self.share:g}" if self.kind == "quantile" else self.kind

    def of(self, values: Floats, rivals: Floats | None = None) -> Floats:
        """(candidates,) of (candidates, cases), less being better. `rivals`, (any, cases), are those that a regret is
        against; by default the candidates themselves. NaN where a case has no value."""
        if self.kind == "mean":
            return np.asarray(values.mean(axis=-1))
        if self.kind == "worst":
            return np.asarray(values.max(axis=-1))
        if self.kind == "quantile":
            return np.asarray(np.sort(values, axis=-1)[..., place_of(self.share, values.shape[-1])])
        behind = values - np.fmin.reduce(values if rivals is None else rivals, axis=0)
        return np.asarray(behind.max(axis=-1))


MEAN: Final = Over()


def place_of(share: float, n: int) -> int:
    """Of n values in order, the number (from 0) of the first that at least `share` of all do not exceed."""
    return max(0, math.ceil(share * n - 1e-9) - 1)


def parse_over(text: str) -> Over:
    """`mean`, `worst`, `regret` or `quantile:0.9`. AimError."""
    if text in KINDS and text != "quantile":
        return Over(text)
    read = _WRITTEN.fullmatch(text)
    if read is None or not 0.0 < float(read[1]) < 1.0:
        raise AimError(_NO_OVER.format(text=text))
    return Over("quantile", float(read[1]))


_NO_OVER: Final = Text(
    "{text}: skriv mean (medel), worst (sämst), quantile:0.9 (det som nio av tio klarar) eller regret "
    "(längsta avståndet till den bästa)",
    "{text}: write mean, worst, quantile:0.9 (what nine of ten do no worse than) or regret (the largest distance to "
    "the best)",
)
