"""Backups: all that a site needs to be itself again, sealed, and the erasures that hold for old ones too."""
