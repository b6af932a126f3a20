"""Readings of one channel go out, as they are or over the calendar."""
