"""Batch: many scenarios, each a study of its own in a folder of the batch, run together and seen at one glance."""
