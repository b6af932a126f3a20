"""Batches: what became of what was handed in, and what people do about rows and batches that were refused."""
