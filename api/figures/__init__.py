"""Figures of communities and members: totals, indicators, groups of curves, and the month as UrbanDataset."""
