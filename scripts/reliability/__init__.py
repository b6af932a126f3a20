"""Parts of the long run of reliability: each injects one kind of fault by seed, and compares with a model."""
