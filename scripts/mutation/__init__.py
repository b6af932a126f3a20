"""Mutants of the money core: planted bugs that the forge tests have to find."""
