"""The version of the program; CITATION.cff and CHANGELOG.md repeat it, and a test keeps the three alike."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"
