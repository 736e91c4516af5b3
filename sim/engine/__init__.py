"""What happens: a tape under an organisation, on either clock, written into a journal."""

from __future__ import annotations

from sim.engine.journal import Journal
from sim.engine.prepare import Prepared, prepare
from sim.engine.running import ENGINES, run
from sim.engine.tables import Tables, compile_tables

__all__ = ["ENGINES", "Journal", "Prepared", "Tables", "compile_tables", "prepare", "run"]
