"""Sessions of the caller, and the word of the provider that one has ended."""
