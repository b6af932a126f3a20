"""Agreements of the eight categories: written down, consented, delivered, settled, disputed, checked."""
