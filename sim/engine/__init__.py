"""What happens: a tape under an organisation, on either clock, written into a journal."""

from __future__ import annotations

from sim.engine.journal import Journal
from sim.engine.laying import Laid, lay_tape
from sim.engine.prepare import Prepared, prepare
from sim.engine.running import ENGINES, run
from sim.engine.tables import Tables, compile_tables
from sim.engine.terms import make_terms

__all__ = [
    "ENGINES", "Journal", "Laid", "Prepared", "Tables", "compile_tables", "lay_tape", "make_terms", "prepare", "run",
]  # fmt: skip
