"""The token economy as the chain tells it: why each token moved, what agreements did, how tokens circulate."""
