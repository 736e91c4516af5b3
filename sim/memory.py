"""Memory between runs."""

from __future__ import annotations

from typing import Final

import numpy as np

LARGE: Final = 30 * 2**20  # bytes; glibc learns from blocks of up to 32 MiB


def keep_freed_memory() -> None:
    """Make the C library keep what runs give back instead of asking the system for new pages in each run.

    glibc serves blocks above a threshold, at first 128 KiB, with pages of their own and returns them when freed; every
    run would then pay for thousands of page faults, more than for filling its tables. Freeing one larger block, which
    is never written to, raises that threshold (mallopt(3), M_MMAP_THRESHOLD). No effect with other C libraries.
    """
    np.empty(LARGE, dtype=np.uint8)
