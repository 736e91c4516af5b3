"""Paired comparison of models on the same patients: rows, intervals, verdicts and the sentences made from them."""

from sim.comparison.excel import write_excel_csv
from sim.comparison.files import write_csv
from sim.comparison.findings import VERDICTS, Finding, Reason, Verdict
from sim.comparison.pairing import COLUMNS, Comparison, compare_measures, compare_runs

__all__ = [
    "COLUMNS",
    "VERDICTS",
    "Comparison",
    "Finding",
    "Reason",
    "Verdict",
    "compare_measures",
    "compare_runs",
    "write_csv",
    "write_excel_csv",
]
