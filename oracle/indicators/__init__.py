"""Indicators and dashboards from stored readings: kept by day, answered by query, shown as widgets."""
