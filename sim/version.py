"""The version of the program; CITATION.cff and CHANGELOG.md repeat it, and a test keeps the three alike."""

from __future__ import annotations

__version__ = "0.1.0"  # read by the build as it stands here
