"""The rules of a community's tokens, as the chain has them."""
