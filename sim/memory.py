"""Memory between runs."""

from __future__ import annotations

import gc
from typing import Final

LARGE: Final = 30 * 2**20  # bytes; glibc learns from blocks of up to 32 MiB


SELDOM: Final = (10_000, 10, 10)  # Python itself: 700, 10, 10


def collect_seldom() -> None:
    """Let Python look for circular garbage less often than it does by itself, in a process of the program's own.

    Loading libraries and drawing make hundreds of thousands of objects that stay; looking through them again and again
    takes a tenth of a short command's time.
    """
    gc.set_threshold(*SELDOM)


def keep_freed_memory() -> None:
    """Make the C library keep what runs give back instead of asking the system for new pages in each run.

    glibc serves blocks above a threshold, at first 128 KiB, with pages of their own and returns them when freed; every
    run would then pay for thousands of page faults, more than for filling its tables. Freeing one larger block, which
    is never written to, raises that threshold (mallopt(3), M_MMAP_THRESHOLD). No effect with other C libraries.
    """
    import numpy as np

    np.empty(LARGE, dtype=np.uint8)
