"""The jobs of the worker: how they stand, and asking for a run."""
