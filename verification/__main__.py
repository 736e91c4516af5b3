"""`python -m verification`: every case with a known answer. `python -m verification reality`: beside published figures.

Exit status 1 if a figure misses its answer or is too uncertain to be a test. The same numbers on every machine.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from sim.language.tables import aligned
from tools.pages import marked, ours, write_between
from verification.cases import Case
from verification.families import all_cases
from verification.printing import HEADS, cells, page, summary
from verification.rows import Row
from verification.setup import FULL, QUICK, Effort

MARKS = ("<!-- verification: begin -->", "<!-- verification: end -->")
REALITY_MARKS = ("<!-- reality: begin -->", "<!-- reality: end -->")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, write; 0 if all is well."""
    options = parser().parse_args(arguments)
    if options.what == "reality":
        return reality(options)
    cases = [case for case in all_cases() if not options.only or case.name in options.only]
    effort = QUICK if options.quick else FULL
    found = run_cases(cases, effort)
    shown = [row for rows in found.values() for row in rows if not options.failures or not effort.accepts(row)]
    print(aligned([HEADS, *(cells(row, effort) for row in shown)], numbers_from=len(HEADS)))
    print(summary(found, effort))
    if options.markdown is not None:
        write_between(options.markdown, page(cases, found, effort), MARKS)
    return int(any(not effort.accepts(row) for rows in found.values() for row in rows))


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(prog="python -m verification", description=__doc__)
    made.add_argument("what", nargs="?", choices=("theory", "reality"), default="theory")
    made.add_argument("--quick", action="store_true", help="fewer replications, wider limits: a look, no proof")
    made.add_argument("--only", nargs="+", choices=[case.name for case in all_cases()], metavar="CASE",
                      help="some of the cases")  # fmt: skip
    made.add_argument("--failures", action="store_true", help="print only the figures that fail")
    made.add_argument("--markdown", type=ours(marked(MARKS, REALITY_MARKS)), metavar="FILE",
                      help="write the tables between the marks of a page")  # fmt: skip
    return made


def run_cases(cases: Sequence[Case], effort: Effort) -> dict[str, list[Row]]:
    """The rows of every case that can be run."""
    found: dict[str, list[Row]] = {}
    for case in cases:
        if sys.stderr.isatty():
            print(f"... {case.name}", file=sys.stderr)
        if case.run is not None:
            found[case.name] = case.run(effort)
    return found


def reality(options: argparse.Namespace) -> int:
    """The default scenario beside published figures. Nothing is judged: exit status 0."""
    from verification.reality import REPLICATIONS, as_page, compare_with_published, text_table

    patterns = compare_with_published(1 if options.quick else REPLICATIONS)
    print(text_table(patterns))
    if options.markdown is not None:
        write_between(options.markdown, as_page(patterns, 1 if options.quick else REPLICATIONS), REALITY_MARKS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
