"""Roles in a community: who has which, since when, and for which readings."""
