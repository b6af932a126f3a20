"""Wallets of members: proven, made here, and said how they are held."""
