"""Wallets of members: proven, held in one of three levels of custody, and what they sign."""
