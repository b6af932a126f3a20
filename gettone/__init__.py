"""The library both services agree on: rules, formats, storage and chain access of gettone."""

__version__ = "0.1.0"
