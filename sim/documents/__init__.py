"""Documents made from what is run: the description of a model by the items of STRESS-DES."""

from __future__ import annotations

from sim.documents.facts import Facts, Parameter, Running, gather
from sim.documents.stress import Section, describe, is_description, sections

__all__ = ["Facts", "Parameter", "Running", "Section", "describe", "gather", "is_description", "sections"]
