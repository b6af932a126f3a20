"""Comparing what chain, index, settlements and outbox say of the same tokens."""
