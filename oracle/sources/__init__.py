"""Where readings come from: each source turns what it received into rows for the rules."""
