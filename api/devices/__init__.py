"""Devices of a community: registered, held, replaced, and let in by keys."""
