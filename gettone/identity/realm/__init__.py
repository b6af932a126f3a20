"""The realm of this project: a committed file for the import, and what only the administration can set."""
