"""Changes of rules: drafted, previewed, submitted, approved by another person, scheduled on chain."""
