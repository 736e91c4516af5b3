"""The compiled passes over the journal of one run: sums by cell, numbers only. What the sums are is said in `sums`."""
