"""Paired comparison of models on the same patients: rows, intervals, verdicts and the sentences made from them."""

from sim.comparison.files import write_csv, write_excel_csv
from sim.comparison.pairing import COLUMNS, VERDICTS, Comparison, compare_measures

__all__ = ["COLUMNS", "VERDICTS", "Comparison", "compare_measures", "write_csv", "write_excel_csv"]
