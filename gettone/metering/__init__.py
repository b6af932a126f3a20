"""From rows as received to versions that may earn: pure rules, one per function, each with its code."""
