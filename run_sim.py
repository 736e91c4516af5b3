"""The command line of hembesok: `python run_sim.py COMMAND`, or `hembesok COMMAND` once installed.

This is where the simulator (`sim`) meets the organisations (`models`): the commands are told here which package holds
the models, and load everything else when they run, so that `--help` answers at once.
"""

from __future__ import annotations

from cli import Settings, leave_at_once, make_group

cli = make_group(Settings(models="models"))


def main() -> None:
    """Entry point of the `hembesok` command."""
    try:
        cli()
    except SystemExit as end:
        leave_at_once(end)


if __name__ == "__main__":
    main()
