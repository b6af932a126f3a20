"""Settlements of a community: what anybody may know, lines, and the acts of admins."""
