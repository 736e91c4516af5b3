"""Cases with known answers and patterns with published figures: `python -m verification`. See docs/verification.md."""
