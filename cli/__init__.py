"""The `gettone` command: thin, on top of everything."""
