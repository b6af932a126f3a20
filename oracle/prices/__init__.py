"""Zonal prices from the market operator's files or from tables with local labels."""
