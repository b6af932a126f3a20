"""One worked story for each of the eight categories of the token economy (contracts.md §9), told on a real chain."""
