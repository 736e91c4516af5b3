"""Titles of small vocabularies that several readers show: how sure a number is, which direction is better."""

from __future__ import annotations

from typing import Final

from sim.text import Text, same

QUALITIES: Final = {
    "measured": Text("uppmätt", "measured"),
    "published": Text("publicerat", "published"),
    "estimate": Text("uppskattat", "estimate"),
}
KINDS: Final = {
    "world": Text("omvärld", "world"),
    "decision": Text("beslut", "decision"),
    "preference": Text("preferens", "preference"),
}
RANGES: Final = {  # what low to high of a number of each kind is
    "world": Text("rimligt", "plausible"),
    "decision": Text("att pröva", "to try"),
    "preference": Text("rimligt att tycka", "reasonable"),
}
DIRECTIONS: Final = {"lower": Text("lägre", "lower"), "higher": Text("högre", "higher"), "none": same("–")}
CLASS_TITLES: Final = {"acute": Text("akut", "acute"), "planned": Text("planerat", "planned")}  # of several classes
WHOLE_REGION: Final = Text("hela regionen", "whole region")
