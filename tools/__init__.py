"""Making files: the region of Halland, what is stated of the scenario, the answers; and pages that are filled in."""
