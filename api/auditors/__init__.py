"""Auditors: what they may see, and what they looked at."""
