"""Transfers between members: what one would cost, and having it carried to the chain."""
