"""Work that was asked for through the API, by kind."""
