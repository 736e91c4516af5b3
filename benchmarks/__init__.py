"""Side-by-side measurements: `python -m benchmarks` prints them from one interleaved run. See docs/speed.md."""
