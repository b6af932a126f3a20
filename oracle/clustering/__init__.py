"""Grouping the load curves of a community: read, group, store, show."""
