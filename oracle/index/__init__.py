"""Keeping the index of a community's chain events."""
