"""The smallest differences that matter."""

from __future__ import annotations

from sim.scenario.fields import Part, Real, group, practical
from sim.scenario.weights import Weights


class Practical(Part):
    """The smallest difference that matters, by kind of measure; below it two models are practically equal."""

    response_min: Real = practical(10, 5, 20, "min", "svarstid", "response time")
    """Minutes of response or queue."""
    in_target_pp: Real = practical(5, 2, 10, "percentage points", "andel inom mål", "share in target")
    """Percentage points of requests in target."""
    share_pp: Real = practical(1, 0.5, 5, "percentage points", "andelar", "shares")
    """Percentage points of other shares, such as escalated."""
    travel_min: Real = practical(5, 2, 10, "min", "restid per besök", "travel time per visit")
    """Minutes of travel per visit."""
    travel_km: Real = practical(5, 2, 10, "km", "körsträcka per besök", "distance per visit")
    """Kilometres of travel per visit."""
    load_pp: Real = practical(3, 1, 5, "percentage points", "belastning", "load")
    """Percentage points of utilisation."""
    load_h_per_week: Real = practical(2, 1, 5, "h per week", "timmar", "hours")
    """Hours a week of work or overtime."""


class ComparisonPart(Part):
    """How models are compared."""

    practical: Practical = group(Practical(), "praktiska skillnader", "practical differences")
    """The smallest differences that matter; set them before any run."""
    weights: Weights = group(Weights(), "vikter", "weights")
    """What a practical difference in each headline measure is worth, in points; for what to find out first."""
