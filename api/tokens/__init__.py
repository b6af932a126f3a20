"""A community's token: supply, balances, statements, movements, and how it circulates."""
