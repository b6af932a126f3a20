"""Indicators K1 to K22 (metering specification §5): pure, whole numbers, by column."""
