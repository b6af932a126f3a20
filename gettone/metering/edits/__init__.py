"""Editing by two persons: what may be asked, and what an approved edit writes."""
