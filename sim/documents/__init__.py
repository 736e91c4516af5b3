"""Documents made from what is run: the description of a model by the items of STRESS-DES."""

from __future__ import annotations

from sim.documents.facts import Facts, Running, gather
from sim.documents.stress import Section, describe, is_description, sections

__all__ = ["Facts", "Running", "Section", "describe", "gather", "is_description", "sections"]
