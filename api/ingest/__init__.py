"""Readings and files come in, and what became of them is asked."""
