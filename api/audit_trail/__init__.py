"""Who did what, when and why, in a chain of hashes."""
