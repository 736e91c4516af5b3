"""The World room: a region and its travel, calendar and demand tape, before any organisation is run."""
