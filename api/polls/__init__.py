"""Polls among the members of a community: one vote each."""
