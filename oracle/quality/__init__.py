"""Quality of readings: what is there and what is missing, edits by two persons, late rows, retention, erasure."""
