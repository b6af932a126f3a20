"""Asking to become a member, and the answer."""
