"""Invitations: for one address, used once, good for fourteen days."""
