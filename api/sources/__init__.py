"""Suppliers and flows: who sends readings, how they arrive, and what their rows mean."""
