"""Profiles of load and sun that look real and are nobody's: for demonstrations, tests and trials (§7).

What it writes is of source class 7 and rank 1, so that no settlement outside a demonstration counts it.
"""
