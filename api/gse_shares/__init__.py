"""Sharing of the energy bonus of GSE, in cents."""
