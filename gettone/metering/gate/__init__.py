"""The quality gate before a settlement, and rows that come after it (V20)."""
