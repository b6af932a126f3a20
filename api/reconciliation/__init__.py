"""Comparisons of chain, index, settlements and outbox, as they were stored."""
