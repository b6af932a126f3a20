"""Reward models: which this program knows, and which a community has on chain."""
