"""What matters how much: weights of the headline measures, for whoever must choose one model."""

from __future__ import annotations

from typing import Any

from sim.scenario.fields import Part, Real, setting


def _weight(sv: str, en: str) -> Any:
    return setting(1.0, f"vikt: {sv}", f"weight: {en}", "weight", kind="preference", ge=0, le=1000)


class Weights(Part):
    """Points for one practical difference in each headline measure: what it is worth to be that much better."""

    response_min: Real = _weight("svarstid, akuta", "response time, acute")
    """Points for a practical difference in response time to acute patients."""
    in_target: Real = _weight("inom målet, akuta", "within target, acute")
    """Points for a practical difference in the share of acute patients within target."""
    escalated: Real = _weight("eskalerade, akuta", "escalated, acute")
    """Points for a practical difference in the share of acute patients who wait in vain."""
    gap_response_min: Real = _weight("kommunskillnad i svarstid", "gap in response time")
    """Points for a practical difference in the gap in response time between municipalities."""
    travel_min_per_visit: Real = _weight("restid per besök", "travel per visit")
    """Points for a practical difference in travel per visit."""
    utilisation: Real = _weight("läkarbelastning", "physician load")
    """Points for a practical difference in physician load."""
    overtime_h_per_week: Real = _weight("övertid", "overtime")
    """Points for a practical difference in overtime."""
    on_promised_day: Real = _weight("planerat inom utlovad tid", "planned by the promised day")
    """Points for a practical difference in planned visits and rounds by the promised day."""
    not_keeping_up: Real = setting(
        20.0,
        "avdrag för att inte hinna med",
        "points off for not keeping up",
        "weight",
        kind="preference",
        ge=0,
        le=1000,
    )
    """Points taken from a model that does not keep up with its work, in place of all others."""
