"""Long work that a caller asked for."""
