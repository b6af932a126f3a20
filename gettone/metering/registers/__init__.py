"""Readings of counters: chains of them over batches, and the energy between their boundaries."""
