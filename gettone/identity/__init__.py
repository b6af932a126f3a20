"""Who calls: tokens of the identity provider, and the port to its administration."""
