"""Faults on demand: files with one known fault each, and the truth about it, to see that a rule finds it (§7)."""
