"""Logarithm, exponential and the normal quantile in + - * / and sqrt alone.

The C library's `log` and `exp` differ between machines in the last bit, and NumPy's from those that Numba calls. These
do the same operations everywhere, so a tape does not depend on whether it was drawn by compiled code; and a processor
can do them for several numbers at once (`np.divide` and not /, which checks for zero). Relative error
below 1e-15 for `log` and `exp`, 2e-15 for the quantile.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled, part

LN2_HIGH: Final = 0.693147180369123816490  # ln 2 = LN2_HIGH + LN2_LOW; the first has 21 zero bits at its end
LN2_LOW: Final = 1.90821492927058770002e-10
PER_LN2: Final = 1.4426950408889634
ROOT: Final = 1.4142135623730951
MANTISSA: Final = 0x000FFFFFFFFFFFFF
EXPONENT_OF_ONE: Final = 0x3FF0000000000000
MIDDLE: Final = 0.425
FAR: Final = 1.3887943864964021e-11  # exp(-25)
LEAST_POWER: Final = -708.0  # exp of less is given as 0, of more than MOST_POWER as infinity
MOST_POWER: Final = 709.0


@compiled
def log(x: float) -> float:
    """The natural logarithm of a normal number x > 0 (2.3e-308 to 1.7e308)."""
    bits = np.float64(x).view(np.int64)
    m = float(np.int64((bits & MANTISSA) | EXPONENT_OF_ONE).view(np.float64))  # 1 <= m < 2
    high = m > ROOT
    power = (bits >> 52) - (1022 if high else 1023)
    m = 0.5 * m if high else m
    s = np.divide(m - 1.0, m + 1.0)  # log m = 2 artanh s, |s| < 0.172
    t = s * s
    series = t * (1 / 3 + t * (1 / 5 + t * (1 / 7 + t * (1 / 9 + t * (1 / 11 + t * (
        1 / 13 + t * (1 / 15 + t * (1 / 17 + t * (1 / 19 + t * (1 / 21 + t * (1 / 23)))))))))))  # fmt: skip
    n = float(power)
    return float(n * LN2_HIGH + (2.0 * s + (2.0 * s * series + n * LN2_LOW)))


@compiled
def exp(x: float) -> float:
    """e to the power of x; 0 below -708, infinity above 709."""
    if x < LEAST_POWER:
        return 0.0
    if x > MOST_POWER:
        return math.inf
    n = np.floor(x * PER_LN2 + 0.5)
    r = (x - n * LN2_HIGH) - n * LN2_LOW  # |r| < 0.347: the Taylor series to r**13
    series = 1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * (
        1 / 40320 + r * (1 / 362880 + r * (1 / 3628800 + r * (1 / 39916800 + r * (
            1 / 479001600 + r * (1 / 6227020800)))))))))))  # fmt: skip
    scale = float(np.int64((int(n) + 1023) << 52).view(np.float64))
    return float((1.0 + (r + r * r * series)) * scale)


@part
def middle_quantile(q: float) -> float:
    """`normal_quantile` of 0.5 + q for q within 0.425."""
    r = 0.180625 - q * q
    above = (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4) * r
            + 4.5921953931549871457e4) * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
            + 1.3314166789178437745e2) * r + 3.3871328727963666080e0)  # fmt: skip
    below = (((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r + 3.9307895800092710610e4) * r
            + 2.1213794301586595867e4) * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
            + 4.2313330701600911252e1) * r + 1.0)  # fmt: skip
    return float(np.divide(q * above, below))


@part
def tail_quantile(u: float) -> float:
    """`normal_quantile` of u below 0.075 or above 0.925, but not within `FAR` of 0 or 1."""
    r = np.sqrt(-log(min(u, 1.0 - u))) - 1.6
    above = (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r
            + 1.27045825245236838258e0) * r + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
            + 4.63033784615654529590e0) * r + 1.42343711074968357734e0)  # fmt: skip
    below = (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2) * r
            + 1.48103976427480074590e-1) * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
            + 2.05319162663775882187e0) * r + 1.0)  # fmt: skip
    value = np.divide(above, below)
    return float(-value if u < 0.5 else value)


@part
def far_quantile(u: float) -> float:
    """`normal_quantile` of u within `FAR` of 0 or 1."""
    r = np.sqrt(-log(min(u, 1.0 - u))) - 5.0
    above = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r
            + 2.65321895265761230930e-2) * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
            + 5.46378491116411436990e0) * r + 6.65790464350110377720e0)  # fmt: skip
    below = (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r
            + 7.86869131145613259100e-4) * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
            + 5.99832206555887937690e-1) * r + 1.0)  # fmt: skip
    value = np.divide(above, below)
    return float(-value if u < 0.5 else value)


@compiled
def normal_quantile(u: float) -> float:
    """The standard normal value below which lies the share u, 0 < u < 1.

    Wichura (1988), "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37(3),
    477-484, routine PPND16.
    """
    if abs(u - 0.5) <= MIDDLE:
        return middle_quantile(u - 0.5)
    return tail_quantile(u) if FAR <= u <= 1.0 - FAR else far_quantile(u)


@compiled
def normal_quantiles(values: NDArray[np.float64]) -> None:
    """Replace shares by `normal_quantile` of each. The middle, and the tails taken together, are stretches without
    branches, which the processor does several numbers at a time."""
    where = np.empty(len(values), dtype=np.int64)
    shares = np.empty(len(values))
    n = 0
    for i in range(len(values)):
        where[n] = i
        shares[n] = values[i]
        n += 1 if abs(values[i] - 0.5) > MIDDLE else 0
    for i in range(len(values)):
        values[i] = middle_quantile(values[i] - 0.5)
    tails = np.empty(n)
    for t in range(n):
        tails[t] = tail_quantile(shares[t])
    for t in range(n):
        values[where[t]] = tails[t] if FAR <= shares[t] <= 1.0 - FAR else far_quantile(shares[t])
